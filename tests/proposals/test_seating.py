"""A crash between the two databases while a reviewer gets a seat: `verify` tells of it, and the next try finishes what was begun."""

import pytest

from klash.accounts import services as accounts
from klash.accounts.models import Invitation, ReviewerHandle, RoleGrant
from klash.core import audit, databases
from klash.post.models import Message
from klash.proposals import receivers, services
from klash.proposals.models import Substitution
from klash.proposals.services import conflicts, seats
from klash.reviewing import services as reviewing
from klash.reviewing.models import Seat
from klash.rules.roles import Role
from tests.conftest import make_person

pytestmark = pytest.mark.django_db(databases="__all__")
JURY = "reviewing"


class Crash(Exception):
    """The process ends here: what the reviewing database has kept stays, what this side has not kept is lost."""


def crashed(patch, where, name, act, *, is_after=False, **given):
    """Do the act with a crash in the place of a function or right after it, and return what `verify` then says of seats."""
    real = getattr(where, name)

    def crash(*args, **words):
        if is_after:
            real(*args, **words)
        raise Crash

    with patch.context() as seeded:
        seeded.setattr(where, name, crash)
        with pytest.raises(Crash):
            act(**given)
    return receivers.faults_of_seating()


def held(handle, using="default"):
    return list(ReviewerHandle.objects.using(using).filter(handle=handle).values_list("person__email", flat=True))


@pytest.fixture
def jury(contest, settings):
    settings.KLASH_JURY_URL = ""
    contest.prepare(jurors=())
    return contest


@pytest.fixture
def given(jury):
    return {"actor": jury.cast["organiser"], "challenge": jury.challenge}


@pytest.mark.parametrize("is_chair", [False, True])
def test_a_juror_seated_again_gets_the_seat_that_was_left_empty(jury, given, monkeypatch, is_chair):
    juror = {**given, "person": jury.cast["chair" if is_chair else "juror"], "is_chair": is_chair}
    told = crashed(monkeypatch, seats.ReviewerHandle.objects, "create", services.seat_juror, **juror)
    left = Seat.objects.using(JURY).get()
    assert told == [f"seat {left.handle}: nobody holds it and nobody is invited to it; seat the person again"]
    assert services.seat_juror(**juror) == services.seat_juror(**juror) == left
    assert (Seat.objects.using(JURY).count(), held(left.handle), receivers.faults_of_seating()) == (1, [juror["person"].email], [])


def test_a_juror_invited_again_gets_the_seat_that_was_left_empty(jury, given, monkeypatch):
    told = crashed(monkeypatch, accounts, "invite", services.invite_juror, email="uusi@example.org", **given)
    invitation, _ = services.invite_juror(email="uusi@example.org", **given)
    accounts.accept_invitation(actor=make_person("uusi"), invitation=invitation)
    seat = Seat.objects.using(JURY).get()
    assert (len(told), held(seat.handle), receivers.faults_of_seating()) == (1, ["uusi@example.org"], [])


def test_a_juror_accepts_again_after_a_crash(jury, given, monkeypatch):
    invitation, _ = services.invite_juror(email="uusi@example.org", **given)
    person = make_person("uusi")
    assert crashed(monkeypatch, receivers, "tell_latecomer", accounts.accept_invitation, actor=person, invitation=invitation) == []
    seat = Seat.objects.using(JURY).get()
    assert (held(seat.handle), Role.JUROR in person.roles_in("klash-test", "kyyti")) == ([], False)
    accounts.accept_invitation(actor=person, invitation=Invitation.objects.get(pk=invitation.pk))
    assert (Seat.objects.using(JURY).get(), held(seat.handle), receivers.faults_of_seating()) == (seat, ["uusi@example.org"], [])


def test_one_empty_seat_is_not_given_to_two(jury, given, monkeypatch):
    crashed(monkeypatch, seats.ReviewerHandle.objects, "create", services.seat_juror, person=jury.cast["juror"], **given)
    first = services.seat_juror(person=jury.cast["outsider"], **given)
    assert services.seat_juror(person=jury.cast["juror"], **given) != first
    assert (Seat.objects.using(JURY).count(), receivers.faults_of_seating()) == (2, [])


def test_a_seat_that_waits_for_an_invitation_is_not_empty(jury, given):
    invitation, _ = services.invite_juror(email="uusi@example.org", **given)
    assert services.seat_juror(person=jury.cast["juror"], **given).handle != invitation.handle
    assert receivers.faults_of_seating() == []


def test_without_looking_for_an_empty_seat_it_stays_and_verify_tells_of_it(jury, given, monkeypatch):
    """The seeded fault of the tests above: every seating adds a seat."""
    monkeypatch.setattr(reviewing, "provide_seat", reviewing.add_seat)
    told = crashed(monkeypatch, seats.ReviewerHandle.objects, "create", services.seat_juror, person=jury.cast["juror"], **given)
    services.seat_juror(person=jury.cast["juror"], **given)
    assert (Seat.objects.using(JURY).count(), receivers.faults_of_seating()) == (2, told)


# Where the jury runs by itself, seat and invitation lie on its side together, and the role lies here.


@pytest.fixture
def apart(jury, settings):
    settings.KLASH_JURY_URL = "https://jury.example.org"
    assert databases.reviewing() == JURY
    return jury


def test_the_role_is_kept_before_the_invitation(apart, given, monkeypatch):
    crashed(monkeypatch, seats.letters, "send_invitation", services.invite_juror, email="uusi@example.org", **given)
    assert (Seat.objects.using(JURY).count(), Invitation.objects.using(JURY).count()) == (0, 0)
    services.invite_juror(email="uusi@example.org", **given)
    assert (Seat.objects.using(JURY).count(), Invitation.objects.using(JURY).count(), receivers.faults_of_seating()) == (1, 1, [])


def test_a_juror_without_a_role_is_told_of(apart, given):
    invitation, _ = services.invite_juror(email="uusi@example.org", **given)
    RoleGrant.objects.filter(standing__person__email="uusi@example.org").delete()
    assert receivers.faults_of_seating() == [f"seat {invitation.handle}: who is invited to it has no part in the competition; look for conflicts again"]


@pytest.mark.parametrize("url", ["", "https://jury.example.org"])
def test_a_deputy_steps_in_once_though_the_first_try_broke_off(jury, given, monkeypatch, settings, url):
    settings.KLASH_JURY_URL = url
    deputy = make_person("vara")
    services.name_deputy(person=deputy, **given)
    settings.KLASH_JURY_URL = ""
    seat = services.seat_juror(person=jury.cast["juror"], **given)
    settings.KLASH_JURY_URL = url
    reviewing.stand_down(actor=audit.System(), seat=seat)
    assert len(crashed(monkeypatch, conflicts, "_step_in", services.fill_seats, is_after=True, challenge=jury.challenge)) == 1
    assert services.fill_seats(challenge=jury.challenge) == 1
    taken = Seat.objects.using(JURY).get(is_absent=False)
    assert (Substitution.objects.get().deputy_handle, receivers.faults_of_seating()) == (taken.handle, [])
    assert deputy.roles_in("klash-test", "kyyti") == {Role.JUROR}
    assert Message.objects.using(JURY if url else "default").filter(to=deputy.email).count() == 1
