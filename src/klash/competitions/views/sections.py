"""The pages on which an organiser defines the sections of a proposal, until teams begin to write."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.competitions import selectors, services
from klash.competitions.forms import PlaceForm, SectionForm
from klash.competitions.models import Competition, Section, SectionSet
from klash.core import access, clock, texts
from klash.core.errors import Refused
from klash.core.once import once
from klash.rules.permissions import Facts, Permission
from klash.rules.states import CompetitionState


class Named:
    """A section with the form that it is in."""

    def __init__(self, group: SectionSet, section: Section | None) -> None:
        self.group, self.section, self.competition = group, section, group.competition

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.group.facts_for(actor, now)


def _form(person: Any, competition: str) -> Named | None:
    found = selectors.find(person, competition)
    return Named(selectors.section_set_of(found), None) if found else None


def _section(person: Any, competition: str, code: str) -> Named | None:
    found = selectors.find(person, competition)
    row = next((row for row in found.sections() if row.code == code), None) if found else None
    return Named(selectors.section_set_of(found), row) if found and row else None


_edits_form = access.needs(Permission.EDIT_SECTIONS, _form)
_edits_section = access.needs(Permission.EDIT_SECTIONS, _section)


def _page(request: HttpRequest, template: str, competition: Competition, *, status: int = 200, **more: Any) -> HttpResponse:
    is_draft = competition.state == CompetitionState.DRAFT
    parents = [{"label": competition.name, "url": reverse("portal:competition", args=[competition.code])}]
    if template != "sections":
        parents.append({"label": _("Sections of a proposal"), "url": reverse("competitions:sections", args=[competition.code])})
    return render(request, f"competitions/setup/{template}.html", {
        "competition": competition, "is_invented": competition.is_invented, "tab": "sections", "is_draft": is_draft,
        "missing": competition.missing() if is_draft else [], "is_late": not competition.has_time(clock.now()), "parents": parents, **more,
    }, status=status)


def _saved(request: HttpRequest, competition: Competition) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("competitions:sections", competition.code)


@access.needs(Permission.RUN_COMPETITION, _form)
@require_safe
def sections(request: HttpRequest, named: Named) -> HttpResponse:
    reason = access.reason_against(request.user, Permission.EDIT_SECTIONS, named)
    return _page(
        request, "sections", named.competition, rows=named.competition.sections(), can_edit=reason is None, frozen_at=named.group.frozen_at,
        why_not=texts.sentence(reason) if reason else "",
    )


@once
@_edits_form
def add_section(request: HttpRequest, named: Named) -> HttpResponse:
    return _write(request, named)


@_edits_section
def section(request: HttpRequest, named: Named) -> HttpResponse:
    return _write(request, named)


def _write(request: HttpRequest, named: Named) -> HttpResponse:
    form = SectionForm(named.section, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        code = named.section.code if named.section else ""
        try:
            services.save_section(actor=request.user, competition=named.competition, code=code, **form.columns())
        except Refused as error:
            form.add_error(None, texts.sentence(error.reason))
        else:
            return _saved(request, named.competition)
    return _page(request, "section", named.competition, form=form, row=named.section, status=422 if form.errors else 200)


@_edits_section
@require_POST
def move_section(request: HttpRequest, named: Named) -> HttpResponse:
    assert named.section is not None
    form = PlaceForm(request.POST)
    if form.is_valid():
        services.move_section(actor=request.user, competition=named.competition, code=named.section.code, to=form.cleaned_data["to"])
    return redirect(f"{reverse('competitions:sections', args=[named.competition.code])}#{named.section.code}")


@_edits_section
def remove_section(request: HttpRequest, named: Named) -> HttpResponse:
    assert named.section is not None
    if request.method == "POST":
        services.remove_section(actor=request.user, competition=named.competition, code=named.section.code)
        return _saved(request, named.competition)
    back = reverse("competitions:sections", args=[named.competition.code])
    return _page(request, "remove_section", named.competition, name=named.section.heading, back=back)
