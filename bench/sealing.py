"""How long it takes anybody to check the public record of a large competition with the programme of the standard library alone.

`python -m bench.sealing [--events N] [--months M]` makes a log of N events with a checkpoint for each hour of M months, signed, and checks
its tree as the verify page and `klash verify` do. The figures are in bench/README.md.
"""

import argparse
import base64
import hashlib
import json
import secrets
import time
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from klash.portal import verifier

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
ORIGIN = "klash.example/bench/identities"


def make_events(many):
    """Return events such as saving a proposal makes, evenly over time."""
    events = []
    for number in range(1, many + 1):
        body, salt = {"revision": number}, secrets.token_hex(16)
        event = {"number": number, "at": (BEGIN + timedelta(seconds=number)).isoformat(timespec="microseconds"), "actor": secrets.token_hex(16),
                 "what": "proposal.saved", "thing": f"proposal/{number % 300}", "body": body, "salt": salt}  # fmt: skip
        events.append({**event, "body_hash": verifier.sha256("klash/1/body", salt, verifier.canonical(body))})
    return events


def make_tree(many, months):
    """Return a tree and the public key of its checkpoints: one for each hour, each heading more events than the one before."""
    key, events, hours = Ed25519PrivateKey.generate(), make_events(many), months * 730
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    sizes = [many * hour // hours for hour in range(1, hours + 1)]
    heads, points = verifier.roots(events, set(sizes)), []
    for hour, size in enumerate(sizes):
        minute, root, nonce = (BEGIN + timedelta(hours=hour)).isoformat(timespec="seconds"), heads[size], secrets.token_hex(32)
        text = f"{ORIGIN}\n{size}\n{base64.b64encode(bytes.fromhex(root)).decode()}\n{minute}\n".encode()
        signature = key.sign(text)
        blinded = hashlib.sha256(bytes.fromhex(nonce) + text + signature).hexdigest()
        points.append({"origin": ORIGIN, "at": minute, "published_at": minute,
                       "size": size, "root": root, "nonce": nonce, "key": public, "signature": signature.hex(), "blinded": blinded})
    return json.loads(json.dumps({"origin": ORIGIN, "events": events, "checkpoints": points})), public


def timed(work, *given):
    began = time.process_time()
    work(*given)
    return time.process_time() - began


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--months", type=int, default=16)
    asked = parser.parse_args()
    tree, public = make_tree(asked.events, asked.months)
    points = tree["checkpoints"]
    few = [(row["key"], b"", row["signature"]) for row in points[:20]]
    print(f"{len(tree['events']):,} events, {len(points):,} checkpoints; seconds of the processor")
    print(f"events alone         {timed(verifier.roots, tree['events'], {asked.events}):6.1f}")
    print(f"events, checkpoints  {timed(verifier.check_tree, tree, [public]):6.1f}")
    print(f"signatures one by one would take {timed(lambda: [verifier.is_signed(*row) for row in few]) / len(few) * len(points):6.1f}")


if __name__ == "__main__":
    main()
