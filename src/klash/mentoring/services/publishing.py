"""A draft becomes what stands: sessions are made, moved and called off, and those concerned are told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from klash.core import access, audit, clock, workflow
from klash.core.errors import IllegalMove, Refused
from klash.mentoring import bridge, selectors
from klash.mentoring.bridge import Board, Change
from klash.mentoring.models import Plan, Session, Slot
from klash.mentoring.services.planning_desk import lock_desk
from klash.post.services import Letter, queue_letter, write_letter
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import PlanState, SessionState
from klash.teams.models import Team
from klash.teams.services import side_changed

ASIDE = datetime(1970, 1, 1, tzinfo=UTC)  # no day of mentoring has a slot then


@transaction.atomic
def publish_plan(*, actor: Any, plan: Plan, revision: int, accepts_breaches: bool = False) -> Plan:
    """Let a draft stand: a pair that stays keeps its session, new pairs get one, those that are gone are called off; one mail to each concerned.

    Raises Denied, IllegalMove (no draft), Refused(PAGE_CHANGED) for another revision, Refused(PLAN_OUTDATED) if a session was booked, moved or called
    off since the draft was made or somebody would be where they cannot be, Refused(PLAN_BREAKS_RULES) if it breaks others and that is not accepted.
    """
    competition = plan.competition
    lock_desk(competition)
    workflow.lock(plan)
    plan.competition = competition
    access.ensure(actor, Permission.PUBLISH_PLAN, plan)
    if plan.state != PlanState.DRAFT:
        raise IllegalMove(Reason.WRONG_STATE)
    if plan.revision != revision:
        raise Refused(Reason.PAGE_CHANGED)
    board = bridge.board_of(plan)
    _check(board, accepts_breaches=accepts_breaches)
    changes, now = bridge.difference_of(board), clock.now()
    # All before the first writes to the log, for which a writer of a note may wait.
    list(Session.objects.select_for_update(no_key=True).filter(pk__in=[one.session.pk for one in changes if one.session is not None]).order_by("pk"))
    if (before := selectors.published_of(competition)) is not None:
        workflow.move(before, to=PlanState.REPLACED, actor=actor)
    counts = {kind: sum(one.kind == kind for one in changes) for kind in ("new", "moved", "gone", "stays")}
    workflow.move(plan, to=PlanState.PUBLISHED, actor=actor, save={"published_by": actor, "published_at": now}, body=counts)
    plan.competition = competition
    for letter in _letters(plan, _apply(actor, changes, now), is_done=True):
        queue_letter(letter)
    for team in {one.team.pk: one.team for one in changes if one.kind == "new"}.values():
        side_changed.send(Team, team=team)  # whoever judges it may be tied to the mentor
    return plan


def _check(board: Board, *, accepts_breaches: bool) -> None:
    breaches = bridge.breaches_of(board)
    if board.plan.told.get("stands") != board.instance.stands() or any(one.is_hard for one in breaches):
        raise Refused(Reason.PLAN_OUTDATED)
    if breaches and not accepts_breaches:
        raise Refused(Reason.PLAN_BREAKS_RULES)


def _apply(actor: Any, changes: Sequence[Change], now: datetime) -> list[Change]:
    """Write the changes; return them with their sessions. What is called off makes room first, then what moves, what is new comes last."""
    known = [(one.session, one) for one in changes if one.session is not None]
    for session, one in known:
        if one.kind == "gone":
            workflow.move(session, to=SessionState.CANCELLED, actor=actor, save={"sequence": session.sequence + 1, "changed_at": now})
    _move(actor, [(session, one) for session, one in known if one.kind == "moved"], now)
    for session, one in known:
        if one.why and one.why != session.why:
            Session.objects.filter(pk=session.pk).update(why=one.why)
    return [replace(one, session=_new(actor, one, now)) if one.kind == "new" else one for one in changes]


def _new(actor: Any, one: Change, now: datetime) -> Session:
    session = Session.objects.create(
        slot=one.slot, team=one.team, mentor=one.mentor, room=one.room, is_online=one.is_online, why=one.why, changed_at=now
    )
    body = {"team": one.team.code, "mentor": one.mentor.code}
    audit.record("session.planned", actor=actor, competition=session.chain, thing=f"session/{session.code}", body=body, at=now)
    return session


def _move(actor: Any, moves: Sequence[tuple[Session, Change]], now: datetime) -> None:
    """Move sessions into slots that are free by then; where they wait for one another in a ring, one steps aside into a slot of its own meanwhile."""
    waiting, aside = list(moves), list[Slot]()
    while waiting:
        held = {key for session, _ in waiting for key in _places(session, session.slot)}
        free = [(session, one) for session, one in waiting if not (held - _places(session, session.slot)) & _places(session, one.slot)]
        if free:
            session, one = free[0]
            waiting.remove(free[0])
            _put(actor, session, one, now)
        else:
            session, one = waiting[0]
            begin = ASIDE + len(aside) * timedelta(hours=1)
            aside.append(Slot.objects.create(day=session.slot.day, starts_at=begin, ends_at=begin + timedelta(hours=1)))
            session.slot = aside[-1]
            session.save(update_fields=["slot"])
    for slot in aside:
        slot.delete()


def _places(session: Session, slot: Slot) -> set[tuple[str, int, int]]:
    return {("team", session.team_id, slot.pk), ("mentor", session.mentor_id, slot.pk)}


def _put(actor: Any, session: Session, one: Change, now: datetime) -> None:
    session.slot, session.room, session.is_online = one.slot, one.room, one.is_online
    session.sequence, session.changed_at = session.sequence + 1, now
    session.save(update_fields=["slot", "room", "is_online", "sequence", "changed_at"])
    body = {"slot": one.slot.starts_at, "sequence": session.sequence}
    audit.record("session.moved", actor=actor, competition=one.slot.day.competition.code, thing=f"session/{session.code}", body=body, at=now)


def letters_of(plan: Plan) -> list[Letter]:
    """Return the mails that publishing the draft would send, by address, as their receivers would read them; the page shows them beforehand."""
    return _letters(plan, bridge.difference_of(bridge.board_of(plan)))


def _letters(plan: Plan, changes: Sequence[Change], *, is_done: bool = False) -> list[Letter]:
    """Write one mail to each whom the changes concern, from the own ones by time.

    is_done: the plan is published, so that each change has its session, which the receiver's calendar is told of.
    """
    return [
        write_letter(
            to=person.email, language=person.language, template="mentoring_changed", event=f"mentoring_plan.published/{plan.code}",
            context={"competition": plan.competition, "changes": own, "is_mentor": own[0].mentor.person_id == person.pk},
            calendar=selectors.files_for([one.session for one in own if one.session], person) if is_done else "",
        )
        for person, own in sorted(bridge.concerned(changes).items(), key=lambda item: item[0].email)
    ]
