"""What a body decides on the entries of its round: pending while it is written, told to everyone at once."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from klash.competitions import selectors
from klash.competitions.models import Competition, Ruling, RulingLine
from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.post.services import Letter, digest_of, queue_letter
from klash.reviewing import selectors as reviewing
from klash.reviewing.models import Round
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import RulingState


@transaction.atomic
def save_decision(
    *, actor: Any, competition: Competition, round: Round, entry_code: str, is_taken: bool | None, reason: str, feedback: str,
    reserve_place: int | None = None, revision: int | None = None, is_invented: bool = False,
) -> RulingLine:
    """Save the pending decision on one entry, as far as it is written. Nobody outside learns of it before the release.

    is_taken: None while nothing is decided. reserve_place: on the reserve list, of an entry that is not taken. revision: the one that
    the writer saw; None asks for no comparison. Equal content changes nothing.
    Raises Denied(NO_ROLE; NOT_ALL_SUBMITTED before the round is complete; FROZEN after the release), Refused(INCOMPLETE) for an entry that is
    not in the ranking, Refused(TEXT_CHANGED) if somebody else saved since then, Refused(QUOTA_FULL) for one more than was announced.
    """
    ruling = _locked(competition, round)
    line = RulingLine.objects.filter(ruling=ruling, entry_code=entry_code).first() or RulingLine(ruling=ruling, entry_code=entry_code)
    reserve_place = reserve_place if is_taken is False else None
    decided, feedback = (is_taken, reserve_place, reason.strip()), feedback.strip()
    access.ensure(actor, Permission.GIVE_FEEDBACK if decided == (line.is_taken, line.reserve_place, line.reason) else Permission.DECIDE, ruling)
    if reviewing.rank_of(round, entry_code) is None:
        raise Refused(Reason.INCOMPLETE, f"{entry_code} is not in the ranking")
    if (*decided, feedback) == (line.is_taken, line.reserve_place, line.reason, line.feedback):
        return line
    if revision is not None and revision != line.revision:
        raise Refused(Reason.TEXT_CHANGED)
    if is_taken and not line.is_taken and ruling.lines.filter(is_taken=True).count() >= ruling.quota:
        raise Refused(Reason.QUOTA_FULL)
    (line.is_taken, line.reserve_place, line.reason), line.feedback, line.is_invented = decided, feedback, is_invented
    line.revision, line.saved_at = line.revision + 1, clock.now()
    line.save()
    # What is decided stays out of the log, which more people read, until it is released.
    audit.record("ruling.saved", actor=actor, competition=ruling.chain, thing=f"ruling/{ruling.key}", body={"revision": line.revision})
    return line


@transaction.atomic
def give_reason_for_fewer(*, actor: Any, competition: Competition, round: Round, reason: str) -> Ruling:
    """Say why fewer go on than was promised; it stands in the minutes. Raises Denied as `save_decision` does."""
    ruling = _locked(competition, round)
    access.ensure(actor, Permission.DECIDE, ruling)
    if reason.strip() != ruling.fewer_reason:
        ruling.fewer_reason = reason.strip()
        ruling.save(update_fields=["fewer_reason"])
        audit.record("ruling.fewer", actor=actor, competition=ruling.chain, thing=f"ruling/{ruling.key}")
    return ruling


def release_ruling(*, actor: Any, sheet: selectors.Sheet, letters: Sequence[Letter], seen: str) -> Ruling:
    """Release a sheet's decisions and queue their mails; call it inside the transaction that moves the stage's own rows.

    letters: exactly those that the person saw; seen: their digest, as the preview carried it.
    Raises Denied(NO_ROLE), IllegalMove after the release, Refused(NOT_COMPLETE) while one is undecided or lacks its reason or feedback,
    Refused(FEWER_THAN_PROMISED) without the reason for that, Refused(QUOTA_FULL), Refused(RESERVE_UNEVEN) where two
    share a place on the reserve list or one is left out, Refused(PREVIEW_CHANGED) if anything changed since.
    """
    ruling = sheet.ruling
    access.ensure(actor, Permission.RELEASE_DECISIONS, ruling)
    if not sheet.rows or sheet.undecided or sheet.without_reason or sheet.without_feedback:
        raise Refused(Reason.NOT_COMPLETE)
    if sheet.is_fewer and not ruling.fewer_reason:
        raise Refused(Reason.FEWER_THAN_PROMISED)
    if sheet.taken > ruling.quota:
        raise Refused(Reason.QUOTA_FULL)
    if sorted(sheet.reserve) != list(range(1, len(sheet.reserve) + 1)):
        raise Refused(Reason.RESERVE_UNEVEN)
    if digest_of(letters) != seen:
        raise Refused(Reason.PREVIEW_CHANGED)
    for row in sheet.rows:
        if row.line.feedback != row.feedback:  # what nobody touched is kept as it went out
            row.line.feedback = row.feedback
            row.line.save(update_fields=["feedback"])
    body = {"hash": selectors.hash_of(ruling), "taken": sheet.taken, "of": len(sheet.rows), "quota": ruling.quota, "fewer_reason": ruling.fewer_reason}
    workflow.move(ruling, to=RulingState.RELEASED, actor=actor, save={"released_at": clock.now()}, body=body)
    for letter in letters:
        queue_letter(letter)
    return ruling


def lock_sheet(competition: Competition, round: Round) -> selectors.Sheet:
    """Lock a round's decisions until the transaction ends and return them."""
    _locked(competition, round)
    return selectors.sheet(competition, round)


def _locked(competition: Competition, round: Round) -> Ruling:
    Ruling.objects.get_or_create(key=round.key, defaults={"competition": competition, "quota": round.quota})
    ruling = Ruling.objects.select_for_update(no_key=True).get(key=round.key)
    ruling.competition, ruling.round_state = competition, round.state
    return ruling
