"""Rows of a mentoring day to an `algo.roster` problem, and its answer back to a suggestion that a person confirms."""

from collections.abc import Sequence

from django.db.models import Model

from klash.algo.roster import roster
from klash.mentoring.models import MentoringDay, MentorProfile, Session, Slot
from klash.mentoring.selectors import teams_of
from klash.rules.states import SessionState
from klash.teams.models import Team


def suggest_timetable(day: MentoringDay, mentors: Sequence[MentorProfile]) -> list[tuple[Slot, Team, MentorProfile]]:
    """Suggest a session for each team of the day with each of the mentors, around what is planned already.

    Ordered by slot, then by team. Nothing is written. Three queries.
    """
    slots, teams, chosen = list(day.slots.all()), teams_of(day), sorted(set(mentors), key=lambda mentor: mentor.pk)
    slot_at, team_at, mentor_at = _places(slots), _places(teams), _places(chosen)
    planned = Session.objects.filter(slot__day=day).exclude(state=SessionState.CANCELLED)
    rows = [(slot_at[s.slot_id], team_at.get(s.team_id), mentor_at.get(s.mentor_id)) for s in planned]
    found = roster(
        len(teams), len(chosen), len(slots),
        team_busy=[(slot, team) for slot, team, _ in rows if team is not None],
        mentor_busy=[(slot, mentor) for slot, _, mentor in rows if mentor is not None],
        met=[(team, mentor) for _, team, mentor in rows if team is not None and mentor is not None],
    )
    return [(slots[m.slot], teams[m.team], chosen[m.mentor]) for m in found]


def _places(rows: Sequence[Model]) -> dict[int, int]:
    return {row.pk: place for place, row in enumerate(rows)}
