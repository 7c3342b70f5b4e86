"""The planner and drafts changed by hand."""

import pytest

from klash.mentoring import bridge, selectors, services
from klash.mentoring.models import MentorTime
from tests.mentoring.conftest import DAY

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)


@pytest.fixture
def free(mentoring):
    """Both mentors are free in all three slots."""
    MentorTime.objects.bulk_create(MentorTime(mentor=mentor, slot=slot) for mentor in mentoring.mentors for slot in mentoring.slots)
    return mentoring


def test_a_run_makes_a_draft(free, at):
    with at(DAY.replace(day=1)):
        run = services.run_plan(services.ask_to_plan(actor=free.staff, competition=free.world.competition))
        assert (run.fault, run.share) == ("", 100)
        board = bridge.board_of(selectors.draft_of(free.world.competition))
    assert [(row.team.name, row.mentor.person.name, row.slot.pk) for row in board.meetings] == [
        ("Kaarna", "Mentor 2", free.slots[0].pk), ("Luoto", "Mentor", free.slots[0].pk),
        ("Kaarna", "Mentor", free.slots[2].pk), ("Luoto", "Mentor 2", free.slots[2].pk),
    ]
    figures = bridge.figures_of(board)
    assert (bridge.breaches_of(board), figures.short, figures.share, figures.is_by_hand) == ((), 11, 1.0, False)
    assert {one.kind for one in bridge.difference_of(board)} == {"new"}
