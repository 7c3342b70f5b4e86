"""Append-only events; one Merkle tree (RFC 6962) per competition in each database. docs/architecture/record.md has the bytes."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from django.db.models import F
from django.dispatch import Signal

from klash.core import chance, checkpoints, clock, merkle
from klash.core.models import AuditChain, AuditEvent, Checkpoint

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
    """Append one event to the competition's tree. Call inside the transaction that changes the row."""
    return record_all([(what, thing, body or {})], actor=actor, competition=competition, using=using, at=at)[0]


def record_all(
    events: Sequence[tuple[str, str, Mapping[str, Any]]], *, actor: Pseudonymous, competition: str, using: str = "default", at: datetime | None = None,
) -> list[AuditEvent]:
    """Append events of one moment in their order, with as many queries for many as for one. events: (what, thing, body). Call it as `record`."""
    if not events:
        return []
    AuditChain.objects.using(using).get_or_create(competition=competition)
    chain = AuditChain.objects.using(using).select_for_update(no_key=True).get(competition=competition)
    at, frontier, rows = at or clock.now(), _frontier(chain), list[AuditEvent]()
    for number, (what, thing, body) in enumerate(events, chain.length + 1):
        event = AuditEvent(
            chain=chain, number=number, at=at, actor=actor.pseudonym, what=what, thing=thing, body=json.loads(canonical(body)), salt=chance.key()
        )
        event.body_hash = _body_hash(event)
        event.leaf = leaf_of(event).hex()
        frontier = merkle.appended(frontier, number - 1, bytes.fromhex(event.leaf))
        rows.append(event)
    AuditEvent.objects.using(using).bulk_create(rows)
    AuditChain.objects.using(using).filter(pk=chain.pk).update(
        head=merkle.root(frontier).hex(), frontier="".join(part.hex() for part in frontier), length=F("length") + len(rows)
    )
    return rows


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
    faults, frontier, number, until = [], list[bytes](), 0, datetime.min.replace(tzinfo=UTC)
    sizes = set(Checkpoint.objects.using(using).filter(chain=chain).values_list("size", flat=True))
    roots, latest = {0: merkle.EMPTY.hex()}, dict[int, datetime]()
    for event in AuditEvent.objects.using(using).filter(chain=chain).order_by("number").iterator(2000):
        if event.number != number + 1:
            faults.append(f"{chain.competition}: event {number + 1} is missing")
        if event.body is not None and _body_hash(event) != event.body_hash:
            faults.append(f"{chain.competition}: the body of event {event.number} ({event.what}) was changed")
        if leaf_of(event).hex() != event.leaf:
            faults.append(f"{chain.competition}: event {event.number} ({event.what}) is not the one that was written")
        frontier = merkle.appended(frontier, number, bytes.fromhex(event.leaf))
        number += 1
        until = max(until, event.at)
        if number in sizes:
            roots[number], latest[number] = merkle.root(frontier).hex(), until
    head = merkle.root(frontier).hex()
    if (chain.length, chain.head, _frontier(chain)) != (number, head, frontier):
        faults.append(f"{chain.competition}: the tree's head says {chain.length} events, the log holds {number}, or others")
    faults += checkpoints.faults(chain, using, roots, latest)
    return Verdict(chain.competition, number, head, tuple(faults))


def _frontier(chain: AuditChain) -> list[bytes]:
    whole = bytes.fromhex(chain.frontier)
    return [whole[at:at + 32] for at in range(0, len(whole), 32)]


def _body_hash(event: AuditEvent) -> str:
    return sha256("klash/1/body", event.salt, canonical(event.body))


def as_leaf(event: AuditEvent) -> list[Any]:
    """Return what a leaf covers: number, instant in UTC, actor's pseudonym, kind, thing, salted hash of the body."""
    return [event.number, event.at.astimezone(UTC).isoformat(timespec="microseconds"), event.actor, event.what, event.thing, event.body_hash]


def leaf_of(event: AuditEvent) -> bytes:
    """Return the hash of an event's leaf."""
    return merkle.leaf(canonical(as_leaf(event)))
