"""Asking for more information after something was handed in: the stage that owns it writes the answers, this keeps the asking."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from klash.accounts.models import User
from klash.competitions.answers import check_answers
from klash.competitions.models import SUMMARY, Competition, MoreInformation, StageForm
from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.post.services import queue
from klash.rules import questions
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import MoreState


def open_fields(
    *, actor: User, of: Any, competition: Competition, form: StageForm, fields: Sequence[str], text: str, until: datetime
) -> MoreInformation:
    """Open named fields of a problem or an application until a time, with what is asked; call with it locked and known to be judged by nobody yet.

    of: it. Raises Denied(NO_ROLE, FROZEN), Refused(NOTHING_CHOSEN) without a field, Refused(NO_REASON_GIVEN) without a text, Refused(TIME_IS_OVER),
    Refused(MORE_AWAITED) while something is awaited of it.
    """
    now = clock.now()
    access.ensure(actor, Permission.ASK_MORE, of, now)
    known = {SUMMARY, *(row.code for row in form.asked)}
    chosen = [code for code in dict.fromkeys(fields) if code in known]
    if not chosen:
        raise Refused(Reason.NOTHING_CHOSEN)
    if not text.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    if until <= now:
        raise Refused(Reason.TIME_IS_OVER)
    thing = f"{of.lifecycle}/{of.code}"
    earlier = MoreInformation.objects.filter(thing=thing, state=MoreState.ASKED).select_related("competition").first()
    if earlier is not None and earlier.is_awaited(now):
        raise Refused(Reason.MORE_AWAITED)
    if earlier is not None:  # its time is over unanswered
        earlier.of = of
        workflow.move(earlier, to=MoreState.TAKEN_BACK, actor=actor)
    row = MoreInformation.objects.create(
        competition=competition, thing=thing, fields=chosen, text=text.strip(), until=until, asked_by=actor, asked_at=now
    )
    row.of = of
    body = {"fields": chosen, "until": until, "more_information": row.code, "hash": audit.sha256("klash/1/more", row.code, row.text)}
    audit.record(f"{row.lifecycle}.{MoreState.ASKED}", actor=actor, competition=row.chain, thing=f"{row.lifecycle}/{row.code}", body=body, at=now)
    return row


def check_more(form: StageForm, row: MoreInformation, answers: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers with what was given to the fields that are open, the others as they are.

    given: field -> answer; what is not open is dropped. Raises Refused(ANSWER_DOES_NOT_FIT, INCOMPLETE, TOO_MANY_WORDS).
    """
    told = {code: given[code] for code in row.fields if code in given and code != SUMMARY}
    check_answers(form, told)
    kept = questions.with_answers(answers, told)
    if questions.missing(form.rules(), kept, clock.now()) or (SUMMARY in given and SUMMARY in row.fields and not str(given[SUMMARY]).strip()):
        raise Refused(Reason.INCOMPLETE)
    if questions.too_long(form.rules(), kept):
        raise Refused(Reason.TOO_MANY_WORDS)
    return kept


def close_answered(*, actor: User, row: MoreInformation, before: Mapping[str, Any], fingerprint: str) -> MoreInformation:
    """Keep that it was answered, with what stood there before. Raises Denied(NOT_YOURS, READS_ONLY, DEADLINE_PASSED) or IllegalMove."""
    columns = {"before": dict(before), "answered_by": actor, "answered_at": clock.now()}
    return workflow.move(row, to=MoreState.ANSWERED, actor=actor, save=columns, body={"of": row.thing, "fields": list(before), "fingerprint": fingerprint})


@transaction.atomic
def take_back_more(*, actor: User, row: MoreInformation) -> MoreInformation:
    """Close the fields again. Raises Denied(NO_ROLE) or IllegalMove where it was answered meanwhile."""
    return workflow.move(row, to=MoreState.TAKEN_BACK, actor=actor)


def tell_more(row: MoreInformation, template: str, people: Sequence[User], **context: Any) -> None:
    """Write a mail on what is asked or was answered to those who write the thing."""
    for person in people:
        queue(
            to=person.email, language=person.language, template=template, event=f"{row.lifecycle}.{row.state}/{row.code}",
            context={"row": row, "competition": row.competition, **context},
        )
