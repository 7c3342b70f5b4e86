"""What organisers and pilot officers do with a challenge."""

from klash.challenges.models import TEXTS
from klash.challenges.services.answering import (
    dismiss_question,
    draft_answer,
    join_question,
    part_question,
    release_answers,
    release_due,
    remove_information_session,
    save_information_session,
    schedule_answers,
    set_question_time,
)
from klash.challenges.services.asking import LONGEST_QUESTION, ask_publicly, clear_unconfirmed, confirm_question, find_unconfirmed
from klash.challenges.services.briefs import (
    create_challenge,
    mark_of,
    mark_of_row,
    name_pilot_officer,
    remove_indicator,
    save_brief,
    save_indicator,
    save_notice,
)
from klash.challenges.services.discussing import accept_suggestion, comment_brief, decline_suggestion, resolve_comment, suggest_text
from klash.challenges.services.news import tell_followers
from klash.challenges.services.publishing import (
    approve_brief,
    begin_change,
    drop_change,
    publish_challenge,
    publish_change,
    publish_due,
    published,
    schedule_publication,
    unschedule_publication,
)

__all__ = [
    "LONGEST_QUESTION", "TEXTS", "accept_suggestion", "approve_brief", "ask_publicly", "begin_change", "clear_unconfirmed", "comment_brief",
    "confirm_question", "create_challenge", "decline_suggestion", "dismiss_question", "draft_answer", "drop_change", "find_unconfirmed",
    "join_question", "mark_of", "mark_of_row", "name_pilot_officer", "part_question", "publish_challenge", "publish_change", "publish_due",
    "published", "release_answers", "release_due", "remove_indicator", "remove_information_session", "resolve_comment", "save_brief",
    "save_indicator", "save_information_session", "save_notice", "schedule_answers", "schedule_publication", "set_question_time", "suggest_text",
    "tell_followers", "unschedule_publication",
]
