"""I19: a programme that imports nothing of Klash and sees only the exported log gives the same ranking, to the last fraction."""

import ast
import io
import json
import random
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from klash.algo.tally import METHODS, TIE_RULES, rank
from klash.core import audit, merkle
from klash.core.models import AuditEvent
from klash.portal import verifier
from klash.reviewing import hashes, selectors, services
from tests.reviewing.conftest import MIDDLE, full, make_body

SOURCE = Path(verifier.__file__)


def test_the_programme_is_short_and_imports_nothing_of_klash():
    tree = ast.parse(SOURCE.read_text())
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {"base64", "hashlib", "itertools", "json", "secrets", "sys", "datetime", "fractions", "typing"}
    assert sum(bool(line.strip()) for line in SOURCE.read_text().splitlines()) < 360


def event(number, what, thing, body):
    """Make an event as `audit.record` does, without a database."""
    made = AuditEvent(number=number, at=MIDDLE + timedelta(minutes=number), actor="someone", what=what, thing=thing, body=json.loads(audit.canonical(body)), salt=f"{number:032x}")
    made.body_hash = audit._body_hash(made)
    return made


def export(events, reviews):
    """Return what `export_log` writes of these events; a seat's body stays hidden."""
    told = [selectors.exported_event(row, is_told=not row.thing.startswith("seat/")) for row in events]
    root = merkle.root_of([audit.leaf_of(row) for row in events]).hex()
    return json.loads(json.dumps({"format": "klash-round/1", "root": root, "round": {"round": "r1", "reviews": reviews}, "events": told}))


def lines_of(log):
    """Return the verifier's sentences of the same lines that Klash signs."""
    return [f"{line['place']}. {line['entry']} {line['points']}" for line in log]


def competition(seed):
    """Return the exported log of an invented round and its ranking as Klash counts it."""
    draw = random.Random(seed)
    criteria = [{"code": f"c{n}", "weight": draw.randint(1, 3)} for n in range(draw.randint(1, 3))]
    optional = {row["code"] for row in criteria[1:] if draw.random() < 0.4}
    criteria = [{**row, **({"is_required": False} if row["code"] in optional else {})} for row in criteria]
    announced = {"criteria": criteria, "method": draw.choice(METHODS), "tie_rule": draw.choice(TIE_RULES), "kind": "proposals", "is_blind": True, "quota": 1}
    entries, seats, lot_seed = [f"E-{n}" for n in range(draw.randint(1, 5))], [f"{n:032x}" for n in range(draw.randint(2, 4))], f"{draw.getrandbits(128):032x}"
    said = [("round.open", "round/r1", {"announced": announced, "hash": hashes.announced_hash(announced), "lot": hashes.lot_commitment(lot_seed)})]
    reviews, absent, gone = {}, set(seats[:1]) if draw.random() < 0.3 else set(), set()
    for entry in entries:
        for seat in seats:
            if seat == seats[-1] or draw.random() < 0.8:
                given = [row["code"] for row in criteria if row["code"] not in optional or draw.random() < 0.5]
                scores, comment = {code: draw.randint(1, 4) for code in given}, draw.choice(["", "Hyvä – ”ä”.", "€ \n\t x"])
                reviews[f"{entry}/{seat}"] = {"scores": scores, "comment": comment}
                said.append(("review.submitted", f"review/{entry}/{seat}", {"hash": hashes.review_hash(entry, seat, scores, comment)}))
                if seat != seats[-1] and draw.random() < 0.1:
                    gone.add((entry, seat))
                    said.append(("review.recused", f"review/{entry}/{seat}", {}))
    said += [("seat.absent", f"seat/{seat}", {"reason": "Sairas."}) for seat in absent] + [("round.complete", "round/r1", {})]
    counted = {}
    for thing, told in reviews.items():
        entry, _, seat = thing.rpartition("/")
        if seat not in absent and (entry, seat) not in gone:
            counted.setdefault(entry, {})[seat] = told
    whole = hashes.counted_hash([hashes.review_hash(entry, seat, told["scores"], told["comment"]) for entry, of in counted.items() for seat, told in of.items()])
    lots = {entry: hashes.lot(lot_seed, whole, entry) for entry in counted}
    weights = {row["code"]: row["weight"] for row in criteria}
    scores = {entry: {seat: told["scores"] for seat, told in of.items()} for entry, of in counted.items()}
    places = rank(scores, weights, announced["method"], announced["tie_rule"], lots, optional)
    lines = [selectors.signed_line(place) for place in places]
    said.append(("round.counted", "round/r1", {"ranking": lines, "lot": lot_seed, "counted": whole}))
    events = [event(number, what, thing, body) for number, (what, thing, body) in enumerate(said, 1)]
    return export(events, reviews), lines


def test_a_thousand_random_competitions_are_counted_alike():
    kinds, lacking = set(), 0
    for seed in range(1000):
        log, lines = competition(seed)
        assert verifier.check(log) == lines_of(lines), seed
        lacking += len({len(told["scores"]) for told in log["round"]["reviews"].values()}) > 1
        kinds.add((log["events"][0]["body"]["announced"]["method"], log["events"][0]["body"]["announced"]["tie_rule"]))
    assert len(kinds) == 9 and lacking > 200


def change_score(log):
    told = next(iter(log["round"]["reviews"].values()))["scores"]
    told["c0"] += 1


def change_weight(log):
    log["events"][0]["body"]["announced"]["criteria"][0]["weight"] += 1


def change_ranking(log):
    log["events"][-1]["body"]["ranking"].reverse()


FORGERIES = {
    "a score": (change_score, "is not the one that was given"), "a weight": (change_weight, "the body of event 1 was changed"),
    "the result": (change_ranking, "was changed"), "an event left out": (lambda log: log["events"].pop(1), "is missing"),
    "a time": (lambda log: log["events"][1].update(at="2020-01-01"), "not those of the log's root"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_log_is_doubted(name):
    log, _ = next(row for row in map(competition, range(50)) if len(row[1]) > 2)
    forge, words = FORGERIES[name]
    forge(log)
    with pytest.raises(verifier.Doubt, match=words):
        verifier.check(log)


def test_seeded_fault_a_tally_that_counts_otherwise_is_doubted():
    """A log whose hashes all hold, but whose ranking was counted in another way."""
    log, lines = next(row for row in map(competition, range(50)) if len(row[1]) > 2)
    forged = []
    for number, row in enumerate(log["events"], 1):
        body = row.get("body", {"reason": "Sairas."})
        if row["what"] == "round.counted":
            body = {**body, "ranking": [{**line, "place": 1} for line in lines]}
        forged.append(event(number, row["what"], row["thing"], body))
    with pytest.raises(verifier.Doubt, match="the ranking is another one"):
        verifier.check(export(forged, log["round"]["reviews"]))


@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("method", METHODS)
def test_real_rounds_are_counted_alike_from_what_the_command_writes(middle, tmp_path, method):
    body = make_body(is_open=False, jurors=3)
    services.set_up_round(actor=body.staff, round=body.round, method=method, tie_rule="lot")
    services.open_round(actor=body.staff, round=body.round)
    services.recuse(actor=body.jurors[1], entry=body.entry("K7-MESI"), kind="competence", reason="En tunne alaa.")
    services.recuse(actor=body.jurors[2], entry=body.entry("K7-MESI"), kind="family", reason="Läheinen.")
    for number, seat in enumerate((body.chair, *body.jurors[:2])):
        for code in body.codes:
            if (number, code) != (2, "K7-MESI"):
                services.submit_review(actor=seat, entry=body.entry(code), scores=full((number * 3 + len(code)) % 7), comment="Hyvä.")
    with pytest.raises(CommandError, match="a complete round"):
        call_command("export_log", body.round.code)
    services.complete_round(actor=body.staff, round=body.round)
    out = io.StringIO()
    call_command("export_log", body.round.code, stdout=out)
    log = json.loads(out.getvalue())
    counted = verifier.recount(log["events"], log["round"])
    assert [(line["place"], line["entry"]) for line in counted] == [(row.place, row.entry_code) for row in selectors.ranking(body.round)]
    file = tmp_path / "log.json"
    file.write_text(out.getvalue(), encoding="utf-8")
    run = subprocess.run([sys.executable, "-I", SOURCE, file], capture_output=True, text=True, check=True)
    assert run.stdout.startswith("1. ") and len(run.stdout.splitlines()) == 3 + len(verifier.CANNOT)
