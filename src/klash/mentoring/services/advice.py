"""Advice points: a mentor gives them, the team says what it made of each."""

from typing import Any

from django.db import transaction
from django.db.models import Max

from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.mentoring.models import Advice, Session
from klash.mentoring.services.sessions import ensure_takes_part
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason


@transaction.atomic
def give_advice(*, actor: Any, session: Session, text: str) -> Advice:
    """Add one advice point to a session that has begun; the team reads it at once. The audit entry never holds it.

    Raises Denied, or Refused(INCOMPLETE) without a text, Refused(TEXT_TOO_LONG).
    """
    workflow.lock(session)
    ensure_takes_part(actor, session, "mentor")
    access.ensure(actor, Permission.GIVE_ADVICE, session)
    text = " ".join(text.split())
    if not text:
        raise Refused(Reason.INCOMPLETE)
    if len(text) > (Advice._meta.get_field("text").max_length or 0):
        raise Refused(Reason.TEXT_TOO_LONG)
    last: int = session.advice.aggregate(last=Max("number"))["last"] or 0
    advice = Advice.objects.create(session=session, number=last + 1, text=text, given_at=clock.now())
    _record("given", actor, advice)
    return advice


@transaction.atomic
def take_back_advice(*, actor: Any, advice: Advice) -> None:
    """Take an advice point back while the team has not answered it. Raises Denied, or Refused(WRONG_STATE) once it has."""
    workflow.lock(advice)
    ensure_takes_part(actor, advice.session, "mentor")
    access.ensure(actor, Permission.GIVE_ADVICE, advice.session)
    if advice.answer:
        raise Refused(Reason.WRONG_STATE)
    _record("taken_back", actor, advice)
    advice.delete()


@transaction.atomic
def answer_advice(*, actor: Any, advice: Advice, answer: str, why: str = "", section: str = "") -> Advice:
    """Say what the team made of an advice point; a later answer replaces an earlier one. The audit entry never holds the words.

    answer: of `Advice.Answer`. section: code of the section of the competition's proposal that changed, or "".
    Raises Denied, or Refused(INCOMPLETE) for an answer or a section that there is not.
    """
    workflow.lock(advice)
    access.ensure(actor, Permission.ANSWER_ADVICE, advice)
    sections = {"", *(row.code for row in advice.session.slot.day.competition.sections())}
    if answer not in Advice.Answer.values or section not in sections:
        raise Refused(Reason.INCOMPLETE)
    advice.answer, advice.why, advice.section = answer, why.strip(), section
    advice.answered_at, advice.answered_by = clock.now(), actor
    advice.save(update_fields=["answer", "why", "section", "answered_at", "answered_by"])
    _record("answered", actor, advice, answer=answer, section=section)
    return advice


def _record(what: str, actor: Any, advice: Advice, **body: str) -> None:
    audit.record(f"advice.{what}", actor=actor, competition=advice.chain, thing=f"advice/{advice.code}", body=body)
