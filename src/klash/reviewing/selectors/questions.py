"""Reads of the questions to teams and of their answers. Before the release of its batch no juror's read touches an answer, or tells whether one came."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from klash.core.databases import reviewing as alias
from klash.reviewing.models import AnswerText, Question, QuestionBatch, Round, Seat
from klash.rules.states import QuestionBatchState, QuestionState


@dataclass(frozen=True)
class Asked:
    """A question in the minutes. answer: what the jury may read of it, "" for none; reasons: why something was left out of it.

    is_released: whether the answers of its batch are shown; an answer that is "" then has not come.
    """

    question: Question
    is_own: bool
    answer: str
    reasons: tuple[str, ...]
    is_released: bool


def waiting_questions(round_: Round) -> list[Question]:
    """Return the questions that nobody has looked at and that are in no batch, in no order of their jurors. One query."""
    rows = Question.objects.using(alias()).filter(entry__round=round_, state=QuestionState.ASKED, batch=None)
    return list(rows.select_related("entry__round").order_by("entry__code", "code"))


def question_of(round_: Round, code: str) -> Question | None:
    """Return a question of the round. One query."""
    return Question.objects.using(alias()).filter(entry__round=round_, code=code).select_related("entry__round", "batch").first()


def batches(round_: Round) -> list[QuestionBatch]:
    """Return the batches that wait or were sent, newest first, with their questions and answers. Three queries."""
    rows = QuestionBatch.objects.using(alias()).filter(round=round_).exclude(state=QuestionBatchState.TAKEN_BACK)
    questions = Question.objects.using(alias()).select_related("entry__round").prefetch_related(_answers()).order_by("entry__code", "code")
    return list(rows.select_related("round").prefetch_related(Prefetch("questions", queryset=questions)).order_by("-pk"))


def undelivered_batches() -> list[QuestionBatch]:
    """Return the batches that were sent and that the teams do not have yet. One query."""
    return list(QuestionBatch.objects.using(alias()).filter(state=QuestionBatchState.SENT, delivered_at=None).select_related("round").order_by("pk"))


def batch_of(code: str) -> QuestionBatch | None:
    """Return a batch with its round. One query."""
    return QuestionBatch.objects.using(alias()).filter(code=code).select_related("round").first()


def questions_in(batch: QuestionBatch) -> list[Question]:
    """Return the questions of a batch with their entries. One query."""
    return list(batch.questions.using(alias()).select_related("entry").order_by("code"))


def minutes(round_: Round, now: datetime) -> list[Asked]:
    """Return every question of a round in order, with the answers that are released: the registrar's minutes. Four queries."""
    return _asked(Question.objects.using(alias()).filter(entry__round=round_), None, now)


def minutes_for(seat: Seat, now: datetime, entry_code: str = "") -> list[Asked]:
    """Return what a juror reads of the minutes: one's own questions, and all that were sent about entries that one judges. Four queries."""
    rows = Question.objects.using(alias()).filter(entry__reviews__seat=seat, entry__reviews__place__isnull=False)
    found = _asked(rows.filter(entry__code=entry_code) if entry_code else rows, seat, now)
    return [row for row in found if row.is_own or row.question.state not in (QuestionState.ASKED, QuestionState.RETURNED)]


def _asked(rows: QuerySet[Question], seat: Seat | None, now: datetime) -> list[Asked]:
    questions = list(rows.select_related("entry__round", "batch").defer("answer").order_by("asked_at", "code"))
    released = _released((row.batch for row in questions if row.batch is not None), now)
    shown = [row.pk for row in questions if row.batch_id in released]
    answers, reasons = dict(Question.objects.using(alias()).filter(pk__in=shown).values_list("pk", "answer")), _reasons(shown)
    return [
        Asked(row, seat is not None and row.seat_id == seat.pk, answers.get(row.pk, ""), reasons.get(row.pk, ()), row.batch_id in released) for row in questions
    ]


def _released(batches_: Iterable[QuestionBatch], now: datetime) -> set[int]:
    """Return the batches whose answers the jury reads: the instant has come, they have come over, and every one is cleared. One query at most."""
    due = {batch.pk for batch in batches_ if batch.releases_at <= now and batch.carried_at is not None}
    held = Question.objects.using(alias()).filter(batch__in=due, state=QuestionState.ANSWERED).values_list("batch", flat=True) if due else ()
    return due.difference(held)


def _reasons(questions: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return by question why something was left out of its answer. One query."""
    found: dict[int, tuple[str, ...]] = {}
    rows = AnswerText.objects.using(alias()).filter(question__in=questions).exclude(reason="").order_by("question", "number")
    for question, reason in rows.values_list("question", "reason"):
        found[question] = (*found.get(question, ()), reason)
    return found


def _answers() -> "Prefetch[str, QuerySet[AnswerText], str]":
    return Prefetch("answers", queryset=AnswerText.objects.using(alias()).order_by("number"))
