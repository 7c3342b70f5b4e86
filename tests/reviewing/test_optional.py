"""Criteria that may be left empty, screening answers that are summed up, and what divides the reviewers most: counted alike everywhere."""

import csv
import io
import json
from fractions import Fraction

import pytest
from django.core.management import CommandError, call_command

from klash.core.databases import reviewing
from klash.core.errors import Denied
from klash.portal import verifier
from klash.reviewing import bridge, hashes, selectors, services
from klash.reviewing.models import Criterion, Entry, Review
from klash.rules.reasons import Reason
from tests.guards import unguard
from tests.reviewing.conftest import CODES, CRITERIA, full, make_body, words

pytestmark = pytest.mark.django_db(databases="__all__")
SOME = [*CRITERIA[:2], {**CRITERIA[2], "is_required": False}]
QUESTION = words("Täyttääkö vaatimukset?", "Uppfyller kraven?", "Meets the demands?")
# The chair leaves scalability out of the first entry: 40 and 30 of weight remain.
GIVEN = {0: {"impact": 9, "innovativeness": 2}, 1: {"impact": 6, "innovativeness": 6, "scalability": 3}, 2: {"impact": 6, "innovativeness": 6, "scalability": 6}}
POINTS = (Fraction(420, 70), Fraction(510, 100), Fraction(6))


def scores(seat, code):
    level = {"impact": 4, "innovativeness": 4, "scalability": 4} if code == CODES[1] else {"impact": 3 - seat, "innovativeness": 3}
    return GIVEN[seat] if code == CODES[0] else level


@pytest.fixture(params=["mean", "median", "borda"])
def judged(request, middle):
    body = make_body(criteria=SOME, is_open=False)
    services.set_up_round(actor=body.staff, round=body.round, method=request.param, tie_rule="criteria")
    services.open_round(actor=body.staff, round=body.round)
    body.complete(value=scores)
    body.round.refresh_from_db()
    for seat in body.seats:
        seat.round = body.round
    return body


def test_what_is_left_empty_does_not_count_anywhere(judged):
    best = selectors.ranking(judged.round)[0]
    assert (best.entry_code, best.seat_points) == (CODES[0], tuple(sorted(POINTS)))
    assert best.points == {"mean": sum(POINTS) / 3, "median": 6, "borda": 1}[judged.round.method]
    assert [(row.entry_code, row.points) for row in selectors.ranking(judged.round)] == [(line.entry, line.points) for line in bridge.rank_round(judged.round)]
    found = selectors.outcomes(judged.chair, [CODES[0]])[CODES[0]]
    assert (found.own, found.others) == (POINTS[0], (POINTS[1] + POINTS[2]) / 2)
    firm = bridge.weigh(judged.round)
    assert firm["winners"] == firm["by_mean"] == [CODES[0]] and firm["gap"] == pytest.approx(float(best.points - selectors.ranking(judged.round)[1].points))
    assert set(firm["calibrated"]) == set(CODES)
    assert selectors.verify_results() == []


def test_the_log_can_be_counted_again_without_klash(judged):
    log = json.loads(json.dumps(selectors.exported_log(judged.round)))
    lines = verifier.recount(log["events"], log["round"])
    assert lines == [selectors.signed_line(line) for line in bridge.rank_round(judged.round)]
    of = log["round"]["reviews"][f"{CODES[0]}/{judged.chair.handle}"]["scores"]
    assert of == {"impact": 9, "innovativeness": 2}


def test_other_weights_are_tried_on_what_was_scored(judged):
    trial = bridge.what_if(judged.round, {"w_impact": "0", "w_innovativeness": "30", "w_scalability": "30"})
    assert {row.announced.entry_code for row in trial.rows} == set(CODES) and trial.weights[0][1] == 0
    # The last entry has no score on scalability: with all the weight on it nothing can be counted.
    kept = bridge.what_if(judged.round, {"w_impact": "0", "w_innovativeness": "0", "w_scalability": "30"})
    assert [weight for _, weight, _ in kept.weights] == [40, 30, 30] and kept.stays


def test_a_required_one_and_a_review_without_any_score_are_refused(middle):
    body = make_body(criteria=SOME)
    entry = body.entry(CODES[0])
    for given in ({"impact": 5, "scalability": 5}, {}):
        with pytest.raises(Denied) as refusal:
            services.submit_review(actor=body.chair, entry=entry, scores=given, comment="")
        assert refusal.value.reason is Reason.INCOMPLETE
    loose = make_body(codes=["A1"], criteria=[{**row, "is_required": False} for row in CRITERIA])
    with pytest.raises(Denied):
        services.submit_review(actor=loose.chair, entry=loose.entry("A1"), scores={}, comment="")
    review = services.submit_review(actor=loose.chair, entry=loose.entry("A1"), scores={"scalability": 7}, comment="")
    assert (review.points, review.weight) == (210, 30)


def test_the_frozen_hash_tells_what_is_optional_and_stands_where_nothing_is(middle):
    assert hashes.criteria_hash(SOME) != hashes.criteria_hash(CRITERIA) == hashes.criteria_hash([{**row, "is_required": True} for row in CRITERIA])
    body = make_body(criteria=SOME)
    assert [row.get("is_required", True) for row in hashes.announced(body.round)["criteria"]] == [True, True, False]
    Criterion.objects.using(reviewing()).filter(round=body.round).update(is_required=True)
    with pytest.raises(CommandError, match="the criteria are not those that were announced"):
        call_command("verify", verbosity=0)


@pytest.mark.parametrize(("row", "columns", "told"), [
    (Review, {"weight": 100}, "the weight is not that of the criteria that it scored"), (Entry, {"is_divided": True}, "the places of its entries do not follow"),
])
def test_seeded_faults_are_told(judged, row, columns, told):
    unguard(row.objects.using(reviewing())).update(**columns)
    with pytest.raises(CommandError, match=told):
        call_command("verify", verbosity=0)


def test_the_sheet_marks_it_and_takes_it_back(client, middle):
    body = make_body(criteria=SOME, jurors=0)
    client.force_login(body.people[body.chair.handle])
    url = f"/review/{body.round.code}/{CODES[0]}/"
    page = client.get(url).content.decode()
    assert page.count("vapaaehtoinen") == 1 and page.count('name="score_scalability" value="" checked') == 1 and 'name="score_impact" value=""' not in page
    given = {"score_impact": "5", "score_innovativeness": "4", "score_scalability": "3", "comment": "Hyvä."}
    client.post(f"{url}score/", {**given, "save": "1"})
    assert 'name="score_scalability" value="" checked' not in client.get(url).content.decode()
    client.post(f"{url}score/", {**given, "score_scalability": "", "submit": "1"})
    review = Review.objects.using(reviewing()).get(entry=body.entry(CODES[0]))
    assert (review.state, review.scores, review.points, review.weight) == ("submitted", {"impact": 5, "innovativeness": 4}, 320, 70)
    assert "Vapaaehtoinen kriteeri" in client.get(f"/review/{body.round.code}/").content.decode()


def answered(body, no):
    for seat in body.seats:
        for code in CODES:
            value = 9 if (code, seat) == (CODES[1], body.chair) else 4
            services.submit_review(
                actor=seat, entry=body.entry(code), scores={row["code"]: value for row in CRITERIA}, comment="x", passes=(code, seat.handle) not in no
            )
    services.complete_round(actor=body.staff, round=body.round)
    body.round.refresh_from_db()


@pytest.fixture
def screened(middle):
    body = make_body(is_open=False)
    services.set_up_round(actor=body.staff, round=body.round, screening=QUESTION)
    services.open_round(actor=body.staff, round=body.round)
    body.round.refresh_from_db()
    for seat in body.seats:
        seat.round = body.round
    return body


def test_answers_to_the_screening_question_are_summed_up_and_change_no_points(client, screened):
    answered(screened, {(CODES[0], screened.chair.handle), (CODES[0], screened.jurors[0].handle)})
    found = {row.entry_code: (row.yes, row.no, row.points) for row in selectors.ranking(screened.round)}
    assert found == {CODES[0]: (1, 2, 4), CODES[1]: (3, 0, Fraction(17, 3)), CODES[2]: (3, 0, 4)}
    client.force_login(screened.people[screened.chair.handle])
    url = f"/review/{screened.round.code}/"
    for page in ("result/", "report/"):
        told = client.get(url + page).content.decode()
        assert told.count("joku vastasi ei") == 1 and "1 kyllä, 2 ei" in told and told.count("3 kyllä, 0 ei") == 2, page
    rows = list(csv.DictReader(io.StringIO(client.get(f"{url}result.csv").content.decode("utf-8-sig")), delimiter=";"))
    assert {row["Tunnus"]: (row["Seulonta: kyllä"], row["Seulonta: ei"]) for row in rows}[CODES[0]] == ("1", "2")
    told = json.loads(client.get(f"{url}result.json").content)["ranking"]
    assert {row["code"]: row["screening"] for row in told}[CODES[0]] == {"yes": 1, "no": 2}


def test_the_report_as_pdf_tells_the_answers(client, screened):
    pdfium = pytest.importorskip("pypdfium2")
    answered(screened, {(CODES[2], screened.chair.handle)})
    services.draft_report(actor=screened.chair, round=screened.round, reasons=dict.fromkeys(CODES, "Perustelu."))
    client.force_login(screened.people[screened.chair.handle])
    for language, told in (("fi", "Täyttääkö vaatimukset?: 2 kyllä, 1 ei (joku vastasi ei)"), ("sv", "Uppfyller kraven?: 2 ja, 1 nej (någon svarade nej)")):
        content = client.get(f"/review/{screened.round.code}/report.{language}.pdf").content
        assert told in " ".join(" ".join(page.get_textpage().get_text_range() for page in pdfium.PdfDocument(content)).split())


def test_without_a_question_nothing_is_told_of_answers(client, body):
    body.complete()
    client.force_login(body.people[body.chair.handle])
    assert "Seulonta" not in client.get(f"/review/{body.round.code}/result/").content.decode()
    assert "screening" not in json.loads(client.get(f"/review/{body.round.code}/result.json").content)["ranking"][0]


def test_what_divides_most_is_looked_for_in_the_whole_round(client, middle, django_assert_num_queries):
    codes = [f"A{number:03}" for number in range(60)]
    body = make_body(codes=codes)
    # On the first page the reviewers differ by a little, on one entry of the second by much.
    body.complete(value=lambda seat, code: 2 + 3 * seat if code == "A059" else 9 if code < "A050" and code != "A003" else 8 + (seat == 0 and code == "A003") if code < "A050" else 5)
    client.force_login(body.people[body.chair.handle])
    pages = [client.get(f"/review/{body.round.code}/result/?page={number}").content.decode() for number in (1, 2)]
    assert [page.count("eniten eri mieltä") for page in pages] == [0, 1]
    assert [row.entry_code for row in selectors.ranking(body.round) if row.is_divided] == ["A059"]
    with django_assert_num_queries(2, using=reviewing()):
        selectors.ranking(body.round, start=0, limit=50)
    assert selectors.verify_results() == []


def test_a_refused_review_marks_what_is_missing_and_nothing_else(client, screened):
    client.force_login(screened.people[screened.chair.handle])
    address = f"/review/{screened.round.code}/{CODES[0]}/score/"
    mark = '<span class="tag clay">puuttuu</span>'
    one = client.post(address, {"score_impact": "5", "score_scalability": "0", "passes": "yes", "submit": "1"}).content.decode()
    rest = client.post(address, {**{f"score_{code}": "5" for code in full(5)}, "submit": "1"}).content.decode()
    assert [page.count(mark) for page in (one, rest)] == [1, 1]
    assert f"Innovatiivisuus {mark}" in one and f"{QUESTION['fi']} {mark}" in rest
    assert mark not in client.get(f"/review/{screened.round.code}/{CODES[0]}/").content.decode()
