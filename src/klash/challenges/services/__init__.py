"""What organisers and pilot officers do with a challenge, and everybody with questions about it."""

from klash.challenges.models import TEXTS
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
    "TEXTS", "accept_suggestion", "approve_brief", "begin_change", "comment_brief", "create_challenge", "decline_suggestion", "drop_change", "mark_of",
    "mark_of_row", "name_pilot_officer", "publish_challenge", "publish_change", "publish_due", "published", "remove_indicator", "resolve_comment",
    "save_brief", "save_indicator", "save_notice", "schedule_publication", "suggest_text", "unschedule_publication",
]
