"""Late entry: one address may hand something in after the deadline; for all others the call stays closed."""

from datetime import datetime
from typing import Any

from django.db import transaction

from klash.accounts.models import User
from klash.competitions.models import Competition, LateCode, LateUse, Stage, late_code_for
from klash.core import access, audit, clock, workflow
from klash.core.errors import Denied, Refused
from klash.post.services import queue
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason


@transaction.atomic
def give_late_code(
    *, actor: Any, competition: Competition, kind: str, email: str, expires_at: datetime, note: str, uses_max: int = 1, language: str = "fi"
) -> LateCode:
    """Let one address report problems or apply until a time after the deadline, and tell it so by mail.

    kind: the call. uses_max: how many entries it may hand in. note: why; the staff reads it. language: of the mail to somebody without an account.
    Raises Denied, Refused(NO_REASON_GIVEN) without a note, Refused(CODE_ENDS_EARLY) unless it ends after the deadline and after now.
    """
    workflow.lock(competition)
    competition.forget_stages()
    now, stage = clock.judged(), competition.stage(kind)
    access.ensure(actor, Permission.GIVE_LATE_ENTRY, competition, now)
    if not note.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    if expires_at <= max(now, stage.closes_at):
        raise Refused(Reason.CODE_ENDS_EARLY)
    row = LateCode.objects.create(
        competition=competition, kind=kind, email=email.strip().lower(), expires_at=expires_at, uses_max=uses_max, note=note.strip(), given_by=actor,
        given_at=now,
    )
    competition.forget_stages()
    _record("late_code.given", actor, row, {"kind": kind, "expires_at": expires_at, "uses_max": uses_max})
    known = User.objects.filter(email=row.email).values_list("language", flat=True).first()
    queue(
        to=row.email, language=known or language, template="competitions_late", event=f"late_code.given/{row.code}",
        context={"competition": competition, "row": row, "stage": stage},
    )
    return row


@transaction.atomic
def revoke_late_code(*, actor: Any, late_code: LateCode) -> LateCode:
    """End a code at once. What was handed in with it stands. A second call finds it ended. Raises Denied."""
    late_code.competition = workflow.lock(late_code.competition)
    workflow.lock(late_code)
    access.ensure(actor, Permission.GIVE_LATE_ENTRY, late_code.competition)
    if late_code.revoked_at is None:
        late_code.revoked_at = clock.now()
        late_code.save(update_fields=["revoked_at"])
        _record("late_code.revoked", actor, late_code)
    return late_code


def use_late_code(*, actor: Any, stage: Stage, person: User, thing: str, at: datetime) -> None:
    """Note that something is handed in after the deadline with the person's code; call inside the transaction that hands it in, after its locks.

    at: the instant by which the deadline is judged. Raises Denied(DEADLINE_PASSED) where no code admits it any more.
    """
    found = late_code_for(stage, person, thing, at)
    held = LateCode.objects.select_for_update(no_key=True).filter(pk=found.pk).first() if found else None
    if held is None or not held.admits(thing, at):
        raise Denied(Reason.DEADLINE_PASSED)
    _, is_new = LateUse.objects.get_or_create(late_code=held, thing=thing, defaults={"used_at": at})
    if is_new:
        _record("late_code.used", actor, held, {"thing": thing})


def _record(what: str, actor: Any, row: LateCode, body: dict[str, Any] | None = None) -> None:
    audit.record(what, actor=actor, competition=row.competition.code, thing=f"late_code/{row.code}", body=body)
