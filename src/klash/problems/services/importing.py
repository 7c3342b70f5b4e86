"""Problems that arrive as a table: checked first, then taken in all or not at all."""

from typing import Any

from django.db import transaction

from klash.competitions.models import Competition, StageKind
from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.core.sheets import Table
from klash.problems.models import Filing, Problem, ProblemImport
from klash.problems.selectors import Checked, ImportRow, by_code, check_table, rows_of_import
from klash.problems.services.records import fingerprint
from klash.problems.services.tallies import recount
from klash.problems.services.writing import searchable
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import ProblemState


@transaction.atomic
def check_import(*, actor: Any, competition: Competition, table: Table) -> tuple[Checked, ProblemImport | None]:
    """Check a table of problems; nothing becomes a problem yet. Where there is no fault its rows are kept, to be taken in by `import_problems`.

    Raises Denied(NO_ROLE, NOT_OPEN_YET, DEADLINE_PASSED), Refused(IMPORTED_BEFORE).
    """
    access.ensure(actor, Permission.IMPORT_PROBLEMS, competition.stage(StageKind.PROBLEM_CALL))
    workflow.lock(competition)
    checked = check_table(competition, table)
    if checked.faults:
        return checked, None
    kept = ProblemImport.objects.filter(competition=competition, digest=checked.digest).first()
    if kept and kept.imported_at:
        raise Refused(Reason.IMPORTED_BEFORE)
    kept = kept or ProblemImport(competition=competition, digest=checked.digest)
    kept.rows, kept.checked_by, kept.checked_at = [row.as_json() for row in checked.rows], actor, clock.now()
    kept.save()
    return checked, kept


@transaction.atomic
def import_problems(*, actor: Any, kept: ProblemImport) -> int:
    """Submit every problem of a checked table on behalf of its municipality, all or none; returns how many.

    They are filed by the actor until an officer of the municipality takes over (`offer_problem`); no mail is sent. About twelve queries a problem.
    Raises Denied as `check_import` does, Refused(IMPORTED_BEFORE).
    """
    competition = workflow.lock(kept.competition)
    workflow.lock(kept)
    now = clock.judged()
    access.ensure(actor, Permission.IMPORT_PROBLEMS, competition.stage(StageKind.PROBLEM_CALL), now)
    if kept.imported_at:
        raise Refused(Reason.IMPORTED_BEFORE)
    places, themes = by_code(competition)
    made = Problem.objects.bulk_create([_draft(actor, competition, row, places, themes, now) for row in rows_of_import(kept.rows)])
    of = {row["number"]: row["group"] for row in kept.rows}
    link = Problem.group.through
    pairs = zip(made, rows_of_import(kept.rows), strict=True)
    link.objects.bulk_create(
        link(problem=problem, municipality=places[code]) for problem, row in pairs for code in sorted({*of[row.number]} - {row.municipality})
    )
    Filing.objects.bulk_create(
        Filing(problem=problem, filed_by=actor, in_name_of=problem.municipality.name_fi, source="CSV/XLSX", filed_at=now) for problem in made
    )
    for problem in made:
        body = {"fingerprint": fingerprint(problem), "received_at": now, "import": kept.code}
        workflow.move(problem, to=ProblemState.SUBMITTED, actor=actor, save={"submitted_at": now}, body=body)
    kept.imported_at, kept.rows = now, []
    kept.save(update_fields=["imported_at", "rows"])
    audit.record(
        "problems.imported", actor=actor, competition=competition.code, thing=f"problem_import/{kept.code}", body={"count": len(made), "digest": kept.digest}
    )
    recount(competition)
    return len(made)


def _draft(actor: Any, competition: Competition, row: ImportRow, places: Any, themes: Any, now: Any) -> Problem:
    problem = Problem(
        competition=competition, officer=actor, municipality=places[row.municipality], theme=themes[row.theme], language=row.language, title=row.title,
        summary=row.summary, answers=row.answers, saved_at=now, revision=1, is_invented=competition.is_invented,
    )
    problem.search = searchable(problem, [places[code] for code in row.group])
    return problem
