"""What a proposal was before its team met a mentor, and what the team and the organiser are told of the change."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from klash.core import clock
from klash.mentoring.models import Advice, MentoringDay, MentorProfile, Session, Slot
from klash.proposals import changes, services
from klash.proposals.models import Baseline, Measure, Proposal
from klash.rules.change import Change

pytestmark = pytest.mark.django_db(databases="__all__")
HOUR = timedelta(hours=1)


@pytest.fixture
def meet(contest, cast):
    """Let a team meet the mentor at a time; returns the session."""
    competition = contest.world.competition
    mentor = MentorProfile.objects.create(competition=competition, person=cast["mentor"])

    def meet(name="Kaarna", at=contest.before, state="planned"):
        day = MentoringDay.objects.create(competition=competition, number=MentoringDay.objects.count() + 1, on=at.date(), place="Kunnantalo")
        slot = Slot.objects.create(day=day, starts_at=at, ends_at=at + HOUR)
        return Session.objects.create(slot=slot, team=contest.teams[name], mentor=mentor, state=state, changed_at=at)

    return meet


def write(contest, at, **texts):
    with clock.at(at):
        return contest.write(**texts)


def test_baseline_is_what_stood_before_the_first_change_after_the_first_meeting(contest, meet):
    meet(at=contest.before - 9 * HOUR, state="cancelled")
    meet(at=contest.before - 8 * HOUR, state="missed")
    write(contest, contest.before - 2 * HOUR, solution="Kyyti tilataan")
    meet()
    write(contest, contest.before - HOUR, solution="Kyyti tilataan ajoissa")
    assert not Baseline.objects.exists()
    write(contest, contest.before + HOUR, solution="Kyyti noudetaan ajoissa kotoa")
    write(contest, contest.before + 2 * HOUR, solution="Kaikki toisin")
    baseline = Baseline.objects.get()
    assert (baseline.texts["solution"], baseline.taken_at) == ("Kyyti tilataan ajoissa", contest.before + HOUR)
    with connection.cursor() as cursor:
        cursor.execute("SELECT texts FROM proposals_baseline")
        assert b"Kyyti" not in bytes(cursor.fetchone()[0])  # it lies as the draft does


def test_baseline_of_what_is_first_written_after_the_meeting_is_the_application(contest, meet):
    meet(at=contest.before - HOUR)
    write(contest, contest.before)
    application = contest.teams["Kaarna"].application
    assert Baseline.objects.get().texts == {"solution": application.answer("idea"), "impact": "", "novelty": "", "spreading": ""}


def test_what_is_submitted_is_measured_and_the_draft_until_then(contest, meet, cast):
    write(contest, contest.before - HOUR, solution="Kyyti tilataan ajoissa")
    session = meet()
    given = {"given_at": contest.before, "answered_at": contest.before}
    taken = Advice.objects.create(session=session, number=1, text="Hae kotoa.", answer="taken", section="solution", **given)
    later = Advice.objects.create(session=session, number=2, text="Laske hinta.", answer="later", **given)
    waiting = Advice.objects.create(session=session, number=3, text="Kysy kunnalta.", given_at=contest.before)
    proposal = write(contest, contest.before + HOUR, solution="Kyyti noudetaan kotoa ajoissa")
    with clock.at(contest.before + HOUR):
        now = changes.changed(proposal, clock.now())
        assert (now.sections[0].change, now.sections[0].taken, now.version) == (Change(2, 2, 1), (taken,), None)
        assert (now.given, now.taken, now.advice) == (3, 1, {"": [waiting], "taken": [], "not_taken": [], "later": [later]})
        version = contest.submit()
        write(contest, contest.before + 2 * HOUR, solution="Jotain muuta")
    with clock.at(contest.after):
        then = changes.changed(Proposal.objects.get(pk=proposal.pk), clock.now())
    assert (then.sections[0].change, then.version) == (Change(2, 2, 1), version)
    assert Measure.objects.get().sections["solution"] == [2, 2, 1]


def test_nothing_is_measured_of_a_team_that_met_nobody(contest):
    proposal = write(contest, contest.before)
    with clock.at(contest.before):
        contest.submit()
    assert (changes.changed(proposal, contest.after).sections, Measure.objects.count(), Baseline.objects.count()) == ((), 0, 0)


def test_figures_are_told_after_the_deadline_and_of_three_teams(contest, meet):
    told = lambda now: [(row.teams, row.shares) for row in changes.shares_of_change(contest.world.competition, [contest.challenge], now)]  # noqa: E731
    for count, name in enumerate(("Kaarna", "Luoto", "Myrsky"), 1):
        meet(name, at=contest.before - HOUR)
        with clock.at(contest.before):
            contest.write(name, solution="i ii iii" if name == "Kaarna" else "i")  # every application's idea is "i"
            contest.submit(name)
        assert told(contest.before) == []
        if count < 3:
            assert told(contest.after) == [(count, {}), (count, {})]
    shares = {"solution": 17, "impact": 100, "novelty": 100, "spreading": 100}
    assert told(contest.after) == [(3, shares), (3, shares)]
    with clock.at(contest.before):
        services.withdraw_proposal(actor=contest.people["Luoto"], proposal=Proposal.objects.get(team=contest.teams["Luoto"]))
    assert told(contest.after) == [(2, {}), (2, {})]


def test_page_is_the_teams_own(contest, meet, client, cast):
    meet(at=contest.before - HOUR)
    write(contest, contest.before)
    address = reverse("proposals:change", args=[contest.world.competition.code, contest.teams["Kaarna"].code])
    seen = {}
    for who in ("leader", "member", "mentor", "organiser", "juror"):
        client.force_login(cast[who])
        seen[who] = client.get(address).status_code
    assert seen == {"leader": 200, "member": 200, "mentor": 404, "organiser": 404, "juror": 404}
