"""Answers are drafted by either side and go out to all at the same moment, in dated rounds."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from klash.challenges import selectors
from klash.challenges.models import AnswerRound, Challenge, InformationSession, PublicQuestion
from klash.challenges.services.news import tell_followers
from klash.core import access, audit, clock, search, workflow
from klash.core.errors import KlashError, Refused
from klash.core.fields import Text
from klash.post.services import queue
from klash.rules.news import Happening
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import PublicQuestionState


@transaction.atomic
def set_question_time(*, actor: Any, challenge: Challenge, until: datetime) -> None:
    """Let anybody ask about a published challenge until a moment. Raises Denied(NO_ROLE, WRONG_STATE)."""
    workflow.lock(challenge)
    access.ensure(actor, Permission.RELEASE_PUBLIC_ANSWERS, challenge)
    challenge.questions_until = until
    challenge.save(update_fields=["questions_until"])
    _record("questions.until", actor, challenge, until=until)


@transaction.atomic
def draft_answer(*, actor: Any, question: PublicQuestion, wording: Text, answer: Text, revision: int | None = None) -> PublicQuestion:
    """Write what all will read: the question in words that tell nothing of who asked, and the answer. Nobody outside sees it before its round.

    revision: the one from which the writer started; None asks for no comparison.
    Raises Denied(NO_ROLE), Refused(WRONG_STATE) once it is released or left out, or Refused(TEXT_CHANGED).
    """
    workflow.lock(question)
    access.ensure(actor, Permission.DRAFT_ANSWERS, question)
    if question.state != PublicQuestionState.ASKED:
        raise Refused(Reason.WRONG_STATE)
    if revision is not None and revision != question.revision:
        raise Refused(Reason.TEXT_CHANGED)
    question.wording, question.answer, question.revision = _filled(wording), _filled(answer), question.revision + 1
    question.save(update_fields=["wording", "answer", "revision"])
    _record("answer.drafted", actor, question.challenge, question=question.code)
    return question


def _filled(text: Mapping[str, str]) -> Text:
    return {code: words.strip() for code, words in text.items() if words.strip()}


@transaction.atomic
def join_question(*, actor: Any, question: PublicQuestion, to: PublicQuestion) -> PublicQuestion:
    """Let one answer serve two like questions. Raises Denied(NO_ROLE), IllegalMove, or Refused(WRONG_STATE) where they cannot be joined."""
    workflow.lock_all([question, to])
    if question.pk == to.pk or question.challenge_id != to.challenge_id or to.state != PublicQuestionState.ASKED or question.joined.exists():
        raise Refused(Reason.WRONG_STATE)
    return workflow.move(question, to=PublicQuestionState.JOINED, actor=actor, save={"joined_to": to}, body={"to": to.code})


def part_question(*, actor: Any, question: PublicQuestion) -> PublicQuestion:
    """Take a question out of another again. Raises Denied(NO_ROLE) or IllegalMove."""
    return workflow.move(question, to=PublicQuestionState.ASKED, actor=actor, save={"joined_to": None})


@transaction.atomic
def dismiss_question(*, actor: Any, question: PublicQuestion, reason: str) -> PublicQuestion:
    """Leave a question out that is none, with the reason. Raises Denied(NO_ROLE), IllegalMove, or Refused(NO_REASON_GIVEN, WRONG_STATE)."""
    if not reason.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    workflow.lock(question)
    if question.joined.exists():
        raise Refused(Reason.WRONG_STATE)
    return workflow.move(question, to=PublicQuestionState.DISMISSED, actor=actor, save={"reason": reason.strip()})


@transaction.atomic
def release_answers(*, actor: Any, challenge: Challenge, at: datetime | None = None) -> AnswerRound:
    """Release every answer that is ready, as one round: to the public page and by mail to everyone concerned and to who asked, in one transaction.

    at: the time for which it was scheduled. Raises Denied(NO_ROLE), Refused(INCOMPLETE) where no answer is ready, or Refused(WRONG_STATE) where it
    is no longer scheduled for this time.
    """
    workflow.lock(challenge)
    access.ensure(actor, Permission.RELEASE_PUBLIC_ANSWERS, challenge)
    if at is not None and challenge.answers_at != at:
        raise Refused(Reason.WRONG_STATE)
    waiting = challenge.questions.filter(state=PublicQuestionState.ASKED, confirmed_at__isnull=False).select_for_update(no_key=True).order_by("pk")
    ready = [question for question in waiting if question.is_ready()]
    if not ready:
        raise Refused(Reason.INCOMPLETE)
    number = (challenge.answer_rounds.aggregate(last=Max("number"))["last"] or 0) + 1
    round_ = AnswerRound.objects.create(challenge=challenge, number=number, released_at=clock.now(), released_by=actor)
    joined = list(challenge.questions.filter(state=PublicQuestionState.JOINED, joined_to__in=ready).order_by("pk"))
    for question in (*ready, *joined):
        workflow.move(question, to=PublicQuestionState.RELEASED, actor=actor, save={"round": round_, "search": _searchable(question)})
    challenge.answers_at = challenge.answers_by = None
    challenge.save(update_fields=["answers_at", "answers_by"])
    told = [[question.code, question.wording, question.answer] for question in ready]
    _record("answers.released", actor, challenge, round=number, questions=len(ready), hash=audit.sha256("klash/1/answers", audit.canonical(told)))
    _tell(challenge, round_, ready, joined)
    tell_followers(challenge, Happening.ANSWERS_PUBLISHED, f"answers.released/{challenge.code}/{number}")
    return round_


def _searchable(question: PublicQuestion) -> str:
    texts = {code: "\n".join([question.wording.get(code, ""), words]) for code, words in question.answer.items()}
    return "".join(search.index(text, code) for code, text in texts.items())


def _tell(challenge: Challenge, round_: AnswerRound, ready: Sequence[PublicQuestion], joined: Sequence[PublicQuestion]) -> None:
    """Queue the same mail to all. Of who asked and has no other part in the challenge the staff does not even see that a mail went out."""
    context = {"challenge": challenge, "competition": challenge.competition, "round": round_, "questions": ready}
    concerned = {person.email: person.language for person in selectors.concerned(challenge)}
    askers = {(question.asker.email if question.asker else question.email): _language_of(question) for question in (*ready, *joined)}
    for event, people in (("answers.released", concerned), ("account.answers", {to: code for to, code in askers.items() if to not in concerned})):
        for to, language in people.items():
            queue(to=to, language=language, template="challenges_answers", context=context, event=f"{event}/{challenge.code}/{round_.number}")


def _language_of(question: PublicQuestion) -> str:
    return question.asker.language if question.asker else question.language


@transaction.atomic
def schedule_answers(*, actor: Any, challenge: Challenge, at: datetime | None) -> None:
    """Let the answers that are ready go out at a time; None takes the time back. Raises Denied(NO_ROLE) or Refused(TOO_EARLY)."""
    workflow.lock(challenge)
    access.ensure(actor, Permission.RELEASE_PUBLIC_ANSWERS, challenge)
    if at is not None and at <= clock.now():
        raise Refused(Reason.TOO_EARLY)
    challenge.answers_at, challenge.answers_by = at, actor if at else None
    challenge.save(update_fields=["answers_at", "answers_by"])
    _record("answers.scheduled", actor, challenge, at=at)


def release_due() -> int:
    """Release the rounds whose time has come, each once however many of these run; return how many. Where nothing is ready the time is taken back."""
    due = Challenge.objects.filter(answers_at__lte=clock.now()).select_related("competition", "answers_by").order_by("pk")
    return sum(_release_scheduled(challenge) for challenge in due)


def _release_scheduled(challenge: Challenge) -> bool:
    at, actor = challenge.answers_at, challenge.answers_by
    try:
        release_answers(actor=actor, challenge=challenge, at=at)
    except KlashError:
        Challenge.objects.filter(pk=challenge.pk, answers_at=at).update(answers_at=None, answers_by=None)
        return False
    return True


@transaction.atomic
def save_information_session(
    *, actor: Any, challenge: Challenge, session: InformationSession | None = None, title: Text, starts_at: datetime, url: str = "", recording_url: str = "",
    material_url: str = "",
) -> InformationSession:
    """Add a webinar or a meeting about the challenge, or change it; the recording and the material come later. Raises Denied(NO_ROLE, WRONG_STATE)."""
    workflow.lock(challenge)
    access.ensure(actor, Permission.DRAFT_ANSWERS, challenge)
    session = session or InformationSession(challenge=challenge)
    session.title, session.starts_at, session.url, session.recording_url, session.material_url = title, starts_at, url, recording_url, material_url
    session.save()
    _record("information_session.saved", actor, challenge, session=session.code)
    return session


@transaction.atomic
def remove_information_session(*, actor: Any, session: InformationSession) -> None:
    """Remove a webinar or a meeting. Raises Denied(NO_ROLE, WRONG_STATE)."""
    access.ensure(actor, Permission.DRAFT_ANSWERS, session.challenge)
    code = session.code
    session.delete()
    _record("information_session.removed", actor, session.challenge, session=code)


def _record(what: str, actor: Any, challenge: Challenge, **body: Any) -> None:
    audit.record(what, actor=actor, competition=challenge.chain, thing=f"challenge/{challenge.code}", body=body)
