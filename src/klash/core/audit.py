"""Append-only, hash-chained events; one chain per competition in each database."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from django.db.models import F
from django.dispatch import Signal

from klash.core import chance, clock
from klash.core.models import AuditChain, AuditEvent

# Sent by `recheck`; each receiver returns what in its rows does not follow from the log.
rechecking = Signal()


class Pseudonymous(Protocol):
    @property
    def pseudonym(self) -> str: ...


class System:
    """The software itself as an actor: what the clock or a rehearsal does."""

    pseudonym = "system"
    is_authenticated = True

    def roles_in(self, competition: str, challenge: str = "") -> frozenset[Any]:
        return frozenset()


def canonical(value: Any) -> bytes:
    """Return the one JSON form of `value`: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str).encode()


def sha256(*parts: bytes | str) -> str:
    """Return the hexadecimal SHA-256 of the parts, each preceded by its length."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def record(
    what: str, *, actor: Pseudonymous, competition: str, thing: str, body: Mapping[str, Any] | None = None,
    using: str = "default", at: datetime | None = None,
) -> AuditEvent:
    """Append one event to the competition's chain. Call inside the transaction that changes the row."""
    AuditChain.objects.using(using).get_or_create(competition=competition)
    chain = AuditChain.objects.using(using).select_for_update(no_key=True).get(competition=competition)
    event = AuditEvent(
        chain=chain, number=chain.length + 1, at=at or clock.now(), actor=actor.pseudonym, what=what, thing=thing,
        body=json.loads(canonical(body or {})), salt=chance.key(),
    )
    event.body_hash = _body_hash(event)
    event.hash = _event_hash(event, chain.head)
    event.save(using=using, force_insert=True)
    AuditChain.objects.using(using).filter(pk=chain.pk).update(head=event.hash, length=F("length") + 1)
    return event


@dataclass(frozen=True)
class Verdict:
    competition: str
    length: int
    head: str
    faults: tuple[str, ...]


def verify(using: str = "default") -> list[Verdict]:
    """Return for each chain whether every hash can be made again; one query per chain, streamed."""
    return [_verify_chain(chain, using) for chain in AuditChain.objects.using(using).order_by("competition")]


def recheck() -> list[str]:
    """Return what in the rows does not follow from the log, app by app. Linear in rows and events."""
    found: list[tuple[Any, Any]] = rechecking.send(None)
    return [fault for _, faults in found for fault in faults]


def told(*what: str, using: str = "default") -> Iterator[tuple[AuditEvent, dict[str, Any]]]:
    """Yield the events of these kinds with their bodies, chain by chain in order; a body that was erased or changed is left out."""
    rows = AuditEvent.objects.using(using).filter(what__in=what).exclude(body=None).select_related("chain").order_by("chain", "number")
    for event in rows.iterator(2000):
        if _body_hash(event) == event.body_hash:
            yield event, event.body or {}


def _verify_chain(chain: AuditChain, using: str) -> Verdict:
    faults, head, number = [], "0" * 64, 0
    for event in AuditEvent.objects.using(using).filter(chain=chain).order_by("number").iterator(2000):
        number += 1
        if event.number != number:
            faults.append(f"{chain.competition}: event {number} is missing")
            number = event.number
        if event.body is not None and _body_hash(event) != event.body_hash:
            faults.append(f"{chain.competition}: the body of event {event.number} ({event.what}) was changed")
        if _event_hash(event, head) != event.hash:
            faults.append(f"{chain.competition}: event {event.number} ({event.what}) does not follow from the one before it")
        head = event.hash
    if (chain.length, chain.head) != (number, head):
        faults.append(f"{chain.competition}: the chain's head says {chain.length} events, the log holds {number}")
    return Verdict(chain.competition, number, head, tuple(faults))


def _body_hash(event: AuditEvent) -> str:
    return sha256("klash/1/body", event.salt, canonical(event.body))


def _event_hash(event: AuditEvent, before: str) -> str:
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    return sha256("klash/1/event", before, str(event.number), at, event.actor, event.what, event.thing, event.body_hash)
