"""The planner: what it must hold, and its work in a process of its own."""

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from math import exp
from typing import Any

from django.db import transaction

from klash.competitions.models import Competition
from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.mentoring import bridge, selectors
from klash.mentoring.bridge import Instance, Suggestion
from klash.mentoring.models import MentorProfile, PairRule, Plan, PlannedMeeting, PlanRules, PlanRun, RunFault
from klash.mentoring.services.planning_desk import lock_desk
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.teams.models import Team

RULES = (
    "sessions_per_team", "team_per_day", "team_gap", "mentor_per_day", "mentor_total", "mentor_run", "weight_diversity", "weight_expertise",
    "weight_wishes",
)
AT_LEAST = {"team_gap": 0, "weight_diversity": 0, "weight_expertise": 0, "weight_wishes": 0}
AT_MOST = 100
BEAT_S = 1.0
logger = logging.getLogger(__name__)


@transaction.atomic
def save_rules(*, actor: Any, competition: Competition, values: Mapping[str, int]) -> PlanRules:
    """Save what every plan must hold and strives for. values: some or all of RULES.

    Raises Denied, Refused(INCOMPLETE) for a value out of range or weights that are all 0, KeyError for another name.
    """
    rules = lock_desk(competition)
    access.ensure(actor, Permission.PLAN_MENTORING, competition)
    if unknown := set(values) - set(RULES):
        raise KeyError(f"expected some of {RULES}, got {sorted(unknown)}")
    for name, value in values.items():
        if not AT_LEAST.get(name, 1) <= value <= AT_MOST:
            raise Refused(Reason.INCOMPLETE)
        setattr(rules, name, value)
    if not rules.weight_diversity + rules.weight_expertise + rules.weight_wishes:
        raise Refused(Reason.INCOMPLETE)
    rules.save(update_fields=list(values))
    audit.record("mentoring_rules.saved", actor=actor, competition=competition.code, thing="mentoring_rules", body=dict(values))
    return rules


@transaction.atomic
def set_pair(*, actor: Any, team: Team, mentor: MentorProfile, kind: str) -> PairRule:
    """Let a team and a mentor have to meet ("must") or not meet ("must_not"); the last word counts.

    Raises Denied, Refused(NOT_ADMITTED) unless the team is an admitted one of the mentor's competition.
    """
    competition = mentor.competition
    lock_desk(competition)
    access.ensure(actor, Permission.PLAN_MENTORING, competition)
    if not Team.objects.told().filter(pk=team.pk, challenge__competition=competition).exists():
        raise Refused(Reason.NOT_ADMITTED)
    kind = PairRule.Kind(kind)
    rule = PairRule.objects.update_or_create(competition=competition, team=team, mentor=mentor, defaults={"kind": kind})[0]
    audit.record("mentoring_pair.set", actor=actor, competition=competition.code, thing=f"team/{team.code}", body={"mentor": mentor.code, "kind": kind})
    return rule


@transaction.atomic
def drop_pair(*, actor: Any, rule: PairRule) -> None:
    """Drop the rule of a pair. Raises Denied."""
    lock_desk(rule.competition)
    access.ensure(actor, Permission.PLAN_MENTORING, rule.competition)
    rule.delete()
    body = {"mentor": rule.mentor.code}
    audit.record("mentoring_pair.dropped", actor=actor, competition=rule.competition.code, thing=f"team/{rule.team.code}", body=body)


@transaction.atomic
def ask_to_plan(*, actor: Any, competition: Competition, keeps: bool = False) -> PlanRun:
    """Ask the planner to work; `start_in_background` lets it. A run that was not heard of for two minutes is ended as stopped.

    keeps: of the sessions that stand as few as can be are moved (planning anew); else it plans freely around what is pinned.
    Raises Denied, Refused(ALREADY_PLANNING), Refused(NOTHING_TO_PLAN).
    """
    lock_desk(competition)
    access.ensure(actor, Permission.PLAN_MENTORING, competition)
    now = clock.now()
    if (last := PlanRun.objects.filter(competition=competition, ended_at=None).first()) is not None:
        if selectors.is_running(last):
            raise Refused(Reason.ALREADY_PLANNING)
        _end(last, RunFault.STOPPED)
    if not _has_work(bridge.instance_of(competition)):
        raise Refused(Reason.NOTHING_TO_PLAN)
    run = PlanRun.objects.create(competition=competition, keeps=keeps, asked_by=actor, asked_at=now, beat_at=now)
    audit.record("mentoring_plan.asked", actor=actor, competition=competition.code, thing=f"plan_run/{run.code}", body={"keeps": keeps})
    return run


def _has_work(instance: Instance) -> bool:
    return bool(len(instance.teams) and (instance.mentor_free & instance.is_open).any())


def start_in_background(run: PlanRun) -> None:
    """Let the run be done by a process of its own, once the transaction is committed. What goes wrong is told where the caller's faults are."""
    transaction.on_commit(partial(_start, run.code))


def _start(code: str) -> None:
    process = subprocess.Popen(  # noqa: S603 (own interpreter, own command)
        [sys.executable, "-m", "klash", "plan_mentoring", code], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
    )
    threading.Thread(target=process.wait, daemon=True).start()  # so that it leaves no zombie


@dataclass(frozen=True)
class _Task:
    """What a run works on, as it was when it began. draft: the draft's key and revision, None without one."""

    instance: Instance
    draft: tuple[int, int] | None
    work: Callable[[], Suggestion]


class _Changed(Exception):
    """What a run worked on is not as it was."""


def run_plan(run: PlanRun) -> PlanRun:
    """Do a run: read, work outside of any transaction, write the draft. Call it outside of a transaction.

    The work beats about each second: `beat_at` and `share`. Pinned meetings of the draft stay. Ends with a fault and changes nothing else where
    the draft, a session or somebody's times have changed meanwhile (CHANGED), where nothing is left to plan (NOTHING) or where it fails (FAILED).
    """
    try:
        task = _read(run)
        suggestion = _worked(run, task)
        _write(run, task, suggestion)
    except _Changed:
        _end(run, RunFault.CHANGED)
    except Refused:
        _end(run, RunFault.NOTHING)
    except Exception:  # whatever it is, the row tells that there was something, and the log what
        logger.exception("the planner failed: run %s", run.code)
        _end(run, RunFault.FAILED)
    return run


@transaction.atomic
def _read(run: PlanRun) -> _Task:
    lock_desk(run.competition)
    instance = bridge.instance_of(run.competition)
    if not _has_work(instance):
        raise Refused(Reason.NOTHING_TO_PLAN)
    draft = selectors.draft_of(run.competition)
    meetings = list(draft.meetings.all()) if draft else []
    pairs = {(row.team_id, row.mentor_id) for row in meetings}
    pinned = [row for row in meetings if row.is_pinned]
    booked = [row for row in instance.standing if row.is_booked and (row.team_id, row.mentor_id) not in pairs]
    work = partial(
        bridge.suggest, instance, pinned=instance.cells([*pinned, *booked]), previous=instance.cells(instance.standing) if run.keeps else None,
        barred=_called_off(instance),
    )
    return _Task(instance, (draft.pk, draft.revision) if draft else None, work)


def _called_off(instance: Instance) -> list[bridge.Cell]:
    """Return the meetings that were published and then called off by somebody: nobody wants them back as they were."""
    published = selectors.published_of(instance.competition)
    meant = {(row.team_id, row.mentor_id, row.slot_id) for row in published.meetings.all()} if published else set()
    return instance.cells(row for row in instance.cancelled if (row.team_id, row.mentor_id, row.slot_id) in meant)


def _worked(run: PlanRun, task: _Task) -> Suggestion:
    """Work in a thread of its own, which asks no database, and beat meanwhile."""
    expected, begin = bridge.seconds_expected(task.instance), time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(task.work)
        while not wait([work], BEAT_S).done:
            share = int(99 * (1 - exp(-2 * (time.monotonic() - begin) / expected)))
            PlanRun.objects.filter(pk=run.pk, ended_at=None).update(beat_at=clock.now(), share=share)
    return work.result()


@transaction.atomic
def _write(run: PlanRun, task: _Task, suggestion: Suggestion) -> None:
    lock_desk(run.competition)
    workflow.lock(run)
    if run.ended_at is not None:
        return
    instance, draft = bridge.instance_of(run.competition), selectors.draft_of(run.competition)
    if task.draft != ((draft.pk, draft.revision) if draft else None) or task.instance.stands() != instance.stands():
        raise _Changed
    if draft is None:
        draft = new_draft(run.asked_by, instance)
    kept = {(row.team_id, row.mentor_id, row.slot_id): row for row in draft.meetings.filter(is_pinned=True)}
    rows = [_meeting(draft, one, kept.get((one.team.pk, one.mentor.pk, one.slot.pk))) for one in suggestion.meetings]
    draft.meetings.all().delete()
    PlannedMeeting.objects.bulk_create(rows)
    draft.revision += 1
    draft.told = {**suggestion.told, "revision": draft.revision, "stands": instance.stands()}
    draft.save(update_fields=["revision", "told"])
    if any(one.is_hard for one in bridge.breaches_of(bridge.board_on(instance, draft))):
        raise _Changed
    body = {"keeps": run.keeps, "meetings": len(rows), "short": suggestion.told["short"]}
    audit.record("mentoring_plan.planned", actor=run.asked_by, competition=draft.chain, thing=f"mentoring_plan/{draft.code}", body=body)
    _end(run, "", draft)


def _meeting(draft: Plan, one: bridge.Suggested, kept: PlannedMeeting | None) -> PlannedMeeting:
    row = PlannedMeeting(
        plan=draft, slot=one.slot, team=one.team, mentor=one.mentor, room=one.room, is_pinned=one.is_pinned, why=one.why or (kept.why if kept else {})
    )
    row.code = kept.code if kept else row.code
    return row


def new_draft(actor: Any, instance: Instance) -> Plan:
    """Make an empty draft, which stands on the sessions as they are. Call it with the desk locked and no draft there."""
    draft = Plan.objects.create(
        competition=instance.competition, number=selectors.next_plan_number(instance.competition), made_by=actor, made_at=clock.now(),
        told={"stands": instance.stands()},
    )
    audit.record("mentoring_plan.started", actor=actor, competition=draft.chain, thing=f"mentoring_plan/{draft.code}", body={"number": draft.number})
    return draft


def _end(run: PlanRun, fault: str, plan: Plan | None = None) -> None:
    run.ended_at, run.fault, run.plan = clock.now(), fault, plan
    run.share = run.share if fault else 100
    run.save(update_fields=["ended_at", "fault", "plan", "share"])
