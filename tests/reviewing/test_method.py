"""The announced method and tie rule: set before the opening, frozen by it, and counted by one function everywhere (A29, A35, I20)."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from klash.algo.tally import rank
from klash.core import audit
from klash.core.databases import reviewing
from klash.core.errors import Denied, Refused
from klash.core.models import AuditEvent
from klash.reviewing import bridge, hashes, selectors, services
from klash.reviewing.models import Criterion, Entry, Round
from klash.reviewing.services import rounds
from klash.rules.reasons import Reason
from tests.reviewing.conftest import CHAIN, CRITERIA, full, make_body, new_entry, words

pytestmark = pytest.mark.django_db(databases="__all__")
# Reviewer number -> points: by the mean B1 is first, by the median C1, by Borda A1.
SPLIT = [{"A1": 10, "B1": 6, "C1": 7}, {"A1": 10, "B1": 6, "C1": 7}, {"A1": 1, "B1": 6, "C1": 7}, {"A1": 1, "B1": 6, "C1": 0}, {"A1": 1, "B1": 6, "C1": 0}]
LEVEL = {"A1": {"impact": 4, "innovativeness": 8, "scalability": 5}, "B1": {"impact": 7, "innovativeness": 4, "scalability": 5}, "C1": full(1)}
REASONS = {code: f"Perustelu {code}." for code in LEVEL}


def prepared(method="mean", tie_rule="shared", **more):
    body = make_body(**{"codes": ("A1", "B1", "C1"), "is_open": False, **more})
    services.set_up_round(actor=body.staff, round=body.round, method=method, tie_rule=tie_rule)
    services.open_round(actor=body.staff, round=body.round)
    return body


def split(method, tie_rule="shared"):
    body = prepared(method, tie_rule, jurors=4)
    body.complete(value=lambda number, code: SPLIT[number][code])
    return body


def level(tie_rule):
    body = prepared(tie_rule=tie_rule)
    body.complete(value=lambda number, code: LEVEL[code])
    return body


def events(what):
    return [event.body for event in AuditEvent.objects.using(reviewing()).filter(what=what).order_by("pk")]


def refused(act, **given):
    with pytest.raises((Refused, Denied)) as refusal:
        act(**given)
    return refusal.value.reason


@pytest.mark.parametrize(("method", "told"), [
    ("mean", [(1, "B1", Fraction(6)), (2, "A1", Fraction(23, 5)), (3, "C1", Fraction(21, 5))]),
    ("median", [(1, "C1", Fraction(7)), (2, "B1", Fraction(6)), (3, "A1", Fraction(1))]),
    ("borda", [(1, "A1", Fraction(3, 5)), (2, "B1", Fraction(1, 2)), (3, "C1", Fraction(2, 5))]),
])
def test_one_tally_is_told_by_page_report_log_and_verify(middle, method, told):
    body = split(method)
    counted = [(line.place, line.entry, line.points) for line in bridge.rank_round(body.round)]
    page = [(row.place, row.entry_code, row.points) for row in selectors.ranking(body.round)]
    as_signed = [{"place": place, "entry": entry, "points": f"{points.numerator}/{points.denominator}"} for place, entry, points in told]
    report = services.draft_report(actor=body.chair, round=body.round, reasons=REASONS)
    assert (counted, page, report.ranking, events("round.counted")[-1]["ranking"]) == (told, told, as_signed, as_signed)
    assert selectors.verify_results() == []
    assert selectors.rank_of(body.round, "A1").points == told[[entry for _, entry, _ in told].index("A1")][2]


def test_one_tally_seeded_fault_another_count_is_seen(middle, monkeypatch):
    body = split("mean")
    monkeypatch.setattr(selectors.results, "_tally", [lambda round_: rank({"A1": {"x": full(5)}}, {row["code"]: row["weight"] for row in CRITERIA})])
    code = body.round.code
    assert selectors.verify_results() == [
        f"round {code}: the places of its entries do not follow from the reviews", f"round {code}: the result in the log does not follow from the reviews"
    ]


@pytest.mark.parametrize(("tie_rule", "told"), [("shared", [(1, "A1"), (1, "B1"), (3, "C1")]), ("criteria", [(1, "B1"), (2, "A1"), (3, "C1")])])
def test_ties_follow_the_announced_rule(middle, tie_rule, told):
    rows = selectors.ranking(level(tie_rule).round)
    assert [(row.place, row.entry_code) for row in rows] == told and [row.is_level for row in rows] == [True, True, False]
    assert [row.points for row in rows[:2]] == [Fraction(11, 2)] * 2


def test_levels_are_told_across_the_pages_of_a_list(middle):
    round_ = level("shared").round
    assert [row.is_level for start in range(3) for row in selectors.ranking(round_, start=start, limit=1)] == [True, True, False]


def test_a_lot_is_promised_at_the_opening_and_told_at_the_end(middle):
    body = prepared(tie_rule="lot")
    promised = events("round.open")[-1]["lot"]
    assert body.round.lot_seed not in str([event.body for event in AuditEvent.objects.using(reviewing()).all()])
    body.complete(value=lambda number, code: LEVEL[code])
    told = events("round.counted")[-1]
    assert hashes.lot_commitment(told["lot"]) == promised
    order = sorted(["A1", "B1"], key=lambda code: hashes.lot(told["lot"], told["counted"], code))
    assert [(row.place, row.entry_code) for row in selectors.ranking(body.round)] == [(1, order[0]), (2, order[1]), (3, "C1")]


def test_a_lot_falls_both_ways_and_hangs_on_seed_and_reviews_alike():
    def first(seed, counted):
        return min(["A1", "B1"], key=lambda code: hashes.lot(seed, counted, code))

    assert {first(str(seed), "x") for seed in range(20)} == {"A1", "B1"} == {first("x", str(counted)) for counted in range(20)}


def test_verify_sees_a_seed_that_was_chosen_afterwards(middle):
    body = level("lot")
    Round.objects.using(reviewing()).update(lot_seed="0" * 32)
    found = selectors.verify_results()
    assert f"round {body.round.code}: the seed of the lot is not the one that was drawn when it opened" in found


# criteria_frozen

ROUTES = {
    "method": lambda body: services.set_up_round(actor=body.staff, round=body.round, method="borda", tie_rule="lot"),
    "loads": lambda body: services.set_up_round(actor=body.staff, round=body.round, reviews_per_entry=1),
    "another entry": lambda body: services.write_entries(actor=body.staff, round=body.round, entries=[new_entry("Z9")]),
}


@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize("is_complete", [False, True])
def test_criteria_frozen_by_every_setting(middle, name, is_complete):
    body = prepared()
    before = hashes.announced(body.round)
    if is_complete:
        body.complete()
    assert refused(ROUTES[name], body=body) is Reason.FROZEN
    assert hashes.announced(Round.objects.using(reviewing()).get()) == before


def test_criteria_frozen_against_a_round_made_again_with_other_criteria(middle):
    body = prepared()
    before = hashes.announced(body.round)
    other = [{**row, "weight": 50} for row in CRITERIA]
    again = services.make_round(
        actor=body.staff, key=body.round.key, chain=CHAIN, kind="proposals", competition_name="Muu", title=words("x", "x", "x"), intro=words("x", "x", "x"),
        is_blind=False, is_invented=True, opens_at=middle, closes_at=middle + timedelta(days=9), criteria=other, quota=3,
    )
    assert (again.pk, hashes.announced(again)) == (body.round.pk, before)


SPOILS = {
    "weight": lambda: Criterion.objects.using(reviewing()).filter(code="impact").update(weight=F("weight") + 1),
    "scale": lambda: Criterion.objects.using(reviewing()).filter(code="impact").update(scale_max=11),
    "method": lambda: Round.objects.using(reviewing()).update(method="borda"),
    "tie rule": lambda: Round.objects.using(reviewing()).update(tie_rule="lot"),
    "quota": lambda: Round.objects.using(reviewing()).update(quota=2),
    "the hash too": lambda: Round.objects.using(reviewing()).update(method="borda", announced_hash="0" * 64),
}


@pytest.mark.parametrize("name", SPOILS)
def test_criteria_frozen_hash_at_the_opening_is_the_hash_at_the_tally(middle, name):
    body = prepared()
    body.submit_all()
    SPOILS[name]()
    assert refused(services.complete_round, actor=body.staff, round=body.round) is Reason.FROZEN
    assert not Entry.objects.using(reviewing()).exclude(place=None).exists()


@pytest.mark.parametrize("name", SPOILS)
def test_criteria_frozen_seeded_fault_verify_sees_what_the_tally_let_pass(middle, name, monkeypatch):
    body = prepared()
    body.submit_all()
    SPOILS[name]()
    monkeypatch.setattr(rounds, "announced_hash", lambda content: Round.objects.using(reviewing()).get().announced_hash)
    services.complete_round(actor=body.staff, round=body.round)
    with pytest.raises(CommandError, match="not those (that were announced|under which it opened)"):
        call_command("verify", verbosity=0)


def test_the_log_tells_at_the_opening_what_was_announced(middle):
    body = prepared("borda", "criteria")
    told = events("round.open")[-1]
    assert told["announced"] == hashes.announced(body.round) and told["announced"]["method"] == "borda"
    assert told["hash"] == body.round.announced_hash == hashes.announced_hash(told["announced"])
    assert [(row["method"], row["tie_rule"]) for row in events("round.set_up")] == [("borda", "criteria")]


def test_set_up_refuses_strangers_and_unknown_rules(middle):
    body = make_body(is_open=False)
    assert refused(services.set_up_round, actor=body.chair, round=body.round, method="mean", tie_rule="lot") is Reason.NO_ROLE
    assert refused(services.set_up_round, actor=body.staff, round=body.round, method="mode", tie_rule="lot") is Reason.INCOMPLETE
    assert refused(services.set_up_round, actor=body.staff, round=body.round, method="mean", tie_rule="age") is Reason.INCOMPLETE
    assert services.set_up_round(actor=audit.System(), round=body.round, method="median", tie_rule="lot").method == "median"


@pytest.mark.parametrize(("language", "method", "rule"), [
    ("", "Ilmoitettu menetelmä on arvioijien painotettujen keskiarvojen mediaani", "arvonta"),
    ("/sv", "Den meddelade metoden är medianen av bedömarnas vägda medelvärden", "lott"),
    ("/en", "The announced method is the median of the reviewers’ weighted means", "a recorded lot decides"),
])
def test_a_reviewer_reads_method_and_tie_rule_before_and_after(client, middle, language, method, rule):
    body = prepared("median", "lot")
    client.force_login(body.people[body.jurors[0].handle])
    pages = [client.get(f"{language}/review/{body.round.code}/").content.decode()]
    body.complete()
    pages.append(client.get(f"{language}/review/{body.round.code}/result/").content.decode())
    assert [(method in page, rule in page) for page in pages] == [(True, True)] * 2
