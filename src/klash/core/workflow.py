"""What moves: the only place that assigns a state."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.apps import apps
from django.db import models, transaction
from django.dispatch import Signal, receiver

from klash.core import access, arrival, audit, clock
from klash.core.errors import IllegalMove
from klash.core.models import AuditEvent
from klash.rules import states
from klash.rules.reasons import Reason

# Sent after commit with thing, source, target and actor.
moved = Signal()

Row = TypeVar("Row", bound=models.Model)


def lock(thing: Row) -> Row:
    """Lock the row until the transaction ends and refresh its columns from what is stored now.

    no_key: keys never change, and rows that point here may still be written.
    """
    stored = type(thing)._base_manager.using(thing._state.db).select_for_update(no_key=True).get(pk=thing.pk)
    thing.__dict__.update({k: v for k, v in stored.__dict__.items() if k != "_state"})
    thing._state.fields_cache.clear()
    return thing


def move(
    row: Row, *, to: str, actor: Any, save: Mapping[str, Any] | None = None, body: Mapping[str, Any] | None = None, arrived_at: datetime | None = None,
) -> Row:
    """Lock the row, find the move, ask access, write, audit, and announce after commit.

    save: columns to write together with the state. body: what the event tells (never scores, never sealed text).
    arrived_at: when the request had arrived, where that is known (`arrival.moment`); a deadline is judged by it, the event tells when it was done.
    Raises IllegalMove (no such move from the stored state) or Denied.
    The clock is read after the lock: what waited for the lock, and did not arrive before it, is judged by the time at which it got it.
    """
    thing: Any = row  # a Row with lifecycle, state, code, chain and facts_for
    using = thing._state.db
    with transaction.atomic(using=using):
        lock(row)
        now = clock.judged(using)
        source = thing.state
        permission = states.permission_for(thing.lifecycle, source, to)
        if permission is None:
            raise IllegalMove(Reason.WRONG_STATE, f"{thing.lifecycle} {source} -> {to}")
        for column, value in (save or {}).items():
            setattr(thing, column, value)
        access.ensure(actor, permission, thing, arrival.received(arrived_at, now))
        thing.state = to
        thing.save(using=using, update_fields=["state", *(save or {})])
        audit.record(
            f"{thing.lifecycle}.{to}", actor=actor, competition=thing.chain, thing=f"{thing.lifecycle}/{thing.code}",
            body=body, using=using, at=now,
        )
        transaction.on_commit(
            lambda: moved.send(type(thing), thing=thing, source=source, target=to, actor=actor), using=using
        )
    return row


def lock_all(rows: Sequence[Row]) -> list[Row]:
    """Lock rows in the order of their keys, so that two of these can never wait for each other."""
    return [lock(row) for row in sorted(rows, key=lambda row: row.pk)]


@receiver(audit.rechecking)
def faults_of_states(**kwargs: Any) -> list[str]:
    """Return the rows whose state is not the one to which the log last moved them, and the logged rows that are gone."""
    return [fault for model in apps.get_models() if hasattr(model, "lifecycle") for fault in _faults_of(model)]


def _faults_of(model: Any) -> list[str]:
    kind, using = model.lifecycle, model.objects.all().db
    known = {f"{kind}.{state}" for move in states.MOVES[kind] for state in move}
    logged: dict[str, str] = {}
    events = AuditEvent.objects.using(using).filter(thing__startswith=f"{kind}/").order_by("chain", "number")
    for thing, what in events.values_list("thing", "what").iterator(2000):
        logged[thing] = what if what in known else logged.get(thing, "")
    faults, first = [], f"{kind}.{model._meta.get_field('state').default}"
    for row in model._base_manager.using(using).select_related().iterator(500):
        thing = f"{kind}/{row.code}"
        if (what := logged.pop(thing, "") or first) != f"{kind}.{row.state}":
            faults.append(f"{thing}: the state is {row.state}, the log says {what}")
    return sorted(faults) + [f"{thing}: the log knows it, the row is gone" for thing in sorted(logged)]
