from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from klash.challenges import selectors as challenges
from klash.challenges.models import Challenge
from klash.competitions import deciding
from klash.competitions import selectors as competitions
from klash.core import access, clock, paging, sheets, texts
from klash.core.errors import Refused
from klash.post.services import digest_of
from klash.reviewing import selectors as reviewing
from klash.reviewing.models import Round
from klash.rules.permissions import Facts, Permission
from klash.rules.states import ChallengeState, RoundState
from klash.teams import bridge, selectors, services
from klash.teams.views.common import frame, sections_of


@dataclass(frozen=True)
class _Admissions:
    """A challenge as its competition's staff decides on it; the facts are the competition's."""

    challenge: Challenge

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.challenge.competition.facts_for(actor, now)


def _admissions(person: Any, competition: str, challenge: str) -> _Admissions | None:
    found = challenges.find(person, competition, challenge)
    return _Admissions(found) if found and found.state == ChallengeState.PUBLISHED and found.competition.is_run_by(person) else None


@access.needs(Permission.RUN_COMPETITION, _admissions)
def admissions(request: HttpRequest, desk: _Admissions) -> HttpResponse:
    """Show what is decided on each application, pending until all is released; save what was typed."""
    challenge, round_ = desk.challenge, reviewing.find_round(services.round_key(desk.challenge))
    if round_ is None or round_.state != RoundState.COMPLETE:
        found = {"progress": reviewing.progress(round_)} if round_ else {"progress": (0, 0), "handed_in": selectors.handed_in(challenge, clock.now())}
        return render(request, "teams/admissions.html", frame(challenge, round=round_, **found))
    words = deciding.columns(_("admitted"), _("not admitted"))
    if file := sheets.asked(request, f"{challenge.code} {_('Admission of teams')}", words, lambda: _all(challenge, round_)):
        return file
    number, typed = paging.asked(request), None
    shown = {"start": number * paging.FORM_PAGE, "limit": paging.FORM_PAGE}
    sheet = competitions.part_of_sheet(challenge.competition, round_, **shown)
    about = _about(challenge, sheet)
    if request.method == "POST":
        rows = deciding.rows_of(sheet.rows, about)
        posted = request.POST.dict()
        typed = deciding.save_posted(actor=access.person(request), competition=challenge.competition, round=round_, rows=rows, posted=posted)
        sheet = competitions.part_of_sheet(challenge.competition, round_, **shown)
    rows = deciding.rows_of(sheet.rows, about, typed)
    if getattr(request, "htmx", False):
        return render(request, "competitions/_decision_saved.html", {"row": deciding.sent(rows, request.POST), "sheet": sheet, "is_answer": True})
    if typed and not typed.faults:
        messages.success(request, _("The decisions are saved. No team has been told."))
        there = redirect("teams:release", challenge.competition.code, challenge.code)
        return there if "preview" in request.POST else redirect(request.get_full_path())
    return render(request, "teams/admissions.html", frame(
        challenge, shows_stage=False, round=round_, sheet=sheet, rows=rows, pages=paging.links(number, sheet.entries, paging.FORM_PAGE),
        faults=[row for row in rows if row.fault], alike=bridge.alike(selectors.names_in(challenge)),
        may_decide=access.may(request.user, Permission.DECIDE, sheet.ruling), may_answer=access.may(request.user, Permission.GIVE_FEEDBACK, sheet.ruling),
    ), status=409 if typed else 200)


def _all(challenge: Challenge, round_: Round) -> list[deciding.Row]:
    sheet = competitions.sheet(challenge.competition, round_)
    return deciding.rows_of(sheet.rows, _about(challenge, sheet))


def _about(challenge: Challenge, sheet: competitions.Part) -> dict[str, deciding.About]:
    """Return what the page says of each application of the sheet, by the code of its entry. One query."""
    codes = [row.place.entry_code for row in sheet.rows]
    return {
        entry: deciding.About(row.team.code, row.team.name, row.team.language, is_invented=row.team.is_invented, sections=tuple(sections_of(row)))
        for entry, row in selectors.applicants(challenge, codes).items()
    }


@access.needs(Permission.RUN_COMPETITION, _admissions)
def release(request: HttpRequest, desk: _Admissions) -> HttpResponse:
    """Show every mail as it will go out; the button releases exactly these."""
    challenge, fault = desk.challenge, ""
    round_, there = reviewing.find_round(services.round_key(challenge)), [challenge.competition.code, challenge.code]
    if round_ is None or round_.state != RoundState.COMPLETE:
        return redirect("teams:admissions", *there)
    if request.method == "POST":
        try:
            services.release_admissions(actor=access.person(request), challenge=challenge, seen=request.POST.get("seen", ""))
            messages.success(request, _("Every team was told, and the admitted teams are public."))
            return redirect("teams:admissions", *there)
        except Refused as error:
            fault = texts.sentence(error.reason)
    sheet, back = competitions.sheet(challenge.competition, round_), reverse("teams:admissions", args=there)
    letters = services.write_letters(challenge, selectors.verdicts(challenge, sheet)) if sheet.is_ready and not sheet.is_released else []
    page = frame(challenge, shows_stage=False, sheet=sheet, letters=letters, seen=digest_of(letters), fault=fault, back=back, consequences=[
        _("Every member of every team gets the decision, its reason and the panel’s feedback by e-mail at the same time."),
        _("The names and summaries of the admitted teams become public on the page of the challenge."), _("This cannot be taken back."),
    ])
    page["parents"].append({"label": _("Admission of teams"), "url": back})
    return render(request, "teams/release.html", page, status=409 if fault else 200)
