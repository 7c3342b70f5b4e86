"""Count a round's result again from its exported log alone. Imports nothing of Klash: whoever doubts the result may read these lines and run them.

`python scripts/recount.py FILE` reads what `klash export_log ROUND` wrote, prints the ranking, and ends with an error where something does not follow.
"""

import hashlib
import json
import sys
from fractions import Fraction


class Doubt(Exception):
    """Something in the log does not follow."""


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part.encode()).to_bytes(8, "big") + part.encode())
    return digest.hexdigest()


def expect(holds, words):
    if not holds:
        raise Doubt(words)


def check_chain(events):
    """Follow the hashes from the first event; a body that is told must be the one that was hashed."""
    before = "0" * 64
    for number, event in enumerate(events, 1):
        expect(event["number"] == number, f"event {number} is missing")
        if "body" in event:
            expect(sha256("klash/1/body", event["salt"], canonical(event["body"])) == event["body_hash"], f"the body of event {number} was changed")
        parts = (before, str(number), event["at"], event["actor"], event["what"], event["thing"], event["body_hash"])
        before = sha256("klash/1/event", *parts)
        expect(before == event["hash"], f"event {number} does not follow from the one before it")


def counted_reviews(log):
    """Return entry -> reviewer -> scores, and the hashes, of what was submitted last and not taken back, without the absent."""
    hashes, absent = {}, set()
    for event in log["events"]:
        kind, _, thing = event["thing"].partition("/")
        if event["what"] in ("review.submitted", "second_review.submitted") and thing in log["reviews"]:
            hashes[thing] = event["body"]["hash"]
        elif event["what"] == "review.recused":
            hashes.pop(thing, None)
        elif event["what"] in ("seat.absent", "seat.recused", "seat.declined"):
            absent.add(thing)
    scores, kept = {}, []
    for thing, known in hashes.items():
        entry, _, reviewer = thing.rpartition("/")
        told = log["reviews"][thing]
        answer = [] if told.get("passes") is None else ["yes" if told["passes"] else "no"]
        expect(sha256("klash/1/review", entry, reviewer, canonical(told["scores"]), told["comment"], *answer) == known, f"review {thing} is not the one that was given")
        if reviewer not in absent:
            scores.setdefault(entry, {})[reviewer] = told["scores"]
            kept.append(known)
    return scores, sha256("klash/1/counted", *sorted(kept))


def mean(values):
    values = list(values)
    return sum(values, Fraction(0)) / len(values)


def median(values):
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def values_of(points, method):
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


def rank(scores, announced, lots):
    """Return [(place, entry, value)] by the announced method and tie rule."""
    weights = {row["code"]: row["weight"] for row in announced["criteria"]}
    required = [row for row in announced["criteria"] if row.get("is_required", True)]
    points = {entry: {} for entry in scores}
    for entry, of in scores.items():
        for reviewer, given in of.items():
            whole = given and {row["code"] for row in required} <= set(given) <= set(weights)
            expect(whole, f"review {entry}/{reviewer} lacks a score that is required, or scores what was not announced")
            # A criterion that was left out does not count: the mean is over the weights of the others.
            points[entry][reviewer] = Fraction(sum(weights[c] * v for c, v in given.items()), sum(weights[c] for c in given))
    values = values_of(points, announced["method"])
    heaviest = sorted(required, key=lambda row: -row["weight"])
    keys = {}
    for entry in scores:
        ties = {"shared": (), "lot": (lots[entry],), "criteria": tuple(-mean(Fraction(of[row["code"]]) for of in scores[entry].values()) for row in heaviest)}
        keys[entry] = (-values[entry], ties[announced["tie_rule"]])
    return [(1 + sum(other < keys[entry] for other in keys.values()), entry, values[entry]) for entry in sorted(scores, key=lambda entry: (keys[entry], entry))]


def recount(log):
    """Return the ranking that follows from the log. Raises Doubt where the log does not hold or tells another one."""
    check_chain(log["events"])
    own = {event["what"]: event["body"] for event in log["events"] if event["thing"] == f"round/{log['round']}" and "body" in event}
    opened, told = own["round.open"], own["round.counted"]
    expect(sha256("klash/1/announced", canonical(opened["announced"])) == opened["hash"], "the rules are not those that were announced")
    expect(sha256("klash/1/lot", told["lot"]) == opened["lot"], "the seed of the lot is not the one that was drawn when the round opened")
    scores, counted = counted_reviews(log)
    expect(counted == told["counted"], "the reviews that count are others")
    ranking = rank(scores, opened["announced"], {entry: sha256("klash/1/lot", told["lot"], counted, entry) for entry in scores})
    lines = [{"place": place, "entry": entry, "points": f"{value.numerator}/{value.denominator}"} for place, entry, value in ranking]
    expect(lines == told["ranking"], "the ranking is another one")
    return lines


if __name__ == "__main__":
    try:
        with open(sys.argv[1], encoding="utf-8") as file:
            for line in recount(json.load(file)):
                print(f"{line['place']}. {line['entry']} {line['points']}")
    except Doubt as doubt:
        sys.exit(f"The result does not follow from the log: {doubt}.")
