"""What the staff files on behalf of a municipality, and how the municipality takes it over."""

from django.db import transaction

from klash.accounts.models import Municipality, User
from klash.competitions.models import Competition, StageKind
from klash.competitions.selectors import register
from klash.core import access, clock, workflow
from klash.core.errors import Refused
from klash.problems.models import Filing, Problem, WriterInvitation
from klash.problems.services.records import record
from klash.problems.services.writers import offer
from klash.rules.names import one_line
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason


@transaction.atomic
def file_problem(
    *, actor: User, competition: Competition, municipality: Municipality, in_name_of: str, source: str, language: str = "fi", is_invented: bool = False,
) -> Problem:
    """Start a draft on behalf of a municipality that reported in another way; the actor writes and submits it until an officer takes it over.

    in_name_of: who reported it; source: how it came. Raises Denied (no staff, outside the call), Refused(INCOMPLETE) without either
    or for a municipality of another time.
    """
    access.ensure(actor, Permission.FILE_PROBLEM, competition.stage(StageKind.PROBLEM_CALL))
    name, source = one_line(in_name_of), source.strip()
    if not name or not source or not register(competition).filter(pk=municipality.pk).exists():
        raise Refused(Reason.INCOMPLETE)
    now = clock.now()
    problem = Problem.objects.create(
        competition=competition, officer=actor, municipality=municipality, language=language, is_invented=is_invented, saved_at=now,
    )
    Filing.objects.create(problem=problem, filed_by=actor, in_name_of=name, source=source, filed_at=now)
    record("problem.filed", actor, problem, {"municipality": municipality.code})
    return problem


@transaction.atomic
def offer_problem(*, actor: User, filing: Filing, email: str) -> tuple[WriterInvitation, str]:
    """Invite an officer to take over what was filed; the first who accepts leads it. Returns the invitation and the token of its link.

    Raises Denied(NO_ROLE), Denied(FROZEN) once it is taken over, Refused(ALREADY_WRITES), Refused(OTHER_SIDE).
    """
    workflow.lock(filing)
    access.ensure(actor, Permission.OFFER_PROBLEM, filing)
    return offer(actor, filing.problem, email, filing.problem.municipality, is_takeover=True)
