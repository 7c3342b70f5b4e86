"""When mentors and teams can meet."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from klash.accounts.selectors import staff_of
from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.mentoring import selectors
from klash.mentoring.models import MentoringDay, MentorLeave, MentorProfile, MentorTime, Session, Slot, TeamAbsence
from klash.mentoring.services.planning_desk import lock_desk
from klash.mentoring.services.sessions import tell, withdraw
from klash.mentoring.services.wishes import ensure_told
from klash.post.services import queue
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import SessionState
from klash.teams.models import Team


@transaction.atomic
def tell_times(
    *, actor: Any, mentor: MentorProfile, times: Mapping[int, bool], per_day: int | None = None, in_a_row: int | None = None, in_total: int | None = None
) -> MentorProfile:
    """Tell all the slots to come in which the mentor can meet teams, and how many meetings there may be; None leaves that to the rules of the timetable.

    times: slot -> whether from afar; slots that are not in it are those in which the mentor cannot. Those that are over stay as they were.
    Raises Denied, Refused(IN_OTHER_PLACE) for slots of two days on one date, Refused(SLOT_IN_USE) if a slot of an own session is left out.
    """
    lock_desk(mentor.competition)
    workflow.lock(mentor)
    access.ensure(actor, Permission.TELL_TIMES, mentor)
    now = clock.now()
    slots = _slots(Slot.objects.filter(day__competition=mentor.competition_id, starts_at__gt=now), times)
    if len({slot.day.on for slot in slots}) < len({slot.day_id for slot in slots}):
        raise Refused(Reason.IN_OTHER_PLACE)
    if Session.objects.filter(mentor=mentor, state=SessionState.PLANNED, slot__starts_at__gt=now).exclude(slot__in=slots).exists():
        raise Refused(Reason.SLOT_IN_USE)
    mentor.times.filter(slot__starts_at__gt=now).delete()
    MentorTime.objects.bulk_create(MentorTime(mentor=mentor, slot=slot, is_online=slot.day.is_online or times[slot.pk]) for slot in slots)
    mentor.per_day, mentor.in_a_row, mentor.in_total, mentor.times_at = per_day, in_a_row, in_total, now
    mentor.save(update_fields=["per_day", "in_a_row", "in_total", "times_at"])
    _record("mentor.times_told", actor, mentor, {"slots": len(slots)})
    return mentor


@transaction.atomic
def leave_day(*, actor: Any, mentor: MentorProfile, day: MentoringDay) -> MentorLeave:
    """Take back all times of a day and cancel the mentor's sessions that are still to come on it; tells the teams' leaders and the staff at once.

    A second call cancels what was planned since, and does nothing where nothing was. Raises Denied, or Refused(WRONG_STATE) once the day is over.
    """
    lock_desk(mentor.competition)
    workflow.lock(mentor)
    access.ensure(actor, Permission.TELL_TIMES, mentor)
    now = clock.now()
    if day.on < timezone.localdate(now):
        raise Refused(Reason.WRONG_STATE)
    sessions, before = selectors.planned_on(mentor, day, now), MentorLeave.objects.filter(mentor=mentor, day=day).first()
    if before is not None and not sessions and not mentor.times.filter(slot__day=day).exists():
        return before
    workflow.lock_all(sessions)  # all before the first writes to the log, for which a writer of a note may wait
    for session in sessions:
        withdraw(actor, session)
    mentor.times.filter(slot__day=day).delete()
    leave = before or MentorLeave(mentor=mentor, day=day, cancelled=0)
    leave.cancelled, leave.told_at = leave.cancelled + len(sessions), now
    leave.save()
    _record("mentor.day_left", actor, mentor, {"day": day.number, "sessions": len(sessions)})
    tell(sessions, "mentoring_cancelled", "cancelled", by="mentor")
    for person in staff_of(mentor.chain):
        queue(
            to=person.email, language=person.language, template="mentoring_left", event=f"mentor.left/{mentor.code}/{day.number}/{leave.told_at}",
            context={"competition": mentor.competition, "mentor": mentor, "day": day, "sessions": sessions},
        )
    return leave


@transaction.atomic
def tell_absences(*, actor: Any, team: Team, absences: Collection[int]) -> None:
    """Tell all the slots to come in which the team cannot meet mentors; in the others of its days it is expected.

    Raises Denied, Refused(NOT_ADMITTED), Refused(SLOT_IN_USE) if the team has a session in one of them.
    """
    lock_desk(team.challenge.competition)
    access.ensure(actor, Permission.TELL_NEEDS, team)
    ensure_told(team)
    now = clock.now()
    slots = _slots(Slot.objects.filter(day__challenges=team.challenge_id, starts_at__gt=now), absences)
    if Session.objects.filter(team=team, state=SessionState.PLANNED, slot__in=slots).exists():
        raise Refused(Reason.SLOT_IN_USE)
    team.mentoring_absences.filter(slot__starts_at__gt=now).delete()
    TeamAbsence.objects.bulk_create(TeamAbsence(team=team, slot=slot) for slot in slots)
    audit.record("team.absences_told", actor=actor, competition=team.chain, thing=f"team/{team.code}", body={"slots": len(slots)})


def _slots(offered: Any, wanted: Iterable[int]) -> list[Slot]:
    """Return the wanted slots. Raises ValueError for one that is not offered."""
    keys = set(wanted)
    found = list(offered.filter(pk__in=keys).select_related("day"))
    if len(found) < len(keys):
        raise ValueError("expected slots of the days that are offered")
    return found


def _record(what: str, actor: Any, mentor: MentorProfile, body: dict[str, Any]) -> None:
    audit.record(what, actor=actor, competition=mentor.chain, thing=f"mentor/{mentor.code}", body=body)
