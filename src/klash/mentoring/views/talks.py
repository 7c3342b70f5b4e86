"""What mentors give and what teams make of it: advice, materials, the diary."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.core import access
from klash.core.once import once
from klash.mentoring import selectors, services
from klash.mentoring.forms import ANSWERS, AnswerForm, DiaryForm, EntryForm, in_language
from klash.mentoring.models import Advice, DiaryEntry, Session
from klash.mentoring.templatetags.slots import when
from klash.mentoring.views.pages import accepts, page, session_of, team_of, to_session
from klash.mentoring.views.sessions import advice_form, material_form, with_form
from klash.rules.permissions import Permission
from klash.teams.models import Team


@once
@access.needs(Permission.GIVE_ADVICE, session_of)
def give_advice(request: HttpRequest, found: Session) -> HttpResponse:
    form = advice_form(selectors.advice_on(found), request.POST or None)
    if not accepts(request, form, lambda: services.give_advice(actor=request.user, session=found, text=form.cleaned_data["text"])):
        return with_form(request, found, advice_form=form)
    return to_session(found, "advice")


@access.signed_in
@require_POST
def take_back_advice(request: HttpRequest, competition: str, code: str) -> HttpResponse:
    advice = access.found(selectors.advice_for(request.user, competition, code))
    services.take_back_advice(actor=request.user, advice=advice)
    messages.success(request, _("The advice is taken back. The team no longer sees it."))
    return to_session(advice.session, "advice")


@once
@access.needs(Permission.GIVE_MATERIAL, session_of)
def give_material(request: HttpRequest, found: Session) -> HttpResponse:
    form = material_form(selectors.materials_on(found), request.POST or None)
    if not accepts(request, form, lambda: services.give_material(actor=request.user, session=found, **form.cleaned_data)):
        return with_form(request, found, material_form=form)
    messages.success(request, _("The team has the material now."))
    return to_session(found, "materials")


@access.signed_in
@require_POST
def offer_material(request: HttpRequest, competition: str, code: str) -> HttpResponse:
    material = access.found(selectors.material_for(request.user, competition, code))
    services.offer_to_all(actor=request.user, material=material)
    messages.success(request, _("All teams of the challenge have the material now. The leaders of the other teams get a mail about it."))
    return to_session(material.session, "materials")


@access.needs(Permission.KEEP_DIARY, team_of)
@require_safe
def advice(request: HttpRequest, team: Team) -> HttpResponse:
    return _advice_page(request, team)


def _advice_page(request: HttpRequest, team: Team, sent: tuple[Advice, AnswerForm] | None = None) -> HttpResponse:
    given, only_waiting = selectors.advice_to(team), request.GET.get("show") == "waiting"
    here = reverse("mentoring:advice", args=[team.chain])
    rows = [_with_form(team, row, sent) for row in given.rows if not (only_waiting and row.answer)]
    filters = [
        {"label": _("All"), "url": here, "count": len(given.rows), "is_current": not only_waiting},
        {"label": _("Without an answer"), "url": f"{here}?show=waiting", "count": given.waiting, "is_current": only_waiting},
    ]
    competition = team.challenge.competition
    return page(request, "advice", competition, _("Advice"), {"team": team, "rows": rows, "given": given, "filters": filters})


def _with_form(team: Team, row: Advice, sent: tuple[Advice, AnswerForm] | None = None) -> dict[str, Any]:
    sections = team.challenge.competition.sections()
    given = {"answer": row.answer, "why": row.why, "section": row.section}
    form = sent[1] if sent and sent[0].pk == row.pk else AnswerForm(initial=given, sections=sections, auto_id=f"{row.code}_%s")
    return {
        "advice": row, "form": form, "answer": dict(ANSWERS).get(Advice.Answer(row.answer)) if row.answer else "",
        "section": next((in_language(section.heading) for section in sections if section.code == row.section), ""),
    }


def _advice_of(user: Any, competition: str, code: str) -> Advice | None:
    return selectors.advice_for(user, competition, code)


@access.needs(Permission.ANSWER_ADVICE, _advice_of)
@require_POST
def answer_advice(request: HttpRequest, found: Advice) -> HttpResponse:
    team = found.session.team
    form = AnswerForm(request.POST, sections=team.challenge.competition.sections(), auto_id=f"{found.code}_%s")
    is_valid = form.is_valid()
    if is_valid:
        found = services.answer_advice(actor=request.user, advice=found, **form.cleaned_data)
    if request.htmx:  # type: ignore[attr-defined]
        row = _with_form(team, found, None if is_valid else (found, form))
        return render(request, "mentoring/_advice.html", {"competition": team.challenge.competition, "row": row, "is_saved": is_valid})
    if not is_valid:
        return _advice_page(request, team, (found, form))
    messages.success(request, _("The answer is saved. The mentor sees it."))
    return redirect(f"{reverse('mentoring:advice', args=[team.chain])}#advice-{found.code}")


@access.needs(Permission.KEEP_DIARY, team_of)
@require_safe
def materials(request: HttpRequest, team: Team) -> HttpResponse:
    return page(request, "materials", team.challenge.competition, _("Materials"), {"team": team, "materials": selectors.materials_of(team)})


@once
@access.needs(Permission.KEEP_DIARY, team_of)
def diary(request: HttpRequest, team: Team) -> HttpResponse:
    entries = selectors.diary_of(team)
    sessions = [(session, f"{session.mentor.person.name}, {when(session.slot)}") for session in selectors.held_sessions(team)]
    form = DiaryForm(request.POST or None, sessions=sessions, taken={"text": entries[0].text} if entries else None)
    if request.method == "POST" and form.is_valid():
        services.write_entry(actor=request.user, team=team, **form.values())
        messages.success(request, _("The entry is saved in the team's diary."))
        return redirect("mentoring:diary", team.chain)
    own = {entry.pk for entry in entries if entry.author_id == access.person(request).pk}
    return page(request, "diary", team.challenge.competition, _("Diary"), {"team": team, "form": form, "entries": entries, "own": own})


@access.signed_in
def change_entry(request: HttpRequest, competition: str, code: str) -> HttpResponse:
    entry = access.found(selectors.entry_for(request.user, competition, code))
    form = EntryForm(request.POST or None, initial={"text": entry.text})
    if request.method == "POST" and form.is_valid():
        services.change_entry(actor=request.user, entry=entry, text=form.cleaned_data["text"])
        messages.success(request, _("The entry is changed."))
        return _to_diary(entry)
    return page(request, "entry", entry.team.challenge.competition, _("Change the entry"), {"entry": entry, "form": form}, below="diary")


@access.signed_in
@require_POST
def delete_entry(request: HttpRequest, competition: str, code: str) -> HttpResponse:
    entry = access.found(selectors.entry_for(request.user, competition, code))
    services.delete_entry(actor=request.user, entry=entry)
    messages.success(request, _("The entry is deleted."))
    return _to_diary(entry)


def _to_diary(entry: DiaryEntry) -> HttpResponse:
    return redirect("mentoring:diary", entry.team.chain)
