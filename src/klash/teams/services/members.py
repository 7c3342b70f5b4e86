"""Invitations to a team, and what its members say of themselves."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from klash.accounts.models import Invitation, User
from klash.core import access, clock, workflow
from klash.core.errors import Refused
from klash.rules.knowhow import ROLES
from klash.rules.names import one_line
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.teams import selectors
from klash.teams.models import Membership, Right, Team
from klash.teams.services.records import record
from klash.teams.services.team import invite_member


@transaction.atomic
def revoke_invitation(*, actor: User, team: Team, invitation: Invitation) -> None:
    """Let a link to the team work no more. Raises Denied (not the leader, outside the call) or Refused(INVITATION_VOID) for one that was used."""
    access.ensure(actor, Permission.EDIT_TEAM, team)
    now = clock.now()
    links = Invitation.objects.filter(pk=invitation.pk, team=team.code, accepted_at=None, expires_at__gte=now)
    if not links.update(expires_at=now - timedelta(milliseconds=1)):
        raise Refused(Reason.INVITATION_VOID)
    record("team.invitation_revoked", actor, team, {"invitation": invitation.mark})


@transaction.atomic
def resend_invitation(*, actor: User, team: Team, invitation: Invitation) -> tuple[Invitation, str]:
    """Send the same person a new link with the same right and the same time to answer; the old one works no more. Raises as `invite_member`."""
    revoke_invitation(actor=actor, team=team, invitation=invitation)
    days = max((invitation.expires_at - invitation.sent_at).days, 1)
    return invite_member(actor=actor, team=team, email=invitation.email, right=invitation.right or Right.WRITE, days=days)


@transaction.atomic
def set_right(*, actor: User, team: Team, person: User, may_write: bool) -> None:
    """Let a member write in the team's texts, or only read them. Raises Denied (not the leader, outside the call)."""
    access.ensure(actor, Permission.EDIT_TEAM, team)
    if Membership.objects.filter(team=team, person=person, is_leader=False).exclude(may_write=may_write).update(may_write=may_write):
        record("team.right_set", actor, team, {"person": person.code, "may_write": may_write})


@transaction.atomic
def tell_role(*, actor: User, team: Team, role: str, own_role: str, skills: Sequence[str], own_skills: str) -> Membership:
    """Say what one does in the team and what one knows; the mix of the team is counted from it.

    skills: codes of the list and of what the challenge needs beside it. Raises Denied(NOT_YOURS) or Refused(INCOMPLETE) for another code.
    """
    access.ensure(actor, Permission.TELL_ROLE, team)
    known = selectors.skill_names(selectors.needs_of(team.challenge))
    if role not in ("", *ROLES) or not set(skills) <= set(known):
        raise Refused(Reason.INCOMPLETE)
    membership = Membership.objects.select_for_update(no_key=True).get(team=team, person=actor)
    membership.role, membership.own_role = role, one_line(own_role)
    membership.skills, membership.own_skills = [code for code in known if code in skills], one_line(own_skills)
    membership.save(update_fields=["role", "own_role", "skills", "own_skills"])
    record("team.role_told", actor, team, {"skills": membership.skills})
    return membership


@transaction.atomic
def tell_intent(*, actor: User, team: Team, summary: str) -> Team:
    """Write the two sentences on what the team intends. Raises Denied as `save_application` does."""
    workflow.lock(team.application)
    access.ensure(actor, Permission.EDIT_APPLICATION, team.application)
    team.summary = summary.strip()
    team.save(update_fields=["summary"])
    record("team.intent_told", actor, team)
    return team
