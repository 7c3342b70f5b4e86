import csv
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from klash.accounts.drawing import draw
from klash.accounts.models import Municipality
from klash.competitions import selectors as competitions
from klash.competitions.answers import told
from klash.competitions.models import Competition, StageKind
from klash.core import access, clock
from klash.core.show import day, pick
from klash.problems import selectors
from klash.problems.models import Problem
from klash.problems.selectors import FACETS, SORTS, Facet, Filters
from klash.problems.texts import HEADINGS, SIZES, STATES
from klash.problems.views.common import page
from klash.rules.permissions import Permission
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
        sort=sort, sorts=_sort_links(request, sort), clear_url=_with(request, q="", place="", after="", **dict.fromkeys(FACETS, "")),
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
def export(request: HttpRequest, competition: str) -> HttpResponse:
    found = _competition(request, competition)
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{found.code}-problems.csv"'})
    response.write("\ufeff")  # tells a spreadsheet that the file is UTF-8
    out = csv.writer(response, delimiter=";", quoting=csv.QUOTE_ALL)  # the separator of Finnish spreadsheets
    out.writerow([
        _("Code"), _("Title"), pick(HEADINGS["summary"], request.LANGUAGE_CODE), _("Municipality"), _("Together with"), _("Region"),
        _("Inhabitants"), _("Theme"),
        pgettext("of a problem", "State"), _("Language"), _("Submitted"), _("Invented"),
    ])
    out.writerows(_cells(row, request.LANGUAGE_CODE) for row in selectors.matching(found, _filters(request), _sort(request), request.LANGUAGE_CODE))
    return response


def _cells(row: Problem, language: str) -> Iterable[str]:
    place = row.municipality
    region = place.region_sv if language == "sv" else place.region_fi
    group = ", ".join(pick(one.name, language) for one in row.group.all())
    cells = [
        row.code, row.title, row.summary, pick(place.name, language), group, region, SIZES.get(place.grouping, place.grouping),
        pick(row.theme.name, language) if row.theme else "", STATES[row.state], row.language, day(row.submitted_at, language) if row.submitted_at else "",
        _("yes") if row.is_invented else _("no"),
    ]
    return [_safe(str(cell)) for cell in cells]


def _safe(cell: str) -> str:
    """Return the cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.lstrip()[:1] in ("=", "+", "-", "@", "|", "%") or cell[:1] in ("\t", "\r", "\n") else cell


@access.public
@require_safe
def map_(request: HttpRequest, competition: str) -> HttpResponse:
    found = _competition(request, competition)
    reported = selectors.reporters(found)
    return page(request, "map", found, map=draw(selectors.dots(found, reported, request.LANGUAGE_CODE)), reporters=reported)


@access.public
@require_safe
def problem(request: HttpRequest, competition: str, code: str) -> HttpResponse:
    found = access.found(selectors.visible(request.user, competition, code))
    is_own, now = found.officer_id == request.user.pk, clock.now()
    is_submitted = found.state == ProblemState.SUBMITTED
    answers = told(found.form, found.answers, request.LANGUAGE_CODE, is_told=lambda row: is_own or row.is_public)
    return page(
        request, "problem", found.competition, problem=found, sections=[(one.heading, one.text) for one in answers],
        is_public=selectors.is_public(found), outcomes=selectors.outcomes(found), is_own=is_own,
        stage=found.competition.stage(StageKind.PROBLEM_CALL), is_chosen=found.state == ProblemState.CHOSEN, is_submitted=is_submitted,
        can_edit=is_own and access.may(request.user, Permission.EDIT_PROBLEM, found, now),
        can_withdraw=is_own and is_submitted and access.may(request.user, Permission.WITHDRAW_PROBLEM, found, now),
    )
