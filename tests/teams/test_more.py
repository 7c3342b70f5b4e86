"""More information asked of a team: its writers complete the named fields before the panel's round is prepared."""

from datetime import timedelta

import pytest

from klash.competitions.models import MoreInformation
from klash.core import clock
from klash.core.errors import Denied, IllegalMove, Refused
from klash.post.models import Message
from klash.rules.reasons import Reason
from klash.rules.states import MoreState
from klash.teams import selectors, services
from klash.teams.models import Application, Membership
from tests.conftest import make_person
from tests.teams.conftest import TEXTS, url

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def asked(call, cast):
    """An application of which the organiser has asked for more, the day after the call."""
    application = call.submit()
    with clock.at(call.after):
        yield application, ask(cast["organiser"], application)


def ask(actor, application, fields=("know_how", "summary")):
    return services.ask_for_more(actor=actor, application=application, fields=fields, text="Mitä osaatte?", until=clock.now() + timedelta(days=2))


def give(actor, application, row, **given):
    return services.give_more(actor=actor, application=Application.objects.get(pk=application.pk), row=row, given=given)


def refused(do, *args, **kwargs):
    with pytest.raises((Refused, Denied, IllegalMove)) as error:
        do(*args, **kwargs)
    return error.value.reason


def test_a_writer_completes_what_is_open_and_every_member_is_told(call, cast, asked):
    application, row = asked
    before = selectors.fingerprint(application)
    assert selectors.handed_in(call.challenge, clock.now())[0].awaited == row
    Message.objects.all().delete()
    give(cast["leader"], application, row, know_how="Osaamme liikennettä.", summary="Uusi.", motivation="Muu.")
    found = Application.objects.select_related("team").get(pk=application.pk)
    assert (found.answers["know_how"], found.team.summary, found.answers["motivation"]) == ("Osaamme liikennettä.", "Uusi.", TEXTS["motivation"])
    row.refresh_from_db()
    assert (row.state, sorted(row.before)) == (MoreState.ANSWERED, ["know_how", "summary"])
    assert selectors.fingerprint(found) != before and Message.objects.count() == 3
    assert selectors.handed_in(call.challenge, clock.now())[0].awaited is None


def test_right_round_and_time(call, cast, asked):
    application, row = asked
    reader = Membership.objects.filter(team=application.team, is_leader=False).first()
    Membership.objects.filter(pk=reader.pk).update(may_write=False)
    assert refused(give, reader.person, application, row, know_how="x") == Reason.READS_ONLY
    assert refused(give, make_person("stranger"), application, row, know_how="x") == Reason.NOT_YOURS
    assert refused(ask, cast["leader"], application) == Reason.NO_ROLE
    assert refused(ask, cast["organiser"], application) == Reason.MORE_AWAITED
    assert refused(call.judge, {"Kaarna": 7}) == Reason.MORE_AWAITED
    with clock.at(row.until + timedelta(milliseconds=1)):
        assert refused(give, cast["leader"], application, row, know_how="x") == Reason.DEADLINE_PASSED
        call.judge({"Kaarna": 7})
        assert refused(ask, cast["organiser"], application) == Reason.FROZEN


def test_pages(call, cast, asked, client):
    application, row = asked
    code = application.team.code
    client.force_login(cast["leader"])
    page = url("more", code)
    assert page in client.get(url("show", code)).content.decode()
    assert client.post(page, {"know_how": "", "summary": ""}).status_code == 409
    assert client.post(page, {"know_how": "Osaamme.", "summary": "Me."}).status_code == 302
    client.force_login(cast["organiser"])
    there = url("admissions", call.challenge.competition.code, call.challenge.code)
    assert url("ask", code) in client.get(there).content.decode()
    assert "Mitä osaatte?" in client.get(url("ask", code)).content.decode()
    until = (clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    assert client.post(url("ask", code), {"fields_open": ["motivation"], "text": "Miksi?", "until": until}).status_code == 302
    assert client.post(url("take_back_more", code)).status_code == 302
    assert MoreInformation.objects.filter(state=MoreState.TAKEN_BACK).count() == 1
    client.force_login(make_person("stranger"))
    assert client.get(page).status_code == client.get(url("ask", code)).status_code == 404
