"""What the panel that chooses problems gets, and what becomes of its choice."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from klash.accounts.models import ReviewerHandle, User
from klash.accounts.services import grant_role
from klash.competitions import services as competitions
from klash.competitions.answers import Told, told
from klash.competitions.models import Competition, FormKind, StageForm, StageKind
from klash.competitions.selectors import Decided, criteria_for, is_awaited
from klash.core import access, arrival, audit, chance, clock, workflow
from klash.core.databases import reviewing as reviewing_database
from klash.core.errors import Denied, Refused
from klash.core.show import pick
from klash.interests import selectors as interests
from klash.post.services import Letter, write_letter
from klash.problems import selectors
from klash.problems.models import Problem
from klash.problems.services.records import tell_followers
from klash.problems.services.tallies import recount
from klash.problems.texts import HEADINGS, ORIGIN, PANEL_INTRO, PANEL_TITLE
from klash.reviewing import selectors as reviewing
from klash.reviewing import services as rounds
from klash.reviewing.models import Round, RoundKind, Seat
from klash.rules.conflicts import conflicts
from klash.rules.news import Happening
from klash.rules.permissions import Permission
from klash.rules.questions import Kind
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.screening import Outcome
from klash.rules.states import ProblemState, RoundState

ORIGINS = ("origins__problem__municipality", "origins__problem__group")  # what was merged into a report, with who reported it


def panel_key(competition: Competition) -> str:
    """Return what this stage calls the panel's round."""
    return f"problems/{competition.code}"


def open_panel_round(*, actor: Any, competition: Competition, closes_at: datetime) -> Round:
    """Make the panel's round with an entry for each submitted problem that is eligible, with the municipalities' names; returns it, not yet open.

    The links to the entries are committed on this side first, so that a broken run finds them again and doubles nothing.
    Raises Denied(NO_ROLE), Refused(NOT_OPEN_YET) while the call runs, Refused(NOT_COMPLETE) without problems or criteria,
    Refused(NOT_ALL_SCREENED, MORE_AWAITED) while the screening is not finished, Refused(DEADLINE_EARLIER) if closes_at is not ahead.
    """
    with transaction.atomic():
        problems = _fix_entries(actor, competition, closes_at)
    criteria = criteria_for(competition, StageKind.PROBLEM_SELECTION)
    if not problems or not criteria:
        raise Refused(Reason.NOT_COMPLETE)
    form = competition.form(FormKind.PROBLEM)
    topics = [{"code": row.code, "name": row.name} for row in competition.themes.order_by("pk")]
    with transaction.atomic(using=reviewing_database()):
        round_ = rounds.make_round(
            actor=actor, key=panel_key(competition), chain=competition.code, kind=RoundKind.PROBLEMS, competition_name=competition.name,
            title=PANEL_TITLE, intro=PANEL_INTRO, is_blind=False, is_invented=competition.is_invented, opens_at=clock.now(), closes_at=closes_at,
            criteria=criteria, quota=competition.challenges_promised, topics=topics,
        )
        rounds.write_entries(actor=actor, round=round_, entries=[_entry(problem, form) for problem in problems])
    find_conflicts(competition=competition)
    return round_


def _fix_entries(actor: Any, competition: Competition, closes_at: datetime) -> list[Problem]:
    """Give each submitted problem the code of its entry, under the lock that submitting takes too."""
    workflow.lock(competition)
    now = clock.judged()
    access.ensure(actor, Permission.RUN_COMPETITION, competition, now)
    competition.forget_stages()
    if now <= competition.stage(StageKind.PROBLEM_CALL).closes_at + arrival.settling():
        raise Refused(Reason.NOT_OPEN_YET)
    if closes_at <= now:
        raise Refused(Reason.DEADLINE_EARLIER)
    if competition.eligibility_questions.exists() and not selectors.is_screened(competition):
        raise Refused(Reason.NOT_ALL_SCREENED)
    if is_awaited(competition, "problem", now):
        raise Refused(Reason.MORE_AWAITED)
    # What is left out gets no entry: it is told so with the others' decisions.
    rows = Problem.objects.filter(competition=competition, state=ProblemState.SUBMITTED).exclude(screening__outcome=Outcome.NOT_ELIGIBLE)
    problems = list(rows.select_related("municipality", "theme").prefetch_related("group", *ORIGINS).order_by("code"))
    for problem in problems:
        if problem.entry_code is None:
            problem.entry_code = chance.code()
            problem.save(update_fields=["entry_code"])
    return problems


def _told(problem: Problem, answer: Told) -> dict[str, Any]:
    """Return an answer as the entry holds it; a file by its name and where the panel finds it, made anew from what it shows."""
    if answer.question.kind != Kind.FILE:
        return answer.entry
    where = reverse("problems:file_answer", args=[problem.chain, problem.code, answer.question.code])
    return {"heading": answer.heading, "text": f"{answer.text}\n{settings.KLASH_URL}{where}"}


def _origin(problem: Problem, form: StageForm) -> dict[str, Any]:
    """Return a report that was merged into another, whole, as one section of its entry."""
    places = [problem.municipality, *problem.group.all()]
    heading = {code: text % ", ".join(pick(one.name, code) for one in places) for code, text in ORIGIN.items()}
    answers = told(form, problem.answers, problem.language, is_told=lambda row: row.is_for_reviewers)
    said = [f"{pick(one.heading, problem.language)}\n{one.text}" for one in answers]
    return {"heading": heading, "text": "\n\n".join([problem.title, problem.summary, *said])}


def is_fixed(competition: Competition) -> bool:
    return Problem.objects.filter(competition=competition).exclude(entry_code=None).exists()


def _entry(problem: Problem, form: StageForm) -> rounds.NewEntry:
    # Names in the language of the report: the snapshot is one text, not three.
    column = "name_sv" if problem.language == "sv" else "name_fi"
    names = ", ".join(getattr(one, column) for one in (problem.municipality, *problem.group.all()))
    answers = told(form, problem.answers, problem.language, is_told=lambda row: row.is_for_reviewers)
    sections = [{"heading": HEADINGS["summary"], "text": problem.summary}, *(_told(problem, one) for one in answers)]
    sections += [_origin(row.problem, form) for row in problem.origins.all()]
    return rounds.NewEntry(
        code=problem.entry_code or "", title=problem.title, author=names[:200], language=problem.language, sections=sections,
        is_invented=problem.is_invented, topics=(problem.theme.code,) if problem.theme else (),
    )


def seat_panellist(*, actor: Any, competition: Competition, person: User, is_chair: bool = False) -> Seat:
    """Give a person a seat in the panel that chooses problems; a second seating finds the first.

    Raises Denied, Refused(NOT_COMPLETE) before the round is made, Refused(OTHER_SIDE) for a person on another side,
    Refused(FROZEN) once the round is complete.
    """
    access.ensure(actor, Permission.RUN_COMPETITION, competition)
    round_ = reviewing.find_round(panel_key(competition))
    if round_ is None:
        raise Refused(Reason.NOT_COMPLETE)
    with transaction.atomic():
        workflow.lock(competition)  # one seating at a time: what a broken one left is found by the next
        handles = ReviewerHandle.objects.filter(person=person).values_list("handle", flat=True)
        if (known := Seat.objects.using(reviewing_database()).filter(round=round_, handle__in=list(handles)).first()) is not None:
            return known
        grant_role(actor=actor, person=person, role=Role.PANELLIST, competition=competition.code)
        seat = rounds.provide_seat(actor=actor, round=round_, is_chair=is_chair)
        ReviewerHandle.objects.create(person=person, handle=seat.handle)
        rounds.tell_latecomer(handle=seat.handle, person=person)
    find_conflicts(competition=competition)
    return seat


def find_conflicts(*, competition: Competition) -> int:
    """Bar each panellist from the problems with which there is a conflict: of those who report, their municipalities and the officer's organisations.

    The software itself does it, whenever one of the two sides changes. Returns how many pairs are new. Fifteen queries at most and those of recording.
    """
    round_ = reviewing.find_round(panel_key(competition))
    if round_ is None or round_.state == RoundState.COMPLETE:
        return 0
    copied = Problem.objects.filter(competition=competition).exclude(entry_code=None)
    successors = interests.all_successors()
    sides = {str(row.entry_code): side for row, side in selectors.sides(copied, successors).items()}
    reviewers = interests.seated((seat.handle for seat in reviewing.present(round_)), successors)
    return rounds.record_conflicts(actor=audit.System(), round=round_, found=conflicts(reviewers, sides))


@transaction.atomic
def release_decisions(*, actor: Any, competition: Competition, seen: str) -> int:
    """Tell every reporter at once whether the problem was chosen, or eligible at all, why, and what the panel thought; returns how many.

    A second release tells nobody. seen: the digest of the mails that the actor looked at. All or nothing.
    Raises Denied(NO_ROLE, NOT_ALL_SUBMITTED) and Refused as `competitions.release_ruling` does; Denied(NOT_OPEN_YET) while the call runs.
    """
    workflow.lock(competition)
    round_ = judged_round(competition)
    sheet = competitions.lock_sheet(competition, round_)
    access.ensure(actor, Permission.RELEASE_DECISIONS, sheet.ruling)
    if sheet.is_released:
        return 0
    verdicts, left_out = selectors.verdicts(competition, sheet), selectors.left_out(competition)
    competitions.release_ruling(actor=actor, sheet=sheet, letters=write_letters(competition, verdicts), seen=seen)
    now = clock.now()
    for problem, decided in verdicts:
        line = decided.line
        columns = {"reason": line.reason, "feedback": decided.feedback, "feedback_is_invented": line.is_invented, "feedback_released_at": now}
        to = ProblemState.CHOSEN if line.is_taken else ProblemState.NOT_CHOSEN
        workflow.move(problem, to=to, actor=actor, save=columns, body={"reason": line.reason})
        happening = Happening.PROBLEM_CHOSEN if line.is_taken else Happening.PROBLEM_NOT_CHOSEN
        tell_followers(problem, happening, f"problem.decided/{problem.code}")
    for problem in left_out:
        reason = problem.screening.reason
        workflow.move(problem, to=ProblemState.NOT_ELIGIBLE, actor=actor, save={"reason": reason}, body={"reason": reason})
    recount(competition)
    return len(verdicts) + len(left_out)


def judged_round(competition: Competition) -> Round:
    """Return the panel's round. Raises Denied(NOT_ALL_SUBMITTED) where there is none."""
    round_ = reviewing.find_round(panel_key(competition))
    if round_ is None:
        raise Denied(Reason.NOT_ALL_SUBMITTED)
    return round_


def write_letters(competition: Competition, verdicts: Sequence[tuple[Problem, Decided]]) -> list[Letter]:
    """Write the mail to each who wrote a problem as it will be queued, by the code of the problem; then those of what was left out. One query."""
    decided = [
        write_letter(
            to=person.email, language=person.language, template="problems_decided", event=f"problem.decided/{problem.code}",
            context={"problem": problem, "competition": competition, "is_chosen": row.line.is_taken, "reason": row.line.reason, "feedback": row.feedback},
        )
        for problem, row in verdicts for person in _writers(problem)
    ]
    return decided + [
        write_letter(
            to=person.email, language=person.language, template="problems_not_eligible",
            event=f"problem.decided/{problem.code}", context={"problem": problem, "competition": competition, "reason": problem.screening.reason},
        )
        for problem in selectors.left_out(competition) for person in _writers(problem)
    ]


def _writers(problem: Problem) -> list[User]:
    return [problem.officer, *(writer.person for writer in problem.writers.all())]
