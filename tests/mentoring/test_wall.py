"""Whoever met a team, or might have, never judges it: every way into a jury is tried, and the reason is told before the first blind page."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from klash.accounts import services as accounts
from klash.accounts.models import RoleGrant
from klash.core import audit, clock, texts
from klash.core.errors import Refused
from klash.mentoring import services as mentoring
from klash.proposals import selectors, services
from klash.reviewing.models import Seat
from klash.rules.reasons import Reason
from klash.rules.roles import JUDGES, Role
from tests.conftest import make_person
from tests.proposals.conftest import contest, home  # noqa: F401

pytestmark = pytest.mark.django_db(databases="__all__")
DATABASE = "database"
BARRED = (Reason.OTHER_SIDE, Reason.IN_CONFLICT)
HELPERS = ("mentor", "panellist", "pilot_officer")  # of the cast: all who meet or admit teams


@pytest.fixture
def jury(contest):  # noqa: F811
    contest.prepare(jurors=())
    for team in contest.teams.values():
        type(team.application).objects.filter(team=team).update(released_at=clock.now())
    return contest


def meet(jury, person, team="Kaarna", number=1, is_held=True):
    """Let a person mentor a team on a day of its own, an hour ago."""
    organiser, competition, starts = jury.cast["organiser"], jury.challenge.competition, clock.now() - timedelta(hours=1)
    day = mentoring.add_day(
        actor=organiser, competition=competition, number=number, on=starts.date(), place="Etäyhteys", topic={}, challenges=[jury.challenge],
        slots=[(starts, starts + timedelta(minutes=30))],
    )
    profile = mentoring.add_mentor(actor=organiser, competition=competition, person=person, sector="public", field={}, text={})
    session = mentoring.plan_session(actor=organiser, slot=day.slots.get(), team=jury.teams[team], mentor=profile)
    return mentoring.hold_session(actor=person, session=session) if is_held else session


def ways(jury, person):
    """Return each way into the jury with the reason for which it was refused, or None where it stood open. Nothing of it stays."""
    organiser, challenge = jury.cast["organiser"], jury.challenge
    given = {"actor": organiser, "challenge": challenge}
    tried = {
        "seated": lambda: services.seat_juror(person=person, **given), "seated as chair": lambda: services.seat_juror(person=person, is_chair=True, **given),
        "invited": lambda: services.invite_juror(email=f" {person.email.upper()}", **given), "named deputy": lambda: services.name_deputy(person=person, **given),
        "invited as deputy": lambda: services.invite_deputy(email=person.email, **given),
        "given the role": lambda: accounts.grant_role(actor=organiser, person=person, role=Role.JUROR, competition="klash-test", challenge=challenge.code),
        "judges another challenge": lambda: accounts.grant_role(actor=organiser, person=person, role=Role.CHAIR, competition="klash-test", challenge="other"),
    }
    return {way: refused(act) for way, act in tried.items()}


def refused(act):
    class Undo(Exception):
        pass

    try:
        with transaction.atomic(), transaction.atomic(using="reviewing"):
            act()
            raise Undo
    except Refused as refusal:
        return refusal.reason
    except IntegrityError:
        return DATABASE
    except Undo:
        return None


def judges(person):
    return RoleGrant.objects.filter(standing__person=person, role__in=JUDGES, ended_at=None).exists()


@pytest.mark.parametrize("who", HELPERS)
def test_no_helper_finds_a_way_into_the_jury(jury, who):
    assert {way for way, reason in ways(jury, jury.cast[who]).items() if reason not in BARRED} == set()
    assert not judges(jury.cast[who])


def test_a_former_mentor_who_held_a_session_is_barred_still(jury):
    person = make_person("entinen")
    meet(jury, person)
    accounts.end_role(actor=jury.cast["organiser"], person=person, role=Role.MENTOR, competition="klash-test")
    found = ways(jury, person)
    assert {way for way, reason in found.items() if reason not in BARRED} == set()
    assert (found["seated"], found["named deputy"], found["invited"]) == (Reason.IN_CONFLICT, Reason.IN_CONFLICT, Reason.OTHER_SIDE)


def test_the_organiser_reads_the_reason_where_a_mentor_is_offered(jury, client):
    person = make_person("minna")
    meet(jury, person)
    client.force_login(jury.cast["organiser"])
    page = reverse("proposals:invite_juror", args=["klash-test", jury.challenge.code])
    text = client.post(page, {"name": "Minna", "email": person.email, "language": "fi"}).content.decode()
    with translation.override("fi"):
        assert texts.sentence(Reason.OTHER_SIDE) in text
    assert not Seat.objects.using("reviewing").exists()


def test_of_two_open_invitations_by_address_only_the_first_is_taken(jury):
    """Nobody knows an address before it has an account; what is accepted first closes the other."""
    organiser, given = jury.cast["organiser"], {"sector": "public", "field": {}, "text": {}, "language": "fi"}
    for number, first in enumerate(("mentor", "juror")):
        email = f"uusi{number}@example.org"
        offers = {
            "mentor": mentoring.invite_mentor(actor=organiser, competition=jury.challenge.competition, email=email, **given)[0].invitation,
            "juror": services.invite_juror(actor=organiser, challenge=jury.challenge, email=email)[0],
        }
        person = accounts.create_account(email=email, name=f"Uusi {number}")
        accounts.accept_invitation(actor=person, invitation=offers.pop(first))
        other = next(iter(offers.values()))
        assert refused(lambda person=person, other=other: accounts.accept_invitation(actor=person, invitation=other)) == Reason.OTHER_SIDE
        assert judges(person) is (first == "juror")


def test_a_juror_does_not_become_a_mentor(jury):
    for role in ("juror", "deputy"):
        person = make_person(f"tuomari_{role}")
        act = services.seat_juror if role == "juror" else services.name_deputy
        act(actor=jury.cast["organiser"], challenge=jury.challenge, person=person)
        assert refused(lambda person=person: meet(jury, person, number=5)) == Reason.OTHER_SIDE
        given = {"competition": jury.challenge.competition, "sector": "public", "field": {}, "text": {}, "language": "fi"}
        assert refused(lambda: mentoring.invite_mentor(actor=jury.cast["organiser"], email=person.email, **given)) == Reason.OTHER_SIDE  # noqa: B023


def test_who_was_invited_to_judge_and_mentors_first_loses_the_seat(jury):
    person = make_person("kaksi_tietä")
    invitation, token = services.invite_juror(actor=jury.cast["organiser"], challenge=jury.challenge, email=person.email)
    meet(jury, person, is_held=False)  # the jury is looked at again as soon as the session is planned
    assert accounts.find_invitation(token) is None
    assert refused(lambda: accounts.accept_invitation(actor=person, invitation=invitation)) == Reason.INVITATION_VOID
    assert [seat.is_absent for seat in Seat.objects.using("reviewing")] == [True]


# Seeded faults: each breaks one of the two walls, and the ways above report it.


def test_without_the_rule_of_sides_the_database_keeps_a_mentor_out_and_an_open_invitation_is_reported(jury, monkeypatch):
    person = jury.cast["mentor"]
    for module in ("klash.accounts.services", "klash.proposals.services.jury"):
        monkeypatch.setattr(f"{module}.side_after", lambda current, role: current)
    found = ways(jury, person)
    assert (found["seated"], found["named deputy"], found["judges another challenge"]) == (DATABASE, DATABASE, DATABASE)
    assert found["invited"] is None


def test_without_the_mentors_among_the_sides_a_meeting_would_not_be_told(jury, monkeypatch):
    person = make_person("entinen")
    meet(jury, person)
    assert ways(jury, person)["invited as deputy"] == Reason.IN_CONFLICT
    monkeypatch.setattr(selectors, "mentors_by_team", lambda teams: {key: [] for key in teams})
    assert ways(jury, person)["invited as deputy"] == Reason.OTHER_SIDE  # the other wall stands


def test_the_record_of_a_mentor_tells_the_jury_nothing(jury):
    """What mentoring writes into the log names neither texts nor the jury's handles."""
    person = make_person("minna")
    session = meet(jury, person)
    mentoring.give_advice(actor=person, session=session, text="Salainen neuvo")
    assert not any("Salainen" in str(body) for _, body in audit.told("advice.given", "session.held"))
