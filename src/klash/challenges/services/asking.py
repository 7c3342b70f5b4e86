"""Anybody asks about a challenge in public; nobody ever learns who asked.

The log has these questions under the software's own name: a pseudonym there would tell the staff, and later everybody, who asked.
"""

from datetime import timedelta

from django.core import signing
from django.db import transaction

from klash.accounts.models import User
from klash.challenges.models import Challenge, PublicQuestion
from klash.core import access, audit, chance, clock, workflow
from klash.core.errors import Refused
from klash.core.fields import LANGUAGES
from klash.post.services import queue
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason

CONFIRM_WITHIN = timedelta(hours=48)
LONGEST_QUESTION = 2000
A_DAY = 5  # questions that one person or address may send to a challenge within a day
UNCONFIRMED = 200  # questions of a challenge that may wait for their address at once
_SALT = "klash.challenges.question"


@transaction.atomic
def ask_publicly(*, challenge: Challenge, text: str, language: str, asker: User | None = None, email: str = "", is_invented: bool = False) -> PublicQuestion:
    """Ask about a challenge. Without an account the question counts once its address is confirmed by a link in a mail.

    Raises Denied(NOT_OPEN_YET, DEADLINE_PASSED), Refused(INCOMPLETE) without a text or an address, Refused(TEXT_TOO_LONG), or
    Refused(TOO_MANY_QUESTIONS).
    """
    workflow.lock(challenge)
    access.ensure(asker or audit.System(), Permission.ASK_PUBLICLY, challenge)
    text, email = text.strip(), "" if asker else email.strip().lower()
    if not text or not (asker or email):
        raise Refused(Reason.INCOMPLETE)
    if len(text) > LONGEST_QUESTION:
        raise Refused(Reason.TEXT_TOO_LONG)
    _refuse_flood(challenge, asker, email)
    now = clock.now()
    question = PublicQuestion.objects.create(
        challenge=challenge, text=text, language=language if language in LANGUAGES else "fi", asker=asker, email=email, asked_at=now,
        confirmed_at=now if asker else None, is_invented=is_invented,
    )
    if asker:
        _record_asked(question)
    else:
        # The name of the event keeps it out of the list of mails that the staff reads.
        context = {"challenge": challenge, "competition": challenge.competition, "token": signing.dumps(question.code, salt=_SALT), "question": question}
        queue(to=email, language=question.language, template="challenges_question", context=context, event=f"account.question/{chance.key()}")
    return question


def _refuse_flood(challenge: Challenge, asker: User | None, email: str) -> None:
    asked = challenge.questions.filter(asked_at__gt=clock.now() - timedelta(days=1))
    own = asked.filter(asker=asker) if asker else asked.filter(email=email)
    if own.count() >= A_DAY or not asker and asked.filter(confirmed_at=None).count() >= UNCONFIRMED:
        raise Refused(Reason.TOO_MANY_QUESTIONS)


def find_unconfirmed(token: str) -> PublicQuestion | None:
    """Return the question whose address a link proves, also after that was done. One query."""
    try:
        code = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    question = PublicQuestion.objects.filter(code=code).select_related("challenge__competition").first()
    return question if question and (question.confirmed_at or clock.now() - question.asked_at <= CONFIRM_WITHIN) else None


@transaction.atomic
def confirm_question(*, question: PublicQuestion) -> PublicQuestion:
    """Take in a question whose address its link proved; a second time changes nothing. It counts as asked when it was written."""
    workflow.lock(question)
    if question.confirmed_at is None:
        question.confirmed_at = clock.now()
        question.save(update_fields=["confirmed_at"])
        _record_asked(question)
    return question


def clear_unconfirmed() -> int:
    """Delete the questions whose address nobody confirmed in time; return how many."""
    return PublicQuestion.objects.filter(confirmed_at=None, asked_at__lt=clock.now() - CONFIRM_WITHIN).delete()[0]


def _record_asked(question: PublicQuestion) -> None:
    body = {"challenge": question.challenge.code, "hash": audit.sha256("klash/1/question", chance.key(), question.text)}
    audit.record("public_question.asked", actor=audit.System(), competition=question.chain, thing=f"public_question/{question.code}", body=body)
