"""The pages of a reviewer, through the client."""

import re
from contextlib import ExitStack

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from klash.accounts import services as accounts
from klash.core import clock
from klash.core.databases import reviewing
from klash.reviewing import selectors, services
from klash.reviewing.models import Report, Review, Seat
from klash.rules.states import ReportState
from tests.reviewing.conftest import CODES, OPENS, full, make_body, new_entry

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)
LANGUAGES = ("fi", "sv", "en")


def url(name, *args, language="fi"):
    with translation.override(language):
        return reverse(f"reviewing:{name}", args=args)


def read(client, name, *args, language="fi"):
    answer = client.get(url(name, *args, language=language))
    return answer.status_code, answer.content.decode()


@pytest.fixture
def enter(client, body):
    def as_seat(seat):
        client.force_login(body.people[seat.handle])
        return client

    return as_seat


@pytest.fixture
def stranger(body):
    return accounts.create_account(email="stranger@example.org", name="Vieras", is_invented=True)


def scores(value, **more):
    return {**{f"score_{code}": given for code, given in full(value).items()}, "comment": "Selkeä.", **more}


PAGES = {
    "rounds": {"fi": ["Omat arvioni", "Avaa arvioinnit"], "sv": ["Mina bedömningar", "Öppna bedömningarna"], "en": ["My reviews", "Open the reviews"]},
    "round": {"fi": ["Arvioitavat kohteet", "Vaikuttavuus"], "sv": ["Bidragen i din egen", "Effekt"], "en": ["Entries, in your own order", "Impact"]},
    "entry": {"fi": ["Mitä ratkaisu tekee", "painoarvo 40 %"], "sv": ["Vad lösningen gör", "vikt 40 %"], "en": ["What the solution does", "weight 40 %"]},
}
RESULTS = {
    "result": {"fi": ["Paremmuusjärjestys", "5,00"], "sv": ["Rangordning", "5,00"], "en": ["Ranking", "5.00"]},
    "report": {"fi": ["Perustelu K7", "Allekirjoita tämä"], "sv": ["Perustelu K7", "Underteckna denna"], "en": ["Perustelu K7", "Sign this version"]},
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_pages_while_the_round_is_open(body, enter, name, language):
    arguments = {"rounds": [], "round": [body.round.code], "entry": [body.round.code, "K7-MESI"]}[name]
    status, page = read(enter(body.jurors[0]), name, *arguments, language=language)
    assert (status, [words for words in PAGES[name][language] if words not in page], f'lang="{language}"' in page) == (200, [], True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", RESULTS)
def test_pages_of_a_complete_round(body, enter, name, language):
    body.complete()
    report = services.draft_report(actor=body.chair, round=body.round, reasons={code: f"Perustelu {code}." for code in CODES})
    services.send_for_signing(actor=body.chair, report=report)
    status, page = read(enter(body.jurors[0]), name, body.round.code, language=language)
    assert (status, [words for words in RESULTS[name][language] if words not in page]) == (200, [])


def test_strangers_find_nothing(body, client, stranger):
    code = body.round.code
    pages = [url("round", code), url("result", code), url("report", code), url("entry", code, "K7-MESI"), url("file", code, "K7-MESI", 1), url("round", "nothere")]
    acts = [url("take", code), url("sign", code), url("report", code), url("score", code, "K7-MESI")]
    assert [client.get(page)["Location"] for page in pages] == [f"/accounts/sign-in/?next={page}" for page in pages]
    for person in (stranger, body.staff):
        client.force_login(person)
        assert [client.get(page).status_code for page in pages] == [404] * 6
        assert [client.post(page).status_code for page in acts] == [404] * 4
        assert "Sinulla ei ole arviointitehtävää" in client.get(url("rounds")).content.decode()
    assert (selectors.seats_of(AnonymousUser()), selectors.seat_in(AnonymousUser(), code)) == ([], None)


def test_an_entry_of_another_round_is_not_found(body, enter):
    make_body(codes=("X1",), key="other")
    assert read(enter(body.chair), "entry", body.round.code, "X1")[0] == 404


def test_a_task_is_accepted_before_anything_is_read(middle, client):
    body = make_body(taken=False)
    client.force_login(body.people[body.chair.handle])
    assert client.get(url("round", body.round.code))["Location"] == url("take", body.round.code)
    assert client.get(url("entry", body.round.code, "K7-MESI")).status_code == 404
    assert "Lue tehtävä ja vastaa" in read(client, "rounds")[1]
    assert client.post(url("take", body.round.code), {"terms": body.round.terms_hash})["Location"] == url("round", body.round.code)
    assert client.get(url("entry", body.round.code, "K7-MESI")).status_code == 200


def test_entries_wait_for_the_opening(middle, client):
    body = make_body(is_open=False)
    client.force_login(body.people[body.chair.handle])
    assert ("Luettavaa ei vielä ole" in read(client, "round", body.round.code)[1], "K7-MESI" in read(client, "round", body.round.code)[1]) == (True, False)
    assert read(client, "entry", body.round.code, "K7-MESI")[0] == 404
    services.open_round(actor=body.staff, round=body.round)
    with clock.at(OPENS.replace(hour=6)):
        assert ("K7-MESI" in read(client, "round", body.round.code)[1], read(client, "entry", body.round.code, "K7-MESI")[0]) == (False, 404)


def test_an_open_round_shows_the_author_and_a_file(middle, client):
    body = make_body(codes=(), is_open=False, is_blind=False)
    file = services.NewFile("application/pdf", 2, b"%PDF-1")
    services.write_entries(actor=body.staff, round=body.round, entries=[new_entry("C1", author="Inkoo", files=(file,))])
    services.open_round(actor=body.staff, round=body.round)
    client.force_login(body.people[body.chair.handle])
    assert ["Inkoo" in read(client, name, *args)[1] for name, *args in (("round", body.round.code), ("entry", body.round.code, "C1"))] == [True, True]
    answer = client.get(url("file", body.round.code, "C1", 1))
    assert (answer.content, answer["Content-Disposition"], answer["Content-Type"]) == (b"%PDF-1", 'attachment; filename="C1-1.pdf"', "application/pdf")
    assert client.get(url("file", body.round.code, "C1", 2)).status_code == 404


def test_score_saves_a_draft_then_submits_and_goes_on(body, enter):
    client, code = enter(body.chair), body.round.code
    order = [row.code for row in selectors.own_entries(body.chair)]
    assert client.post(url("score", code, order[0]), {"score_impact": 3, "save": "1"})["Location"] == url("entry", code, order[0])
    assert 'name="score_impact" value="3" checked' in read(client, "entry", code, order[0])[1]
    steps = [client.post(url("score", code, entry), scores(6, submit="1"))["Location"] for entry in order]
    assert steps == [url("entry", code, order[1]), url("entry", code, order[2]), url("round", code)]
    assert Review.objects.using(reviewing()).filter(state="submitted", comment="Selkeä.").count() == 3
    assert re.search(r"<fieldset disabled", read(client, "entry", code, order[0])[1])


def codes_on(page):
    return re.findall(r"<td>(L-\d\d)</td>|<b>(L-\d\d)</b>", page)


def test_long_lists_come_in_pages_of_50(middle, client):
    body = make_body(codes=[f"L-{number:02}" for number in range(60)], jurors=0)
    client.force_login(body.people[body.chair.handle])
    order = [row.code for start in (0, 50) for row in selectors.own_entries(body.chair, start)]
    pages = [client.get(url("round", body.round.code), {"page": page}).content.decode() for page in (1, 2, "x", "9")]
    assert [[code for code, _ in codes_on(page)] for page in pages] == [order[:50], order[50:], order[:50], []]
    assert (sorted(order), ['href="?page=2"' in page for page in pages], "0 jätetty, 60 jäljellä" in pages[1]) == (body.codes, [True, False, True, False], True)
    body.complete(value=lambda seat, code: int(code[2:]) // 10)
    pages = [client.get(url("result", body.round.code), {"page": page}).content.decode() for page in (1, 2)]
    best = sorted(body.codes, key=lambda code: (-(int(code[2:]) // 10), code))
    assert [[code for _, code in codes_on(page)] for page in pages] == [best[:50], best[50:]]
    assert re.search(r"<td[^>]*>51\.</td><td[^>]*><b>L-00</b>", pages[1])


def test_after_submitting_one_goes_on_from_there_and_round_the_end(middle, client):
    body = make_body(codes=[f"L-{number:02}" for number in range(60)], jurors=0)
    order = [row.code for start in (0, 50) for row in selectors.own_entries(body.chair, start)]
    for code in order[3:58]:
        services.submit_review(actor=body.chair, entry=body.entry(code), scores=full(5), comment="")
    own = [selectors.own_review(body.chair, code) for code in order]
    steps = [selectors.next_to_review(body.chair, own[place]) for place in (0, 3, 57, 58, 59)]
    assert steps == [order[1], order[58], order[58], order[59], order[0]]
    near = [selectors.neighbours(body.chair, own[place]) for place in (0, 30, 59)]
    assert [(row.before, row.after) for row in near] == [("", order[1]), (order[29], order[31]), (order[58], "")]
    assert [row.place for row in own] == list(range(1, 61))


def test_score_answers_htmx_with_the_line_alone(body, enter):
    client, address = enter(body.chair), url("score", body.round.code, "K7-MESI")
    saved = client.post(address, scores(6), headers={"HX-Request": "true"}).content.decode()
    refused = client.post(address, scores(66), headers={"HX-Request": "true"}).content.decode()
    assert (saved.startswith("Luonnos tallennettu 7.3.2026"), 'class="fault"' in refused) == (True, True)


@pytest.mark.parametrize("typed", [{"score_impact": "11"}, {"score_impact": "abc"}, {"score_impact": "²"}, {"score_impact": ""}])
def test_a_refused_score_keeps_what_was_typed(body, enter, typed):
    answer = enter(body.chair).post(url("score", body.round.code, "K7-MESI"), scores(6, submit="1", **typed))
    page = answer.content.decode()
    assert (answer.status_code, "Selkeä." in page, 'role="alert"' in page, 'name="score_scalability" value="6" checked' in page) == (409, True, True, True)
    assert not Review.objects.using(reviewing()).filter(state="submitted").exists()


def test_score_after_submitting_or_the_deadline_is_refused(body, enter, late):
    client, address = enter(body.chair), url("score", body.round.code, "K7-MESI")
    client.post(address, scores(6, submit="1"))
    assert [client.post(address, scores(9, **{button: "1"})).status_code for button in ("submit", "save")] == [409, 409]
    with late():
        assert client.post(url("score", body.round.code, "R2-HAKA"), scores(6, submit="1")).status_code == 409
    assert Review.objects.using(reviewing()).exclude(saved_at=None).values_list("points", flat=True).get() == 600


def test_the_chair_writes_the_report_and_all_sign_it(body, enter):
    body.complete()
    code, reasons = body.round.code, {f"reason_{entry}": f"Syy {entry}" for entry in CODES}
    client = enter(body.chair)
    assert "Kirjoita lausunto" in read(client, "result", code)[1]
    unfinished = client.post(url("report", code), {"remarks": "", "reason_K7-MESI": "Vain yksi.", "send": "1"})
    shown = unfinished.content.decode()
    assert (unfinished.status_code, "Vain yksi." in shown, shown.count('aria-invalid="true"')) == (409, True, 2)
    assert all(f'href="#id_reason_{entry}"' in shown for entry in CODES if entry != "K7-MESI")  # each field that lacks a reason is marked
    assert client.post(url("report", code), {**reasons, "remarks": "Huomio.", "send": "1"})["Location"] == url("report", code)
    assert client.post(url("report", code), {**reasons, "remarks": "Huomio.", "send": "1"})["Location"] == url("report", code)
    report = selectors.report_of(body.round)
    assert (report.state, report.version) == (ReportState.SIGNING, 2)
    for seat in body.seats:
        client = enter(seat)
        assert client.post(url("sign", code), {"hash": "wrong"}).status_code == 409
        assert client.post(url("sign", code), {"hash": report.hash})["Location"] == url("report", code)
    assert Report.objects.using(reviewing()).get().state == ReportState.SIGNED
    page = read(client, "report", code)[1]
    assert ("Kaikki ovat allekirjoittaneet" in page, "Huomio." in page, "<textarea" in page) == (True, True, False)


@pytest.mark.parametrize(("is_sent", "status"), [(True, 409), (False, 403)])
def test_who_signs_a_version_that_changed_reads_the_new_one(body, enter, is_sent, status):
    """No dead end: the answer is the report as it stands, and only where it was sent it can be signed."""
    body.complete()
    report = services.draft_report(actor=body.chair, round=body.round, reasons=dict.fromkeys(CODES, "Vahva."))
    services.send_for_signing(actor=body.chair, report=report)
    seen, report = report.hash, services.draft_report(actor=body.chair, round=body.round, reasons=dict.fromkeys(CODES, "Muutettu syy."))
    if is_sent:
        services.send_for_signing(actor=body.chair, report=report)
    for seat in (body.jurors[0], body.chair):
        answer = enter(seat).post(url("sign", body.round.code), {"hash": seen})
        shown = answer.content.decode()
        assert (answer.status_code, "Muutettu syy." in shown, "Molemmat versiot" in shown) == (status, True, False)
        assert (f'name="hash" value="{report.hash}"' in shown) == is_sent
        assert ("Lue sivu uudelleen" in shown) == is_sent
    assert not report.signatures.using(reviewing()).exists()


def test_only_the_chair_writes_and_nothing_is_signed_before_it_is_written(body, enter):
    body.complete()
    client = enter(body.jurors[0])
    assert "Puheenjohtaja ei ole vielä kirjoittanut" in read(client, "report", body.round.code)[1]
    assert client.post(url("report", body.round.code), {"remarks": "Minä."}).status_code == 404
    assert client.post(url("sign", body.round.code), {"hash": ""}).status_code == 404
    assert not Report.objects.using(reviewing()).exists()


def test_an_absent_reviewer_finds_nothing_more(body, enter):
    services.record_absence(actor=body.staff, seat=body.jurors[0], reason="Esteellinen.")
    client = enter(body.jurors[0])
    assert [read(client, "round", body.round.code)[0], read(client, "entry", body.round.code, "K7-MESI")[0]] == [404, 404]


def count_queries(client, address):
    with ExitStack() as stack:
        logs = [stack.enter_context(CaptureQueriesContext(connections[using])) for using in ("default", reviewing())]
        assert client.get(address).status_code == 200
    return sum(len(log) for log in logs)


@pytest.mark.parametrize("name", ["rounds", "round", "entry", "result", "report"])
def test_pages_cost_the_same_at_1_and_at_30_entries(middle, client, name):
    counts = []
    for size in (1, 30):
        body = make_body(codes=[f"S{size}-{number:02}" for number in range(size)], jurors=1)
        body.submit_all()
        if name in ("result", "report"):
            services.complete_round(actor=body.staff, round=body.round)
            services.draft_report(actor=body.chair, round=body.round, reasons={})
        arguments = {"rounds": [], "entry": [body.round.code, body.codes[0]]}.get(name, [body.round.code])
        client.force_login(body.people[body.chair.handle])
        counts.append(count_queries(client, url(name, *arguments)))
    assert (counts[0] == counts[1], counts[1] <= 12) == (True, True), counts


def test_the_list_of_rounds_costs_the_same_at_1_and_at_30_rounds(middle, client):
    first = make_body(codes=("A0",))
    person = first.people[first.chair.handle]
    client.force_login(person)
    counts = [count_queries(client, url("rounds"))]
    for number in range(1, 30):
        body = make_body(codes=(f"A{number}",), jurors=0, key=f"round-{number}")
        accounts.ReviewerHandle.objects.filter(handle=body.chair.handle).update(person=person)
    assert (len(selectors.seats_of(person)), Seat.objects.using(reviewing()).count()) == (30, 32)
    assert [*counts, count_queries(client, url("rounds"))] == [counts[0]] * 2
