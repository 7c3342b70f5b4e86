"""What an organiser promises in public: made and changed with a reason, told to those concerned, kept in the record for good."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.dispatch import Signal

from klash.accounts.models import User
from klash.competitions.models import Competition, Promise, PromiseChange, PromiseKind
from klash.core import access, audit, clock, show, workflow
from klash.core.errors import Refused
from klash.core.fields import Text
from klash.post.services import queue
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import CompetitionState

# Sent with `change` inside the transaction that changes a promise; who knows people that it concerns tells them with `tell_changed`.
promise_changed = Signal()


@transaction.atomic
def make_promise(
    *, actor: Any, competition: Competition, kind: str, text: Text, due_on: date, low: int | None = None, high: int | None = None, source: str = "",
    promised_on: date | None = None, code: str = "",
) -> Promise:
    """Write down what has been promised in public; from publication on it can be changed, never removed.

    low, high: the promised number, for the kinds that have one. promised_on: the day on which it was said, today where nothing else is given.
    code: a name of its own within the competition, made where none is given. Raises Denied, or Refused(INCOMPLETE, RANGE_REVERSED).
    """
    workflow.lock(competition)
    access.ensure(actor, Permission.KEEP_PROMISES, competition)
    low, high = _range(kind, low, high)
    now = clock.now()
    row = Promise.objects.create(
        competition=competition, code=code or _free_code(competition, kind), kind=kind, text=_whole(text), low=low, high=high, due_on=due_on, source=source,
        promised_on=promised_on or now.astimezone(show.ZONE).date(), made_at=now, made_by=actor.pseudonym,
    )
    _record("promise.made", actor, row, row.said())
    return row


@transaction.atomic
def change_promise(
    *, actor: Any, promise: Promise, text: Text, due_on: date, reason: str, low: int | None = None, high: int | None = None
) -> PromiseChange | None:
    """Change what was promised, with a reason that everyone can read; those concerned are told by mail in the same transaction.

    Returns the change, None where nothing would be other than it is. What a person had said of the old promise holds for the new one no longer.
    Raises Denied, or Refused(NO_REASON_GIVEN, INCOMPLETE, RANGE_REVERSED).
    """
    _hold(actor, promise)
    if not reason.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    before = promise.said()
    promise.text, promise.due_on = _whole(text), due_on
    promise.low, promise.high = _range(promise.kind, low, high)
    if (after := promise.said()) == before:
        return None
    promise.is_kept, promise.evidence, promise.marked_at, promise.marked_by = None, "", None, ""
    promise.save()
    change = PromiseChange.objects.create(
        promise=promise, before=before, after=after, reason=reason.strip(), changed_at=clock.now(), changed_by=actor.pseudonym
    )
    _record("promise.changed", actor, promise, {"before": before, **after, "reason": change.reason})
    if promise.competition.state != CompetitionState.DRAFT:
        promise_changed.send(sender=Promise, change=change)
    return change


@transaction.atomic
def mark_promise(*, actor: Any, promise: Promise, is_kept: bool, evidence: str) -> Promise:
    """Say that a promise was kept, or that it was not, with the evidence for it.

    Raises Denied, Refused(NO_REASON_GIVEN) without evidence, Refused(COUNTED_ITSELF) where the software knows whether it was kept.
    """
    _hold(actor, promise)
    if is_kept and promise.is_counted:
        raise Refused(Reason.COUNTED_ITSELF)
    if not evidence.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    promise.is_kept, promise.evidence, promise.marked_at, promise.marked_by = is_kept, evidence.strip(), clock.now(), actor.pseudonym
    promise.save(update_fields=["is_kept", "evidence", "marked_at", "marked_by"])
    _record("promise.marked", actor, promise, {"is_kept": is_kept, "evidence": promise.evidence})
    return promise


@transaction.atomic
def remove_promise(*, actor: Any, promise: Promise) -> None:
    """Take a promise off a draft. Raises Denied(NO_ROLE, FROZEN)."""
    _hold(actor, promise, Permission.EDIT_COMPETITION)
    _record("promise.removed", actor, promise, {})
    promise.delete()


def tell_changed(change: PromiseChange, people: Iterable[User]) -> None:
    """Queue word of a changed promise to each of the people, once each."""
    context = {"competition": change.promise.competition, "change": change, "promise": change.promise}
    for person in people:
        queue(to=person.email, language=person.language, template="competitions_promise", context=context, event=change.event)


def _hold(actor: Any, promise: Promise, permission: Permission = Permission.KEEP_PROMISES) -> None:
    competition = workflow.lock(promise.competition)
    workflow.lock(promise)
    promise.competition = competition
    access.ensure(actor, permission, competition)


def _range(kind: str, low: int | None, high: int | None) -> tuple[int | None, int | None]:
    """Return both ends of the promised number; one alone stands for both."""
    if kind not in (PromiseKind.CHALLENGES, PromiseKind.TEAMS):
        return None, None
    low, high = (low if low is not None else high), (high if high is not None else low)
    if low is None or high is None:
        raise Refused(Reason.INCOMPLETE, "a promised number")
    if low > high:
        raise Refused(Reason.RANGE_REVERSED)
    return low, high


def _whole(text: Text) -> Text:
    if not text.get("fi", "").strip():
        raise Refused(Reason.INCOMPLETE, "a promise without words")
    return text


def _free_code(competition: Competition, kind: str) -> str:
    taken = set(competition.promises.values_list("code", flat=True))
    return next(code for code in (kind, *(f"{kind}_{number}" for number in range(2, 1000))) if code not in taken)


def _record(what: str, actor: Any, promise: Promise, body: dict[str, Any]) -> None:
    audit.record(what, actor=actor, competition=promise.competition.code, thing=f"promise/{promise.competition.code}/{promise.code}", body=body)
