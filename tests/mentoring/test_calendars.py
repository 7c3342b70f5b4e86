"""Sessions in calendars: the feed of one person and the files in mails, read back and held against RFC 5545 and 5546."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.urls import reverse
from icalendar import Calendar

from klash.accounts.services import end_role
from klash.core import clock, show
from klash.mentoring import selectors, services
from klash.mentoring.models import CalendarFeed, JointSession, MentorTime, Room, Session
from klash.mentoring.selectors import calendars
from klash.post.models import Message
from klash.post.services import send_waiting
from klash.rules.roles import Role
from tests.mentoring.conftest import DAY

pytestmark = pytest.mark.django_db(databases="__all__")
CANARY = "KANARIALINTU"
NAME = "Kaarna; pitkä, \\ nimi\u00e4" + "ä" * 40  # every sign that must be escaped, and long enough to be folded


def address(token):
    return reverse("mentoring:feed", args=[token])


def make(mentoring, person):
    return services.make_feed(actor=person, competition=mentoring.world.competition)


def events(text):
    return {str(event["uid"]): event for event in Calendar.from_ical(text).walk("VEVENT")}


def check_lines(text):
    """RFC 5545, 3.1: each line ends with CRLF and has 75 octets at most."""
    assert text.endswith(b"\r\n")
    assert b"\n" not in text.replace(b"\r\n", b"") and b"\r" not in text.replace(b"\r\n", b"")
    assert max(len(line) for line in text.split(b"\r\n")) <= 75


def test_the_feed_holds_ones_own_sessions_and_what_all_do_together(mentoring, cast, client):
    mentoring.teams[0].name = NAME
    mentoring.teams[0].save()
    room = Room.objects.create(day=mentoring.day, number=1, name="Sali", link="https://meet.example.org/a?b=1;c,d")
    own, other, gone = mentoring.plan(), mentoring.plan(team=1, mentor=1), mentoring.plan(slot=2)
    Session.objects.filter(pk=own.pk).update(room=room, wish=CANARY, note=CANARY)
    services.cancel_session(actor=mentoring.staff, session=gone)
    joint = JointSession.objects.create(
        day=mentoring.day, starts_at=DAY - timedelta(hours=1), ends_at=DAY, title={"fi": "Avaus"}, where="Aula", sequence=3, changed_at=DAY
    )
    _feed, token = make(mentoring, cast["mentor"])
    assert f"{joint.code}@klash.invalid" not in events(client.get(address(token)).content)  # the mentor has told no times of that day
    MentorTime.objects.create(mentor=mentoring.mentors[0], slot=mentoring.slots[1])
    answer = client.get(address(token))
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "text/calendar; charset=utf-8", "private, no-store")
    assert not answer.cookies
    check_lines(answer.content)
    calendar = Calendar.from_ical(answer.content)
    assert (calendar["version"], calendar["method"], len(calendar.walk("VTIMEZONE"))) == ("2.0", "PUBLISH", 1)
    found = events(answer.content)
    assert len(calendar.walk("VEVENT")) == len(found)
    assert set(found) == {f"{row.code}@klash.invalid" for row in (own, gone, joint)}
    told = found[f"{own.code}@klash.invalid"]
    assert [str(told[name]) for name in ("summary", "location", "url", "status", "sequence")] == [
        f"Mentorointitapaaminen: {NAME}", "Sali, Kunnantalo", room.link, "CONFIRMED", "0",
    ]
    assert (told.decoded("dtstart"), told["dtstart"].params["TZID"]) == (own.slot.starts_at, "Europe/Helsinki")
    assert told.decoded("last-modified").tzinfo is not None
    assert [str(found[f"{gone.code}@klash.invalid"][name]) for name in ("status", "sequence")] == ["CANCELLED", "1"]
    assert [str(found[f"{joint.code}@klash.invalid"][name]) for name in ("summary", "location", "sequence")] == ["Avaus", "Aula, Kunnantalo", "3"]
    whole = answer.content.replace(b"\r\n ", b"").decode()
    assert [word in whole for word in (CANARY, "Luoto", other.code, "@example.org")] == [False] * 4


def test_an_address_that_is_unknown_revoked_or_renewed_leads_nowhere(mentoring, cast, client):
    mentoring.plan()
    feed, first = make(mentoring, cast["leader"])
    assert feed.token_hash == selectors.hash_of(first) and first not in str(CalendarFeed.objects.values())
    _feed, second = make(mentoring, cast["leader"])
    assert [client.get(address(token)).status_code for token in (first, second, "0" * 32)] == [404, 200, 404]
    services.revoke_feed(actor=cast["leader"], competition=mentoring.world.competition)
    assert client.get(address(second)).status_code == 404
    _feed, third = make(mentoring, cast["mentor"])
    end_role(actor=cast["organiser"], person=cast["mentor"], role=Role.MENTOR, competition="klash-test")
    assert client.get(address(third)).status_code == 404


def test_the_address_is_shown_once(mentoring, cast, enter, client):
    page = reverse("mentoring:calendar", args=["klash-test"])
    own = enter(cast["leader"])
    assert "/calendars/" not in own.get(page).content.decode()
    shown = re.findall(r"http\S+/calendars/([0-9a-f]{32})/mentoring\.ics", own.post(page).content.decode())
    assert client.get(address(shown[0])).status_code == 200
    assert shown[0] not in own.get(page).content.decode()
    assert own.post(page, {"revoke": "1"})["Location"] == page
    assert client.get(address(shown[0])).status_code == 404
    assert [enter(cast[who]).get(page).status_code for who in ("organiser", "juror", "outsider")] == [404] * 3


@pytest.mark.parametrize("moment", [datetime(2019, 10, day, 9, tzinfo=UTC) + timedelta(days=365 * years) for day in (25, 26, 27, 28) for years in (0, 7, 40)])
def test_the_zone_of_the_file_tells_helsinkis_time_over_the_change_of_clocks(moment):
    event = calendars._event("x", 0, moment, moment, moment + timedelta(minutes=30))
    text = calendars._written("PUBLISH", [event])
    zone = Calendar.from_ical(text).walk("VTIMEZONE")[0].to_tz(lookup_tzid=False)
    written = re.search(r"DTSTART;TZID=Europe/Helsinki:(\d{8}T\d{6})\r\n", text)[1]
    assert datetime.strptime(written, "%Y%m%dT%H%M%S").replace(tzinfo=zone).astimezone(UTC) == moment
    assert moment.astimezone(show.ZONE).strftime("%Y%m%dT%H%M%S") == written


def sent_files(message):
    """Return each calendar part of a mail as it went out: (content type, method, disposition, text)."""
    parts = message_from_bytes(message.message().as_bytes(linesep="\r\n"), policy=policy.default).walk()
    return [
        (part.get_content_type(), part.get_param("method"), part.get_content_disposition(), part.get_payload(decode=True))
        for part in parts if part.get_content_type() in ("text/calendar", "application/ics")
    ]


def test_a_changed_meeting_is_a_change_and_not_a_second_one(mentoring, cast):
    session = mentoring.plan()
    with clock.at(DAY - timedelta(days=1)):
        services.cancel_session(actor=mentoring.staff, session=session)
    send_waiting()
    asked, gone = ([sent_files(one) for one in mail.outbox if one.to == [cast["mentor"].email] and word in one.body] for word in ("suunnitellut", "perunut"))
    found = []
    for parts, method in ((asked[0], "REQUEST"), (gone[0], "CANCEL")):
        assert [part[:3] for part in parts] == [("text/calendar", method, None), ("application/ics", None, "attachment")]
        check_lines(parts[1][3])
        (event,) = events(parts[1][3]).values()
        assert Calendar.from_ical(parts[1][3])["method"] == Calendar.from_ical(parts[0][3])["method"] == method
        assert (event["organizer"], event["attendee"], event["attendee"].params["RSVP"]) == (
            "mailto:klash@klash.invalid", f"mailto:{cast['mentor'].email}", "FALSE"
        )
        found.append((str(event["uid"]), event["sequence"], event.decoded("dtstamp"), str(event["status"])))
    assert [one[1::2] for one in found] == [(0, "CONFIRMED"), (1, "CANCELLED")]
    assert found[0][0] == found[1][0]


def test_a_mail_about_several_meetings_has_a_file_for_each(mentoring, cast):
    services.plan_sessions(actor=mentoring.staff, wishes=[
        (mentoring.slots[0], mentoring.teams[0], mentoring.mentors[0]), (mentoring.slots[2], mentoring.teams[1], mentoring.mentors[0]),
    ])
    send_waiting()
    parts = [sent_files(one) for one in mail.outbox if one.to == [cast["mentor"].email]][0]
    assert [part[:3] for part in parts] == [("text/calendar", "REQUEST", "attachment")] * 2
    assert [len(events(part[3])) for part in parts] == [1, 1]


def test_mails_without_meetings_stay_plain(mentoring):
    Message.objects.update(calendar="")
    mentoring.plan()
    Message.objects.update(calendar="")
    send_waiting()
    assert {one.message().get_content_type() for one in mail.outbox} == {"text/plain"}
