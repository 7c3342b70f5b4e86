"""What is told when a deadline moves."""

from typing import Any

from django.dispatch import receiver

from klash.competitions.models import Stage, StageChange
from klash.competitions.services import deadline_moved
from klash.core.fields import LANGUAGES
from klash.following.services import tell_news
from klash.rules.news import Happening


@receiver(deadline_moved)
def tell_the_followers(*, sender: Any, stage: Stage, change: StageChange, **kwargs: Any) -> None:
    """Tell those who follow the competition, with the reason, in the transaction that moves the deadline."""
    tell_news(
        competition=stage.competition, about=[], happening=Happening.DEADLINE_MOVED, event=f"stage.moved/{change.pk}", title=stage.title,
        page="competitions:calendar", args=[stage.competition.code], detail=dict.fromkeys(LANGUAGES, change.reason),
    )
