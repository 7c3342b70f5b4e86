"""What a team does with its proposal until the deadline, and what becomes of what comes after it."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from klash.challenges.models import Challenge
from klash.competitions.models import Stage, StageKind
from klash.competitions.services import freeze_sections, hold_stage
from klash.core import access, arrival, audit, chance, clock, workflow
from klash.core.errors import Denied, Refused
from klash.files import services as files
from klash.files.models import StoredFile
from klash.proposals.bridge import without
from klash.proposals.models import SECTION_SIGNS_MAX, TITLE_SIGNS_MAX, Opening, Proposal, ProposalFile, Version
from klash.proposals.selectors import carried, fingerprint, manifest_of, standing_version
from klash.proposals.services import letters
from klash.proposals.services.change import keep_baseline, measure
from klash.proposals.services.receipts import write_receipt
from klash.proposals.services.sealing import ensure_keys, seal_parts
from klash.rules.names import one_line
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import ApplicationState, OpeningState, ProposalState
from klash.teams.models import Application, Team

EXAMINING_SECONDS = 10
SETTLED_MAX = 2_000


@transaction.atomic
def start_proposal(*, actor: Any, team: Team) -> Proposal:
    """Begin the team's one proposal, or find the one that was begun. From the first of a competition on its sections stay as they are.

    Raises Denied (not a member, not the time) or Refused(NOT_ADMITTED).
    """
    if (found := Proposal.objects.filter(team=team).first()) is not None:
        if found.team.membership_of(actor) is None:
            raise Denied(Reason.NOT_YOURS)
        return found
    proposal = Proposal(team=team)
    access.ensure(actor, Permission.EDIT_PROPOSAL, proposal)
    _ensure_admitted(team)
    freeze_sections(competition=team.challenge.competition)
    proposal, is_new = Proposal.objects.get_or_create(team=team)
    if is_new:
        _record("proposal.started", actor, proposal)
    return proposal


@transaction.atomic
def save_proposal(
    *, actor: Any, proposal: Proposal, texts: Mapping[str, str], revision: int = -1, seen: Mapping[str, str] | None = None
) -> Proposal:
    """Save the team's working copy; what was submitted stays as it is.

    texts: title and sections by code. seen: by the same codes, the fingerprints of the texts that the writer had before. What the writer left as
    it was stays as it is stored, so that several people may write in different sections; without it, revision is the one that the writer saw.
    Raises Denied, or Refused(TEXT_CHANGED) if another member changed since then what the writer changed too; nothing is saved then. Equal text
    never clashes and makes no new revision.
    """
    texts = {name: one_line(text) if name == "title" else text for name, text in texts.items()}
    workflow.lock(proposal)
    now = clock.now()
    access.ensure(actor, Permission.EDIT_PROPOSAL, proposal, now)
    _ensure_admitted(proposal.team)
    changed = {name: text for name, text in texts.items() if proposal.text(name) != text and (seen is None or fingerprint(text) != seen.get(name))}
    if not changed:
        return proposal
    if proposal.revision != revision if seen is None else any(fingerprint(proposal.text(name)) != seen.get(name) for name in changed):
        raise Refused(Reason.TEXT_CHANGED)
    keep_baseline(proposal, now)
    proposal.texts = {**proposal.texts, **changed}
    proposal.revision, proposal.saved_at = proposal.revision + 1, now
    proposal.save(update_fields=["texts", "revision", "saved_at"])
    _record("proposal.saved", actor, proposal, {"revision": proposal.revision})
    return proposal


def carry_over(*, actor: Any, proposal: Proposal, code: str, texts: Mapping[str, str], seen: Mapping[str, str]) -> bool:
    """Save the working copy with what the team's application said in one section, if nothing stands there; return whether it was put there.

    What stands in a section is never replaced. texts, seen: as `save_proposal` takes them, which also tells what is raised.
    """
    said = carried(proposal).get(code, "")
    is_put = bool(said) and not texts[code].strip()
    save_proposal(actor=actor, proposal=proposal, texts={**texts, code: said} if is_put else texts, seen=seen)
    return is_put


@transaction.atomic
def replace_name(*, actor: Any, proposal: Proposal, place: str, everywhere: bool, revision: int) -> Proposal:
    """Put the neutral word where the identity check found a name in the texts, or wherever the same name stands in them.

    place: as in "solution:12". revision: the one that its reader saw. Raises Denied, or Refused: TEXT_CHANGED if the texts are not those any more,
    TEXT_TOO_LONG if the neutral words find no room.
    """
    workflow.lock(proposal)
    access.ensure(actor, Permission.EDIT_PROPOSAL, proposal)
    if proposal.revision != revision or not (texts := without(proposal, place, everywhere=everywhere)):
        raise Refused(Reason.TEXT_CHANGED)
    if any(len(text) > (TITLE_SIGNS_MAX if part == "title" else SECTION_SIGNS_MAX) for part, text in texts.items()):
        raise Refused(Reason.TEXT_TOO_LONG)
    return save_proposal(actor=actor, proposal=proposal, texts=texts, revision=revision)


@transaction.atomic
def settle_finding(*, actor: Any, proposal: Proposal, mark: str, is_settled: bool) -> Proposal:
    """Note that a finding of the identity check is no problem, so that it is not asked again, or take that back. Raises Denied."""
    workflow.lock(proposal)
    access.ensure(actor, Permission.EDIT_PROPOSAL, proposal)
    settled = [one for one in proposal.settled if one != mark] + ([mark] if is_settled else [])
    if settled != proposal.settled:
        proposal.settled = settled[-SETTLED_MAX:]
        proposal.save(update_fields=["settled"])
        _record("proposal.finding_settled", actor, proposal, {"is_settled": is_settled})
    return proposal


@transaction.atomic
def submit_proposal(
    *, actor: Any, proposal: Proposal, idempotency_key: str, arrived_at: datetime | None = None, confirmed_blind: bool = False
) -> Version:
    """Receive the working copy as a version and answer with its receipt.

    idempotency_key: from the form; the same key gives the version of its first arrival (a unique constraint holds it).
    arrived_at: when the request had arrived, where that is known; it counts until the set is fixed, and is told in the late box after that.
    confirmed_blind: the sender has looked at the blind copy and says that its contents have survived; the receipt tells it.
    What comes after the deadline is kept as a late version: the state and the version that stands stay as they are.
    Raises Denied (not a member, too early, incomplete, TOO_MANY_WORDS with the sections and their numbers), Refused(ALREADY_SENT): the same key
    with other contents, or Refused(KEYS_NOT_READY): there are no keys yet to which it could be sealed.
    The deadline is shared-locked first and the clock read after, so closing and submitting cannot interleave.
    """
    hold_deadline(proposal.team.challenge)
    workflow.lock(proposal)
    counts = not Opening.objects.filter(challenge=proposal.team.challenge_id).exclude(state=OpeningState.REQUESTED).exists()
    received_at = arrival.received(arrived_at if counts else None, clock.judged())
    reason = access.reason_against(actor, Permission.SUBMIT_PROPOSAL, proposal, received_at)
    if reason is Reason.DEADLINE_PASSED:  # what is late must be whole all the same
        reason = Reason.INCOMPLETE if not proposal.is_complete() else Reason.TOO_MANY_WORDS if proposal.too_long() else reason
    is_late = reason is Reason.DEADLINE_PASSED
    if reason is not None and not is_late:
        raise Denied(reason, _excess(proposal) or Permission.SUBMIT_PROPOSAL.value)
    _ensure_admitted(proposal.team)
    public = ensure_keys(proposal.team.challenge)
    version, attached = _version(actor, proposal, idempotency_key, received_at, is_late, confirmed_blind)
    version.arrived_at = arrived_at
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError:
        return _first_arrival(proposal, version)
    seal_parts(version, proposal, attached, public)
    measure(version, proposal)
    body = {"commitment": version.commitment, "received_at": received_at}
    if is_late:
        _record("proposal.late", actor, proposal, body)
    else:
        workflow.move(proposal, to=ProposalState.SUBMITTED, actor=actor, body=body, arrived_at=received_at)
    letters.send_receipt(version)
    return version


@transaction.atomic
def withdraw_proposal(*, actor: Any, proposal: Proposal) -> Proposal:
    """Take the proposal out of the contest until it is submitted again. Raises Denied (late, not a member) or IllegalMove."""
    hold_deadline(proposal.team.challenge)
    workflow.move(proposal, to=ProposalState.WITHDRAWN, actor=actor)
    letters.send_withdrawal(proposal, actor, clock.now())
    return proposal


def hold_deadline(challenge: Challenge, *, is_closing: bool = False) -> Stage:
    """Hold the deadline of the proposals: shared to submit, alone to close or to move it."""
    return hold_stage(challenge.competition_id, StageKind.PROPOSALS, is_closing=is_closing)


def _ensure_admitted(team: Team) -> None:
    if not Application.objects.filter(team=team, state=ApplicationState.ADMITTED).exists():
        raise Refused(Reason.NOT_ADMITTED)


def _excess(proposal: Proposal) -> str:
    """Return which sections are too long, and by how much."""
    return ", ".join(f"{section.code} has {proposal.words(section)} words of {section.hard_words}" for section in proposal.too_long())


def _examine_again(attached: Sequence[StoredFile]) -> None:
    """Try the files that could not be checked once more, all in a few seconds: nothing may keep a submission."""
    until = time.monotonic() + EXAMINING_SECONDS
    for file in attached:
        if (left := until - time.monotonic()) > 0:
            files.examine_again(file, left)


def _version(actor: Any, proposal: Proposal, key: str, now: datetime, is_late: bool, confirmed_blind: bool) -> tuple[Version, list[StoredFile]]:
    rows = ProposalFile.objects.filter(proposal=proposal).select_related("file").order_by("position")
    attached = [row.file for row in rows if row.file.is_held]
    _examine_again(attached)
    last = Version.objects.filter(proposal=proposal).order_by("-number").first()
    version = Version(
        receipt=chance.code(16), proposal=proposal, number=last.number + 1 if last else 1, idempotency_key=key, submitted_by=actor, received_at=now,
        deadline_at=proposal.team.challenge.competition.stage(StageKind.PROPOSALS).closes_at, is_late=is_late,
    )
    manifest = {**manifest_of(proposal, attached), "confirmed_blind": confirmed_blind}
    version.document = write_receipt(version, manifest, standing_version(proposal) if is_late else None)
    version.commitment = version.document["commitment"]
    return version, attached


def _first_arrival(proposal: Proposal, version: Version) -> Version:
    first = Version.objects.filter(proposal=proposal, idempotency_key=version.idempotency_key).first()
    if first is None:
        raise RuntimeError(f"version of {proposal.code} was refused by the database, yet its key is new")
    if first.manifest != version.manifest:
        raise Refused(Reason.ALREADY_SENT)
    return first


def _record(what: str, actor: Any, proposal: Proposal, body: dict[str, Any] | None = None) -> None:
    audit.record(what, actor=actor, competition=proposal.chain, thing=f"proposal/{proposal.code}", body=body)
