"""Reads of challenges, and what later stages show on a challenge's page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language

from klash.challenges.models import INDICATOR, Challenge
from klash.competitions.models import Competition, Criterion, StageKind
from klash.core.fields import LANGUAGES, Text
from klash.following.selectors import followed_by
from klash.problems.models import Problem
from klash.problems.selectors import Outcome

CALENDAR = (
    StageKind.TEAM_CALL, StageKind.TEAM_SELECTION, StageKind.MENTORING, StageKind.PROPOSALS, StageKind.JUDGING, StageKind.AWARD,
)


@dataclass(frozen=True)
class Shown:
    """A text and the language that it is in, which differs from the page's where a translation is missing."""

    text: str
    language: str


def shown(text: Text) -> Shown:
    """Return the text in the page's language, or in the first of fi, sv, en that has one."""
    page = (get_language() or "fi")[:2]
    language = next((code for code in (page, *LANGUAGES) if text.get(code)), page)
    return Shown(text.get(language, ""), language)


def shown_indicators(challenge: Challenge) -> list[list[Shown]]:
    """Return the table of measures as it is public: indicator, baseline, target, how it is measured."""
    return [[shown(row[name]) for name in INDICATOR] for row in challenge.indicators]


def find(person: Any, competition: str, code: str) -> Challenge | None:
    """Return a challenge that the person may see, with its competition, municipality and problem; `is_followed` tells whether the person does. One query."""
    rows = Challenge.objects.visible_to(person).filter(competition__code=competition, code=code)
    whole = rows.select_related("competition__organiser", "pilot_municipality", "problem__municipality")
    return followed_by(person, "challenges", whole).first()


def judging_criteria(competition: Competition) -> list[Criterion]:
    """Return the criteria on which the proposals are judged, in order, with the set as it was frozen. One query."""
    rows = Criterion.objects.filter(criteria_set__competition=competition, criteria_set__stage_kind=StageKind.JUDGING)
    return list(rows.select_related("criteria_set").order_by("position"))


# A block: template (a fragment that gets it as `block`), order, whatever the fragment needs; action: {label, url} of the page's main button.
Block = Mapping[str, Any]
BlockMaker = Callable[[Challenge, Any], Block | None]
_makers: list[BlockMaker] = []


def show_on_challenge(maker: BlockMaker) -> BlockMaker:
    """Let a later stage show a block on a published challenge's page: what `maker(challenge, person)` returns, or nothing for None."""
    if maker not in _makers:
        _makers.append(maker)
    return maker


def blocks_of(challenge: Challenge, person: Any) -> list[Block]:
    """Return the blocks of later stages in their order. Costs the queries of their makers."""
    made = [block for maker in _makers if (block := maker(challenge, person)) is not None]
    return sorted(made, key=lambda block: int(block["order"]))


def tell_challenge(problem: Problem) -> list[Outcome]:
    """Tell a problem's page which published challenge came of it. One query."""
    row = Challenge.objects.published().filter(problem=problem).select_related("competition").first()
    return [Outcome(row.title, reverse("challenges:challenge", args=[row.competition.code, row.code]))] if row else []
