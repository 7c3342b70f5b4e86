from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from klash.competitions import selectors as competitions
from klash.competitions.answers import told
from klash.competitions.models import Competition
from klash.core import access, texts
from klash.core.errors import KlashError
from klash.problems import bridge, selectors, services
from klash.problems.forms import GatherForm, MergeForm
from klash.problems.models import Merge, Problem
from klash.problems.views.common import page
from klash.rules.permissions import Facts, Permission
from klash.rules.reasons import Reason

_FIELD_OF = {Reason.NO_REASON_GIVEN: "reason", Reason.NAME_TAKEN: "name_fi"}


class _Pair:
    """Two reports of one competition, as a thing of it."""

    def __init__(self, one: Problem, other: Problem) -> None:
        self.one, self.other, self.competition = one, other, one.competition

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.competition.facts_for(actor, now)


def _competition(person: Any, competition: str) -> Competition | None:
    return competitions.find(person, competition)


def _pair(person: Any, competition: str, code: str, other: str) -> _Pair | None:
    found = competitions.find(person, competition)
    rows = {row.code: row for row in selectors.by_codes(found, [code, other])} if found else {}
    return _Pair(rows[code], rows[other]) if len(rows) == 2 else None


@access.needs(Permission.RUN_COMPETITION, _competition)
@require_safe
def alike(request: HttpRequest, competition: Competition) -> HttpResponse:
    """List the reports that say much the same, and what was merged."""
    pairs = bridge.alike(competition)
    shown = None if pairs is None else [(one, other, round(100 * near)) for one, other, near in pairs]
    return page(request, "alike", competition, pairs=shown, merges=selectors.merges(competition))


@access.needs(Permission.RUN_COMPETITION, _pair)
def compare(request: HttpRequest, pair: _Pair) -> HttpResponse:
    """Show two reports beside each other; merge them or keep that they are two."""
    competition, language = pair.competition, request.LANGUAGE_CODE
    form = MergeForm(pair.one, pair.other, language, request.POST if request.method == "POST" and "apart" not in request.POST else None)
    if request.method == "POST" and "apart" in request.POST:
        services.judge_apart(actor=access.person(request), one=pair.one, other=pair.other)
        messages.success(request, _("The two stay two reports. They are not suggested again."))
        return redirect("problems:alike", competition.code)
    if request.method == "POST" and form.is_valid():
        kept, merged = (pair.one, pair.other) if form.cleaned_data["main"] == pair.one.code else (pair.other, pair.one)
        try:
            services.merge_problems(actor=access.person(request), problem=merged, into=kept, reason=form.cleaned_data["reason"])
            messages.success(request, _("The reports are merged. Everyone who writes them has been told."))
            return redirect("problems:alike", competition.code)
        except KlashError as error:
            form.add_error(_FIELD_OF.get(error.reason), texts.sentence(error.reason))
    both = [(row, [(one.heading, one.text) for one in told(row.form, row.answers, language)]) for row in (pair.one, pair.other)]
    return _below(
        request, "compare", competition, both=both, form=form, status=409 if form.errors else 200,
        may_merge=access.may(request.user, Permission.MERGE_PROBLEMS, pair.one) and not services.is_fixed(competition),
        may_sort=access.may(request.user, Permission.SORT_PROBLEMS, pair.one),
    )


def _below(request: HttpRequest, template: str, competition: Competition, **context: Any) -> HttpResponse:
    """Render a page that lies under that of the reports that read alike."""
    return page(request, template, competition, extra=[{"label": _("Similar reports"), "url": reverse("problems:alike", args=[competition.code])}], **context)


class _Undone:
    """A merge, as a thing of its competition."""

    def __init__(self, merge: Merge) -> None:
        self.merge, self.competition = merge, merge.problem.competition

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.competition.facts_for(actor, now)


def _merge(person: Any, competition: str, code: str) -> _Undone | None:
    found = selectors.find_merge(competition, code) if competitions.find(person, competition) else None
    return _Undone(found) if found else None


@access.needs(Permission.RUN_COMPETITION, _merge)
def part(request: HttpRequest, undone: _Undone) -> HttpResponse:
    """Undo a merge, on a page that tells what follows."""
    merge = undone.merge
    if request.method == "POST":
        services.part_problems(actor=access.person(request), merge=merge)
        messages.success(request, _("The reports stand for themselves again. Everyone who writes them has been told."))
        return redirect("problems:alike", undone.competition.code)
    return _below(
        request, "part", undone.competition, merge=merge, consequences=[
            _("The report goes before the panel for itself."),
            _("The municipalities and people who joined the other report by the merge leave it."),
            _("Everyone who writes either report is told by e-mail."),
        ],
    )


@access.needs(Permission.RUN_COMPETITION, _competition)
@require_safe
def groups(request: HttpRequest, competition: Competition) -> HttpResponse:
    """Show the problems in groups of one matter, as the machine finds them."""
    return page(request, "groups", competition, groups=bridge.groups(competition), extra=_themes(competition))


def _themes(competition: Competition) -> list[dict[str, str]]:
    return [{"label": _("Themes"), "url": reverse("problems:themes", args=[competition.code])}]


@access.needs(Permission.RUN_COMPETITION, _competition)
@require_POST
def gather(request: HttpRequest, competition: Competition) -> HttpResponse:
    """Show the ticked problems with the form that names their theme; put them under it."""
    problems = selectors.by_codes(competition, request.POST.getlist("problem"))
    is_named = "theme" in request.POST
    form = GatherForm(list(competition.themes.order_by("pk")), request.LANGUAGE_CODE, request.POST if is_named else None)
    if is_named and form.is_valid():
        theme, name = form.chosen()
        try:
            theme = services.gather_problems(actor=access.person(request), competition=competition, problems=problems, theme=theme, name=name)
            done = ngettext("%(count)d problem is under the theme now.", "%(count)d problems are under the theme now.", len(problems))
            messages.success(request, done % {"count": len(problems)})
            return redirect("problems:theme", competition.code, theme.code)
        except KlashError as error:
            form.add_error(_FIELD_OF.get(error.reason), texts.sentence(error.reason))
    return page(
        request, "gather", competition, problems=problems, form=form, words=request.POST.get("words", "")[:200],
        status=422 if form.errors else 200, extra=_themes(competition),
    )
