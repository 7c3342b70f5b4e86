"""What happens at a deadline: it is held while something depends on it, and two persons may move it later with a reason."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connections, transaction
from django.dispatch import Signal

from klash.accounts.models import User
from klash.competitions.models import Postponement, Stage, StageChange
from klash.competitions.services.seconding import tell_seconds
from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.post.services import queue
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import PostponementState

# Sent with `stage` and `change` inside the transaction that moves a deadline.
deadline_moved = Signal()


@transaction.atomic
def request_deadline(*, actor: Any, stage: Stage, to: datetime, reason: str) -> Postponement:
    """Ask that a deadline move later, with a reason that everyone will read. Nothing moves before another person confirms it; those who can are told by mail.

    Raises Denied(NO_ROLE, NOT_OPEN_YET, DEADLINE_PASSED), Refused(DEADLINE_EARLIER, NO_REASON_GIVEN), or Refused(ALREADY_REQUESTED) while
    another request waits.
    """
    now = _hold(stage)
    access.ensure(actor, Permission.REQUEST_DEADLINE, stage, now)
    if not reason.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    if to <= stage.closes_at:
        raise Refused(Reason.DEADLINE_EARLIER)
    asked = Postponement(stage=stage, to=to, reason=reason.strip(), requested_by=actor, requested_at=now)
    try:
        with transaction.atomic():
            asked.save(force_insert=True)
    except IntegrityError:
        raise Refused(Reason.ALREADY_REQUESTED) from None
    body = {"stage": stage.kind, "from": stage.closes_at, "to": to, "reason": asked.reason}
    audit.record("postponement.requested", actor=actor, competition=asked.chain, thing=f"postponement/{asked.code}", body=body, at=now)
    tell_seconds(
        asker=actor, competition=stage.competition, step="deadline", about=stage.title, page="competitions:move_deadline", of=stage.kind,
        event=f"postponement.requested/{asked.code}",
    )
    return asked


@transaction.atomic
def confirm_deadline(*, actor: Any, postponement: Postponement) -> Stage:
    """Move the deadline as another person asked, while it still runs. Everyone concerned is told by mail in the same transaction.

    Raises Denied(NO_ROLE, SAME_PERSON, DEADLINE_PASSED), IllegalMove (taken back, or confirmed already) or Refused(DEADLINE_EARLIER).
    The clock is read after the locks: a confirmation that waited past the deadline comes too late.
    """
    stage = postponement.stage
    now, before = _hold(stage), stage.closes_at
    with clock.at(now):
        workflow.move(postponement, to=PostponementState.CONFIRMED, actor=actor, save={"confirmed_by": actor, "confirmed_at": now})
    if postponement.to <= before:
        raise Refused(Reason.DEADLINE_EARLIER)
    change = StageChange.objects.create(
        stage=stage, field="closes_at", before=before, after=postponement.to, reason=postponement.reason, changed_at=now,
        requested_by=postponement.requested_by.pseudonym, changed_by=actor.pseudonym,
    )
    stage.closes_at = change.after
    stage.save(update_fields=["closes_at"])
    body = {"from": before, "to": change.after, "reason": change.reason, "requested_by": change.requested_by}
    audit.record("stage.moved", actor=actor, competition=stage.competition.code, thing=f"stage/{stage.code}", body=body, at=now)
    stage.competition.forget_stages()
    deadline_moved.send(sender=Stage, stage=stage, change=change)
    return stage


def take_back_request(*, actor: Any, postponement: Postponement) -> Postponement:
    """Drop a request to move a deadline; it stays in the record. Raises Denied or IllegalMove."""
    return workflow.move(postponement, to=PostponementState.TAKEN_BACK, actor=actor)


def tell_moved(change: StageChange, people: Iterable[User]) -> None:
    """Queue word of a moved deadline to each of the people, once each."""
    context = {"competition": change.stage.competition, "stage": change.stage, "change": change}
    for person in people:
        queue(to=person.email, language=person.language, template="competitions_deadline", context=context, event=f"stage.moved/{change.pk}")


def _hold(stage: Stage) -> datetime:
    """Lock the competition and its stage until the transaction ends; return the instant by which the deadline is judged."""
    competition = workflow.lock(stage.competition)
    workflow.lock(stage)
    stage.competition = competition
    return clock.judged()


def hold_stage(competition_id: int, kind: str, *, is_closing: bool = False) -> Stage:
    """Lock a stage until the transaction ends and return it as it is stored: shared to hand something in, alone to take in what was handed in.

    So nothing that was in time can be half way in when the set is fixed. SQLite has one writer at a time already (BEGIN IMMEDIATE).
    """
    stages = Stage.objects.filter(competition=competition_id, kind=kind)
    connection = connections[stages.db]
    if not is_closing and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM competitions_stage WHERE competition_id = %s AND kind = %s FOR SHARE", [competition_id, str(kind)])
        return stages.get()
    return stages.select_for_update().get()
