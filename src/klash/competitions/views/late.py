"""The page on which an organiser gives, lists and revokes late-entry codes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from klash.competitions import selectors, services
from klash.competitions.forms import LateCodeForm
from klash.competitions.models import Competition, LateCode
from klash.core import access, clock, sheets, texts
from klash.core.errors import Refused
from klash.core.once import once
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason

_FIELD = {Reason.CODE_ENDS_EARLY: "expires_at", Reason.NO_REASON_GIVEN: "note"}


def _competition(person: Any, competition: str) -> Competition | None:
    return selectors.find(person, competition)


@once
@access.needs(Permission.GIVE_LATE_ENTRY, _competition)
def late_codes(request: HttpRequest, competition: Competition) -> HttpResponse:
    form = LateCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.give_late_code(actor=request.user, competition=competition, language=(get_language() or "fi")[:2], **form.cleaned_data)
            messages.success(request, _("The code was given, and the address gets a mail about it."))
            return redirect("competitions:late_codes", competition.code)
        except Refused as error:
            form.add_error(_FIELD.get(error.reason), texts.sentence(error.reason))
    now = clock.now()
    rows = [(row, row.holds(now), len(row.used_for())) for row in selectors.late_codes(competition)]
    if file := sheets.asked(request, f"{competition.code} {_('Late entry')}", _columns(), lambda: [row for row, _holds, _used in rows]):
        return file
    return render(request, "competitions/late_codes.html", {
        "competition": competition, "is_invented": competition.is_invented, "form": form,
        "parents": [
            {"label": competition.name, "url": reverse("portal:competition", args=[competition.code])},
            {"label": _("How the competition proceeds"), "url": reverse("competitions:calendar", args=[competition.code])},
        ],
        "rows": rows,
    }, status=422 if form.errors else 200)


def _columns() -> list[sheets.Column[LateCode]]:
    column = sheets.Column[LateCode]
    return [
        column(_("E-mail address"), lambda row: row.email, 30), column(_("What may be handed in"), lambda row: str(row.get_kind_display()), 24),
        column(_("Works until"), lambda row: row.expires_at, 18), column(_("Used"), lambda row: len(row.used_for())),
        column(_("At most"), lambda row: row.uses_max), column(_("Why"), lambda row: row.note, 40), column(_("Given by"), lambda row: row.given_by.name, 24),
        column(_("Given at"), lambda row: row.given_at, 18), column(_("Revoked at"), lambda row: row.revoked_at, 18),
    ]


def _late_code(person: Any, competition: str, code: str) -> LateCode | None:
    found = selectors.find(person, competition)
    return selectors.late_code_of(found, code) if found else None


@access.needs(Permission.GIVE_LATE_ENTRY, _late_code)
@require_POST
def revoke_late_code(request: HttpRequest, late_code: LateCode) -> HttpResponse:
    services.revoke_late_code(actor=request.user, late_code=late_code)
    messages.success(request, _("The code was revoked. What was handed in with it stands."))
    return redirect("competitions:late_codes", late_code.competition.code)
