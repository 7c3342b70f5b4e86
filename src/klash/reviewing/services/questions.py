"""Questions of a jury to those who wrote the entries, and their answers: by code name, in batches, in minutes to which one can only add.

Whose an entry is, nobody here knows: the stage that owns the entries carries the questions over and brings the answers back, all at once.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from klash.core import access, audit, clock, workflow
from klash.core.databases import reviewing as alias
from klash.core.errors import Refused
from klash.reviewing.hashes import answer_hash, question_hash
from klash.reviewing.models import AnswerText, Entry, Question, QuestionBatch, Round, Seat
from klash.reviewing.services.clearing import LEFT_OUT, WORDS_SIGNS_MIN
from klash.reviewing.services.reviews import own_review
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import QuestionBatchState, QuestionState


def ask_question(*, actor: Seat, entry: Entry, text: str) -> Question:
    """Put a question to whoever wrote an entry; the registrar sends it or returns it.

    Raises Denied (not the actor's entry, the round takes no questions or is not open) or Refused(INCOMPLETE) for an empty text.
    """
    using = alias()
    with transaction.atomic(using=using):
        own_review(actor, entry)
        now = clock.judged(using)
        question = Question(entry=entry, seat=actor, text=text.strip(), asked_at=now)
        access.ensure(actor, Permission.ASK_QUESTION, question, now)
        if not question.text:
            raise Refused(Reason.INCOMPLETE)
        question.save(using=using, force_insert=True)
        body = {"entry": entry.code, "hash": question_hash(entry.code, question.text)}
        audit.record("question.asked", actor=actor, competition=actor.chain, thing=f"question/{question.code}", body=body, using=using, at=now)
    return question


def return_question(*, actor: Any, question: Question, reason: str) -> Question:
    """Give a question back to its juror, with the reason.

    Raises Denied, IllegalMove, Refused(NO_REASON_GIVEN), or Refused(WRONG_STATE) for one in a batch that waits.
    """
    if not reason.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    with transaction.atomic(using=alias()):
        workflow.lock(question)
        if question.batch_id is not None:
            raise Refused(Reason.WRONG_STATE, "the question is in a batch")
        save = {"reason": reason.strip(), "settled_at": clock.now()}
        return workflow.move(question, to=QuestionState.RETURNED, actor=actor, save=save, body={"reason": save["reason"]})


def propose_questions(*, actor: Any, round: Round, answers_by: datetime, releases_at: datetime) -> QuestionBatch:
    """Gather all questions that wait into one batch; nothing is sent before another person confirms it.

    releases_at: when all answers are shown to the jury at once. Raises Denied (no registrar, not asking now, answers_by in the past),
    Refused(ANSWERS_WHEN) unless the release lies after the deadline and within the jury's time, Refused(INCOMPLETE) where no question waits,
    or Refused(ALREADY_REQUESTED) where a batch waits.
    """
    using = alias()
    with transaction.atomic(using=using):
        workflow.lock(round)
        now = clock.now()
        batch = QuestionBatch(round=round, answers_by=answers_by, releases_at=releases_at, proposed_by=actor.pseudonym, proposed_at=now)
        access.ensure(actor, Permission.SEND_QUESTIONS, batch, now)
        if not answers_by < releases_at < round.closes_at:
            raise Refused(Reason.ANSWERS_WHEN)
        waiting = list(Question.objects.using(using).filter(
            entry__round=round, entry__is_excluded=False, state=QuestionState.ASKED, batch=None,
        ).select_related("entry"))
        try:
            with transaction.atomic(using=using):
                batch.save(using=using, force_insert=True)
        except IntegrityError:
            raise Refused(Reason.ALREADY_REQUESTED) from None
        if not waiting:
            raise Refused(Reason.INCOMPLETE, "no question waits")
        Question.objects.using(using).filter(pk__in=[row.pk for row in waiting]).update(batch=batch)
        audit.record(
            "question_batch.proposed", actor=actor, competition=round.chain, thing=f"question_batch/{batch.code}", body=_told(batch, waiting),
            using=using, at=now,
        )
    return batch


def take_back_questions(*, actor: Any, batch: QuestionBatch) -> QuestionBatch:
    """Drop a batch that nobody has confirmed; its questions wait again. Raises Denied or IllegalMove."""
    with transaction.atomic(using=alias()):
        workflow.move(batch, to=QuestionBatchState.TAKEN_BACK, actor=actor)
        batch.questions.using(alias()).update(batch=None)
    return batch


def confirm_questions(*, actor: Any, batch: QuestionBatch) -> QuestionBatch:
    """Send another person's batch. The event names the entries: by it the keys' holder tells whose these are, and no others.

    Raises Denied (no staff, SAME_PERSON, DEADLINE_PASSED) or IllegalMove.
    """
    using = alias()
    with transaction.atomic(using=using):
        questions = workflow.lock_all(list(batch.questions.using(using).all()))
        now = clock.now()
        workflow.move(
            batch, to=QuestionBatchState.SENT, actor=actor, body=_told(batch, questions), save={"confirmed_by": actor.pseudonym, "confirmed_at": now}
        )
        for question in questions:
            workflow.move(question, to=QuestionState.SENT, actor=actor, save={"settled_at": now}, body={"batch": batch.code})
    return batch


def mark_delivered(*, batch: QuestionBatch) -> None:
    """Keep when the teams had the questions; a second call changes nothing."""
    QuestionBatch.objects.using(alias()).filter(pk=batch.pk, delivered_at=None).update(delivered_at=clock.now())


def take_answers(*, batch: QuestionBatch, answers: Mapping[str, str]) -> int:
    """Take over all answers of a batch, in one transaction and at one instant; return how many. A second call finds them there.

    answers: question's code -> text. What has not come by now comes never: the minutes say so. Raises Denied before the deadline.
    """
    using, system = alias(), audit.System()
    with transaction.atomic(using=using):
        workflow.lock(batch)
        if batch.carried_at is not None:
            return 0
        now = batch.carried_at = clock.judged(using)
        questions = Question.objects.using(using).filter(batch=batch, code__in=answers).order_by("pk")
        for question in questions:
            workflow.move(question, to=QuestionState.ANSWERED, actor=system, body={"hash": answer_hash(question.code, answers[question.code])})
            _write(system, question, 0, answers[question.code], "", now)
        batch.save(using=using, update_fields=["carried_at"])
        body = {"answers": len(questions), "questions": batch.questions.using(using).count()}
        audit.record("question_batch.carried", actor=system, competition=batch.chain, thing=f"question_batch/{batch.code}", body=body, using=using, at=now)
    return len(questions)


def leave_out_of_answer(*, actor: Any, question: Question, words: str, reason: str, seen: str) -> AnswerText:
    """Put a neutral word wherever these words stand in an answer; what stood there stays in the minutes, and no page shows it.

    seen: the hash of the answer that the actor looked at. Raises Denied, Refused(NO_REASON_GIVEN), Refused(PAGE_CHANGED), or
    Refused(INCOMPLETE) where the words do not stand there.
    """
    if not reason.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    with transaction.atomic(using=alias()):
        newest = _hold_answer(actor, question, seen)
        text = newest.text["text"].replace(words, LEFT_OUT[question.entry.language])
        if len(words.strip()) < WORDS_SIGNS_MIN or text == newest.text["text"]:
            raise Refused(Reason.INCOMPLETE, "the words do not stand in the answer")
        row = _write(actor, question, newest.number + 1, text, reason.strip(), clock.now())
        audit.record(
            "question.redacted", actor=actor, competition=question.chain, thing=f"question/{question.code}", using=alias(),
            body={"reason": row.reason, "before": seen, "after": row.hash},
        )
    return row


def clear_answer(*, actor: Any, question: Question, seen: str) -> Question:
    """Let an answer through to the jury as the actor saw it; it is shown with all others of its batch. Raises Denied, IllegalMove or Refused(PAGE_CHANGED)."""
    with transaction.atomic(using=alias()):
        newest = _hold_answer(actor, question, seen)
        return workflow.move(question, to=QuestionState.CLEARED, actor=actor, save={"answer": newest.text["text"]}, body={"hash": seen})


def _hold_answer(actor: Any, question: Question, seen: str) -> AnswerText:
    workflow.lock(question)
    access.ensure(actor, Permission.CLEAR_ANSWER, question)
    newest = question.answers.using(alias()).last()
    if newest is None or newest.hash != seen:
        raise Refused(Reason.PAGE_CHANGED)
    return newest


def _write(actor: Any, question: Question, number: int, text: str, reason: str, at: datetime) -> AnswerText:
    row = AnswerText(
        question=question, number=number, text={"text": text}, hash=answer_hash(question.code, text), reason=reason, made_by=actor.pseudonym, made_at=at
    )
    row.save(using=alias(), force_insert=True)
    return row


def _told(batch: QuestionBatch, questions: Sequence[Question]) -> dict[str, Any]:
    """Return what the log tells of a batch."""
    return {
        "round": batch.round.code, "answers_by": batch.answers_by, "releases_at": batch.releases_at,
        "entries": sorted({row.entry.code for row in questions}),
        "questions": {row.code: question_hash(row.entry.code, row.text) for row in questions},
    }
