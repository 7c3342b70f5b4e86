from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from klash.competitions import selectors as competitions
from klash.competitions.models import Competition, StageKind
from klash.core import access, sheets, texts
from klash.core.errors import Denied, Refused
from klash.core.once import once
from klash.core.show import pick
from klash.problems import bridge, selectors, services
from klash.problems.forms import TableForm
from klash.problems.models import ProblemImport
from klash.problems.texts import FLAWS
from klash.problems.views.common import page
from klash.rules.permissions import Permission

FAULTS_SHOWN = 200


def _competition(person: Any, competition: str) -> Competition | None:
    return competitions.find(person, competition)


@access.needs(Permission.RUN_COMPETITION, _competition)
def import_(request: HttpRequest, competition: Competition) -> HttpResponse:
    """Check a table row by row; show every fault, or what would be taken in."""
    form, checked, kept, twins = TableForm(*((request.POST, request.FILES) if request.method == "POST" else ())), None, None, []
    if request.method == "POST" and form.is_valid():
        try:
            checked, kept = services.check_import(actor=access.person(request), competition=competition, table=form.cleaned_data["file"])
            twins = bridge.twins(competition, checked.rows) if kept else []
        except (Denied, Refused) as error:
            form.add_error("file", texts.sentence(error.reason))
    call = competition.stages_by_kind().get(StageKind.PROBLEM_CALL)
    return page(
        request, "import", competition, form=form, checked=checked, kept=kept, twins=twins,
        faults=[_told(fault, competition, request.LANGUAGE_CODE) for fault in (checked.faults[:FAULTS_SHOWN] if checked else ())],
        may_import=call is not None and access.may(request.user, Permission.IMPORT_PROBLEMS, call),
        columns=selectors.columns(competition).values(),
        status=422 if form.errors or checked and checked.faults else 200,
    )


def _told(fault: selectors.Fault, competition: Competition, language: str) -> dict[str, Any]:
    column = pick(selectors.columns(competition)[fault.column], language) if fault.column else ""
    return {"row": fault.row, "column": column, "sentence": str(FLAWS[fault.flaw]) % {"value": fault.value}}


def _kept(person: Any, competition: str, code: str) -> ProblemImport | None:
    found = competitions.find(person, competition)
    return ProblemImport.objects.filter(competition=found, code=code).select_related("competition").first() if found else None


@once
@access.needs(Permission.RUN_COMPETITION, _kept)
@require_POST
def take_in(request: HttpRequest, kept: ProblemImport) -> HttpResponse:
    """Submit the problems of a checked table."""
    count = services.import_problems(actor=access.person(request), kept=kept)
    told = ngettext("%(count)d problem was submitted.", "%(count)d problems were submitted.", count)
    messages.success(request, told % {"count": count})
    return redirect("problems:list", kept.competition.code)


def _for_template(person: Any, competition: str, form: str) -> Any:
    found = competitions.find(person, competition)
    return _Template(found, form) if found and form in sheets.MEDIA else None


class _Template:
    """The empty table of a competition in one form, as a thing of the competition."""

    def __init__(self, competition: Competition, form: str) -> None:
        self.competition, self.form, self.facts_for = competition, form, competition.facts_for


@access.needs(Permission.RUN_COMPETITION, _for_template)
@require_safe
def template(request: HttpRequest, empty: _Template) -> HttpResponse:
    language = request.LANGUAGE_CODE
    columns = [sheets.Column[None](pick(heading, language), lambda row: None, 24) for heading in selectors.columns(empty.competition).values()]
    return sheets.answer(empty.form, _("Table of problems"), columns, (), language)
