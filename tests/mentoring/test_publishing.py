"""A draft becomes what stands; who is concerned is told."""

import random
from datetime import timedelta

import pytest
from icalendar import Calendar

from klash.core import workflow
from klash.core.errors import IllegalMove
from klash.desk.selectors import desk
from klash.mentoring import bridge, selectors, services
from klash.mentoring.models import MentorTime, PlannedMeeting, Room, Session
from klash.post.models import Message
from klash.rules.reasons import Reason
from klash.rules.states import PlanState
from klash.teams.services import side_changed
from tests.mentoring.drafting import BEFORE, drafted, planned, put, reason, revision
from tests.mentoring.months import FIRST, make_month

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)


@pytest.fixture(autouse=True)
def before(world, at):
    with at(BEFORE):
        yield


def publish(mentoring, plan, **values):
    return services.publish_plan(**{"actor": mentoring.staff, "plan": plan, "revision": revision(plan), **values})


def started(mentoring):
    return services.start_draft(actor=mentoring.staff, competition=mentoring.world.competition)


def faults():
    """Return what of sessions and plans does not follow from the log."""
    return [fault for fault in workflow.faults_of_states() if fault.startswith(("session/", "mentoring_plan/"))]


def meeting_of(plan, team, mentor):
    return PlannedMeeting.objects.select_related("plan__competition", "slot", "team", "mentor", "room").get(plan=plan, team=team, mentor=mentor)


def standing(mentoring):
    """Return the sessions that stand: (slot, team, mentor) by number -> (code, sequence)."""
    rows = Session.objects.exclude(state="cancelled")
    return {
        (mentoring.slots.index(row.slot), mentoring.teams.index(row.team), mentoring.mentors.index(row.mentor)): (row.code, row.sequence) for row in rows
    }


def test_the_first_plan_makes_sessions_and_tells_everyone_once(free):
    room = Room.objects.create(day=free.day, number=1, name="Sali 1", link="https://example.org/sali")
    changed = []
    side_changed.connect(listener := lambda team, **_: changed.append(team), weak=False)
    plan, _ = drafted(free, (0, 0, 0), (2, 0, 1))
    foreseen = services.letters_of(plan, bridge.difference_of(bridge.board_of(plan)))
    publish(free, plan)
    side_changed.disconnect(listener)
    assert sorted(standing(free)) == [(0, 0, 0), (2, 0, 1)]
    assert {(row.room, row.sequence, row.is_online) for row in Session.objects.all()} == {(room, 0, False)}
    assert (plan.state, plan.published_by, changed) == (PlanState.PUBLISHED, free.staff, [free.teams[0]])
    sent = Message.objects.order_by("to")
    assert [(mail.to, mail.subject, mail.body) for mail in sent] == [(mail.to, mail.subject, mail.body) for mail in foreseen]
    assert [mail.to for mail in sent] == ["leader@example.org", "mentor@example.org", "mentor_2@example.org"]
    assert "Mentor 2\nUusi tapaaminen: ke\xa020.5.2026 klo\xa011.20–11.50, Kunnantalo, Sali 1, https://example.org/sali\n" in sent[0].body
    assert faults() == []


def test_a_session_that_stays_keeps_its_calendar_entry_and_only_those_concerned_are_told(free):
    first, _ = drafted(free, (0, 0, 0), (2, 0, 1), (0, 1, 1))
    publish(free, first)
    codes = {place: code for place, (code, _) in standing(free).items()}
    Message.objects.all().delete()
    second = started(free)
    services.place_meeting(actor=free.staff, meeting=meeting_of(second, free.teams[0], free.mentors[1]), slot=free.slots[1], revision=revision(second))
    services.remove_meeting(actor=free.staff, meeting=meeting_of(second, free.teams[1], free.mentors[1]), revision=revision(second))
    assert [(one.kind, one.slot, one.slot_before) for one in bridge.difference_of(bridge.board_of(second))] == [
        ("stays", free.slots[0], None), ("gone", free.slots[0], None), ("moved", free.slots[1], free.slots[2])
    ]
    publish(free, second, accepts_breaches=True)
    assert standing(free) == {(0, 0, 0): (codes[0, 0, 0], 0), (1, 0, 1): (codes[2, 0, 1], 1)}
    gone = Session.objects.get(code=codes[0, 1, 1])
    assert (gone.state, gone.sequence, gone.changed_at) == ("cancelled", 1, BEFORE)
    assert [mail.to for mail in Message.objects.order_by("to")] == ["leader@example.org", "luoto@example.org", "mentor_2@example.org"]
    told = [Calendar.from_ical(mail.calendar) for mail in Message.objects.filter(to__in=["leader@example.org", "luoto@example.org"]).order_by("to")]
    assert [(str(one["method"]), str(event["uid"]), event["sequence"], event.decoded("dtstart")) for one in told for event in one.walk("VEVENT")] == [
        ("REQUEST", f"{codes[2, 0, 1]}@klash.invalid", 1, free.slots[1].starts_at),
        ("CANCEL", f"{codes[0, 1, 1]}@klash.invalid", 1, free.slots[0].starts_at),
    ]
    assert "Siirretty: ke\xa020.5.2026 klo\xa010.40–11.10, Kunnantalo\nAiemmin: ke\xa020.5.2026 klo\xa011.20–11.50, Kunnantalo" in Message.objects.get(to="leader@example.org").body
    assert "Peruttu: ke\xa020.5.2026 klo\xa010.00–10.30" in Message.objects.get(to="luoto@example.org").body
    first.refresh_from_db()
    assert (first.state, selectors.published_of(free.world.competition)) == (PlanState.REPLACED, second)
    assert faults() == []


def test_sessions_change_places_with_each_other(free):
    """A team's two sessions swap their slots: neither slot is free for the other first."""
    first, _ = drafted(free, (0, 0, 0), (2, 0, 1))
    publish(free, first)
    codes = {mentor: code for (_, _, mentor), (code, _) in standing(free).items()}
    second = started(free)
    one, other = (meeting_of(second, free.teams[0], mentor) for mentor in free.mentors)
    services.swap_meetings(actor=free.staff, one=one, other=other, revision=revision(second))
    publish(free, second)
    assert standing(free) == {(0, 0, 1): (codes[1], 1), (2, 0, 0): (codes[0], 1)}
    assert free.day.slots.count() == 3


def test_a_draft_that_breaks_rules_is_published_only_where_that_is_accepted(free, cast):
    plan, _ = drafted(free, (0, 0, 0), (1, 0, 1))
    assert reason(publish, mentoring=free, plan=plan) == Reason.PLAN_BREAKS_RULES
    assert reason(publish, mentoring=free, plan=plan, revision=0) == Reason.PAGE_CHANGED
    assert reason(publish, mentoring=free, plan=plan, actor=cast["leader"]) == Reason.NO_ROLE
    publish(free, plan, accepts_breaches=True)
    with pytest.raises(IllegalMove):
        publish(free, plan)
    with pytest.raises(IllegalMove):
        services.discard_plan(actor=free.staff, plan=plan, revision=plan.revision)


def test_a_draft_that_others_have_overtaken_is_not_published_until_it_is_renewed(free):
    """A session is booked, another called off, a mentor's times go: each makes the draft old."""
    session = free.plan(slot=2, team=0, mentor=0)
    plan = started(free)
    put(free, plan, 0, 0, 1)
    free.plan(slot=0, team=1, mentor=0)
    assert reason(publish, mentoring=free, plan=plan) == Reason.PLAN_OUTDATED
    services.cancel_session(actor=free.staff, session=session)
    plan = services.renew_draft(actor=free.staff, plan=plan, revision=revision(plan))
    assert sorted(places_of(free, plan)) == [(0, 0, 1), (0, 1, 0)]
    MentorTime.objects.filter(mentor=free.mentors[1]).delete()
    assert reason(publish, mentoring=free, plan=plan) == Reason.PLAN_OUTDATED
    plan = services.renew_draft(actor=free.staff, plan=plan, revision=revision(plan))
    publish(free, plan)
    assert sorted(standing(free)) == [(0, 1, 0)]


def places_of(mentoring, plan):
    return [(mentoring.slots.index(row.slot), mentoring.teams.index(row.team), mentoring.mentors.index(row.mentor)) for row in plan.meetings.all()]


def test_what_begins_while_a_draft_waits_stays_as_it_is(free, at):
    first, _ = drafted(free, (0, 0, 0), (2, 1, 1))
    publish(free, first)
    kept, moved = started(free), free.slots[0].starts_at
    with at(moved):
        publish(free, kept)  # nothing of it has changed
        again = started(free)
        assert places_of(free, again) == [(2, 1, 1)]
        assert reason(services.place_meeting, actor=free.staff, meeting=meeting_of(again, free.teams[1], free.mentors[1]), slot=free.slots[0],
                      revision=again.revision) == Reason.NOT_FREE
    with at(BEFORE):
        services.discard_plan(actor=free.staff, plan=again, revision=again.revision)
        third = started(free)
        services.place_meeting(actor=free.staff, meeting=meeting_of(third, free.teams[0], free.mentors[0]), slot=free.slots[1], revision=third.revision)
    with at(moved):
        assert reason(publish, mentoring=free, plan=third) == Reason.PLAN_OUTDATED
    assert sorted(standing(free)) == [(0, 0, 0), (2, 1, 1)]


def test_planning_anew_finds_a_substitute_and_moves_nobody_else(free):
    services.save_rules(actor=free.staff, competition=free.world.competition, values={"sessions_per_team": 1})
    publish(free, drafted(free, (0, 0, 0), (2, 1, 1))[0])
    session = Session.objects.get(team=free.teams[0])
    services.cancel_session(actor=free.staff, session=session)
    found = planned(free, keeps=True)
    assert [(one.kind, one.team) for one in bridge.difference_of(found) if one.kind == "stays"] == [("stays", free.teams[1])]
    new = next(row for row in found.meetings if row.team == free.teams[0])
    assert (new.mentor, new.slot) != (free.mentors[0], free.slots[0])  # not what was just called off
    publish(free, found.plan)


def test_a_mentor_who_has_left_a_day_waits_on_the_desk_until_something_is_published(free, at):
    def waiting():
        found = desk(free.world.competition, BEFORE)
        return [step.sentence for step in found.steps if step.url.endswith("/mentoring/plan/")]

    plan, _ = drafted(free, (0, 0, 0), (1, 1, 0))
    publish(free, plan)
    with at(BEFORE + timedelta(hours=1)):
        services.leave_day(actor=free.mentors[1].person, mentor=free.mentors[1], day=free.day)  # nobody had planned anything for this one
        assert waiting() == []
        services.leave_day(actor=free.mentors[0].person, mentor=free.mentors[0], day=free.day)
        assert waiting() == ["Mentor ei pääse 20.5.2026: 2 tapaamista on peruttu.", "Mentoroinnissa ei ole vielä tapaamisia."]
        draft = started(free)
    with at(BEFORE + timedelta(hours=2)):
        publish(free, draft)
        assert waiting() == ["Mentoroinnissa ei ole vielä tapaamisia."]


@pytest.mark.parametrize("seed", [1, 2])
def test_no_published_plan_ever_double_books(world, cast, at, seed):
    """Random months: planned, moved about by hand, published; a mentor leaves; planned anew, published."""
    draw, staff, competition = random.Random(seed), cast["organiser"], world.competition
    make_month(
        competition, world.municipalities["Janakkala"], staff, teams=draw.randint(3, 7), mentors=draw.randint(3, 8), seed=seed, days=2, slots=6,
        rooms=draw.randint(0, 2), open_share=0.6,
    )
    with at(FIRST):
        for keeps in (False, True):
            assert services.run_plan(services.ask_to_plan(actor=staff, competition=competition, keeps=keeps)).fault == ""
            plan = selectors.draft_of(competition)
            shuffle(draw, staff, plan)
            services.publish_plan(actor=staff, plan=plan, revision=revision(plan), accepts_breaches=True)
            assert clashes() == []
            leaver = draw.choice(list(Session.objects.filter(state="planned")))
            for session in Session.objects.filter(state="planned", mentor=leaver.mentor, slot__day=leaver.slot.day):
                services.cancel_session(actor=staff, session=session)
            MentorTime.objects.filter(mentor=leaver.mentor, slot__day=leaver.slot.day).delete()
    assert faults() == []


def shuffle(draw, staff, plan):
    """Move meetings to where they may be."""
    for _ in range(8):
        found = bridge.board_of(plan)
        meeting = draw.choice(found.meetings)
        slot = draw.choice([move.slot for move in bridge.moves_for(found, meeting) if move.refusal is None])
        services.place_meeting(actor=staff, meeting=meeting, slot=slot, revision=revision(plan))


def clashes():
    rows = list(Session.objects.exclude(state="cancelled").select_related("slot"))
    return [
        (one, other) for at, one in enumerate(rows) for other in rows[:at]
        if (one.team_id == other.team_id or one.mentor_id == other.mentor_id)
        and (one.slot.starts_at < other.slot.ends_at and one.slot.ends_at > other.slot.starts_at or (one.team_id, one.mentor_id) == (other.team_id, other.mentor_id))
    ]


def test_the_clocks_change_inside_the_month(world, cast, at):
    """The first slot of each day begins at 6 UTC: at nine while summer time lasts, at eight after."""
    competition = world.competition
    make_month(competition, world.municipalities["Janakkala"], cast["organiser"], teams=1, mentors=2, days=2, slots=1, rooms=0, open_share=1)
    MentorTime.objects.all().delete()
    slots = [day.slots.get() for day in competition.mentoring_days.order_by("on")]
    MentorTime.objects.bulk_create(MentorTime(mentor=mentor, slot=slot) for mentor, slot in zip(competition.mentors.order_by("pk"), slots, strict=True))
    with at(FIRST):
        services.run_plan(services.ask_to_plan(actor=cast["organiser"], competition=competition))
        draft = selectors.draft_of(competition)
        letter = next(mail for mail in services.letters_of(draft, bridge.difference_of(bridge.board_of(draft))) if mail.body.count("Uusi tapaaminen") == 2)
    assert "ti\xa020.10.2026 klo\xa09.00–9.30" in letter.body
    assert "ti\xa027.10.2026 klo\xa08.00–8.30" in letter.body
