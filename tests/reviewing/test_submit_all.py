"""All drafts that are complete are submitted at once, after they were seen; the others stay and are named."""

import pytest

from klash.core.databases import reviewing
from klash.core.errors import Denied
from klash.reviewing import services
from klash.reviewing.models import Review
from klash.rules.reasons import Reason
from tests.reviewing.conftest import full, make_body, words
from tests.reviewing.test_pages import read, url
from tests.reviewing.test_services import refusal

pytestmark = pytest.mark.django_db(databases="__all__")
LACKING = {"impact": 4}


def save(body, code, scores, **more):
    services.save_review(actor=body.chair, entry=body.entry(code), scores=scores, comment="Kesken.", **more)


def states(body):
    rows = Review.objects.using(reviewing()).filter(seat=body.chair).order_by("entry__code")
    return dict(rows.values_list("entry__code", "state"))


def test_what_is_complete_is_submitted_and_what_lacks_something_is_named(body, client):
    client.force_login(body.people[body.chair.handle])
    save(body, "K7-MESI", full(4))
    save(body, "R2-HAKA", LACKING)
    there = url("submit", body.round.code)
    assert there in read(client, "round", body.round.code)[1]
    page = read(client, "submit", body.round.code)[1]
    whole, lacking = page.split("1 arvio on kesken ja jää luonnokseksi")
    assert ("K7-MESI" in whole, "R2-HAKA" in whole, "R2-HAKA" in lacking, "1 arviota ei ole aloitettu." in lacking) == (True, False, True, True)
    assert client.post(there, {"entry": ["K7-MESI", "R2-HAKA", "T9-LUMO"]})["Location"] == url("round", body.round.code)
    assert states(body) == {"K7-MESI": "submitted", "R2-HAKA": "draft", "T9-LUMO": "draft"}
    review = Review.objects.using(reviewing()).get(seat=body.chair, entry__code="K7-MESI")
    assert (review.scores, review.comment, review.seat.submitted_count) == (full(4), "Kesken.", 1)


def test_a_draft_that_was_not_listed_stays_a_draft(body):
    save(body, "K7-MESI", full(4))
    save(body, "R2-HAKA", full(5))
    assert services.submit_drafts(actor=body.chair, codes={"R2-HAKA"}) == 1
    assert states(body) == {"K7-MESI": "draft", "R2-HAKA": "submitted", "T9-LUMO": "draft"}


def test_the_screening_question_belongs_to_a_complete_review(middle):
    body = make_body(is_open=False)
    services.set_up_round(actor=body.staff, round=body.round, screening=words("Täyttääkö?", "Uppfylls?", "Met?"))
    services.open_round(actor=body.staff, round=body.round)
    save(body, "K7-MESI", full(4))
    save(body, "R2-HAKA", full(4), passes=False)
    assert services.submit_drafts(actor=body.chair, codes={*body.codes}) == 1
    assert states(body)["R2-HAKA"] == "submitted"


def test_nothing_is_submitted_late_nor_offered_before_anything_is_open(body, client, late):
    save(body, "K7-MESI", full(4))
    client.force_login(body.people[body.chair.handle])
    with late():
        assert refusal(services.submit_drafts, actor=body.chair, codes={"K7-MESI"})[0] is Denied
        assert url("submit", body.round.code) not in read(client, "round", body.round.code)[1]
    assert states(body)["K7-MESI"] == "draft"
    type(body.round).objects.using(reviewing()).update(state="draft")
    assert client.get(url("submit", body.round.code)).status_code == 404


def test_the_rule_is_the_one_of_a_single_submission(body):
    save(body, "R2-HAKA", LACKING)
    assert refusal(services.submit_review, actor=body.chair, entry=body.entry("R2-HAKA"), scores=LACKING, comment="") == (Denied, Reason.INCOMPLETE)
