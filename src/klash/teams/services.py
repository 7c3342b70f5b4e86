"""What teams, panels and organisers do before mentoring begins."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.dispatch import Signal

from klash.accounts.models import Invitation, ReviewerHandle, Standing, User
from klash.accounts.services import end_role, grant_role, invite, own_name
from klash.challenges.models import Challenge
from klash.competitions import services as competitions
from klash.competitions.models import StageKind
from klash.competitions.selectors import Decided, criteria_for
from klash.competitions.services import hold_stage
from klash.core import access, arrival, audit, chance, clock, workflow
from klash.core.errors import Denied, Refused
from klash.interests import selectors as interests
from klash.post import services as post
from klash.post.services import Letter
from klash.reviewing import selectors as reviewing
from klash.reviewing import services as rounds
from klash.reviewing.models import Round, RoundKind, Seat
from klash.rules.conflicts import business_id, conflicts
from klash.rules.names import one_line
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import ApplicationState, ChallengeState, RoundState
from klash.teams import bridge, selectors
from klash.teams.models import APPLICATION_SECTIONS, Application, Membership, Team, TeamFirm
from klash.teams.texts import HEADINGS, PANEL_INTRO, panel_title

# Sent inside the transaction in which a team gets a member, a firm or a mentor, with team; a later stage looks for conflicts anew.
side_changed = Signal()

WRITABLE = (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)


@transaction.atomic
def found_team(
    *, actor: User, challenge: Challenge, name: str, language: str = "fi", is_invented: bool = False, looked_at: str | None = None
) -> Team:
    """Found a team in a challenge; the actor leads it.

    looked_at: the name of which its founder was told that it looks like another's; None asks for no comparison.
    Raises Denied outside the team call, Refused(NOT_OPEN_YET) for an unpublished challenge, Refused(OTHER_SIDE) for a second
    team in the competition or a person of another side, Refused(NAME_IS_ADDRESS, NAME_TAKEN, NAME_LOOKS_ALIKE).
    """
    access.ensure(actor, Permission.FOUND_TEAM, challenge.competition.stage(StageKind.TEAM_CALL))
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
    _record("team.founded", actor, team, {"name": team.name})
    return team


def _compare_name(challenge: Challenge, name: str, looked_at: str) -> None:
    if selectors.is_name_taken(challenge, name):
        raise Refused(Reason.NAME_TAKEN)
    if name != looked_at and bridge.looks_like(name, selectors.names_in(challenge)):
        raise Refused(Reason.NAME_LOOKS_ALIKE)


@transaction.atomic
def invite_member(*, actor: User, team: Team, email: str) -> tuple[Invitation, str]:
    """Invite a person by a single-use link that goes by mail; returns the invitation and its token.

    Raises Denied (not the leader, outside the call) or Refused(ALREADY_MEMBER, TEAM_TOO_LARGE, OTHER_SIDE).
    """
    access.ensure(actor, Permission.EDIT_TEAM, team)
    challenge = team.challenge
    if Membership.objects.filter(team=team, person__email__iexact=email).exists():
        raise Refused(Reason.ALREADY_MEMBER)
    if Membership.objects.filter(team=team).count() >= challenge.competition.team_size_max:
        raise Refused(Reason.TEAM_TOO_LARGE)
    invitation, token = invite(actor=actor, email=email, role=Role.TEAM_MEMBER, competition=team.chain, challenge=challenge.code, team=team.code)
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
    if not Invitation.objects.filter(team=team.code, accepted_by=actor).exists():
        raise Refused(Reason.INVITATION_VOID)
    _refuse_second_team(actor, challenge)
    if Membership.objects.filter(team=team).count() >= challenge.competition.team_size_max:
        raise Refused(Reason.TEAM_TOO_LARGE)
    membership = Membership.objects.create(team=team, person=actor, joined_at=clock.now())
    _record("team.joined", actor, team)
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
    _record("team.firm_added", actor, team, {"firm": firm.code, "hash": audit.sha256("klash/1/firm", firm.code, name, number, part)})
    _look_for_conflicts(team)
    return firm


@transaction.atomic
def remove_firm(*, actor: User, firm: TeamFirm) -> None:
    """Take back a firm that the team named; a conflict that was found because of it stays. Raises Denied(NOT_YOURS)."""
    access.ensure(actor, Permission.NAME_FIRMS, firm.team)
    firm.delete()
    _record("team.firm_removed", actor, firm.team, {"firm": firm.code})


def _look_for_conflicts(team: Team) -> None:
    find_conflicts(challenge=team.challenge)
    side_changed.send(Team, team=team)


def find_conflicts(*, challenge: Challenge) -> int:
    """Bar each panellist of a challenge from the applications with which there is a conflict: of members, organisations and subcontractors.

    The software itself does it, whenever one of the two sides changes. Returns how many pairs are new. Nine queries and those of recording.
    """
    round_ = reviewing.find_round(round_key(challenge))
    if round_ is None or round_.state == RoundState.COMPLETE:
        return 0
    codes = {row.team_id: code for code, row in selectors.applicants(challenge).items()}
    sides = {codes[key]: side for key, side in selectors.sides(codes).items()}
    reviewers = interests.seated(seat.handle for seat in reviewing.present(round_))
    return rounds.record_conflicts(actor=audit.System(), round=round_, found=conflicts(reviewers, sides))


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
    membership.delete()
    end_role(actor=actor, person=person, role=Role.TEAM_MEMBER, competition=team.chain, challenge=team.challenge.code)
    # Neither the link that was used nor one that still waits leads back into the team.
    links = Invitation.objects.filter(team=team.code)
    links.filter(accepted_by=person).update(team="")
    links.filter(email=person.email, accepted_at=None).update(expires_at=clock.now() - timedelta(milliseconds=1))
    _record("team.left", actor, team, {"person": person.code})


@transaction.atomic
def save_application(
    *, actor: User, application: Application, know_how: str, idea: str, motivation: str, summary: str = "", seen: datetime | None = None
) -> Application:
    """Save the draft of the application; every member may, nothing is required yet.

    seen: the `saved_at` of the text that the writer started from, None asks for no comparison; what another member saved since is never overwritten unread.
    Raises Denied (not a member, submitted, outside the call) or Refused(TEXT_CHANGED).
    """
    workflow.lock(application)
    access.ensure(actor, Permission.EDIT_APPLICATION, application)
    if seen is not None and seen != application.saved_at and selectors.last_writer(application) not in ("", actor.pseudonym):
        raise Refused(Reason.TEXT_CHANGED)
    team, before = application.team, selectors.fingerprint(application)
    application.know_how, application.idea, application.motivation = know_how.strip(), idea.strip(), motivation.strip()
    application.saved_at, team.summary = clock.now(), summary.strip()
    application.save(update_fields=[*APPLICATION_SECTIONS, "saved_at"])
    if (after := selectors.fingerprint(application)) != before:
        _record("application.saved", actor, team, {"hash": after}, kind="application")
    # The log is locked before the team, as by a member who joins meanwhile: crosswise, one of the two would be broken off.
    team.save(update_fields=["summary"])
    return application


@transaction.atomic
def submit_application(*, actor: User, application: Application, arrived_at: datetime | None = None) -> Application:
    """Submit the application before the deadline; every member gets a receipt by mail.

    arrived_at: when the request had arrived, where that is known; it counts until the panel's entries are fixed.
    Raises Denied(NOT_YOURS, TEAM_TOO_SMALL, TEAM_TOO_LARGE, INCOMPLETE, NOT_OPEN_YET, DEADLINE_PASSED) or IllegalMove.
    """
    hold_stage(application.team.challenge.competition_id, StageKind.TEAM_CALL)
    workflow.lock(application)
    if arrived_at is not None and _is_fixed(application.team.challenge):
        arrived_at = None
    received_at = arrival.received(arrived_at, clock.judged())
    body = {"hash": selectors.fingerprint(application), "received_at": received_at}
    workflow.move(application, to=ApplicationState.SUBMITTED, actor=actor, save={"submitted_at": received_at}, body=body, arrived_at=received_at)
    _tell_team(application, "teams_received", f"application.submitted/{application.code}/{application.submitted_at}")
    return application


def withdraw_application(*, actor: User, application: Application) -> Application:
    """Withdraw the application while the call runs; it can be written on and submitted again."""
    return workflow.move(application, to=ApplicationState.WITHDRAWN, actor=actor)


def open_team_round(*, actor: Any, challenge: Challenge, closes_at: datetime) -> Round:
    """Give the challenge's panel its applications, with the teams' names; returns the round, not opened yet.

    The links to the entries are written on this side first, so that a broken run finds them again and doubles nothing.
    Raises Denied(NO_ROLE) or Denied(NOT_OPEN_YET) while the team call runs.
    """
    competition = challenge.competition
    access.ensure(actor, Permission.RUN_COMPETITION, competition)
    with transaction.atomic():
        deadline = hold_stage(competition.pk, StageKind.TEAM_CALL, is_closing=True).closes_at
        if clock.judged() <= deadline + arrival.settling():
            raise Denied(Reason.NOT_OPEN_YET)
        rows = list(Application.objects.filter(team__challenge=challenge, state=ApplicationState.SUBMITTED).select_related("team").order_by("team__code"))
        for row in rows:
            if row.entry_code is None:
                row.entry_code = chance.code()
                row.save(update_fields=["entry_code"])
    round_ = rounds.make_round(
        actor=actor, key=round_key(challenge), chain=competition.code, kind=RoundKind.APPLICATIONS, competition_name=competition.name,
        title=panel_title(challenge.title), intro=PANEL_INTRO, is_blind=False, is_invented=competition.is_invented, opens_at=clock.now(),
        closes_at=closes_at, criteria=criteria_for(competition, StageKind.TEAM_SELECTION), quota=competition.teams_per_challenge_max,
    )
    rounds.write_entries(actor=actor, round=round_, entries=[_entry(row) for row in rows])
    find_conflicts(challenge=challenge)
    return round_


def round_key(challenge: Challenge) -> str:
    """Return what the challenge's panel round is called."""
    return f"applications/{challenge.code}"


def _is_fixed(challenge: Challenge) -> bool:
    has_entries = Application.objects.filter(team__challenge=challenge).exclude(entry_code=None).exists()
    return has_entries or reviewing.find_round(round_key(challenge)) is not None


def _entry(row: Application) -> rounds.NewEntry:
    team = row.team
    sections = [{"heading": HEADINGS[name], "text": getattr(row, name)} for name in APPLICATION_SECTIONS]
    return rounds.NewEntry(
        code=row.entry_code or "", title=team.name, author=team.name, language=team.language, sections=sections, is_invented=team.is_invented
    )


def seat_panellist(*, actor: Any, challenge: Challenge, person: User, is_chair: bool = False) -> Seat:
    """Give a person a seat in the challenge's panel; a second seating finds the first.

    Raises Denied(NO_ROLE), Refused(OTHER_SIDE), or Refused(NOT_COMPLETE) before the round is prepared.
    """
    access.ensure(actor, Permission.RUN_COMPETITION, challenge.competition)
    round_ = reviewing.find_round(round_key(challenge))
    if round_ is None:
        raise Refused(Reason.NOT_COMPLETE)
    with transaction.atomic():
        workflow.lock(challenge)  # one seating at a time: what a broken one left is found by the next
        grant_role(actor=actor, person=person, role=Role.PANELLIST, competition=challenge.chain, challenge=challenge.code)
        found = next((seat for seat in reviewing.seats_of(person) if seat.round_id == round_.pk), None)
        if found is not None:
            return found
        seat = rounds.provide_seat(actor=actor, round=round_, is_chair=is_chair)
        ReviewerHandle.objects.create(person=person, handle=seat.handle)
        rounds.tell_latecomer(handle=seat.handle, person=person)
    find_conflicts(challenge=challenge)
    return seat


@transaction.atomic
def release_admissions(*, actor: Any, challenge: Challenge, seen: str) -> int:
    """Tell every team of the challenge at once, with reason and feedback; admitted teams become public. Returns how many. A second release tells nobody.

    seen: the digest of the mails that the actor looked at. All or nothing.
    Raises Denied(NO_ROLE, NOT_ALL_SUBMITTED) and Refused as `competitions.release_ruling` does.
    """
    workflow.lock(challenge)
    sheet = competitions.lock_sheet(challenge.competition, judged_round(challenge))
    access.ensure(actor, Permission.RELEASE_DECISIONS, sheet.ruling)
    if sheet.is_released:
        return 0
    verdicts = selectors.verdicts(challenge, sheet)
    competitions.release_ruling(actor=actor, sheet=sheet, letters=write_letters(challenge, verdicts), seen=seen)
    now = clock.now()
    for row, decided in verdicts:
        line = decided.line
        columns = {"reason": line.reason, "feedback": decided.feedback, "decided_at": now, "released_at": now}
        to = ApplicationState.ADMITTED if line.is_taken else ApplicationState.DECLINED
        workflow.move(row, to=to, actor=actor, save=columns, body={"reason": line.reason})
    challenge.admitted_teams, challenge.admitted_persons = selectors.admitted(challenge)
    challenge.save(update_fields=["admitted_teams", "admitted_persons"])
    return len(verdicts)


def judged_round(challenge: Challenge) -> Round:
    """Return the challenge's panel round. Raises Denied(NOT_ALL_SUBMITTED) where there is none."""
    round_ = reviewing.find_round(round_key(challenge))
    if round_ is None:
        raise Denied(Reason.NOT_ALL_SUBMITTED)
    return round_


def write_letters(challenge: Challenge, verdicts: Sequence[tuple[Application, Decided]]) -> list[Letter]:
    """Write the mail to each member of each team as it will be queued."""
    return [
        post.write_letter(
            to=member.person.email, language=member.person.language, template="teams_decided", event=f"application.decided/{row.code}",
            context={
                "team": row.team, "challenge": challenge.title, "competition": challenge.competition.name, "is_admitted": decided.line.is_taken,
                "reason": decided.line.reason, "feedback": decided.feedback,
            },
        )
        for row, decided in verdicts for member in row.team.memberships.all()
    ]


def _refuse_second_team(person: User, challenge: Challenge) -> None:
    # Two joinings of one person wait here for each other, so that neither counts before the other is written.
    Standing.objects.select_for_update().filter(person=person, competition=challenge.chain).first()
    if selectors.has_team(person, challenge.competition):
        raise Refused(Reason.OTHER_SIDE)


def _record(what: str, actor: Any, team: Team, body: dict[str, Any] | None = None, *, kind: str = "team") -> None:
    audit.record(what, actor=actor, competition=team.chain, thing=f"{kind}/{team.code}", body=body)


def _tell_team(application: Application, template: str, event: str) -> None:
    team = application.team
    context = {"team": team, "application": application, "challenge": team.challenge.title, "competition": team.challenge.competition.name}
    for membership in team.memberships.select_related("person").order_by("pk"):
        post.queue(to=membership.person.email, language=membership.person.language, template=template, context=context, event=event)
