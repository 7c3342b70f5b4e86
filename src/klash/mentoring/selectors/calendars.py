"""Sessions as calendars write them (RFC 5545 and 5546): the feed of one person, and the files in mails."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone, vCalAddress

from klash.accounts.models import User
from klash.competitions.models import Competition
from klash.core import clock, show
from klash.mentoring.models import CalendarFeed, JointSession, MentoringDay, MentorTime, Room, Session
from klash.mentoring.selectors.people import Part, part_of
from klash.rules.states import SessionState
from klash.teams.models import Team

PRODUCT = "-//Klash//Mentoring//FI"
# The rule of the European Union's summer time, as it has stood since 1996; a rule keeps the file short and never runs out, dates would.
HELSINKI = """BEGIN:VTIMEZONE
TZID:Europe/Helsinki
BEGIN:DAYLIGHT
DTSTART:19970330T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:EEST
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T040000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:EET
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
END:STANDARD
END:VTIMEZONE
"""


def hash_of(token: str) -> str:
    """Return what is kept of the token in a feed's address."""
    return hashlib.sha256(token.encode()).hexdigest()


def feed_for(token: str) -> CalendarFeed | None:
    """Return the feed behind an address while it is valid and its owner mentors or is mentored. At most five queries."""
    feeds = CalendarFeed.objects.select_related("person", "competition").filter(revoked_at=None, person__is_active=True)
    feed = feeds.filter(token_hash=hash_of(token)).first()
    return feed if feed and part_of(feed.person, feed.competition) in (Part.MENTOR, Part.TEAM) else None


def feed_of(person: Any, competition: Competition) -> CalendarFeed | None:
    """Return the person's own valid feed. One query."""
    return CalendarFeed.objects.filter(person=person, competition=competition, revoked_at=None).first()


def write_feed(feed: CalendarFeed) -> bytes:
    """Return the person's own sessions, cancelled ones included, and what all do together on the team's days, or those that the mentor told times for.

    Four queries. The staff has no feed, so that the sessions that the person may see are the own ones.
    """
    person, competition = feed.person, feed.competition
    sessions = Session.objects.visible_to(person).filter(slot__day__competition=competition)
    told = MentorTime.objects.filter(mentor__person=person).values("slot__day")
    own = Q(pk__in=told) | Q(challenges__in=Team.objects.of(person).told().values("challenge"))
    days = MentoringDay.objects.visible_to(person).filter(own, competition=competition)
    joint = JointSession.objects.filter(day__in=days).select_related("day__competition").order_by("starts_at", "pk")
    with translation.override(person.language):
        events = [_session(row, person) for row in sessions.select_related(*_NEEDED).order_by("slot__starts_at", "pk")]
        name = _("Mentoring, %(competition)s") % {"competition": competition.name}
        return _written("PUBLISH", [*events, *map(_joint, joint)], name=name).encode()


def files_for(sessions: Iterable[Session], person: User) -> str:
    """Return what a mail tells the person's calendar of own sessions: one object a session, since one may not hold two meetings.

    A planned session asks to be put in or changed, a cancelled one to be taken out; its UID and SEQUENCE tell programs that it is the same meeting.
    """
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    found = []
    with translation.override(person.language):
        for session in sessions:
            event = _session(session, person)
            event.add("organizer", _party(address, name))
            event.add("attendee", _party(person.email, person.name, role="REQ-PARTICIPANT", partstat="NEEDS-ACTION", rsvp="FALSE"))
            found.append(_written("CANCEL" if session.state == SessionState.CANCELLED else "REQUEST", [event]))
    return "".join(found)


_NEEDED = ("slot__day__competition", "team", "mentor__person", "room")


def _session(session: Session, person: User) -> Event:
    is_mentor, day = session.mentor.person_id == person.pk, session.slot.day
    other = session.team.name if is_mentor else session.mentor.person.name
    page = _address("mentoring:session", day.competition.code, session.code)
    event = _event(session.code, session.sequence, session.changed_at, session.slot.starts_at, session.slot.ends_at)
    event.add("summary", _("Mentoring session: %(other)s") % {"other": other})
    event.add("location", place_of(session))
    event.add("url", session.room.link if session.room and session.room.link else page)
    event.add("description", _("The session’s page: %(page)s") % {"page": page})
    event.add("status", "CANCELLED" if session.state == SessionState.CANCELLED else "CONFIRMED")
    return event


def place_of(session: Session) -> str:
    """Return where a session is held: the room and the place, or that it is online."""
    return where(session.slot.day, session.room, is_online=session.is_online)


def where(day: MentoringDay, room: Room | None, *, is_online: bool) -> str:
    """Return the room and the place of the day; of a session from afar that it is online."""
    place = _("online") if is_online and not day.is_online else day.place
    return ", ".join([*([room.name] if room else []), place])


def _joint(joint: JointSession) -> Event:
    event = _event(joint.code, joint.sequence, joint.changed_at, joint.starts_at, joint.ends_at)
    event.add("summary", show.pick(joint.title, translation.get_language() or "fi"))
    event.add("location", ", ".join(filter(None, [joint.where, joint.day.place])))
    event.add("url", joint.link or _address("mentoring:timetable", joint.day.competition.code))
    event.add("status", "CONFIRMED")
    return event


def _event(code: str, sequence: int, changed_at: datetime, starts_at: datetime, ends_at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{code}@{settings.KLASH_MAIL_HOST}")
    event.add("dtstamp", clock.now())
    event.add("last-modified", changed_at)
    event.add("sequence", sequence)
    event.add("dtstart", starts_at.astimezone(show.ZONE))
    event.add("dtend", ends_at.astimezone(show.ZONE))
    return event


def _party(address: str, name: str, **parameters: str) -> vCalAddress:
    party = vCalAddress(f"mailto:{address}")
    for key, value in {"cn": name, **parameters}.items():
        if value:
            party.params[key] = value
    return party


def _address(name: str, *words: str) -> str:
    return settings.KLASH_URL + reverse(name, args=words)


def _written(method: str, events: Iterable[Event], *, name: str = "") -> str:
    """Return a calendar as text, its lines folded and ended as the standard says."""
    calendar = Calendar()
    for key, value in {"prodid": PRODUCT, "version": "2.0", "calscale": "GREGORIAN", "method": method, "x-wr-calname": name}.items():
        if value:
            calendar.add(key, value)
    for part in (Timezone.from_ical(HELSINKI), *events):
        calendar.add_component(part)
    text: bytes = calendar.to_ical()
    return text.decode()
