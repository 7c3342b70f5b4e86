"""The set-up of a competition as a file, a draft that is filled from one, and the next competition that begins from this one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from klash.competitions import selectors, services, set_up_file
from klash.competitions.forms import CopyForm, SetUpFileForm
from klash.competitions.models import Competition
from klash.competitions.views.setup import set_up_page
from klash.core import access, texts
from klash.core.errors import Refused
from klash.core.once import once
from klash.core.yaml_file import Fault, Faulty
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason


def _competition(person: Any, competition: str) -> Competition | None:
    return selectors.find(person, competition)


@access.needs(Permission.RUN_COMPETITION, _competition)
@require_safe
def set_up_as_file(request: HttpRequest, competition: Competition) -> HttpResponse:
    answer = HttpResponse(set_up_file.write(set_up_file.told_of(competition)), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{competition.code}.yaml"'
    return answer


@access.needs(Permission.EDIT_COMPETITION, _competition)
def fill(request: HttpRequest, competition: Competition) -> HttpResponse:
    """Look through a file without changing anything; fill the draft from it once its text is without a fault."""
    form, told = SetUpFileForm(*((request.POST, request.FILES) if request.method == "POST" else ())), None
    faults: list[Fault] = []
    if request.method == "POST" and form.is_valid():
        told, faults = _looked_through(request, competition, form.cleaned_data["text"])
        if told is not None and "fill" in request.POST:
            services.fill_draft(actor=request.user, competition=competition, told=told)
            messages.success(request, _("The draft is filled from the file. Nobody but the organisers sees it."))
            return redirect("competitions:texts", competition.code)
        form = SetUpFileForm(initial={"text": form.cleaned_data["text"]})
    return set_up_page(request, "fill", competition, "fill", form=form, told=told, faults=faults, status=422 if faults or form.errors else 200)


def _looked_through(request: HttpRequest, competition: Competition, text: str) -> tuple[set_up_file.SetUp | None, list[Fault]]:
    try:
        told = set_up_file.read(text)
        services.try_to_fill(actor=request.user, competition=competition, told=told)
    except Faulty as error:
        return None, error.faults
    except Refused as error:
        return None, [Fault(1, texts.sentence(error.reason))]
    return told, []


@once
@access.needs(Permission.COPY_COMPETITION, _competition)
def copy(request: HttpRequest, competition: Competition) -> HttpResponse:
    form = CopyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = services.copy_competition(actor=access.person(request), competition=competition, **form.cleaned_data)
        except Refused as error:
            form.add_error("code" if error.reason is Reason.ADDRESS_TAKEN else None, texts.sentence(error.reason))
        else:
            messages.success(request, _("The draft is made. Look at its calendar first: every time has moved."))
            return redirect("competitions:stages", draft.code)
    parents = [{"label": competition.name, "url": reverse("portal:competition", args=[competition.code])}]
    return render(request, "competitions/copy.html", {
        "competition": competition, "is_invented": competition.is_invented, "parents": parents, "form": form,
    }, status=422 if form.errors else 200)
