"""Entries are dealt out, by hand or by the machine, and a reviewer can step aside."""

import pytest

from klash.core import audit
from klash.core.databases import reviewing
from klash.core.errors import Denied, Refused
from klash.core.models import AuditEvent
from klash.reviewing import selectors, services
from klash.reviewing.models import Conflict, Entry, Review, Round, Seat
from klash.reviewing.receivers import faults_of_assignments
from klash.rules.reasons import Reason
from klash.rules.states import ReviewState
from tests.reviewing.conftest import full, make_body
from tests.reviewing.test_services import refusal

pytestmark = pytest.mark.django_db(databases="__all__")
CODES = tuple(f"P{number}" for number in range(8))


@pytest.fixture
def panel(middle):
    """Eight entries with names, five reviewers, not open yet."""
    return make_body(codes=CODES, is_blind=False, is_open=False, jurors=4)


def dealt(body):
    rows = Review.objects.using(reviewing()).filter(seat__round=body.round, place__isnull=False)
    return sorted(rows.values_list("entry__code", "seat__handle"))


def fresh(seat):
    return Seat.objects.using(reviewing()).select_related("round").get(pk=seat.pk)


def test_the_machine_deals_out_evenly_and_nothing_before_a_person_applies_it(panel):
    services.set_up_round(actor=panel.staff, round=panel.round, reviews_per_entry=3)
    content = services.suggest_assignment(actor=panel.staff, round=panel.round).content
    assert (len(content["pairs"]), content["unmet"], content["least"], content["most"], dealt(panel)) == (24, {}, 4, 5, [])
    assert services.apply_suggestion(actor=panel.staff, round=panel.round) == 24
    by_entry = [sum(code == one for one, _ in dealt(panel)) for code in CODES]
    assert (by_entry, dealt(panel), selectors.suggestion_of(panel.round)) == ([3] * 8, sorted(map(tuple, content["pairs"])), None)
    services.open_round(actor=panel.staff, round=panel.round)
    assert [len(selectors.own_entries(seat)) for seat in map(fresh, panel.seats)] == [fresh(seat).assigned_count for seat in panel.seats]
    assert selectors.progress(panel.round) == (0, 24)


def test_a_part_is_applied_and_a_top_up_moves_nothing(panel):
    services.set_up_round(actor=panel.staff, round=panel.round, reviews_per_entry=2)
    pairs = services.suggest_assignment(actor=panel.staff, round=panel.round).content["pairs"]
    services.apply_suggestion(actor=panel.staff, round=panel.round, pairs=[tuple(pair) for pair in pairs[:5]] + [("P0", "nobody")])
    before = dealt(panel)
    assert before == sorted(tuple(pair) for pair in pairs[:5])
    more = services.suggest_assignment(actor=panel.staff, round=panel.round).content
    assert (len(more["pairs"]), {tuple(pair) for pair in more["pairs"]} & set(before)) == (11, set())
    services.apply_suggestion(actor=panel.staff, round=panel.round)
    assert set(before) < set(dealt(panel))


def test_a_conflict_bars_the_pair_by_machine_and_by_hand(panel):
    chair = panel.chair.handle
    assert services.record_conflicts(actor=panel.staff, round=panel.round, found=[("P0", chair, "municipality"), ("XX", chair, "other")]) == 1
    services.set_up_round(actor=panel.staff, round=panel.round, reviews_per_entry=5)
    content = services.suggest_assignment(actor=panel.staff, round=panel.round).content
    assert (["P0", chair] in content["pairs"], content["unmet"]) == (False, {"P0": 1})
    assert refusal(services.assign, actor=panel.staff, round=panel.round, pairs=[("P0", chair)]) == (Refused, Reason.CONFLICT)


def test_everyone_reviews_everything_but_what_a_conflict_bars(middle):
    body = make_body(codes=CODES, is_blind=False, is_open=False, jurors=1)
    services.record_conflicts(actor=body.staff, round=body.round, found=[("P3", body.chair.handle, "municipality")])
    services.open_round(actor=body.staff, round=body.round)
    assert [fresh(seat).assigned_count for seat in body.seats] == [7, 8]


def test_assign_refuses_strangers_and_leaves_what_is_there(panel):
    handle, other = panel.chair.handle, make_body(codes=("X1",), is_blind=False, is_open=False)
    assert services.assign(actor=panel.staff, round=panel.round, pairs=[("P0", handle)]) == 1
    assert services.assign(actor=panel.staff, round=panel.round, pairs=[("P0", handle), ("P1", handle)]) == 1
    for pair in (("X1", handle), ("P2", other.chair.handle)):
        assert refusal(services.assign, actor=panel.staff, round=panel.round, pairs=[pair, ("P2", handle)]) == (Refused, Reason.INCOMPLETE)
    assert refusal(services.assign, actor=panel.chair, round=panel.round, pairs=[("P2", handle)]) == (Denied, Reason.NO_ROLE)
    assert dealt(panel) == [("P0", handle), ("P1", handle)]
    bodies = AuditEvent.objects.using(reviewing()).filter(what="round.assigned").order_by("number")
    assert [event.body["pairs"] for event in bodies] == [[["P0", handle]], [["P1", handle]]]


def test_what_has_begun_is_not_taken_back(panel):
    services.set_up_round(actor=panel.staff, round=panel.round, reviews_per_entry=1)
    handle = panel.chair.handle
    services.assign(actor=panel.staff, round=panel.round, pairs=[(code, handle) for code in CODES])
    services.open_round(actor=panel.staff, round=panel.round)
    services.save_review(actor=fresh(panel.chair), entry=panel.entry("P0"), scores={"impact": 5}, comment="")
    both = {"actor": panel.staff, "round": panel.round, "pairs": [("P0", handle), ("P1", handle)]}
    assert refusal(services.unassign, **both) == (Refused, Reason.HAS_BEGUN)
    assert services.unassign(**{**both, "pairs": [("P1", handle)]}) == 1
    assert (fresh(panel.chair).assigned_count, [row.place for row in Review.objects.using(reviewing()).order_by("place")]) == (7, list(range(1, 8)))
    assert refusal(services.save_review, actor=fresh(panel.chair), entry=panel.entry("P1"), scores={}, comment="") == (Denied, Reason.NOT_YOURS)


def test_a_round_does_not_open_with_an_entry_that_nobody_may_judge(panel):
    services.set_up_round(actor=panel.staff, round=panel.round, reviews_per_entry=1)
    services.assign(actor=panel.staff, round=panel.round, pairs=[(code, panel.chair.handle) for code in CODES[1:]])
    assert refusal(services.open_round, actor=panel.staff, round=panel.round) == (Refused, Reason.NOBODY_JUDGES)
    assert Round.objects.using(reviewing()).get(pk=panel.round.pk).state == "draft"


@pytest.mark.parametrize("wish", [{"reviews_per_entry": 0}, {"reviews_per_entry": 2, "load_min": 3, "load_max": 2}])
def test_loads_that_contradict_each_other_are_refused(panel, wish):
    assert refusal(services.set_up_round, actor=panel.staff, round=panel.round, **wish) == (Refused, Reason.INCOMPLETE)


def test_loads_are_frozen_when_the_round_opens(body):
    assert refusal(services.set_up_round, actor=body.staff, round=body.round, reviews_per_entry=2) == (Refused, Reason.FROZEN)


def test_whoever_steps_aside_in_an_open_round_loses_the_entry_and_its_scores(middle):
    body = make_body(codes=("A1", "B1"), is_blind=False)
    services.submit_review(actor=body.chair, entry=body.entry("A1"), scores=full(9), comment="Hyvä.")
    for seat in body.jurors:
        services.submit_review(actor=seat, entry=body.entry("A1"), scores=full(2), comment="")
    services.recuse(actor=fresh(body.chair), entry=body.entry("A1"), kind="municipality", reason="Oma kuntani.")
    kept = Review.objects.using(reviewing()).get(seat=body.chair, entry__code="A1")
    assert (kept.state, kept.scores, kept.place) == (ReviewState.RECUSED, full(9), None)
    assert (body.entry("A1").points, body.entry("A1").review_count) == (400, 2)
    assert [row.code for row in selectors.own_entries(fresh(body.chair))] == ["B1"]
    assert (fresh(body.chair).is_absent, fresh(body.chair).assigned_count, fresh(body.chair).submitted_count) == (False, 1, 0)
    for seat in (fresh(body.chair), *body.jurors):
        services.submit_review(actor=seat, entry=body.entry("B1"), scores=full(3), comment="")
    services.complete_round(actor=body.staff, round=body.round)
    assert [(row.entry_code, row.points) for row in selectors.ranking(body.round)] == [("B1", 3), ("A1", 2)]
    assert selectors.verify_results() == []


def test_recusal_silent(body):
    """In a blind round a conflict takes the reviewer out of the whole round; what is missing and what is logged tell of no entry (S44)."""
    for code in ("K7-MESI", "R2-HAKA"):
        services.submit_review(actor=body.jurors[0], entry=body.entry(code), scores=full(9), comment="")
    services.recuse(actor=body.jurors[0], entry=body.entry("T9-LUMO"), kind="employment", reason="Työnantajani.")
    assert list(Entry.objects.using(reviewing()).order_by("code").values_list("points", "review_count")) == [(0, 0)] * 3
    assert set(Review.objects.using(reviewing()).filter(seat=body.jurors[0]).values_list("state", flat=True)) == {"draft", "submitted"}
    told = AuditEvent.objects.using(reviewing()).order_by("-number").first()
    assert (told.what, told.thing, told.body) == ("seat.recused", f"seat/{body.jurors[0].handle}", {})
    assert refusal(services.save_review, actor=fresh(body.jurors[0]), entry=body.entry("K7-MESI"), scores={}, comment="") == (Denied, Reason.NOT_YOURS)
    assert selectors.seat_in(body.people[body.jurors[0].handle], body.round.code) is None
    assert Conflict.objects.using(reviewing()).values_list("kind", "is_declared").get() == ("employment", True)


def test_who_knows_whose_it_is_leaves_the_whole_round(body, client):
    seat = body.jurors[0]
    client.force_login(body.people[seat.handle])
    entry, page = (f"/en/review/{body.round.code}/T9-LUMO/{tail}" for tail in ("", "recuse/?knows"))
    assert "?knows" in client.get(entry).content.decode()
    told = client.get(page).content.decode()
    assert "<h1>I think I know whose this is</h1>" in told and "do not try to make sure" in told and '<option value="recognised" selected>' in told
    assert client.post(page, {"kind": "recognised", "reason": "Luin siitä lehdestä."}).status_code == 302
    assert fresh(seat).is_absent and Conflict.objects.using(reviewing()).get().kind == "recognised"
    told = AuditEvent.objects.using(reviewing()).order_by("-number").first()
    assert (told.what, told.thing, told.body) == ("seat.recused", f"seat/{seat.handle}", {})


def test_recusal_silent_when_the_conflict_was_found(body):
    """What the software finds leaves the same trace as a reviewer's own stepping aside, and neither row nor event names an entry (S44)."""
    seat = body.jurors[0]
    for code in ("K7-MESI", "R2-HAKA"):
        services.submit_review(actor=seat, entry=body.entry(code), scores=full(9), comment="")
    before = AuditEvent.objects.using(reviewing()).count()
    assert services.stand_down(actor=audit.System(), seat=fresh(seat)) is True
    assert services.stand_down(actor=audit.System(), seat=fresh(seat)) is False
    assert list(Entry.objects.using(reviewing()).order_by("code").values_list("points", "review_count")) == [(0, 0)] * 3
    assert set(Review.objects.using(reviewing()).filter(seat=seat).values_list("state", flat=True)) == {"draft", "submitted"}
    told = AuditEvent.objects.using(reviewing()).order_by("-pk").first()
    assert (told.what, told.thing, told.body) == ("seat.recused", f"seat/{seat.handle}", {})
    assert (AuditEvent.objects.using(reviewing()).count(), Conflict.objects.using(reviewing()).exists()) == (before + 1, False)
    assert selectors.verify_results() == []
    assert refusal(services.stand_down, actor=seat, seat=fresh(body.chair)) == (Denied, Reason.NO_ROLE)


def test_a_blind_round_takes_no_conflict_that_names_an_entry(body):
    """Without this guard a row would tell whose entry it was: see the control in tests/proposals/test_conflicts.py."""
    found = {"actor": audit.System(), "round": body.round, "found": [("K7-MESI", body.chair.handle, "employment")]}
    assert refusal(services.record_conflicts, **found) == (Refused, Reason.WRONG_STATE)
    assert not Conflict.objects.using(reviewing()).exists()


def test_nothing_is_found_in_a_round_that_is_complete(middle):
    blind, named = make_body(), make_body(codes=("A1", "B1"), is_blind=False)
    for one in (blind, named):
        one.complete()
    assert services.stand_down(actor=audit.System(), seat=fresh(blind.chair)) is False
    found = [(named.codes[0], named.chair.handle, "employment")]
    assert services.record_conflicts(actor=audit.System(), round=named.round, found=found) == 0
    assert selectors.verify_results() == []


def test_a_conflict_that_is_found_frees_what_it_bars(middle):
    """Not begun: the place is open again. Begun or submitted: out of the tally, kept in the record."""
    body = make_body(codes=("A1", "B1", "C1", "D1"), is_blind=False)
    chair, other = body.chair, body.jurors[0]
    services.submit_review(actor=chair, entry=body.entry("A1"), scores=full(9), comment="Hyvä.")
    services.save_review(actor=fresh(chair), entry=body.entry("B1"), scores={"impact": 3}, comment="")
    services.submit_review(actor=other, entry=body.entry("A1"), scores=full(2), comment="")
    found = [(code, chair.handle, "ownership") for code in ("A1", "B1", "C1")]
    assert services.record_conflicts(actor=audit.System(), round=body.round, found=found) == 3
    assert services.record_conflicts(actor=audit.System(), round=body.round, found=found) == 0
    rows = Review.objects.using(reviewing()).filter(seat=chair).order_by("entry__code").values_list("entry__code", "state", "place")
    assert list(rows) == [("A1", "recused", None), ("B1", "recused", None), ("D1", "draft", 1)]
    assert (fresh(chair).assigned_count, fresh(chair).submitted_count) == (1, 0)
    assert (body.entry("A1").points, body.entry("A1").review_count) == (200, 1)
    assert refusal(services.submit_review, actor=fresh(chair), entry=body.entry("B1"), scores=full(3), comment="") == (Denied, Reason.NOT_YOURS)
    assert selectors.verify_results() == [] == faults_of_assignments()


def test_lack_of_competence_takes_away_one_entry_of_a_blind_round(body):
    services.recuse(actor=body.jurors[0], entry=body.entry("T9-LUMO"), kind="competence", reason="En tunne alaa.")
    assert (fresh(body.jurors[0]).is_absent, fresh(body.jurors[0]).assigned_count) == (False, 2)


@pytest.mark.parametrize(("kind", "reason", "why"), [("employment", " ", Reason.NO_REASON_GIVEN), ("dislike", "Syy.", Reason.INCOMPLETE)])
def test_stepping_aside_needs_a_known_kind_and_a_reason(body, kind, reason, why):
    assert refusal(services.recuse, actor=body.chair, entry=body.entry("K7-MESI"), kind=kind, reason=reason) == (Refused, why)


def test_nobody_steps_aside_after_the_deadline(body, late):
    with late():
        refused = refusal(services.recuse, actor=body.chair, entry=body.entry("K7-MESI"), kind="other", reason="Syy.")
    assert refused == (Denied, Reason.DEADLINE_PASSED)
