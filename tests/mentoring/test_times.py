"""Mentors tell who they are and when they can; they leave a day; teams tell when they cannot come."""

from datetime import timedelta

import pytest
from django.urls import reverse

from klash.core import clock
from klash.core.errors import Denied, Refused
from klash.mentoring import selectors, services
from klash.mentoring.models import JointSession, MentorLeave, MentorTime, Session, TeamAbsence
from klash.post.models import Message
from klash.rules.reasons import Reason
from tests.mentoring.conftest import DAY

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def before():
    with clock.at(DAY - timedelta(days=7)):
        yield


@pytest.fixture
def second(mentoring):
    """A day in another place on the same date."""
    at = DAY + timedelta(hours=4)
    return services.add_day(
        actor=mentoring.staff, competition=mentoring.world.competition, number=2, on=DAY.date(), place="Myllytalo", topic={},
        challenges=mentoring.challenges, slots=[(at, at + timedelta(minutes=30))],
    )


def tell(mentoring, *slots, **limits):
    return services.tell_times(actor=mentoring.mentors[0].person, mentor=mentoring.mentors[0], times={slot.pk: False for slot in slots}, **limits)


def told(mentor):
    return dict(MentorTime.objects.filter(mentor=mentor).values_list("slot", "is_online"))


def refused(work, *args, **words):
    with pytest.raises((Refused, Denied)) as error:
        work(*args, **words)
    return error.value.reason


def url(name, *args):
    return reverse(f"mentoring:{name}", args=["klash-test", *args])


def test_a_mentor_tells_times_anew_as_often_as_needed(mentoring):
    one, two, three = mentoring.slots
    mentor = mentoring.mentors[0]
    tell(mentoring, one, two, per_day=2, in_a_row=1, in_total=5)
    services.tell_times(actor=mentor.person, mentor=mentor, times={two.pk: True, three.pk: False})
    assert told(mentor) == {two.pk: True, three.pk: False}
    mentor.refresh_from_db()
    assert (mentor.per_day, mentor.in_a_row, mentor.in_total, mentor.times_at) == (None, None, None, clock.now())


def test_nobody_tells_the_times_of_another(mentoring):
    words = {"mentor": mentoring.mentors[0], "times": {}}
    assert refused(services.tell_times, actor=mentoring.mentors[1].person, **words) == Reason.NOT_YOURS
    assert refused(services.tell_times, actor=mentoring.staff, **words) == Reason.NOT_YOURS


def test_nobody_is_in_two_places_on_one_date(mentoring, second):
    assert refused(tell, mentoring, mentoring.slots[0], second.slots.get()) == Reason.IN_OTHER_PLACE
    assert told(mentoring.mentors[0]) == {}


def test_a_slot_with_a_session_cannot_be_left_out_and_the_past_stays(mentoring):
    one, two, _three = mentoring.slots
    tell(mentoring, one, two)
    mentoring.plan(slot=1)
    assert refused(tell, mentoring, one) == Reason.SLOT_IN_USE
    with clock.at(one.starts_at):
        tell(mentoring, two)
    assert set(told(mentoring.mentors[0])) == {one.pk, two.pk}


def test_a_day_that_a_mentor_leaves_is_cancelled_with_its_sessions(mentoring, cast):
    mentor = mentoring.mentors[0]
    tell(mentoring, *mentoring.slots)
    first, second, other = mentoring.plan(slot=0), mentoring.plan(slot=1, team=1), mentoring.plan(slot=2, team=1, mentor=1)
    before = Message.objects.latest("pk").pk
    leave = services.leave_day(actor=mentor.person, mentor=mentor, day=mentoring.day)
    states = {row.code: (row.state, row.sequence) for row in Session.objects.all()}
    assert states == {first.code: ("cancelled", 1), second.code: ("cancelled", 1), other.code: ("planned", 0)}
    assert (told(mentor), leave.cancelled, leave.told_at) == ({}, 2, clock.now())
    mails = Message.objects.filter(pk__gt=before)
    leaders = [team.memberships.get(is_leader=True).person for team in mentoring.teams[:2]]
    staff = [cast["organiser"], cast["organiser_2"], cast["registrar"]]
    assert sorted(mails.values_list("to", flat=True)) == sorted(person.email for person in (mentor.person, *leaders, *staff))
    to_staff = mails.get(to=cast["organiser"].email)
    assert [team.name in to_staff.body for team in mentoring.teams] == [True, True, False]
    assert {mail.calendar.count("METHOD:CANCEL") for mail in mails.filter(to__in=[person.email for person in leaders])} == {1}
    # Once more, since a colleague planned something meanwhile.
    mentoring.plan(slot=2, team=0)
    services.leave_day(actor=mentor.person, mentor=mentor, day=mentoring.day)
    assert MentorLeave.objects.get().cancelled == 3
    # Pressed twice: nothing is left to cancel, and nobody hears of it again.
    count = Message.objects.count()
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert services.leave_day(actor=mentor.person, mentor=mentor, day=mentoring.day) == leave
    assert (Message.objects.count(), MentorLeave.objects.get().cancelled) == (count, 3)


def test_what_has_begun_is_not_cancelled_with_the_day(mentoring):
    mentor, (first, second) = mentoring.mentors[0], (mentoring.plan(slot=0), mentoring.plan(slot=1, team=1))
    with clock.at(first.slot.starts_at):
        services.leave_day(actor=mentor.person, mentor=mentor, day=mentoring.day)
        assert refused(services.cancel_session, actor=mentor.person, session=first) == Reason.WRONG_STATE
        assert services.hold_session(actor=mentor.person, session=first).state == "held"
    second.refresh_from_db()
    assert second.state == "cancelled"


def test_a_day_that_is_over_cannot_be_left(mentoring):
    mentor = mentoring.mentors[0]
    with clock.at(DAY + timedelta(days=1)):
        assert refused(services.leave_day, actor=mentor.person, mentor=mentor, day=mentoring.day) == Reason.WRONG_STATE
    assert refused(services.leave_day, actor=mentoring.mentors[1].person, mentor=mentor, day=mentoring.day) == Reason.NOT_YOURS


def test_a_team_tells_when_it_cannot_come(mentoring, cast):
    team = mentoring.teams[0]
    services.tell_absences(actor=cast["member"], team=team, absences=[slot.pk for slot in mentoring.slots[:2]])
    services.tell_absences(actor=cast["leader"], team=team, absences=[mentoring.slots[1].pk])
    assert list(TeamAbsence.objects.values_list("slot", flat=True)) == [mentoring.slots[1].pk]
    mentoring.plan(slot=0)
    assert refused(services.tell_absences, actor=cast["leader"], team=team, absences=[mentoring.slots[0].pk]) == Reason.SLOT_IN_USE
    assert refused(services.tell_absences, actor=cast["mentor"], team=team, absences=[]) == Reason.NOT_YOURS
    declined = mentoring.declined
    assert refused(services.tell_absences, actor=declined.memberships.get().person, team=declined, absences=[]) == Reason.NOT_ADMITTED


def test_the_button_of_a_day_answers_for_all_its_slots_and_keeps_what_stands_beside(mentoring, second, cast, enter):
    client, mentor = enter(cast["mentor"]), mentoring.mentors[0]
    answer = client.post(url("own_times"), {"fill": "1/online", "per_day": "2"})
    assert answer["Location"] == f"{url('own_times')}#day-1"
    mentor.refresh_from_db()
    assert (told(mentor), mentor.per_day) == ({slot.pk: True for slot in mentoring.slots}, 2)
    clash = client.post(url("own_times"), {"fill": "2/here", **{f"slot_{slot.pk}": "online" for slot in mentoring.slots}}).content.decode()
    assert "eri paikoissa" in clash
    assert clash.count('<option value="online" selected>') == 3
    assert len(told(mentor)) == 3


def test_what_all_do_together_is_no_slot_to_tell_of(mentoring, cast, enter):
    slot = mentoring.slots[1]
    JointSession.objects.create(day=mentoring.day, starts_at=slot.starts_at, ends_at=slot.ends_at, title={"fi": "Työpaja"}, changed_at=DAY)
    for who, name, words in (("mentor", "own_times", ()), ("leader", "absences", (mentoring.teams[0].code,))):
        page = enter(cast[who]).get(url(name, *words)).content.decode()
        assert [f'name="slot_{one.pk}"' in page for one in mentoring.slots] == [True, False, True]


def test_a_profile_is_filled_in_and_leads_to_the_times(mentoring, cast, enter):
    client, mentor = enter(cast["mentor"]), mentoring.mentors[0]
    words = {
        "field_fi": "hankinnat", "sector": "public", "organisation_kind": "municipality", "organisation_size": "250-", "languages": ["fi", "sv"],
        "region": "Kanta-Häme", "text_fi": "Ostan.",
    }
    answer = client.post(url("profile"), words)
    assert answer["Location"] == url("own_times")
    mentor.refresh_from_db()
    assert (mentor.organisation_kind, mentor.languages, mentor.region, mentor.saved_at) == ("municipality", ["fi", "sv"], "Kanta-Häme", clock.now())
    assert selectors.background_of(mentor, selectors.regions("sv")).endswith("Egentliga Tavastland · kielet: suomi, ruotsi")
    assert client.post(url("profile"), {**words, "languages": []}).status_code == 200


def test_two_presses_cancel_a_day(mentoring, cast, enter):
    client = enter(cast["mentor"])
    tell(mentoring, *mentoring.slots)
    session = mentoring.plan()
    assert url("leave", 1) in client.get(url("timetable")).content.decode()
    assert "Kaarna" in client.get(url("leave", 1)).content.decode()
    assert client.post(url("leave", 1))["Location"] == url("timetable")
    session.refresh_from_db()
    assert session.state == "cancelled"
    assert url("leave", 1) not in client.get(url("timetable")).content.decode()
