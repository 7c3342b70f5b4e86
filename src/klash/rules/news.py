"""What may be told to followers, and when their mail goes out. No database, no clock."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Happening(StrEnum):
    """What is told. Each is public the moment that it is told."""

    PROBLEM_SUBMITTED = "problem_submitted"
    PROBLEM_CHOSEN = "problem_chosen"
    PROBLEM_NOT_CHOSEN = "problem_not_chosen"
    PROBLEM_MERGED = "problem_merged"
    CHALLENGE_PUBLISHED = "challenge_published"
    CHALLENGE_CHANGED = "challenge_changed"
    ANSWERS_PUBLISHED = "answers_published"
    TEAMS_ADMITTED = "teams_admitted"
    WINNERS_PUBLISHED = "winners_published"
    WINNERS_CORRECTED = "winners_corrected"
    DEADLINE_MOVED = "deadline_moved"


ZONE = ZoneInfo("Europe/Helsinki")
DIGEST_AT = time(7)  # in the morning, so that a day's happenings come as one mail and nobody is woken


def digest_before(now: datetime) -> datetime:
    """Return the latest moment until `now` at which followers' mails go out: seven in the morning, Helsinki's time."""
    local = now.astimezone(ZONE)
    today = datetime.combine(local.date(), DIGEST_AT, ZONE)
    return today if today <= local else datetime.combine(local.date() - timedelta(days=1), DIGEST_AT, ZONE)
