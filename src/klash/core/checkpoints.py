"""Signed heads of the log on a fixed timetable. While a competition runs only their blinded hashes are published: they tell neither how much nor when.

The text of a checkpoint and its signature are those of C2SP (tlog-checkpoint, signed-note); docs/architecture/record.md has the bytes.
"""

import base64
import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import OperationalError, transaction

from klash.core import chance, clock, keys
from klash.core.databases import reviewing
from klash.core.models import AuditChain, Checkpoint

# A checkpoint's clock is read before it waits for the log's last writer.
SLACK = timedelta(minutes=2)


def publish_due() -> int:
    """Publish the checkpoint of the last planned minute for each tree that lacks it. Returns how many were new.

    A minute that was missed stays missed: a checkpoint made afterwards would claim what nobody saw. A tree that is
    revealed gets one only where something was added.
    """
    now = clock.now()
    return sum(_publish(using, now) for using in settings.DATABASES)


@transaction.atomic
def reveal(competition: str) -> int:
    """Publish what the blinded hashes of a decided competition held, in every database. Returns how many trees were revealed."""
    now = clock.now()
    count = 0
    for using in settings.DATABASES:
        with transaction.atomic(using=using):
            for chain in AuditChain.objects.using(using).select_for_update(no_key=True).filter(competition=competition, revealed_at=None):
                _sign(chain, using, now, now)
                AuditChain.objects.using(using).filter(pk=chain.pk).update(revealed_at=now)
                count += 1
    return count


def published(competition: str) -> list[dict[str, Any]]:
    """Return each tree's name and checkpoints as anyone may read them now: blinded, and with all they held once revealed. Two queries a database."""
    found = []
    for using in settings.DATABASES:
        chain = AuditChain.objects.using(using).filter(competition=competition).first()
        if chain is not None:
            rows = Checkpoint.objects.using(using).filter(chain=chain).order_by("at")
            found.append({"origin": origin(competition, using), "checkpoints": [as_published(row, chain) for row in rows]})
    return found


def newest(competition: str) -> list[str]:
    """Return the newest blinded hash of each tree of a competition. One query a database.

    The tree of a database that does not answer is left out: a submission that comes in time is not refused for the jury's sake.
    """
    found = []
    for using in settings.DATABASES:
        try:
            row = Checkpoint.objects.using(using).filter(chain__competition=competition).order_by("-at").first()
        except OperationalError:
            if using == "default":
                raise
            continue
        found += [row.blinded] if row is not None else []
    return found


def origin(competition: str, using: str) -> str:
    """Return the name of a tree: the host, the competition, and whose log it is."""
    side = "jury" if using == reviewing() else "identities"
    return f"{urlsplit(settings.KLASH_URL).netloc}/{competition or 'site'}/{side}"


def note(name: str, size: int, root: str, at: datetime) -> bytes:
    """Return the text that is signed: origin, size, root, and the planned minute as its extension line."""
    minute = at.astimezone(UTC).isoformat(timespec="seconds")
    return f"{name}\n{size}\n{base64.b64encode(bytes.fromhex(root)).decode()}\n{minute}\n".encode()


def faults(chain: AuditChain, using: str, roots: dict[int, str], latest: dict[int, datetime]) -> Iterable[str]:
    """Yield what does not hold between a tree and its checkpoints.

    roots, latest: size -> root, and -> the latest time of its events, of all sizes that checkpoints name. Who moves the clock forward to do
    something before its time leaves an event that is later than the checkpoint that heads it.
    """
    for row in Checkpoint.objects.using(using).filter(chain=chain).order_by("at"):
        text = note(row.origin, row.size, row.root, row.at)
        if roots.get(row.size) != row.root:
            yield f"{chain.competition}: the log is not the one of the checkpoint of {row.at:%Y-%m-%d %H:%M}"
        if row.size in latest and latest[row.size] > row.published_at + SLACK:
            yield f"{chain.competition}: the checkpoint of {row.at:%Y-%m-%d %H:%M} heads an event of a later time: a clock was moved"
        if not keys.is_signed(row.key, text, row.signature):
            yield f"{chain.competition}: the signature of the checkpoint of {row.at:%Y-%m-%d %H:%M} does not hold"
        if _blinded(row.nonce, text, row.signature) != row.blinded:
            yield f"{chain.competition}: the published hash of the checkpoint of {row.at:%Y-%m-%d %H:%M} is another one"


def _publish(using: str, now: datetime) -> int:
    step = timedelta(minutes=settings.KLASH_CHECKPOINT_MINUTES)
    planned = datetime(1970, 1, 1, tzinfo=UTC) + (now - datetime(1970, 1, 1, tzinfo=UTC)) // step * step
    with transaction.atomic(using=using):
        done = set(Checkpoint.objects.using(using).filter(at=planned).values_list("chain", flat=True))
        chains = [row for row in AuditChain.objects.using(using).select_for_update(no_key=True).order_by("pk") if row.pk not in done]
        told = {(row.chain_id, row.size) for row in Checkpoint.objects.using(using).filter(chain__in=[row for row in chains if row.revealed_at])}
        due = [row for row in chains if not row.revealed_at or (row.pk, row.length) not in told]
        for chain in due:
            _sign(chain, using, planned, now)
    return len(due)


def _sign(chain: AuditChain, using: str, planned: datetime, now: datetime) -> None:
    name = origin(chain.competition, using)
    text = note(name, chain.length, chain.head, planned)
    nonce, signature = f"{chance.key()}{chance.key()}", keys.sign(keys.LOG, text)
    Checkpoint.objects.using(using).get_or_create(chain=chain, at=planned, defaults={
        "published_at": now, "origin": name, "key": keys.public(keys.LOG), "size": chain.length, "root": chain.head, "nonce": nonce,
        "signature": signature, "blinded": _blinded(nonce, text, signature),
    })


def _blinded(nonce: str, text: bytes, signature: str) -> str:
    return hashlib.sha256(bytes.fromhex(nonce) + text + bytes.fromhex(signature)).hexdigest()


def as_published(row: Checkpoint, chain: AuditChain) -> dict[str, Any]:
    """Return a checkpoint as anyone may read it now."""
    told = {"at": _instant(row.at), "published_at": _instant(row.published_at), "blinded": row.blinded}
    if chain.revealed_at is None:
        return told
    return {**told, "origin": row.origin, "key": row.key, "size": row.size, "root": row.root, "nonce": row.nonce, "signature": row.signature}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
