"""The pages on which an operator founds a competition and an organiser fills it. Views; after publication none of them opens."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.competitions import selectors, services
from klash.competitions.forms import CalendarForm, CriterionForm, FoundForm, PartnerForm, TextsForm, ThemeForm
from klash.competitions.models import Competition, Partner, StageKind, Theme
from klash.core import access, clock
from klash.core import texts as sentences
from klash.core.errors import Refused
from klash.core.fields import LANGUAGES, Text
from klash.core.once import answered, once
from klash.rules.permissions import Facts, Permission
from klash.rules.reasons import Reason

JUDGED = (StageKind.PROBLEM_SELECTION, StageKind.TEAM_SELECTION, StageKind.JUDGING)


class Founding:
    """The wish to found a competition: there is no row yet that could state facts."""

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return Facts(is_signed_in=actor.is_authenticated, is_owner=getattr(actor, "is_operator", False))


def _draft(person: Any, competition: str) -> Competition | None:
    return selectors.find(person, competition)


_edits = access.needs(Permission.EDIT_COMPETITION, _draft)


def set_up_page(request: HttpRequest, template: str, competition: Competition, tab: str, *, status: int = 200, **more: Any) -> HttpResponse:
    parents = [
        {"label": competition.name, "url": reverse("portal:competition", args=[competition.code])},
        {"label": _("Setting up the competition"), "url": reverse("competitions:texts", args=[competition.code])},
    ]
    return render(request, f"competitions/setup/{template}.html", {
        "competition": competition, "is_invented": competition.is_invented, "tab": tab, "missing": competition.missing(),
        "is_late": not competition.has_time(clock.now()),
        "parents": parents if tab != "texts" else parents[:1], **more,
    }, status=status)


@once
@access.needs(Permission.CREATE_COMPETITION, lambda person: Founding())
def found(request: HttpRequest, founding: Founding) -> HttpResponse:
    form = FoundForm(request.POST if request.method == "POST" else None, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            competition, invitation = services.found_competition(actor=request.user, **form.cleaned_data)
        except Refused as error:
            form.add_error("code" if error.reason is Reason.ADDRESS_TAKEN else "email", sentences.sentence(error.reason))
        else:
            return answered(render(request, "competitions/setup/founded.html", {"competition": competition, "invitation": invitation}))
    return render(request, "competitions/setup/found.html", {"form": form}, status=422 if form.errors else 200)


@_edits
def texts(request: HttpRequest, competition: Competition) -> HttpResponse:
    form = TextsForm(competition, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.save_texts(actor=request.user, competition=competition, **form.columns())
        return _saved(request, "texts", competition)
    return set_up_page(request, "texts", competition, "texts", form=form, status=422 if form.errors else 200)


def _saved(request: HttpRequest, name: str, competition: Competition, *args: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(f"competitions:{name}", competition.code, *args)


def _stage_names() -> dict[str, Text]:
    """Return what each stage is usually called, in the three languages."""
    found: dict[str, Text] = {kind: {} for kind in StageKind.values}
    for language in LANGUAGES:
        with override(language):
            for kind in StageKind.values:
                name = str(StageKind(kind).label)
                found[kind][language] = name[:1].upper() + name[1:]
    return found


@_edits
def stages(request: HttpRequest, competition: Competition) -> HttpResponse:
    form = CalendarForm(competition.stages_by_kind(), _stage_names(), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.set_calendar(actor=request.user, competition=competition, stages=form.stages())
        return _saved(request, "stages", competition)
    return set_up_page(request, "stages", competition, "stages", form=form, status=422 if form.errors else 200)


@_edits
@require_safe
def criteria(request: HttpRequest, competition: Competition) -> HttpResponse:
    rows = selectors.criteria_by_stage(competition)
    sets = [(kind, StageKind(kind).label, rows.get(kind, [])) for kind in JUDGED]
    return set_up_page(request, "criteria", competition, "criteria", sets=sets)


def _judged(kind: str) -> str:
    if kind not in JUDGED:
        raise Http404
    return kind


def _of_criterion(person: Any, competition: str, kind: str, code: str = "") -> Any:
    """Return the draft with what the address names, as one thing whose facts are the draft's."""
    found = selectors.find(person, competition)
    if found is None:
        return None
    rows = selectors.criteria_for(found, _judged(kind))
    row = next((row for row in rows if row["code"] == code), None)
    return None if code and row is None else Named(found, kind, row)


class Named:
    """A part of a draft: its stage and, where there is one, its criterion."""

    def __init__(self, competition: Competition, kind: str, row: dict[str, Any] | None) -> None:
        self.competition, self.kind, self.row = competition, kind, row

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.competition.facts_for(actor, now)


_edits_criterion = access.needs(Permission.EDIT_COMPETITION, _of_criterion)


@once
@_edits_criterion
def add_criterion(request: HttpRequest, named: Named) -> HttpResponse:
    return _criterion(request, named)


@_edits_criterion
def criterion(request: HttpRequest, named: Named) -> HttpResponse:
    return _criterion(request, named)


def _criterion(request: HttpRequest, named: Named) -> HttpResponse:
    form = CriterionForm(named.row, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        code = named.row["code"] if named.row else ""
        services.save_criterion(actor=request.user, competition=named.competition, stage_kind=named.kind, code=code, **form.columns())
        return _saved(request, "criteria", named.competition)
    stage = StageKind(named.kind).label
    return set_up_page(request, "criterion", named.competition, "criteria", form=form, stage=stage, row=named.row, status=422 if form.errors else 200)


@_edits_criterion
def remove_criterion(request: HttpRequest, named: Named) -> HttpResponse:
    assert named.row is not None
    if request.method == "POST":
        services.remove_criterion(actor=request.user, competition=named.competition, stage_kind=named.kind, code=named.row["code"])
        return _saved(request, "criteria", named.competition)
    back = reverse("competitions:criteria", args=[named.competition.code])
    return set_up_page(request, "remove", named.competition, "criteria", name=named.row["name"], back=back)


@once
@_edits
def themes(request: HttpRequest, competition: Competition) -> HttpResponse:
    form = ThemeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.name_theme(actor=request.user, competition=competition, name=form.text("name"))
        except Refused as error:
            form.add_error("name_fi", sentences.sentence(error.reason))
        else:
            return _saved(request, "themes", competition)
    rows = competition.themes.order_by("pk")
    return set_up_page(request, "themes", competition, "themes", form=form, rows=rows, status=422 if form.errors else 200)


@once
@_edits
def partners(request: HttpRequest, competition: Competition) -> HttpResponse:
    form = PartnerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.name_partner(actor=request.user, competition=competition, **form.cleaned_data)
        return _saved(request, "partners", competition)
    rows = selectors.partners(competition)
    return set_up_page(request, "partners", competition, "partners", form=form, rows=rows, status=422 if form.errors else 200)


def _theme(person: Any, competition: str, theme: str) -> Any:
    found = selectors.find(person, competition)
    return found and found.themes.filter(code=theme).select_related("competition").first()


@access.needs(Permission.EDIT_COMPETITION, _theme)
@require_POST
def remove_theme(request: HttpRequest, theme: Theme) -> HttpResponse:
    services.remove_theme(actor=request.user, competition=theme.competition, code=theme.code)
    return _saved(request, "themes", theme.competition)


def _partner(person: Any, competition: str, organisation: str) -> Any:
    found = selectors.find(person, competition)
    return found and found.partners.filter(organisation__code=organisation).select_related("competition", "organisation").first()


@access.needs(Permission.EDIT_COMPETITION, _partner)
@require_POST
def remove_partner(request: HttpRequest, partner: Partner) -> HttpResponse:
    services.remove_partner(actor=request.user, competition=partner.competition, organisation=partner.organisation)
    return _saved(request, "partners", partner.competition)
