"""How firm a result is: told to the chair alone, after all is in, worked out once; and what it says on a result known by hand."""

from dataclasses import replace
from fractions import Fraction

import pytest
from django.utils import translation

from klash.core.databases import reviewing
from klash.core.errors import Refused
from klash.reviewing import bridge, selectors, services
from klash.reviewing.models import Entry, Firmness
from klash.rules.reasons import Reason
from tests.reviewing.conftest import full, make_body

pytestmark = pytest.mark.django_db(databases="__all__")
# Reviewer number -> points on K7-MESI, R2-HAKA, T9-LUMO. The first hangs on the first reviewer alone.
CLOSE = [{"K7-MESI": 10, "R2-HAKA": 6, "T9-LUMO": 2}, {"K7-MESI": 5, "R2-HAKA": 6, "T9-LUMO": 1}, {"K7-MESI": 6, "R2-HAKA": 7, "T9-LUMO": 2}]


def path(body):
    return f"/review/{body.round.code}/result/firmness/"


@pytest.fixture
def close(at_middle):
    body = make_body()
    body.complete(value=lambda number, code: CLOSE[number][code])
    return body


@pytest.fixture
def at_middle():
    from klash.core import clock
    from tests.reviewing.conftest import MIDDLE

    with clock.at(MIDDLE):
        yield


def test_weigh_result_says_what_the_winner_hangs_on(close):
    assert not selectors.is_weighed(close.round)
    services.weigh_result(round=close.round)
    firm = selectors.firmness(close.round)
    assert selectors.is_weighed(close.round) and (firm.winners, firm.second, round(float(firm.gap), 6)) == (["K7-MESI"], "R2-HAKA", round(float(Fraction(2, 3)), 6))
    assert (firm.reviewers, firm.hangs_on, firm.is_close) == (3, 1, True)
    assert (firm.by_median, firm.by_borda, firm.stands_by_median, firm.stands_by_borda) == (["K7-MESI", "R2-HAKA"], ["R2-HAKA"], False, False)
    assert firm.weight_move_percent is None and [(row["share"], row["low"], row["high"]) for row in firm.criteria] == [(40, 0, 100), (30, 0, 100), (30, 0, 100)]
    assert sorted(row.code for row in firm.rows) == ["K7-MESI", "R2-HAKA", "T9-LUMO"] and firm.rows[-1].code == "T9-LUMO"
    assert 98 <= sum(row.p_first for row in firm.rows) <= 102


def test_weigh_result_names_the_weight_that_decides(at_middle):
    body = make_body()
    leads = {"K7-MESI": {**full(5), "impact": 8}, "R2-HAKA": {**full(6), "impact": 6}, "T9-LUMO": full(0)}
    body.complete(value=lambda number, code: leads[code])
    services.weigh_result(round=body.round)
    firm = selectors.firmness(body.round)
    # K7 leads by 2 on impact and trails by 1 on the rest: level at a share of one third, and of 5/12 for one of the others.
    assert [(row["share"], row["low"], row["high"]) for row in firm.criteria] == [(40, 33, 100), (30, 0, 42), (30, 0, 42)]
    assert firm.weight_move_percent == 7 and firm.hangs_on == 0 and firm.stands_by_median and firm.stands_by_borda


def test_weigh_result_is_worked_out_once_and_only_of_a_complete_round(at_middle):
    body = make_body()
    with pytest.raises(Refused) as refusal:
        services.weigh_result(round=body.round)
    assert refusal.value.reason is Reason.NOT_ALL_SUBMITTED and selectors.firmness(body.round) is None
    body.complete(value=lambda number, code: CLOSE[number][code])
    one, other = (services.weigh_result(round=body.round) for _ in range(2))
    assert one == other and Firmness.objects.using(reviewing()).count() == 1
    assert bridge.weigh(body.round) == one.content  # the same scores tell the same


def test_a_single_reviewer_tells_nothing_about_firmness(at_middle):
    body = make_body(jurors=0)
    body.complete(value=lambda number, code: CLOSE[number][code])
    assert services.weigh_result(round=body.round).content is None and selectors.firmness(body.round) is None


@pytest.mark.parametrize(("language", "sentence"), [
    ("", "Ero toiseen on pienempi kuin arvioijien välinen hajonta."), ("/sv", "Försprånget är mindre än spridningen mellan bedömarna."),
    ("/en", "The lead over the second is smaller than the reviewers’ disagreement about it."),
])
def test_the_chair_reads_it_on_a_page_and_as_a_part_of_the_result(client, close, language, sentence):
    client.force_login(close.people[close.chair.handle])
    before = client.get(f"{language}{path(close)}").content.decode()
    assert sentence not in before and f'action="{language}{path(close)}"' in before and not Firmness.objects.using(reviewing()).exists()
    assert client.post(f"{language}{path(close)}")["Location"] == f"{language}{path(close)}"
    page = client.get(f"{language}{path(close)}").content.decode()
    part = client.post(f"{language}{path(close)}", headers={"HX-Request": "true"}).content.decode()
    assert sentence in page and sentence in part and "<h1" in page and "<h1" not in part
    assert path(close) in client.get(f"{language}/review/{close.round.code}/result/").content.decode()
    assert not any(seat.handle in page for seat in close.seats)


def test_reading_works_nothing_out(client, close):
    """A GET writes nothing (the button does)."""
    client.force_login(close.people[close.chair.handle])
    for _ in range(2):
        assert client.get(path(close), headers={"HX-Request": "true"}).status_code == 200
        assert client.get(f"/review/{close.round.code}/result/").status_code == 200
    assert not Firmness.objects.using(reviewing()).exists()


def weights(body, **typed):
    return f"/review/{body.round.code}/result/weights/?" + "&".join(f"w_{code}={value}" for code, value in typed.items())


@pytest.fixture
def hanging(at_middle):
    """K7 leads by 2 on impact and trails R2 by 1 on the rest: level where impact weighs a third."""
    body = make_body()
    leads = {"K7-MESI": {**full(5), "impact": 8}, "R2-HAKA": {**full(6), "impact": 6}, "T9-LUMO": full(0)}
    body.complete(value=lambda number, code: leads[code])
    return body


def test_the_chair_tries_other_weights_and_nothing_changes(client, hanging):
    client.force_login(hanging.people[hanging.chair.handle])
    before = [(row.place, row.entry_code, row.points) for row in selectors.ranking(hanging.round)]
    pages = [client.get(weights(hanging, **typed)).content.decode() for typed in (
        {}, {"impact": 10, "innovativeness": 50, "scalability": 40}, {"impact": 0, "innovativeness": 0, "scalability": 0}, {"impact": "x", "scalability": "-3"},
    )]
    stays = "Näillä painoarvoilla ensimmäinen on sama kuin ilmoitetuilla."
    assert [stays in page for page in pages] == [True, False, True, True]
    assert "Näillä painoarvoilla ensimmäinen olisi R2-HAKA." in pages[1] and "Vaikuttavuus 10 %" in pages[1] and "5,30" in pages[1]
    part = client.get(weights(hanging, impact=10), headers={"HX-Request": "true"}).content.decode()
    assert "<h1" not in part and "<form" not in part and "R2-HAKA" in part
    assert [(row.place, row.entry_code, row.points) for row in selectors.ranking(hanging.round)] == before
    client.post(path(hanging))
    assert "kun osuus on 33–100 %" in client.get(weights(hanging)).content.decode()
    client.force_login(hanging.people[hanging.jurors[0].handle])
    assert client.get(weights(hanging)).status_code == 404


def test_the_announced_method_is_the_one_that_is_weighed(at_middle):
    body = make_body(is_open=False)
    services.set_up_round(actor=body.staff, round=body.round, method="borda", tie_rule="shared")
    services.open_round(actor=body.staff, round=body.round)
    body.complete(value=lambda number, code: CLOSE[number][code])
    services.weigh_result(round=body.round)
    firm = selectors.firmness(body.round)
    assert (firm.method, firm.winners, firm.by_mean, firm.gap) == ("borda", ["R2-HAKA"], ["K7-MESI"], Fraction(firm.gap))
    with translation.override("en"):
        assert "By the weighted mean the first would be K7-MESI." in firm.sentences
        assert any("leads K7-MESI by 0.17 of the other entries left behind" in sentence for sentence in firm.sentences)


def test_a_report_keeps_what_it_says_of_firmness(close):
    report = services.draft_report(actor=close.chair, round=close.round, reasons={})
    told = selectors.hinges_of(report)
    assert (told.winners, told.second, told.gap, told.is_close, told.weight_move_percent) == (["K7-MESI"], "R2-HAKA", Fraction(2, 3), True, None)
    assert services.draft_report(actor=close.chair, round=close.round, reasons={}).version == 1


def test_the_result_page_marks_where_reviewers_disagree_most(client, close):
    client.force_login(close.people[close.jurors[0].handle])
    page = client.get(f"/review/{close.round.code}/result/").content.decode()
    assert page.count("arvioijat eniten eri mieltä") == 1 and "Mediaani" in page
    assert {row.entry_code for row in selectors.ranking(close.round) if row.is_divided} == {"K7-MESI"}


@pytest.fixture
def named(at_middle):
    """The same result in a round with names."""
    body = make_body(is_blind=False)
    Entry.objects.using(reviewing()).filter(round=body.round).update(author="Kouvola")
    body.complete(value=lambda number, code: CLOSE[number][code])
    services.weigh_result(round=body.round)
    return body


def test_where_names_are_shown_entries_go_by_their_titles(client, named):
    client.force_login(named.people[named.chair.handle])
    pages = [client.get(f"/review/{named.round.code}/{page}").content.decode() for page in ("result/firmness/", "result/weights/?w_impact=1", "report/")]
    assert "Ensimmäinen: ”Ratkaisu K7-MESI”. Toinen: ”Ratkaisu R2-HAKA”." in pages[0]
    assert "Arvioijien mediaanin mukaan ensimmäisen sijan jakaisivat ”Ratkaisu K7-MESI” ja ”Ratkaisu R2-HAKA”." in pages[0]
    assert '1. Kouvola – <span lang="fi">Ratkaisu K7-MESI</span>' in pages[2] and [page.count(">K7-MESI<") + page.count(" K7-MESI –") for page in pages] == [0, 0, 0]


def test_of_reviews_too_few_to_tell_the_minutes_say_nothing_of_disagreement(named):
    firm = replace(selectors.firmness(named.round), is_close=None)
    assert len(firm.sentences) == len(selectors.firmness(named.round).sentences) - 1 and not any("hajonta" in sentence for sentence in firm.sentences)


def test_a_juror_and_anybody_before_the_end_find_nothing(client, close, at_middle):
    client.force_login(close.people[close.jurors[0].handle])
    assert client.get(path(close)).status_code == 404 and path(close) not in client.get(f"/review/{close.round.code}/result/").content.decode()
    body = make_body(codes=("A2-ILMA", "B3-SAVI"))
    client.force_login(body.people[body.chair.handle])
    assert client.get(path(body)).status_code == 404
