"""What the jury does when a side changes, and what `verify` asks of proposals.

It asks that what was received is what the receipts say, and what the jury reads is what was received.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.dispatch import receiver

from klash.accounts.models import Invitation, ReviewerHandle, RoleGrant, User
from klash.accounts.services import accepted
from klash.challenges.models import Challenge
from klash.challenges.services import published
from klash.competitions.models import Stage, StageKind
from klash.competitions.services import deadline_moved
from klash.core import audit, keys
from klash.core.databases import reviewing as jury_side
from klash.core.errors import Refused
from klash.files import blobs
from klash.interests.services import changed
from klash.mentoring.models import Session
from klash.proposals.models import Envelope, Opening, Proposal, SealedPart, TeamQuestion, Version
from klash.proposals.services import find_conflicts, withdraw_proposal
from klash.proposals.services.questions import answer_mark, question_mark
from klash.proposals.services.sealing import TEXT, commit, postpone_keys, rehearse_keys
from klash.reviewing.hashes import answer_hash
from klash.reviewing.models import AnswerText, Entry, Round, Seat
from klash.reviewing.selectors import as_received, vacant
from klash.reviewing.services import tell_latecomer
from klash.reviewing.services.reviews import left
from klash.rules.reasons import Reason
from klash.rules.roles import JUDGES, Role
from klash.rules.states import OpeningState, ProposalState
from klash.teams.models import Team
from klash.teams.services import resigned, side_changed

KINDS = {"proposal.submitted": False, "proposal.late": True}


@receiver(audit.rechecking)
def faults_of_receipts(**kwargs: Any) -> list[str]:
    """Return the versions that are not as their event and their receipt have them, and the receipts without a version."""
    logged = {body["commitment"]: (datetime.fromisoformat(body["received_at"]), KINDS[event.what], event.thing) for event, body in audit.told(*KINDS)}
    faults = []
    for version in Version.objects.select_related("proposal__team__challenge__competition").prefetch_related("parts").order_by("receipt").iterator(200):
        if logged.pop(version.commitment, None) != (version.received_at, version.is_late, f"proposal/{version.proposal.code}"):
            faults.append(f"receipt {version.receipt}: time, lateness, proposal or contents are not those that the log knows")
        faults += [f"receipt {version.receipt}: {fault}" for fault in _faults_of_version(version)]
    return faults + [f"commitment {one}: the log knows it, the version is gone" for one in sorted(logged)]


@receiver(audit.rechecking)
def faults_of_openings(**kwargs: Any) -> list[str]:
    """Return the openings whose blind copies are not the set that was fixed, and, once identities are open, the copies that are not what was received."""
    fixed = {event.thing: body["commitments"] for event, body in audit.told("opening.fixed")}
    faults = []
    for opening in Opening.objects.filter(state=OpeningState.OPENED).select_related("challenge__competition").order_by("challenge__code"):
        thing = f"opening/{opening.code}"
        entries = {entry.code: entry for entry in Entry.objects.using(jury_side()).filter(round__code=opening.round_code)}
        links = list(opening.links.select_related("version").order_by("entry_code"))
        sealed = opening.sealed_links.count()
        if not len(entries) == sealed == len(fixed.get(thing, [])):
            faults.append(f"{thing}: the blind copies are not the set that was fixed")
        if links and ({link.entry_code for link in links} != set(entries) or sorted(link.version.commitment for link in links) != fixed.get(thing)):
            faults.append(f"{thing}: the blind copies are not the set that was fixed")
        faults += [
            f"blind copy {link.entry_code}: it is not what was received"
            for link in links if link.entry_code in entries and not _is_copy(entries[link.entry_code], link.version)
        ]
    return faults


@receiver(audit.rechecking)
def faults_of_team_questions(**kwargs: Any) -> list[str]:
    """Return the questions to teams, and the answers, that are not those that the log knows; and the answers at the jury that are not what their hashes say."""
    logged = {f"team_question/{code}": [told] for event, body in audit.told("question_batch.delivered") for code, told in body["questions"].items()}
    for event, body in audit.told("team_question.answered"):
        logged.setdefault(event.thing, []).append(body["hash"])
    faults = []
    for row in TeamQuestion.objects.order_by("code").iterator(200):
        thing = f"team_question/{row.code}"
        if logged.pop(thing, []) != [question_mark(row), *([answer_mark(row)] if row.answered_at else [])]:
            faults.append(f"{thing}: question or answer are not those that the log knows")
    for text in AnswerText.objects.using(jury_side()).select_related("question").order_by("question__code", "number").iterator(200):
        if text.hash != answer_hash(text.question.code, text.text["text"]):
            faults.append(f"question/{text.question.code}: the answer is not what its hash says")
    return faults + [f"{thing}: the log knows it, the row is gone" for thing in sorted(logged)]


@receiver(audit.rechecking)
def faults_of_seating(**kwargs: Any) -> list[str]:
    """Return the seats that nobody holds, the handles without a seat, and the jurors invited on their own side who have no role on this one."""
    seats = list(Seat.objects.using(jury_side()).order_by("handle"))
    present = {seat.handle: seat for seat in seats if not seat.is_absent}
    held = {handle for using in ("default", jury_side()) for handle in ReviewerHandle.objects.using(using).values_list("handle", flat=True)}
    grants = RoleGrant.objects.filter(role__in=[Role.JUROR, Role.CHAIR], ended_at=None)
    jurors = set(grants.values_list("standing__person__email", "standing__competition", "challenge"))
    invited = Invitation.objects.using(jury_side()).filter(handle__in=present).order_by("handle")
    return [
        *(f"seat {seat.handle}: nobody holds it and nobody is invited to it; seat the person again" for seat in vacant(present.values())),
        *(f"handle {handle}: it has no seat" for handle in sorted(held - {seat.handle for seat in seats})),
        *(
            f"seat {row.handle}: who is invited to it has no part in the competition; look for conflicts again"
            for row in invited if (row.email, row.competition, row.challenge) not in jurors
        ),
    ]


@receiver(changed)
def look_again(*, sender: Any, person: User, **kwargs: Any) -> None:
    """Look for conflicts where the person judges, waits as a deputy, takes part or mentors."""
    judged = RoleGrant.objects.filter(standing__person=person, role__in=JUDGES, ended_at=None).values_list("challenge", flat=True)
    entered = Team.objects.of(person).values_list("challenge__code", flat=True)
    mentored = Session.objects.filter(mentor__person=person).values_list("team__challenge__code", flat=True)
    for challenge in Challenge.objects.filter(code__in={*judged, *entered, *mentored}).select_related("competition").order_by("pk"):
        find_conflicts(challenge=challenge)


@receiver(published)
def make_keys(*, sender: Any, challenge: Challenge, actor: Any, **kwargs: Any) -> Reason | None:
    """Make and rehearse the keys long before anybody submits: made by the first submission, they would tell that there is one."""
    try:
        rehearse_keys(actor=actor, challenge=challenge)
    except Refused:
        return Reason.KEYS_NOT_MADE
    return None


@receiver(deadline_moved)
def tell_the_holder(*, sender: Any, stage: Stage, **kwargs: Any) -> None:
    """Let the keys wait as long as the teams may submit."""
    if stage.kind == StageKind.PROPOSALS:
        for challenge in Challenge.objects.filter(competition=stage.competition).select_related("competition"):
            postpone_keys(challenge)


@receiver(left)
def call_a_deputy(*, sender: Any, round: Round, **kwargs: Any) -> None:
    kind, _, code = round.key.partition("/")
    if kind == "proposals":
        find_conflicts(challenge=Challenge.objects.select_related("competition").get(code=code))


@receiver(side_changed)
def look_at_the_jury(*, sender: Any, team: Team, **kwargs: Any) -> None:
    find_conflicts(challenge=team.challenge)


@receiver(resigned)
def take_out_of_the_contest(*, sender: Any, team: Team, actor: Any, **kwargs: Any) -> None:
    """Withdraw what a team has submitted that gives up its place."""
    for proposal in Proposal.objects.filter(team=team, state=ProposalState.SUBMITTED):
        withdraw_proposal(actor=actor, proposal=proposal)


@receiver(accepted)
def look_at_the_new_one(*, sender: Any, invitation: Invitation, person: User, **kwargs: Any) -> None:
    """Look for conflicts of a juror whose account is known only now, give a new deputy the seat that waits, and tell who comes late that the jury reads."""
    challenge = Challenge.objects.select_related("competition").filter(code=invitation.challenge).first()
    if challenge is not None and invitation.role in JUDGES:
        find_conflicts(challenge=challenge)
    if invitation.handle:  # after the conflicts: who has just left is not asked to read
        tell_latecomer(handle=invitation.handle, person=person)


def _is_copy(entry: Entry, version: Version) -> bool:
    """Return whether the copy, with what the registrar left out put back, is what was received."""
    parts, copy = version.manifest["parts"], as_received(entry)
    texts = [copy["title"], *(section["text"] for section in copy["sections"])]
    hashes = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    return (hashes, copy["files"]) == ([row["sha256"] for row in parts if "blind" not in row], [row["blind"]["sha256"] for row in parts if row.get("blind")])


def _faults_of_version(version: Version) -> Iterable[str]:
    told = version.document
    signed = {name: value for name, value in told.items() if name != "signature"}
    if not keys.is_signed(told["key"], audit.canonical(signed), told["signature"]):
        yield "its signature does not hold"
    if commit(told["competition"], told["team_nonce"], told["server_nonce"], told["manifest"]) != version.commitment:
        yield "the list of parts is not the one that was received"
    if (told["received_at"], told["is_late"]) != (version.received_at.astimezone(UTC).isoformat(timespec="milliseconds"), version.is_late):
        yield "time or lateness are not those of the receipt"
    files = [row for row in told["manifest"]["parts"] if "blind" in row]
    wanted = {(Envelope.BLIND, TEXT), *((Envelope.ORIGINAL, row["part"]) for row in files), *((Envelope.BLIND, row["part"]) for row in files if row["blind"])}
    kept = {(row.envelope, row.part): row for row in version.parts.all()}
    for envelope, part in sorted(wanted | set(kept)):
        if (envelope, part) not in kept or not _is_kept(kept[envelope, part]):
            yield f"the part {part} is not the one that was received"


def _is_kept(row: SealedPart) -> bool:
    try:
        return hashlib.sha256(blobs.read(row.blob)).hexdigest() == row.sha256
    except blobs.Missing:
        return False
