"""The mails of this stage. A team's mail never holds a code name, a juror's never anything of a team."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from klash.accounts.models import Invitation, ReviewerHandle, User
from klash.competitions.models import Stage
from klash.core.databases import reviewing as jury_side
from klash.post.services import queue
from klash.proposals import selectors
from klash.proposals.models import CopyNote, LateDecision, Opening, Proposal, Version
from klash.proposals.selectors import Saved
from klash.reviewing import services as reviewing
from klash.reviewing.models import QuestionBatch, Round
from klash.rules.states import ProposalState
from klash.teams.models import Membership, Team


def send_receipt(version: Version) -> None:
    """Queue the receipt to every member of the team. Two queries and one a member."""
    proposal = version.proposal
    stands = selectors.standing_version(proposal)
    context = {"version": version, "proposal": proposal, "team": proposal.team, "challenge": proposal.team.challenge, "stands": stands}
    _to_team(proposal.team, "proposals_late" if version.is_late else "proposals_receipt", f"proposal.received/{version.receipt}", context)


def send_late_decision(decision: LateDecision) -> None:
    """Queue word to every member of the team whether what came late takes part, and why."""
    version, proposal = decision.version, decision.version.proposal
    context = {"version": version, "decision": decision, "team": proposal.team, "challenge": proposal.team.challenge}
    _to_team(proposal.team, "proposals_late_decided", f"late_decision.confirmed/{decision.code}", context)


def send_copy_notes(version: Version, notes: Sequence[CopyNote]) -> None:
    """Queue word to every member of the team of what the registrar left out of its copy, or that the copy was not judged, and why."""
    proposal = version.proposal
    is_excluded = any(note.what == CopyNote.EXCLUDED for note in notes)
    context = {"notes": notes, "is_excluded": is_excluded, "team": proposal.team, "challenge": proposal.team.challenge}
    _to_team(proposal.team, "proposals_copy_notes", f"copy.told/{version.receipt}", context)


def send_withdrawal(proposal: Proposal, actor: Any, at: datetime) -> None:
    """Queue word of a withdrawal to every member of the team."""
    context = {"team": proposal.team, "challenge": proposal.team.challenge, "at": at, "person": actor.name}
    _to_team(proposal.team, "proposals_withdrawn", f"proposal.withdrawn/{proposal.code}/{at.isoformat()}", context)


def send_reminder(team: Team, event: str, saved: Saved, stage: Stage) -> int:
    """Queue word to every member of the team that nothing of it stands, and how long is left; return to how many."""
    return _to_team(team, "proposals_reminder", event, {"team": team, "challenge": team.challenge, "stage": stage, "saved": saved})


def send_invitation(invitation: Invitation, token: str, round_: Round, *, is_chair: bool, name: str, language: str, using: str) -> None:
    """Queue a juror's invitation, in the database where it can be accepted."""
    base = settings.KLASH_JURY_URL or settings.KLASH_URL
    queue(
        to=invitation.email, language=language, template="proposals_invitation", using=using,
        event=f"invitation.sent/{invitation.token_hash[:16]}",
        context={"round": round_, "is_chair": is_chair, "name": name, "token": token, "jury_url": base, "until": invitation.expires_at},
    )


def send_deputy_invitation(invitation: Invitation, token: str, round_: Round, *, name: str, language: str) -> None:
    """Queue a deputy's invitation."""
    queue(
        to=invitation.email, language=language, template="proposals_deputy_invitation", event=f"invitation.sent/{invitation.token_hash[:16]}",
        context={"round": round_, "name": name, "token": token, "until": invitation.expires_at},
    )


def tell_deputy(round_: Round, person: User) -> None:
    """Queue word to a deputy who sits in the jury from now on."""
    context = {"round": round_, "jury_url": settings.KLASH_JURY_URL or settings.KLASH_URL}
    queue(to=person.email, language=person.language, template="proposals_deputy", context=context, event=f"seat.taken/{round_.code}")


def tell_replaced(round_: Round, email: str, language: str) -> None:
    """Queue word to a juror whose seat a deputy takes. It says nothing else, whatever the reason was."""
    queue(to=email, language=language, template="proposals_replaced", context={"round": round_}, event=f"seat.left/{round_.code}")


def tell_jurors(round_: Round) -> None:
    """Queue one mail to each juror: the judging can begin. Blind fields only, all in the same minute."""
    handles = list(round_.seats.using(round_._state.db).filter(is_absent=False).values_list("handle", flat=True))
    told: set[str] = set()
    for using in dict.fromkeys([jury_side(), "default"]):
        people = User.objects.using(using).filter(pk__in=ReviewerHandle.objects.using(using).filter(handle__in=handles).values("person"))
        for person in people.order_by("code"):
            if person.email not in told:
                reviewing.tell_open(round=round_, person=person, using=using)
                told.add(person.email)


def tell_of_questions(opening: Opening, batch: QuestionBatch) -> None:
    """Queue the same word to every member of each team whose proposal was opened: the list of mails must not tell which team was asked."""
    opened = Proposal.objects.filter(team__challenge=opening.challenge, state=ProposalState.OPENED).select_related("team").order_by("team__code")
    for proposal in opened:
        context = {"team": proposal.team, "challenge": opening.challenge, "batch": batch}
        _to_team(proposal.team, "proposals_questions", f"question_batch.sent/{batch.code}", context)


def _to_team(team: Team, template: str, event: str, context: dict[str, Any]) -> int:
    members = Membership.objects.filter(team=team).select_related("person").order_by("pk")
    return len([queue(to=row.person.email, language=row.person.language, template=template, context=context, event=event) for row in members])
