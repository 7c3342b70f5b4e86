"""Those with like problems find and write to one another; and who has seen the feedback."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from klash.accounts.models import User
from klash.competitions.models import Competition
from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.post.services import queue
from klash.problems.models import PUBLIC_STATES, FeedbackSeen, Problem, Talk, TalkMessage
from klash.problems.services.records import writers_of
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason


@transaction.atomic
def begin_talk(*, actor: User, problem: Problem, others: Sequence[Problem], text: str, is_invented: bool = False) -> Talk:
    """Write to those who write like problems; they get the text by mail and answer on the talk's page, whatever their address.

    Raises Denied(NOT_YOURS), Refused(NOTHING_CHOSEN) without another, Refused(NOT_TWO_REPORTS) for one that is not public or of another competition,
    Refused(INCOMPLETE) without a text.
    """
    access.ensure(actor, Permission.TALK_OF_PROBLEM, problem)
    return _begin(actor, problem.competition, [problem, *others], text, is_introduced=False, is_invented=is_invented)


@transaction.atomic
def introduce(*, actor: User, competition: Competition, problems: Sequence[Problem], text: str, is_invented: bool = False) -> Talk:
    """Bring those who write like problems together with a word of the organiser. Raises Denied(NO_ROLE) and Refused as `begin_talk` does."""
    access.ensure(actor, Permission.INTRODUCE, competition)
    return _begin(actor, competition, problems, text, is_introduced=True, is_invented=is_invented)


def _begin(actor: User, competition: Competition, problems: Iterable[Problem], text: str, *, is_introduced: bool, is_invented: bool) -> Talk:
    chosen = list({problem.pk: problem for problem in problems}.values())
    if len(chosen) < 2:
        raise Refused(Reason.NOTHING_CHOSEN)
    if any(problem.competition_id != competition.pk or problem.state not in PUBLIC_STATES for problem in chosen):
        raise Refused(Reason.NOT_TWO_REPORTS)
    talk = Talk.objects.create(competition=competition, begun_by=actor, begun_at=clock.now(), is_introduced=is_introduced)
    talk.problems.set(chosen)
    body = {"problems": sorted(problem.code for problem in chosen), "is_introduced": is_introduced}
    audit.record("talk.begun", actor=actor, competition=competition.code, thing=f"talk/{talk.code}", body=body)
    write_message(actor=actor, talk=talk, text=text, is_invented=is_invented)
    return talk


@transaction.atomic
def write_message(*, actor: User, talk: Talk, text: str, is_invented: bool = False) -> TalkMessage:
    """Write in a talk; all others who take part get the text by mail. Raises Denied(NOT_YOURS), Refused(INCOMPLETE) without a text."""
    access.ensure(actor, Permission.WRITE_IN_TALK, talk)
    if not text.strip():
        raise Refused(Reason.INCOMPLETE)
    row = TalkMessage.objects.create(talk=talk, person=actor, text=text.strip(), sent_at=clock.now(), is_invented=is_invented)
    for person in people_of(talk):
        if person.pk != actor.pk:
            queue(
                to=person.email, language=person.language, template="problems_talk", event=f"talk.message/{talk.code}/{row.pk}",
                context={"talk": talk, "competition": talk.competition, "sender": actor.name, "text": row.text, "problems": list(talk.problems.order_by("pk"))},
            )
    return row


def people_of(talk: Talk) -> list[User]:
    """Return who takes part: who writes a problem of the talk, and who began it."""
    found = {talk.begun_by_id: talk.begun_by}
    for problem in talk.problems.select_related("officer").order_by("pk"):
        found |= {person.pk: person for person in writers_of(problem)}
    return list(found.values())


def note_seen(*, person: User, problem: Problem) -> None:
    """Keep that somebody who writes the problem has opened its page with the feedback; only the first time counts."""
    FeedbackSeen.objects.get_or_create(problem=problem, person=person, defaults={"seen_at": clock.now()})


@transaction.atomic
def remind_of_feedback(*, actor: User, competition: Competition, problems: Sequence[Problem]) -> int:
    """Remind those whose problem's feedback nobody has opened, once a day at most; returns how many mails. Raises Denied(NO_ROLE)."""
    workflow.lock(competition)
    access.ensure(actor, Permission.RUN_COMPETITION, competition)
    today, count = clock.now().date().isoformat(), 0
    for problem in problems:
        if problem.competition_id != competition.pk or problem.feedback_released_at is None or problem.feedback_seen.exists():
            continue
        for person in writers_of(problem):
            queue(
                to=person.email, language=person.language, template="problems_feedback_waits", event=f"feedback.reminded/{problem.code}/{today}",
                context={"problem": problem, "competition": competition},
            )
            count += 1
        audit.record("problem.feedback_reminded", actor=actor, competition=competition.code, thing=f"problem/{problem.code}")
    return count
