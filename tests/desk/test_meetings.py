"""The panel's meeting and its minutes at the desk."""

import re

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from klash.competitions.models import StageKind
from klash.core import clock
from klash.core.models import AuditEvent
from klash.reviewing import agenda, holding
from klash.reviewing import services as rounds
from klash.reviewing.hashes import key_of
from klash.reviewing.models import AgendaItem, Conflict, Entry, Meeting, Seat
from klash.rules.states import MeetingState
from tests.problems.conftest import decide, decide_all, judged, release, submitted  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def now(world):
    with clock.at(world.middle_of(StageKind.PROBLEM_SELECTION)):
        yield


@pytest.fixture
def seats(world, judged):  # noqa: F811
    return list(Seat.objects.using("reviewing").select_related("round").order_by("pk"))


def url(name, seats, language="fi"):
    with translation.override(language):
        return reverse(f"desk:{name}", args=["klash-test", seats[0].round.code])


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def conflict(cast, seats, title):
    entry = Entry.objects.using("reviewing").get(title=title)
    now = clock.now()  # found while the round was open
    Conflict.objects.using("reviewing").create(entry=entry, seat=seats[0], kind="municipality", is_declared=False, made_at=now)
    return entry


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_organiser_holds_the_meeting_and_approves_its_minutes(world, cast, client, judged, seats, language):  # noqa: F811
    entry = conflict(cast, seats, "Kyyti puuttuu kylistä")
    client.force_login(cast["organiser"])
    there, minutes = url("meeting", seats, language), url("minutes", seats, language)
    shown = text(client.get(there))
    assert "Panellist 2" in shown and shown.count('name="present"') == 2
    assert client.get(minutes)["Location"] == there
    assert client.post(there, {"start": "1"}).status_code == 409
    assert client.post(there, {"start": "1", "present": [key_of(seat.handle) for seat in seats], "place": "Kuntatalo"}).status_code == 302
    position = next(row.position for row in agenda.agenda(Meeting.objects.using("reviewing").get()).items if row.code == entry.code)
    client.post(there, {"turn": str(position)})
    shown = text(client.get(there))
    out = {"fi": "Ulos", "sv": "Ut", "en": "Out"}[language]
    assert f"<dt>{out}</dt><dd>Panellist</dd>" in shown and "8,50" in shown.replace("8.50", "8,50")
    assert not any(code in shown for code in [entry.code, *(seat.handle for seat in seats)])  # names and codes never stand together
    note = {"entry": key_of(entry.code), "note": "Puollettiin.", "revision": "0"}
    assert 'id="revision" value="1"' in text(client.post(there, note, headers={"HX-Request": "true"}))
    stale = client.post(there, {**note, "note": "Toinen teksti"})
    assert (stale.status_code, "Toinen teksti" in text(stale)) == (409, True)
    assert client.post(there, {"entry": note["entry"], "note": "Toinen teksti"}).status_code == 409  # it does not say what was read
    decide_all(world, cast["organiser"], judged, 2)
    client.post(there, {"end": "1"})
    assert client.post(minutes, {"addition": "Kokous pidettiin lähikokouksena."}).status_code == 302
    shown = text(client.get(minutes))
    for words in ("Kuntatalo", "Puollettiin.", "Syy: Kyyti puuttuu kylistä", "Muut eivät yltäneet tasolle.", "Kokous pidettiin lähikokouksena."):
        assert words in shown
    assert re.search(r"(käsittelystä|jäv|partial):? Panellist<", shown) and not any(seat.handle in shown for seat in seats)
    assert client.post(minutes, {"approve": "1", "seen": "stale"}).status_code == 409
    assert client.post(minutes, {"approve": "1", "seen": re.search(r'name="seen" value="(\w+)"', shown)[1]}).status_code == 302
    meeting = Meeting.objects.using("reviewing").get()
    assert (meeting.state, AuditEvent.objects.using("reviewing").get(what="meeting.approved").body) == (MeetingState.APPROVED, {"hash": meeting.hash})
    shown = text(client.get(minutes))
    assert meeting.hash in shown and "<textarea" not in shown and 'name="approve"' not in shown
    assert client.post(minutes, {"addition": "Muutos"}).status_code == 403


def test_a_decision_that_changed_since_they_were_read_is_not_approved(world, cast, client, judged, seats):  # noqa: F811
    client.force_login(cast["organiser"])
    decide_all(world, cast["organiser"], judged, 2)
    client.post(url("meeting", seats), {"start": "1", "present": [key_of(seat.handle) for seat in seats]})
    client.post(url("meeting", seats), {"end": "1"})
    seen = re.search(r'name="seen" value="(\w+)"', text(client.get(url("minutes", seats))))[1]
    decide(world, cast["organiser"], judged[0], reason="Muu syy.")
    answer = client.post(url("minutes", seats), {"approve": "1", "seen": seen})
    assert (answer.status_code, "Muu syy." in text(answer), Meeting.objects.using("reviewing").get().state) == (409, True, MeetingState.ENDED)


def test_the_registrar_keeps_the_minutes_but_does_not_approve_them(cast, client, seats):
    client.force_login(cast["registrar"])
    client.post(url("meeting", seats), {"start": "1", "present": [key_of(seat.handle) for seat in seats]})
    client.post(url("meeting", seats), {"end": "1"})
    shown = text(client.get(url("minutes", seats)))
    assert 'name="addition"' in shown and 'name="approve"' not in shown
    seen = agenda.minutes_of(agenda.agenda(Meeting.objects.using("reviewing").get()), {}, quota=3)
    assert client.post(url("minutes", seats), {"approve": "1", "seen": rounds.meetings.minutes_hash(seen)}).status_code == 404
    assert Meeting.objects.using("reviewing").get().state == MeetingState.ENDED


@pytest.mark.parametrize("who", ["panellist", "officer", "outsider", "juror"])
def test_the_meeting_is_not_found_at_the_desk_by_others(cast, client, seats, who):
    client.force_login(cast[who])
    assert [client.get(url(name, seats)).status_code for name in ("meeting", "minutes")] == [404, 404]
    assert client.post(url("meeting", seats), {"start": "1", "present": [key_of(seat.handle) for seat in seats]}).status_code == 404


def test_what_is_decided_reaches_the_panel_with_the_approved_minutes_only(world, cast, client, judged, seats):  # noqa: F811
    for seat in seats:
        assert seat.state == "accepted"
    decide_all(world, cast["organiser"], judged, 1)
    client.force_login(cast["organiser"])
    client.post(url("meeting", seats), {"start": "1", "present": [key_of(seat.handle) for seat in seats]})
    client.post(url("meeting", seats), {"end": "1"})
    client.force_login(cast["panellist"])
    members = reverse("reviewing:minutes", args=[seats[0].round.code])
    assert client.get(members).status_code == 404
    assert release(world, cast["organiser"]) == 3


def cost(client, address):
    client.get(address)
    with CaptureQueriesContext(connections["default"]) as one, CaptureQueriesContext(connections["reviewing"]) as other:
        assert client.get(address).status_code == 200
    return len(one) + len(other)


def test_a_long_agenda_stands_on_pages_and_opens_where_the_matter_in_turn_is(cast, client, seats, monkeypatch):
    monkeypatch.setattr(holding, "PAGE", 2)
    client.force_login(cast["organiser"])
    there = url("meeting", seats)
    client.post(there, {"start": "1", "present": [key_of(seat.handle) for seat in seats]})
    first, second, third = (item.entry for item in AgendaItem.objects.using("reviewing").select_related("entry").order_by("position"))
    rows = [re.findall(r'<th scope="row" lang="fi">(?:<b>)?(.*?)<', text(client.get(there + page))) for page in ("", "?page=2", "?page=1")]
    assert rows == [[first.title, second.title], [third.title], [first.title, second.title]]
    client.post(there, {"turn": "3"})
    assert re.findall(r'<th scope="row" lang="fi">(?:<b>)?(.*?)<', text(client.get(there))) == [third.title]
    note = {"entry": key_of(first.code), "note": "Muistettava.", "revision": "0"}
    assert 'id="revision" value="1"' in text(client.post(there, note, headers={"HX-Request": "true"}))  # of a matter that stands on another page


def test_the_pages_cost_the_same_at_three_and_at_thirty_entries(cast, client, judged, seats):  # noqa: F811
    client.force_login(cast["organiser"])
    client.post(url("meeting", seats), {"start": "1", "present": [key_of(seat.handle) for seat in seats]})
    few = [cost(client, url(name, seats)) for name in ("meeting", "minutes")]
    meeting = Meeting.objects.using("reviewing").get()
    for number in range(4, 31):
        entry = Entry.objects.using("reviewing").create(round=meeting.round, code=f"lisä{number}", title=f"Lisä {number}", language="fi", sections=[])
        AgendaItem.objects.using("reviewing").create(meeting=meeting, entry=entry, position=number)
    assert ([cost(client, url(name, seats)) for name in ("meeting", "minutes")], max(few) <= 22) == (few, True)
