"""The organiser's pages of planning: days, rules, times, the plan."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from klash.algo.timetable import Rule
from klash.core import clock
from klash.core.errors import Refused
from klash.mentoring import selectors, services, texts
from klash.mentoring.bridge import Addition, Cure
from klash.mentoring.forms import check_link
from klash.mentoring.models import (
    JointSession,
    MentoringDay,
    MentorLeave,
    MentorTime,
    PairRule,
    PlannedMeeting,
    PlanRules,
    PlanRun,
    Room,
    Session,
    TeamNeeds,
)
from klash.post.models import Message
from klash.rules.reasons import Reason
from tests.conftest import make_person
from tests.mentoring.conftest import DAY, make_team
from tests.mentoring.test_views import DAY_FIELDS, get, queries, url

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)


@pytest.fixture
def client(mentoring, cast, enter):
    return enter(cast["organiser"])


def fields(client, address):
    """Return what the form of a page holds, as a browser would send it back."""
    form = client.get(address).context["form"]
    found = {name: bound.value() for name in form.fields if (bound := form[name]).value() not in (None, False)}
    return {name: f"{value:%H:%M}" if hasattr(value, "hour") else value for name, value in found.items()}


def faults(answer):
    return [str(fault) for found in answer.context["form"].errors.values() for fault in found]


# days


def test_a_day_gets_rooms_and_a_lunch(mentoring, client):
    rooms = "Sali 1 https://teams.example.org/l/meetup-join/19%3a\r\n\r\nSali 2\r\n"
    values = {**DAY_FIELDS, "ends": "14:00", "pause_starts": "11:15", "pause_ends": "12:30", "rooms": rooms}
    assert client.post(url("add_day"), values)["Location"] == url("days")
    day = MentoringDay.objects.get(number=2)
    assert [f"{slot.starts_at:%H:%M}" for slot in day.slots.all()] == ["06:00", "06:40", "07:20", "09:30", "10:10"]
    assert list(day.rooms.values_list("number", "name", "link")) == [(1, "Sali 1", "https://teams.example.org/l/meetup-join/19%3a"), (2, "Sali 2", "")]
    with clock.at(DAY):
        page = get(client, url("days"))[1]
    assert all(words in page for words in ("Kirjasto", "Sali 2", "5 aikaa, 9.00–13.40"))


@pytest.mark.parametrize("link", [
    "http://meet.example.org/a", "https://me:secret@meet.example.org/a", "https://me@meet.example.org/", "javascript:alert(1)", "https://", "ftp://x.example.org/",
])
def test_links_that_are_not_plain_https_are_refused(mentoring, client, link):
    with pytest.raises(ValidationError):
        check_link(link)
    if "://" in link:
        assert len(faults(client.post(url("add_day"), {**DAY_FIELDS, "rooms": f"Sali {link}"}))) == 1
    assert not Room.objects.exists()


@pytest.mark.parametrize("fault", [
    {"rooms": "https://meet.example.org/a"}, {"rooms": "Sali\nSali"}, {"rooms": "x" * 81}, {"pause_starts": "11:00"},
    {"pause_starts": "08:00", "pause_ends": "12:00"},
])
def test_a_day_with_a_fault_is_shown_again(mentoring, client, fault):
    assert len(faults(client.post(url("add_day"), {**DAY_FIELDS, **fault}))) == 1
    assert MentoringDay.objects.count() == 1


def test_the_form_of_a_day_changes_nothing_that_was_not_changed(mentoring, client):
    client.post(url("add_day"), {**DAY_FIELDS, "ends": "14:00", "pause_starts": "11:00", "pause_ends": "12:30", "rooms": "Sali 1\nSali 2"})
    day = MentoringDay.objects.get(number=2)
    before = [list(rows.values()) for rows in (day.slots, day.rooms)]
    values = fields(client, url("edit_day", 2))
    assert (values["starts"], values["pause_starts"], values["pause_ends"]) == ("09:00", "10:50", "12:30")
    assert client.post(url("edit_day", 2), {**values, "place": "Myllytalo"})["Location"] == url("days")
    assert [list(rows.values()) for rows in (day.slots, day.rooms)] == before
    assert MentoringDay.objects.get(number=2).place == "Myllytalo"
    client.post(url("edit_day", 2), {**values, "ends": "15:00"})
    assert list(day.slots.values_list("pk", flat=True))[:3] == [row["id"] for row in before[0]][:3]


def test_two_who_change_a_day_both_keep_what_they_wrote(mentoring, client):
    values = fields(client, url("edit_day", 1))
    assert client.post(url("edit_day", 1), {**values, "seen": 0, "place": "Myllytalo"}).status_code == 302
    answer = client.post(url("edit_day", 1), {**values, "seen": 0, "place": "Koulu"})
    page = answer.content.decode()
    assert (MentoringDay.objects.get(number=1).place, 'value="Koulu"' in page, "<dd>Myllytalo</dd>" in page) == ("Myllytalo", True, True)
    assert client.post(url("edit_day", 1), {**values, "seen": answer.context["seen"], "place": "Koulu"}).status_code == 302
    assert MentoringDay.objects.get(number=1).place == "Koulu"


def test_slots_and_challenges_that_sessions_use_stay(mentoring, client):
    mentoring.plan(slot=1)
    kept = MentorTime.objects.create(mentor=mentoring.mentors[0], slot=mentoring.slots[1])
    values = fields(client, url("edit_day", 1))
    sentence = "Päivälle on suunniteltu tapaamisia"
    for change in ({"starts": "11:00"}, {"on": "2026-05-21"}, {"challenges": ["challenge-2"]}):
        assert sentence in faults(client.post(url("edit_day", 1), {**values, **change}))[0]
    assert client.post(url("edit_day", 1), {**values, "ends": "11:30"}).status_code == 302  # the third slot was free
    assert list(mentoring.day.slots.values_list("pk", flat=True)) == [slot.pk for slot in mentoring.slots[:2]]
    assert MentorTime.objects.get() == kept
    assert sentence in client.post(url("remove_day", 1)).context["fault"]
    assert MentoringDay.objects.exists()


def test_a_room_that_is_renamed_keeps_its_sessions_and_a_used_one_stays(mentoring, client):
    values = fields(client, url("edit_day", 1))
    client.post(url("edit_day", 1), {**values, "rooms": "A\nB\nC"})
    session = mentoring.plan()
    session.room = Room.objects.get(name="B")
    session.save()
    client.post(url("edit_day", 1), {**values, "rooms": "C\nA\nBeeta https://meet.example.org/b"})
    session.refresh_from_db()
    assert (session.room.name, session.room.number, session.room.link, session.sequence) == ("Beeta", 3, "https://meet.example.org/b", 1)
    assert len(faults(client.post(url("edit_day", 1), {**values, "rooms": "A\nC"}))) == 1
    assert client.post(url("edit_day", 1), {**values, "rooms": "A\nBeeta"}).status_code == 302
    assert list(Room.objects.values_list("name", flat=True)) == ["A", "Beeta"]


def test_another_place_is_told_to_those_who_have_sessions(mentoring, cast, client):
    session = mentoring.plan()
    values = fields(client, url("edit_day", 1))
    client.post(url("edit_day", 1), {**values, "topic_fi": "Muu aihe"})
    assert not Message.objects.filter(event__startswith="mentoring_day.changed").exists()
    client.post(url("edit_day", 1), {**values, "place": "Myllytalo"})
    mails = Message.objects.filter(event__startswith="mentoring_day.changed")
    assert {mail.to for mail in mails} == {cast["mentor"].email, cast["leader"].email}
    assert all("Myllytalo" in mail.body for mail in mails)
    session.refresh_from_db()
    assert session.sequence == 1
    assert all("SEQUENCE:1" in mail.calendar and "Myllytalo" in mail.calendar for mail in mails)


def test_an_unused_day_is_removed(mentoring, client):
    assert client.get(url("remove_day", 1)).status_code == 200
    assert client.post(url("remove_day", 1))["Location"] == url("days")
    assert not MentoringDay.objects.exists()


JOINT = {"title_fi": "Avaus", "title_sv": "Öppning", "starts": "10:00", "ends": "10:20", "where": "Auditorio", "link": "https://meet.jit.si/avaus"}


def test_joint_sessions_are_added_changed_and_removed(mentoring, client):
    assert client.post(url("add_joint_session", 1), JOINT)["Location"] == url("days")
    joint = JointSession.objects.get()
    assert (joint.starts_at, joint.title, joint.sequence) == (DAY, {"fi": "Avaus", "sv": "Öppning"}, 0)
    assert "10.00–10.20" in get(client, url("days"))[1]
    assert fields(client, url("edit_joint_session", 1, joint.code)) == JOINT
    client.post(url("edit_joint_session", 1, joint.code), {**JOINT, "ends": "10:35"})
    joint.refresh_from_db()
    assert (joint.ends_at, joint.sequence) == (DAY + timedelta(minutes=35), 1)
    client.post(url("edit_day", 1), {**fields(client, url("edit_day", 1)), "on": "2026-11-20"})  # in winter time
    joint.refresh_from_db()
    assert (joint.starts_at, joint.sequence) == (datetime(2026, 11, 20, 8, tzinfo=UTC), 2)
    assert client.post(url("remove_joint_session", 1, joint.code)).status_code == 302
    assert not JointSession.objects.exists()
    words = services.JointWords(DAY, DAY + timedelta(minutes=20), {"fi": "Avaus"})
    for call, more in ((services.change_joint_session, {"words": words}), (services.remove_joint_session, {})):
        with pytest.raises(Refused) as caught:  # a colleague has removed it
            call(actor=mentoring.staff, joint=joint, **more)
        assert caught.value.reason == Reason.PAGE_CHANGED


def test_a_joint_session_goes_where_no_session_stands(mentoring, client):
    mentoring.plan()
    assert len(faults(client.post(url("add_joint_session", 1), JOINT))) == 1
    for fault in ({"ends": "09:00"}, {"link": "http://x.example.org"}, {"title_fi": ""}):
        assert len(faults(client.post(url("add_joint_session", 1), {**JOINT, **fault}))) == 1
    assert not JointSession.objects.exists()


# rules


def test_rules_are_saved_and_told_in_words(mentoring, client):
    values = fields(client, url("rules"))
    assert (values["sessions_per_team"], values["weight_diversity"]) == (5, 100)
    assert client.post(url("rules"), {**values, "sessions_per_team": 3, "weight_wishes": 0}).status_code == 302
    rules = PlanRules.objects.get()
    assert (rules.sessions_per_team, rules.weight_wishes, rules.mentor_run) == (3, 0, 3)
    for fault in ({"sessions_per_team": 0}, {"weight_wishes": 33}, {"mentor_run": "x"}, dict.fromkeys(("weight_diversity", "weight_expertise", "weight_wishes"), 0)):
        assert len(faults(client.post(url("rules"), {**values, **fault}))) == 1


def test_pairs_are_set_replaced_and_removed(mentoring, client):
    team, mentor = mentoring.teams[0], mentoring.mentors[0]
    for kind in ("must", "must_not"):
        client.post(url("add_pair"), {"team": team.code, "mentor": mentor.code, "kind": kind})
    assert list(PairRule.objects.values_list("team", "mentor", "kind")) == [(team.pk, mentor.pk, "must_not")]
    assert "ei saa tavata" in get(client, url("rules"))[1]
    assert len(faults(client.post(url("add_pair"), {"team": mentoring.declined.code, "mentor": mentor.code, "kind": "must"}))) == 1
    with pytest.raises(Refused) as caught:
        services.set_pair(actor=mentoring.staff, team=mentoring.declined, mentor=mentor, kind="must")
    assert caught.value.reason == Reason.NOT_ADMITTED
    assert client.post(url("remove_pair", team.code, mentor.code)).status_code == 302
    assert client.post(url("remove_pair", team.code, mentor.code)).status_code == 404
    assert not PairRule.objects.exists()


# times


def test_those_who_have_not_answered_are_asked_and_nobody_else(mentoring, cast, client):
    told = mentoring.mentors[1]
    told.times_at = DAY
    told.save()
    TeamNeeds.objects.create(team=mentoring.teams[1], needs=["rahoitus"], saved_at=DAY)
    with clock.at(DAY - timedelta(days=20)):
        page = client.get(url("ask"))
        expected = {cast["mentor"].email, cast["leader"].email, mentoring.teams[2].memberships.get().person.email}
        assert {letter.to for letter in page.context["letters"]} == expected
        assert client.post(url("ask"), {"seen": "x"}).context["fault"]
        assert not Message.objects.filter(event__startswith="mentoring.times").exists()
        assert client.post(url("ask"), {"seen": page.context["seen"]})["Location"] == url("times")
        client.post(url("ask"), {"seen": page.context["seen"]})  # the same day again: nobody gets a second one
    mails = Message.objects.filter(event__startswith="mentoring.times")
    assert {mail.to for mail in mails} == expected
    assert [mail.body for mail in mails] == [letter.body for letter in sorted(page.context["letters"], key=lambda letter: list(mails.values_list("to", flat=True)).index(letter.to))]
    assert PlanRules.objects.get().asked_at == DAY - timedelta(days=20)
    with clock.at(DAY - timedelta(days=10)):
        again = client.get(url("ask"))
        client.post(url("ask"), {"seen": again.context["seen"]})
        page = get(client, url("times"))[1]
    assert Message.objects.filter(event__startswith="mentoring.times").count() == 6
    assert ("rahoitus" in page, "10.5.2026" in page) == (True, True)


# the plan


@pytest.fixture
def draft(mentoring, client):
    """Kaarna meets the first mentor in the first slot; both mentors are free all day."""
    MentorTime.objects.bulk_create(MentorTime(mentor=mentor, slot=slot) for mentor in mentoring.mentors for slot in mentoring.slots)
    mentoring.plan()
    with clock.at(DAY - timedelta(days=20)):
        assert client.post(url("start_draft"))["Location"] == url("plan")
        yield selectors.draft_of(mentoring.world.competition)


def meeting_of(draft):
    return draft.meetings.get()


def test_the_plan_page_teaches_asks_and_waits(mentoring, client):
    page = get(client, url("plan"))[1]
    assert ("Suunnittele aikataulu" in page, "progress" in page) == (True, False)
    client.post(url("make_plan"))  # nobody has told times
    assert not PlanRun.objects.exists()
    MentorTime.objects.create(mentor=mentoring.mentors[0], slot=mentoring.slots[0])
    with clock.at(DAY - timedelta(days=20)):
        client.post(url("make_plan"))
        assert 'hx-select="#plan"' in get(client, url("plan"))[1]
        client.post(url("make_plan"))  # while the first is at work
        assert PlanRun.objects.count() == 1
        services.run_plan(PlanRun.objects.get())
        page = client.get(url("plan"))
    assert (page.context["is_running"], page.context["meetings"], page.context["share"]) == (False, 1, "100,0")
    assert "Tiimiltä Myrsky puuttuu 5 tapaamista" in page.content.decode()


def test_a_meeting_is_moved_with_and_without_the_script(mentoring, client, draft):
    meeting, other = meeting_of(draft), mentoring.slots[2].pk
    page = client.get(url("move", meeting.code))
    assert "mahdollinen" in page.content.decode()
    assert client.get(url("moves", meeting.code)).json() == {str(slot.pk): ["free", ""] for slot in mentoring.slots}
    assert client.post(url("move", meeting.code), {"slot": other, "revision": 0})["Location"] == url("plan")
    late = {"slot": mentoring.slots[1].pk, "revision": 0}
    answer = client.post(url("move", meeting.code), late, headers={"HX-Request": "true"})
    assert (answer.status_code, "Mitään ei tehty" in answer.context["fault"]) == (422, True)
    answer = client.post(url("move", meeting.code), {**late, "revision": 1}, headers={"HX-Request": "true"})
    assert (answer.status_code, "tapaavat nyt" in answer.context["told"]) == (200, True)
    assert meeting_of(draft).slot == mentoring.slots[1]
    assert client.post(url("move", meeting.code), {"slot": 0, "revision": 2}).status_code == 200
    assert not Message.objects.filter(event__startswith="mentoring_plan").exists()


def test_a_move_tells_what_it_breaks_and_what_bars_it(mentoring, client, draft):
    services.add_meeting(actor=mentoring.staff, plan=draft, team=mentoring.teams[0], mentor=mentoring.mentors[1], slot=mentoring.slots[2], revision=0)
    first, second, third = (str(slot.pk) for slot in mentoring.slots)
    code = draft.meetings.get(mentor=mentoring.mentors[0]).code
    assert client.get(url("moves", code)).json() == {
        first: ["free", ""], second: ["breaks", "Tiimi Kaarna ei saa taukoa tapaamisten väliin."],
        third: ["barred", "Tiimillä Kaarna on silloin toinen tapaaminen."],
    }
    client.post(url("move", code), {"slot": second, "revision": 1})
    page = get(client, url("plan"))[1]
    assert "ke\u00a020.5.: Tiimi Kaarna ei saa taukoa tapaamisten väliin." in page


def test_meetings_are_pinned_removed_and_added(mentoring, client, draft):
    code = meeting_of(draft).code
    client.post(url("pin", code), {"revision": 0})
    assert meeting_of(draft).is_pinned
    client.post(url("pin", code), {"revision": 0})
    assert meeting_of(draft).is_pinned
    client.post(url("remove_meeting", code), {"revision": 1})
    assert not draft.meetings.exists()
    values = {"team": mentoring.teams[1].code, "mentor": mentoring.mentors[0].code, "slot": mentoring.slots[0].pk}
    assert len(faults(client.post(url("add_meeting"), {**values, "revision": 0}))) == 1
    assert client.post(url("add_meeting"), {**values, "revision": 2})["Location"] == url("plan")
    assert len(faults(client.post(url("add_meeting"), {**values, "team": mentoring.teams[0].code, "revision": 3}))) == 1
    assert meeting_of(draft).team == mentoring.teams[1]


def test_a_draft_is_discarded_or_published_after_its_difference_was_seen(mentoring, cast, client, draft):
    client.post(url("move", meeting_of(draft).code), {"slot": mentoring.slots[1].pk, "revision": 0})
    services.add_meeting(actor=mentoring.staff, plan=draft, team=mentoring.teams[0], mentor=mentoring.mentors[1], slot=mentoring.slots[2], revision=1)
    page = client.get(url("publish_plan"))
    assert [len(page.context["difference"][kind]) for kind in ("new", "moved", "gone", "stays")] == [1, 1, 0, 0]
    assert {letter.to for letter in page.context["letters"]} == {cast["mentor"].email, cast["leader"].email, mentoring.mentors[1].person.email}
    assert len(page.context["breaches"]) == 1
    assert client.post(url("publish_plan"), {"revision": 2}).context["fault"]
    assert client.post(url("publish_plan"), {"revision": 1, "accepts": "1"}).context["fault"]
    assert client.post(url("publish_plan"), {"revision": 2, "accepts": "1"})["Location"] == url("plan")
    assert Session.objects.count() == 2
    assert Message.objects.filter(event__startswith="mentoring_plan.published").count() == 3
    assert "voimassa" in get(client, url("versions"))[1]
    client.post(url("start_draft"))
    assert client.get(url("discard_plan")).status_code == 200
    client.post(url("discard_plan"), {"revision": 0})
    assert selectors.draft_of(mentoring.world.competition) is None
    for name in ("publish_plan", "discard_plan"):
        assert client.post(url(name), {"revision": 0}).status_code == 302  # somebody was faster


def test_what_happened_since_is_told_and_taken_into_the_draft(mentoring, client, draft):
    services.cancel_session(actor=mentoring.staff, session=Session.objects.get())
    assert "Ota muutokset luonnokseen" in get(client, url("plan"))[1]
    assert client.post(url("publish_plan"), {"revision": 0}).context["fault"]
    client.post(url("renew_draft"), {"revision": 0})
    assert not draft.meetings.exists()
    client.post(url("discard_plan"), {"revision": 1})
    MentorLeave.objects.create(mentor=mentoring.mentors[0], day=mentoring.day, cancelled=2, told_at=clock.now())
    assert "Mentor ei pääse ke\u00a020.5.: 2 tapaamista on peruttu." in get(client, url("plan"))[1]


def test_cures_join_neighbouring_slots(mentoring):
    slots = mentoring.slots
    for slot in slots:
        slot.day = mentoring.day
    room = [Addition(Rule.PLACES, None, None, mentoring.day, slot) for slot in slots]
    person = Addition(Rule.MENTOR_TOTAL, None, mentoring.mentors[0], None, None)
    cures = [Cure(mentoring.teams[0], 3, (Rule.PLACES,), (room[0], room[1], person)), Cure(mentoring.teams[1], 1, (Rule.PLACES,), (room[2], room[2]))]
    assert texts.cure_sentences(cures, [slots]) == [
        "ke\u00a020.5. klo 10.00–11.10: tarvitaan 1 huone lisää.", "ke\u00a020.5. klo 11.20–11.50: tarvitaan 2 huonetta lisää.",
        "Mentorin Mentor tapaamisten enimmäismäärän pitäisi olla 1 suurempi.",
    ]
    assert [(lack.team, lack.missing, lack.why) for lack in texts.lacks(cures)][1] == ("Luoto", 1, "huoneita ei ole vapaana")


@pytest.mark.parametrize("name", ["plan", "publish_plan", "move"])
def test_pages_of_a_plan_need_as_many_queries_for_many_meetings(mentoring, client, draft, name):
    draft.meetings.update(slot=mentoring.slots[1])
    address = url(name, *([meeting_of(draft).code] if name == "move" else []))
    few = queries(client, address)
    start = DAY + timedelta(days=1)
    day = services.add_day(
        actor=mentoring.staff, competition=mentoring.world.competition, number=2, on=start.date(), place="Kirjasto", topic={}, challenges=mentoring.challenges,
        slots=[(start + timedelta(minutes=30 * i), start + timedelta(minutes=30 * i + 25)) for i in range(10)], rooms=[("A", "")],
    )
    for i in range(30):
        team = make_team(mentoring.challenges[0], f"Tiimi {i}", [make_person(f"team-{i}")])
        mentor = services.add_mentor(
            actor=mentoring.staff, competition=mentoring.world.competition, person=make_person(f"extra-{i}"), sector="public", field={}, text={}
        )
        PlannedMeeting.objects.create(plan=draft, slot=day.slots.all()[i % 10], team=team, mentor=mentor, room=day.rooms.get())
    assert queries(client, address) == few
    assert few <= 24


@pytest.mark.parametrize("name", ["days", "rules", "times", "ask", "add_pair"])
def test_pages_need_as_many_queries_for_many_rows(mentoring, client, name):
    staff, competition = mentoring.staff, mentoring.world.competition
    few = queries(client, url(name))
    for i in range(30):
        start = DAY + timedelta(days=i + 1)
        day = services.add_day(
            actor=staff, competition=competition, number=i + 2, on=start.date(), place=f"Paikka {i}", topic={}, challenges=mentoring.challenges,
            slots=[(start, start + timedelta(minutes=30))], rooms=[("A", ""), ("B", "")],
        )
        services.add_joint_session(actor=staff, day=day, words=services.JointWords(start + timedelta(hours=2), start + timedelta(hours=3), {"fi": "x"}))
        mentor = services.add_mentor(actor=staff, competition=competition, person=make_person(f"extra-{i}"), sector="public", field={}, text={})
        team = make_team(mentoring.challenges[0], f"Tiimi {i}", [make_person(f"team-{i}")])
        MentorTime.objects.create(mentor=mentor, slot=day.slots.get())
        TeamNeeds.objects.create(team=team, needs=["apua"])
        services.set_pair(actor=staff, team=team, mentor=mentor, kind="must")
    assert queries(client, url(name)) == few
    assert few <= 16
    assert not Session.objects.exists()
