"""A task is accepted with its terms, in full or smaller, or declined; a changed text asks again."""

import pytest

from klash.core.databases import reviewing
from klash.core.errors import IllegalMove, Refused
from klash.core.kept import mark_of
from klash.core.models import KeptForm
from klash.reviewing import selectors, services
from klash.reviewing.models import Review, Seat
from klash.rules.reasons import Reason
from klash.rules.states import SeatState
from tests.reviewing.conftest import full, make_body, words
from tests.reviewing.test_pages import read, url
from tests.reviewing.test_services import refusal

pytestmark = pytest.mark.django_db(databases="__all__")
NEW_TERMS = words("Uudet ehdot.", "Nya villkor.", "New terms.")


def fresh(seat):
    return Seat.objects.using(reviewing()).select_related("round").get(pk=seat.pk)


def take(seat, **more):
    return services.take_seat(actor=seat, terms_hash=seat.round.terms_hash, **more)


def test_the_terms_are_those_that_were_read(middle):
    seat = make_body(taken=False).chair
    assert refusal(services.take_seat, actor=seat, terms_hash="other") == (Refused, Reason.PAGE_CHANGED)
    assert (fresh(seat).state, take(seat).is_ready, seat.accepted_at) == (SeatState.INVITED, True, middle)


def test_changed_terms_ask_again_and_lose_nothing(body):
    seat, entry = body.chair, body.entry("K7-MESI")
    services.save_review(actor=seat, entry=entry, scores=full(4), comment="Kesken.")
    services.change_terms(actor=body.staff, round=body.round, terms=NEW_TERMS)
    assert refusal(services.submit_review, actor=fresh(seat), entry=entry, scores=full(4), comment="Kesken.")[1] == Reason.NOT_YOURS
    again = take(fresh(seat))
    services.submit_review(actor=again, entry=entry, scores=full(4), comment="Kesken.")
    assert Review.objects.using(reviewing()).get(seat=seat, entry=entry).comment == "Kesken."


def test_terms_need_every_language_and_stand_once_the_round_is_complete(body):
    assert refusal(services.change_terms, actor=body.staff, round=body.round, terms={"fi": "Vain suomeksi."}) == (Refused, Reason.INCOMPLETE)
    body.complete()
    assert refusal(services.change_terms, actor=body.staff, round=body.round, terms=NEW_TERMS) == (Refused, Reason.FROZEN)


def test_a_smaller_load_takes_back_what_is_not_begun(middle):
    body = make_body(codes=[f"P{number}" for number in range(6)], is_blind=False, is_open=False, taken=False)
    services.set_up_round(actor=body.staff, round=body.round, reviews_per_entry=2, load_max=5)
    services.assign(actor=body.staff, round=body.round, pairs={(f"P{number}", seat.handle) for number in range(5) for seat in body.seats})
    seat = fresh(body.chair)
    assert [refusal(take, seat=seat, load_max=load) for load in (0, 6)] == [(Refused, Reason.INCOMPLETE)] * 2
    before = [row.code for row in selectors.own_entries(fresh(seat))]
    take(fresh(seat), load_max=3, expertise="Liikenne ja harva asutus.")
    found = fresh(seat)
    assert ([row.code for row in selectors.own_entries(found)], found.assigned_count) == (before[:3], 3)
    assert (found.load_max, found.expertise) == (3, "Liikenne ja harva asutus.")


def test_nobody_gets_more_than_was_announced_or_accepted(middle):
    body = make_body(codes=[f"P{number}" for number in range(6)], is_blind=False, is_open=False, taken=False)
    services.set_up_round(actor=body.staff, round=body.round, reviews_per_entry=2, load_max=3)
    take(fresh(body.chair), load_max=2)

    def give(seat, numbers):
        return refusal(services.assign, actor=body.staff, round=body.round, pairs={(f"P{number}", seat.handle) for number in numbers})

    assert give(body.chair, range(3)) == (Refused, Reason.LOAD_FULL) and give(body.jurors[0], range(4)) == (Refused, Reason.LOAD_FULL)
    assert services.assign(actor=body.staff, round=body.round, pairs={("P0", body.chair.handle), ("P1", body.chair.handle)}) == 2
    assert give(body.chair, [2]) == (Refused, Reason.LOAD_FULL)
    assert fresh(body.chair).assigned_count == 2


def test_who_takes_a_smaller_load_is_told_what_left_the_list(middle, client):
    body = make_body(codes=[f"P{number}" for number in range(4)], is_blind=False, is_open=False)
    services.set_up_round(actor=body.staff, round=body.round, reviews_per_entry=2, load_max=4)
    services.assign(actor=body.staff, round=body.round, pairs={(f"P{number}", body.chair.handle) for number in range(4)})
    client.force_login(body.people[body.chair.handle])
    page = read(client, "take", body.round.code)[1]
    assert "1–4 kohdetta. Jätä tyhjäksi" in page
    reply = client.post(url("take", body.round.code), {"terms": body.chair.round.terms_hash, "load_max": "3"}, follow=True)
    assert "1 kohde ylitti määrän, jonka otit vastaan" in reply.content.decode()


def test_the_task_tells_all_that_is_announced(middle, client):
    body = make_body(is_blind=False, is_open=False, taken=False, quota=2)
    services.set_up_round(
        actor=body.staff, round=body.round, reviews_per_entry=2, load_min=1, load_max=3, peer_view="discussion", scorings=2, method="median",
        tie_rule="lot", screening=words("Täyttääkö ehdot?", "Uppfylls villkoren?", "Are the terms met?"),
    )
    client.force_login(body.people[body.chair.handle])
    told = [
        "Jokainen kohde saa 2 arviota.", "Yksi arvioija saa 1–3 kohdetta.", "Jatkoon pääsee 2 kohdetta.", "Täyttääkö ehdot?", "toisen kerran", "mediaani",
        "Vaikuttavuus", "40 %",
    ]
    page = read(client, "take", body.round.code)[1]
    assert ([words for words in told if words not in page], "tiiviste kirjataan" in page) == ([], True)
    services.assign(actor=body.staff, round=body.round, pairs={(code, seat.handle) for code in body.codes for seat in body.seats[:2]})
    services.open_round(actor=body.staff, round=body.round)
    assert body.round.announced_hash and body.round.announced_hash in read(client, "take", body.round.code)[1]
    take(fresh(body.chair))
    page = read(client, "round", body.round.code)[1]
    assert ([words for words in told if words not in page], body.round.announced_hash in page) == ([], True)


def test_a_load_is_asked_only_where_entries_are_dealt_out(middle):
    assert refusal(take, seat=make_body(taken=False).chair, load_max=1) == (Refused, Reason.INCOMPLETE)


def test_who_declines_counts_as_absent_and_cannot_return(body):
    seat = body.jurors[0]
    assert refusal(services.decline_seat, actor=seat, reason=" ") == (Refused, Reason.NO_REASON_GIVEN)
    services.decline_seat(actor=seat, reason="Aikani ei riitä.")
    assert (fresh(seat).state, fresh(seat).is_absent, fresh(seat).note) == (SeatState.DECLINED, True, "Aikani ei riitä.")
    assert refusal(take, seat=fresh(seat)) == (IllegalMove, Reason.WRONG_STATE)
    body.submit_all(seats=[body.chair, body.jurors[1]])
    assert services.complete_round(actor=body.staff, round=body.round).state == "complete"


def test_a_task_is_not_given_back_after_a_review_was_submitted(body):
    services.submit_review(actor=body.chair, entry=body.entry("K7-MESI"), scores=full(4), comment="")
    assert refusal(services.decline_seat, actor=body.chair, reason="Aikani ei riitä.") == (Refused, Reason.HAS_BEGUN)


def test_no_link_acts_by_being_opened(middle, client):
    """A mail scanner opens links: opening any of them changes nothing."""
    body = make_body(taken=False)
    client.force_login(body.people[body.chair.handle])
    for name in ("take", "decline"):
        assert read(client, name, body.round.code)[0] == 200
    assert (fresh(body.chair).state, fresh(body.chair).terms_hash) == (SeatState.INVITED, "")


def test_the_pages_of_a_task(middle, client):
    body = make_body(taken=False)
    code, seat = body.round.code, body.chair
    client.force_login(body.people[seat.handle])
    status, page = read(client, "take", code)
    assert (status, "Pidän salassa kaiken" in page, "K7-MESI" in page, "Vaikuttavuus" in page) == (200, True, False, True)
    shown = seat.round.terms_hash
    services.change_terms(actor=body.staff, round=body.round, terms=NEW_TERMS)
    reply = client.post(url("take", code), {"terms": shown})
    assert (reply.status_code, "Uudet ehdot." in reply.content.decode()) == (409, True)
    assert client.post(url("take", code), {"terms": fresh(seat).round.terms_hash})["Location"] == url("round", code)
    assert client.post(url("decline", code), {"reason": ""}).status_code == 200
    assert client.post(url("decline", code), {"reason": "Aikani ei riitä."})["Location"] == url("rounds")
    assert (client.get(url("round", code)).status_code, fresh(seat).note) == (404, "Aikani ei riitä.")


def test_what_a_reviewer_sends_after_the_terms_changed_is_kept_until_they_are_accepted(body, client):
    seat, code, there = body.chair, body.round.code, url("score", body.round.code, "K7-MESI")
    person = body.people[seat.handle]
    client.force_login(person)
    services.change_terms(actor=body.staff, round=body.round, terms=NEW_TERMS)
    typed = {**{f"score_{name}": points for name, points in full(4).items()}, "comment": "Kirjoitettu ennen ehtoja.", "whose": mark_of(person)}
    assert client.post(there, typed)["Location"] == url("take", code)
    assert "Kirjoittamasi on tallessa" in read(client, "take", code)[1]
    assert client.post(url("take", code), {"terms": fresh(seat).round.terms_hash})["Location"] == "/accounts/kept/"
    kept = KeptForm.objects.get().code
    assert "Kirjoitettu ennen ehtoja." in client.get("/accounts/kept/").content.decode()
    assert client.post(there, {"kept": kept})["Location"] == url("entry", code, "K7-MESI")
    assert Review.objects.using(reviewing()).get(seat=seat, entry=body.entry("K7-MESI")).comment == "Kirjoitettu ennen ehtoja."
