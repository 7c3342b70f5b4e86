"""What organisers and pilot officers write into a brief."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from klash.accounts.models import User
from klash.accounts.services import grant_role
from klash.challenges.models import INDICATOR, Challenge, Content
from klash.challenges.services.versions import keep, write
from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.core.fields import LANGUAGES, Text
from klash.problems.models import Problem
from klash.rules.names import one_line
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import ProblemState

MOST_INDICATORS = 20


@transaction.atomic
def create_challenge(*, actor: Any, problem: Problem, code: str = "", number: int = 0) -> Challenge:
    """Make a challenge from a chosen problem; its municipality becomes the pilot. A second making finds the first.

    code, number: left out, those that follow in the competition.
    Raises Denied(NO_ROLE) or Refused(WRONG_STATE) for a problem that was not chosen.
    """
    access.ensure(actor, Permission.RUN_COMPETITION, problem.competition)
    if problem.state != ProblemState.CHOSEN:
        raise Refused(Reason.WRONG_STATE)
    competition = workflow.lock(problem.competition)  # two that are made at once get a number each
    number = number or (competition.challenges.aggregate(last=Max("number"))["last"] or 0) + 1
    challenge, is_new = Challenge.objects.get_or_create(
        problem=problem, defaults={
            "code": code or f"{competition.code}-{number}", "number": number, "competition": competition, "pilot_municipality": problem.municipality,
            "title": {problem.language: problem.title}, "lead": {problem.language: problem.summary}, "saved_at": clock.now(),
        },
    )
    if is_new:
        keep(challenge, actor)
        audit.record("challenge.created", actor=actor, competition=challenge.chain, thing=f"challenge/{challenge.code}", body={"problem": problem.code})
    return challenge


@transaction.atomic
def save_brief(*, actor: Any, challenge: Challenge, texts: Mapping[str, Text], seen: Mapping[str, str] | None = None) -> list[str]:
    """Save texts of the brief; organiser and pilot officer both may, until it is published and while a change of it is begun.

    texts: name -> text in languages; what is not named stays. seen: mark (`mark_of`) of each text from which the writer started, by title_fi; None
    asks for no comparison. What another person wrote since then stays where this writer changed nothing, and where both did.
    Returns where both did, as title_fi; nothing is saved of these. Raises Denied(NO_ROLE, FROZEN).
    """
    workflow.lock(challenge)
    access.ensure(actor, Permission.EDIT_BRIEF, challenge)
    content, clashes, writers = deepcopy(challenge.content()), list[str](), dict(challenge.writers)
    for name, text in texts.items():
        for code in LANGUAGES:
            words, key, stored = _tidy(name, text.get(code, "")), f"{name}_{code}", content["texts"][name].get(code, "")
            is_free = seen is None or writers.get(key, actor.pseudonym) == actor.pseudonym  # nobody else wrote it last
            if words == stored or not is_free and seen is not None and seen.get(key) == mark_of(words):
                continue
            if not is_free and seen is not None and seen.get(key) != mark_of(stored):
                clashes.append(key)
                continue
            content["texts"][name] = {one: said for one, said in {**content["texts"][name], code: words}.items() if said}
            writers[key] = actor.pseudonym
    write(challenge, content, actor, writers=writers)
    return clashes


def mark_of(text: str) -> str:
    """Return the mark by which a form tells from which text its writer started."""
    return audit.sha256("klash/1/text", "\n".join(text.splitlines()))[:16]


def _tidy(name: str, text: str) -> str:
    text = "\n".join(text.splitlines()).strip()
    return one_line(text) if name == "title" else text


@transaction.atomic
def save_indicator(*, actor: Any, challenge: Challenge, place: int | None, indicator: Mapping[str, Text], seen: str | None = None) -> None:
    """Save one measure of success: name, baseline, target, how it is measured, each in languages.

    place: which one, from 0; None adds one. seen: `mark_of_row` of the one from which the writer started; None asks for no comparison.
    Raises Denied(NO_ROLE, FROZEN), or Refused(TEXT_CHANGED) where somebody else changed or removed it.
    """
    content = _open(challenge, actor)
    row = {name: {code: text.strip() for code, text in indicator[name].items() if text.strip()} for name in INDICATOR}
    if place is None:
        if len(content["indicators"]) >= MOST_INDICATORS:
            raise Refused(Reason.TOO_MANY_SECTIONS)
        content["indicators"].append(row)
    else:
        _find_row(content, place, seen)
        content["indicators"][place] = row
    write(challenge, content, actor)


@transaction.atomic
def remove_indicator(*, actor: Any, challenge: Challenge, place: int, seen: str | None = None) -> None:
    """Remove one measure of success. Raises as `save_indicator` does."""
    content = _open(challenge, actor)
    _find_row(content, place, seen)
    del content["indicators"][place]
    write(challenge, content, actor)


def mark_of_row(row: Any) -> str:
    """Return the mark by which a form tells from which row or notice its writer started."""
    return audit.sha256("klash/1/row", audit.canonical(row))[:16]


def _find_row(content: Content, place: int, seen: str | None) -> None:
    rows = content["indicators"]
    if place >= len(rows) or seen is not None and seen != mark_of_row(rows[place]):
        raise Refused(Reason.TEXT_CHANGED)


@transaction.atomic
def save_notice(
    *, actor: Any, challenge: Challenge, reference: str, on: date | None = None, url: str = "", jury_binds: bool | None = None, follow_up: bool | None = None,
    least: int | None = None, most: int | None = None, jury: str = "", is_invented: bool = False, seen: str | None = None,
) -> None:
    """Save what the contest notice says; a challenge is not published without it.

    on: the day of the notice. jury_binds: its decision binds the organiser. follow_up: a contract may follow without a new call.
    least, most: participants. jury: names, one a line, once they are public. seen: `mark_of_row` of the notice that the writer started from.
    Raises Denied(NO_ROLE, FROZEN), Refused(TEXT_CHANGED).
    """
    content = _open(challenge, actor)
    if seen is not None and seen != mark_of_row(content["notice"]):
        raise Refused(Reason.TEXT_CHANGED)
    names = "\n".join(one_line(name) for name in jury.splitlines() if one_line(name))
    content["notice"] = {
        "reference": one_line(reference), "on": on and on.isoformat(), "url": url.strip(), "jury_binds": jury_binds, "follow_up": follow_up, "least": least,
        "most": most, "jury": names, "is_invented": is_invented,
    }
    write(challenge, content, actor)


def _open(challenge: Challenge, actor: Any) -> Content:
    """Lock a challenge and return a copy of its brief to change. Raises Denied(NO_ROLE, FROZEN)."""
    workflow.lock(challenge)
    access.ensure(actor, Permission.EDIT_BRIEF, challenge)
    return deepcopy(challenge.content())


@transaction.atomic
def name_pilot_officer(*, actor: Any, challenge: Challenge, person: User) -> None:
    """Let an officer of the pilot municipality write the brief. Raises Denied(NO_ROLE) or Refused(OTHER_SIDE)."""
    access.ensure(actor, Permission.GRANT_ROLE, challenge.competition)
    grant_role(actor=actor, person=person, role=Role.PILOT_OFFICER, competition=challenge.chain, challenge=challenge.code)
