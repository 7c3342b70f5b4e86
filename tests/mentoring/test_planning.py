"""The planner, its rules, and drafts changed by hand."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from klash.core import clock
from klash.core.models import AuditEvent
from klash.mentoring import bridge, selectors, services
from klash.mentoring.models import JointSession, MentorTime, MentorWish, PairRule, PlanRun, Room, Slot, TeamAbsence
from klash.rules.reasons import Reason
from tests.mentoring.conftest import DAY
from tests.mentoring.drafting import BEFORE, board, drafted, places, planned, put, reason, revision
from tests.mentoring.months import FIRST, make_month

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)


@pytest.fixture(autouse=True)
def before(world, at):
    with at(BEFORE):
        yield


# the planner


def test_a_run_makes_a_draft(free):
    MentorWish.objects.create(team=free.teams[1], mentor=free.mentors[1], rank=2)
    found = planned(free)
    assert [(slot, team) for slot, team, _ in places(found, free)] == [(0, 0), (0, 1), (2, 0), (2, 1)]
    figures = bridge.figures_of(found)
    assert (bridge.breaches_of(found), figures.short, figures.share, figures.is_by_hand) == ((), 11, 1.0, False)
    assert [row.wishes for row in figures.teams] == [(), ((free.mentors[1], 2, True),), ()]
    assert {one.kind for one in bridge.difference_of(found)} == {"new"}
    # What the third team lacks is a day: no addition would help it.
    assert [(cure.team, cure.missing, cure.additions) for cure in figures.cures if cure.team == free.teams[2]] == [(free.teams[2], 5, ())]
    assert AuditEvent.objects.get(what="mentoring_plan.planned").body == {"keeps": False, "meetings": 4, "short": 11}


def test_pairs_that_must_meet_come_first_and_those_that_must_not_never_meet(free):
    services.save_rules(actor=free.staff, competition=free.world.competition, values={"sessions_per_team": 1, "mentor_total": 1})
    services.set_pair(actor=free.staff, team=free.teams[0], mentor=free.mentors[1], kind="must")
    never = services.set_pair(actor=free.staff, team=free.teams[1], mentor=free.mentors[0], kind="must_not")
    found = planned(free)
    assert [(team, mentor) for _, team, mentor in places(found, free)] == [(0, 1)]
    services.drop_pair(actor=free.staff, rule=never)
    assert {(team, mentor) for _, team, mentor in places(planned(free), free)} == {(0, 1), (1, 0)}
    services.set_pair(actor=free.staff, team=free.teams[2], mentor=free.mentors[1], kind="must")
    assert [(one.team, one.mentor) for one in bridge.figures_of(board(free)).musts_left] == [(free.teams[2], free.mentors[1])]
    assert reason(services.set_pair, actor=free.staff, team=free.declined, mentor=free.mentors[0], kind="must") == Reason.NOT_ADMITTED
    assert reason(services.save_rules, actor=free.staff, competition=free.world.competition, values={"mentor_run": 0}) == Reason.INCOMPLETE


def test_one_run_at_a_time_and_one_that_is_not_heard_of_is_ended(free, cast, at):
    values = {"actor": free.staff, "competition": free.world.competition}
    first = services.ask_to_plan(**values)
    assert reason(services.ask_to_plan, **values) == Reason.ALREADY_PLANNING
    assert reason(services.ask_to_plan, **{**values, "actor": cast["mentor"]}) == Reason.NO_ROLE
    with at(BEFORE + timedelta(minutes=3)):
        second = services.ask_to_plan(**values)
        assert PlanRun.objects.get(pk=first.pk).fault == "stopped"
        assert selectors.last_run_of(free.world.competition) == second
        services.run_plan(first)  # it was only slow: what it found is left out
        assert selectors.draft_of(free.world.competition) is None


def test_nothing_to_plan_is_refused_and_told_of_a_run(free):
    values = {"actor": free.staff, "competition": free.world.competition}
    run = services.ask_to_plan(**values)
    MentorTime.objects.all().delete()
    assert services.run_plan(run).fault == "nothing"
    assert reason(services.ask_to_plan, **values) == Reason.NOTHING_TO_PLAN


def test_what_is_pinned_stays_as_long_as_it_can(free):
    plan, _ = drafted(free, (0, 0, 0))
    gap = put(free, plan, 1, 0, 1)[1]  # without the free slot between them, which is told
    assert [(one.rule, one.team, one.is_hard) for one in gap] == [("team_gap", free.teams[0], False)]
    for row in board(free).meetings:
        services.pin_meeting(actor=free.staff, meeting=row, is_pinned=True, revision=revision(plan))
    found = planned(free)
    assert {(0, 0, 0), (1, 0, 1)} < set(places(found, free))
    assert [(one.rule, one.team) for one in bridge.breaches_of(found)] == [("team_gap", free.teams[0])]
    MentorTime.objects.filter(slot=free.slots[1], mentor=free.mentors[1]).delete()
    found = planned(free)
    assert (0, 0, 0) in places(found, free)
    assert (1, 0, 1) not in places(found, free)
    assert [(one.team, one.mentor, one.slot) for one in bridge.figures_of(found).let_go] == [(free.teams[0], free.mentors[1], free.slots[1])]


def test_what_has_begun_stands_and_counts(free, cast, at):
    held = free.plan(slot=0, team=0, mentor=0)
    with at(free.slots[1].starts_at - timedelta(minutes=1)):
        services.hold_session(actor=cast["mentor"], session=held)
        found = planned(free)
        assert [row for row in places(found, free) if row[1] == 0] == [(2, 0, 1)]
        assert min(places(found, free))[0] > 0
        assert bridge.figures_of(found).teams[0].meetings == 2
        cards = [card.is_fixed for column in bridge.page_of(found) for line in column.lines for card in line.cards]
        assert cards == [True, False, False]
        assert reason(put, mentoring=free, plan=found.plan, slot=2, team=0, mentor=0) == Reason.MEETS_ALREADY
        assert reason(put, mentoring=free, plan=found.plan, slot=0, team=1, mentor=1) == Reason.NOT_FREE


def test_the_instance_holds_days_as_they_are(free):
    """A joint session takes the slots that it overlaps, a break as long as a slot parts the day, absences and rooms count."""
    day, last = free.day, free.slots[-1]
    late = Slot.objects.create(day=day, starts_at=last.ends_at + timedelta(minutes=30), ends_at=last.ends_at + timedelta(minutes=60))
    JointSession.objects.create(day=day, starts_at=free.slots[1].ends_at - timedelta(minutes=1), ends_at=last.starts_at, changed_at=clock.now())
    TeamAbsence.objects.create(team=free.teams[0], slot=free.slots[0])
    rooms = [Room.objects.create(day=day, number=number, name=f"Sali {number}") for number in (2, 1)]
    MentorTime.objects.filter(mentor=free.mentors[1]).delete()
    MentorTime.objects.create(mentor=free.mentors[1], slot=late, is_online=True)
    found = bridge.instance_of(free.world.competition)
    assert found.grid == ((*free.slots, None, late),)
    assert found.rooms == ((rooms[1], rooms[0]),)
    assert found.is_open.tolist() == [[True, False, True, False, True]]
    assert found.places.tolist() == [[2, 0, 2, 0, 2]]
    assert found.team_free[:2, 0].tolist() == [[False, False, True, False, True], [True, False, True, False, True]]
    assert not found.team_free[2].any()
    assert found.mentor_free[:, 0].tolist() == [[True, False, True, False, False], [False, False, False, False, True]]
    assert [found.is_online(mentor.pk, late) for mentor in free.mentors] == [False, True]


def test_a_mentors_own_limits_count_where_they_are_tighter(free):
    free.mentors[0].per_day, free.mentors[0].in_total = 1, 40
    free.mentors[0].save()
    limits = bridge.instance_of(free.world.competition).limits
    assert (limits.mentor_per_day.tolist(), limits.mentor_total.tolist(), limits.mentor_run.tolist()) == ([1, 4], [12, 12], [3, 3])


# by hand


def test_meetings_are_moved_swapped_and_taken_out(free):
    plan, (one, other) = drafted(free, (0, 0, 0), (2, 0, 1))
    values = {"actor": free.staff, "meeting": one}
    assert reason(services.place_meeting, **values, slot=free.slots[2], revision=revision(plan)) == Reason.DOUBLE_BOOKED
    assert reason(services.place_meeting, **values, slot=free.slots[1], revision=0) == Reason.PAGE_CHANGED
    services.swap_meetings(actor=free.staff, one=one, other=other, revision=revision(plan))
    assert places(board(free), free) == [(0, 0, 1), (2, 0, 0)]
    broken = services.place_meeting(**values, slot=free.slots[1], revision=revision(plan))
    assert [found.rule for found in broken] == ["team_gap"]
    services.remove_meeting(actor=free.staff, meeting=other, revision=revision(plan))
    assert places(board(free), free) == [(1, 0, 0)]
    services.discard_plan(actor=free.staff, plan=plan, revision=revision(plan))
    assert reason(services.place_meeting, **values, slot=free.slots[0], revision=revision(plan)) == Reason.WRONG_STATE
    assert selectors.draft_of(free.world.competition) is None


def test_what_cannot_be_is_refused_by_its_reason(free, cast):
    services.set_pair(actor=free.staff, team=free.teams[1], mentor=free.mentors[1], kind=PairRule.Kind.MUST_NOT)
    TeamAbsence.objects.create(team=free.teams[1], slot=free.slots[2])
    plan, _ = drafted(free, (0, 0, 0))
    for row, refusal in {
        (0, 0, 1): Reason.DOUBLE_BOOKED, (0, 1, 0): Reason.DOUBLE_BOOKED, (2, 0, 0): Reason.MEETS_ALREADY, (0, 1, 1): Reason.MUST_NOT_MEET,
        (2, 1, 0): Reason.NOT_FREE, (0, 2, 1): Reason.NOT_FREE,
    }.items():
        assert reason(put, mentoring=free, plan=plan, slot=row[0], team=row[1], mentor=row[2]) == refusal
    assert places(board(free), free) == [(0, 0, 0)]
    values = {"competition": free.world.competition}
    assert reason(services.start_draft, actor=free.staff, **values) == Reason.WRONG_STATE
    assert reason(services.start_draft, actor=cast["leader"], **values) == Reason.NO_ROLE


def test_moves_tell_for_every_slot_what_would_break(free):
    Room.objects.create(day=free.day, number=1, name="Sali")
    drafted(free, (0, 0, 0), (2, 0, 1), (2, 1, 0))
    found = board(free)
    meeting = next(row for row in found.meetings if (row.team, row.mentor) == (free.teams[0], free.mentors[0]))
    moves = bridge.moves_for(found, meeting)
    assert [(move.refusal, [one.rule for one in move.breaches]) for move in moves] == [
        (None, []), (None, ["team_gap"]), (Reason.DOUBLE_BOOKED, ["team_once", "mentor_once", "places"]),
    ]
    assert meeting.slot == free.slots[0]
    assert [one.rule for one in bridge.breaches_of(found)] == ["places"]


def test_nobody_is_in_two_places_on_one_date(free):
    """Another day on the same date: the planner keeps everyone to one of them, by hand only times that overlap are refused."""
    other = services.add_day(
        actor=free.staff, competition=free.world.competition, number=2, on=DAY.date(), place="Kirjasto", topic={}, challenges=[free.challenges[0]],
        slots=[(DAY + timedelta(minutes=10), DAY + timedelta(minutes=40)), (DAY + timedelta(hours=4), DAY + timedelta(hours=5))],
    )
    MentorTime.objects.bulk_create(MentorTime(mentor=mentor, slot=slot) for mentor in free.mentors for slot in other.slots.all())
    found = planned(free)
    assert all(len({row.slot.day_id for row in found.meetings if who(row) == one}) == 1 for who in (lambda row: row.team, lambda row: row.mentor)
               for one in map(who, found.meetings))
    services.discard_plan(actor=free.staff, plan=found.plan, revision=found.plan.revision)
    free.slots += other.slots.all()
    plan, _ = drafted(free, (0, 0, 0))
    assert reason(put, mentoring=free, plan=plan, slot=3, team=0, mentor=1) == Reason.DOUBLE_BOOKED
    assert put(free, plan, 4, 0, 1)[1] == ()


@pytest.mark.parametrize(("teams", "mentors"), [(2, 2), (8, 9)])
def test_a_board_costs_as_many_queries_for_many_as_for_few(world, cast, at, teams, mentors):
    make_month(world.competition, world.municipalities["Janakkala"], cast["organiser"], teams=teams, mentors=mentors, days=2, slots=6)
    with at(FIRST):
        assert services.run_plan(services.ask_to_plan(actor=cast["organiser"], competition=world.competition)).fault == ""
        draft = selectors.draft_of(world.competition)
        with CaptureQueriesContext(connection) as asked:
            found = bridge.board_of(draft)
            bridge.page_of(found), bridge.figures_of(found), bridge.difference_of(found), bridge.moves_for(found, found.meetings[0])
    assert len(asked) == 7
