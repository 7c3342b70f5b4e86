"""The organiser sets a round up, follows its reviewers and reminds exactly those who are waited for."""

import re

import pytest

from klash.desk import selectors, services
from klash.post.models import Message
from klash.reviewing import services as reviews
from klash.reviewing.models import Criterion, Review, Round, Seat
from klash.rules.reasons import Reason
from tests.portal.conftest import make_round
from tests.reviewing.test_services import refusal

pytestmark = pytest.mark.django_db(databases="__all__")
TERMS = {f"terms_{code}": f"Ehdot {code}." for code in ("fi", "sv", "en")}
SETUP = {
    "opens_at": "2026-03-02T09:00", "closes_at": "2026-03-13T16:00", "quota": "3", "reviews_per_entry": "2", "load_min": "", "load_max": "4",
    "peer_view": "discussion", "scorings": "2", "method": "median", "tie_rule": "lot", **TERMS,
}


@pytest.fixture
def panel(world, cast, client):
    client.force_login(cast["organiser"])
    return make_round(world, "problems/klash-test", [cast["panellist"], cast["mentor"]], entries=3, state="draft")


def fresh(round_):
    return Round.objects.using("reviewing").get(pk=round_.pk)


def test_a_round_is_set_up_until_it_opens(client, panel, cast, at):
    url = f"/en/desk/klash-test/rounds/{panel.code}/setup/"
    with at("problem_selection"):
        assert "Set up the round" in client.get(url).content.decode()
        assert client.post(url, SETUP)["Location"] == url
        row = fresh(panel)
        assert (row.quota, row.reviews_per_entry, row.load_min, row.load_max, row.peer_view, row.scorings, row.method, row.tie_rule) == (3, 2, 0, 4, "discussion", 2, "median", "lot")
        assert (row.terms["sv"], row.screening) == ("Ehdot sv.", {})
        Round.objects.using("reviewing").filter(pk=panel.pk).update(state="open")
        page = client.get(url).content.decode()
        assert ("what was announced stands" in page, len(re.findall(r"<(?:input|textarea)[^>]* disabled", page)) >= 10) == (True, True)
        assert client.post(url, {**SETUP, "quota": "9", "terms_fi": "Uudet ehdot."})["Location"] == url
        assert (fresh(panel).quota, fresh(panel).terms["fi"]) == (3, "Uudet ehdot.")
        assert refusal(reviews.set_up_round, actor=cast["organiser"], round=fresh(panel), quota=9)[1] == Reason.FROZEN


@pytest.mark.parametrize(("wrong", "sentence"), [
    ({"closes_at": "2026-03-01T09:00"}, "The end must be later than the beginning."),
    ({"load_min": "5"}, "The largest load must be at least the smallest."),
    ({"peer_view": "nothing"}, "A second scoring needs the discussion before it."),
    ({"screening_fi": "Täyttääkö?"}, "Write the question in all three languages, or leave it empty."),
])
def test_what_contradicts_itself_is_shown_again_with_all_that_was_typed(client, panel, at, wrong, sentence):
    with at("problem_selection"):
        page = client.post(f"/en/desk/klash-test/rounds/{panel.code}/setup/", {**SETUP, **wrong}).content.decode()
    assert (sentence in page, "Ehdot sv." in page, fresh(panel).quota) == (True, True, panel.quota)


def test_the_set_up_shows_each_criterions_weight_and_its_share_of_the_whole(client, panel, at):
    Criterion.objects.using("reviewing").bulk_create([
        Criterion(round=panel, code=f"c{weight}", position=3 - weight, name={}, meaning={}, weight=weight, bands=[]) for weight in (3, 2, 1)
    ])
    with at("problem_selection"):
        page = client.get(f"/en/desk/klash-test/rounds/{panel.code}/setup/").content.decode()
    shown = re.findall(r'<td class="n" data-label="Weight">(\d+)</td><td class="n" data-label="Share">(\d+) %</td>', page)
    assert shown == [("3", "50"), ("2", "33"), ("1", "17")]
    assert "its weight out of the sum of all weights, 6." in page


@pytest.mark.parametrize("wrong", [{"quota": 0}, {"scorings": 2}, {"screening": {"fi": "Vain suomeksi?"}}, {"load_min": 3, "load_max": 2}])
def test_the_service_refuses_what_the_form_would(panel, cast, wrong):
    assert refusal(reviews.set_up_round, actor=cast["organiser"], round=panel, **wrong)[1] == Reason.INCOMPLETE


def test_reminders_are_seen_before_they_go_and_go_once_a_day(client, panel, cast, at):
    Round.objects.using("reviewing").filter(pk=panel.pk).update(state="open")
    done = Seat.objects.using("reviewing").filter(round=panel).order_by("pk").first()
    Review.objects.using("reviewing").filter(seat=done).update(state="submitted", saved_at=panel.opens_at, submitted_at=panel.opens_at)
    Seat.objects.using("reviewing").filter(pk=done.pk).update(submitted_count=3)
    url = f"/en/desk/klash-test/rounds/{panel.code}/follow/"
    with at("problem_selection"):
        page = client.get(url).content.decode()
        keys = re.findall(r'name="who" value="([0-9a-f]{20})"', page)
        assert (len(keys), "has submitted all" in page, "has not started" in page, done.handle in page) == (1, True, True, False)
        assert "Tick at least one reviewer" in client.post(url, {"action": "preview"}).content.decode()
        page = client.post(url, {"action": "preview", "who": keys}).content.decode()
        assert (Message.objects.filter(event__startswith="round.reminder").count(), "1 reminder will be sent" in page) == (0, True)
        seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)[1]
        assert 'role="alert"' in client.post(url, {"action": "send", "who": keys, "seen": "0" * 64}).content.decode()
        for _again in range(2):
            assert client.post(url, {"action": "send", "who": keys, "seen": seen})["Location"] == url
    sent = Message.objects.get(event__startswith="round.reminder")
    assert (sent.to, sent.subject, sent.body.partition("\n")[0] in page) == (cast["mentor"].email, sent.subject, True)
    assert Seat.objects.using("reviewing").exclude(reminded_at=None).count() == 1


def test_each_standing_has_its_own_words(panel, cast, world, at):
    first, second = Seat.objects.using("reviewing").filter(round=panel).select_related("round").order_by("pk")
    reviews.decline_seat(actor=first, reason="Aikani ei riitä.")
    reviews.change_terms(actor=cast["organiser"], round=panel, terms={"fi": "a", "sv": "b", "en": "c"})
    rows = selectors.following(fresh(panel), world.middle_of("problem_selection"))
    assert {row.standing: (row.note, row.is_waited_for) for row in rows} == {"declined": ("Aikani ei riitä.", False), "terms": ("", True)}
    letters = services.reminders(competition=world.competition, round=fresh(panel), chosen=rows)
    assert [letter.to for _, letter in letters] == [cast["mentor"].email]
    assert second.pk
