"""A panellist's conflicts with teams: members, their organisations, the team's firms and subcontractors; found when a side changes."""

import pytest

from klash.accounts.models import Affiliation, Organisation, User
from klash.core import clock
from klash.core.databases import reviewing
from klash.core.errors import Denied, Refused
from klash.core.models import AuditEvent
from klash.interests import services as interests
from klash.reviewing.models import Conflict
from klash.rules.reasons import Reason
from klash.teams import services
from klash.teams.models import Application, Membership, TeamFirm
from tests.conftest import make_person
from tests.teams.conftest import url

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def panel(call):
    """Kaarna and Luoto have applied; the round is prepared, and the panellist sits in it."""
    for name in ("Kaarna", "Luoto"):
        call.submit(name)
    with clock.at(call.after):
        services.open_team_round(actor=call.cast["organiser"], challenge=call.challenge, closes_at=call.world.stages["team_selection"].closes_at)
        yield call


def seat(call, person=None):
    return services.seat_panellist(actor=call.cast["organiser"], challenge=call.challenge, person=person or call.cast["panellist"])


def found():
    names = dict(Application.objects.values_list("entry_code", "team__name"))
    return sorted((names[code], kind) for code, kind in Conflict.objects.using(reviewing()).values_list("entry__code", "kind"))


def member(call, name):
    return Membership.objects.filter(team__name=name, is_leader=False).order_by("pk").first().person


def test_declared_people_and_firms_are_found_when_the_seat_is_given(panel):
    services.add_firm(actor=panel.leader(Application.objects.get(team__name="Luoto").team), team=Application.objects.get(team__name="Luoto").team, name="Kyyti Oy")
    interests.declare_interest(actor=panel.cast["panellist"], kind="family", about="person", name=member(panel, "Kaarna").name)
    interests.declare_interest(actor=panel.cast["panellist"], kind="contract", name="KYYTI OYJ")
    seat(panel)
    assert found() == [("Kaarna", "family"), ("Luoto", "contract")]


def test_a_members_organisation_and_address_are_found(panel):
    firm = Organisation.objects.create(code="valtti", name={"fi": "Valtti ry"}, business_id="0116297-6")
    Affiliation.objects.create(person=member(panel, "Kaarna"), organisation=firm)
    Affiliation.objects.create(person=panel.cast["panellist"], organisation=firm)
    User.objects.filter(pk=member(panel, "Luoto").pk).update(email="jasen@kyyti.fi")
    other = make_person("toinen")
    User.objects.filter(pk=other.pk).update(email="toinen@kyyti.fi")
    seat(panel)
    seat(panel, other)
    assert found() == [("Kaarna", "organisation"), ("Luoto", "organisation")]


@pytest.mark.parametrize("part", TeamFirm.Part.values)
def test_a_firm_that_a_team_adds_later_is_found(panel, part):
    interests.declare_interest(actor=panel.cast["panellist"], kind="ownership", name="Kyyti", identifier="0112038-9")
    seat(panel)
    assert found() == []
    team = Application.objects.get(team__name="Kaarna").team
    services.add_firm(actor=member(panel, "Kaarna"), team=team, name="Jokin muu nimi", identifier="FI01120389", part=part)
    assert found() == [("Kaarna", "ownership")]


def test_a_member_who_joins_late_is_found_on_accepting(panel):
    """The deadline was moved, so that a member joins while the panel already sits."""
    interests.declare_interest(actor=panel.cast["panellist"], kind="family", about="person", name="Uusi Jäsen")
    seat(panel)
    stage = panel.world.stages["team_call"]
    stage.closes_at = clock.now() + (clock.now() - stage.closes_at)
    stage.save()
    person = make_person("uusi_jasen")
    User.objects.filter(pk=person.pk).update(name="Uusi Jäsen")
    panel.join(Application.objects.get(team__name="Luoto").team, User.objects.get(pk=person.pk))
    assert found() == [("Luoto", "family")]


def test_where_members_live_bars_nobody(panel):
    place = panel.challenge.pilot_municipality
    interests.declare_interest(actor=member(panel, "Kaarna"), kind="municipality", about="municipality", municipality=place)
    Affiliation.objects.create(person=panel.cast["panellist"], municipality=place)
    seat(panel)
    assert found() == []


def test_only_members_name_firms_on_the_teams_page(call, enter):
    team = call.fill(call.found())
    page = enter(call.leader(team)).post(url("firms", team.code), {"name": "Kyyti Oy", "identifier": "0112038-9", "part": "own"}, follow=True)
    assert "Kyyti Oy" in page.content.decode()
    assert enter(call.leader(team)).post(url("firms", team.code), {"name": "X", "identifier": "12", "part": "own"}).status_code == 409
    firm = TeamFirm.objects.get()
    for stranger, status in ((call.cast["organiser"], 404), (call.cast["outsider"], 404)):
        assert enter(stranger).post(url("firms", team.code), {"name": "Y", "part": "own"}).status_code == status
    with pytest.raises(Denied):
        services.remove_firm(actor=call.cast["outsider"], firm=firm)
    with pytest.raises(Refused) as refusal:
        services.add_firm(actor=call.leader(team), team=team, name=" ")
    assert refusal.value.reason is Reason.INCOMPLETE
    enter(call.leader(team)).post(url("firms", team.code), {"firm": firm.code})
    assert not TeamFirm.objects.exists()
    assert list(AuditEvent.objects.filter(what__startswith="team.firm").order_by("number").values_list("what", flat=True)) == ["team.firm_added", "team.firm_removed"]
