from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from klash.accounts.services import end_role
from klash.core import clock
from klash.mentoring import services
from klash.mentoring.models import MentoringDay, MentorOffer, SessionFeedback
from klash.rules.roles import Role
from klash.rules.states import SessionState
from tests.conftest import make_person
from tests.mentoring.conftest import DAY, make_team

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)
DURING = DAY + timedelta(minutes=15)


def url(name, *args, language="fi"):
    with translation.override(language):
        return reverse(f"mentoring:{name}", args=["klash-test", *args])


@pytest.fixture
def session(mentoring):
    return mentoring.plan()


def get(client, address, **data):
    answer = client.get(address, data)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(("who", "status"), [
    ("organiser", 200), ("registrar", 200), ("mentor", 200), ("leader", 200), ("member", 200),
    ("panellist", 404), ("juror", 404), ("chair", 404), ("officer", 404), ("pilot_officer", 404), ("outsider", 404),
])
def test_mentoring_is_seen_by_those_who_have_a_part_in_it(session, cast, enter, who, status):
    client = enter(cast[who])
    assert [client.get(url("timetable")).status_code, client.get(url("session", session.code)).status_code] == [status] * 2


def test_mentoring_asks_strangers_to_sign_in(session, client):
    for address in (url("timetable"), url("session", session.code), url("plan"), url("mentors")):
        assert client.get(address)["Location"] == f"/accounts/sign-in/?next={address}"


@pytest.mark.parametrize("who", ["mentor", "leader", "panellist", "juror", "outsider"])
def test_pages_of_the_staff_are_not_found_by_others(session, cast, enter, who):
    client = enter(cast[who])
    pages = [url("plan"), url("add_day"), url("edit_day", 1), url("mentors"), url("add_mentor"), url("cancel", session.code)]
    assert [client.get(page).status_code for page in pages] == [404] * len(pages)
    assert [client.post(page).status_code for page in pages] == [404] * len(pages)


def test_declined_team_sees_nothing(mentoring, enter):
    leader = mentoring.declined.memberships.get().person
    assert enter(leader).get(url("timetable")).status_code == 404


def test_a_mentor_whose_role_has_ended_sees_nothing(session, cast, enter):
    end_role(actor=cast["organiser"], person=cast["mentor"], role=Role.MENTOR, competition="klash-test")
    client = enter(cast["mentor"])
    assert [client.get(page).status_code for page in (url("timetable"), url("session", session.code))] == [404, 404]


def test_timetable_shows_a_mentor_and_a_team_their_own_sessions_only(mentoring, cast, enter):
    mentoring.plan()
    other = mentoring.plan(team=1, mentor=1)
    for who in ("mentor", "leader"):
        client = enter(cast[who])
        status, page = get(client, url("timetable"))
        assert (status, "Kaarna" in page, "Luoto" in page) == (200, True, False)
        assert client.get(url("session", other.code)).status_code == 404


def test_timetable_marks_invented_people(mentoring, cast, enter):
    mentoring.plan()
    for who, marked in (("leader", True), ("mentor", False)):  # the mentor is invented, the team is not
        page = get(enter(cast[who]), url("timetable"))[1]
        assert ("tag invented" in page.split('<h2 id="own">')[1].split("</section>")[0]) == marked


def test_timetable_of_the_staff_shows_one_day_at_a_time(mentoring, cast, enter):
    mentoring.plan()
    later = DAY + timedelta(days=7)
    services.add_day(
        actor=mentoring.staff, competition=mentoring.world.competition, number=2, on=later.date(), place="Myllytalo", topic={},
        challenges=mentoring.challenges, slots=[(later, later + timedelta(minutes=30))],
    )
    with clock.at(DAY):
        _, page = get(enter(cast["organiser"]), url("timetable"))
    assert ("Kaarna" in page, "Kunnantalo" in page, "Myllytalo" in page) == (True, True, False)
    _, page = get(enter(cast["organiser"]), url("timetable"), day="2")
    assert ("Kaarna" in page, "Kunnantalo" in page, "Myllytalo" in page) == (False, False, True)


def test_team_sees_the_days_of_its_own_challenge(mentoring, enter):
    leader = mentoring.teams[2].memberships.get().person
    _, page = get(enter(leader), url("timetable"))
    assert "Kunnantalo" not in page


def test_session_shows_a_mentor_the_public_summary_and_nothing_of_the_application(session, cast, enter):
    _, page = get(enter(cast["mentor"]), url("session", session.code))
    assert ("Julkinen kuvaus: Kaarna." in page, "SALAINEN" in page) == (True, False)


@pytest.mark.parametrize("is_invented", [True, False])
def test_the_summary_of_a_real_team_is_marked_in_an_invented_competition(session, world, cast, enter, is_invented):
    world.competition.is_invented = is_invented
    world.competition.save()
    _, page = get(enter(cast["mentor"]), url("session", session.code))
    card = page.split('<h2 id="team">')[1].split("</section>")[0]
    assert ("Julkinen kuvaus" in card, "tag invented" in card) == (True, is_invented)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("who", ["organiser", "mentor", "leader"])
def test_pages_open_in_each_language(session, cast, enter, who, language):
    client = enter(cast[who])
    pages = [url("timetable", language=language), url("session", session.code, language=language)]
    if who == "organiser":
        pages += [url(name, language=language) for name in ("plan", "add_day", "mentors", "add_mentor")]
        pages += [url("edit_day", 1, language=language), url("cancel", session.code, language=language)]
    assert [client.get(page).status_code for page in pages] == [200] * len(pages)


def test_note_is_written_by_the_mentor_and_read_by_the_team(session, cast, enter):
    with clock.at(DURING):
        answer = enter(cast["mentor"]).post(url("note", session.code), {"text": "Rajatkaa kohderyhmä."})
        assert answer["Location"] == url("session", session.code)
        assert "Rajatkaa kohderyhmä." in get(enter(cast["leader"]), url("session", session.code))[1]


def test_note_without_text_is_shown_again(session, cast, enter):
    with clock.at(DURING):
        answer = enter(cast["mentor"]).post(url("note", session.code), {"text": ""})
        assert answer.status_code == 200
        assert answer.context["note_form"].errors.keys() == {"text"}
        assert enter(cast["mentor"]).get(url("note", session.code)).status_code == 200
        assert enter(cast["leader"]).post(url("note", session.code), {"text": "x"}).status_code == 404


def test_note_before_the_session_is_told(session, cast, enter):
    with clock.at(DAY - timedelta(milliseconds=1)):
        client = enter(cast["mentor"])
        assert client.post(url("note", session.code), {"text": "x"}).status_code == 403
        assert client.get(url("session", session.code)).context.get("note_form") is None


def test_feedback_is_hidden_until_ones_own_is_given(session, cast, enter):
    with clock.at(DURING):
        assert enter(cast["mentor"]).post(url("hold", session.code)).status_code == 302
        enter(cast["leader"]).post(url("feedback", session.code), {"mark": "2", "frankness": "4", "text": "Jäi yleiselle tasolle."})
        _, page = get(enter(cast["mentor"]), url("session", session.code))
        assert "yleiselle" not in page
        enter(cast["mentor"]).post(url("feedback", session.code), {"mark": "5", "text": "Tiimi oli valmistautunut."})
        assert "yleiselle" in get(enter(cast["mentor"]), url("session", session.code))[1]
        assert "valmistautunut" in get(enter(cast["leader"]), url("session", session.code))[1]
    assert SessionFeedback.objects.count() == 2


def test_feedback_with_a_fault_or_a_second_time_is_shown_again(session, cast, enter):
    with clock.at(DURING):
        enter(cast["mentor"]).post(url("hold", session.code))
        client = enter(cast["leader"])
        faulty = client.post(url("feedback", session.code), {"mark": "9", "text": "Säilyy."})
        assert (faulty.status_code, "Säilyy." in faulty.content.decode()) == (200, True)
        client.post(url("feedback", session.code), {"mark": "3", "frankness": "4"})
        again = client.post(url("feedback", session.code), {"mark": "4", "frankness": "4"})
    assert again.status_code == 200
    assert list(SessionFeedback.objects.values_list("mark", flat=True)) == [3]


def test_hold_twice_is_a_conflict(session, cast, enter):
    with clock.at(DURING):
        client = enter(cast["mentor"])
        assert [client.post(url("hold", session.code)).status_code for _ in range(2)] == [302, 403]
        assert client.get(url("hold", session.code)).status_code == 405


def test_cancel_tells_first_and_then_cancels(session, cast, enter):
    client = enter(cast["organiser"])
    assert client.get(url("cancel", session.code)).status_code == 200
    assert client.post(url("cancel", session.code))["Location"] == url("plan")
    session.refresh_from_db()
    assert session.state == SessionState.CANCELLED
    assert client.post(url("cancel", session.code)).status_code == 409
    assert enter(cast["leader"]).get(url("session", session.code)).status_code == 200


DAY_FIELDS = {
    "number": "2", "on": "2026-05-27", "starts": "09:00", "ends": "11:00", "slot_minutes": "30", "break_minutes": "10", "place": "Kirjasto",
    "topic_fi": "Tarinat", "topic_sv": "", "challenges": ["challenge-1", "challenge-2"],
}


def test_add_day_cuts_it_into_slots(mentoring, cast, enter):
    answer = enter(cast["registrar"]).post(url("add_day"), DAY_FIELDS)
    assert answer["Location"] == url("days")
    day = MentoringDay.objects.get(number=2)
    assert [f"{slot.starts_at:%H:%M}" for slot in day.slots.all()] == ["06:00", "06:40", "07:20"]
    assert (day.topic, day.challenges.count()) == ({"fi": "Tarinat"}, 2)


def test_add_day_twice_or_with_a_fault_is_shown_again(mentoring, cast, enter):
    client = enter(cast["organiser"])
    for fault in ({"number": "1"}, {"ends": "09:20"}, {"slot_minutes": "x"}, {"challenges": ["other"]}):
        answer = client.post(url("add_day"), {**DAY_FIELDS, **fault})
        assert (answer.status_code, "Kirjasto" in answer.content.decode()) == (200, True)
    assert MentoringDay.objects.count() == 1


def test_mentors_are_listed_and_invited(mentoring, cast, enter):
    client = enter(cast["organiser"])
    values = {"email": "uusi@example.org", "language": "fi", "sector": "research", "field_fi": "tilastot"}
    assert client.post(url("add_mentor"), values)["Location"] == url("mentors")
    _, page = get(client, url("mentors"))
    assert all(words in page for words in ("uusi@example.org", "Mentor 2", "palvelumuotoilu"))
    for fault in ({"email": cast["juror"].email}, {"email": "x"}, {"sector": "x"}):
        assert client.post(url("add_mentor"), {**values, **fault}).status_code == 200
    assert MentorOffer.objects.count() == 1


def test_empty_mentoring_teaches(world, cast, enter):
    client = enter(cast["organiser"])
    assert [client.get(url(name)).status_code for name in ("timetable", "plan", "mentors", "add_day")] == [200] * 4
    assert client.get(url("edit_day", 1)).status_code == 404


def queries(client, address, **data):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address, data).status_code == 200
    return len(seen)


@pytest.mark.parametrize(("who", "name"), [
    ("organiser", "timetable"), ("mentor", "timetable"), ("leader", "timetable"), ("organiser", "mentors"),
])
def test_pages_need_as_many_queries_for_many_rows(mentoring, cast, enter, who, name):
    client, staff = enter(cast[who]), mentoring.staff
    address = url(name)
    mentoring.plan()
    few = queries(client, address)
    for i in range(30):
        start = DAY + timedelta(days=i + 1)
        day = services.add_day(
            actor=staff, competition=mentoring.world.competition, number=i + 2, on=start.date(), place=f"Paikka {i}", topic={},
            challenges=mentoring.challenges, slots=[(start, start + timedelta(minutes=30))],
        )
        person = make_person(f"extra-{i}")
        mentor = services.add_mentor(actor=staff, competition=mentoring.world.competition, person=person, sector="public", field={}, text={})
        team = make_team(mentoring.challenges[0], f"Tiimi {i}", [make_person(f"team-{i}")])
        services.plan_session(actor=staff, slot=day.slots.get(), team=mentoring.teams[0], mentor=mentoring.mentors[0])
        if i < 2:
            services.plan_session(actor=staff, slot=mentoring.slots[i], team=team, mentor=mentor)
    assert queries(client, address) == few
    assert few <= 12


def test_who_accepts_the_invitation_comes_to_the_profile_to_fill_in(mentoring, client):
    _offer, token = services.invite_mentor(
        actor=mentoring.staff, competition=mentoring.world.competition, email="uusi@example.org", language="fi", sector="research", field={}, text={},
    )
    with translation.override("fi"):
        address = reverse("accounts:invitation", args=[token])
    answer = client.post(address, {"name": "Uusi Mentori", "password": "pitkä salasana 1"})
    assert (answer.status_code, answer.headers.get("Location")) == (302, url("profile"))
