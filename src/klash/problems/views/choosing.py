from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from klash.competitions import deciding
from klash.competitions import selectors as competitions
from klash.competitions.models import Competition
from klash.core import access, paging, sheets, texts
from klash.core.errors import Refused
from klash.post.services import digest_of
from klash.problems import selectors, services
from klash.problems.views.common import page
from klash.reviewing import selectors as reviewing
from klash.reviewing.models import Round
from klash.rules.permissions import Permission
from klash.rules.states import RoundState


def _competition(person: Any, competition: str) -> Competition | None:
    return competitions.find(person, competition)


@access.needs(Permission.RUN_COMPETITION, _competition)
def choose(request: HttpRequest, competition: Competition) -> HttpResponse:
    """Show what is decided on each problem, pending until all is released; save what was typed."""
    round_ = reviewing.find_round(services.panel_key(competition))
    if round_ is None or round_.state != RoundState.COMPLETE:
        return page(request, "choose", competition, round=round_, progress=reviewing.progress(round_) if round_ else None)
    columns = deciding.columns(_("chosen"), _("not chosen"))
    if file := sheets.asked(request, f"{competition.code} {_('Choose the problems')}", columns, lambda: _all(competition, round_)):
        return file
    number, typed = paging.asked(request), None
    shown = {"start": number * paging.FORM_PAGE, "limit": paging.FORM_PAGE}
    sheet = competitions.part_of_sheet(competition, round_, **shown)
    about = _about(competition, sheet)
    if request.method == "POST":
        rows = deciding.rows_of(sheet.rows, about)
        typed = deciding.save_posted(actor=access.person(request), competition=competition, round=round_, rows=rows, posted=request.POST.dict())
        sheet = competitions.part_of_sheet(competition, round_, **shown)
    rows = deciding.rows_of(sheet.rows, about, typed)
    if getattr(request, "htmx", False):
        return render(request, "competitions/_decision_saved.html", {"row": deciding.sent(rows, request.POST), "sheet": sheet, "is_answer": True})
    if typed and not typed.faults:
        messages.success(request, _("The decisions are saved. Nobody outside has been told."))
        return redirect("problems:release", competition.code) if "preview" in request.POST else redirect(request.get_full_path())
    return page(
        request, "choose", competition, round=round_, sheet=sheet, rows=rows, status=409 if typed else 200,
        pages=paging.links(number, sheet.entries, paging.FORM_PAGE),
        may_decide=access.may(request.user, Permission.DECIDE, sheet.ruling), may_answer=access.may(request.user, Permission.GIVE_FEEDBACK, sheet.ruling),
        faults=[row for row in rows if row.fault],
    )


def _all(competition: Competition, round_: Round) -> list[deciding.Row]:
    sheet = competitions.sheet(competition, round_)
    return deciding.rows_of(sheet.rows, _about(competition, sheet))


def _about(competition: Competition, sheet: competitions.Part) -> dict[str, deciding.About]:
    """Return what the page says of each problem of the sheet, by the code of its entry. One query."""
    codes = [row.place.entry_code for row in sheet.rows]
    return {
        entry: deciding.About(
            row.code, row.title, row.language, url=reverse("problems:problem", args=[competition.code, row.code]), is_invented=row.is_invented,
        )
        for entry, row in selectors.before_panel(codes).items()
    }


@access.needs(Permission.RUN_COMPETITION, _competition)
def release(request: HttpRequest, competition: Competition) -> HttpResponse:
    """Show every mail as it will go out; the button releases exactly these."""
    round_, fault = reviewing.find_round(services.panel_key(competition)), ""
    if round_ is None or round_.state != RoundState.COMPLETE:
        return redirect("problems:choose", competition.code)
    if request.method == "POST":
        try:
            count = services.release_decisions(actor=access.person(request), competition=competition, seen=request.POST.get("seen", ""))
            told = ngettext("%(count)d reporter was told.", "%(count)d reporters were told.", count)
            messages.success(request, told % {"count": count})
            return redirect("problems:choose", competition.code)
        except Refused as error:
            fault = texts.sentence(error.reason)
    sheet = competitions.sheet(competition, round_)
    letters = services.write_letters(competition, selectors.verdicts(competition, sheet)) if sheet.is_ready and not sheet.is_released else []
    return page(
        request, "release", competition, sheet=sheet, letters=letters, seen=digest_of(letters), fault=fault, status=409 if fault else 200,
        back=reverse("problems:choose", args=[competition.code]), consequences=[
            _("Every reporter gets the decision, its reason and the panel’s feedback by e-mail at the same time."),
            _("The decisions, reasons and feedback become public on the pages of the problems."), _("This cannot be taken back."),
        ],
    )
