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
from klash.post.services import Letter, queue_letters, write_letter
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
    queue_letters(letters_of(plan, _apply(actor, plan, changes, now), is_done=True))
    for team in {one.team.pk: one.team for one in changes if one.kind == "new"}.values():
        side_changed.send(Team, team=team)  # whoever judges it may be tied to the mentor
    return plan


def _check(board: Board, *, accepts_breaches: bool) -> None:
    breaches = bridge.breaches_of(board)
    if board.plan.told.get("stands") != board.instance.stands() or any(one.is_hard for one in breaches):
        raise Refused(Reason.PLAN_OUTDATED)
    if breaches and not accepts_breaches:
        raise Refused(Reason.PLAN_BREAKS_RULES)


def _apply(actor: Any, plan: Plan, changes: Sequence[Change], now: datetime) -> list[Change]:
    """Write the changes; return them with their sessions. What is called off makes room first, then what moves, what is new comes last."""
    for session, _ in _sessions(changes, "gone"):
        workflow.move(session, to=SessionState.CANCELLED, actor=actor, save={"sequence": session.sequence + 1, "changed_at": now})
    moved = _sessions(changes, "moved")
    _move(moved, now)
    _tell_why([*moved, *_sessions(changes, "stays")])
    done = [replace(one, session=_new(one, now)) if one.kind == "new" else one for one in changes]
    new = _sessions(done, "new")
    Session.objects.bulk_create(session for session, _ in new)
    events: list[tuple[str, str, dict[str, Any]]] = [
        *(("session.moved", f"session/{session.code}", {"slot": one.slot.starts_at, "sequence": session.sequence}) for session, one in moved),
        *(("session.planned", f"session/{session.code}", {"team": one.team.code, "mentor": one.mentor.code}) for session, one in new),
    ]
    audit.record_all(events, actor=actor, competition=plan.chain, at=now)
    return done


def _sessions(changes: Sequence[Change], kind: str) -> list[tuple[Session, Change]]:
    return [(one.session, one) for one in changes if one.session is not None and one.kind == kind]


def _new(one: Change, now: datetime) -> Session:
    return Session(slot=one.slot, team=one.team, mentor=one.mentor, room=one.room, is_online=one.is_online, why=one.why, changed_at=now)


def _move(moves: Sequence[tuple[Session, Change]], now: datetime) -> None:
    """Move sessions into slots that are free by then.

    They go by way of slots of their own, one each, which are gone when all are there: they may wait for one another in a ring.
    """
    sessions = [session for session, _ in moves]
    hours = [ASIDE + timedelta(hours=at) for at in range(len(moves))]
    aside = Slot.objects.bulk_create(
        Slot(day=one.slot.day, starts_at=hour, ends_at=hour + timedelta(hours=1)) for (_, one), hour in zip(moves, hours, strict=True)
    )
    for session, slot in zip(sessions, aside, strict=True):
        session.slot = slot
    Session.objects.bulk_update(sessions, ["slot"])
    for session, one in moves:
        session.slot, session.room, session.is_online = one.slot, one.room, one.is_online
        session.sequence, session.changed_at = session.sequence + 1, now
    Session.objects.bulk_update(sessions, ["slot", "room", "is_online", "sequence", "changed_at"])
    Slot.objects.filter(pk__in=[slot.pk for slot in aside]).delete()


def _tell_why(kept: Sequence[tuple[Session, Change]]) -> None:
    """Let sessions that are kept say why, where the plan has something else to say."""
    changed = [(session, one) for session, one in kept if one.why and one.why != session.why]
    for session, one in changed:
        session.why = one.why
    Session.objects.bulk_update([session for session, _ in changed], ["why"])


def letters_of(plan: Plan, changes: Sequence[Change], *, is_done: bool = False) -> list[Letter]:
    """Write one mail to each whom the changes concern, by address, from the own changes by time; the page shows them beforehand. One query.

    changes: as `bridge.difference_of` tells them. is_done: the plan is published, so that each has its session, which the receiver's calendar is told of.
    """
    return [
        write_letter(
            to=person.email, language=person.language, template="mentoring_changed", event=f"mentoring_plan.published/{plan.code}",
            context={"competition": plan.competition, "changes": own, "is_mentor": own[0].mentor.person_id == person.pk},
            calendar=selectors.files_for([one.session for one in own if one.session], person) if is_done else "",
        )
        for person, own in sorted(bridge.concerned(changes).items(), key=lambda item: item[0].email)
    ]
