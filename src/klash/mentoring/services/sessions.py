"""Sessions: planned by hand, cancelled, held."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from klash.accounts.models import User
from klash.competitions.models import Competition
from klash.core import access, audit, clock, workflow
from klash.core.errors import Denied, Refused
from klash.mentoring.models import MentorProfile, Session, Slot
from klash.mentoring.selectors import files_for, leaders_of
from klash.mentoring.services.planning_desk import lock_desk
from klash.post.services import queue
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import SessionState
from klash.teams.models import Team
from klash.teams.services import side_changed

Wish = tuple[Slot, Team, MentorProfile]


def plan_session(*, actor: Any, slot: Slot, team: Team, mentor: MentorProfile) -> Session:
    """Let a team meet a mentor in a slot; tells both. Raises as `plan_sessions`."""
    return plan_sessions(actor=actor, wishes=[(slot, team, mentor)])[0]


@transaction.atomic
def plan_sessions(*, actor: Any, wishes: Sequence[Wish]) -> list[Session]:
    """Plan sessions, all or none; each mentor and each team's leader gets one mail about them.

    wishes: slots of one competition.
    Raises Denied, Refused(NOT_ADMITTED) for a team that is not an admitted one of the day's challenges or a mentor of another
    competition, Refused(DOUBLE_BOOKED) if a team or a mentor would be in two places at a time.
    """
    if not wishes:
        return []
    competition = wishes[0][0].day.competition
    lock_desk(competition)
    access.ensure(actor, Permission.PLAN_MENTORING, competition)
    _check_parties(competition, wishes)
    # Two planners of the same mentor wait for each other here, so that overlaps across days and competitions cannot slip through.
    workflow.lock_all(list({mentor.pk: mentor for _, _, mentor in wishes}.values()))
    workflow.lock_all(list({team.pk: team for _, team, _ in wishes}.values()))
    sessions = [_plan(actor, slot, team, mentor) for slot, team, mentor in wishes]
    tell(sessions, "mentoring_planned", "planned")
    for team in {team.pk: team for _, team, _ in wishes}.values():
        side_changed.send(Team, team=team)  # whoever judges it may be tied to the mentor
    return sessions


def _check_parties(competition: Competition, wishes: Sequence[Wish]) -> None:
    days = {slot.day_id: slot.day for slot, _, _ in wishes}
    admitted = {
        pk: set(Team.objects.told().filter(challenge__in=day.challenges.all()).values_list("pk", flat=True)) for pk, day in days.items()
    }
    if any(day.competition_id != competition.pk for day in days.values()):
        raise ValueError("expected slots of one competition")
    if any(team.pk not in admitted[slot.day_id] or mentor.competition_id != competition.pk for slot, team, mentor in wishes):
        raise Refused(Reason.NOT_ADMITTED)


def _plan(actor: Any, slot: Slot, team: Team, mentor: MentorProfile) -> Session:
    at_once = Session.objects.exclude(state=SessionState.CANCELLED).filter(slot__starts_at__lt=slot.ends_at, slot__ends_at__gt=slot.starts_at)
    if at_once.filter(team=team).exists() or at_once.filter(mentor__person=mentor.person_id).exists():
        raise Refused(Reason.DOUBLE_BOOKED)
    session = Session(slot=slot, team=team, mentor=mentor, changed_at=clock.now())
    try:
        with transaction.atomic():
            session.save(force_insert=True)
    except IntegrityError:
        raise Refused(Reason.DOUBLE_BOOKED) from None
    audit.record(
        "session.planned", actor=actor, competition=session.chain, thing=f"session/{session.code}",
        body={"team": team.code, "mentor": mentor.code},
    )
    return session


@transaction.atomic
def cancel_session(*, actor: Any, session: Session) -> Session:
    """Cancel a session that has not been held; tells both. The slot becomes free. Raises Denied or IllegalMove."""
    lock_desk(session.slot.day.competition)
    withdraw(actor, session)
    tell([session], "mentoring_cancelled", "cancelled", by=session.side_of(actor))
    return session


@transaction.atomic
def end_sessions(*, actor: Any, team: Team) -> int:
    """Cancel all sessions to come of a team that has given up its place; the mentors are told. Returns how many. Raises Denied."""
    lock_desk(team.challenge.competition)
    rows = Session.objects.filter(team=team, state=SessionState.PLANNED, slot__starts_at__gt=clock.now())
    sessions = list(rows.select_related("slot__day__competition", "team__challenge__competition", "mentor__person").order_by("pk"))
    for session in sessions:
        withdraw(actor, session)
    tell(sessions, "mentoring_cancelled", "cancelled", by="team")
    return len(sessions)


def withdraw(actor: Any, session: Session) -> None:
    """Cancel a session without a word to anybody yet. Raises Denied or IllegalMove."""
    workflow.lock(session)
    workflow.move(session, to=SessionState.CANCELLED, actor=actor, save={"sequence": session.sequence + 1, "changed_at": clock.now()})


def tell(sessions: Collection[Session], template: str, what: str, *, by: str = "") -> None:
    """Queue one mail for each mentor and for each team's leader among the sessions, with what their calendars are to know.

    by: whose doing it is, "mentor" or "team"; "" for the organiser's.
    """
    for person, own in concerned(sessions).items():
        queue(
            to=person.email, language=person.language, template=template, event=f"session.{what}/{own[0].code}/{len(own)}", calendar=files_for(own, person),
            context={"competition": own[0].slot.day.competition, "sessions": own, "is_mentor": own[0].mentor.person_id == person.pk, "by": by},
        )


def concerned(sessions: Collection[Session]) -> dict[User, list[Session]]:
    """Return whom sessions concern, the mentors and the teams' leaders, each with the own ones by time. One query."""
    leaders, found = leaders_of(session.team_id for session in sessions), dict[User, list[Session]]()
    for session in sorted(sessions, key=lambda session: session.slot.starts_at):
        for person in (session.mentor.person, leaders.get(session.team_id)):
            if person is not None:
                found.setdefault(person, []).append(session)
    return found


def hold_session(*, actor: Any, session: Session) -> Session:
    """Record that a session was held; from its start on, and also where it had been told that somebody did not come. Raises Denied or IllegalMove."""
    workflow.move(session, to=SessionState.HELD, actor=actor, save={"missing": ""})
    return session


def ensure_takes_part(actor: Any, session: Session, *sides: str) -> str:
    """Return the actor's side, or raise Denied; the staff may read a session but has no words of its own in it."""
    if (side := session.side_of(actor)) not in sides:
        raise Denied(Reason.NOT_YOURS)
    return side
