"""After all have submitted the body talks under letters and scores a second time, beside the first."""

import re

import pytest

from klash.core import clock
from klash.core.databases import reviewing
from klash.core.errors import Denied, IllegalMove, Refused
from klash.desk.selectors.following import following
from klash.reviewing import selectors, services
from klash.reviewing.models import Entry, Review, Seat, SecondReview
from klash.rules.reasons import Reason
from klash.rules.states import RoundState
from tests.guards import unguard
from tests.reviewing.conftest import full, make_body
from tests.reviewing.test_pages import read, url
from tests.reviewing.test_services import refusal

pytestmark = pytest.mark.django_db(databases="__all__")
ENTRY = "K7-MESI"


def planned(**columns):
    body = make_body(is_open=False)
    services.set_up_round(actor=body.staff, round=body.round, **{"peer_view": "discussion", "scorings": 2, **columns})
    services.open_round(actor=body.staff, round=body.round)
    for seat in body.seats:
        seat.refresh_from_db()
        seat.round = body.round
    return body


@pytest.fixture
def talking(middle):
    body = planned()
    body.submit_all(value=lambda seat, code: 4 + seat)
    services.open_discussion(actor=body.staff, round=body.round)
    for seat in body.seats:
        seat.refresh_from_db()
        seat.round = body.round
    return body


def own(seat, code=ENTRY):
    return selectors.own_review(seat, code)


def second_all(body, value=6):
    for seat in body.seats:
        for code in body.codes:
            services.submit_second(actor=seat, entry=body.entry(code), scores=full(value), comment="Toinen.")


def test_the_discussion_opens_when_all_is_in_and_not_before(middle):
    body = planned()
    assert refusal(services.open_discussion, actor=body.staff, round=body.round) == (Denied, Reason.NOT_ALL_SUBMITTED)
    body.submit_all()
    assert refusal(services.complete_round, actor=body.staff, round=body.round) == (Denied, Reason.INCOMPLETE)
    assert services.open_discussion(actor=body.staff, round=body.round).state == RoundState.DISCUSSING
    assert sorted(Seat.objects.using(reviewing()).filter(round=body.round).values_list("letter", flat=True)) == ["A", "B", "C"]


def test_a_round_without_a_discussion_opens_none(body):
    body.submit_all()
    assert refusal(services.open_discussion, actor=body.staff, round=body.round) == (Denied, Reason.WRONG_STATE)


def test_nothing_of_others_is_told_before_it_opens(middle):
    body = planned()
    body.submit_all(seats=body.jurors)
    seat = body.jurors[0]
    assert selectors.discussion(seat, own(seat)) is None
    assert refusal(services.write_remark, actor=seat, entry=body.entry(ENTRY), text="Hyvä.") == (Denied, Reason.NOT_OPEN_YET)
    assert refusal(services.save_second, actor=seat, entry=body.entry(ENTRY), scores=full(3), comment="")[0] is Denied


def test_all_see_all_under_letters_and_remarks_in_order(talking):
    chair, juror = talking.chair, talking.jurors[0]
    services.write_remark(actor=chair, entry=talking.entry(ENTRY), text="Hyvä alku.")
    services.write_remark(actor=juror, entry=talking.entry(ENTRY), text="Samaa mieltä.")
    found = selectors.discussion(chair, own(chair))
    assert [row.letter for row in found.opinions] == ["A", "B", "C"]
    assert sorted(tuple(scores) for row in found.opinions for _, *scores in row.scores) == [(value, None) for value in (4, 4, 4, 5, 5, 5, 6, 6, 6)]
    assert [(row.letter, row.is_own, row.text) for row in found.remarks] == [
        (chair.letter, True, "Hyvä alku."), (juror.letter, False, "Samaa mieltä."),
    ]
    assert refusal(services.write_remark, actor=chair, entry=talking.entry(ENTRY), text=" ") == (Refused, Reason.INCOMPLETE)


def test_final_is_final_and_the_second_stands_beside_the_first(talking):
    chair, entry = talking.chair, talking.entry(ENTRY)
    before = Review.objects.using(reviewing()).filter(seat=chair, entry=entry).values().get()
    services.save_second(actor=chair, entry=entry, scores={"impact": 9}, comment="Harkitsen.")
    services.submit_second(actor=chair, entry=entry, scores=full(9), comment="Muutin mieltäni.")
    assert Review.objects.using(reviewing()).filter(seat=chair, entry=entry).values().get() == before
    assert refusal(services.submit_second, actor=chair, entry=entry, scores=full(8), comment="") == (IllegalMove, Reason.WRONG_STATE)
    assert Entry.objects.using(reviewing()).get(code=ENTRY).points == 100 * (9 + 5 + 6)
    assert selectors.verify_results() == []


def test_a_second_scoring_is_not_called_submitted_before_it_is(talking, client):
    """The time of the first review says nothing of the second one."""
    client.force_login(talking.people[talking.chair.handle])
    address, found = f"/review/{talking.round.code}/{ENTRY}/", []
    for act in (lambda **given: None, services.save_second, services.submit_second):
        act(actor=talking.chair, entry=talking.entry(ENTRY), scores=full(9), comment="")
        found.append(re.search(r'id="saved" role="status">(?:<span class="muted">)?([^<]*?) ?(?:\d|$|<)', client.get(address).content.decode()).group(1).strip())
    assert found == ["Mitään ei ole vielä tallennettu.", "Luonnos tallennettu", "Jätetty"]


def test_anothers_second_scoring_waits_for_the_result(talking):
    chair, juror = talking.chair, talking.jurors[0]
    services.submit_second(actor=chair, entry=talking.entry(ENTRY), scores=full(9), comment="Salaisuus.")
    seen = {row.is_own: row for row in selectors.discussion(juror, own(juror)).opinions if row.letter == chair.letter}
    assert ([scores for _, *scores in seen[False].scores], seen[False].second_comment) == ([[4, None]] * 3, "")
    assert selectors.discussion(chair, own(chair)).second.scores == full(9)


def test_progress_lists_and_reminders_follow_the_second_scoring(talking, client):
    """Once the second scoring runs, what is done and who is waited for is told of it, not of the first."""
    chair, others = talking.chair, len(talking.seats) - 1
    services.save_second(actor=chair, entry=talking.entry(ENTRY), scores=full(9), comment="")
    found = {row.seat.handle: row for row in following(talking.round, clock.now())}
    assert {(row.standing, row.submitted) for row in found.values()} == {("begun", 0), ("idle", 0)}
    assert (found[chair.handle].standing, selectors.progress(talking.round)) == ("begun", (0, 3 * (others + 1)))
    for code in talking.codes:
        services.submit_second(actor=chair, entry=talking.entry(code), scores=full(9), comment="")
    found = {row.seat.handle: row for row in following(talking.round, clock.now())}
    assert (found[chair.handle].standing, sum(row.is_waited_for for row in found.values())) == ("done", others)
    states = [[row.state for row in selectors.own_entries(seat)] for seat in (chair, talking.jurors[0])]
    assert states == [["submitted"] * 3, [""] * 3]
    client.force_login(talking.people[talking.jurors[0].handle])
    assert "0 jätetty, 3 jäljellä" in client.get(f"/review/{talking.round.code}/").content.decode()


def test_the_feedback_is_what_was_written_with_the_scores_that_count(talking):
    second_all(talking)
    services.complete_round(actor=talking.staff, round=talking.round)
    told = {comment for row in selectors.ranking(talking.round, with_comments=True) for comment in row.comments}
    assert (told, set(selectors.comments_on(ENTRY))) == ({"Toinen."}, {"Toinen."})


def test_a_second_scoring_that_is_taken_away_is_not_counted(talking):
    second_all(talking)
    services.recuse(actor=talking.chair, entry=talking.entry(ENTRY), kind="competence", reason="En tunne aihetta.")
    assert (Seat.objects.using("reviewing").get(pk=talking.chair.pk).second_count, selectors.verify_results()) == (2, [])


def test_the_result_counts_the_second_scoring_and_waits_for_all_of_it(talking):
    services.submit_second(actor=talking.chair, entry=talking.entry(ENTRY), scores=full(9), comment="")
    assert refusal(services.complete_round, actor=talking.staff, round=talking.round) == (Denied, Reason.NOT_ALL_SUBMITTED)
    for seat in talking.seats:
        for code in talking.codes:
            if (seat, code) != (talking.chair, ENTRY):
                services.submit_second(actor=seat, entry=talking.entry(code), scores=full(3 if code != ENTRY else 7), comment="")
    services.complete_round(actor=talking.staff, round=talking.round)
    rows = selectors.ranking(talking.round)
    assert [(row.entry_code, float(row.points)) for row in rows][0] == (ENTRY, (9 + 7 + 7) / 3)
    assert (selectors.verify_results(), [float(row.points) for row in rows[1:]]) == ([], [3.0, 3.0])


def test_verify_finds_a_changed_second_scoring(talking):
    second_all(talking)
    unguard(SecondReview.objects.using(reviewing()).filter(review__entry__code=ENTRY, review__seat=talking.chair)).update(scores=full(10))
    assert any("second_review" in fault for fault in selectors.verify_results())


def test_a_conflict_found_in_the_discussion_takes_both_scorings_out(talking):
    second_all(talking)
    services.recuse(actor=talking.jurors[1], entry=talking.entry(ENTRY), kind="family", reason="Tunnen tekijän.")
    assert Entry.objects.using(reviewing()).get(code=ENTRY).points == 100 * (6 + 6)
    services.complete_round(actor=talking.staff, round=talking.round)
    assert selectors.verify_results() == []


def test_at_the_end_one_sees_the_own_scores_beside_the_others_mean(body):
    body.complete(value=lambda seat, code: 4 + seat)
    body.chair.round.refresh_from_db()
    found = selectors.outcomes(body.chair, [ENTRY])
    assert {code: (row.place, float(row.own), float(row.others)) for code, row in found.items()} == {ENTRY: (1, 4.0, 5.5)}
    assert selectors.outcomes(make_body(codes=(), key="other", is_open=False).chair, []) == {}


def test_the_screening_question_is_answered_apart_from_the_scores(middle):
    body = planned(peer_view="nothing", scorings=1, screening={"fi": "Täyttääkö vaatimukset?", "sv": "Uppfyller kraven?", "en": "Meets the demands?"})
    entry = body.entry(ENTRY)
    assert refusal(services.submit_review, actor=body.chair, entry=entry, scores=full(5), comment="") == (Denied, Reason.INCOMPLETE)
    services.submit_review(actor=body.chair, entry=entry, scores=full(5), comment="", passes=False)
    assert (Review.objects.using(reviewing()).get(seat=body.chair, entry=entry).passes, selectors.verify_results()) == (False, [])
    unguard(Review.objects.using(reviewing()).filter(seat=body.chair, entry=entry)).update(passes=True)
    assert len(selectors.verify_results()) == 1


def test_the_pages_of_a_discussion(talking, client):
    code = talking.round.code
    client.force_login(talking.people[talking.chair.handle])
    status, page = read(client, "entry", code, ENTRY)
    assert (status, "Keskustelu" in page, "Toinen pisteytyksesi" in page, f"Sinun kirjaimesi on {talking.chair.letter}." in page) == (200, True, True, True)
    assert talking.chair.handle not in page
    assert client.post(url("remark", code, ENTRY), {"text": "Hyvä alku."}).status_code == 302
    assert client.post(url("remark", code, ENTRY), {"text": ""}).status_code == 200
    assert "Hyvä alku." in read(client, "entry", code, ENTRY)[1]
    scores = {f"score_{name}": "7" for name in full(7)}
    client.post(url("score", code, ENTRY), {**scores, "comment": "Luonnos."})
    reply = client.post(url("score", code, ENTRY), {**scores, "comment": "Toinen.", "submit": "1"})
    assert (reply.status_code, ENTRY in reply["Location"]) == (302, False)
    second_all_but(talking, talking.chair, ENTRY)
    services.complete_round(actor=talking.staff, round=talking.round)
    assert "Muiden keskiarvo" in read(client, "round", code)[1]


def second_all_but(body, seat, code):
    for one in body.seats:
        for entry in body.codes:
            if (one.pk, entry) != (seat.pk, code):
                services.submit_second(actor=one, entry=body.entry(entry), scores=full(5), comment="")
