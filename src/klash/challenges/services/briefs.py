"""What organisers and pilot officers do with a challenge."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.dispatch import Signal

from klash.accounts.models import User
from klash.accounts.services import grant_role
from klash.challenges.models import BRIEF_SECTIONS, Challenge
from klash.challenges.services.news import tell_followers
from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.core.fields import LANGUAGES, Text
from klash.core.models import AuditEvent
from klash.problems.models import Problem
from klash.rules.names import one_line
from klash.rules.news import Happening
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import ChallengeState, ProblemState

# Sent with `challenge` and `actor` once a challenge is published; whoever prepares what it needs answers why that is not ready, or None.
published = Signal()
TEXTS = ("title", "lead", *BRIEF_SECTIONS)


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
        audit.record("challenge.created", actor=actor, competition=challenge.chain, thing=f"challenge/{challenge.code}", body={"problem": problem.code})
    return challenge


@transaction.atomic
def save_brief(
    *, actor: Any, challenge: Challenge, title: Text, lead: Text, goal: Text, background: Text, constraints: Text, measures: Text,
    notice_reference: str, notice_is_invented: bool = False, seen: datetime | None = None,
) -> Challenge:
    """Save the brief; organiser and pilot officer both may, until it is published.

    seen: the `saved_at` of the text that the writer started from, None asks for no comparison; what another person saved since is never overwritten unread.
    Raises Denied(NO_ROLE, WRONG_STATE) or Refused(TEXT_CHANGED).
    """
    workflow.lock(challenge)
    access.ensure(actor, Permission.EDIT_BRIEF, challenge)
    if seen is not None and seen != challenge.saved_at and _last_writer(challenge) not in ("", actor.pseudonym):
        raise Refused(Reason.TEXT_CHANGED)
    title = {code: one_line(text) for code, text in title.items()}
    given = {"title": title, "lead": lead, "goal": goal, "background": background, "constraints": constraints, "measures": measures}
    texts = {name: {code: text[code].strip() for code in LANGUAGES if text.get(code, "").strip()} for name, text in given.items()}
    texts_before = {name: getattr(challenge, name) for name in TEXTS}
    columns: dict[str, Any] = {**texts, "notice_reference": notice_reference.strip(), "notice_is_invented": notice_is_invented, "saved_at": clock.now()}
    is_changed = texts != texts_before or notice_reference.strip() != challenge.notice_reference
    for name, value in columns.items():
        setattr(challenge, name, value)
    challenge.save(update_fields=[*columns])
    if is_changed:
        body = {"hash": audit.sha256(audit.canonical(texts)), "notice": challenge.notice_reference}
        audit.record("challenge.saved", actor=actor, competition=challenge.chain, thing=f"challenge/{challenge.code}", body=body)
    return challenge


def _last_writer(challenge: Challenge) -> str:
    saved = AuditEvent.objects.filter(chain__competition=challenge.chain, thing=f"challenge/{challenge.code}", what="challenge.saved")
    return saved.order_by("-number").values_list("actor", flat=True).first() or ""


def publish_challenge(*, actor: Any, challenge: Challenge) -> list[Reason]:
    """Publish the brief with its contest notice; from here it stays as it is. Return why something that the contest needs is not ready yet.

    Raises Denied(NO_ROLE), Denied(INCOMPLETE) while Finnish or Swedish text or the notice is missing, or IllegalMove.
    """
    with transaction.atomic():
        workflow.lock(challenge)
        workflow.move(challenge, to=ChallengeState.PUBLISHED, actor=actor, save={"published_at": clock.now()}, body={"notice": challenge.notice_reference})
        tell_followers(challenge, Happening.CHALLENGE_PUBLISHED, f"challenge.published/{challenge.code}")
    return [Reason(answer) for _, answer in published.send(sender=Challenge, challenge=challenge, actor=actor) if answer]


@transaction.atomic
def name_pilot_officer(*, actor: Any, challenge: Challenge, person: User) -> None:
    """Let an officer of the pilot municipality write the brief. Raises Denied(NO_ROLE) or Refused(OTHER_SIDE)."""
    access.ensure(actor, Permission.GRANT_ROLE, challenge.competition)
    grant_role(actor=actor, person=person, role=Role.PILOT_OFFICER, competition=challenge.chain, challenge=challenge.code)
