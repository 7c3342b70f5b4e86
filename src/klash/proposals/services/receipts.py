"""The receipt: what was received and when, signed, and nothing that tells how many others there are."""

from datetime import UTC, datetime
from typing import Any

from klash.core import audit, chance, checkpoints, keys
from klash.proposals.models import Version
from klash.proposals.services.sealing import commit


def write_receipt(version: Version, manifest: dict[str, Any], stands: Version | None) -> dict[str, Any]:
    """Return the signed receipt of a version that is being received; docs/architecture/record.md has its form.

    stands: what takes part instead, if this one came late. It carries the newest blinded checkpoints, the same for everyone at that time:
    whoever keeps it can show later that the log was not written anew.
    """
    competition, team_nonce, server_nonce = version.proposal.chain, f"{chance.key()}{chance.key()}", f"{chance.key()}{chance.key()}"
    told = {
        "format": "klash-receipt/1", "receipt": version.receipt, "competition": competition, "challenge": version.proposal.team.challenge.code,
        "received_at": _instant(version.received_at), "deadline_at": _instant(version.deadline_at), "is_late": version.is_late,
        "stands": (stands.receipt if stands else None) if version.is_late else version.receipt, "manifest": manifest,
        "team_nonce": team_nonce, "server_nonce": server_nonce, "commitment": commit(competition, team_nonce, server_nonce, manifest),
        "checkpoints": checkpoints.newest(competition), "key": keys.public(keys.RECEIPTS),
    }
    return {**told, "signature": keys.sign(keys.RECEIPTS, audit.canonical(told))}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")
