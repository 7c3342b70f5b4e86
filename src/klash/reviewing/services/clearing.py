"""What the registrar does with blind copies before the jury reads them, by code name alone: leave something out, clear, exclude.

Each act is in the jury's log with the hashes of the copy before and after, so that anybody can follow a copy from what was received to what was read.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from klash.core import access, audit, clock, workflow
from klash.core.databases import reviewing as alias
from klash.core.errors import Refused
from klash.reviewing import bridge
from klash.reviewing.models import Entry, EntryFile, Exclusion, ExclusionKind, Redaction, Review, Seat
from klash.reviewing.selectors import content_hash
from klash.reviewing.services.assignment import lay_orders
from klash.reviewing.services.reviews import is_scored_again
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import ExclusionState, ReviewState

LEFT_OUT = {"fi": "[poistettu]", "sv": "[borttaget]", "en": "[removed]"}
WORDS_SIGNS_MIN, TITLE_SIGNS_MAX = 2, 200
Share = tuple[float, float, float, float]


def leave_out_words(*, actor: Any, entry: Entry, words: str, reason: str, seen: str) -> Redaction:
    """Put a neutral word wherever these words stand in the copy's title and texts.

    seen: the hash of the copy that the actor looked at. Raises Denied (no registrar, FROZEN once the jury reads), Refused(PAGE_CHANGED),
    Refused(NO_REASON_GIVEN), or Refused(INCOMPLETE) where the words do not stand there.
    """
    with transaction.atomic(using=alias()):
        _hold(actor, entry, seen, reason)
        mark, before = LEFT_OUT[entry.language], {"title": entry.title, "sections": entry.sections}
        title = entry.title.replace(words, mark)
        sections = [{**section, "text": section["text"].replace(words, mark)} for section in entry.sections]
        if len(words.strip()) < WORDS_SIGNS_MIN or len(title) > TITLE_SIGNS_MAX or {"title": title, "sections": sections} == before:
            raise Refused(Reason.INCOMPLETE, "the words do not stand in the copy")
        entry.title, entry.sections = title, sections
        return _written(actor, entry, "text", 0, reason, before, seen)


def leave_out_region(
    *, actor: Any, entry: Entry, number: int, page: int, reason: str, seen: str, regions: Sequence[Share] = (), signs: tuple[int, int] | None = None
) -> Redaction:
    """Make regions of a page of a file black, for good.

    regions: left, top, right, bottom as shares of the page. signs: or the words from one place to another, as `bridge.spots` counts them.
    Raises as `leave_out_words`; Refused(INCOMPLETE) for a file, page or region that is not there.
    """
    with transaction.atomic(using=alias()):
        _hold(actor, entry, seen, reason)
        file = _file(entry, number)
        try:
            content = bridge.blackened(file, page, regions, signs)
        except ValueError as error:
            raise Refused(Reason.INCOMPLETE, str(error)) from error
        before = _kept(file)
        file.content, file.size_bytes, file.sha256 = content, len(content), hashlib.sha256(content).hexdigest()
        file.save(using=alias(), update_fields=["content", "size_bytes", "sha256"])
        return _written(actor, entry, f"file/{number}", page, reason, before, seen)


def leave_out_file(*, actor: Any, entry: Entry, number: int, reason: str, seen: str) -> Redaction:
    """Take a whole file out of the copy. Raises as `leave_out_region`."""
    with transaction.atomic(using=alias()):
        _hold(actor, entry, seen, reason)
        file = _file(entry, number)
        before = _kept(file)
        file.delete(using=alias())
        return _written(actor, entry, f"file/{number}", 0, reason, before, seen)


def put_back(*, actor: Any, entry: Entry, seen: str) -> Redaction:
    """Put back what was left out last. Raises Denied, Refused(PAGE_CHANGED), or Refused(WRONG_STATE) where nothing is left out."""
    using = alias()
    with transaction.atomic(using=using):
        _hold(actor, entry, seen)
        row = entry.redactions.using(using).filter(is_restored=False).last()
        if row is None:
            raise Refused(Reason.WRONG_STATE, "nothing is left out of the copy")
        if row.part == "text":
            entry.title, entry.sections = row.before["title"], row.before["sections"]
        else:
            content = base64.b64decode(row.before["content"])
            columns = {**{name: row.before[name] for name in ("media_type", "pages")}, "content": content, "size_bytes": len(content)}
            columns["sha256"] = hashlib.sha256(content).hexdigest()
            EntryFile.objects.using(using).update_or_create(entry=entry, number=row.file_number, defaults=columns)
        row.is_restored = True
        row.save(using=using, update_fields=["is_restored"])
        _keep(entry)
        _record("entry.restored", actor, entry, {"before": seen, "after": content_hash(entry)})
    return row


def clear_copy(*, actor: Any, entry: Entry, seen: str) -> Entry:
    """Let the copy through to the jury as the actor saw it; a second call changes nothing. Raises Denied or Refused(PAGE_CHANGED)."""
    with transaction.atomic(using=alias()):
        _hold(actor, entry, seen)
        if entry.cleared_hash != seen:
            entry.cleared_hash = seen
            entry.save(using=alias(), update_fields=["cleared_hash"])
            _record("entry.cleared", actor, entry, {"content": seen})
    return entry


def propose_exclusion(*, actor: Any, entry: Entry, kind: str, reason: str) -> Exclusion:
    """Propose that the copy is not judged; nothing changes before another person confirms it.

    kind: of ExclusionKind, told to the jury. Possible until the round is complete. Raises Denied (no registrar, FROZEN),
    Refused(NO_REASON_GIVEN), or Refused(ALREADY_REQUESTED) where one is proposed or in force.
    """
    using = alias()
    with transaction.atomic(using=using):
        workflow.lock(entry.round)
        now = clock.now()
        exclusion = Exclusion(entry=entry, kind=ExclusionKind(kind), reason=reason.strip(), proposed_by=actor.pseudonym, proposed_at=now)
        access.ensure(actor, Permission.EXCLUDE_COPY, exclusion, now)
        if not exclusion.reason:
            raise Refused(Reason.NO_REASON_GIVEN)
        try:
            with transaction.atomic(using=using):
                exclusion.save(using=using, force_insert=True)
        except IntegrityError:
            raise Refused(Reason.ALREADY_REQUESTED) from None
        audit.record(
            "exclusion.proposed", actor=actor, competition=entry.chain, thing=f"exclusion/{exclusion.code}", using=using, at=now,
            body={"entry": entry.code, "kind": exclusion.kind, "reason": exclusion.reason},
        )
    return exclusion


def confirm_exclusion(*, actor: Any, exclusion: Exclusion) -> Exclusion:
    """Put another person's exclusion in force: the copy is not judged, and what was given it does not count.

    Raises Denied (no staff, SAME_PERSON, FROZEN once the round is complete) or IllegalMove.
    """
    using = alias()
    with transaction.atomic(using=using):
        entry, round_ = exclusion.entry, exclusion.entry.round
        workflow.lock(round_)
        reviews = list(Review.objects.using(using).filter(entry=entry, place__isnull=False).select_related("seat").order_by("pk"))
        seats = workflow.lock_all([row.seat for row in reviews])  # seats, log, entry: the order of `submit_review`
        workflow.move(exclusion, to=ExclusionState.CONFIRMED, actor=actor, save={"confirmed_by": actor.pseudonym, "confirmed_at": clock.now()})
        workflow.lock(entry)
        entry.is_excluded = True
        entry.save(using=using, update_fields=["is_excluded"])
        round_.entry_count -= 1
        round_.save(using=using, update_fields=["entry_count"])
        entry.round = round_
        _record("entry.excluded", actor, entry, {"kind": exclusion.kind, "reason": exclusion.reason, "exclusion": exclusion.code})
        _take_from(seats, entry)
    return exclusion


def _take_from(seats: Sequence[Seat], entry: Entry) -> None:
    """Take an excluded copy out of the order and the counts of those who were to review it; what they gave stays in the record. The seats are locked."""
    using = alias()
    rows = Review.objects.using(using).filter(entry=entry, place__isnull=False).select_related("second")
    given = {row.seat_id: row for row in rows if row.state == ReviewState.SUBMITTED}
    Review.objects.using(using).filter(entry=entry).update(place=None)
    for seat in seats:
        if (review := given.get(seat.pk)) is not None:
            seat.submitted_count, seat.second_count = seat.submitted_count - 1, seat.second_count - is_scored_again(review)
            seat.save(using=using, update_fields=["submitted_count", "second_count"])
    lay_orders(seats)


def take_back_exclusion(*, actor: Any, exclusion: Exclusion) -> Exclusion:
    """Drop an exclusion that nobody has confirmed; it stays in the record. Raises Denied or IllegalMove."""
    return workflow.move(exclusion, to=ExclusionState.TAKEN_BACK, actor=actor)


def _hold(actor: Any, entry: Entry, seen: str, reason: str | None = None) -> None:
    """Lock the round and the copy, and make sure that the actor may clear it and saw it as it is."""
    round_ = workflow.lock(entry.round)
    workflow.lock(entry)
    entry.round = round_
    access.ensure(actor, Permission.CLEAR_COPY, entry)
    if reason is not None and not reason.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    if seen != content_hash(entry):
        raise Refused(Reason.PAGE_CHANGED)
    if entry.is_excluded:
        raise Refused(Reason.WRONG_STATE, "the copy is excluded")


def _file(entry: Entry, number: int) -> EntryFile:
    found = entry.files.using(alias()).filter(number=number).first()
    if found is None:
        raise Refused(Reason.INCOMPLETE, "the copy has no such file")
    return found


def _kept(file: EntryFile) -> dict[str, Any]:
    return {"media_type": file.media_type, "pages": file.pages, "content": base64.b64encode(bytes(file.content)).decode()}


def _written(actor: Any, entry: Entry, part: str, page: int, reason: str, before: Mapping[str, Any], seen: str) -> Redaction:
    using, now, after = alias(), clock.now(), content_hash(entry)
    row = Redaction(
        entry=entry, number=entry.redactions.using(using).count() + 1, part=part, page=page, reason=reason.strip(), before=dict(before), before_hash=seen,
        after_hash=after, made_by=actor.pseudonym, made_at=now,
    )
    row.save(using=using, force_insert=True)
    _keep(entry)
    _record("entry.redacted", actor, entry, {"part": part, "page": page, "reason": row.reason, "before": seen, "after": after})
    return row


def _keep(entry: Entry) -> None:
    """Save the copy; whatever was cleared before is to be looked at anew."""
    entry.cleared_hash = ""
    entry.save(using=alias(), update_fields=["title", "sections", "cleared_hash"])


def _record(what: str, actor: Any, entry: Entry, body: Mapping[str, Any]) -> None:
    audit.record(what, actor=actor, competition=entry.chain, thing=f"entry/{entry.code}", body=body, using=alias())
