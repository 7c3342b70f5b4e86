"""Who leads a team, and who leaves it."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.dispatch import Signal

from klash.accounts.models import Invitation, User
from klash.accounts.services import end_role, grant_role
from klash.core import access, clock, workflow
from klash.core.errors import Denied, Refused
from klash.post import services as post
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import HandoverState
from klash.teams.models import WRITABLE, Handover, Membership, Team
from klash.teams.services.panel import count_admitted
from klash.teams.services.records import record

# Sent inside the transaction in which a team gets a member, a firm or a mentor, with team; a later stage looks for conflicts anew.
side_changed = Signal()


@transaction.atomic
def offer_lead(*, actor: User, team: Team, person: User) -> Handover:
    """Offer the lead to another member; an offer that waits for somebody else is taken back.

    Raises Denied(NOT_YOURS), or Refused(WRONG_STATE) for who is no other member.
    """
    workflow.lock(team)
    access.ensure(actor, Permission.HAND_OVER_LEAD, team)
    if not Membership.objects.filter(team=team, person=person, is_leader=False).exists():
        raise Refused(Reason.WRONG_STATE)
    waiting = Handover.objects.filter(team=team, state=HandoverState.PROPOSED).first()
    if waiting is not None:
        if waiting.person_id == person.pk:
            return waiting
        workflow.move(waiting, to=HandoverState.TAKEN_BACK, actor=actor)
    handover = Handover.objects.create(team=team, person=person, proposed_at=clock.now())
    record("team.lead_offered", actor, team, {"person": person.code})
    _write(team, person, "offered", handover.code, who=actor)
    return handover


def take_back_lead(*, actor: User, handover: Handover) -> Handover:
    """Take back the offer of the lead. Raises Denied(NOT_YOURS) or IllegalMove."""
    return workflow.move(handover, to=HandoverState.TAKEN_BACK, actor=actor)


@transaction.atomic
def take_lead(*, actor: User, handover: Handover) -> Handover:
    """Take the lead that was offered; all members are told. Raises Denied (not offered to the actor), IllegalMove, or Refused(WRONG_STATE) for who has left."""
    workflow.lock(handover.team)
    workflow.move(handover, to=HandoverState.TAKEN, actor=actor)
    membership = Membership.objects.filter(team=handover.team, person=actor).first()
    if membership is None:
        raise Refused(Reason.WRONG_STATE)
    change_leader(actor=actor, team=handover.team, membership=membership)
    return handover


@transaction.atomic
def appoint_leader(*, actor: Any, team: Team, person: User, reason: str) -> None:
    """Let another member lead where the leader is gone; all members are told with the reason.

    Raises Denied(NO_ROLE), Refused(NO_REASON_GIVEN), or Refused(WRONG_STATE) for who is no other member.
    """
    workflow.lock(team)
    access.ensure(actor, Permission.APPOINT_LEADER, team)
    if not reason.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    membership = Membership.objects.filter(team=team, person=person, is_leader=False).first()
    if membership is None:
        raise Refused(Reason.WRONG_STATE)
    for waiting in Handover.objects.filter(team=team, state=HandoverState.PROPOSED):
        workflow.move(waiting, to=HandoverState.TAKEN_BACK, actor=actor)
    change_leader(actor=actor, team=team, membership=membership, reason=reason.strip())


def change_leader(*, actor: Any, team: Team, membership: Membership, reason: str = "") -> None:
    """Make a member the leader and the leader a member who writes; call it with the team locked."""
    old, code = Membership.objects.select_related("person").get(team=team, is_leader=True), team.challenge.code
    Membership.objects.filter(pk=old.pk).update(is_leader=False)
    Membership.objects.filter(pk=membership.pk).update(is_leader=True, may_write=True)
    grant_role(actor=actor, person=membership.person, role=Role.TEAM_LEADER, competition=team.chain, challenge=code)
    end_role(actor=actor, person=membership.person, role=Role.TEAM_MEMBER, competition=team.chain, challenge=code)
    grant_role(actor=actor, person=old.person, role=Role.TEAM_MEMBER, competition=team.chain, challenge=code)
    end_role(actor=actor, person=old.person, role=Role.TEAM_LEADER, competition=team.chain, challenge=code)
    record("team.leader_changed", actor, team, {"person": membership.person.code, "reason": reason})
    membership.refresh_from_db()
    event = f"{membership.pk}/{clock.now().isoformat()}"
    for row in Membership.objects.filter(team=team).select_related("person").order_by("pk"):
        _write(team, row.person, "changed", event, who=membership.person, reason=reason)


def _write(team: Team, to: User, what: str, event: str, *, who: User, reason: str = "") -> None:
    context = {"team": team, "what": what, "who": who.name, "reason": reason, "competition": team.challenge.competition.name}
    post.queue(to=to.email, language=to.language, template="teams_lead", context=context, event=f"team.lead_{what}/{team.code}/{event}")


@transaction.atomic
def leave_team(*, actor: User, team: Team) -> None:
    """Leave a team; its leader is told. The person's side stays, since what was seen was seen. Raises Denied(NOT_YOURS, LEADER_STAYS)."""
    workflow.lock(team)
    access.ensure(actor, Permission.LEAVE_TEAM, team)
    take_out(actor, Membership.objects.get(team=team, person=actor), actor)
    leader = Membership.objects.select_related("person").get(team=team, is_leader=True).person
    context = {"team": team, "who": actor.name, "competition": team.challenge.competition, "members": Membership.objects.filter(team=team).count()}
    event = f"team.left/{team.code}/{actor.code}/{clock.now().isoformat()}"
    post.queue(to=leader.email, language=leader.language, template="teams_left", context=context, event=event)


@transaction.atomic
def remove_member(*, actor: User, team: Team, person: User) -> None:
    """Remove a member while the application is not submitted; the role and the person's links to the team end with it.

    The person's side stays, since what was seen was seen. Raises Denied (not the leader, outside the call, no member of this
    team) or Refused(WRONG_STATE) for the leader and while the application stands.
    """
    application = workflow.lock(team.application)
    access.ensure(actor, Permission.EDIT_TEAM, team)
    membership = Membership.objects.filter(team=team, person=person).first()
    if membership is None:
        raise Denied(Reason.NOT_YOURS)
    if membership.is_leader or application.state not in WRITABLE:
        raise Refused(Reason.WRONG_STATE)
    take_out(actor, membership, person)


def take_out(actor: Any, membership: Membership, person: User) -> None:
    """End a membership, its role, and what leads back into the team: the link that was used, one that still waits, the offer of the lead."""
    team = membership.team
    membership.delete()
    end_role(actor=actor, person=person, role=Role.TEAM_MEMBER, competition=team.chain, challenge=team.challenge.code)
    links = Invitation.objects.filter(team=team.code)
    links.filter(accepted_by=person).update(team="")
    links.filter(email=person.email, accepted_at=None).update(expires_at=clock.now() - timedelta(milliseconds=1))
    Handover.objects.filter(team=team, person=person, state=HandoverState.PROPOSED).delete()
    record("team.left", actor, team, {"person": person.code})
    count_admitted(team.challenge)
