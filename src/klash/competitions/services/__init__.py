"""What operators and organisers do with a competition as a whole."""

from klash.competitions.services.copying import copy_competition, fill_draft, try_to_fill
from klash.competitions.services.files import drop_answer_file, file_question, keep_answer_file, take_in_answer
from klash.competitions.services.forms import (
    QUESTIONS_MAX,
    SECTIONS_MAX,
    ask_again,
    freeze_form,
    move_question,
    move_section,
    preset_headings,
    remove_question,
    remove_section,
    replace_form,
    save_question,
    save_section,
    use_preset,
    use_usual_forms,
)
from klash.competitions.services.late import give_late_code, revoke_late_code, use_late_code
from klash.competitions.services.more import check_more, close_answered, open_fields, take_back_more, tell_more
from klash.competitions.services.promises import change_promise, make_promise, mark_promise, promise_changed, remove_promise, tell_changed
from klash.competitions.services.rulings import give_reason_for_fewer, lock_sheet, release_ruling, save_decision
from klash.competitions.services.running import confirm_deadline, deadline_moved, hold_stage, request_deadline, take_back_request, tell_moved
from klash.competitions.services.seconding import tell_seconds
from klash.competitions.services.setup import (
    add_partner,
    add_stage,
    add_theme,
    create_competition,
    found_competition,
    name_partner,
    name_theme,
    publish_competition,
    remove_criterion,
    remove_partner,
    remove_theme,
    save_criterion,
    save_texts,
    set_calendar,
    set_criteria,
)

__all__ = [
    "QUESTIONS_MAX", "SECTIONS_MAX", "add_partner", "add_stage", "add_theme", "ask_again", "change_promise", "check_more", "close_answered",
    "confirm_deadline", "copy_competition", "create_competition", "deadline_moved", "drop_answer_file", "file_question", "fill_draft",
    "found_competition", "freeze_form", "give_late_code", "give_reason_for_fewer", "hold_stage", "keep_answer_file", "lock_sheet", "make_promise",
    "mark_promise", "move_question", "move_section", "name_partner", "name_theme", "open_fields", "preset_headings", "promise_changed",
    "publish_competition", "release_ruling", "remove_criterion", "remove_partner", "remove_promise", "remove_question", "remove_section",
    "remove_theme", "replace_form", "request_deadline", "revoke_late_code", "save_criterion", "save_decision", "save_question", "save_section",
    "save_texts", "set_calendar", "set_criteria", "take_back_more", "take_back_request", "take_in_answer", "tell_changed", "tell_more", "tell_moved",
    "tell_seconds", "try_to_fill", "use_late_code", "use_preset", "use_usual_forms",
]
