"""What of challenges can be followed."""

from typing import Any

from klash.challenges import selectors
from klash.following.selectors import Followed, followable
from klash.rules.states import ChallengeState


@followable("challenge")
def followed_challenge(person: Any, competition: str, code: str) -> Followed | None:
    """Return a published challenge as what can be followed. One query."""
    found = selectors.find(person, competition, code)
    if found is None or found.state != ChallengeState.PUBLISHED:
        return None
    return Followed(found.competition, found.title, "challenges:challenge", [competition, code], found.competition.is_invented)
