from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from klash.accounts import services as accounts
from klash.core.errors import Denied, IllegalMove, Refused
from klash.core.models import AuditEvent
from klash.mentoring import selectors, services
from klash.mentoring.models import MentoringDay, MentorOffer, MentorProfile, Session, SessionFeedback
from klash.post.models import Message
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import SessionState
from tests.mentoring.conftest import DAY

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)
DURING, AFTER = DAY + timedelta(minutes=15), DAY + timedelta(days=1)


@pytest.fixture
def session(mentoring):
    return mentoring.plan()


@pytest.fixture
def held(session, cast, at):
    with at(AFTER):
        return services.hold_session(actor=cast["mentor"], session=session)


def refusal(call, kind=Refused, **values):
    with pytest.raises(kind) as caught, transaction.atomic():
        call(**values)
    return caught.value.reason


# mentors


def test_add_mentor_grants_the_role_once(mentoring, cast):
    again = services.add_mentor(
        actor=cast["registrar"], competition=mentoring.world.competition, person=cast["mentor"], sector="public", field={}, text={}
    )
    assert again == mentoring.mentors[0]
    assert (again.sector, again.field) == ("business", {"fi": "palvelumuotoilu"})
    assert Role.MENTOR in mentoring.mentors[1].person.roles_in("klash-test")
    assert MentorProfile.objects.count() == 2


@pytest.mark.parametrize(("name", "reason"), [("juror", Reason.OTHER_SIDE), ("organiser_2", Reason.OTHER_SIDE)])
def test_add_mentor_of_another_side_is_refused(mentoring, cast, name, reason):
    values = {"actor": mentoring.staff, "competition": mentoring.world.competition, "person": cast[name], "sector": "public", "field": {}, "text": {}}
    assert refusal(services.add_mentor, **values) == reason
    assert refusal(services.add_mentor, Denied, **{**values, "actor": cast["mentor"], "person": cast["outsider"]}) == Reason.NO_ROLE


def test_invite_mentor_makes_the_profile_when_the_invitation_is_accepted(mentoring):
    offer, token = services.invite_mentor(
        actor=mentoring.staff, competition=mentoring.world.competition, email="Uusi@Example.org", language="sv", sector="research",
        field={"fi": "tilastot"}, text={},
    )
    mail = Message.objects.get(to="uusi@example.org")
    assert (mail.language, token in mail.body, "/sv/" in mail.body) == ("sv", True, True)
    assert selectors.offers_of(mentoring.world.competition) == [offer]
    assert accounts.find_invitation(token) == offer.invitation
    person = accounts.join_by_invitation(invitation=offer.invitation, name="Uusi Mentori", password="pitkä salasana 1", language="fi")
    profile = MentorProfile.objects.get(person=person)
    assert (profile.sector, profile.field) == ("research", {"fi": "tilastot"})
    assert selectors.offers_of(mentoring.world.competition) == []


def test_invite_mentor_of_another_side_is_refused(mentoring, cast):
    values = {"competition": mentoring.world.competition, "email": cast["juror"].email, "language": "fi", "sector": "public", "field": {}, "text": {}}
    assert refusal(services.invite_mentor, actor=mentoring.staff, **values) == Reason.OTHER_SIDE
    assert refusal(services.invite_mentor, Denied, actor=cast["leader"], **values) == Reason.NO_ROLE
    assert not MentorOffer.objects.exists()


def test_invitation_to_another_role_makes_no_mentor(mentoring):
    invitation, _ = accounts.invite(actor=mentoring.staff, email="raati@example.org", role=Role.PANELLIST, competition="klash-test")
    accounts.join_by_invitation(invitation=invitation, name="Raati", password="pitkä salasana 1", language="fi")
    assert MentorProfile.objects.count() == 2
    assert selectors.describe_mentor(invitation) is None


# days and plans


def test_add_day_keeps_its_slots_and_challenges(mentoring):
    assert [slot.starts_at for slot in mentoring.slots] == [DAY, DAY + timedelta(minutes=40), DAY + timedelta(minutes=80)]
    assert selectors.teams_of(mentoring.day) == mentoring.teams[:2]


def test_add_day_refuses_a_second_day_of_a_number_slots_that_overlap_and_strangers(mentoring, cast):
    values = {
        "competition": mentoring.world.competition, "number": 1, "on": DAY.date(), "place": "x", "topic": {}, "challenges": [], "slots": [],
    }
    assert refusal(services.add_day, actor=mentoring.staff, **values) == Reason.WRONG_STATE
    assert refusal(services.add_day, Denied, actor=cast["mentor"], **values) == Reason.NO_ROLE
    overlapping = [(DAY, DAY + timedelta(minutes=30)), (DAY + timedelta(minutes=20), DAY + timedelta(minutes=50))]
    for slots in (overlapping, [(DAY, DAY)]):
        with pytest.raises(ValueError, match="do not overlap"):
            services.add_day(actor=mentoring.staff, **{**values, "number": 2, "slots": slots})
    assert MentoringDay.objects.count() == 1


def test_plan_session_tells_the_mentor_and_the_leader(mentoring, cast):
    session = mentoring.plan()
    assert session.state == SessionState.PLANNED
    mails = {mail.to: mail for mail in Message.objects.filter(event__startswith=f"session.planned/{session.code}")}
    assert set(mails) == {cast["mentor"].email, cast["leader"].email}
    assert "Kaarna" in mails[cast["mentor"].email].body
    assert "ke\u00a020.5.2026 klo\u00a010.00–10.30, Kunnantalo" in mails[cast["leader"].email].body


def test_plan_sessions_sends_one_mail_each(mentoring, cast):
    (first, second, _), (one, other, _), (mentor, another) = mentoring.slots, mentoring.teams, mentoring.mentors
    wishes = [(first, one, mentor), (first, other, another), (second, one, another), (second, other, mentor)]
    services.plan_sessions(actor=cast["registrar"], wishes=wishes)
    assert Message.objects.filter(event__startswith="session.planned/").count() == 4
    assert Message.objects.get(to=cast["mentor"].email).body.count("Kunnantalo") == 2
    assert services.plan_sessions(actor=cast["registrar"], wishes=[]) == []


@pytest.mark.parametrize("who", ["mentor", "leader", "outsider", "panellist", "juror"])
def test_plan_session_by_others_than_the_staff_is_denied(mentoring, cast, who):
    with pytest.raises(Denied) as caught:
        mentoring.plan(actor=cast[who])
    assert caught.value.reason == Reason.NO_ROLE


@pytest.mark.parametrize("other", [{"team": 1}, {"mentor": 1}, {}])
def test_plan_session_into_a_taken_slot_is_refused(mentoring, session, other):
    assert refusal(mentoring.plan, **other) == Reason.DOUBLE_BOOKED
    assert Session.objects.count() == 1


def test_plan_session_that_overlaps_on_another_day_is_refused(mentoring):
    mentoring.plan()
    start = DAY + timedelta(minutes=20)
    other = services.add_day(
        actor=mentoring.staff, competition=mentoring.world.competition, number=2, on=DAY.date(), place="Etänä", topic={}, is_online=True,
        challenges=mentoring.challenges, slots=[(start, start + timedelta(minutes=30)), (DAY + timedelta(minutes=130), DAY + timedelta(minutes=150))],
    )
    early, late = other.slots.all()
    values = {"actor": mentoring.staff, "team": mentoring.teams[0], "mentor": mentoring.mentors[1]}
    assert refusal(services.plan_session, slot=early, **values) == Reason.DOUBLE_BOOKED
    assert services.plan_session(slot=late, **values).state == SessionState.PLANNED


def test_plan_sessions_with_one_clash_plans_none(mentoring):
    first, second = mentoring.slots[:2]
    wishes = [(first, mentoring.teams[0], mentoring.mentors[0]), (second, mentoring.teams[0], mentoring.mentors[1]), (second, *(mentoring.teams[1], mentoring.mentors[1]))]
    assert refusal(services.plan_sessions, actor=mentoring.staff, wishes=wishes) == Reason.DOUBLE_BOOKED
    assert not Session.objects.exists()
    assert not Message.objects.filter(event__startswith="session.planned/").exists()


def test_double_booking_is_held_by_the_database(mentoring, session):
    for team, mentor in [(1, 0), (0, 1)]:
        with pytest.raises(IntegrityError), transaction.atomic():
            Session.objects.create(slot=mentoring.slots[0], team=mentoring.teams[team], mentor=mentoring.mentors[mentor], changed_at=mentoring.slots[0].starts_at)


def test_plan_session_of_a_team_that_does_not_belong_to_the_day_is_refused(mentoring):
    for team in (mentoring.declined, mentoring.teams[2]):
        values = {"actor": mentoring.staff, "slot": mentoring.slots[0], "team": team, "mentor": mentoring.mentors[0]}
        assert refusal(services.plan_session, **values) == Reason.NOT_ADMITTED


def test_cancel_session_frees_the_slot_and_tells_both(mentoring, session, cast):
    services.cancel_session(actor=cast["registrar"], session=session)
    assert session.state == SessionState.CANCELLED
    assert Message.objects.filter(event__startswith=f"session.cancelled/{session.code}").count() == 2
    assert mentoring.plan().state == SessionState.PLANNED


def test_cancel_session_that_was_held_is_no_move_and_others_may_not(held, session, mentoring, cast):
    assert refusal(services.cancel_session, IllegalMove, actor=mentoring.staff, session=held) == Reason.WRONG_STATE
    other = mentoring.plan(slot=1)
    assert refusal(services.cancel_session, Denied, actor=cast["leader"], session=other) == Reason.NOT_YOURS


# sessions


@pytest.mark.parametrize("who", ["mentor", "leader", "member", "organiser"])
def test_hold_session_by_those_concerned(session, cast, at, who):
    with at(DURING):
        assert services.hold_session(actor=cast[who], session=session).state == SessionState.HELD


def test_hold_session_too_early_twice_or_by_others_is_refused(session, cast, at, mentoring):
    with at(DAY - timedelta(milliseconds=1)):
        assert refusal(services.hold_session, Denied, actor=cast["mentor"], session=session) == Reason.NOT_OPEN_YET
    with at(DAY):
        for stranger in (cast["juror"], cast["panellist"], mentoring.mentors[1].person):
            assert refusal(services.hold_session, Denied, actor=stranger, session=session) == Reason.NOT_YOURS
        services.hold_session(actor=cast["mentor"], session=session)
        assert refusal(services.hold_session, IllegalMove, actor=cast["mentor"], session=session) == Reason.WRONG_STATE


def test_write_note_saves_it_and_keeps_it_out_of_the_log(session, cast, at):
    with at(DURING):
        services.write_note(actor=cast["mentor"], session=session, text="  Rajatkaa kohderyhmä.  ")
    session.refresh_from_db()
    assert (session.note, session.note_saved_at) == ("Rajatkaa kohderyhmä.", DURING)
    event = AuditEvent.objects.get(what="session.note_saved")
    assert (event.thing, event.body) == (f"session/{session.code}", {})


def test_write_note_by_others_or_too_early_is_denied(session, cast, at, mentoring):
    for who in (cast["leader"], cast["organiser"], cast["juror"], mentoring.mentors[1].person):
        with at(DURING):
            assert refusal(services.write_note, Denied, actor=who, session=session, text="x") == Reason.NOT_YOURS
    with at(DAY - timedelta(milliseconds=1)):
        assert refusal(services.write_note, Denied, actor=cast["mentor"], session=session, text="x") == Reason.NOT_OPEN_YET


def test_give_feedback_is_seen_by_the_other_side_after_its_own(held, cast):
    given = services.give_feedback(actor=cast["member"], session=held, mark=4, text=" Hyvä. ")
    assert (given.side, given.mark, given.text) == ("team", 4, "Hyvä.")
    hidden = selectors.feedback_for(cast["mentor"], held)
    assert (hidden.own, hidden.other, hidden.other_waits) == (None, None, True)
    own = services.give_feedback(actor=cast["mentor"], session=held, mark=5, text="")
    seen = selectors.feedback_for(cast["mentor"], held)
    assert (seen.own, seen.other, seen.other_waits) == (own, given, False)
    assert selectors.feedback_for(cast["leader"], held).other == own
    staff = selectors.feedback_for(cast["organiser"], held)
    assert (staff.side, staff.own, staff.other) == ("", own, given)


def test_give_feedback_is_refused(session, cast, at, mentoring):
    values = {"session": session, "mark": 3, "text": ""}
    assert refusal(services.give_feedback, Denied, actor=cast["leader"], **values) == Reason.WRONG_STATE
    with at(AFTER):
        services.hold_session(actor=cast["mentor"], session=session)
    for who in (cast["organiser"], cast["juror"], mentoring.mentors[1].person):
        assert refusal(services.give_feedback, Denied, actor=who, **values) == Reason.NOT_YOURS
    for mark in (0, 6):
        assert refusal(services.give_feedback, actor=cast["leader"], **{**values, "mark": mark}) == Reason.INCOMPLETE
    services.give_feedback(actor=cast["leader"], **values)
    assert refusal(services.give_feedback, actor=cast["member"], **values) == Reason.WRONG_STATE
    assert SessionFeedback.objects.count() == 1


