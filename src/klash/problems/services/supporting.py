"""Municipalities that have the same problem: at once as supporters, or by the leading officer's leave as co-owners."""

from django.db import transaction

from klash.accounts.models import Affiliation, Municipality, User
from klash.accounts.services import grant_role
from klash.competitions.selectors import register
from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.post.services import queue
from klash.problems.models import JoinRequest, Problem, Support, Writer
from klash.problems.services.panel import find_conflicts
from klash.problems.services.records import record
from klash.problems.services.tallies import places_of, recount
from klash.problems.services.writing import searchable
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import JoinRequestState


@transaction.atomic
def support_problem(*, actor: User, problem: Problem, municipality: Municipality, word: str, language: str = "fi", is_invented: bool = False) -> Support:
    """Say in public that a municipality has the same problem; holds until the end of the competition.

    Raises Denied (not public, the competition is over), Refused(INCOMPLETE) without a word or for a municipality of another time,
    Refused(OTHER_SIDE), Refused(IN_THE_GROUP) for one that takes part already.
    """
    workflow.lock(problem)
    access.ensure(actor, Permission.SUPPORT_PROBLEM, problem)
    _act_for(actor, problem, municipality, word)
    row = Support.objects.create(
        problem=problem, municipality=municipality, person=actor, word=word.strip(), language=language, is_invented=is_invented, supported_at=clock.now(),
    )
    record("problem.supported", actor, problem, {"support": row.code, "municipality": municipality.code, "hash": _hash(row.code, row.word)})
    find_conflicts(competition=problem.competition)
    return row


@transaction.atomic
def take_back_support(*, actor: User, support: Support) -> None:
    """Take the support back; a conflict that was found because of it stays. Raises Denied(NOT_YOURS), or Denied(FROZEN) once the competition is over."""
    workflow.lock(support.problem)
    access.ensure(actor, Permission.TAKE_BACK_SUPPORT, support)
    Support.objects.filter(pk=support.pk).delete()
    record("problem.support_taken_back", actor, support.problem, {"support": support.code})


@transaction.atomic
def ask_to_co_own(*, actor: User, problem: Problem, municipality: Municipality, word: str) -> JoinRequest:
    """Ask that a municipality report the problem together with the others; the leading officer gets a mail.

    Raises Denied (not submitted, the call is over), Refused(INCOMPLETE), Refused(OTHER_SIDE), Refused(IN_THE_GROUP), Refused(ALREADY_ASKED).
    """
    workflow.lock(problem)
    access.ensure(actor, Permission.ASK_TO_CO_OWN, problem)
    if JoinRequest.objects.filter(problem=problem, municipality=municipality, state=JoinRequestState.ASKED).exists():
        raise Refused(Reason.ALREADY_ASKED)
    _act_for(actor, problem, municipality, word, may_support=True)
    row = JoinRequest.objects.create(problem=problem, municipality=municipality, person=actor, word=word.strip(), asked_at=clock.now())
    record("problem.join_asked", actor, problem, {"request": row.code, "municipality": municipality.code, "hash": _hash(row.code, row.word)})
    _mail(row, problem.officer, "problems_join_asked")
    return row


@transaction.atomic
def accept_co_owner(*, actor: User, request: JoinRequest, answer: str = "") -> JoinRequest:
    """Take the municipality into the report; whoever asked writes along from here on.

    The competition is locked first, as by submitting and withdrawing: the numbers of public problems count what stands afterwards.
    Raises Denied(NOT_YOURS, DEADLINE_PASSED) or IllegalMove where it was answered or taken back meanwhile.
    """
    workflow.lock(request.problem.competition)
    problem = workflow.lock(request.problem)
    _answer(actor, request, JoinRequestState.ACCEPTED, answer)
    problem.group.add(request.municipality)
    if request.person_id != problem.officer_id:
        Writer.objects.get_or_create(
            problem=problem, person=request.person, defaults={"municipality": request.municipality, "joined_at": clock.now()},
        )
    Support.objects.filter(problem=problem, municipality=request.municipality).delete()  # it reports now
    problem.search = searchable(problem, list(problem.group.all()))
    problem.save(update_fields=["search"])
    recount(problem.competition, places_of(problem))
    find_conflicts(competition=problem.competition)
    return request


@transaction.atomic
def decline_co_owner(*, actor: User, request: JoinRequest, answer: str) -> JoinRequest:
    """Decline with a word why. Raises Denied(NOT_YOURS, DEADLINE_PASSED), Refused(INCOMPLETE) without a word, or IllegalMove."""
    if not answer.strip():
        raise Refused(Reason.INCOMPLETE)
    return _answer(actor, request, JoinRequestState.DECLINED, answer)


@transaction.atomic
def take_back_request(*, actor: User, request: JoinRequest) -> JoinRequest:
    """Take back what one asked. Raises Denied(NOT_YOURS), or IllegalMove where it was answered meanwhile."""
    return workflow.move(request, to=JoinRequestState.TAKEN_BACK, actor=actor)


def _answer(actor: User, request: JoinRequest, to: JoinRequestState, answer: str) -> JoinRequest:
    body = {"municipality": request.municipality.code, "hash": _hash(request.code, answer.strip())}
    workflow.move(request, to=to, actor=actor, save={"answer": answer.strip(), "answered_at": clock.now()}, body=body)
    _mail(request, request.person, "problems_join_answered")
    return request


def _act_for(actor: User, problem: Problem, municipality: Municipality, word: str, *, may_support: bool = False) -> None:
    """Make the actor a municipal officer of the municipality. Raises Refused as the callers tell."""
    if not word.strip() or not register(problem.competition).filter(pk=municipality.pk).exists():
        raise Refused(Reason.INCOMPLETE)
    taken = set(places_of(problem))
    if not may_support:
        taken |= set(problem.supports.values_list("municipality", flat=True))
    if municipality.pk in taken:
        raise Refused(Reason.IN_THE_GROUP)
    grant_role(actor=actor, person=actor, role=Role.OFFICER, competition=problem.chain)
    Affiliation.objects.get_or_create(person=actor, municipality=municipality)


def _mail(row: JoinRequest, to: User, template: str) -> None:
    context = {"request": row, "problem": row.problem, "competition": row.problem.competition, "is_accepted": row.state == JoinRequestState.ACCEPTED}
    queue(to=to.email, language=to.language, template=template, context=context, event=f"join_request.{row.state}/{row.code}")


def _hash(code: str, text: str) -> str:
    return audit.sha256("klash/1/word", code, text)
