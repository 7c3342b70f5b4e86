"""From many reports to what the panel reads: near-duplicates merged or judged to be two, problems gathered under a theme."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from klash.accounts.models import User
from klash.competitions.models import Competition, Theme
from klash.competitions.services import name_theme
from klash.core import access, clock, workflow
from klash.core.errors import Denied, Refused
from klash.core.fields import Text
from klash.following.selectors import about
from klash.following.services import tell_news
from klash.post.services import queue
from klash.problems.models import Apart, Merge, Problem, Writer
from klash.problems.services.panel import find_conflicts, is_fixed
from klash.problems.services.records import record, writers_of
from klash.problems.services.tallies import places_of, recount
from klash.problems.services.writing import searchable
from klash.rules.news import Happening
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import ProblemState


@transaction.atomic
def merge_problems(*, actor: User, problem: Problem, into: Problem, reason: str) -> Merge:
    """Let one report go before the panel as a part of another; its municipalities and those who write it join that one.

    Both keep their pages and texts; everyone who writes either is told. It may be undone until the panel's entries are fixed.
    Raises Denied(NO_ROLE, NOT_OPEN_YET while the call runs, FROZEN), IllegalMove, Refused(NO_REASON_GIVEN), Refused(NOT_TWO_REPORTS) where the other
    is not a submitted report of the same competition, Refused(MERGED_HERE) where the report has taken another in.
    """
    _lock(problem.competition)
    workflow.lock_all([problem, into])
    if not reason.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    if into.pk == problem.pk or into.competition_id != problem.competition_id or into.state != ProblemState.SUBMITTED:
        raise Refused(Reason.NOT_TWO_REPORTS)
    if problem.origins.exists():
        raise Refused(Reason.MERGED_HERE)
    body = {"into": into.code, "reason": reason.strip()}
    workflow.move(problem, to=ProblemState.MERGED, actor=actor, body=body)
    row = Merge.objects.create(problem=problem, into=into, reason=reason.strip(), merged_by=actor, merged_at=clock.now())
    _join(row)
    _tell(row, "problems_merged", f"problem.merged/{problem.code}/{row.merged_at}")
    tell_news(
        competition=problem.competition, about=[about("problems", problem.code)], happening=Happening.PROBLEM_MERGED, is_invented=problem.is_invented,
        event=f"problem.merged/{problem.code}/{row.merged_at}", title={problem.language: problem.title}, page="problems:problem",
        args=[problem.chain, problem.code],
    )
    return row


@transaction.atomic
def part_problems(*, actor: User, merge: Merge) -> Problem:
    """Undo a merge: the report stands for itself again, and the other gives back who joined by it. Raises Denied or IllegalMove as merging does."""
    problem, into = merge.problem, merge.into
    _lock(problem.competition)
    workflow.lock_all([problem, into])
    workflow.move(problem, to=ProblemState.SUBMITTED, actor=actor, body={"parted_from": into.code})
    into.group.remove(*merge.places.all())
    into.writers.filter(person__in=merge.people.all()).delete()
    _tell(merge, "problems_parted", f"problem.parted/{problem.code}/{clock.now()}")
    merge.delete()
    _keep(into, problem)
    for row in into.origins.all():  # of two merged ones with a common municipality, only the first has brought it
        _join(row)
    return problem


def _lock(competition: Competition) -> None:
    """Lock the competition, as the making of the panel's round does. Raises Denied(FROZEN) once its entries are fixed."""
    workflow.lock(competition)
    if is_fixed(competition):
        raise Denied(Reason.FROZEN)


def _join(row: Merge) -> None:
    problem, into = row.problem, row.into
    known = set(places_of(into))
    places = [place for place in (problem.municipality, *problem.group.all()) if place.pk not in known]
    writing = {person.pk for person in writers_of(into)}
    joining = [(problem.officer, problem.municipality), *((one.person, one.municipality) for one in problem.writers.select_related("person", "municipality"))]
    joining = [(person, place) for person, place in joining if person.pk not in writing]
    into.group.add(*places)
    Writer.objects.bulk_create(Writer(problem=into, person=person, municipality=place, joined_at=row.merged_at) for person, place in joining)
    row.places.add(*places)
    row.people.add(*(person for person, _place in joining))
    _keep(into, problem)


def _keep(into: Problem, problem: Problem) -> None:
    """Keep what depends on who reports: the words it is found by, the numbers, the conflicts."""
    into.search = searchable(into, list(into.group.all()))
    into.save(update_fields=["search"])
    recount(into.competition, sorted({*places_of(into), *places_of(problem)}))
    find_conflicts(competition=into.competition)


def _tell(row: Merge, template: str, event: str) -> None:
    """Write a mail to everybody who writes one of the two reports, once to each."""
    people = {person.pk: person for problem in (row.problem, row.into) for person in writers_of(problem)}
    for person in people.values():
        context = {"problem": row.problem, "into": row.into, "competition": row.problem.competition, "reason": row.reason}
        queue(to=person.email, language=person.language, template=template, context=context, event=event)


@transaction.atomic
def judge_apart(*, actor: User, one: Problem, other: Problem) -> Apart:
    """Keep that two reports are not one, so that nobody is asked again. Raises Denied(NO_ROLE, FROZEN), Refused(NOT_TWO_REPORTS)."""
    access.ensure(actor, Permission.SORT_PROBLEMS, one)
    if one.pk == other.pk or one.competition_id != other.competition_id:
        raise Refused(Reason.NOT_TWO_REPORTS)
    first, second = sorted((one, other), key=lambda row: row.pk)
    row, is_new = Apart.objects.get_or_create(one=first, other=second, defaults={"judged_by": actor, "judged_at": clock.now()})
    if is_new:
        record("problem.judged_apart", actor, first, {"other": second.code})
    return row


@transaction.atomic
def gather_problems(*, actor: User, competition: Competition, problems: Sequence[Problem], theme: Theme | None = None, name: Text | None = None) -> Theme:
    """Put problems under a theme: one that there is, or a new one by its name in the languages. What the reporter chose is kept beside.

    Raises Denied(NO_ROLE, FROZEN), Refused(NOTHING_CHOSEN) without a problem, Refused(INCOMPLETE) without a theme or a name in Finnish, Refused(NAME_TAKEN).
    """
    workflow.lock(competition)
    for problem in workflow.lock_all(problems):
        access.ensure(actor, Permission.SORT_PROBLEMS, problem)
        if problem.competition_id != competition.pk:
            raise Refused(Reason.NOT_TWO_REPORTS)
    if not problems:
        raise Refused(Reason.NOTHING_CHOSEN)
    if theme is None and not (name or {}).get("fi", "").strip():
        raise Refused(Reason.INCOMPLETE)
    chosen = theme or name_theme(actor=actor, competition=competition, name=name or {})
    for problem in problems:
        _put_under(actor, problem, chosen)
    recount(competition)
    return chosen


def _put_under(actor: Any, problem: Problem, theme: Theme) -> None:
    if problem.theme_id == theme.pk:
        return
    reported = problem.reported_theme or problem.theme
    # Back where the reporter had it: nothing to tell.
    problem.reported_theme = None if reported is None or reported.pk == theme.pk else reported
    before, problem.theme = problem.theme, theme
    problem.search = searchable(problem, list(problem.group.all()))
    problem.save(update_fields=["theme", "reported_theme", "search"])
    record("problem.put_under_theme", actor, problem, {"theme": theme.code, "before": before.code if before else ""})
