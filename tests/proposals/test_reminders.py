"""A team of which nothing stands is told so a day and two hours before the deadline, once each; one whose version stands never is."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from klash.competitions import services as competitions
from klash.competitions.models import StageKind
from klash.core import clock
from klash.post.models import Message
from klash.proposals import selectors, services
from klash.proposals.models import Proposal
from klash.rules import calendar
from tests.proposals.pdf import upload

pytestmark = pytest.mark.django_db(databases="__all__")
MS, HOUR = timedelta(milliseconds=1), timedelta(hours=1)
KAARNA, LUOTO, MYRSKY = ["leader@example.org", "member@example.org"], ["luoto@example.org"], ["myrsky@example.org"]


def told():
    return Message.objects.filter(event__startswith="proposal.reminder/").order_by("pk")


def run(at):
    """Send what is due at an instant; return whom, in order."""
    before = told().count()
    with clock.at(at):
        services.send_reminders()
    return [message.to for message in told()[before:]]


def check(contest):
    """Luoto's version stands, Kaarna has a draft, Myrsky has withdrawn: walk the clock over every edge."""
    deadline = contest.deadline
    with clock.at(contest.before):
        contest.write("Luoto")
        contest.submit("Luoto")
        contest.write("Kaarna", impact="")
        services.withdraw_proposal(actor=contest.people["Myrsky"], proposal=_submitted(contest, "Myrsky"))
    assert run(deadline - 24 * HOUR - MS) == []
    assert run(deadline - 24 * HOUR) == [*KAARNA, *MYRSKY]
    assert run(deadline - 24 * HOUR) == run(deadline - 3 * HOUR) == run(deadline - 2 * HOUR - MS) == []
    with clock.at(deadline - 2 * HOUR - MS):
        services.submit_proposal(actor=contest.people["Myrsky"], proposal=Proposal.objects.get(team=contest.teams["Myrsky"]), idempotency_key="m" * 32)
    assert run(deadline - 2 * HOUR) == KAARNA
    assert run(deadline - MS) == run(deadline) == run(deadline + HOUR) == []


def _submitted(contest, name):
    contest.write(name)
    return contest.submit(name).proposal


def test_reminders_at_every_edge(contest):
    check(contest)


FAULTS = {
    "a version that stands is not looked at": lambda patch: patch.setattr(selectors, "standing_version", lambda proposal: None),
    "a withdrawn one counts as standing": lambda patch: patch.setattr(selectors, "standing_version", lambda proposal: proposal.versions.last()),
    "the first comes an hour late": lambda patch: patch.setattr(calendar, "REMINDER_HOURS", (2, 23)),
    "the second never comes": lambda patch: patch.setattr(calendar, "REMINDER_HOURS", (24,)),
    "it is written at each run": lambda patch: patch.setattr(
        services.reminders.letters, "send_reminder", lambda team, event, *rest, real=services.reminders.letters.send_reminder: real(team, f"{event}{told().count()}", *rest)
    ),
    "only the leader is told": lambda patch: patch.setattr(services.reminders.letters.Membership.objects, "filter", _leaders),
}


def _leaders(**where):
    from klash.teams.models import Membership

    return Membership._base_manager.filter(is_leader=True, **where)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_seeded_fault_is_seen(contest, monkeypatch, fault):
    FAULTS[fault](monkeypatch)
    with pytest.raises(AssertionError):
        check(contest)


def test_a_deadline_that_moves_takes_its_reminders_along(contest, cast):
    first, stage = contest.deadline, contest.world.stages[StageKind.PROPOSALS]
    assert run(first - 24 * HOUR) == [*KAARNA, *LUOTO, *MYRSKY]
    with clock.at(first - 20 * HOUR):
        asked = competitions.request_deadline(actor=cast["organiser"], stage=stage, to=first + 48 * HOUR, reason="Katko.")
        competitions.confirm_deadline(actor=cast["registrar"], postponement=asked)
    assert run(first - 2 * HOUR) == run(first) == []
    assert run(first + 24 * HOUR) == run(first + 46 * HOUR) == [*KAARNA, *LUOTO, *MYRSKY]


def test_one_whose_time_has_passed_is_not_made_up_for(contest):
    assert run(contest.deadline - HOUR) == [*KAARNA, *LUOTO, *MYRSKY]
    assert {message.event.split("/")[2] for message in told()} == {"2"}


def test_it_says_what_is_only_saved_and_what_is_missing_in_the_members_language(contest, cast):
    cast["member"].language = "sv"
    cast["member"].save()
    with clock.at(contest.before):
        proposal = contest.write("Kaarna", impact="", novelty="sana " * 601)
        services.attach_file(actor=cast["leader"], proposal=proposal, uploaded=upload())
    run(contest.deadline - 24 * HOUR)
    finnish, swedish = (told().get(to=address) for address in KAARNA)
    assert "1 päivä" in finnish.subject.replace("\u00a0", " ") and "Ratkaisu, 3 sanaa" in finnish.body and "Vaikuttavuus: puuttuu" in finnish.body
    assert "601 sanaa, enintään 600" in finnish.body and "1 liite" in finnish.body and "Kyyti tilataan" not in finnish.body
    assert "1 dag" in swedish.subject.replace("\u00a0", " ") and "Effekt: saknas" in swedish.body and "1 bilaga" in swedish.body
    unbegun = told().get(to=LUOTO[0])
    assert "Tekstiä ei ole vielä tallennettu" in unbegun.body and "otsikko puuttuu" in unbegun.body
    assert f"/c/klash/teams/{contest.teams['Kaarna'].code}/proposal/" in finnish.body or "/proposal/" in finnish.body


def test_who_is_not_admitted_hears_nothing_and_the_command_says_how_many(contest, capsys):
    with clock.at(contest.deadline - HOUR):
        call_command("send_reminders")
        call_command("send_reminders")
    assert capsys.readouterr().out.split("\n")[:2] == ["4 reminders queued", "0 reminders queued"]
    assert not told().filter(to="notko@example.org").exists()
