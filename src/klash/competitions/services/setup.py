"""What operators and organisers do with a competition before it is published; from then on all of this is frozen."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from klash.accounts import services as accounts
from klash.accounts.models import Invitation, Organisation, User
from klash.competitions.models import Competition, CriteriaSet, Criterion, Partner, Stage, Theme
from klash.competitions.selectors import as_announced, criteria_for
from klash.core import access, audit, clock, workflow
from klash.core.errors import Denied, Refused
from klash.core.fields import Text
from klash.post.services import queue
from klash.reviewing.services import criteria_hash
from klash.rules import calendar
from klash.rules.names import one_line
from klash.rules.permissions import Facts, Permission, why_not
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import CompetitionState


@transaction.atomic
def create_competition(*, actor: Any, code: str, name: str, tagline: Text, summary: Text, organiser: Organisation, **limits: Any) -> Competition:
    """Create a draft of a competition. Only an operator, or a rehearsal; raises Denied.

    limits: team_size_min, team_size_max, challenges_promised, teams_per_challenge_max, reserve_cents, currency, website, takes_questions, is_invented.
    """
    may_create = getattr(actor, "is_operator", False) or isinstance(actor, audit.System)
    if (reason := why_not(Permission.CREATE_COMPETITION, Facts(is_signed_in=actor.is_authenticated, is_owner=may_create))) is not None:
        raise Denied(reason)
    competition = Competition.objects.create(code=code, name=one_line(name), tagline=tagline, summary=summary, organiser=organiser, **limits)
    _record("competition.created", actor, competition, f"competition/{code}", {"name": competition.name})
    return competition


@transaction.atomic
def found_competition(
    *, actor: Any, name: str, code: str, organisation: str, kind: str, email: str, language: str = "fi"
) -> tuple[Competition, Invitation]:
    """Create the draft of a competition for an organisation and invite its first organiser, who fills it.

    organisation: name as the organisation writes it. Raises Denied(NO_ROLE) for anyone but an operator, Refused(ADDRESS_TAKEN).
    """
    try:
        with transaction.atomic():
            organiser = _organisation(organisation, kind)
            competition = create_competition(actor=actor, code=code, name=name, tagline={}, summary={}, organiser=organiser)
    except IntegrityError:
        raise Refused(Reason.ADDRESS_TAKEN) from None
    invitation, token = accounts.invite(actor=actor, email=email, role=Role.ORGANISER, competition=code)
    known = User.objects.filter(email=invitation.email).values_list("language", flat=True).first()
    queue(
        to=invitation.email, language=known or language, template="competitions_founded", event=f"invitation.sent/{invitation.token_hash[:16]}",
        context={"competition": competition.name, "organisation": organisation, "sender": actor.name, "token": token, "until": invitation.expires_at},
    )
    return competition, invitation


def _organisation(name: str, kind: str) -> Organisation:
    """Return the organisation of this name, or a new one."""
    name = one_line(name)
    code = slugify(name)[:60] or audit.sha256(name)[:12]
    found, _ = Organisation.objects.get_or_create(code=code, defaults={"name": {"fi": name}, "kind": kind})
    return found


@transaction.atomic
def save_texts(*, actor: Any, competition: Competition, **columns: Any) -> Competition:
    """Save name, texts and limits of a draft.

    columns: name, tagline, summary, website, team_size_min, team_size_max, challenges_promised,
    teams_per_challenge_max, reserve_cents, takes_questions.
    Raises Denied(NO_ROLE, FROZEN).
    """
    workflow.lock(competition)
    access.ensure(actor, Permission.EDIT_COMPETITION, competition)
    changed = {name: value for name, value in columns.items() if getattr(competition, name) != value}
    for name, value in changed.items():
        setattr(competition, name, value)
    if changed:
        competition.save(update_fields=list(changed))
        _record("competition.changed", actor, competition, f"competition/{competition.code}", changed)
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
def name_partner(*, actor: Any, competition: Competition, organisation: str, kind: str, roles: Sequence[str]) -> Partner:
    """Name an organisation by its name as a partner of the competition. Raises Denied."""
    access.ensure(actor, Permission.RUN_COMPETITION, competition)
    return add_partner(actor=actor, competition=competition, organisation=_organisation(organisation, kind), roles=roles)


@transaction.atomic
def remove_partner(*, actor: Any, competition: Competition, organisation: Organisation) -> None:
    """Take a partner off a draft. Raises Denied(NO_ROLE, FROZEN)."""
    access.ensure(actor, Permission.EDIT_COMPETITION, workflow.lock(competition))
    if Partner.objects.filter(competition=competition, organisation=organisation).delete()[0]:
        _record("partner.removed", actor, competition, f"organisation/{organisation.code}")


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
def set_calendar(*, actor: Any, competition: Competition, stages: Mapping[str, tuple[Text, datetime, datetime]]) -> None:
    """Set all stages of a draft at once; what is set here is what publication promises.

    stages: kind -> (title, opens, closes), in the order of the calendar; a stage that is not among them is taken off.
    Raises Denied(NO_ROLE, FROZEN) or Refused with the first fault that `rules.calendar` finds.
    """
    access.ensure(actor, Permission.EDIT_COMPETITION, workflow.lock(competition))
    if found := calendar.faults({kind: (opens, closes) for kind, (_, opens, closes) in stages.items()}):
        raise Refused(next(iter(found.values())), next(iter(found)))
    Stage.objects.filter(competition=competition).exclude(kind__in=stages).delete()
    for position, (kind, (title, opens, closes)) in enumerate(stages.items()):
        columns = {
            "position": position, "title": title, "opens_at": opens, "closes_at": closes, "planned_opens_at": opens, "planned_closes_at": closes,
        }
        Stage.objects.update_or_create(competition=competition, kind=kind, defaults=columns)
    spans = {kind: [opens, closes] for kind, (_, opens, closes) in stages.items()}
    _record("calendar.set", actor, competition, f"competition/{competition.code}", spans)
    competition.forget_stages()


@transaction.atomic
def set_criteria(*, actor: Any, competition: Competition, stage_kind: str, criteria: Sequence[Mapping[str, Any]]) -> CriteriaSet:
    """Set the criteria of a stage; what stood before is replaced.

    criteria: rows of code, name, meaning, weight, and if they differ from 0 to 10 without bands, scale_min, scale_max, bands; is_required is False
    where a reviewer may leave it empty.
    Raises Denied, Refused(FROZEN) once announced, Refused(NO_WEIGHT), Refused(INCOMPLETE) for no criterion, two of one code or an empty scale.
    """
    workflow.lock(competition)
    if competition.state != CompetitionState.DRAFT:
        raise Refused(Reason.FROZEN)
    group, _ = CriteriaSet.objects.get_or_create(competition=competition, stage_kind=stage_kind)
    access.ensure(actor, Permission.EDIT_CRITERIA, group)
    rows = [Criterion(criteria_set=group, position=position, **row) for position, row in enumerate(criteria)]
    if not rows or len({row.code for row in rows}) < len(rows) or any(row.scale_min >= row.scale_max for row in rows):
        raise Refused(Reason.INCOMPLETE)
    if any(row.weight < 1 for row in rows):
        raise Refused(Reason.NO_WEIGHT)
    group.criteria.all().delete()
    Criterion.objects.bulk_create(rows)
    _record("criteria.set", actor, competition, f"criteria/{stage_kind}", {"hash": criteria_hash([as_announced(row) for row in rows])})
    return group


@transaction.atomic
def save_criterion(*, actor: Any, competition: Competition, stage_kind: str, code: str = "", **columns: Any) -> str:
    """Save one criterion of a stage among the others, or add it at the end; returns its code.

    columns: name, meaning, weight, is_required, scale_min, scale_max, bands. Raises as `set_criteria`, and Refused(BANDS_UNEVEN).
    """
    spans = [(band["from"], band["to"]) for band in columns["bands"]]
    if spans and (fault := calendar.bands_fault(spans, columns["scale_min"], columns["scale_max"])):
        raise Refused(fault)
    workflow.lock(competition)  # what two save at once would otherwise replace each other
    rows = criteria_for(competition, stage_kind)
    if code:
        rows = [{**row, **columns} if row["code"] == code else row for row in rows]
    else:
        code = _criterion_code(columns["name"], {row["code"] for row in rows})
        rows.append({"code": code, **columns})
    set_criteria(actor=actor, competition=competition, stage_kind=stage_kind, criteria=rows)
    return code


def _criterion_code(name: Text, taken: set[str]) -> str:
    start = slugify(name.get("en") or name.get("fi", "")).replace("-", "_")[:34] or "criterion"
    return next(code for code in (start, *(f"{start}_{number}" for number in range(2, 100))) if code not in taken)


@transaction.atomic
def remove_criterion(*, actor: Any, competition: Competition, stage_kind: str, code: str) -> None:
    """Take a criterion off a stage; with the last one the stage has none. Raises Denied or Refused(FROZEN)."""
    workflow.lock(competition)
    rows = [row for row in criteria_for(competition, stage_kind) if row["code"] != code]
    if rows:
        set_criteria(actor=actor, competition=competition, stage_kind=stage_kind, criteria=rows)
        return
    group = CriteriaSet.objects.filter(competition=competition, stage_kind=stage_kind).first()
    if group is not None:
        access.ensure(actor, Permission.EDIT_CRITERIA, group)
        group.delete()
        _record("criteria.removed", actor, competition, f"criteria/{stage_kind}")


@transaction.atomic
def add_theme(*, actor: Any, competition: Competition, code: str, name: Text) -> Theme:
    """Add a theme that reporters may choose. A second adding finds the first. Raises Denied."""
    access.ensure(actor, Permission.RUN_COMPETITION, competition)
    theme, is_new = Theme.objects.get_or_create(competition=competition, code=code, defaults={"name": name})
    if is_new:
        _record("theme.added", actor, competition, f"theme/{code}")
    return theme


def name_theme(*, actor: Any, competition: Competition, name: Text) -> Theme:
    """Add a theme under a code made of its name. Raises Denied or Refused(NAME_TAKEN)."""
    code = slugify(name.get("en") or name.get("fi", "")).replace("-", "_")[:40] or audit.sha256(name.get("fi", ""))[:12]
    if Theme.objects.filter(competition=competition, code=code).exists():
        raise Refused(Reason.NAME_TAKEN)
    return add_theme(actor=actor, competition=competition, code=code, name=name)


@transaction.atomic
def remove_theme(*, actor: Any, competition: Competition, code: str) -> None:
    """Take a theme off a draft. Raises Denied(NO_ROLE, FROZEN)."""
    access.ensure(actor, Permission.EDIT_COMPETITION, workflow.lock(competition))
    if Theme.objects.filter(competition=competition, code=code).delete()[0]:
        _record("theme.removed", actor, competition, f"theme/{code}")


@transaction.atomic
def publish_competition(*, actor: Any, competition: Competition) -> Competition:
    """Publish a competition; its criteria freeze with their hash, and the event tells whether the jury may put questions to teams.

    Raises Denied(NO_ROLE, INCOMPLETE, CALL_HAS_ENDED) or IllegalMove.
    """
    now = clock.now()
    competition.forget_stages()  # they may have been set anew since the page was drawn; under the lock they are read again
    workflow.move(competition, to=CompetitionState.PUBLISHED, actor=actor, save={"published_at": now}, body={"takes_questions": competition.takes_questions})
    for group in competition.criteria_sets.prefetch_related("criteria").order_by("pk"):
        group.hash, group.frozen_at = criteria_hash([as_announced(row) for row in group.criteria.all()]), now
        group.save(update_fields=["hash", "frozen_at"])
        _record("criteria.frozen", actor, competition, f"criteria/{group.stage_kind}", {"hash": group.hash})
    competition.forget_stages()
    return competition


def _record(what: str, actor: Any, competition: Competition, thing: str, body: Mapping[str, Any] | None = None) -> None:
    audit.record(what, actor=actor, competition=competition.code, thing=thing, body=body)
