"""What organisers do with a competition as a whole."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from klash.accounts.models import Organisation
from klash.competitions.models import Competition, CriteriaSet, Criterion, Partner, Stage, StageChange, Theme
from klash.competitions.selectors import as_announced
from klash.core import access, audit, clock, workflow
from klash.core.errors import Denied, Refused
from klash.core.fields import Text
from klash.reviewing.services import criteria_hash
from klash.rules.permissions import Facts, Permission, why_not
from klash.rules.reasons import Reason
from klash.rules.states import CompetitionState


@transaction.atomic
def create_competition(*, actor: Any, code: str, name: str, tagline: Text, summary: Text, organiser: Organisation, **limits: Any) -> Competition:
    """Create a draft of a competition. Only an operator, or a rehearsal; raises Denied.

    limits: team_size_min, team_size_max, teams_per_challenge_max, reserve_cents, currency, website, is_invented.
    """
    may_create = getattr(actor, "is_operator", False) or isinstance(actor, audit.System)
    if (reason := why_not(Permission.CREATE_COMPETITION, Facts(is_signed_in=actor.is_authenticated, is_owner=may_create))) is not None:
        raise Denied(reason)
    competition = Competition.objects.create(code=code, name=name, tagline=tagline, summary=summary, organiser=organiser, **limits)
    _record("competition.created", actor, competition, f"competition/{code}", {"name": name})
    return competition


@transaction.atomic
def add_partner(*, actor: Any, competition: Competition, organisation: Organisation, roles: Sequence[str]) -> Partner:
    """Name an organisation that enables or funds the competition. A second naming finds the first. Raises Denied."""
    access.ensure(actor, Permission.RUN_COMPETITION, competition)
    partner, is_new = Partner.objects.get_or_create(competition=competition, organisation=organisation, defaults={"roles": list(roles)})
    if is_new:
        _record("partner.added", actor, competition, f"organisation/{organisation.code}", {"roles": list(roles)})
    return partner


@transaction.atomic
def add_stage(
    *, actor: Any, competition: Competition, kind: str, title: Text, opens_at: datetime, closes_at: datetime,
    planned_opens_at: datetime | None = None, planned_closes_at: datetime | None = None,
) -> Stage:
    """Add a stage to the calendar of a draft. What was first promised stays beside what is in force.

    Raises Denied, or Refused(FROZEN) once the calendar has been published.
    """
    workflow.lock(competition)
    access.ensure(actor, Permission.RUN_COMPETITION, competition)
    if competition.state != CompetitionState.DRAFT:
        raise Refused(Reason.FROZEN)
    stage = Stage.objects.create(
        competition=competition, kind=kind, position=competition.stages.count(), title=title, opens_at=opens_at, closes_at=closes_at,
        planned_opens_at=planned_opens_at or opens_at, planned_closes_at=planned_closes_at or closes_at,
    )
    _record("stage.added", actor, competition, f"stage/{stage.code}", {"opens_at": opens_at, "closes_at": closes_at})
    competition.forget_stages()
    return stage


@transaction.atomic
def set_criteria(*, actor: Any, competition: Competition, stage_kind: str, criteria: Sequence[Mapping[str, Any]]) -> CriteriaSet:
    """Set the criteria of a stage; what stood before is replaced.

    criteria: rows of code, name, meaning, weight, and if they differ from 0 to 10 without bands, scale_min, scale_max, bands.
    Raises Denied, Refused(FROZEN) once announced, Refused(INCOMPLETE) for no criterion, two of one code, no weight or an empty scale.
    """
    workflow.lock(competition)
    if competition.state != CompetitionState.DRAFT:
        raise Refused(Reason.FROZEN)
    group, _ = CriteriaSet.objects.get_or_create(competition=competition, stage_kind=stage_kind)
    access.ensure(actor, Permission.EDIT_CRITERIA, group)
    rows = [Criterion(criteria_set=group, position=position, **row) for position, row in enumerate(criteria)]
    if not rows or len({row.code for row in rows}) < len(rows) or any(row.weight < 1 or row.scale_min >= row.scale_max for row in rows):
        raise Refused(Reason.INCOMPLETE)
    group.criteria.all().delete()
    Criterion.objects.bulk_create(rows)
    _record("criteria.set", actor, competition, f"criteria/{stage_kind}", {"hash": criteria_hash([as_announced(row) for row in rows])})
    return group


@transaction.atomic
def add_theme(*, actor: Any, competition: Competition, code: str, name: Text) -> Theme:
    """Add a theme that reporters may choose. A second adding finds the first. Raises Denied."""
    access.ensure(actor, Permission.RUN_COMPETITION, competition)
    theme, is_new = Theme.objects.get_or_create(competition=competition, code=code, defaults={"name": name})
    if is_new:
        _record("theme.added", actor, competition, f"theme/{code}")
    return theme


@transaction.atomic
def publish_competition(*, actor: Any, competition: Competition) -> Competition:
    """Publish a competition; its criteria freeze with their hash. Raises Denied(NO_ROLE, INCOMPLETE) or IllegalMove."""
    now = clock.now()
    workflow.move(competition, to=CompetitionState.PUBLISHED, actor=actor, save={"published_at": now})
    for group in competition.criteria_sets.prefetch_related("criteria").order_by("pk"):
        group.hash, group.frozen_at = criteria_hash([as_announced(row) for row in group.criteria.all()]), now
        group.save(update_fields=["hash", "frozen_at"])
        _record("criteria.frozen", actor, competition, f"criteria/{group.stage_kind}", {"hash": group.hash})
    competition.forget_stages()
    return competition


@transaction.atomic
def move_deadline(*, actor: Any, stage: Stage, to: datetime, reason: str) -> Stage:
    """Move a deadline later, while it still runs, with a reason that everyone can read.

    Raises Denied(NO_ROLE, NOT_OPEN_YET, DEADLINE_PASSED) or Refused(DEADLINE_EARLIER, NO_REASON_GIVEN). The clock is read
    after the locks: a move that waited past the deadline comes too late.
    """
    competition = workflow.lock(stage.competition)
    workflow.lock(stage)
    stage.competition = competition
    now = clock.now()
    access.ensure(actor, Permission.MOVE_DEADLINE, stage, now)
    if not reason.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    if to <= stage.closes_at:
        raise Refused(Reason.DEADLINE_EARLIER)
    change = StageChange.objects.create(
        stage=stage, field="closes_at", before=stage.closes_at, after=to, reason=reason.strip(), changed_at=now, changed_by=actor.pseudonym
    )
    stage.closes_at = to
    stage.save(update_fields=["closes_at"])
    _record("stage.moved", actor, competition, f"stage/{stage.code}", {"from": change.before, "to": to, "reason": change.reason}, at=now)
    competition.forget_stages()
    return stage


def _record(what: str, actor: Any, competition: Competition, thing: str, body: Mapping[str, Any] | None = None, at: datetime | None = None) -> None:
    audit.record(what, actor=actor, competition=competition.code, thing=thing, body=body, at=at)
