"""What several pages show of mentoring: the choice between challenges."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from klash.challenges.models import Challenge
from klash.mentoring.forms import in_language


def chosen_challenge(request: HttpRequest, challenges: Sequence[Challenge]) -> Challenge | None:
    """Return the challenge that the address asks for, None for all of them."""
    return next((challenge for challenge in challenges if challenge.code == request.GET.get("challenge")), None)


def challenge_filters(challenges: Sequence[Challenge], chosen: Challenge | None) -> list[dict[str, Any]]:
    """Return the choice between all challenges and each, as `components/_filters.html` draws it."""
    every = {"label": _("All challenges"), "url": "?", "count": None, "is_current": chosen is None}
    return [every, *(
        {"label": in_language(challenge.title), "url": f"?challenge={challenge.code}", "count": None, "is_current": challenge == chosen}
        for challenge in challenges
    )]
