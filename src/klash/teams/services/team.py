"""What people do to found a team and to be of it."""

from django.db import IntegrityError, transaction

from klash.accounts.models import Invitation, Standing, User
from klash.accounts.services import INVITATION_DAYS, grant_role, invite, own_name
from klash.challenges.models import Challenge
from klash.competitions.models import Call, StageKind
from klash.core import access, audit, clock, workflow
from klash.core.errors import Denied, Refused
from klash.post import services as post
from klash.rules.conflicts import business_id
from klash.rules.names import one_line
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import ChallengeState
from klash.teams import bridge, selectors
from klash.teams.models import Application, Membership, Right, Team, TeamFirm
from klash.teams.services.leading import change_leader, side_changed
from klash.teams.services.panel import find_conflicts, is_fixed
from klash.teams.services.records import record


@transaction.atomic
def found_team(
    *, actor: User, challenge: Challenge, name: str, language: str = "fi", is_invented: bool = False, looked_at: str | None = None
) -> Team:
    """Found a team in a challenge; the actor leads it.

    looked_at: the name of which its founder was told that it looks like another's; None asks for no comparison.
    Raises Denied outside the team call, unless a late-entry code admits the actor; Refused(NOT_OPEN_YET) for an unpublished challenge,
    Refused(OTHER_SIDE) for a second team in the competition or a person of another side, Refused(NAME_IS_ADDRESS, NAME_TAKEN, NAME_LOOKS_ALIKE).
    """
    stage = challenge.competition.stage(StageKind.TEAM_CALL)
    access.ensure(actor, Permission.FOUND_TEAM, Call(stage))
    if not stage.is_open(clock.now()) and is_fixed(challenge):
        raise Denied(Reason.DEADLINE_PASSED)
    if challenge.state != ChallengeState.PUBLISHED:
        raise Refused(Reason.NOT_OPEN_YET)
    name, now = own_name(name), clock.now()
    if looked_at is not None:
        _compare_name(challenge, name, looked_at)
    grant_role(actor=actor, person=actor, role=Role.TEAM_LEADER, competition=challenge.chain, challenge=challenge.code)
    _refuse_second_team(actor, challenge)
    try:
        with transaction.atomic():
            team = Team.objects.create(challenge=challenge, name=name, language=language, is_invented=is_invented, founded_at=now)
    except IntegrityError:  # another founder took it meanwhile
        raise Refused(Reason.NAME_TAKEN) from None
    Membership.objects.create(team=team, person=actor, is_leader=True, joined_at=now)
    Application.objects.create(team=team, saved_at=now)
    record("team.founded", actor, team, {"name": team.name})
    return team


def _compare_name(challenge: Challenge, name: str, looked_at: str) -> None:
    if selectors.is_name_taken(challenge, name):
        raise Refused(Reason.NAME_TAKEN)
    if name != looked_at and bridge.looks_like(name, selectors.names_in(challenge)):
        raise Refused(Reason.NAME_LOOKS_ALIKE)


@transaction.atomic
def invite_member(
    *, actor: User, team: Team, email: str, right: str = Right.WRITE, days: int = INVITATION_DAYS
) -> tuple[Invitation, str]:
    """Invite a person by a single-use link that goes by mail; returns the invitation and its token.

    right: what the person may do in the team; who is invited to lead takes the lead on joining. days: for so long the link works.
    Raises Denied (not the leader, outside the call) or Refused(ALREADY_MEMBER, TEAM_TOO_LARGE, OTHER_SIDE).
    """
    access.ensure(actor, Permission.EDIT_TEAM, team)
    challenge = team.challenge
    if Membership.objects.filter(team=team, person__email__iexact=email).exists():
        raise Refused(Reason.ALREADY_MEMBER)
    if Membership.objects.filter(team=team).count() >= challenge.competition.team_size_max:
        raise Refused(Reason.TEAM_TOO_LARGE)
    invitation, token = invite(
        actor=actor, email=email, role=Role.TEAM_MEMBER, competition=team.chain, challenge=challenge.code, team=team.code, right=right, days=days,
    )
    known = User.objects.filter(email=invitation.email).values_list("language", flat=True).first()
    post.queue(
        to=invitation.email, language=known or team.language, template="teams_invitation", event=f"invitation.sent/{invitation.token_hash[:16]}",
        context={"team": team.name, "challenge": challenge.title, "competition": challenge.competition.name, "inviter": actor.name,
                 "token": token, "until": invitation.expires_at},
    )
    return invitation, token


@transaction.atomic
def join_team(*, actor: User, team: Team) -> Membership:
    """Join a team whose invitation the actor has accepted; a second joining finds the first.

    Raises Denied outside the call, Refused(INVITATION_VOID, TEAM_TOO_LARGE) or Refused(OTHER_SIDE) for a second team.
    """
    workflow.lock(team)
    found = Membership.objects.filter(team=team, person=actor).first()
    if found:
        return found
    challenge = team.challenge
    access.ensure(actor, Permission.FOUND_TEAM, challenge.competition.stage(StageKind.TEAM_CALL))
    invitation = Invitation.objects.filter(team=team.code, accepted_by=actor).order_by("-accepted_at").first()
    if invitation is None:
        raise Refused(Reason.INVITATION_VOID)
    _refuse_second_team(actor, challenge)
    if Membership.objects.filter(team=team).count() >= challenge.competition.team_size_max:
        raise Refused(Reason.TEAM_TOO_LARGE)
    membership = Membership.objects.create(team=team, person=actor, may_write=invitation.right != Right.VIEW, joined_at=clock.now())
    record("team.joined", actor, team)
    if invitation.right == Right.LEAD:
        change_leader(actor=actor, team=team, membership=membership)
    _look_for_conflicts(team)
    return membership


@transaction.atomic
def add_firm(*, actor: User, team: Team, name: str, identifier: str = "", part: str = TeamFirm.Part.OWN) -> TeamFirm:
    """Name a firm or an organisation behind the team, so that nobody tied to it judges the team.

    identifier: a business ID in any spelling. Raises Denied(NOT_YOURS), or Refused(INCOMPLETE) without a name or for a wrong business ID.
    """
    access.ensure(actor, Permission.NAME_FIRMS, team)
    name, number = one_line(name), business_id(identifier)
    if not name or part not in TeamFirm.Part.values or (identifier.strip() and not number):
        raise Refused(Reason.INCOMPLETE)
    firm = TeamFirm.objects.create(team=team, name=name, business_id=number, part=part, added_at=clock.now())
    record("team.firm_added", actor, team, {"firm": firm.code, "hash": audit.sha256("klash/1/firm", firm.code, name, number, part)})
    _look_for_conflicts(team)
    return firm


@transaction.atomic
def remove_firm(*, actor: User, firm: TeamFirm) -> None:
    """Take back a firm that the team named; a conflict that was found because of it stays. Raises Denied(NOT_YOURS)."""
    access.ensure(actor, Permission.NAME_FIRMS, firm.team)
    firm.delete()
    record("team.firm_removed", actor, firm.team, {"firm": firm.code})


def _look_for_conflicts(team: Team) -> None:
    find_conflicts(challenge=team.challenge)
    side_changed.send(Team, team=team)


def _refuse_second_team(person: User, challenge: Challenge) -> None:
    # Two joinings of one person wait here for each other, so that neither counts before the other is written.
    Standing.objects.select_for_update().filter(person=person, competition=challenge.chain).first()
    if selectors.team_in_the_way(person, challenge) is not None:
        raise Refused(Reason.OTHER_SIDE)
