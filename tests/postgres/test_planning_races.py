"""Two plan at once, one publishes while the planner works, a mentor leaves while a plan is published. Each has its control."""

import threading
from datetime import timedelta

import pytest

from klash.accounts import services as accounts
from klash.accounts.models import Municipality, Organisation
from klash.competitions.models import Competition
from klash.core import audit, clock
from klash.mentoring import selectors, services
from klash.mentoring.models import MentorProfile, MentorTime, Plan, PlanRules, PlanRun, Session
from klash.mentoring.services import planning, publishing
from klash.rules.roles import Role
from tests.conftest import START, make_municipality
from tests.mentoring.months import make_month
from tests.postgres.test_at_once import at_once, chain_holds, interleave, make_account, name, outcomes, without_row_locks

pytestmark = pytest.mark.usefixtures("postgres")
ROUNDS = 5


class Month:
    """A competition of its own with two teams, two mentors, a day of four slots, and a draft of one meeting."""

    def __init__(self):
        self.code = name()
        organiser = Organisation.objects.get_or_create(code="liitto", defaults={"name": {"fi": "Liitto"}})[0]
        self.competition = Competition.objects.create(code=self.code, name=self.code, organiser=organiser, state="published", published_at=START)
        self.staff = make_account(self.code)
        accounts.grant_role(actor=audit.System(), person=self.staff, role=Role.ORGANISER, competition=self.code)
        place = Municipality.objects.first() or make_municipality("091", "Helsinki", "Helsingfors")
        make_month(self.competition, place, self.staff, teams=2, mentors=2, days=1, slots=4, rooms=0, open_share=1, first=clock.now())
        self.draft = services.start_draft(actor=self.staff, competition=self.competition, is_empty=True)
        time = MentorTime.objects.filter(mentor__competition=self.competition).select_related("mentor__person", "slot").earliest("slot__starts_at", "mentor")
        self.mentor, team = time.mentor, time.slot.day.challenges.get().teams.earliest("name")
        services.add_meeting(actor=self.staff, plan=self.draft, team=team, mentor=self.mentor, slot=time.slot, revision=0)

    def own(self):
        """Return the competition as somebody else has read it."""
        return Competition.objects.get(pk=self.competition.pk)

    def ask(self):
        competition = self.own()
        return lambda: services.ask_to_plan(actor=self.staff, competition=competition)

    def run(self):
        asked = services.ask_to_plan(actor=self.staff, competition=self.own())
        return lambda: services.run_plan(PlanRun.objects.select_related("competition", "asked_by").get(pk=asked.pk)).fault or "planned"

    def publish(self):
        plan = Plan.objects.select_related("competition").get(pk=self.draft.pk)
        return lambda: services.publish_plan(actor=self.staff, plan=plan, revision=plan.revision, accepts_breaches=True)

    def leave(self):
        mentor = MentorProfile.objects.select_related("competition", "person").get(pk=self.mentor.pk)
        return lambda: services.leave_day(actor=mentor.person, mentor=mentor, day=self.competition.mentoring_days.get())

    def faults(self):
        """Return what stands that was not published, or is with a mentor who has left, and whether the log holds."""
        plan = selectors.published_of(self.competition)
        meant = {(row.team_id, row.mentor_id, row.slot_id) for row in plan.meetings.all()} if plan else set()
        stands = {(row.team_id, row.mentor_id, row.slot_id) for row in Session.objects.filter(slot__day__competition=self.competition, state="planned")}
        free = set(MentorTime.objects.filter(mentor__competition=self.competition).values_list("mentor_id", "slot_id"))
        found = [f"{row} was not published" for row in stands - meant] + [f"{row} is with nobody" for row in stands if row[1:] not in free]
        called_off = {(row.team_id, row.mentor_id, row.slot_id) for row in Session.objects.filter(slot__day__competition=self.competition, state="cancelled")}
        found += [f"{row} was published and is lost" for row in meant - stands - called_off]
        return found + ([] if chain_holds("default", self.code) else ["the log is broken"])


def test_of_two_who_plan_at_once_one_is_told():
    for _ in range(ROUNDS):
        month = Month()
        assert outcomes(at_once(month.ask(), month.ask())) == {"done": 1, "Refused": 1}
        assert PlanRun.objects.filter(competition=month.competition).count() == 1


def test_without_the_lock_the_second_would_meet_the_constraint():
    month = Month()
    with without_row_locks(PlanRules):
        assert outcomes(interleave(planning.bridge, "instance_of", month.ask(), month.ask())) == {"done": 1, "IntegrityError": 1}


def test_a_publish_while_the_planner_works_stands_and_the_run_says_so():
    month = Month()
    assert interleave(planning, "_worked", month.run(), month.publish())[0] == "changed"
    assert (month.faults(), selectors.draft_of(month.competition)) == ([], None)
    assert Session.objects.filter(slot__day__competition=month.competition).count() == 1


def test_without_the_locks_a_publish_would_let_stand_what_the_planner_replaces():
    month = Month()
    with without_row_locks(PlanRules, Plan):
        interleave(planning.bridge, "breaches_of", month.run(), month.publish(), patience=1.0)
    assert month.faults() != []


def test_with_the_locks_the_publish_waits_for_the_same_planner_and_is_told():
    month = Month()
    came = interleave(planning.bridge, "breaches_of", month.run(), month.publish(), patience=1.0)
    assert came == ["planned", "Refused"]
    assert (month.faults(), selectors.published_of(month.competition)) == ([], None)


def test_without_the_lock_a_plan_would_stand_with_a_mentor_who_has_left():
    month = Month()
    with without_row_locks(PlanRules):
        interleave(publishing, "_apply", month.publish(), month.leave(), patience=1.0)
    assert month.faults() != []


def test_with_the_lock_who_leaves_waits_for_the_same_publish():
    month = Month()
    assert outcomes(interleave(publishing, "_apply", month.publish(), month.leave(), patience=0.5)) == {"done": 2}
    assert month.faults() == []


def test_a_publish_and_a_mentor_who_leaves_at_once_are_one_before_the_other():
    for _ in range(ROUNDS):
        month = Month()
        came = outcomes(at_once(month.publish(), month.leave()))
        assert came in ({"done": 2}, {"done": 1, "Refused": 1})
        assert month.faults() == []


def test_a_run_is_done_by_a_process_of_its_own(server, monkeypatch, tmp_path):
    for variable, value in {**server, "KLASH_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "klash.config.settings"}.items():
        monkeypatch.setenv(variable, value)
    month = Month()
    run = services.ask_to_plan(actor=month.staff, competition=month.competition)
    services.start_in_background(run)
    for _ in range(600):
        threading.Event().wait(0.1)
        run.refresh_from_db()
        if run.ended_at:
            break
    assert (run.fault, run.share, run.plan) == ("", 100, month.draft)
    assert run.ended_at - run.asked_at < timedelta(minutes=1)
    assert month.draft.meetings.count() > 1
