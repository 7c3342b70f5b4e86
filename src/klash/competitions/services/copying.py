"""A draft is filled from a file, or from what another competition was set up with."""

from contextlib import suppress
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from klash.accounts import services as accounts
from klash.accounts.models import Organisation, User
from klash.competitions import set_up_file
from klash.competitions.models import Competition, CriteriaSet, FormKind, Partner, Theme
from klash.competitions.services.forms import replace_form, use_usual_forms
from klash.competitions.services.setup import add_partner, add_theme, name_partner, save_texts, set_calendar, set_criteria
from klash.competitions.set_up_file import PARTS, PartnerTold, SetUp
from klash.core import access, audit, workflow
from klash.core.errors import Refused
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.roles import Role


class _Tried(Exception):
    pass


@transaction.atomic
def fill_draft(*, actor: Any, competition: Competition, told: SetUp) -> None:
    """Set a draft up as a file tells; what was set up before is replaced. All or nothing.

    Raises Denied(NO_ROLE, FROZEN), or Refused as the services do that set up each part.
    """
    access.ensure(actor, Permission.EDIT_COMPETITION, workflow.lock(competition))
    limits = told.limits.model_dump()
    save_texts(
        actor=actor, competition=competition, name=told.name, tagline=told.tagline, summary=told.summary, website=told.website, **limits
    )
    set_calendar(actor=actor, competition=competition, stages={row.kind.value: (row.title, row.opens, row.closes) for row in told.stages})
    CriteriaSet.objects.filter(competition=competition).exclude(stage_kind__in=told.criteria).delete()
    for kind, criteria in told.criteria.items():
        set_criteria(actor=actor, competition=competition, stage_kind=kind.value, criteria=[row.model_dump() for row in criteria])
    Theme.objects.filter(competition=competition).delete()
    for theme in told.themes:
        add_theme(actor=actor, competition=competition, code=theme.code, name=theme.name)
    Partner.objects.filter(competition=competition).delete()
    for partner in told.partners:
        _name(actor, competition, partner)
    use_usual_forms(actor=actor, competition=competition, stages=set(FormKind.values) - set(told.forms))
    for form, sections in told.forms.items():
        replace_form(actor=actor, competition=competition, stage=form.value, sections=[row.model_dump() for row in sections])
    for part in PARTS.values():
        part.put(actor=actor, competition=competition, told=getattr(told, part.name))
    body = {"hash": audit.sha256("klash/1/set-up", audit.canonical(told.model_dump(mode="json")))}
    audit.record("competition.filled", actor=actor, competition=competition.code, thing=f"competition/{competition.code}", body=body)


def _name(actor: Any, competition: Competition, partner: PartnerTold) -> None:
    known = Organisation.objects.filter(code=partner.code, name__fi=partner.name["fi"]).first()
    if known is not None:
        add_partner(actor=actor, competition=competition, organisation=known, roles=partner.roles)
    else:
        name_partner(actor=actor, competition=competition, organisation=partner.name["fi"], kind=partner.kind, roles=partner.roles)


def try_to_fill(*, actor: Any, competition: Competition, told: SetUp) -> None:
    """Do all that `fill_draft` does and take it back, so that what would be refused is known before. Raises as it does."""
    with suppress(_Tried), transaction.atomic():
        fill_draft(actor=actor, competition=Competition.objects.get(pk=competition.pk), told=told)
        raise _Tried


@transaction.atomic
def copy_competition(*, actor: User, competition: Competition, name: str, code: str, first: date) -> Competition:
    """Begin the next competition: a draft of the same organiser, set up as this one was, with every time moved so that the calendar begins on a day.

    Promises, people and all that happened stay behind. Raises Denied(NO_ROLE) or Refused(ADDRESS_TAKEN).
    """
    access.ensure(actor, Permission.COPY_COMPETITION, competition)
    told = set_up_file.moved(set_up_file.told_of(competition), first).model_copy(update={"name": name})
    try:
        with transaction.atomic():
            draft = Competition.objects.create(code=code, name=name, organiser=competition.organiser, is_invented=competition.is_invented)
    except IntegrityError:
        raise Refused(Reason.ADDRESS_TAKEN) from None
    body = {"name": name, "of": competition.code}
    audit.record("competition.created", actor=actor, competition=code, thing=f"competition/{code}", body=body)
    accounts.grant_role(actor=audit.System(), person=actor, role=Role.ORGANISER, competition=code)
    fill_draft(actor=User.objects.get(pk=actor.pk), competition=draft, told=told)  # read anew: its roles have changed
    return draft
