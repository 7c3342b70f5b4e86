import pytest
from django.db import IntegrityError, transaction

from klash.accounts import services
from klash.accounts.models import RoleGrant, Standing
from klash.core import audit, clock
from klash.core.errors import Refused
from klash.rules.reasons import Reason
from klash.rules.roles import SIDE_OF, Role, Side, side_after
from tests.conftest import make_person

pytestmark = pytest.mark.django_db(databases="__all__")
PAIRS = [(one, other) for one in Role for other in Role]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_the_service_gives_a_second_role_only_on_the_same_side(one, other):
    person = make_person("somebody")
    services.grant_role(actor=audit.System(), person=person, role=one, competition="c")
    if side_after(SIDE_OF[one], other) is None:
        with pytest.raises(Refused) as refusal:
            services.grant_role(actor=audit.System(), person=person, role=other, competition="c")
        assert refusal.value.reason is Reason.OTHER_SIDE
    else:
        services.grant_role(actor=audit.System(), person=person, role=other, competition="c")
        assert person.roles_in("c") == {one, other}


def test_the_database_refuses_a_role_on_another_side_without_the_service():
    standing = Standing.objects.create(person=make_person("mentor"), competition="c", side=Side.HELP)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(standing=standing, role=Role.JUROR, side=Side.JUDGING, granted_at=clock.now(), granted_by="x")


def test_the_database_refuses_to_name_a_role_with_another_side():
    standing = Standing.objects.create(person=make_person("mentor"), competition="c", side=Side.HELP)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(standing=standing, role=Role.JUROR, side=Side.HELP, granted_at=clock.now(), granted_by="x")


def test_the_database_keeps_a_standing_on_its_side():
    standing = Standing.objects.create(person=make_person("mentor"), competition="c", side=Side.HELP)
    with pytest.raises(IntegrityError), transaction.atomic():
        Standing.objects.filter(pk=standing.pk).update(side=Side.JUDGING)


def test_an_invitation_to_another_side_is_refused_before_it_is_sent():
    person = make_person("mentor")
    services.grant_role(actor=audit.System(), person=person, role=Role.MENTOR, competition="c")
    with pytest.raises(Refused):
        services.invite(actor=audit.System(), email=person.email, role=Role.JUROR, competition="c")
