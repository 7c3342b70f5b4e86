"""The pages on which an organiser makes the form of each stage: the form as those see it who fill it in, each question with its tools."""

from copy import copy
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from klash.competitions import selectors, services
from klash.competitions.forms import FormSectionForm, MoveForm, PreviewForm, QuestionForm, register_for
from klash.competitions.forms.answering import drawn, language
from klash.competitions.models import Competition, FormKind, FormSection, Question, StageForm
from klash.core import access, clock, texts
from klash.core.errors import Refused
from klash.core.once import once
from klash.core.show import pick
from klash.rules.permissions import Facts, Permission
from klash.rules.questions import Kind
from klash.rules.states import CompetitionState


class Named:
    """A form, and the question or the section of it that a page is about."""

    def __init__(self, form: StageForm, *, question: Question | None = None, section: FormSection | None = None) -> None:
        self.form, self.question, self.section, self.competition = form, question, section, form.competition

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.form.facts_for(actor, now)

    @property
    def at(self) -> dict[str, Any]:
        """What every service takes."""
        return {"competition": self.competition, "stage": self.form.kind}

    @property
    def code(self) -> str:
        return self.question.code if self.question else self.section.code if self.section else ""

    @property
    def name(self) -> str:
        row = self.question or self.section
        return pick(row.heading, language()) if row else ""


def _form(person: Any, competition: str, stage: str) -> Named | None:
    found = selectors.find(person, competition)
    return Named(found.form(stage)) if found and stage in FormKind else None


def _question(person: Any, competition: str, stage: str, code: str) -> Named | None:
    named = _form(person, competition, stage)
    row = named.form.find(code) if named else None
    return Named(named.form, question=row) if named and row and row.removed_at is None else None


def _kept_question(person: Any, competition: str, stage: str, code: str) -> Named | None:
    named = _form(person, competition, stage)
    row = named.form.find(code) if named else None
    return Named(named.form, question=row) if named and row and row.removed_at is not None else None


def _section(person: Any, competition: str, stage: str, code: str) -> Named | None:
    named = _form(person, competition, stage)
    row = next((row for row in selectors.sections_of(named.form) if row.code == code), None) if named else None
    return Named(named.form, section=row) if named and row else None


_runs = access.needs(Permission.RUN_COMPETITION, _form)
_edits = access.needs(Permission.EDIT_FORMS, _form)
_edits_question = access.needs(Permission.EDIT_FORMS, _question)
_edits_section = access.needs(Permission.EDIT_FORMS, _section)


def _page(request: HttpRequest, template: str, competition: Competition, about: StageForm | None = None, *, status: int = 200, **more: Any) -> HttpResponse:
    is_draft = competition.state == CompetitionState.DRAFT
    parents = [{"label": competition.name, "url": reverse("portal:competition", args=[competition.code])}]
    if about is not None:
        parents.append({"label": _("Forms"), "url": reverse("competitions:forms", args=[competition.code])})
    if about is not None and template != "form":
        parents.append({"label": about.get_kind_display(), "url": _address(about)})
    return render(request, f"competitions/setup/{template}.html", {
        "competition": competition, "form_set": about, "is_invented": competition.is_invented, "tab": "forms", "is_draft": is_draft,
        "missing": competition.missing() if is_draft else [], "is_late": not competition.has_time(clock.now()), "parents": parents, **more,
    }, status=status)


def _address(form: StageForm, anchor: str = "") -> str:
    return reverse("competitions:form", args=[form.competition.code, form.kind]) + (f"#{anchor}" if anchor else "")


@access.needs(Permission.RUN_COMPETITION, lambda person, competition: selectors.find(person, competition))
@require_safe
def forms(request: HttpRequest, competition: Competition) -> HttpResponse:
    rows = [(form, len(form.asked), form.frozen_at) for form in (competition.form(stage) for stage in FormKind)]
    return _page(request, "forms", competition, rows=rows)


def _preview(form: StageForm) -> PreviewForm:
    found = PreviewForm()
    found.ask(form, {}, now=clock.now(), lang="", places=register_for(form))
    return found


def _blocks(form: StageForm) -> list[dict[str, Any]]:
    """Return the sections with the questions of each as they are drawn, empty sections too. At most three queries."""
    preview, sections = _preview(form), selectors.sections_of(form)
    found: dict[str, dict[str, Any]] = {section.code: {"section": section, "rows": []} for section in sections}
    for row in form.asked:
        found[row.section.code]["rows"].append({**drawn(preview[row.code], row, form), "code": row.code})
    blocks = list(found.values())
    _put_places(blocks)
    return blocks


def _put_places(blocks: list[dict[str, Any]]) -> None:
    """Tell each question and each section where up and down lead, as `MoveForm` takes it; a question goes on into the next section."""
    for number, block in enumerate(blocks):
        code, rows = block["section"].code, block["rows"]
        block |= {"up": f":{number - 1}" if number else "", "down": f":{number + 1}" if number + 1 < len(blocks) else ""}
        above, below = blocks[number - 1] if number else None, blocks[number + 1] if number + 1 < len(blocks) else None
        for place, row in enumerate(rows):
            row["up"] = f"{code}:{place - 1}" if place else f"{above['section'].code}:{len(above['rows'])}" if above else ""
            row["down"] = f"{code}:{place + 1}" if place + 1 < len(rows) else f"{below['section'].code}:0" if below else ""


@_runs
@require_safe
def form(request: HttpRequest, named: Named) -> HttpResponse:
    reason = access.reason_against(request.user, Permission.EDIT_FORMS, named)
    answered = selectors.how_many_answered(named.form)
    return _page(
        request, "form", named.competition, named.form, blocks=_blocks(named.form), can_edit=reason is None, why_not=texts.sentence(reason) if reason else "",
        kept=[(row, answered[row.code]) for row in named.form.kept], answered=max(answered.values(), default=0),
        stages=[(stage, stage.label) for stage in FormKind],
    )


@_runs
@require_safe
def try_form(request: HttpRequest, named: Named) -> HttpResponse:
    """Show the form as those see it who fill it in; what is written here goes nowhere."""
    return _page(request, "try_form", named.competition, named.form, form=_preview(named.form))


@once
@_edits
def add_question(request: HttpRequest, named: Named) -> HttpResponse:
    section = request.GET.get("section", "")[:40]
    rows = selectors.sections_of(named.form)
    where = next((row for row in rows if row.code == section), rows[-1])
    row = Question(form=named.form, section=where, currency=named.competition.currency, hard_words=300 if named.form.kind == FormKind.PROPOSAL else None)
    return _write(request, Named(named.form, question=row), section=where.code)


@_edits_question
def question(request: HttpRequest, named: Named) -> HttpResponse:
    return _write(request, named)


def _write(request: HttpRequest, named: Named, section: str = "") -> HttpResponse:
    """Show or save one question: as a page of its own, or in its place on the page of the form."""
    assert named.question is not None
    row, is_part = named.question, bool(getattr(request, "htmx", False))
    written = QuestionForm(named.form, row, request.POST if request.method == "POST" else None)
    if request.method == "POST" and written.is_valid():
        try:
            saved = services.save_question(
                actor=request.user, **named.at, code=row.code, section=section, seen=written.cleaned_data["seen"], **written.columns()
            )
        except Refused as error:
            written.add_error(None, texts.sentence(error.reason))
        else:
            # One that replaced another, or is new, changes the page around it.
            return _one(request, named.form, saved.code) if is_part and saved.code == row.code else _saved(request, named.form, saved.code)
    context = {
        "form": written, "row": row, "section": section, "concerned": selectors.how_many_answered(named.form)[row.code] if row.code else 0,
        "preview": _draw(written.draft() if written.is_bound else row, named.form), "kinds": _words_of_kinds(),
    }
    template = "_question_form" if is_part else "question"
    return _page(request, template, named.competition, named.form, status=422 if written.errors else 200, **context)


def _words_of_kinds() -> dict[str, str]:
    """Return for which kinds of answers each part of the page is of use."""
    return {"words": f"{Kind.TEXT} {Kind.LINE}", "options": f"{Kind.ONE} {Kind.MANY}", "currency": str(Kind.MONEY)}


def _saved(request: HttpRequest, form: StageForm, code: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    answer = redirect(_address(form, f"q-{code}"))
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": answer["Location"]})
    return answer


def _one(request: HttpRequest, form: StageForm, code: str) -> HttpResponse:
    """Draw one question with its tools anew."""
    fresh = selectors.form_anew(form)
    block = next(block for block in _blocks(fresh) for row in block["rows"] if row["code"] == code)
    row = next(row for row in block["rows"] if row["code"] == code)
    return _page(request, "_question", form.competition, fresh, row=row, can_edit=True, is_saved=True)


@_edits_question
@require_safe
def show_question(request: HttpRequest, named: Named) -> HttpResponse:
    """Draw one question as it is stored: who began to change it leaves it as it was."""
    return _one(request, named.form, named.code)


def _draw(row: Question, form: StageForm) -> dict[str, Any]:
    """Return a question as it is drawn that need not be stored yet."""
    alone, one = StageForm(competition=form.competition, kind=form.kind), copy(row)
    one.code = row.code or "new"
    one.heading = row.heading if any(row.heading.values()) else {"fi": "…"}  # what has no words yet still has a place
    alone.every = [one]
    return drawn(_preview(alone)[one.code], one, form)


@_edits
@require_POST
def preview_question(request: HttpRequest, named: Named) -> HttpResponse:
    """Draw a question as it would be with what is written now; nothing is saved."""
    row = named.form.find(request.POST.get("code", "")[:40]) or Question(form=named.form, section=selectors.sections_of(named.form)[-1])
    written = QuestionForm(named.form, row, request.POST)
    return _page(request, "_question_preview", named.competition, named.form, preview=_draw(written.draft(), named.form))


@_edits_question
@require_POST
def move_question(request: HttpRequest, named: Named) -> HttpResponse:
    moved = MoveForm(request.POST)
    if moved.is_valid():
        section, to = moved.target()
        services.move_question(actor=request.user, **named.at, code=named.code, section=section, to=to)
    return _moved(request, named, f"q-{named.code}", is_done=moved.is_valid())


@_edits_section
@require_POST
def move_section(request: HttpRequest, named: Named) -> HttpResponse:
    moved = MoveForm(request.POST)
    if moved.is_valid():
        services.move_section(actor=request.user, **named.at, code=named.code, to=moved.target()[1])
    return _moved(request, named, f"s-{named.code}", is_done=moved.is_valid())


def _moved(request: HttpRequest, named: Named, anchor: str, *, is_done: bool) -> HttpResponse:
    if not getattr(request, "htmx", False):
        return redirect(_address(named.form, anchor))
    said = _("Moved: %(name)s.") % {"name": named.name} if is_done else _("Nothing was moved.")
    return HttpResponse(said, content_type="text/plain; charset=utf-8", status=200 if is_done else 422)


@_edits_question
def remove_question(request: HttpRequest, named: Named) -> HttpResponse:
    fault = ""
    if request.method == "POST":
        try:
            services.remove_question(actor=request.user, **named.at, code=named.code)
            return _saved(request, named.form, "")
        except Refused as error:
            fault = texts.sentence(error.reason)
    count = selectors.how_many_answered(named.form)[named.code]
    told = ngettext(
        "%(count)s has answered this. The answer is kept and shown as an answer to a question that is no longer asked.",
        "%(count)s have answered this. The answers are kept and shown as answers to a question that is no longer asked.", count,
    ) % {"count": count} if count else _("Nobody has answered this yet. The question is deleted.")
    return _page(
        request, "remove_question", named.competition, named.form, name=named.name, told=told, fault=fault, back=_address(named.form, f"q-{named.code}"),
        status=409 if fault else 200,
    )


@access.needs(Permission.EDIT_FORMS, _kept_question)
@require_POST
def ask_again(request: HttpRequest, named: Named) -> HttpResponse:
    services.ask_again(actor=request.user, **named.at, code=named.code)
    return _saved(request, named.form, named.code)


@once
@_edits
def add_section(request: HttpRequest, named: Named) -> HttpResponse:
    return _write_section(request, named)


@_edits_section
def section(request: HttpRequest, named: Named) -> HttpResponse:
    return _write_section(request, named)


def _write_section(request: HttpRequest, named: Named) -> HttpResponse:
    written = FormSectionForm(named.section, request.POST if request.method == "POST" else None)
    if request.method == "POST" and written.is_valid():
        try:
            row = services.save_section(actor=request.user, **named.at, code=named.code, heading=written.text("heading"), help=written.text("help"))
        except Refused as error:
            written.add_error(None, texts.sentence(error.reason))
        else:
            messages.success(request, _("Saved."))
            return redirect(_address(named.form, f"s-{row.code}"))
    return _page(request, "section", named.competition, named.form, form=written, row=named.section, status=422 if written.errors else 200)


@_edits_section
def remove_section(request: HttpRequest, named: Named) -> HttpResponse:
    fault = ""
    if request.method == "POST":
        try:
            services.remove_section(actor=request.user, **named.at, code=named.code)
            return _saved(request, named.form, "")
        except Refused as error:
            fault = texts.sentence(error.reason)
    back = _address(named.form, f"s-{named.code}")
    told = _("Its heading and help are lost. Its questions go to the section above it, or below it if it is the first.")
    return _page(
        request, "remove_question", named.competition, named.form, name=named.name or _("Section"), told=told, fault=fault, back=back,
        status=409 if fault else 200,
    )


@_edits
def use_preset(request: HttpRequest, named: Named) -> HttpResponse:
    if request.method == "POST":
        services.use_preset(actor=request.user, **named.at)
        return _saved(request, named.form, "")
    answered = selectors.how_many_answered(named.form)
    return _page(
        request, "use_preset", named.competition, named.form, wanted=services.preset_headings(named.form.kind), back=_address(named.form),
        kept=sum(bool(answered[row.code]) for row in named.form.asked),
    )
