"""The jury's questions on their way to the teams, and the answers on their way back. Nobody sees the route, and nothing of it is kept.

A code name's team is known only inside one call, while a batch is delivered. No event, mail or page tells which team was asked: every team whose
proposal was opened gets the same mail, and the answers go over all at once, at their deadline.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from klash.competitions.services import tell_seconds
from klash.core import access, arrival, audit, chance, clock, workflow
from klash.core.errors import Refused
from klash.core.sealing import Unopened
from klash.proposals.models import Opening, TeamQuestion
from klash.proposals.selectors import round_of
from klash.proposals.services import letters
from klash.proposals.services.sealing import open_asked
from klash.reviewing import selectors as reading
from klash.reviewing import services as reviewing
from klash.reviewing.models import Question, QuestionBatch
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason


def propose_questions(*, actor: Any, opening: Opening, answers_by: datetime, releases_at: datetime) -> QuestionBatch:
    """Gather the questions that wait into a batch, and tell those who can confirm it. Raises as `reviewing.propose_questions`."""
    round_ = round_of(opening.challenge)
    if round_ is None:
        raise Refused(Reason.NOT_COMPLETE, "the jury's round is not prepared")
    batch = reviewing.propose_questions(actor=actor, round=round_, answers_by=answers_by, releases_at=releases_at)
    with transaction.atomic():
        tell_seconds(
            asker=actor, competition=opening.challenge.competition, step="questions", about=opening.challenge.title, page="proposals:jury_questions",
            of=opening.code, event=f"question_batch.proposed/{batch.code}",
        )
    return batch


def send_questions(*, actor: Any, opening: Opening, batch: QuestionBatch) -> QuestionBatch:
    """Confirm another person's batch and deliver it to the teams.

    Raises Denied or IllegalMove, or as `deliver_questions` where the holder does not answer: then it is sent, and `carry_questions` delivers it.
    """
    reviewing.confirm_questions(actor=actor, batch=batch)
    deliver_questions(opening=opening, batch=batch)
    return batch


def deliver_questions(*, opening: Opening, batch: QuestionBatch) -> int:
    """Give each question of a sent batch to its team and tell all teams that there are questions; a second call finds them there. Returns how many.

    Raises as `open_asked`.
    """
    with transaction.atomic():
        workflow.lock(opening)
        rows = [] if TeamQuestion.objects.filter(batch=batch.code).exists() else _rows(opening, batch)
        if rows:
            TeamQuestion.objects.bulk_create(rows)
            audit.record(
                "question_batch.delivered", actor=audit.System(), competition=opening.chain, thing=f"question_batch/{batch.code}",
                body={"questions": {row.code: question_mark(row) for row in rows}},
            )
            letters.tell_of_questions(opening, batch)
    reviewing.mark_delivered(batch=batch)
    return len(rows)


def answer_question(*, actor: Any, question: TeamQuestion, text: str, arrived_at: datetime | None = None) -> TeamQuestion:
    """Send the team's answer; it is final. The log tells that a team answered, not which.

    arrived_at: as `arrival.moment` has it. Raises Denied (not the team's, DEADLINE_PASSED, WRONG_STATE once answered) or Refused(INCOMPLETE).
    """
    with transaction.atomic():
        workflow.lock(question)
        now = clock.judged()
        access.ensure(actor, Permission.ANSWER_QUESTION, question, arrival.received(arrived_at, now))
        if not text.strip():
            raise Refused(Reason.INCOMPLETE)
        question.answer, question.answered_by, question.answered_at = {"text": text.strip()}, actor, now
        question.save(update_fields=["answer", "answered_by", "answered_at"])
        audit.record(
            "team_question.answered", actor=audit.System(), competition=question.chain, thing=f"team_question/{question.code}",
            body={"hash": answer_mark(question)}, at=now,
        )
    return question


def carry_questions() -> tuple[int, int]:
    """Deliver the sent batches that the teams do not have yet, and carry over the answers of those whose deadline has passed.

    May run at any moment and as often as one likes. Returns how many questions were delivered and how many batches of answers carried.
    """
    delivered = sum(_deliver(batch) for batch in reading.undelivered_batches())
    due = TeamQuestion.objects.filter(is_carried=False, answers_by__lt=clock.now() - arrival.settling())
    return delivered, sum(_carry(code) for code in sorted(set(due.values_list("batch", flat=True))))


def question_mark(row: TeamQuestion) -> str:
    """Return the hash by which this side's log knows a question: not the jury's, so that the two logs do not meet."""
    return audit.sha256("klash/1/team-question", row.code, row.question)


def answer_mark(row: TeamQuestion) -> str:
    """Return the hash by which this side's log knows an answer."""
    return audit.sha256("klash/1/team-answer", row.code, row.answer["text"])


def _rows(opening: Opening, batch: QuestionBatch) -> list[TeamQuestion]:
    """Return a row for each question, in no order of the jury's."""
    versions = open_asked(opening, batch.code)
    now, about = clock.now(), {"batch": batch.code, "answers_by": batch.answers_by, "releases_at": batch.releases_at}
    questions: list[Question] = chance.shuffled(reading.questions_in(batch))
    return [
        TeamQuestion(proposal=versions[row.entry.code].proposal, text={"text": row.text}, route={"question": row.code}, sent_at=now, **about)
        for row in questions
    ]


def _deliver(batch: QuestionBatch) -> int:
    opening = Opening.objects.select_related("challenge__competition").get(round_code=batch.round.code)
    try:
        return deliver_questions(opening=opening, batch=batch)
    except (Refused, Unopened):
        return 0  # the registrar's page says that the batch is not delivered; the next run tries again


def _carry(code: str) -> int:
    """Carry the answers of one batch, then erase the way back. Whoever answers at this moment has the row first, or comes too late."""
    with transaction.atomic():
        rows = workflow.lock_all(list(TeamQuestion.objects.filter(batch=code, is_carried=False)))
        batch = reading.batch_of(code)
        if not rows or batch is None:
            return 0
        answers = {row.route["question"]: row.answer["text"] for row in rows if row.answered_at}
        reviewing.take_answers(batch=batch, answers=answers)
        TeamQuestion.objects.filter(pk__in=[row.pk for row in rows]).update(route={}, is_carried=True)
    return 1
