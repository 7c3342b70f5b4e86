"""What bodies and their organisers do in a round: the happy path, then each refusal from the same setup."""

import json
from fractions import Fraction

import pytest

from klash.accounts import services as accounts
from klash.core import audit, clock
from klash.core.databases import reviewing
from klash.core.errors import Denied, IllegalMove, Refused
from klash.core.models import AuditEvent
from klash.reviewing import selectors, services
from klash.reviewing.models import Criterion, Entry, EntryFile, Review, Round, Seat, Signature
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import ReportState, ReviewState, RoundState
from tests.guards import unguard
from tests.reviewing.conftest import CHAIN, CLOSES, CODES, CRITERIA, OPENS, full, make_body, new_entry, words

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)
REASONS = {code: f"Sijan perustelu {code}." for code in CODES}


def make_person(name, *, role=None, competition=CHAIN):
    person = accounts.create_account(email=f"{name}@example.org", name=name, is_invented=True)
    if role:
        accounts.grant_role(actor=audit.System(), person=person, role=role, competition=competition)
    return person


def round_columns(**more):
    return {
        "key": "proposals/one", "chain": CHAIN, "kind": "proposals", "competition_name": "Klash", "title": words("a", "b", "c"), "intro": words("a", "b", "c"),
        "is_blind": True, "is_invented": True, "opens_at": OPENS, "closes_at": CLOSES, "criteria": CRITERIA, **more,
    }


def refusal(act, **arguments):
    with pytest.raises((Denied, Refused, IllegalMove)) as caught:
        act(**arguments)
    return type(caught.value), caught.value.reason


@pytest.fixture
def drafted(body):
    """The body with every review in, the round complete and the report sent for signing."""
    body.complete()
    report = services.draft_report(actor=body.chair, round=body.round, reasons=REASONS, remarks="Hyvä kierros.")
    services.send_for_signing(actor=body.chair, report=report)
    body.report = report
    return body


# The whole way


def test_a_round_goes_from_making_to_a_signed_report(body):
    values = [{"K7-MESI": 9, "R2-HAKA": 5, "T9-LUMO": 5}, {"K7-MESI": 8, "R2-HAKA": 4, "T9-LUMO": 4}, {"K7-MESI": 7, "R2-HAKA": 6, "T9-LUMO": 6}]
    assert selectors.progress(body.round) == (0, 9)
    body.complete(value=lambda number, code: values[number][code])
    assert selectors.progress(body.round) == (9, 9)
    ranked = selectors.ranking(body.round)
    assert [(row.place, row.entry_code, row.points, row.spread) for row in ranked] == [
        (1, "K7-MESI", Fraction(8), (Fraction(7), Fraction(9))), (2, "R2-HAKA", Fraction(5), (Fraction(4), Fraction(6))),
        (2, "T9-LUMO", Fraction(5), (Fraction(4), Fraction(6))),
    ]
    assert ranked[0].seat_points == (Fraction(7), Fraction(8), Fraction(9))
    report = services.draft_report(actor=body.chair, round=body.round, reasons=REASONS)
    assert report.ranking == [
        {"place": 1, "entry": "K7-MESI", "points": "8/1"}, {"place": 2, "entry": "R2-HAKA", "points": "5/1"}, {"place": 2, "entry": "T9-LUMO", "points": "5/1"}
    ]
    services.send_for_signing(actor=body.chair, report=report)
    states = [services.sign_report(actor=seat, report=report, report_hash=report.hash).state for seat in body.seats]
    assert states == [ReportState.SIGNING, ReportState.SIGNING, ReportState.SIGNED]
    assert selectors.report_of(body.round).signed_at == clock.now()
    assert selectors.verify_results() == []
    assert [verdict.faults for verdict in audit.verify(reviewing())] == [()]


def test_the_log_never_holds_scores_or_comments(body):
    body.submit_all()
    bodies = [event.body for event in AuditEvent.objects.using(reviewing()).filter(what="review.submitted")]
    assert [sorted(entry) for entry in bodies] == [["hash"]] * 9
    assert "Perustelu" not in json.dumps(bodies)


# Making: who may


@pytest.mark.parametrize("who", ["outsider", "juror", "organiser of another", "seat"])
def test_only_staff_of_the_competition_make_rounds_seats_and_entries(body, who):
    actor = {
        "outsider": lambda: make_person("outsider"), "juror": lambda: make_person("juror", role=Role.JUROR),
        "organiser of another": lambda: make_person("other", role=Role.ORGANISER, competition="other"), "seat": lambda: body.chair,
    }[who]()
    denied = (Denied, Reason.NO_ROLE)
    assert [
        refusal(services.make_round, actor=actor, **round_columns()), refusal(services.make_round, actor=actor, **round_columns(key=body.round.key)),
        refusal(services.add_seat, actor=actor, round=body.round), refusal(services.write_entries, actor=actor, round=body.round, entries=[]),
        refusal(services.open_round, actor=actor, round=make_body(codes=("D1",), is_open=False).round), refusal(services.complete_round, actor=actor, round=body.round),
        refusal(services.record_absence, actor=actor, seat=body.jurors[0], reason="Sairas."),
    ] == [denied] * 7


def test_a_key_of_another_competition_does_not_hand_out_its_round(body):
    other = make_person("other", role=Role.ORGANISER, competition="other")
    assert refusal(services.make_round, actor=other, **round_columns(key=body.round.key, chain="other")) == (Denied, Reason.NO_ROLE)


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.REGISTRAR])
def test_staff_and_the_system_make_a_round_once(middle, role):
    actor = make_person("staff", role=role)
    first = services.make_round(actor=actor, **round_columns())
    again = services.make_round(actor=audit.System(), **round_columns(title=words("toinen", "", "")))
    assert (again.pk, again.title, Round.objects.using(reviewing()).count()) == (first.pk, words("a", "b", "c"), 1)
    assert list(first.criteria.using(reviewing()).values_list("code", "weight")) == [("impact", 40), ("innovativeness", 30), ("scalability", 30)]
    assert Criterion.objects.using(reviewing()).count() == 3


def test_add_seat_refuses_a_second_chair_and_a_complete_round(body):
    assert refusal(services.add_seat, actor=body.staff, round=body.round, is_chair=True) == (Refused, Reason.WRONG_STATE)
    body.complete()
    assert refusal(services.add_seat, actor=body.staff, round=body.round) == (Refused, Reason.FROZEN)


def test_write_entries_hides_the_author_in_a_blind_round_and_writes_once(middle):
    body = make_body(codes=(), is_open=False)
    file = services.NewFile("application/pdf", 2, b"%PDF-1")
    first = services.write_entries(actor=body.staff, round=body.round, entries=[new_entry("A1", author="Tiimi", files=(file,))])
    again = services.write_entries(actor=body.staff, round=body.round, entries=[new_entry("A1", title="Toinen"), new_entry("B1")])
    assert [(row.code, row.title, row.author) for row in again] == [("A1", "Ratkaisu A1", ""), ("B1", "Ratkaisu B1", "")]
    assert (first[0].pk in {row.pk for row in again}, body.round.entry_count) == (True, 2)
    assert EntryFile.objects.using(reviewing()).values_list("pages", "size_bytes", "content").get() == (2, 6, b"%PDF-1")
    unblind = make_body(codes=(), is_open=False, is_blind=False)
    assert services.write_entries(actor=unblind.staff, round=unblind.round, entries=[new_entry("C1", author="Inkoo")])[0].author == "Inkoo"


def test_write_entries_refuses_something_new_in_an_open_round(body):
    assert len(services.write_entries(actor=body.staff, round=body.round, entries=[new_entry(code) for code in CODES])) == 3
    assert refusal(services.write_entries, actor=body.staff, round=body.round, entries=[new_entry("X1")]) == (Refused, Reason.FROZEN)


def test_open_round_refuses_without_entries_and_twice(body):
    empty = make_body(codes=(), is_open=False)
    assert refusal(services.open_round, actor=empty.staff, round=empty.round) == (Denied, Reason.INCOMPLETE)
    assert refusal(services.open_round, actor=body.staff, round=body.round) == (IllegalMove, Reason.WRONG_STATE)


# Reviews


def test_save_review_takes_partial_scores_and_later_ones(body):
    entry, juror = body.entry("K7-MESI"), body.jurors[0]
    services.save_review(actor=juror, entry=entry, scores={"impact": 7}, comment="Alku.")
    review = services.save_review(actor=juror, entry=entry, scores={"scalability": 0, "impact": 8}, comment="Jatko.")
    assert (review.scores, review.comment, review.state, Review.objects.using(reviewing()).exclude(saved_at=None).count()) == ({"impact": 8, "scalability": 0}, "Jatko.", "draft", 1)
    assert (body.entry("K7-MESI").points, body.entry("K7-MESI").review_count) == (0, 0)


@pytest.mark.parametrize("scores", [{"impact": 11}, {"impact": -1}, {"beauty": 5}])
def test_reviews_refuse_points_off_the_scale_and_unknown_criteria(body, scores):
    for act in (services.save_review, services.submit_review):
        assert refusal(act, actor=body.chair, entry=body.entry("K7-MESI"), scores={**full(5), **scores}, comment="") == (Refused, Reason.INCOMPLETE)


def test_submit_review_keeps_the_sums(body):
    entry = body.entry("K7-MESI")
    review = services.submit_review(actor=body.chair, entry=entry, scores={"impact": 10, "innovativeness": 5, "scalability": 1}, comment="Hyvä.")
    assert (review.state, review.points, review.submitted_at) == (ReviewState.SUBMITTED, 580, clock.now())
    services.submit_review(actor=body.jurors[0], entry=entry, scores=full(1), comment="")
    assert (body.entry("K7-MESI").points, body.entry("K7-MESI").review_count) == (680, 2)


def test_final_is_final(body):
    entry = body.entry("K7-MESI")
    services.submit_review(actor=body.chair, entry=entry, scores=full(5), comment="Lopullinen.")
    again = {"actor": body.chair, "entry": entry, "scores": full(9), "comment": "Toinen."}
    assert refusal(services.submit_review, **again) == (IllegalMove, Reason.WRONG_STATE)
    assert refusal(services.save_review, **again) == (Denied, Reason.WRONG_STATE)
    assert Review.objects.using(reviewing()).exclude(saved_at=None).values_list("scores", "comment", "points").get() == (full(5), "Lopullinen.", 500)
    assert (body.entry("K7-MESI").points, body.entry("K7-MESI").review_count) == (500, 1)


def test_submit_review_refuses_missing_scores_and_saves_nothing(body):
    assert refusal(services.submit_review, actor=body.chair, entry=body.entry("K7-MESI"), scores={"impact": 5}, comment="") == (Denied, Reason.INCOMPLETE)
    assert not Review.objects.using(reviewing()).exclude(saved_at=None).exists()


def test_reviews_refuse_strangers_before_and_after(body, late):
    stranger, waiting = make_body(codes=("X1", "X2"), key="other").chair, make_body(codes=("Z1",), key="waiting", taken=False)
    closed = make_body(codes=("Y1",), key="draft", is_open=False)
    scored = {"scores": full(5), "comment": ""}
    for act in (services.save_review, services.submit_review):
        assert refusal(act, actor=stranger, entry=body.entry("K7-MESI"), **scored) == (Denied, Reason.NOT_YOURS)
        assert refusal(act, actor=waiting.chair, entry=waiting.entry("Z1"), **scored) == (Denied, Reason.NOT_YOURS)
        assert refusal(act, actor=closed.chair, entry=closed.entry("Y1"), **scored) == (Denied, Reason.NOT_YOURS)
        with late():
            assert refusal(act, actor=body.chair, entry=body.entry("K7-MESI"), **scored) == (Denied, Reason.DEADLINE_PASSED)
        with clock.at(OPENS.replace(hour=6)):
            assert refusal(act, actor=body.chair, entry=body.entry("K7-MESI"), **scored) == (Denied, Reason.NOT_OPEN_YET)
    assert not Review.objects.using(reviewing()).exclude(saved_at=None).exists()


# Absence


def test_record_absence_takes_the_seat_out_of_every_sum_once(body):
    body.submit_all(value=lambda number, code: [2, 4, 9][number])
    gone = body.jurors[1]
    for _ in range(2):
        services.record_absence(actor=body.staff, seat=gone, reason="Esteellinen.")
    assert {code: (body.entry(code).points, body.entry(code).review_count) for code in CODES} == dict.fromkeys(CODES, (600, 2))
    assert AuditEvent.objects.using(reviewing()).filter(what="seat.absent").count() == 1
    assert (selectors.progress(body.round), selectors.verify_results()) == ((6, 6), [])
    services.complete_round(actor=body.staff, round=body.round)
    assert [row.points for row in selectors.ranking(body.round)] == [Fraction(3)] * 3
    assert (len(selectors.comments_on("K7-MESI")), selectors.seats_of(body.people[gone.handle])) == (2, [])


def test_record_absence_refuses_without_reason_and_after_the_result(body):
    assert refusal(services.record_absence, actor=body.staff, seat=body.chair, reason=" ") == (Refused, Reason.NO_REASON_GIVEN)
    body.complete()
    assert refusal(services.record_absence, actor=body.staff, seat=body.chair, reason="Myöhässä.") == (Refused, Reason.FROZEN)


def test_an_absent_reviewer_adds_nothing_even_with_a_stale_seat(body):
    stale = Seat.objects.using(reviewing()).get(pk=body.jurors[0].pk)
    services.record_absence(actor=body.staff, seat=body.jurors[0], reason="Sairas.")
    assert refusal(services.submit_review, actor=stale, entry=body.entry("K7-MESI"), scores=full(5), comment="") == (Denied, Reason.NOT_YOURS)


def test_an_absent_chair_is_replaced(body):
    services.record_absence(actor=body.staff, seat=body.chair, reason="Sairas.")
    chair = services.take_seat(actor=services.add_seat(actor=body.staff, round=body.round, is_chair=True), terms_hash=body.round.terms_hash)
    body.complete(seats=[chair, *body.jurors])
    assert services.draft_report(actor=chair, round=body.round, reasons=REASONS).version == 1
    assert refusal(services.draft_report, actor=body.chair, round=body.round, reasons={}) == (Denied, Reason.NO_ROLE)


# Result and report


def test_complete_round_refuses_until_every_review_is_in(body):
    body.submit_all(seats=body.seats[1:])
    assert refusal(services.complete_round, actor=body.staff, round=body.round) == (Denied, Reason.NOT_ALL_SUBMITTED)
    assert (selectors.ranking(body.round), selectors.comments_on("K7-MESI"), body.round.state) == ([], [], RoundState.OPEN)


def test_draft_report_refuses_all_but_the_chair_and_before_completion(body):
    other = make_body(codes=("X1",), key="other").chair
    body.submit_all()
    act = {"round": body.round, "reasons": REASONS}
    assert refusal(services.draft_report, actor=body.chair, **act) == (Denied, Reason.NOT_ALL_SUBMITTED)
    assert [refusal(services.draft_report, actor=seat, **act) for seat in (body.jurors[0], other)] == [(Denied, Reason.NO_ROLE)] * 2
    services.complete_round(actor=body.staff, round=body.round)
    assert [refusal(services.draft_report, actor=seat, **act) for seat in (body.jurors[0], other)] == [(Denied, Reason.NO_ROLE)] * 2


def test_send_for_signing_wants_a_reason_for_every_entry(body):
    body.complete()
    report = services.draft_report(actor=body.chair, round=body.round, reasons={**REASONS, "K7-MESI": " "})
    assert refusal(services.send_for_signing, actor=body.chair, report=report) == (Refused, Reason.INCOMPLETE)
    assert refusal(services.send_for_signing, actor=body.jurors[0], report=report) == (Denied, Reason.NO_ROLE)
    assert refusal(services.sign_report, actor=body.chair, report=report, report_hash=report.hash) == (Denied, Reason.WRONG_STATE)


def test_the_same_report_again_keeps_version_and_signatures(drafted):
    services.sign_report(actor=drafted.jurors[0], report=drafted.report, report_hash=drafted.report.hash)
    same = services.draft_report(actor=drafted.chair, round=drafted.round, reasons=REASONS, remarks="Hyvä kierros.")
    services.send_for_signing(actor=drafted.chair, report=same)
    assert (same.version, same.hash, same.state, services.unsigned(same)) == (1, drafted.report.hash, ReportState.SIGNING, 2)
    assert AuditEvent.objects.using(reviewing()).filter(what="report.written").count() == 1


def test_a_changed_report_voids_the_signatures(drafted):
    old = drafted.report.hash
    services.sign_report(actor=drafted.jurors[0], report=drafted.report, report_hash=old)
    new = services.draft_report(actor=drafted.chair, round=drafted.round, reasons=REASONS, remarks="Toisin.")
    assert (new.version, new.state, new.hash != old, services.unsigned(new)) == (2, ReportState.DRAFT, True, 3)
    services.send_for_signing(actor=drafted.chair, report=new)
    assert refusal(services.sign_report, actor=drafted.jurors[0], report=new, report_hash=old) == (Refused, Reason.PAGE_CHANGED)
    assert services.sign_report(actor=drafted.jurors[0], report=new, report_hash=new.hash).state == ReportState.SIGNING


def test_sign_report_refuses_strangers_and_a_second_signature(drafted):
    report, other = drafted.report, make_body(codes=("X1",), key="other").chair
    assert refusal(services.sign_report, actor=other, report=report, report_hash=report.hash) == (Denied, Reason.NOT_YOURS)
    services.sign_report(actor=drafted.chair, report=report, report_hash=report.hash)
    assert refusal(services.sign_report, actor=drafted.chair, report=report, report_hash=report.hash) == (Refused, Reason.ALREADY_SIGNED)
    assert Signature.objects.using(reviewing()).count() == 1


def test_a_signed_report_never_changes(drafted):
    report = drafted.report
    for seat in drafted.seats:
        services.sign_report(actor=seat, report=report, report_hash=report.hash)
    assert refusal(services.draft_report, actor=drafted.chair, round=drafted.round, reasons={}) == (Refused, Reason.FROZEN)
    assert refusal(services.send_for_signing, actor=drafted.chair, report=report) == (IllegalMove, Reason.WRONG_STATE)
    assert refusal(services.sign_report, actor=drafted.chair, report=report, report_hash=report.hash) == (Denied, Reason.WRONG_STATE)


# Verifying


@pytest.mark.parametrize(("spoil", "faults"), [
    (lambda body: Entry.objects.using(reviewing()).filter(code="K7-MESI").update(points=1), ["entry K7-MESI: the sums of points and reviews do not follow from its reviews"]),
    (lambda body: Entry.objects.using(reviewing()).filter(code="K7-MESI").update(review_count=9), ["entry K7-MESI: the sums of points and reviews do not follow from its reviews"]),
    (lambda body: Entry.objects.using(reviewing()).filter(code="K7-MESI").update(place=9), ["round CODE: the places of its entries do not follow from the reviews"]),
    (lambda body: Seat.objects.using(reviewing()).filter(handle=body.chair.handle).update(submitted_count=9), ["seat CHAIR: the count of its reviews does not follow from them"]),
    (lambda body: Criterion.objects.using(reviewing()).filter(code="impact").update(meaning={"fi": "muu"}), ["round CODE: the criteria are not those that were announced"]),
    (lambda body: Signature.objects.using(reviewing()).all()[0].delete(), ["report CODE: a signature is missing"]),
    (lambda body: type(body.report).objects.using(reviewing()).update(remarks="Muu."), ["report CODE: the text is not the one that was signed"]),
    (lambda body: type(body.report).objects.using(reviewing()).update(ranking=[]), [
        "report CODE: the signed ranking does not follow from the reviews", "report CODE: the text is not the one that was signed",
    ]),
])
def test_verify_results_tells_what_was_changed(drafted, spoil, faults):
    for seat in drafted.seats:
        services.sign_report(actor=seat, report=drafted.report, report_hash=drafted.report.hash)
    assert selectors.verify_results() == []
    spoil(drafted)
    assert selectors.verify_results(using=reviewing()) == [fault.replace("CODE", drafted.round.code).replace("CHAIR", drafted.chair.handle) for fault in faults]


def test_verify_results_tells_changed_scores_and_missing_reviews(drafted):
    for seat in drafted.seats:
        services.sign_report(actor=seat, report=drafted.report, report_hash=drafted.report.hash)
    handle, code = drafted.chair.handle, drafted.round.code
    reviews = unguard(Review.objects.using(reviewing()).filter(seat=drafted.chair))
    sums = "entry K7-MESI: the sums of points and reviews do not follow from its reviews"
    places = f"round {code}: the places of its entries do not follow from the reviews"
    reviews.filter(entry__code="K7-MESI").update(scores=full(9))
    assert selectors.verify_results() == [
        f"review K7-MESI/{handle}: scores or comment are not those that the log knows", f"review K7-MESI/{handle}: the points are not the sum of its scores", sums, places,
        f"round {code}: the result in the log does not follow from the reviews", f"report {code}: the signed ranking does not follow from the reviews",
    ]
    reviews.filter(entry__code="K7-MESI").delete()
    assert selectors.verify_results() == [
        sums, f"seat {handle}: the count of its reviews does not follow from them",
    ]
    Review.objects.using(reviewing()).filter(entry__code="K7-MESI").delete()
    Entry.objects.using(reviewing()).filter(code="K7-MESI").update(review_count=0)
    assert f"round {code}: complete, yet the number of missing reviews is 1" in selectors.verify_results()


@pytest.mark.parametrize("weights", [(0, 30, 30), (0, 0, 0)])
def test_no_round_is_made_of_a_criterion_that_would_not_count(middle, weights):
    criteria = [{**row, "weight": weight} for row, weight in zip(CRITERIA, weights, strict=True)]
    with pytest.raises(Refused) as refusal:
        make_body(criteria=criteria)
    assert refusal.value.reason is Reason.NO_WEIGHT and not Round.objects.using("reviewing").exists()
