"""What awards show on a challenge's page."""

from typing import Any

from klash.awards.models import Award
from klash.challenges.models import Challenge
from klash.challenges.selectors import Block, show_on_challenge


@show_on_challenge
def winner_on_challenge(challenge: Challenge, person: Any) -> Block | None:
    """Return the challenge's winners once they are published. Two queries at most."""
    award = Award.objects.published().filter(challenge=challenge).first()
    if award is None:
        return None
    winners = award.placings.filter(is_winner=True).select_related("team").order_by("team__name")
    return {"order": 5, "template": "awards/_on_challenge.html", "award": award, "winners": winners}
