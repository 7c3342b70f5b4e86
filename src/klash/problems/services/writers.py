"""Several people write one problem: inviting colleagues, joining, handing the lead over, leaving; and taking over what the staff filed."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from klash.accounts.models import Affiliation, Invitation, Municipality, User
from klash.accounts.services import invite
from klash.competitions.models import StageKind
from klash.core import access, clock, workflow
from klash.core.errors import Denied, Refused
from klash.post.services import queue
from klash.problems.models import Problem, Writer, WriterInvitation
from klash.problems.services.panel import find_conflicts
from klash.problems.services.records import record, writers_of
from klash.problems.services.tallies import places_of, recount
from klash.problems.services.writing import searchable
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.roles import Role


@transaction.atomic
def invite_writer(*, actor: User, problem: Problem, email: str, municipality: Municipality) -> tuple[WriterInvitation, str]:
    """Invite a colleague of the own or another municipality of the report to write along; returns the invitation and the token of its link.

    Raises Denied (not the leading officer), Refused(INCOMPLETE) for a municipality outside the report, Refused(ALREADY_WRITES), Refused(OTHER_SIDE).
    """
    workflow.lock(problem)
    access.ensure(actor, Permission.INVITE_WRITER, problem)
    if municipality.pk not in places_of(problem):
        raise Refused(Reason.INCOMPLETE)
    return offer(actor, problem, email, municipality, is_takeover=False)


def offer(actor: User, problem: Problem, email: str, municipality: Municipality, *, is_takeover: bool) -> tuple[WriterInvitation, str]:
    """Write the invitation and its mail. Raises Refused(ALREADY_WRITES), Refused(OTHER_SIDE)."""
    address = email.strip().lower()
    waiting = waiting_invitations(problem).filter(invitation__email=address).exists()
    if waiting or address in {person.email for person in writers_of(problem)}:
        raise Refused(Reason.ALREADY_WRITES)
    invitation, token = invite(actor=actor, email=address, role=Role.OFFICER, competition=problem.chain)
    row = WriterInvitation.objects.create(problem=problem, invitation=invitation, municipality=municipality, is_takeover=is_takeover)
    language = User.objects.filter(email=address).values_list("language", flat=True).first() or problem.language
    context = {
        "problem": problem, "competition": problem.competition, "municipality": municipality, "is_takeover": is_takeover, "sender": actor.name,
        "token": token, "until": invitation.expires_at,
    }
    queue(to=address, language=language, template="problems_invitation", context=context, event=f"invitation.sent/{invitation.token_hash[:16]}")
    record("problem.writer_invited", actor, problem, {"invitation": invitation.token_hash[:16], "municipality": municipality.code})
    return row, token


def waiting_invitations(problem: Problem) -> QuerySet[WriterInvitation]:
    """Return the invitations that can still be accepted."""
    rows = WriterInvitation.objects.filter(problem=problem, invitation__accepted_at=None, invitation__expires_at__gte=clock.now())
    return rows.select_related("invitation", "municipality")


@transaction.atomic
def revoke_invitation(*, actor: User, invitation: WriterInvitation) -> None:
    """Make the link void. Raises Denied(NOT_YOURS)."""
    access.ensure(actor, Permission.INVITE_WRITER, workflow.lock(invitation.problem))
    Invitation.objects.filter(pk=invitation.invitation_id, accepted_at=None).update(expires_at=clock.now() - timedelta(milliseconds=1))
    record("problem.invitation_revoked", actor, invitation.problem, {"invitation": invitation.invitation.token_hash[:16]})


@transaction.atomic
def join_writers(*, actor: User, offered: WriterInvitation) -> Problem:
    """Do what an accepted invitation offers: write along, or take over what the staff filed.

    Called in the transaction that accepts it. Raises Refused(INVITATION_VOID) where somebody else has taken the problem over meanwhile.
    """
    problem = workflow.lock(offered.problem)
    Affiliation.objects.get_or_create(person=actor, municipality=offered.municipality)
    if offered.is_takeover:
        return _take_over(actor, problem)
    if actor.pk != problem.officer_id:
        Writer.objects.get_or_create(problem=problem, person=actor, defaults={"municipality": offered.municipality, "joined_at": clock.now()})
    record("problem.writer_joined", actor, problem, {"municipality": offered.municipality.code})
    find_conflicts(competition=problem.competition)
    return problem


def _take_over(actor: User, problem: Problem) -> Problem:
    filing = workflow.lock(problem.filing)
    if filing.taken_over_at is not None:
        raise Refused(Reason.INVITATION_VOID)
    filing.taken_over_at = clock.now()
    filing.save(update_fields=["taken_over_at"])
    problem.officer = actor
    problem.save(update_fields=["officer"])
    record("problem.taken_over", actor, problem, {"filed_by": filing.filed_by.code})
    find_conflicts(competition=problem.competition)
    return problem


@transaction.atomic
def hand_over_lead(*, actor: User, problem: Problem, person: User) -> Problem:
    """Let another writer lead the report; who led it writes along. The lead goes to that officer's municipality.

    Raises Denied(NOT_YOURS) (not the leading officer, no writer), Refused(ANOTHER_MUNICIPALITY) after the deadline for an officer of another municipality.
    """
    workflow.lock(problem.competition)
    workflow.lock(problem)
    access.ensure(actor, Permission.HAND_OVER_PROBLEM, problem)
    chosen = problem.writers.filter(person=person).select_related("municipality").first()
    if chosen is None:
        raise Denied(Reason.NOT_YOURS)
    before, after = problem.municipality, chosen.municipality
    if before.pk != after.pk and not problem.competition.stage(StageKind.PROBLEM_CALL).is_open(clock.judged()):
        raise Refused(Reason.ANOTHER_MUNICIPALITY)
    chosen.delete()
    Writer.objects.create(problem=problem, person=actor, municipality=before, joined_at=clock.now())
    problem.officer, problem.municipality = person, after
    if before.pk != after.pk:
        problem.group.remove(after)
        problem.group.add(before)
    _write_places(problem)
    record("problem.handed_over", actor, problem, {"to": person.code, "municipality": after.code})
    return problem


@transaction.atomic
def leave_problem(*, actor: User, problem: Problem, with_municipality: bool = False) -> None:
    """Stop writing along; with_municipality: the own municipality leaves the report, too, while the call runs and no other officer of it writes.

    Raises Denied(NOT_YOURS, LEADER_STAYS).
    """
    workflow.lock(problem.competition)
    workflow.lock(problem)
    access.ensure(actor, Permission.LEAVE_PROBLEM, problem)
    _leave(actor, problem, problem.writers.select_related("municipality").get(person=actor), with_municipality)


@transaction.atomic
def remove_writer(*, actor: User, problem: Problem, person: User) -> None:
    """Take a writer off the report; the municipality stays. Raises Denied(NOT_YOURS) (not the leading officer, no writer)."""
    workflow.lock(problem)
    access.ensure(actor, Permission.INVITE_WRITER, problem)
    row = problem.writers.filter(person=person).select_related("municipality").first()
    if row is None:
        raise Denied(Reason.NOT_YOURS)
    _leave(actor, problem, row, with_municipality=False)


def _leave(actor: User, problem: Problem, row: Writer, with_municipality: bool) -> None:
    place, before = row.municipality, places_of(problem)
    row.delete()
    is_open = problem.competition.stage(StageKind.PROBLEM_CALL).is_open(clock.judged())
    if with_municipality and is_open and not problem.writers.filter(municipality=place).exists() and place.pk != problem.municipality_id:
        problem.group.remove(place)
        _write_places(problem, before)
    record("problem.writer_left", actor, problem, {"person": row.person.code})


def _write_places(problem: Problem, before: list[int] | None = None) -> None:
    """Keep what depends on who reports: the words it is found by, the numbers, the conflicts. before: places that may have left."""
    problem.search = searchable(problem, list(problem.group.all()))
    problem.save(update_fields=["officer", "municipality", "search"])
    recount(problem.competition, sorted({*places_of(problem), *(before or [])}))
    find_conflicts(competition=problem.competition)
