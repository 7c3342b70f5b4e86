"""Check the public record of a decided competition, and one's own receipt, with nothing but Python's standard library.

`python verifier.py RECORD.json [RECEIPT.json ...]` prints what holds and ends with an error where something does not follow.
It imports nothing of Klash: whoever doubts may read these lines, or write others from docs/architecture/record.md.
"""

import base64
import hashlib
import json
import secrets
import sys
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import accumulate
from typing import Any

SLACK = timedelta(minutes=2)  # between the reading of a checkpoint's clock and the last event that it heads


class Doubt(Exception):
    """Something in the record does not follow."""


def expect(holds: object, words: str) -> None:
    if not holds:
        raise Doubt(words)


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(*parts: str) -> str:
    return hashlib.sha256(b"".join(len(part.encode()).to_bytes(8, "big") + part.encode() for part in parts)).hexdigest()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


# --- Ed25519 (RFC 8032), verification only ---------------------------------------------------------------------------

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = tuple[int, int, int, int]


def point(data: bytes) -> Point:
    expect(len(data) == 32, "a key or a signature is no point of the curve")
    y, sign = int.from_bytes(data, "little") & (2**255 - 1), data[31] >> 7
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    x = x if (x * x - x2) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    expect((x * x - x2) % P == 0 and y < P, "a key or a signature is no point of the curve")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def add(one: Point, two: Point) -> Point:
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, base: Point) -> Point:
    found = (0, 1, 1, 0)
    while number:
        found, base, number = add(found, base) if number & 1 else found, add(base, base), number >> 1
    return found


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key_hex: str, data: bytes, signature_hex: str) -> bool:
    key, signature = bytes.fromhex(key_hex), bytes.fromhex(signature_hex)
    s = int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + data).digest(), "little") % L
    left, right = times(s, BASE), add(point(signature[:32]), times(k, point(key)))
    return s < L and all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))


def total(terms: list[tuple[int, Point]]) -> Point:
    """Return the sum of number times point over all terms, by the buckets of Pippenger: eight bits of every number at a time."""
    found = nought = (0, 1, 1, 0)
    for shift in range(248, -1, -8):
        buckets = [nought] * 256
        for number, one in terms:
            if digit := number >> shift & 255:
                buckets[digit] = add(buckets[digit], one)
        running = whole = nought
        for one in reversed(buckets[1:]):
            running = add(running, one)
            whole = add(whole, running)
        found = add(times(256, found), whole)
    return found


def are_signed(signed: list[tuple[str, bytes, str]]) -> bool:
    """Tell whether every (key, data, signature) holds, all at once: a sum of them with random weights holds only if each does."""
    terms: list[tuple[int, Point]] = []
    of_base, of_keys = 0, dict.fromkeys([key for key, _, _ in signed], 0)
    for key, data, signature_hex in signed:
        signature, weight = bytes.fromhex(signature_hex), secrets.randbits(128)
        s = int.from_bytes(signature[32:], "little")
        expect(s < L, "a signature is out of range")
        k = int.from_bytes(hashlib.sha512(signature[:32] + bytes.fromhex(key) + data).digest(), "little")
        of_base, of_keys[key] = (of_base + weight * s) % L, (of_keys[key] + weight * k) % L
        terms.append((weight, point(signature[:32])))
    terms += [(number, point(bytes.fromhex(key))) for key, number in of_keys.items()]
    x, y, z, _ = times(8, total([*terms, (L - of_base, BASE)]))
    return x % P == 0 and (y - z) % P == 0


# --- the log: a Merkle tree (RFC 6962) and its checkpoints -----------------------------------------------------------


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(frontier: list[bytes]) -> str:
    found = frontier[-1] if frontier else hashlib.sha256(b"").digest()
    for left in reversed(frontier[:-1]):
        found = node(left, found)
    return found.hex()


def roots(events: list[Any], sizes: set[int]) -> dict[int, str]:
    """Return size -> root of the tree of the first events. Raises Doubt for a missing event or a body that was changed."""
    frontier: list[bytes] = []
    found = {0: root([])}
    for number, event in enumerate(events, 1):
        expect(event["number"] == number, f"event {number} is missing")
        if "body" in event:
            expect(sha256("klash/1/body", event["salt"], canonical(event["body"])) == event["body_hash"], f"the body of event {number} was changed")
        leaf = [event[name] for name in ("number", "at", "actor", "what", "thing", "body_hash")]
        new, size = hashlib.sha256(b"\x00" + canonical(leaf).encode()).digest(), number - 1
        while size & 1:
            new, size = node(frontier.pop(), new), size >> 1
        frontier.append(new)
        if number in sizes:
            found[number] = root(frontier)
    return found


def latest_times(events: list[Any]) -> list[datetime]:
    """Return for each event the latest time of it and of those before it."""
    return list(accumulate((moment(event["at"]) for event in events), max))


def check_tree(tree: Any, keys: list[str]) -> int:
    """Return how many checkpoints hold. Each is signed, is what its blinded hash told while the competition ran, and heads these very events."""
    points, before, latest = tree["checkpoints"], 0, latest_times(tree["events"])
    expect(points and points[-1]["size"] == len(tree["events"]), f"{tree['origin']}: no checkpoint covers the whole log")
    found, signed = roots(tree["events"], {row["size"] for row in points}), []
    for row in points:
        told = f"{tree['origin']}: the checkpoint of {row['at']}"
        head, minute = base64.b64encode(bytes.fromhex(row["root"])).decode(), moment(row["at"]).isoformat(timespec="seconds")
        # The address of the server may change meanwhile; what a tree is called behind it may not.
        expect(row["origin"].partition("/")[2] == tree["origin"].partition("/")[2], f"{told} is of another log")
        text = f"{row['origin']}\n{row['size']}\n{head}\n{minute}\n".encode()
        expect(row["size"] >= before and found.get(row["size"]) == row["root"], f"{told} heads another log")
        is_in_time = not row["size"] or latest[row["size"] - 1] <= moment(row["published_at"]) + SLACK
        expect(is_in_time, f"{told} heads an event of a later time: a clock was moved")
        expect(row["key"] in keys, f"{told} has no valid signature")
        signed.append((row["key"], text, row["signature"]))
        before = row["size"]
    if not are_signed(signed):
        wrong = next(row["at"] for row, given in zip(points, signed, strict=True) if not is_signed(*given))
        raise Doubt(f"{tree['origin']}: the checkpoint of {wrong} has no valid signature")
    for row, (_, text, signature) in zip(points, signed, strict=True):
        blinded = hashlib.sha256(bytes.fromhex(row["nonce"]) + text + bytes.fromhex(signature)).hexdigest()
        expect(blinded == row["blinded"], f"{tree['origin']}: the checkpoint of {row['at']} is not the one that was published")
    return len(points)


# --- sealing: what was received in time is what was opened -----------------------------------------------------------


def check_sealing(events: list[Any]) -> int:
    """Return how many proposals were sealed. The set that was fixed is what stood at the deadline, and the times are on the right side of it."""
    deadline: Any = None
    standing: dict[str, str] = {}
    sealed: dict[str, list[str]] = {}
    opened = set()
    for event in events:
        body, kind, thing, at, told = event.get("body", {}), event["what"], event["thing"], moment(event["at"]), f"event {event['number']}"
        if kind in ("stage.added", "stage.moved") and thing.endswith("/proposals") or kind == "calendar.set":
            closes = moment(body["proposals"][1] if kind == "calendar.set" else body["to"] if kind == "stage.moved" else body["closes_at"])
            expect(kind != "stage.moved" or closes >= deadline and at <= deadline, f"{told}: the deadline was moved earlier, or after it had passed")
            deadline = closes
        elif kind.startswith("proposal.") or kind == "opening.fixed":
            expect(deadline is not None, f"{told}: the log does not tell the deadline")
        if kind in ("proposal.submitted", "proposal.withdrawn"):
            received = moment(body.get("received_at", event["at"]))
            expect(received <= deadline, f"{told}: a proposal that came after the deadline was taken as in time")
            standing = {**standing, thing: body["commitment"]} if kind == "proposal.submitted" else {key: one for key, one in standing.items() if key != thing}
        elif kind == "proposal.late":
            expect(moment(body.get("received_at", event["at"])) > deadline, f"{told}: a proposal that came in time was taken as late")
        elif kind == "proposal.late_admitted":
            expect(thing not in standing and body["reason"], f"{told}: a late proposal was let in without a reason, or in the place of another")
            standing[thing] = body["commitment"]
        elif kind == "opening.fixed":
            expect(at > deadline, f"{thing}: the set was fixed before the deadline")
            sealed[thing] = body["commitments"]
        elif kind == "opening.opened":
            expect(thing in sealed and len(sealed[thing]) == body["proposals"], f"{thing}: what was opened is not what was sealed")
        elif kind == "proposal.opened":
            opened.add(standing.get(thing))
    expect(sorted(sum(sealed.values(), [])) == sorted(standing.values()), "the sealed set is not the set that stood at the deadline")
    expect(opened == set(standing.values()), "the opened set is not the sealed set")
    return len(standing)


# --- clearing: what the jury read is what was opened, but for what the log tells was left out --------------------------


def check_clearing(round_: Any, jury: list[Any], identities: list[Any]) -> str:
    """Return what became of a challenge's copies. Each was cleared as the jury read it, or excluded by two persons with a reason."""
    award, shut = f"award/{round_['challenge']}", f"round/{round_['round']}"
    opens = next(row["number"] for row in jury if (row["what"], row["thing"]) == ("round.open", shut))
    codes = set(next(row["body"]["map"] for row in identities if (row["what"], row["thing"]) == ("award.identities_opened", award)))
    content: dict[str, str] = {}
    cleared: dict[str, str] = {}
    proposed: dict[str, str] = {}
    excluded: dict[str, int] = {}
    left_out = 0
    for event in jury:
        body, kind, code, told = event.get("body", {}), event["what"], event["thing"].partition("/")[2], f"event {event['number']}"
        if kind == "exclusion.proposed":
            proposed[code] = event["actor"]
        if code not in codes:
            continue
        if kind == "entry.written":
            content[code] = body["content"]
        elif kind in ("entry.redacted", "entry.restored"):
            expect(event["number"] < opens, f"{told}: a copy was changed after the jury had got it")
            expect(body["before"] == content.get(code), f"{told}: what was changed is not the copy that was there")
            expect(kind == "entry.restored" or body["reason"], f"{told}: something was left out of a copy without a reason")
            content[code], left_out = body["after"], left_out + (1 if kind == "entry.redacted" else -1)
        elif kind == "entry.cleared":
            expect(body["content"] == content.get(code), f"{told}: what was cleared is not the copy that was there")
            cleared[code] = body["content"]
        elif kind == "entry.excluded":
            by_two = body["reason"] and proposed.get(body["exclusion"], event["actor"]) != event["actor"]
            expect(by_two, f"{told}: one person alone excluded a copy, or without a reason")
            excluded[code] = event["number"]
    expect(set(content) == codes, f"{award}: the copies are not those of the sealed set")
    read = {code for code in codes if excluded.get(code, opens) >= opens}
    expect(all(cleared.get(code) == content[code] for code in read), f"{award}: the jury read a copy that was not cleared as it was")
    return f"{round_['challenge']}: {len(read)} copies cleared, {left_out} places left out, {len(excluded)} excluded"


# --- judging: all were final before the tally, the tally follows, the report was signed ------------------------------


def counted_reviews(events: list[Any], reviews: Any) -> tuple[dict[str, dict[str, Any]], str]:
    """Return entry -> reviewer -> scores, and the hash of all, of what was submitted last and not taken back, without the absent."""
    hashes: dict[str, str] = {}
    absent, excluded = set(), set()
    for event in events:
        kind, _, thing = event["thing"].partition("/")
        if event["what"] in ("review.submitted", "second_review.submitted") and thing in reviews:
            hashes[thing] = event["body"]["hash"]
        elif event["what"] == "review.recused":
            hashes.pop(thing, None)
        elif event["what"] in ("seat.absent", "seat.recused", "seat.declined"):
            absent.add(thing)
        elif event["what"] == "entry.excluded":
            excluded.add(thing)
    scores: dict[str, dict[str, Any]] = {}
    kept = []
    for thing, known in hashes.items():
        entry, _, reviewer = thing.rpartition("/")
        told = reviews[thing]
        comment = told["comment_hash"] if "comment_hash" in told else sha256("klash/1/comment", told["comment"])
        answer = [] if told.get("passes") is None else ["yes" if told["passes"] else "no"]
        given = sha256("klash/1/review", entry, reviewer, canonical(told["scores"]), comment, *answer)
        expect(given == known, f"review {thing} is not the one that was given")
        if reviewer not in absent and entry not in excluded:
            scores.setdefault(entry, {})[reviewer] = told["scores"]
            kept.append(known)
    return scores, sha256("klash/1/counted", *sorted(kept))


def mean(values: Any) -> Fraction:
    values = list(values)
    return sum(values, Fraction(0)) / len(values)


def median(values: Any) -> Fraction:
    ordered, half = sorted(values), len(values) // 2
    return mean(ordered[half - 1 + len(values) % 2 : half + 1])


def values_of(points: dict[str, dict[str, Fraction]], method: str) -> dict[str, Fraction]:
    if method != "borda":
        return {entry: (mean if method == "mean" else median)(list(of.values())) for entry, of in points.items()}
    found = {}
    for entry, of in points.items():
        shares = []
        for reviewer, own in of.items():
            others = [given[reviewer] for other, given in points.items() if other != entry and reviewer in given]
            if others:
                shares.append(mean(Fraction(1) if own > other else Fraction(1, 2) if own == other else Fraction(0) for other in others))
        found[entry] = mean(shares) if shares else Fraction(1, 2)
    return found


def rank(scores: dict[str, dict[str, Any]], announced: Any, lots: dict[str, str]) -> list[tuple[int, str, Fraction]]:
    """Return (place, entry, value) by the announced method and tie rule."""
    weights = {row["code"]: row["weight"] for row in announced["criteria"]}
    required = [row for row in announced["criteria"] if row.get("is_required", True)]
    points: dict[str, dict[str, Fraction]] = {entry: {} for entry in scores}
    for entry, of in scores.items():
        for reviewer, given in of.items():
            whole = given and {row["code"] for row in required} <= set(given) <= set(weights)
            expect(whole, f"review {entry}/{reviewer} lacks a score that is required, or scores what was not announced")
            # A criterion that was left out does not count: the mean is over the weights of the others.
            points[entry][reviewer] = Fraction(sum(weights[c] * v for c, v in given.items()), sum(weights[c] for c in given))
    values = values_of(points, announced["method"])
    heaviest = sorted(required, key=lambda row: -row["weight"])
    keys: dict[str, Any] = {}
    for entry, of in scores.items():
        ties = {"shared": (), "lot": (lots[entry],), "criteria": tuple(-mean(Fraction(given[row["code"]]) for given in of.values()) for row in heaviest)}
        keys[entry] = (-values[entry], ties[announced["tie_rule"]])
    return [(1 + sum(other < keys[entry] for other in keys.values()), entry, values[entry]) for entry in sorted(scores, key=lambda entry: (keys[entry], entry))]


def recount(events: list[Any], round_: Any) -> list[Any]:
    """Return the ranking of a round that follows from the log. Raises Doubt where the log tells another one."""
    own = {event["what"]: event for event in events if event["thing"] == f"round/{round_['round']}"}
    opened, told, complete = own["round.open"]["body"], own["round.counted"]["body"], own["round.complete"]["number"]
    late = [event["number"] for event in events[complete:] if event["thing"].partition("/")[2] in round_["reviews"] and "body" in event]
    expect(not late, f"event {late[:1]}: a review was given after the round was complete")
    expect(sha256("klash/1/announced", canonical(opened["announced"])) == opened["hash"], "the rules are not those that were announced")
    expect(sha256("klash/1/lot", told["lot"]) == opened["lot"], "the seed of the lot is not the one that was drawn when the round opened")
    scores, counted = counted_reviews(events, round_["reviews"])
    expect(counted == told["counted"], "the reviews that count are others")
    ranking = rank(scores, opened["announced"], {entry: sha256("klash/1/lot", told["lot"], counted, entry) for entry in scores})
    lines = [{"place": place, "entry": entry, "points": f"{value.numerator}/{value.denominator}"} for place, entry, value in ranking]
    expect(lines == told["ranking"], "the ranking is another one")
    return lines


def check_report(round_: Any, jury: list[Any], identities: list[Any]) -> None:
    """Every reviewer who counts signed one report, after the tally and before identities were opened, by two persons."""
    code, award = f"report/{round_['round']}", f"award/{round_['challenge']}"
    own = {event["what"]: event for event in jury if event["thing"] == code}
    steps = {event["what"]: event for event in identities if event["thing"] == award}
    signed = own["report.signed"]["body"]["hash"]
    signers = {event["actor"] for event in jury if event["what"] == "report.signature" and event["thing"] == code and event["body"]["hash"] == signed}
    scores, _ = counted_reviews(jury, round_["reviews"])
    expect({reviewer for of in scores.values() for reviewer in of} <= signers, f"{award}: not every reviewer signed the report")
    counted = next(event for event in jury if event["what"] == "round.counted" and event["thing"] == f"round/{round_['round']}")
    order = [counted["at"], own["report.signed"]["at"], steps["award.identities_opened"]["at"], steps["award.published"]["at"]]
    expect(order == sorted(order, key=moment), f"{award}: identities were opened before the report was signed")
    expect(steps["award.identities_requested"]["actor"] != steps["award.identities_opened"]["actor"], f"{award}: one person alone opened identities")
    expect(steps["award.report_taken"]["body"]["report_hash"] == signed, f"{award}: the decision rests on another report")
    opening = f"opening/{round_['challenge']}"
    sealed = next(event["body"]["commitments"] for event in identities if (event["what"], event["thing"]) == ("opening.fixed", opening))
    expect(sorted(steps["award.identities_opened"]["body"]["map"].values()) == sorted(sealed), f"{award}: the code names are not those of the sealed set")


# --- one's own receipt -----------------------------------------------------------------------------------------------


def check_receipt(receipt: Any, record: Any) -> str:
    """Return what became of the version of a receipt: "stood", "replaced", "late", or "late, admitted"."""
    told = {name: value for name, value in receipt.items() if name != "signature"}
    expect(receipt["key"] in record["keys"]["receipts"], "the receipt is signed with a key that the organiser does not name")
    expect(is_signed(receipt["key"], canonical(told).encode(), receipt["signature"]), "the signature of the receipt does not hold")
    manifest = hashlib.sha256(canonical(receipt["manifest"]).encode()).hexdigest()
    made = sha256("klash/1/sub", receipt["competition"], receipt["team_nonce"], receipt["server_nonce"], manifest)
    expect(made == receipt["commitment"], "the commitment of the receipt is not that of its parts")
    identities = record["trees"][0]["events"]
    events = [row for row in identities if row.get("body", {}).get("commitment") == made]
    expect(events, "the log does not know the receipt")
    known = moment(events[0]["body"].get("received_at", events[0]["at"]))
    expect(abs((known - moment(receipt["received_at"])).total_seconds()) < 0.001, "the log knows the receipt at another time")
    published = {row["blinded"] for tree in record["trees"] for row in tree["checkpoints"]}
    expect(set(receipt["checkpoints"]) <= published, "a checkpoint that the receipt carries is missing: the log was rewritten after it")
    sealed = {one for row in identities if row["what"] == "opening.fixed" for one in row["body"]["commitments"]}
    if events[0]["what"] == "proposal.late":
        return "late, admitted" if made in sealed else "late"
    return "stood" if made in sealed else "replaced"


CANNOT = (
    "It cannot prove that nobody with access to the server read a proposal before its time.",
    "It cannot prove that the server took every proposal that somebody tried to send; a receipt proves what it took.",
    "It cannot prove who stands behind a pseudonym, nor that a reviewer did not recognise a proposal by its style.",
    "It cannot prove that the keys in the record are the organiser's: compare them, and the hashes of checkpoints, with those that you or others kept.",
)


def check_round(export: Any) -> list[str]:
    """Return the ranking of one round's log, as an auditor gets it: whole in its hashes, told only where it is about the round."""
    size = len(export["events"])
    expect(roots(export["events"], {size})[size] == export["root"], "the events are not those of the log's root")
    return [f"{line['place']}. {line['entry']} {line['points']}" for line in recount(export["events"], export["round"])]


def check(record: Any) -> list[str]:
    """Return the sentences that hold, one a check. Raises Doubt at the first that does not."""
    if record["format"] == "klash-round/1":
        return check_round(record)
    expect(record["format"] == "klash-record/1", "this is not a record of the form that these lines know")
    identities, jury = record["trees"][0]["events"], record["trees"][1]["events"]
    found = [f"{tree['origin']}: {len(tree['events'])} events, {check_tree(tree, record['keys']['log'])} checkpoints" for tree in record["trees"]]
    found.append(f"sealed set = opened set: {check_sealing(identities)} proposals")
    for round_ in record["rounds"]:
        found.append(check_clearing(round_, jury, identities))
        lines = recount(jury, round_)
        check_report(round_, jury, identities)
        found.append(f"{round_['challenge']}: " + ", ".join(f"{line['place']}. {line['entry']} {line['points']}" for line in lines))
    return found


def main(files: list[str]) -> None:
    opened = []
    for name in files:
        with open(name, encoding="utf-8") as file:
            opened.append(json.load(file))
    record, *receipts = opened
    try:
        print("\n".join(check(record)))
        for receipt in receipts:
            print(f"receipt {receipt['receipt']}: {check_receipt(receipt, record)}")
    except (Doubt, KeyError, StopIteration, ValueError) as doubt:
        sys.exit(f"The result does not follow from the record: {doubt}.")
    print("\n".join(CANNOT))


if __name__ == "__main__":
    main(sys.argv[1:])
