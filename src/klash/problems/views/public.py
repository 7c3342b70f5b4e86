from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from klash.accounts.drawing import draw
from klash.accounts.models import Municipality
from klash.competitions import selectors as competitions
from klash.competitions.answers import told
from klash.competitions.models import Competition, Question, StageKind
from klash.core import access, clock, sheets
from klash.core.show import as_day, pick
from klash.problems import selectors, services
from klash.problems.models import Problem
from klash.problems.selectors import FACETS, SORTS, Facet, Filters
from klash.problems.texts import HEADINGS, LANGUAGE_NAMES, SIZES, STATES
from klash.problems.views.common import page
from klash.rules.permissions import Permission
from klash.rules.questions import Kind
from klash.rules.states import ProblemState


def _competition(request: HttpRequest, code: str) -> Competition:
    return access.found(competitions.find(request.user, code))


def _filters(request: HttpRequest) -> Filters:
    given = {name: request.GET.get(name, "")[:40] for name in (*FACETS, "place")}
    return Filters(words=request.GET.get("q", "").strip()[:100], **given)


def _sort(request: HttpRequest) -> str:
    given = request.GET.get("sort", "")
    return given if given in SORTS else ""


@access.public
@require_safe
def problems(request: HttpRequest, competition: str) -> HttpResponse:
    found, filters, after = _competition(request, competition), _filters(request), request.GET.get("after", "")[:32]
    sort = _sort(request)
    listed = selectors.page(found, filters, after, sort, request.LANGUAGE_CODE)
    call = found.stages_by_kind().get(StageKind.PROBLEM_CALL)
    place = Municipality.objects.filter(code=filters.place).order_by("-valid_from").first() if filters.place else None
    return page(
        request, "list", found, below=False, filters=filters, place=place, listed=listed, own=selectors.own(request.user, found), call=call,
        facets=[_links(request, listed.facets[name], label, names, filters) for name, label, names in _named(listed.names)],
        may_file=call is not None and request.user.is_authenticated and access.may(request.user, Permission.FILE_PROBLEM, call),
        sort=sort, sorts=_sort_links(request, sort), clear_url=_with(request, q="", place="", after="", **dict.fromkeys(FACETS, "")),
        may_run=request.user.is_authenticated and access.may(request.user, Permission.RUN_COMPETITION, found),
        can_report=call is not None and call.is_open(clock.now()), export_query=_with(request, after=""),
        next_url=_with(request, after=listed.next) if listed.next else "", first_url=_with(request, after="") if after else "",
    )


def _sort_links(request: HttpRequest, chosen: str) -> list[dict[str, Any]]:
    names = {
        "": pgettext("sorted by", "title"), "newest": pgettext("sorted by", "newest first"),
        "municipality": pgettext("sorted by", "municipality"), "population": pgettext("sorted by", "inhabitants, most first"),
    }
    return [
        {"label": names[sort], "count": None, "is_current": sort == chosen, "url": _with(request, sort=sort, after="")} for sort in SORTS
    ]


def _named(names: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str, Mapping[str, Any]]]:
    return [
        ("theme", _("Theme"), names["theme"]), ("region", _("Region"), names["region"]), ("size", _("Inhabitants"), SIZES),
        ("language", _("Language of the report"), LANGUAGE_NAMES),
        ("state", pgettext("of a problem", "State"), STATES),
    ]


def _links(request: HttpRequest, facet: Facet, label: str, names: Mapping[str, Any], filters: Filters) -> dict[str, Any]:
    """Return a facet as the template draws it: every value with its count, those of sizes and states in their own order."""
    chosen = getattr(filters, facet.name)
    order = list(names) if facet.name in ("size", "state") else sorted(facet.counts, key=lambda value: (-(facet.counts[value] or 0), value))
    values = [value for value in order if value in facet.counts]
    if chosen and chosen not in values:
        values.append(chosen)
    return {
        "label": label, "name": facet.name, "is_open": bool(chosen), "options": [
            {"label": _("All"), "count": None, "is_current": not chosen, "url": _with(request, **{facet.name: "", "after": ""})},
            *({
                "label": _in_language(names.get(value, value), request), "count": facet.counts.get(value, 0), "is_current": value == chosen,
                "url": _with(request, **{facet.name: value, "after": ""}),
            } for value in values),
        ],
    }


def _in_language(name: Any, request: HttpRequest) -> str:
    return pick(name, request.LANGUAGE_CODE) if isinstance(name, dict) else str(name)


def _with(request: HttpRequest, **changes: str) -> str:
    """Return the query of the page with some parameters changed; unknown ones are dropped."""
    query = request.GET.copy()
    for name in [name for name in query if name not in ("q", "place", "after", "sort", *FACETS)]:
        del query[name]
    for name, value in {"sort": _sort(request), **changes}.items():
        query[name] = value
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    return f"?{query.urlencode()}"


@access.public
@require_safe
def export(request: HttpRequest, competition: str, form: str) -> HttpResponse:
    if form not in sheets.MEDIA:
        raise Http404
    found, language = _competition(request, competition), request.LANGUAGE_CODE
    rows = selectors.matching(found, _filters(request), _sort(request), language)
    return sheets.answer(form, f"{found.code} {_('Problems')}", _columns(language), rows, language)


def _columns(language: str) -> list[sheets.Column[Problem]]:
    column = sheets.Column[Problem]
    return [
        column(_("Code"), lambda row: row.code),
        column(_("Title"), lambda row: row.title, 40),
        column(pick(HEADINGS["summary"], language), lambda row: row.summary, 60),
        column(_("Municipality"), lambda row: pick(row.municipality.name, language)),
        column(_("Together with"), lambda row: ", ".join(pick(one.name, language) for one in row.group.all()), 24),
        column(_("Region"), lambda row: row.municipality.region_sv if language == "sv" else row.municipality.region_fi, 18),
        column(_("Inhabitants"), lambda row: str(SIZES.get(row.municipality.grouping, row.municipality.grouping))),
        column(_("Theme"), lambda row: pick(row.theme.name, language) if row.theme else "", 24),
        column(pgettext("of a problem", "State"), lambda row: str(STATES[row.state]), 24),
        column(_("Language"), lambda row: row.language),
        column(_("Submitted"), lambda row: as_day(row.submitted_at) if row.submitted_at else None),
        column(_("Invented"), lambda row: _("yes") if row.is_invented else _("no")),
    ]


@access.public
@require_safe
def map_(request: HttpRequest, competition: str) -> HttpResponse:
    found = _competition(request, competition)
    reported, language = selectors.reporters(found), request.LANGUAGE_CODE
    column = sheets.Column[selectors.Reporter]
    columns = [
        column(_("Code"), lambda row: row.municipality.code), column(_("Municipality"), lambda row: pick(row.municipality.name, language), 24),
        column(_("Region"), lambda row: row.municipality.region_sv if language == "sv" else row.municipality.region_fi, 18),
        column(_("Problems"), lambda row: row.count),
    ]
    if file := sheets.asked(request, f"{found.code} {_('Municipalities')}", columns, lambda: reported):
        return file
    return page(request, "map", found, map=draw(selectors.dots(found, reported, request.LANGUAGE_CODE)), reporters=reported)


def file_url(found: Problem, question: Question) -> str:
    """Return where the file is that answers a question, "" for another kind."""
    return reverse("problems:file_answer", args=[found.chain, found.code, question.code]) if question.kind == Kind.FILE else ""


@access.public
@require_safe
def problem(request: HttpRequest, competition: str, code: str) -> HttpResponse:
    found = access.found(selectors.visible(request.user, competition, code))
    supports, people = selectors.supports(found), [found.officer_id, *(row.person_id for row in found.writers.all())]
    is_own, leads, now = request.user.pk in people, found.officer_id == request.user.pk, clock.now()
    if is_own and found.feedback_released_at:
        services.note_seen(person=access.person(request), problem=found)
    is_submitted = found.state == ProblemState.SUBMITTED
    answers = told(found.form, found.answers, request.LANGUAGE_CODE, is_told=lambda row: is_own or row.is_public)
    return page(
        request, "problem", found.competition, problem=found, sections=[(one.heading, one.text, file_url(found, one.question)) for one in answers],
        is_public=selectors.is_public(found), outcomes=selectors.outcomes(found), is_own=is_own,
        stage=found.term(now) if is_own else None, is_chosen=found.state == ProblemState.CHOSEN, is_submitted=is_submitted,
        is_not_eligible=found.state == ProblemState.NOT_ELIGIBLE, origins=selectors.origins(found),
        merge=selectors.merge_of(found) if found.state == ProblemState.MERGED else None,
        can_edit=is_own and access.may(request.user, Permission.EDIT_PROBLEM, found, now),
        awaited=competitions.awaited_of([f"problem/{found.code}"], now).get(f"problem/{found.code}") if is_own and is_submitted else None,
        supports=supports, filing=getattr(found, "filing", None),
        can_withdraw=leads and is_submitted and access.may(request.user, Permission.WITHDRAW_PROBLEM, found, now),
    )
