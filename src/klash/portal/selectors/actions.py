"""What a visitor can do now: one main action, and a few more, by stage and sign-in state."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from klash.competitions.models import Competition, StageKind
from klash.portal.selectors.front import Card, Where
from klash.portal.selectors.links import where as link

BEFORE_CHALLENGES = (StageKind.PROBLEM_SELECTION, StageKind.CHALLENGE_SHAPING)


@dataclass(frozen=True)
class Action:
    text: Promise
    url: str


@dataclass(frozen=True)
class Actions:
    """`main` is the one button; `more` is the list beside it."""

    main: Action
    more: tuple[Action, ...]


def actions(competition: Competition, here: Where, shown: Sequence[Card], person: Any) -> Actions:
    """Return what the person can do now. No query."""
    kind = here.step.kind if here.step else ""
    main = _main(competition, kind, shown)
    return Actions(main, tuple(action for action in _more(competition, kind, shown, person) if action.url != main.url))


def _main(competition: Competition, kind: str, shown: Sequence[Card]) -> Action:
    code = competition.code
    if any(card.winners for card in shown):
        return Action(_("See the winners"), link("awards:results", code))
    if kind == StageKind.PROBLEM_CALL:
        return Action(_("Report a problem"), link("problems:start", code))
    if shown:
        return Action(_("See the challenges"), link("challenges:list", code))
    if kind in BEFORE_CHALLENGES:
        return Action(_("Read the problems"), link("problems:list", code))
    return Action(_("See how the competition proceeds"), reverse("competitions:calendar", args=[code]))


def _more(competition: Competition, kind: str, shown: Sequence[Card], person: Any) -> list[Action]:
    code = competition.code
    found = []
    if person.is_authenticated:
        found.append(Action(_("See what waits for you"), reverse("portal:tasks")))
    if kind:
        found.append(Action(_("Read what municipalities told about their problems"), link("problems:list", code)))
    if kind == StageKind.TEAM_CALL and shown:
        found.append(Action(_("Choose a challenge and found a team"), link("challenges:list", code)))
    elif shown:
        found.append(Action(_("Read the challenges and their criteria"), link("challenges:list", code)))
    if not person.is_authenticated and not any(card.winners for card in shown):
        text = _("Create an account to report a problem") if kind == StageKind.PROBLEM_CALL else _("Create an account to take part")
        found.append(Action(text, reverse("accounts:sign_up")))
    return found
