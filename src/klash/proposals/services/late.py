"""What came late: two persons decide, before the set is fixed, whether it takes part."""

from typing import Any

from django.db import IntegrityError, transaction

from klash.competitions.services import tell_seconds
from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.proposals.models import LateDecision, Version
from klash.proposals.selectors import standing_version
from klash.proposals.services import letters
from klash.proposals.services.writing import hold_deadline
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import LateDecisionState, ProposalState


@transaction.atomic
def decide_late(*, actor: Any, version: Version, is_admitted: bool, reason: str) -> LateDecision:
    """Decide whether a late version takes part; nothing changes before another person confirms it, and those who can are told.

    Raises Denied (no staff, too early, FROZEN once the set is fixed), Refused(NO_REASON_GIVEN), Refused(WRONG_STATE) for a version that came in
    time or whose team has another that stands, or Refused(ALREADY_REQUESTED) where a decision was made.
    """
    challenge = version.proposal.team.challenge
    hold_deadline(challenge, is_closing=True)
    workflow.lock(version.proposal)
    now = clock.now()
    decision = LateDecision(version=version, is_admitted=is_admitted, reason=reason.strip(), decided_by=actor, decided_at=now)
    access.ensure(actor, Permission.DECIDE_LATE, decision, now)
    if not decision.reason:
        raise Refused(Reason.NO_REASON_GIVEN)
    if not version.is_late or standing_version(version.proposal) is not None:
        raise Refused(Reason.WRONG_STATE, "another version of the team stands")
    try:
        with transaction.atomic():
            decision.save(force_insert=True)
    except IntegrityError:
        raise Refused(Reason.ALREADY_REQUESTED) from None
    body = {"commitment": version.commitment, "is_admitted": is_admitted, "reason": decision.reason}
    audit.record("late_decision.proposed", actor=actor, competition=decision.chain, thing=f"late_decision/{decision.code}", body=body, at=now)
    tell_seconds(
        asker=actor, competition=challenge.competition, step="late", about=challenge.title, page="proposals:late", of=challenge.code,
        event=f"late_decision.proposed/{decision.code}",
    )
    return decision


@transaction.atomic
def confirm_late(*, actor: Any, decision: LateDecision) -> LateDecision:
    """Put another person's decision in force; an admitted version stands from now on. The team is told by mail.

    Raises Denied (no staff, SAME_PERSON, FROZEN once the set is fixed) or IllegalMove (decided already, or another version stands).
    """
    version = decision.version
    proposal = version.proposal
    hold_deadline(proposal.team.challenge, is_closing=True)
    workflow.lock(proposal)
    now = clock.now()
    with clock.at(now):
        workflow.move(decision, to=LateDecisionState.CONFIRMED, actor=actor, save={"confirmed_by": actor, "confirmed_at": now})
        if decision.is_admitted:
            body = {"commitment": version.commitment, "reason": decision.reason}
            workflow.move(proposal, to=ProposalState.LATE_ADMITTED, actor=actor, body=body)
    letters.send_late_decision(decision)
    return decision


def take_back_late(*, actor: Any, decision: LateDecision) -> LateDecision:
    """Drop a decision that nobody has confirmed; it stays in the record. Raises Denied or IllegalMove."""
    return workflow.move(decision, to=LateDecisionState.TAKEN_BACK, actor=actor)
