"""What happens at a deadline: it is held while something depends on it, and may move later with a reason."""

from datetime import datetime
from typing import Any

from django.db import connections, transaction
from django.dispatch import Signal

from klash.competitions.models import Stage, StageChange
from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason

# Sent inside the transaction that moves a deadline.
deadline_moved = Signal()


@transaction.atomic
def move_deadline(*, actor: Any, stage: Stage, to: datetime, reason: str) -> Stage:
    """Move a deadline later, while it still runs, with a reason that everyone can read.

    Raises Denied(NO_ROLE, NOT_OPEN_YET, DEADLINE_PASSED) or Refused(DEADLINE_EARLIER, NO_REASON_GIVEN). The clock is read
    after the locks: a move that waited past the deadline comes too late.
    """
    competition = workflow.lock(stage.competition)
    workflow.lock(stage)
    stage.competition = competition
    now = clock.judged()
    access.ensure(actor, Permission.MOVE_DEADLINE, stage, now)
    if not reason.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    if to <= stage.closes_at:
        raise Refused(Reason.DEADLINE_EARLIER)
    change = StageChange.objects.create(
        stage=stage, field="closes_at", before=stage.closes_at, after=to, reason=reason.strip(), changed_at=now, changed_by=actor.pseudonym
    )
    stage.closes_at = to
    stage.save(update_fields=["closes_at"])
    body = {"from": change.before, "to": to, "reason": change.reason}
    audit.record("stage.moved", actor=actor, competition=competition.code, thing=f"stage/{stage.code}", body=body, at=now)
    competition.forget_stages()
    deadline_moved.send(sender=Stage, stage=stage)
    return stage


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
