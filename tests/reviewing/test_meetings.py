"""The meeting: who may be in the room, what is noted, and minutes that write themselves."""

import re
from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from klash.core import clock, workflow
from klash.core.errors import Denied, IllegalMove, Refused
from klash.core.models import AuditEvent
from klash.reviewing import agenda, bridge, holding, receivers, services
from klash.reviewing.hashes import key_of, minutes_hash
from klash.reviewing.models import AgendaItem, Attendance, Conflict, Meeting
from klash.rules.reasons import Reason
from klash.rules.states import MeetingState
from tests.reviewing.conftest import make_body

pytestmark = pytest.mark.django_db(databases="__all__")
FIRST, SECOND, THIRD = "K7-MESI", "R2-HAKA", "T9-LUMO"


def refused(kind, expected, act, /, *args, **more):
    with pytest.raises(kind) as error:
        act(*args, **more)
    assert error.value.reason == expected


@pytest.fixture
def panel(db, middle):
    """An open round of three entries; the first juror is in conflict with the first and the last."""
    body = make_body(is_blind=False, kind="problems")
    found = [(FIRST, body.jurors[0].handle, "employment"), (THIRD, body.jurors[0].handle, "family"), (SECOND, body.jurors[1].handle, "competence")]
    services.record_conflicts(actor=body.staff, round=body.round, found=found)
    return body


def start(body, actor=None, absent=(), **more):
    present = {seat.handle: seat.handle not in absent for seat in body.seats}
    return services.start_meeting(actor=actor or body.staff, round=body.round, present=present, **more)


def at_position(meeting, code):
    return AgendaItem.objects.using("reviewing").get(meeting=meeting, entry__code=code).position


def turn_to(body, meeting, code):
    return services.turn_to(actor=body.staff, meeting=meeting, position=at_position(meeting, code))


# The services


def test_the_order_sends_people_out_as_seldom_as_possible(panel):
    assert bridge.order_of_business(panel.round, [seat.handle for seat in panel.seats]) == [SECOND, FIRST, THIRD]
    assert bridge.order_of_business(panel.round, [panel.chair.handle]) == [FIRST, SECOND, THIRD]  # who is not there passes no door


def test_a_meeting_starts_once_with_who_is_there(panel):
    gone = panel.jurors[1].handle
    meeting = start(panel, absent=[gone], reasons={gone: "Matkalla"}, place="Helsinki")
    assert start(panel, place="Muu").pk == meeting.pk
    rows = {row.seat.handle: (row.is_present, row.reason) for row in Attendance.objects.using("reviewing").select_related("seat")}
    assert rows == {panel.chair.handle: (True, ""), panel.jurors[0].handle: (True, ""), gone: (False, "Matkalla")}
    assert (meeting.place, meeting.turn, meeting.state, meeting.started_at) == ("Helsinki", 1, MeetingState.RUNNING, clock.now())
    what = AuditEvent.objects.using("reviewing").filter(thing=f"meeting/{meeting.code}").order_by("number").values_list("what", flat=True)
    assert list(what) == ["meeting.started", "meeting.turned"]


def test_only_the_staff_holds_a_meeting_with_names_and_only_the_chair_a_blind_one(panel):
    for actor in (panel.chair, panel.jurors[0]):
        refused(Denied, Reason.NO_ROLE, start, panel, actor)
    blind = make_body(codes=("B1-SOKE",))
    for actor in (blind.staff, blind.jurors[0], panel.chair):
        refused(Denied, Reason.NO_ROLE, start, blind, actor)
    assert start(blind, blind.chair).state == MeetingState.RUNNING


def test_a_meeting_needs_an_opened_round_an_entry_and_somebody_there(panel):
    closed = make_body(is_blind=False, is_open=False, codes=("S1-SULJ",))
    refused(Denied, Reason.NOT_OPEN_YET, start, closed)
    refused(Refused, Reason.INCOMPLETE, start, panel, absent=[seat.handle for seat in panel.seats])
    refused(Refused, Reason.INCOMPLETE, services.start_meeting, actor=panel.staff, round=panel.round, present={panel.chair.handle: True})
    assert not Meeting.objects.using("reviewing").exists()


def test_who_must_leave_and_who_comes_back(panel):
    meeting, juror = start(panel), panel.jurors[0].handle
    found = agenda.agenda(meeting)
    assert ([item.code for item in found.items], found.going_out, found.coming_back) == ([SECOND, FIRST, THIRD], frozenset(), frozenset())
    turn_to(panel, meeting, FIRST)
    assert (agenda.agenda(meeting).going_out, agenda.agenda(meeting).turn.out) == ({juror}, {juror})
    turn_to(panel, meeting, THIRD)
    assert (agenda.agenda(meeting).going_out, agenda.agenda(meeting).turn.out) == (frozenset(), {juror})  # stays outside
    turn_to(panel, meeting, SECOND)
    assert agenda.agenda(meeting).coming_back == {juror}
    assert {item.code: item.left for item in agenda.agenda(meeting).items} == {FIRST: (juror,), SECOND: (), THIRD: (juror,)}


def test_who_recused_leaves_too_but_not_who_lacks_competence(panel):
    services.recuse(actor=panel.jurors[1], entry=panel.entry(FIRST), kind="family", reason="Sisarus")
    services.recuse(actor=panel.chair, entry=panel.entry(SECOND), kind="competence", reason="Vieras ala")
    assert agenda.outside(panel.round) == {FIRST: {panel.jurors[0].handle, panel.jurors[1].handle}, THIRD: {panel.jurors[0].handle}}
    Conflict.objects.using("reviewing").filter(entry__code=FIRST).delete()
    assert panel.jurors[1].handle in agenda.outside(panel.round)[FIRST]  # the recused review alone says so


def test_turning_to_where_nothing_is_and_after_the_end_is_refused(panel):
    meeting = start(panel)
    for position in (0, 4):
        refused(Refused, Reason.INCOMPLETE, services.turn_to, actor=panel.staff, meeting=meeting, position=position)
    for actor in panel.seats:
        refused(Denied, Reason.NO_ROLE, services.turn_to, actor=actor, meeting=meeting, position=2)
    services.end_meeting(actor=panel.staff, meeting=meeting)
    refused(Denied, Reason.FROZEN, services.turn_to, actor=panel.staff, meeting=meeting, position=2)
    with pytest.raises(IllegalMove):
        services.end_meeting(actor=panel.staff, meeting=meeting)


def test_a_note_is_kept_and_not_overwritten_unseen(panel):
    meeting, entry = start(panel), panel.entry(FIRST)
    item = services.write_note(actor=panel.staff, meeting=meeting, entry=entry, text=" Hyvä. ", revision=0)
    assert (item.note, item.revision) == ("Hyvä.", 1)
    refused(Refused, Reason.TEXT_CHANGED, services.write_note, actor=panel.staff, meeting=meeting, entry=entry, text="Muu", revision=0)
    assert services.write_note(actor=panel.staff, meeting=meeting, entry=entry, text="Hyvä.", revision=0).revision == 1
    refused(Denied, Reason.NO_ROLE, services.write_note, actor=panel.jurors[0], meeting=meeting, entry=entry, text="Oma")
    assert "Hyvä" not in str(list(AuditEvent.objects.using("reviewing").values_list("body", flat=True)))
    other = make_body(is_blind=False, codes=("X1-MUUU",))
    refused(Refused, Reason.INCOMPLETE, services.write_note, actor=panel.staff, meeting=meeting, entry=other.entry("X1-MUUU"), text="Muu")


def test_somebody_comes_later_and_another_leaves(panel):
    juror = panel.jurors[0].handle
    meeting = start(panel, absent=[juror])
    turn_to(panel, meeting, FIRST)
    assert agenda.agenda(meeting).turn.out == frozenset()  # not there, so nobody to send out
    services.mark_presence(actor=panel.staff, meeting=meeting, handle=juror, is_present=True)
    assert agenda.agenda(meeting).turn.out == {juror}
    services.mark_presence(actor=panel.staff, meeting=meeting, handle=panel.chair.handle, is_present=False, reason="Lähti junaan")
    assert agenda.agenda(meeting).absent == {panel.chair.handle: "Lähti junaan"}
    refused(Refused, Reason.INCOMPLETE, services.mark_presence, actor=panel.staff, meeting=meeting, handle="nobody", is_present=True)
    refused(Denied, Reason.NO_ROLE, services.mark_presence, actor=panel.chair, meeting=meeting, handle=juror, is_present=False)


def test_the_minutes_tell_who_came_and_left_when_and_why(panel):
    juror, chair = panel.jurors[0].handle, panel.chair.handle
    meeting = start(panel, absent=[juror], reasons={juror: "Lääkärissä"})
    turn_to(panel, meeting, FIRST)
    came, left = clock.now() + timedelta(minutes=10), clock.now() + timedelta(minutes=20)
    with clock.at(came):
        services.mark_presence(actor=panel.staff, meeting=meeting, handle=juror, is_present=True)
    turn_to(panel, meeting, SECOND)
    with clock.at(left):
        services.mark_presence(actor=panel.staff, meeting=meeting, handle=chair, is_present=False, reason="Lähti junaan")
        services.mark_presence(actor=panel.staff, meeting=meeting, handle=chair, is_present=False, reason="Lähti junaan")  # nothing new
    found = agenda.minutes_of(agenda.agenda(meeting), {})
    assert found["movements"] == [
        {"seat": juror, "at": came.isoformat(), "is_present": True, "position": at_position(meeting, FIRST), "reason": "Lääkärissä"},
        {"seat": chair, "at": left.isoformat(), "is_present": False, "position": at_position(meeting, SECOND), "reason": "Lähti junaan"},
    ]
    assert (found["present"], found["absent"]) == (sorted(seat.handle for seat in panel.seats), {})
    first = next(row for row in found["items"] if row["entry"] == FIRST)
    assert first["left"] == [juror]  # who came while the matter was in turn went out at once


def test_who_was_outside_for_a_matter_stays_in_its_minutes(panel):
    meeting, juror = start(panel), panel.jurors[0].handle
    turn_to(panel, meeting, FIRST)
    services.mark_presence(actor=panel.staff, meeting=meeting, handle=juror, is_present=False)
    turn_to(panel, meeting, SECOND)
    turn_to(panel, meeting, FIRST)
    assert {item.code: item.left for item in agenda.agenda(meeting).items}[FIRST] == (juror,)


def test_points_stand_on_the_agenda_only_when_the_round_is_complete(panel):
    meeting = start(panel)
    assert {item.points for item in agenda.agenda(meeting).items} == {None}
    panel.complete(value=lambda seat, code: 9 if code == FIRST else 4)
    meeting.round.refresh_from_db()
    assert {item.code: (item.points, item.place) for item in agenda.agenda(meeting).items}[FIRST] == (9, 1)


DECISIONS = {FIRST: agenda.Decision(True, "Vahvin."), SECOND: agenda.Decision(False, "Kapea.")}


def seen_by(meeting, decisions=DECISIONS, **more):
    return minutes_hash(agenda.minutes_of(agenda.agenda(meeting), decisions, **more))


def test_the_minutes_write_themselves(panel):
    gone = panel.jurors[1].handle
    services.record_absence(actor=panel.staff, seat=panel.jurors[1], reason="Estynyt")
    panel.complete(value=lambda seat, code: 9 if code == FIRST else 4, seats=[panel.chair, panel.jurors[0]])
    panel.round.refresh_from_db()
    meeting = services.start_meeting(actor=panel.staff, round=panel.round, present={panel.chair.handle: True, panel.jurors[0].handle: True}, place="Helsinki")
    turn_to(panel, meeting, FIRST)
    services.write_note(actor=panel.staff, meeting=meeting, entry=panel.entry(FIRST), text="Keskusteltiin.")
    services.add_to_minutes(actor=panel.staff, meeting=meeting, text="Lisäys.")
    with clock.at(clock.now() + timedelta(hours=1)):
        services.end_meeting(actor=panel.staff, meeting=meeting)
        found = agenda.minutes_of(agenda.agenda(meeting), DECISIONS, fewer_reason="Taso ei riittänyt.", quota=2)
    assert {name: found[name] for name in ("place", "absent", "present", "method", "fewer_reason", "quota", "addition")} == {
        "place": "Helsinki", "absent": {gone: "Estynyt"}, "present": sorted([panel.chair.handle, panel.jurors[0].handle]), "method": "mean",
        "fewer_reason": "Taso ei riittänyt.", "quota": 2, "addition": "Lisäys.",
    }
    first = next(row for row in found["items"] if row["entry"] == FIRST)
    assert first == {
        "entry": FIRST, "title": f"Ratkaisu {FIRST}", "author": "", "note": "Keskusteltiin.", "left": [panel.jurors[0].handle], "is_dealt": True,
        "points": "9/1", "place": 1, "is_taken": True, "reason": "Vahvin.",
    }
    assert agenda.moment(found["ended_at"]) - agenda.moment(found["started_at"]) == timedelta(hours=1)


def test_approved_minutes_are_frozen_under_their_hash(panel):
    meeting = start(panel)
    refused(IllegalMove, Reason.WRONG_STATE, services.approve_minutes, actor=panel.staff, meeting=meeting, seen=seen_by(meeting), decisions=DECISIONS)
    services.end_meeting(actor=panel.staff, meeting=meeting)
    seen = seen_by(meeting)
    services.write_note(actor=panel.staff, meeting=meeting, entry=panel.entry(FIRST), text="Myöhemmin lisätty.")
    refused(Refused, Reason.PAGE_CHANGED, services.approve_minutes, actor=panel.staff, meeting=meeting, seen=seen, decisions=DECISIONS)
    refused(Refused, Reason.PAGE_CHANGED, services.approve_minutes, actor=panel.staff, meeting=meeting, seen=seen_by(meeting), decisions={})
    for actor in panel.seats:
        refused(Denied, Reason.NO_ROLE, services.approve_minutes, actor=actor, meeting=meeting, seen=seen_by(meeting), decisions=DECISIONS)
    approved = services.approve_minutes(actor=panel.staff, meeting=meeting, seen=seen_by(meeting), decisions=DECISIONS)
    assert (approved.state, approved.hash) == (MeetingState.APPROVED, minutes_hash(approved.minutes))
    assert AuditEvent.objects.using("reviewing").get(what="meeting.approved").body == {"hash": approved.hash}
    for act in (
        lambda: services.write_note(actor=panel.staff, meeting=meeting, entry=panel.entry(FIRST), text="Muutos"),
        lambda: services.add_to_minutes(actor=panel.staff, meeting=meeting, text="Muutos"), lambda: start(panel),
    ):
        refused(Denied, Reason.FROZEN, act)
    assert receivers.faults_of_minutes() == []
    Meeting.objects.using("reviewing").update(minutes={"changed": True})
    assert receivers.faults_of_minutes() == [f"meeting/{meeting.code}: the minutes are not those that were approved"]


def test_a_meeting_that_was_ended_is_resumed_with_a_reason_until_its_minutes_are_approved(panel):
    meeting, began = start(panel), clock.now()
    turn_to(panel, meeting, FIRST)
    refused(IllegalMove, Reason.WRONG_STATE, services.resume_meeting, actor=panel.staff, meeting=meeting, reason="Kesken")
    with clock.at(began + timedelta(minutes=10)):
        services.end_meeting(actor=panel.staff, meeting=meeting)
    with clock.at(began + timedelta(minutes=30)):
        refused(Refused, Reason.NO_REASON_GIVEN, services.resume_meeting, actor=panel.staff, meeting=meeting, reason=" ")
        refused(Denied, Reason.NO_ROLE, services.resume_meeting, actor=panel.chair, meeting=meeting, reason="Kesken")
        services.resume_meeting(actor=panel.staff, meeting=meeting, reason="Yksi asia jäi käsittelemättä.")
    assert (meeting.state, meeting.ended_at, meeting.turn) == (MeetingState.RUNNING, None, at_position(meeting, FIRST))
    turn_to(panel, meeting, SECOND)
    with clock.at(began + timedelta(minutes=40)):
        services.end_meeting(actor=panel.staff, meeting=meeting)
    found = agenda.minutes_of(agenda.agenda(meeting), {})
    assert found["breaks"] == [{
        "ended_at": (began + timedelta(minutes=10)).isoformat(), "resumed_at": (began + timedelta(minutes=30)).isoformat(),
        "reason": "Yksi asia jäi käsittelemättä.",
    }]
    assert found["ended_at"] == (began + timedelta(minutes=40)).isoformat()
    assert workflow.faults_of_states() == []
    services.approve_minutes(actor=panel.staff, meeting=meeting, seen=seen_by(meeting), decisions=DECISIONS)
    refused(IllegalMove, Reason.WRONG_STATE, services.resume_meeting, actor=panel.staff, meeting=meeting, reason="Kesken")


@pytest.mark.parametrize(("language", "told"), [
    ("fi", "Kokous päätettiin 7.3.2026 klo 14.02 ja sitä jatkettiin 7.3.2026 klo 14.02."), ("sv", "Mötet avslutades 7.3.2026 kl. 14.02 och återupptogs 7.3.2026 kl. 14.02."),
    ("en", "The meeting was ended 7 March 2026 at 14:02 and resumed 7 March 2026 at 14:02."),
])
def test_the_chair_resumes_a_jurys_meeting_on_its_page(body, client, language, told):
    meeting = start(body, body.chair)
    services.end_meeting(actor=body.chair, meeting=meeting)
    client.force_login(body.people[body.chair.handle])
    there = url("meeting", body, language)
    assert 'name="resume"' in text(client.get(there))
    refusal = client.post(there, {"resume": "1", "why": ""})
    assert (refusal.status_code, '<details open><summary>' in text(refusal)) == (409, True)
    assert client.post(there, {"resume": "1", "why": "Kesken."}).status_code == 302
    assert 'name="resume"' not in text(client.get(there)) and 'href="?end"' in text(client.get(there))
    assert told in text(client.get(url("minutes", body, language))).replace("\u00a0", " ")


def test_no_meeting_is_resumed_once_the_report_is_signed(body, client):
    services.end_meeting(actor=body.chair, meeting=start(body, body.chair))
    body.complete()
    body.round.refresh_from_db()
    report = services.draft_report(actor=body.chair, round=body.round, reasons=dict.fromkeys(body.codes, "Vahva."))
    services.send_for_signing(actor=body.chair, report=report)
    for seat in body.seats:
        services.sign_report(actor=seat, report=report, report_hash=report.hash)
    refused(Refused, Reason.WRONG_STATE, services.resume_meeting, actor=body.chair, meeting=Meeting.objects.using("reviewing").get(), reason="Kesken")
    assert 'name="resume"' not in text(page(client, body, body.chair))


# The members' page


def url(name, body, language="en"):
    with translation.override(language):
        return reverse(f"reviewing:{name}", args=[body.round.code])


def page(client, body, seat, name="meeting", language="en"):
    client.force_login(body.people[seat.handle])
    return client.get(url(name, body, language))


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_member_sees_the_entry_in_turn_and_one_in_conflict_does_not(panel, client):
    meeting = start(panel)
    turn_to(panel, meeting, FIRST)
    others = [text(page(client, panel, seat)) for seat in (panel.chair, panel.jurors[1])]
    assert all(f"Ratkaisu {FIRST}" in shown and f"Teksti kohteesta {FIRST}." in shown for shown in others)
    hidden = text(page(client, panel, panel.jurors[0]))
    assert "A matter from which you have stepped aside is being dealt with. You are called back in." in hidden
    assert FIRST not in hidden
    turn_to(panel, meeting, SECOND)
    assert f"Ratkaisu {SECOND}" in text(page(client, panel, panel.jurors[0]))


def found_by(panel, client):
    """Return the words of a matter that the member in conflict finds at any address of the meeting, in each of its states."""
    meeting = start(panel)
    turn_to(panel, meeting, FIRST)
    services.write_note(actor=panel.staff, meeting=meeting, entry=panel.entry(FIRST), text="KANARIA")
    client.force_login(panel.people[panel.jurors[0].handle])
    found = []

    def look():
        for language in ("fi", "sv", "en"):
            for name in ("meeting", "minutes"):
                for headers in ({}, {"HX-Request": "true"}):
                    for answer in (client.get(url(name, panel, language), headers=headers), client.post(url(name, panel, language), {"turn": "2"}, headers=headers)):
                        shown = answer.content.decode()
                        found.extend(word for word in (FIRST, "KANARIA", "Vahvin.") if word in shown)

    look()
    services.end_meeting(actor=panel.staff, meeting=meeting)
    look()
    services.approve_minutes(actor=panel.staff, meeting=meeting, seen=seen_by(meeting), decisions=DECISIONS)
    look()
    return set(found)


def test_one_in_conflict_gets_the_matter_by_no_address_of_the_meeting(panel, client):
    assert found_by(panel, client) == set()
    shown = text(page(client, panel, panel.jurors[0], "minutes"))
    assert f"Ratkaisu {SECOND}" in shown and "Kapea." in shown and "A matter from which you have stepped aside" in shown
    assert "KANARIA" in text(page(client, panel, panel.chair, "minutes"))


@pytest.mark.parametrize(("guard", "words"), [("must_leave", {FIRST}), ("outside", {FIRST, "KANARIA", "Vahvin."})])
def test_without_the_guard_the_matter_is_found(panel, client, monkeypatch, guard, words):
    """The seeded faults of the test above: nobody is asked to leave, or no conflict is read."""
    monkeypatch.setattr(agenda, guard, {"must_leave": lambda seat, entry: False, "outside": lambda round_: {}}[guard])
    assert found_by(panel, client) == words


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_members_page_in_each_language_and_state(panel, client, language):
    assert page(client, panel, panel.chair, language=language).status_code == 200
    assert page(client, panel, panel.chair, "minutes", language).status_code == 404
    meeting = start(panel, absent=[panel.jurors[1].handle])
    shown = [page(client, panel, seat, language=language).content.decode() for seat in (panel.chair, panel.jurors[1])]
    assert ["Ratkaisu" in answer for answer in shown] == [True, False]
    assert f'<html lang="{language}"' in shown[0] and shown[0].count("<h1") == 1 and 'hx-trigger="every 5s"' in shown[0]
    assert page(client, panel, panel.chair, "minutes", language).status_code == 404  # not yet approved
    services.end_meeting(actor=panel.staff, meeting=meeting)
    services.approve_minutes(actor=panel.staff, meeting=meeting, seen=seen_by(meeting), decisions=DECISIONS)
    answer = page(client, panel, panel.chair, "minutes", language)
    assert (answer.status_code, "<form" in answer.content.decode().partition("<main")[2]) == (200, False)


def test_points_are_not_told_to_a_member_before_the_round_is_complete(panel, client):
    meeting = start(panel)
    panel.submit_all(value=lambda seat, code: 9)
    assert "points" not in text(page(client, panel, panel.chair)).partition("<h1")[2]
    services.complete_round(actor=panel.staff, round=panel.round)
    assert "Place 1, 9.00 points." in text(page(client, panel, panel.chair))
    assert meeting.state == MeetingState.RUNNING


def test_others_find_no_meeting(panel, client):
    start(panel)
    other = make_body(is_blind=False, codes=("M1-MUUU",))
    for person in (panel.staff, other.people[other.chair.handle]):
        client.force_login(person)
        assert [client.get(url(name, panel)).status_code for name in ("meeting", "minutes")] == [404, 404]
    services.record_absence(actor=panel.staff, seat=panel.jurors[1], reason="Estynyt")
    assert page(client, panel, panel.jurors[1]).status_code == 404


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_chair_of_a_blind_round_holds_the_meeting(body, client, language):
    client.force_login(body.people[body.chair.handle])
    there, minutes = url("meeting", body, language), url("minutes", body, language)
    shown = text(client.get(there))
    assert shown.count('name="present"') == 3 and not any(seat.handle in shown or body.people[seat.handle].name in shown for seat in body.jurors)
    assert client.post(there, {"start": "1"}).status_code == 409  # nobody is there
    assert client.post(there, {"present": [key_of(seat.handle) for seat in body.seats], "start": "1"}).status_code == 302
    noted = {"entry": key_of(FIRST), "note": "Keskusteltiin.", "revision": "0"}
    assert 'value="1"' in client.post(there, noted, headers={"HX-Request": "true"}).content.decode()
    assert client.post(there, {**noted, "note": "Muu teksti"}).status_code == 409
    assert "Muu teksti" in client.post(there, {**noted, "note": "Muu teksti"}).content.decode()  # nothing typed is lost
    assert client.post(there, {"turn": "2"}).status_code == 302
    assert f"Ratkaisu {SECOND}" in text(page(client, body, body.jurors[0], language=language))
    client.force_login(body.people[body.chair.handle])
    assert client.post(minutes, {"addition": "Lisäys."}).status_code == 302
    client.post(there, {"member": key_of(body.jurors[1].handle), "is_present": "no"})
    client.post(there, {"end": "1"})
    shown = client.get(minutes).content.decode()
    assert client.post(minutes, {"approve": "1", "seen": "stale"}).status_code == 409
    assert client.post(minutes, {"approve": "1", "seen": re.search(r'name="seen" value="(\w+)"', shown)[1]}).status_code == 302
    shown = page(client, body, body.jurors[0], "minutes", language).content.decode()
    assert "Keskusteltiin." in shown and "Lisäys." in shown
    assert not any(seat.handle in shown for seat in body.seats)


@pytest.mark.parametrize(("language", "words"), [
    ("fi", ("Saapuminen ja poistuminen", "Lähti junaan", "Perustelut", "kierroksen jättänyt arvioija", "(puheenjohtaja)")),
    ("sv", ("Ankomst och avgång", "Lähti junaan", "Motivering", "en bedömare som har lämnat omgången", "(ordförande)")),
    ("en", ("Coming and leaving", "Lähti junaan", "Reasons", "a reviewer who has left the round", "(chair)")),
])
def test_a_jurys_minutes_name_nobody_and_call_reasons_reasons(body, client, language, words):
    """A juror who stepped aside has no number; the jury's report gives reasons, it decides nothing."""
    services.record_absence(actor=body.staff, seat=body.jurors[0], reason="Estynyt")
    body.complete(seats=[body.chair, body.jurors[1]])
    body.round.refresh_from_db()
    services.draft_report(actor=body.chair, round=body.round, reasons={entry.code: "Syyt:\n- Toimiva\n- Halpa" for entry in body.round.entries.using("reviewing")})
    client.force_login(body.people[body.chair.handle])
    there = url("meeting", body, language)
    client.post(there, {"present": [key_of(seat.handle) for seat in (body.chair, body.jurors[1])], "start": "1"})
    shown = text(client.get(there))
    assert shown.count('name="why"') == 2
    client.post(there, {"member": key_of(body.jurors[1].handle), "is_present": "no", "why": "Lähti junaan"})
    shown = text(client.get(url("minutes", body, language)))
    assert all(word in shown for word in (*words, FIRST, SECOND)) and "Estynyt" in shown and "<li>Toimiva" in shown
    assert not any(word in shown for word in ("<dd> (", "<b>Päätös", "<b>Beslut", "<b>Decision"))


@pytest.mark.parametrize(("language", "sentence"), [
    ("fi", "2 asiaa on käsittelemättä."), ("sv", "2 ärenden har inte behandlats."), ("en", "2 matters have not been dealt with."),
])
def test_ending_is_confirmed_and_the_host_reads_what_is_dealt_with(body, client, language, sentence):
    meeting = start(body, body.chair)
    first = AgendaItem.objects.using("reviewing").select_related("entry").get(meeting=meeting, position=1).entry.code
    client.force_login(body.people[body.chair.handle])
    there = url("meeting", body, language)
    shown = text(client.get(there))
    assert 'name="end"' not in shown and 'href="?end"' in shown and f"Teksti kohteesta {first}." in shown
    asked = text(client.get(f"{there}?end"))
    assert sentence in asked and 'name="end"' in asked and 'href="?end"' not in asked
    client.post(there, {"end": "1"})
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.ENDED and 'name="end"' not in text(client.get(f"{there}?end"))


def test_no_meeting_starts_once_the_report_is_signed(body, client):
    body.complete()
    body.round.refresh_from_db()
    report = services.draft_report(actor=body.chair, round=body.round, reasons=dict.fromkeys(body.codes, "Vahva."))
    services.send_for_signing(actor=body.chair, report=report)
    for seat in body.seats:
        services.sign_report(actor=seat, report=report, report_hash=report.hash)
    refused(Refused, Reason.WRONG_STATE, start, body, body.chair)
    shown = text(page(client, body, body.chair))
    assert 'name="start"' not in shown and "no meeting can be started any more" in shown


def test_the_minutes_tell_how_firm_the_result_is(body, client):
    """The sentences of the jury's report; a reader who may learn nothing of an entry that they name reads none."""
    body.complete(value=lambda number, code: 9 if code == FIRST else 4)
    body.round.refresh_from_db()
    report = services.draft_report(actor=body.chair, round=body.round, reasons=dict.fromkeys(body.codes, "Vahva."))
    meeting = start(body, body.chair)
    assert agenda.minutes_of(agenda.agenda(meeting), {})["firmness"] == report.firmness != {}
    sentence = f"{FIRST} leads"
    assert sentence in text(page(client, body, body.chair, "minutes"))
    found = agenda.agenda(meeting)
    shown = [holding.minutes_page(found, {}, {}, hidden=frozenset(hidden))["firmness"] for hidden in ((), (FIRST,))]
    assert (any(FIRST in line for line in shown[0]), shown[1]) == (True, [])


def test_a_panels_minutes_tell_it_once_it_was_worked_out(panel):
    panel.complete(value=lambda number, code: 9 if code == FIRST else 4)
    panel.round.refresh_from_db()
    meeting = start(panel)
    assert agenda.minutes_of(agenda.agenda(meeting), {})["firmness"] == {}
    services.weigh_result(round=panel.round)
    assert agenda.minutes_of(agenda.agenda(meeting), {})["firmness"]["winners"] == [FIRST]


def test_a_juror_does_not_hold_the_meeting_of_a_blind_round(body, client):
    client.force_login(body.people[body.jurors[0].handle])
    assert client.post(url("meeting", body), {"present": [key_of(seat.handle) for seat in body.seats], "start": "1"}).status_code == 404
    start(body, body.chair)
    assert client.post(url("meeting", body), {"turn": "2"}).status_code == 404
    assert client.post(url("minutes", body), {"addition": "Oma"}).status_code == 404
    assert Meeting.objects.using("reviewing").get().turn == 1


def test_the_pages_cost_the_same_at_any_number_of_entries(middle, client):
    def cost(count):
        body = make_body(is_blind=False, codes=tuple(f"A{count}-KOE{n}" for n in range(count)))
        start(body)
        client.force_login(body.people[body.chair.handle])
        client.get(url("meeting", body))
        with CaptureQueriesContext(connections["default"]) as one, CaptureQueriesContext(connections["reviewing"]) as other:
            assert client.get(url("meeting", body)).status_code == 200
        return len(one) + len(other)

    few = cost(2)
    assert (cost(30), few <= 14) == (few, True)
