"""What officers, panellists and organisers do with problems."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from klash.accounts.models import Affiliation, Municipality, ReviewerHandle, User
from klash.accounts.services import grant_role
from klash.competitions import services as competitions
from klash.competitions.models import Competition, StageKind, Theme
from klash.competitions.selectors import Decided, criteria_for, register
from klash.core import access, arrival, audit, chance, clock, search, workflow
from klash.core.databases import reviewing as reviewing_database
from klash.core.errors import Denied, Refused
from klash.interests import selectors as interests
from klash.post.services import Letter, queue, write_letter
from klash.problems import selectors
from klash.problems.models import SECTIONS, Problem, Tally
from klash.problems.texts import HEADINGS, PANEL_INTRO, PANEL_TITLE
from klash.reviewing import selectors as reviewing
from klash.reviewing import services as rounds
from klash.reviewing.models import Round, RoundKind, Seat
from klash.rules.conflicts import conflicts
from klash.rules.names import one_line
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import ProblemState, RoundState

TEXTS = ("title", "summary", *SECTIONS)


@transaction.atomic
def start_problem(*, actor: User, competition: Competition, municipality: Municipality, language: str = "fi", is_invented: bool = False) -> Problem:
    """Start a draft on behalf of a municipality; the actor becomes a municipal officer in the competition.

    Raises Denied outside the call, Refused(OTHER_SIDE) for a person on a side that may not report, Refused(INCOMPLETE) for a
    municipality that is not in the register of the competition's time.
    """
    access.ensure(actor, Permission.REPORT_PROBLEM, competition.stage(StageKind.PROBLEM_CALL))
    if not register(competition).filter(pk=municipality.pk).exists():
        raise Refused(Reason.INCOMPLETE, f"{municipality.code} is not in the register of the day")
    grant_role(actor=actor, person=actor, role=Role.OFFICER, competition=competition.code)
    Affiliation.objects.get_or_create(person=actor, municipality=municipality)
    problem = Problem.objects.create(
        competition=competition, officer=actor, municipality=municipality, language=language, is_invented=is_invented, saved_at=clock.now()
    )
    _record("problem.started", actor, problem, {"municipality": municipality.code})
    return problem


@transaction.atomic
def save_problem(
    *, actor: User, problem: Problem, title: str, summary: str, situation: str, affected: str, tried: str, goal: str, commitment: str,
    theme: Theme | None, group: Sequence[Municipality], revision: int | None = None, writer: str = "",
) -> Problem:
    """Save the draft; nothing is required yet.

    revision: the one that the writer saw; None asks for no comparison. writer: the handle of the open page, which never
    clashes with itself. Equal text makes no new revision. Raises Denied (not the actor's, submitted, after the deadline),
    Refused(TEXT_CHANGED) if another page saved since then.
    """
    workflow.lock(problem)
    now = clock.judged()
    access.ensure(actor, Permission.EDIT_PROBLEM, problem, now)
    texts = dict(zip(TEXTS, (text.strip() for text in (one_line(title), summary, situation, affected, tried, goal, commitment)), strict=True))
    others = [one for one in group if one.pk != problem.municipality_id]
    if _is_stored(problem, texts, theme, others):
        return problem
    if revision is not None and revision != problem.revision and (not writer or writer != problem.writer):
        raise Refused(Reason.TEXT_CHANGED)
    for name, text in texts.items():
        setattr(problem, name, text)
    problem.theme, problem.saved_at, problem.revision, problem.writer = theme, now, problem.revision + 1, writer
    problem.search = _searchable(problem, others)
    problem.save(update_fields=[*texts, "theme", "saved_at", "revision", "writer", "search"])
    problem.group.set(others)
    _record("problem.saved", actor, problem, {"revision": problem.revision})
    return problem


def _is_stored(problem: Problem, texts: dict[str, str], theme: Theme | None, group: Sequence[Municipality]) -> bool:
    if problem.revision == 0 or problem.theme_id != (theme.pk if theme else None):
        return False
    is_equal = all(getattr(problem, name) == text for name, text in texts.items())
    return is_equal and set(problem.group.values_list("pk", flat=True)) == {one.pk for one in group}


def _searchable(problem: Problem, group: Sequence[Municipality]) -> str:
    places = [name for one in (problem.municipality, *group) for name in (one.name_fi, one.name_sv)]
    themes = list(problem.theme.name.values()) if problem.theme else []
    return search.index("\n".join([*(getattr(problem, name) for name in TEXTS), *places, *themes]), problem.language)


@transaction.atomic
def submit_problem(*, actor: User, problem: Problem, arrived_at: datetime | None = None) -> Problem:
    """Submit the problem; it becomes public at once, and a receipt goes to the officer.

    arrived_at: when the request had arrived, where that is known; it counts until the panel's entries are fixed.
    Raises Denied(NOT_YOURS, DEADLINE_PASSED, NOT_OPEN_YET, INCOMPLETE) or IllegalMove. The competition is locked first, as
    the making of the panel's round does: what was submitted in time is in the round, what was not is not.
    """
    workflow.lock(problem.competition)
    workflow.lock(problem)
    if arrived_at is not None and _is_fixed(problem.competition):
        arrived_at = None
    received_at = arrival.received(arrived_at, clock.judged())
    body = {"fingerprint": fingerprint(problem), "received_at": received_at}
    workflow.move(problem, to=ProblemState.SUBMITTED, actor=actor, save={"submitted_at": received_at}, body=body, arrived_at=received_at)
    recount(problem.competition, _places(problem))
    _tell(problem, "problems_received", f"problem.submitted/{problem.code}/{problem.submitted_at}")
    return problem


@transaction.atomic
def withdraw_problem(*, actor: User, problem: Problem) -> Problem:
    """Withdraw the problem while the call runs; it can be changed and submitted again. Raises Denied or IllegalMove."""
    workflow.lock(problem.competition)
    workflow.move(problem, to=ProblemState.WITHDRAWN, actor=actor)
    recount(problem.competition, _places(problem))
    _tell(problem, "problems_withdrawn", f"problem.withdrawn/{problem.code}/{clock.now()}")
    return problem


def recount(competition: Competition, municipalities: Sequence[int] | None = None) -> None:
    """Write the tallies of a competition anew, or those of some municipalities, by key. Four queries.

    Called in the transaction that changes a public problem, with the competition locked: two that counted at once would each miss the other's.
    """
    rows = Tally.objects.filter(competition=competition)
    (rows if municipalities is None else rows.filter(municipality__in=municipalities)).delete()
    Tally.objects.bulk_create(
        Tally(competition=competition, municipality_id=place, theme_id=theme, state=state, led=led, shared=shared)
        for (place, theme, state), (led, shared) in sorted(selectors.counted(competition, municipalities).items(), key=str)
    )


def _places(problem: Problem) -> list[int]:
    return [problem.municipality_id, *problem.group.values_list("pk", flat=True)]


def fingerprint(problem: Problem) -> str:
    """Return the hash of what is submitted: language, texts, theme. Queries the theme if it was not read.

    What was submitted before the form asked for commitment keeps the hash of its receipt: an empty one is left out.
    """
    written = [getattr(problem, name) for name in TEXTS if name != "commitment" or problem.commitment]
    content = [problem.language, *written, problem.theme.code if problem.theme else ""]
    return audit.sha256("klash/1/problem", audit.canonical(content))


def panel_key(competition: Competition) -> str:
    """Return what this stage calls the panel's round."""
    return f"problems/{competition.code}"


def open_panel_round(*, actor: Any, competition: Competition, closes_at: datetime) -> Round:
    """Make the panel's round with an entry for each submitted problem, with the municipalities' names; returns it, not yet open.

    The links to the entries are committed on this side first, so that a broken run finds them again and doubles nothing.
    Raises Denied(NO_ROLE), Refused(NOT_OPEN_YET) while the call runs, Refused(NOT_COMPLETE) without problems or criteria,
    Refused(DEADLINE_EARLIER) if closes_at is not ahead.
    """
    with transaction.atomic():
        problems = _fix_entries(actor, competition, closes_at)
    criteria = criteria_for(competition, StageKind.PROBLEM_SELECTION)
    if not problems or not criteria:
        raise Refused(Reason.NOT_COMPLETE)
    topics = [{"code": row.code, "name": row.name} for row in competition.themes.order_by("pk")]
    with transaction.atomic(using=reviewing_database()):
        round_ = rounds.make_round(
            actor=actor, key=panel_key(competition), chain=competition.code, kind=RoundKind.PROBLEMS, competition_name=competition.name,
            title=PANEL_TITLE, intro=PANEL_INTRO, is_blind=False, is_invented=competition.is_invented, opens_at=clock.now(), closes_at=closes_at,
            criteria=criteria, quota=competition.challenges_promised, topics=topics,
        )
        rounds.write_entries(actor=actor, round=round_, entries=[_entry(problem) for problem in problems])
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
    rows = Problem.objects.filter(competition=competition, state=ProblemState.SUBMITTED)
    problems = list(rows.select_related("municipality", "theme").prefetch_related("group").order_by("code"))
    for problem in problems:
        if problem.entry_code is None:
            problem.entry_code = chance.code()
            problem.save(update_fields=["entry_code"])
    return problems


def _is_fixed(competition: Competition) -> bool:
    return Problem.objects.filter(competition=competition).exclude(entry_code=None).exists()


def _entry(problem: Problem) -> rounds.NewEntry:
    # Names in the language of the report: the snapshot is one text, not three.
    column = "name_sv" if problem.language == "sv" else "name_fi"
    names = ", ".join(getattr(one, column) for one in (problem.municipality, *problem.group.all()))
    sections = [{"heading": HEADINGS[name], "text": getattr(problem, name)} for name in ("summary", *problem.answered())]
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

    The software itself does it, whenever one of the two sides changes. Returns how many pairs are new. Ten queries and those of recording.
    """
    round_ = reviewing.find_round(panel_key(competition))
    if round_ is None or round_.state == RoundState.COMPLETE:
        return 0
    copied = Problem.objects.filter(competition=competition).exclude(entry_code=None)
    sides = {str(row.entry_code): side for row, side in selectors.sides(copied).items()}
    reviewers = interests.seated(seat.handle for seat in reviewing.present(round_))
    return rounds.record_conflicts(actor=audit.System(), round=round_, found=conflicts(reviewers, sides))


@transaction.atomic
def release_decisions(*, actor: Any, competition: Competition, seen: str) -> int:
    """Tell every reporter at once whether the problem was chosen, why, and what the panel thought; returns how many. A second release tells nobody.

    seen: the digest of the mails that the actor looked at. All or nothing.
    Raises Denied(NO_ROLE, NOT_ALL_SUBMITTED) and Refused as `competitions.release_ruling` does; Denied(NOT_OPEN_YET) while the call runs.
    """
    workflow.lock(competition)
    round_ = judged_round(competition)
    sheet = competitions.lock_sheet(competition, round_)
    access.ensure(actor, Permission.RELEASE_DECISIONS, sheet.ruling)
    if sheet.is_released:
        return 0
    verdicts = selectors.verdicts(competition, sheet)
    competitions.release_ruling(actor=actor, sheet=sheet, letters=write_letters(competition, verdicts), seen=seen)
    now = clock.now()
    for problem, decided in verdicts:
        line = decided.line
        columns = {"reason": line.reason, "feedback": decided.feedback, "feedback_is_invented": line.is_invented, "feedback_released_at": now}
        to = ProblemState.CHOSEN if line.is_taken else ProblemState.NOT_CHOSEN
        workflow.move(problem, to=to, actor=actor, save=columns, body={"reason": line.reason})
    recount(competition)
    return len(verdicts)


def judged_round(competition: Competition) -> Round:
    """Return the panel's round. Raises Denied(NOT_ALL_SUBMITTED) where there is none."""
    round_ = reviewing.find_round(panel_key(competition))
    if round_ is None:
        raise Denied(Reason.NOT_ALL_SUBMITTED)
    return round_


def write_letters(competition: Competition, verdicts: Sequence[tuple[Problem, Decided]]) -> list[Letter]:
    """Write the mail to each reporter as it will be queued, by the code of the problem."""
    return [
        write_letter(
            to=problem.officer.email, language=problem.officer.language, template="problems_decided", event=f"problem.decided/{problem.code}",
            context={"problem": problem, "competition": competition, "is_chosen": row.line.is_taken, "reason": row.line.reason, "feedback": row.feedback},
        )
        for problem, row in verdicts
    ]


def _tell(problem: Problem, template: str, event: str) -> None:
    competition = problem.competition
    context = {
        "problem": problem, "competition": competition, "deadline_at": competition.stage(StageKind.PROBLEM_CALL).closes_at,
        "fingerprint": fingerprint(problem),
    }
    queue(to=problem.officer.email, language=problem.officer.language, template=template, context=context, event=event)


def _record(what: str, actor: Any, problem: Problem, body: dict[str, Any] | None = None) -> None:
    audit.record(what, actor=actor, competition=problem.chain, thing=f"problem/{problem.code}", body=body)
