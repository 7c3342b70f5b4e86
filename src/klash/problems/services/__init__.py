"""What officers, panellists and organisers do with problems."""

from klash.problems.services.files import attach_to_problem, detach_from_problem
from klash.problems.services.filing import file_problem, offer_problem
from klash.problems.services.importing import check_import, import_problems
from klash.problems.services.more import ask_for_more, give_more
from klash.problems.services.panel import (
    find_conflicts,
    is_fixed,
    judged_round,
    open_panel_round,
    panel_key,
    release_decisions,
    seat_panellist,
    write_letters,
)
from klash.problems.services.records import fingerprint, record, tell, writers_of
from klash.problems.services.screening import add_question, add_usual_questions, pass_problems, remove_question, screen_problem
from klash.problems.services.sorting import gather_problems, judge_apart, merge_problems, part_problems
from klash.problems.services.supporting import accept_co_owner, ask_to_co_own, decline_co_owner, support_problem, take_back_request, take_back_support
from klash.problems.services.talking import begin_talk, introduce, note_seen, people_of, remind_of_feedback, write_message
from klash.problems.services.tallies import places_of, recount
from klash.problems.services.writers import (
    hand_over_lead,
    invite_writer,
    join_writers,
    leave_problem,
    remove_writer,
    revoke_invitation,
    waiting_invitations,
)
from klash.problems.services.writing import save_problem, start_problem, submit_problem, withdraw_problem

__all__ = [
    "accept_co_owner", "add_question", "add_usual_questions", "ask_for_more", "ask_to_co_own", "attach_to_problem", "begin_talk", "check_import",
    "decline_co_owner", "detach_from_problem", "file_problem", "find_conflicts", "fingerprint", "gather_problems", "give_more", "hand_over_lead",
    "import_problems", "introduce", "invite_writer", "is_fixed", "join_writers", "judge_apart", "judged_round", "leave_problem", "merge_problems",
    "note_seen", "offer_problem", "open_panel_round", "panel_key", "part_problems", "pass_problems", "people_of", "places_of", "record", "recount",
    "release_decisions", "remind_of_feedback", "remove_question", "remove_writer", "revoke_invitation", "save_problem", "screen_problem",
    "seat_panellist", "start_problem", "submit_problem", "support_problem", "take_back_request", "take_back_support", "tell", "waiting_invitations",
    "withdraw_problem", "write_letters", "write_message", "writers_of",
]
