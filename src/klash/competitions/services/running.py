"""What may still change once a competition is published: a deadline, later and with a reason."""

from datetime import datetime
from typing import Any

from django.db import transaction

from klash.competitions.models import Stage, StageChange
from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason


@transaction.atomic
def move_deadline(*, actor: Any, stage: Stage, to: datetime, reason: str) -> Stage:
    """Move a deadline later, while it still runs, with a reason that everyone can read.

    Raises Denied(NO_ROLE, NOT_OPEN_YET, DEADLINE_PASSED) or Refused(DEADLINE_EARLIER, NO_REASON_GIVEN). The clock is read
    after the locks: a move that waited past the deadline comes too late.
    """
    competition = workflow.lock(stage.competition)
    workflow.lock(stage)
    stage.competition = competition
    now = clock.now()
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
    return stage
