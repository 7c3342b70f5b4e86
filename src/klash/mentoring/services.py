"""What staff, mentors and teams do in mentoring."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db import IntegrityError, transaction

from klash.accounts.models import Invitation, User
from klash.accounts.services import grant_role, invite
from klash.challenges.models import Challenge
from klash.competitions.models import Competition
from klash.core import access, audit, clock, workflow
from klash.core.errors import Denied, Refused
from klash.core.fields import Text
from klash.mentoring.models import MentoringDay, MentorOffer, MentorProfile, Session, SessionFeedback, Slot
from klash.post.services import queue
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import SessionState
from klash.teams.models import Team
from klash.teams.services import side_changed

Wish = tuple[Slot, Team, MentorProfile]


@transaction.atomic
def add_mentor(*, actor: Any, competition: Competition, person: User, sector: str, field: Text, text: Text) -> MentorProfile:
    """Make a person a mentor of the competition, with the background that teams read. A second call changes nothing.

    Raises Denied, or Refused(OTHER_SIDE) if the person stands on another side.
    """
    access.ensure(actor, Permission.PLAN_MENTORING, competition)
    return _make_mentor(actor, competition, person, sector, field, text)


def _make_mentor(actor: Any, competition: Competition, person: User, sector: str, field: Text, text: Text) -> MentorProfile:
    grant_role(actor=actor, person=person, role=Role.MENTOR, competition=competition.code)
    profile, is_new = MentorProfile.objects.get_or_create(
        competition=competition, person=person, defaults={"sector": sector, "field": field, "text": text}
    )
    if is_new:
        audit.record("mentor.added", actor=actor, competition=competition.code, thing=f"mentor/{profile.code}", body={"sector": sector})
    return profile


@transaction.atomic
def invite_mentor(
    *, actor: Any, competition: Competition, email: str, language: str, sector: str, field: Text, text: Text
) -> tuple[MentorOffer, str]:
    """Invite an address to be a mentor; returns the offer and the token of the link, which goes out by mail.

    Raises Denied, or Refused(OTHER_SIDE) if the address belongs to a person who stands on another side.
    """
    access.ensure(actor, Permission.PLAN_MENTORING, competition)
    invitation, token = invite(actor=actor, email=email, role=Role.MENTOR, competition=competition.code)
    offer = MentorOffer.objects.create(competition=competition, invitation=invitation, sector=sector, field=field, text=text)
    queue(
        to=invitation.email, language=language, template="mentoring_invitation", event=f"mentor.invited/{invitation.token_hash[:32]}",
        context={"competition": competition.name, "token": token, "until": invitation.expires_at},
    )
    return offer, token


@transaction.atomic
def take_offer(*, actor: User, invitation: Invitation) -> MentorProfile | None:
    """Turn the offer behind an accepted invitation into the mentor's profile; None if it offered no mentoring."""
    offer = MentorOffer.objects.select_related("competition").filter(invitation=invitation, invitation__accepted_by=actor).first()
    return _make_mentor(actor, offer.competition, actor, offer.sector, offer.field, offer.text) if offer else None


@transaction.atomic
def add_day(
    *, actor: Any, competition: Competition, number: int, on: date, place: str, topic: Text, challenges: Sequence[Challenge],
    slots: Sequence[tuple[datetime, datetime]], is_online: bool = False,
) -> MentoringDay:
    """Add a mentoring day with its slots for the teams of the challenges.

    slots: (starts_at, ends_at), in order, not overlapping.
    Raises Denied, Refused(WRONG_STATE) if the competition has a day of this number, ValueError on slots out of order.
    """
    access.ensure(actor, Permission.PLAN_MENTORING, competition)
    if any(start >= end for start, end in slots) or any(one[1] > other[0] for one, other in pairwise(slots)):
        raise ValueError("expected slots in order that do not overlap")
    try:
        with transaction.atomic():
            day = MentoringDay.objects.create(competition=competition, number=number, on=on, place=place, topic=topic, is_online=is_online)
    except IntegrityError:
        raise Refused(Reason.WRONG_STATE) from None
    day.challenges.set(challenges)
    Slot.objects.bulk_create(Slot(day=day, starts_at=start, ends_at=end) for start, end in slots)
    audit.record(
        "mentoring_day.added", actor=actor, competition=competition.code, thing=f"mentoring_day/{number}",
        body={"on": on.isoformat(), "slots": len(slots)},
    )
    return day


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
    access.ensure(actor, Permission.PLAN_MENTORING, competition)
    _check_parties(competition, wishes)
    # Two planners of the same mentor wait for each other here, so that overlaps across days cannot slip through.
    workflow.lock_all(list({mentor.pk: mentor for _, _, mentor in wishes}.values()))
    workflow.lock_all(list({team.pk: team for _, team, _ in wishes}.values()))
    sessions = [_plan(actor, slot, team, mentor) for slot, team, mentor in wishes]
    _tell(sessions, "mentoring_planned", "planned")
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
    session = Session(slot=slot, team=team, mentor=mentor)
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
    workflow.move(session, to=SessionState.CANCELLED, actor=actor)
    _tell([session], "mentoring_cancelled", "cancelled")
    return session


def _tell(sessions: Collection[Session], template: str, what: str) -> None:
    """Queue one mail for each mentor and for each team's leader among the sessions."""
    letters: dict[str, tuple[User, list[Session]]] = {}
    for session in sorted(sessions, key=lambda session: session.slot.starts_at):
        leader = session.team.memberships.select_related("person").filter(is_leader=True).first()
        for person in (session.mentor.person, *([leader.person] if leader else [])):
            letters.setdefault(person.email, (person, []))[1].append(session)
    for email, (person, own) in letters.items():
        queue(
            to=email, language=person.language, template=template, event=f"session.{what}/{own[0].code}/{len(own)}",
            context={"competition": own[0].slot.day.competition, "sessions": own, "is_mentor": own[0].mentor.person_id == person.pk},
        )


def hold_session(*, actor: Any, session: Session) -> Session:
    """Record that a session was held; from its start on. Raises Denied or IllegalMove."""
    workflow.move(session, to=SessionState.HELD, actor=actor)
    return session


@transaction.atomic
def write_note(*, actor: Any, session: Session, text: str) -> Session:
    """Save the mentor's note, which the team reads. The audit entry never holds it. Raises Denied."""
    workflow.lock(session)
    _ensure_takes_part(actor, session, "mentor")
    access.ensure(actor, Permission.WRITE_NOTE, session)
    session.note, session.note_saved_at = text.strip(), clock.now()
    session.save(update_fields=["note", "note_saved_at"])
    audit.record("session.note_saved", actor=actor, competition=session.chain, thing=f"session/{session.code}")
    return session


@transaction.atomic
def give_feedback(*, actor: Any, session: Session, mark: int, text: str) -> SessionFeedback:
    """Give the feedback of one's own side on a held session, once. The audit entry never holds it.

    mark: 1 to 5.
    Raises Denied (no part in it, not held yet), Refused(WRONG_STATE) if the side has given its own, Refused(INCOMPLETE) on another mark.
    """
    workflow.lock(session)
    access.ensure(actor, Permission.GIVE_SESSION_FEEDBACK, session)
    side = _ensure_takes_part(actor, session, "mentor", "team")
    if mark not in range(1, 6):
        raise Refused(Reason.INCOMPLETE)
    feedback = SessionFeedback(session=session, side=side, author=actor, mark=mark, text=text.strip(), given_at=clock.now())
    try:
        with transaction.atomic():
            feedback.save(force_insert=True)
    except IntegrityError:
        raise Refused(Reason.WRONG_STATE) from None
    audit.record("session.feedback_given", actor=actor, competition=session.chain, thing=f"session/{session.code}", body={"side": side})
    return feedback


def _ensure_takes_part(actor: Any, session: Session, *sides: str) -> str:
    """Return the actor's side; the staff may read a session but has no words of its own in it."""
    if (side := session.side_of(actor)) not in sides:
        raise Denied(Reason.NOT_YOURS)
    return side
