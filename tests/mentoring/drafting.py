"""Plans and drafts as the tests of mentoring make them; who is where is told by number."""

from datetime import timedelta

import pytest

from klash.core.errors import Denied, Refused
from klash.mentoring import bridge, selectors, services
from tests.mentoring.conftest import DAY

BEFORE = DAY - timedelta(days=19)


def planned(mentoring, **values):
    run = services.run_plan(services.ask_to_plan(actor=mentoring.staff, competition=mentoring.world.competition, **values))
    assert (run.fault, run.share) == ("", 100)
    return board(mentoring)


def board(mentoring):
    return bridge.board_of(selectors.draft_of(mentoring.world.competition))


def drafted(mentoring, *meetings):
    """Start an empty draft and put (slot, team, mentor) into it."""
    plan = services.start_draft(actor=mentoring.staff, competition=mentoring.world.competition, is_empty=True)
    return plan, [put(mentoring, plan, *row)[0] for row in meetings]


def put(mentoring, plan, slot, team, mentor):
    return services.add_meeting(
        actor=mentoring.staff, plan=plan, slot=mentoring.slots[slot], team=mentoring.teams[team], mentor=mentoring.mentors[mentor], revision=revision(plan)
    )


def revision(plan):
    plan.refresh_from_db(fields=["revision"])
    return plan.revision


def places(found, mentoring):
    """Return who is where: (slot, team, mentor) by number."""
    return sorted(
        (mentoring.slots.index(row.slot), mentoring.teams.index(row.team), mentoring.mentors.index(row.mentor)) for row in found.meetings
    )


def reason(call, **values):
    with pytest.raises((Refused, Denied)) as caught:
        call(**values)
    return caught.value.reason
