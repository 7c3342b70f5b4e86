"""Teams take slots that the published timetable has left free, and give them back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from klash.competitions.models import Competition
from klash.core import clock
from klash.core.errors import Denied, Refused
from klash.mentoring import services
from klash.mentoring.models import (
    JointSession,
    MentoringDay,
    MentorProfile,
    MentorTime,
    PairRule,
    Plan,
    PlanRules,
    Room,
    Session,
    Slot,
    TeamAbsence,
)
from klash.post.models import Message
from klash.rules.reasons import Reason
from tests.mentoring.conftest import DAY

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def open_day(mentoring):
    """The timetable is published; both mentors have told all three slots."""
    competition = mentoring.world.competition
    PlanRules.objects.update_or_create(competition=competition, defaults={"team_gap": 0})
    Plan.objects.create(
        competition=competition, number=1, state="published", made_by=mentoring.staff, made_at=DAY, published_by=mentoring.staff, published_at=DAY
    )
    MentorTime.objects.bulk_create(MentorTime(mentor=mentor, slot=slot) for mentor in mentoring.mentors for slot in mentoring.slots)
    with clock.at(DAY - timedelta(days=1)):
        yield mentoring


def book(mentoring, slot=0, team=0, mentor=0, actor=None):
    person = actor or mentoring.teams[team].memberships.get(is_leader=True).person
    return services.book_slot(actor=person, team=mentoring.teams[team], slot=mentoring.slots[slot], mentor=mentoring.mentors[mentor])


def reason(mentoring, **words):
    with pytest.raises((Refused, Denied)) as error:
        book(mentoring, **words)
    return error.value.reason


def rule(mentoring, **columns):
    PlanRules.objects.filter(competition=mentoring.world.competition).update(**columns)


def test_a_team_books_a_free_slot_and_both_sides_are_told(open_day, cast):
    session = book(open_day, actor=cast["member"])
    assert (session.is_booked, session.state, session.room, session.is_online) == (True, "planned", None, False)
    assert {mail.to for mail in Message.objects.filter(event__startswith="session.planned")} == {cast["leader"].email, cast["mentor"].email}
    assert all("METHOD:REQUEST" in mail.calendar for mail in Message.objects.filter(event__startswith="session.planned"))


def test_a_mentor_who_is_in_another_competition_then_is_not_free(open_day):
    other = Competition.objects.get(pk=open_day.world.competition.pk)
    other.pk, other.code = None, "other"
    other.save()
    profile = MentorProfile.objects.create(competition=other, person=open_day.mentors[0].person)
    begins, ends = open_day.slots[0].ends_at - timedelta(minutes=5), open_day.slots[0].ends_at + timedelta(minutes=5)
    slot = Slot.objects.create(day=MentoringDay.objects.create(competition=other, number=1, on=DAY.date(), place="Muualla"), starts_at=begins, ends_at=ends)
    elsewhere = Session.objects.create(slot=slot, team=open_day.teams[2], mentor=profile, changed_at=DAY)
    assert reason(open_day) == Reason.NOT_FREE
    assert book(open_day, team=1, mentor=1).state == "planned"
    elsewhere.delete()
    assert book(open_day).state == "planned"


def test_the_room_that_is_left_is_taken_and_no_more_than_there_are(open_day):
    rooms = [Room.objects.create(day=open_day.day, number=number, name=f"Huone {number}") for number in (1, 2)]
    assert [book(open_day).room, book(open_day, team=1, mentor=1).room] == rooms
    Session.objects.update(slot=open_day.slots[1])
    rooms[1].sessions.update(slot=open_day.slots[2], room=rooms[0])
    rooms[1].delete()
    assert reason(open_day, slot=1, team=1) == Reason.NOT_FREE


@pytest.mark.parametrize("hindrance", ["not published", "not told", "taken", "past", "absent", "joint", "must not"])
def test_what_is_not_free_is_refused(open_day, hindrance):
    slot, team, mentor = open_day.slots[0], open_day.teams[0], open_day.mentors[0]
    if hindrance == "not published":
        Plan.objects.all().delete()
    if hindrance == "not told":
        MentorTime.objects.filter(slot=slot, mentor=mentor).delete()
    if hindrance == "taken":
        book(open_day, team=1)
    if hindrance == "absent":
        TeamAbsence.objects.create(team=team, slot=slot)
    if hindrance == "joint":
        JointSession.objects.create(day=open_day.day, starts_at=slot.starts_at, ends_at=slot.ends_at, title={}, changed_at=DAY)
    if hindrance == "must not":
        PairRule.objects.create(competition=open_day.world.competition, team=team, mentor=mentor, kind="must_not")
    with clock.at(slot.starts_at if hindrance == "past" else clock.now()):
        assert reason(open_day) == Reason.NOT_FREE


def test_a_team_is_in_one_place_at_a_time(open_day):
    book(open_day)
    assert reason(open_day, mentor=1) == Reason.DOUBLE_BOOKED


@pytest.mark.parametrize(("rules", "own", "before", "wanted", "expected"), [
    ({}, {}, [(0, 0, 0)], (1, 0, 0), Reason.MEETS_ALREADY),
    ({"team_per_day": 1}, {}, [(0, 0, 1)], (2, 0, 0), Reason.TEAM_DAY_FULL),
    ({"team_gap": 1}, {}, [(0, 0, 1)], (1, 0, 0), Reason.TEAM_NEEDS_BREAK),
    ({"team_gap": 1}, {}, [(0, 0, 1)], (2, 0, 0), None),
    ({"mentor_per_day": 1}, {}, [(0, 1, 0)], (2, 0, 0), Reason.MENTOR_FULL),
    ({"mentor_total": 1}, {}, [(0, 1, 0)], (2, 0, 0), Reason.MENTOR_FULL),
    ({}, {"per_day": 1}, [(0, 1, 0)], (2, 0, 0), Reason.MENTOR_FULL),
    ({}, {"in_a_row": 1}, [(0, 1, 0)], (1, 0, 0), Reason.MENTOR_NEEDS_BREAK),
    ({}, {"in_a_row": 1}, [(0, 1, 0)], (2, 0, 0), None),
    ({"mentor_run": 1}, {"in_a_row": 3}, [(2, 1, 0)], (1, 0, 0), Reason.MENTOR_NEEDS_BREAK),
])
def test_the_rule_that_hinders_is_told(open_day, enter, rules, own, before, wanted, expected):
    rule(open_day, **rules)
    for name, value in own.items():
        setattr(open_day.mentors[0], name, value)
    open_day.mentors[0].save()
    for slot, team, mentor in before:
        book(open_day, slot, team, mentor)
    if expected is None:
        assert book(open_day, *wanted).state == "planned"
    else:
        assert reason(open_day, slot=wanted[0], team=wanted[1], mentor=wanted[2]) == expected


def test_others_book_nothing_for_a_team(open_day, cast):
    assert [reason(open_day, actor=cast[who]) for who in ("mentor", "organiser")] == [Reason.NOT_YOURS] * 2
    declined = open_day.declined
    with pytest.raises(Refused) as error:
        services.book_slot(actor=declined.memberships.get().person, team=declined, slot=open_day.slots[0], mentor=open_day.mentors[0])
    assert error.value.reason == Reason.NOT_ADMITTED


def test_a_team_books_and_gives_back_through_its_pages(open_day, cast, enter):
    rule(open_day, team_per_day=1)
    team, client = open_day.teams[0], enter(cast["leader"])
    page, home = (reverse(f"mentoring:{name}", args=words) for name, words in (("free", ["klash-test", team.code]), ("timetable", ["klash-test"])))
    wanted = f"{open_day.slots[1].pk}/{open_day.mentors[0].code}"
    assert client.get(page).content.decode().count('name="slot"') == 6
    assert client.post(page, {"slot": wanted})["Location"] == home
    left = client.get(page).content.decode()
    assert (left.count('name="slot"'), left.count("niin monta tapaamista")) == (0, 2)
    assert client.post(page, {"slot": wanted}).status_code == 409
    session = Session.objects.get()
    back = reverse("mentoring:give_up", args=["klash-test", session.code])
    assert back in client.get(home).content.decode()
    assert client.post(back)["Location"] == home
    session.refresh_from_db()
    assert (session.state, session.sequence) == ("cancelled", 1)
    assert client.get(page).content.decode().count('name="slot"') == 6


def test_what_the_organiser_planned_is_not_for_a_team_to_cancel(open_day, cast, enter):
    session = open_day.plan()
    back = reverse("mentoring:give_up", args=["klash-test", session.code])
    assert [enter(cast[who]).post(back).status_code for who in ("leader", "organiser", "outsider")] == [404] * 3
    assert enter(cast["mentor"]).post(back).status_code == 302
