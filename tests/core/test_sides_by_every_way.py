"""Every pair of roles that may not meet, by every way in to the second (I17): grant, invitation before and after, and the desk's page.

There is no way yet to import roles or to merge accounts. The controls show what would let the pair in.
"""

import pytest
from django.db import IntegrityError

from klash.accounts import services
from klash.accounts.models import Invitation, RoleGrant, Standing
from klash.core import audit
from klash.core.errors import Refused
from klash.desk.services import INVITED_HERE
from klash.rules.reasons import Reason
from klash.rules.roles import SIDE_OF, Role, Side, side_after
from tests.conftest import make_person

pytestmark = pytest.mark.django_db(databases="__all__")
CODE = "klash-test"
BARRED = [(one, other) for one in Role for other in Role if side_after(SIDE_OF[one], other) is None]


def by_grant(person, role):
    services.grant_role(actor=audit.System(), person=person, role=role, competition=CODE)


def by_invitation(person, role):
    """The person stands on a side already: the link is not even sent."""
    services.invite(actor=audit.System(), email=person.email, role=role, competition=CODE)


def by_a_link_of_before(person, role):
    """The link was sent while the person stood nowhere; it is accepted after."""
    services.accept_invitation(actor=person, invitation=Invitation.objects.get(email=person.email, role=role.value))


WAYS = [by_grant, by_invitation, by_a_link_of_before]


def stand(person, one, other, way):
    """Let a person hold the first role, with a link to the second sent before where the way needs it."""
    if way is by_a_link_of_before:
        services.invite(actor=audit.System(), email=person.email, role=other, competition=CODE)
    services.grant_role(actor=audit.System(), person=person, role=one, competition=CODE)


def sides(person):
    return set(RoleGrant.objects.filter(standing__person=person).exclude(side=Side.NEUTRAL).values_list("side", flat=True))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("one", "other"), BARRED)
def test_no_barred_pair_by_any_way(one, other, way):
    person = make_person("somebody")
    stand(person, one, other, way)
    with pytest.raises(Refused) as refusal:
        way(person, other)
    assert (refusal.value.reason, len(sides(person)) <= 1, Invitation.objects.exclude(accepted_at=None).exists()) == (Reason.OTHER_SIDE, True, False)


@pytest.mark.parametrize("other", INVITED_HERE)
def test_no_barred_pair_by_the_desks_page(client, world, cast, other):
    client.force_login(cast["organiser"])
    challenge = {"challenge": "kyyti"} if other is Role.PILOT_OFFICER else {}
    for one in (one for one, second in BARRED if second is other):
        person = make_person(f"somebody-{one.value}")
        services.grant_role(actor=audit.System(), person=person, role=one, competition=CODE)
        client.post(f"/en/desk/{CODE}/people/", {"email": person.email, "role": other.value, "language": "en", **challenge})
        assert not Invitation.objects.filter(email=person.email).exists()
        assert len(sides(person)) <= 1


@pytest.mark.parametrize("way", [by_grant, by_a_link_of_before])
def test_without_the_rule_the_database_still_refuses(monkeypatch, way):
    person = make_person("somebody")
    stand(person, Role.MENTOR, Role.JUROR, way)
    monkeypatch.setattr(services, "side_after", lambda current, role: SIDE_OF[role])
    with pytest.raises(IntegrityError):
        way(person, Role.JUROR)


def test_without_the_question_a_link_would_be_sent_to_the_other_side(monkeypatch):
    person = make_person("somebody")
    stand(person, Role.MENTOR, Role.JUROR, by_invitation)
    monkeypatch.setattr(services, "side_after", lambda current, role: SIDE_OF[role])
    by_invitation(person, Role.JUROR)
    assert (Invitation.objects.count(), Standing.objects.get().side) == (1, Side.HELP)
