"""What officers do with their problems."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from klash.accounts.models import Affiliation, Municipality, User
from klash.accounts.services import grant_role
from klash.competitions.answers import check_answers, frozen_codes, told
from klash.competitions.models import Call, Competition, StageKind, Theme
from klash.competitions.selectors import register
from klash.competitions.services import use_late_code
from klash.core import access, arrival, clock, search, workflow
from klash.core.errors import Denied, Refused
from klash.following.selectors import about
from klash.following.services import forget_news
from klash.problems.models import Problem
from klash.problems.services.panel import is_fixed
from klash.problems.services.records import fingerprint, record, tell, tell_followers
from klash.problems.services.screening import forget_screening
from klash.problems.services.tallies import places_of, recount
from klash.rules.names import one_line
from klash.rules.news import Happening
from klash.rules.permissions import Permission
from klash.rules.questions import with_answers
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import ProblemState


@transaction.atomic
def start_problem(*, actor: User, competition: Competition, municipality: Municipality, language: str = "fi", is_invented: bool = False) -> Problem:
    """Start a draft on behalf of a municipality; the actor becomes a municipal officer in the competition.

    Raises Denied outside the call, unless a late-entry code admits the actor; Refused(OTHER_SIDE) for a person on a side that may not report,
    Refused(INCOMPLETE) for a municipality that is not in the register of the competition's time.
    """
    stage = competition.stage(StageKind.PROBLEM_CALL)
    access.ensure(actor, Permission.REPORT_PROBLEM, Call(stage))
    if not stage.is_open(clock.now()) and is_fixed(competition):
        raise Denied(Reason.DEADLINE_PASSED)
    if not register(competition).filter(pk=municipality.pk).exists():
        raise Refused(Reason.INCOMPLETE, f"{municipality.code} is not in the register of the day")
    grant_role(actor=actor, person=actor, role=Role.OFFICER, competition=competition.code)
    Affiliation.objects.get_or_create(person=actor, municipality=municipality)
    problem = Problem.objects.create(
        competition=competition, officer=actor, municipality=municipality, language=language, is_invented=is_invented, saved_at=clock.now()
    )
    record("problem.started", actor, problem, {"municipality": municipality.code})
    return problem


@transaction.atomic
def save_problem(
    *, actor: User, problem: Problem, title: str, summary: str, answers: Mapping[str, Any], theme: Theme | None, group: Sequence[Municipality],
    revision: int | None = None, writer: str = "",
) -> Problem:
    """Save the draft; nothing is required yet.

    answers: a question's code -> answer; of a question that is not among them the answer stays as it is stored, as
    that of a frozen one does; an empty one is taken away.
    revision: the one that the writer saw; None asks for no comparison. writer: the handle of the open page, which never
    clashes with itself. Equal text makes no new revision. Raises Denied (not the actor's, submitted, after the deadline),
    Refused(ANSWER_DOES_NOT_FIT), Refused(TEXT_CHANGED) if another page saved since then.
    """
    workflow.lock(problem)
    now = clock.judged()
    access.ensure(actor, Permission.EDIT_PROBLEM, problem, now)
    check_answers(problem.form, answers)
    kept = with_answers(problem.answers, answers, frozen=frozen_codes(problem.form, now))
    texts: dict[str, Any] = {"title": one_line(title).strip(), "summary": summary.strip(), "answers": kept}
    others = [one for one in {*group, *_bound(problem)} if one.pk != problem.municipality_id]
    if _is_stored(problem, texts, theme, others):
        return problem
    if revision is not None and revision != problem.revision and (not writer or writer != problem.writer):
        raise Refused(Reason.TEXT_CHANGED)
    before = problem.theme_id
    problem.title, problem.summary, problem.answers = texts["title"], texts["summary"], texts["answers"]
    problem.theme, problem.saved_at, problem.revision, problem.writer = theme, now, problem.revision + 1, writer
    if theme is None or problem.reported_theme_id == theme.pk or theme.pk != before:
        problem.reported_theme = None  # the reporter has chosen anew
    problem.search = searchable(problem, others)
    problem.save(update_fields=[*texts, "theme", "reported_theme", "saved_at", "revision", "writer", "search"])
    problem.group.set(others)
    record("problem.saved", actor, problem, {"revision": problem.revision})
    return problem


def _bound(problem: Problem) -> list[Municipality]:
    """Return the municipalities whose officers write along: they leave the report only by leaving it themselves."""
    return [row.municipality for row in problem.writers.select_related("municipality")]


def _is_stored(problem: Problem, texts: dict[str, Any], theme: Theme | None, group: Sequence[Municipality]) -> bool:
    if problem.revision == 0 or problem.theme_id != (theme.pk if theme else None):
        return False
    is_equal = all(getattr(problem, name) == text for name, text in texts.items())
    return is_equal and set(problem.group.values_list("pk", flat=True)) == {one.pk for one in group}


def searchable(problem: Problem, group: Sequence[Municipality]) -> str:
    """Return the words by which the problem is found."""
    places = [name for one in (problem.municipality, *group) for name in (one.name_fi, one.name_sv)]
    answers = [one.text for one in told(problem.form, problem.answers, problem.language, is_told=lambda row: row.is_public)]
    themes = list(problem.theme.name.values()) if problem.theme else []
    return search.index("\n".join([problem.title, problem.summary, *answers, *places, *themes]), problem.language)


@transaction.atomic
def submit_problem(*, actor: User, problem: Problem, arrived_at: datetime | None = None) -> Problem:
    """Submit the problem; it becomes public at once, and a receipt goes to the officer.

    arrived_at: when the request had arrived, where that is known; it counts until the panel's entries are fixed.
    Raises Denied(NOT_YOURS, DEADLINE_PASSED, NOT_OPEN_YET, INCOMPLETE) or IllegalMove. The competition is locked first, as
    the making of the panel's round does: what was submitted in time is in the round, what was not is not.
    """
    workflow.lock(problem.competition)
    workflow.lock(problem)
    if arrived_at is not None and is_fixed(problem.competition):
        arrived_at = None
    received_at = arrival.received(arrived_at, clock.judged())
    body = {"fingerprint": fingerprint(problem), "received_at": received_at}
    workflow.move(problem, to=ProblemState.SUBMITTED, actor=actor, save={"submitted_at": received_at}, body=body, arrived_at=received_at)
    stage = problem.competition.stage(StageKind.PROBLEM_CALL)
    if not stage.is_open(received_at):
        use_late_code(actor=actor, stage=stage, person=problem.officer, thing=f"{problem.lifecycle}/{problem.code}", at=received_at)
    recount(problem.competition, places_of(problem))
    event = f"problem.submitted/{problem.code}/{problem.submitted_at}"
    tell(problem, "problems_received", event)
    tell_followers(problem, Happening.PROBLEM_SUBMITTED, event)
    return problem


@transaction.atomic
def withdraw_problem(*, actor: User, problem: Problem) -> Problem:
    """Withdraw the problem while the call runs; it can be changed and submitted again.

    Raises Denied, IllegalMove, or Refused(MERGED_HERE) while another report is merged into it.
    """
    workflow.lock(problem.competition)
    if problem.origins.exists():
        raise Refused(Reason.MERGED_HERE)
    workflow.move(problem, to=ProblemState.WITHDRAWN, actor=actor)
    forget_screening(problem)
    recount(problem.competition, places_of(problem))
    tell(problem, "problems_withdrawn", f"problem.withdrawn/{problem.code}/{clock.now()}")
    forget_news(thing=about("problems", problem.code))
    return problem
