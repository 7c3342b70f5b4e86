"""What bodies and their organisers do in a round. Everything lies in the reviewing database, in its own transaction."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from klash.core import access, audit, chance, clock, workflow
from klash.core.databases import reviewing as alias
from klash.core.errors import Denied, Refused
from klash.core.fields import Text
from klash.reviewing import bridge, selectors
from klash.reviewing.hashes import criteria_hash as criteria_hash
from klash.reviewing.hashes import report_hash as report_hash
from klash.reviewing.hashes import review_hash
from klash.reviewing.models import Conflict, ConflictKind, Criterion, Entry, EntryFile, Firmness, Report, Review, Round, Seat, Signature, Suggestion
from klash.reviewing.selectors import unsigned as unsigned
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.roles import STAFF
from klash.rules.states import ReportState, ReviewState, RoundState, SeatState


@dataclass(frozen=True)
class NewFile:
    media_type: str
    pages: int
    content: bytes


@dataclass(frozen=True)
class NewEntry:
    """A snapshot to be judged. sections: [{heading: {fi, sv, en}, text}]. author stays empty in blind rounds."""

    code: str
    title: str
    author: str
    language: str
    sections: list[dict[str, Any]]
    is_invented: bool = False
    files: tuple[NewFile, ...] = ()


def make_round(
    *, actor: Any, key: str, chain: str, kind: str, competition_name: str, title: Text, intro: Text, is_blind: bool, is_invented: bool,
    opens_at: datetime, closes_at: datetime, criteria: Sequence[Mapping[str, Any]], quota: int = 1,
) -> Round:
    """Make a round with its criteria as they were announced. The same key finds the round that was made before.

    Raises Denied(NO_ROLE) unless the actor runs the competition whose chain it is.
    """
    _ensure_staff(actor, chain)
    using = alias()
    with transaction.atomic(using=using):
        round_, is_new = Round.objects.using(using).get_or_create(
            key=key, defaults={
                "code": chance.code(12), "chain": chain, "kind": kind, "competition_name": competition_name, "title": title, "intro": intro,
                "is_blind": is_blind, "is_invented": is_invented, "opens_at": opens_at, "closes_at": closes_at, "criteria_hash": criteria_hash(criteria),
                "quota": quota,
            },
        )
        if is_new:
            Criterion.objects.using(using).bulk_create(Criterion(round=round_, position=position, **row) for position, row in enumerate(criteria))
            audit.record("round.made", actor=actor, competition=chain, thing=f"round/{round_.code}", body={"criteria": round_.criteria_hash}, using=using)
    _ensure_staff(actor, round_.chain)  # a key that another competition took finds that one's round
    return round_


def add_seat(*, actor: Any, round: Round, is_chair: bool = False) -> Seat:
    """Add a reviewer to a round under a random handle.

    Raises Denied(NO_ROLE), Refused(FROZEN) once the round is complete, Refused(WRONG_STATE) for a second chair beside a present one.
    """
    _ensure_staff(actor, round.chain)
    using = alias()
    with transaction.atomic(using=using):
        workflow.lock(round)
        if round.state == RoundState.COMPLETE:
            raise Refused(Reason.FROZEN)
        if is_chair and round.seats.using(using).filter(is_chair=True, is_absent=False).exists():
            raise Refused(Reason.WRONG_STATE, "the round has a chair")
        seat = Seat(round=round, handle=chance.key(), is_chair=is_chair)
        seat.save(using=using)
        audit.record("seat.added", actor=actor, competition=round.chain, thing=f"seat/{seat.handle}", body={"is_chair": is_chair}, using=using)
        if round.state == RoundState.OPEN and round.reviews_per_entry is None:
            _assign_all(actor, round, [seat])
            workflow.lock(seat)
    return seat


def write_entries(*, actor: Any, round: Round, entries: Sequence[NewEntry]) -> list[Entry]:
    """Write the snapshots, shuffled, in one transaction. What was written before under the same code is left alone.

    Shuffled so that neither key nor place in the table tells the order of arrival.
    Raises Denied(NO_ROLE), or Refused(FROZEN) for something new in a round that is open or complete.
    """
    _ensure_staff(actor, round.chain)
    using = alias()
    with transaction.atomic(using=using):
        workflow.lock(round)
        known = set(round.entries.using(using).values_list("code", flat=True))
        new = chance.shuffled([entry for entry in entries if entry.code not in known])
        if new and round.state != RoundState.DRAFT:
            raise Refused(Reason.FROZEN)
        for item in new:
            entry = Entry(
                round=round, code=item.code, title=item.title, author="" if round.is_blind else item.author, language=item.language,
                sections=item.sections, is_invented=item.is_invented,
            )
            entry.save(using=using, force_insert=True)
            for place, file in enumerate(item.files, 1):
                EntryFile(
                    entry=entry, number=place, media_type=file.media_type, pages=file.pages, size_bytes=len(file.content),
                    sha256=hashlib.sha256(file.content).hexdigest(), content=file.content,
                ).save(using=using)
            body = {"content": audit.sha256("klash/1/entry", audit.canonical([item.title, item.sections]), *(file.content for file in item.files))}
            audit.record("entry.written", actor=actor, competition=round.chain, thing=f"entry/{entry.code}", body=body, using=using)
        round.entry_count = len(known) + len(new)
        round.save(using=using, update_fields=["entry_count"])
    return list(round.entries.using(using).order_by("code"))


def open_round(*, actor: Any, round: Round) -> Round:
    """Open a round for scoring; from here its criteria and entries stay as they are. Where everyone reviews everything, all is assigned now.

    Raises Denied (no role, no entry) or Refused(NOBODY_JUDGES) where entries are dealt out and one has no reviewer.
    """
    using = alias()
    with transaction.atomic(using=using):
        workflow.move(round, to=RoundState.OPEN, actor=actor)
        if round.reviews_per_entry is None:
            _assign_all(actor, round, list(round.seats.using(using).filter(is_absent=False).order_by("handle")))
        elif bare := sorted(selectors.without_reviewer(round)):
            raise Refused(Reason.NOBODY_JUDGES, f"entries without a reviewer: {bare}")
    return round


def set_loads(*, actor: Any, round: Round, reviews_per_entry: int | None, load_min: int = 0, load_max: int | None = None) -> Round:
    """Say how many reviews each entry gets and how many entries a reviewer; None: everyone reviews everything.

    Raises Denied(NO_ROLE), Refused(FROZEN) once the round is open, Refused(INCOMPLETE) for numbers that contradict each other.
    """
    _ensure_staff(actor, round.chain)
    if (reviews_per_entry is not None and reviews_per_entry < 1) or (load_max is not None and load_min > load_max):
        raise Refused(Reason.INCOMPLETE)
    with transaction.atomic(using=alias()):
        workflow.lock(round)
        if round.state != RoundState.DRAFT:
            raise Refused(Reason.FROZEN)
        columns = {"reviews_per_entry": reviews_per_entry, "load_min": load_min, "load_max": load_max}
        for name, value in columns.items():
            setattr(round, name, value)
        round.save(using=alias(), update_fields=[*columns])
        audit.record("round.loads", actor=actor, competition=round.chain, thing=f"round/{round.code}", body=columns, using=alias())
    return round


def assign(*, actor: Any, round: Round, pairs: Iterable[tuple[str, str]]) -> int:
    """Assign entries to reviewers; what is assigned already stays as it is. Returns how many are new.

    pairs: (entry code, seat handle). All or nothing.
    Raises Denied (no role, round complete), Refused(INCOMPLETE) for a code or handle that is not of this round, or Refused(CONFLICT).
    """
    using = alias()
    with transaction.atomic(using=using):
        workflow.lock(round)
        access.ensure(actor, Permission.ASSIGN_REVIEWS, round)
        wanted = set(pairs)
        entries = {row.code: row for row in round.entries.using(using).only("pk", "code")}
        seats = {row.handle: row for row in round.seats.using(using).filter(is_absent=False)}
        if strange := sorted({code for code, _ in wanted} - set(entries)) + sorted({handle for _, handle in wanted} - set(seats)):
            raise Refused(Reason.INCOMPLETE, f"not of this round: {strange}")
        if wanted & selectors.barred(round):
            raise Refused(Reason.CONFLICT)
        known = set(Review.objects.using(using).filter(seat__round=round).values_list("entry__code", "seat__handle"))
        new = sorted(wanted - known)
        Review.objects.using(using).bulk_create([Review(entry=entries[code], seat=seats[handle]) for code, handle in new], batch_size=500)
        _lay_orders([seats[handle] for handle in {handle for _, handle in new}])
        if new:
            audit.record("round.assigned", actor=actor, competition=round.chain, thing=f"round/{round.code}", body={"pairs": new}, using=using)
    return len(new)


def unassign(*, actor: Any, round: Round, pairs: Iterable[tuple[str, str]]) -> int:
    """Take entries from reviewers who have not begun with them. Returns how many. All or nothing.

    pairs: (entry code, seat handle). Raises Denied (no role, round complete) or Refused(HAS_BEGUN).
    """
    using = alias()
    with transaction.atomic(using=using):
        workflow.lock(round)
        access.ensure(actor, Permission.ASSIGN_REVIEWS, round)
        wanted = set(pairs)
        rows = Review.objects.using(using).filter(seat__round=round, place__isnull=False).select_related("entry", "seat").order_by("pk")
        gone = [row for row in rows if (row.entry.code, row.seat.handle) in wanted]
        seats = {row.seat.handle: row.seat for row in gone}
        workflow.lock_all(list(seats.values()))  # a reviewer who begins now waits, and then finds nothing
        if Review.objects.using(using).filter(pk__in=[row.pk for row in gone]).exclude(saved_at=None).exists():
            raise Refused(Reason.HAS_BEGUN)
        Review.objects.using(using).filter(pk__in=[row.pk for row in gone]).delete()
        _lay_orders(list(seats.values()))
        if gone:
            told = sorted([row.entry.code, row.seat.handle] for row in gone)
            audit.record("round.unassigned", actor=actor, competition=round.chain, thing=f"round/{round.code}", body={"pairs": told}, using=using)
    return len(gone)


def suggest_assignment(*, actor: Any, round: Round) -> Suggestion:
    """Let the machine propose who reviews what; nothing is assigned until a person applies it. A new proposal replaces the last one.

    Raises Denied (no role, round complete).
    """
    access.ensure(actor, Permission.ASSIGN_REVIEWS, round)
    defaults = {"content": bridge.suggest(round), "made_at": clock.now()}
    return Suggestion.objects.using(alias()).update_or_create(round=round, defaults=defaults)[0]


def apply_suggestion(*, actor: Any, round: Round, pairs: Iterable[tuple[str, str]] | None = None) -> int:
    """Assign what was proposed, or a part of it; the proposal is used up. Returns how many are new.

    pairs: (entry code, seat handle), those to keep; None keeps all. What was not proposed is left out.
    Raises as `assign` does, where a conflict was found since.
    """
    using = alias()
    with transaction.atomic(using=using):
        workflow.lock(round)
        kept = Suggestion.objects.using(using).filter(round=round).first()
        proposed = {(code, handle) for code, handle in kept.content["pairs"]} if kept else set()
        count = assign(actor=actor, round=round, pairs=proposed if pairs is None else proposed & set(pairs))
        Suggestion.objects.using(using).filter(round=round).delete()
    return count


def _assign_all(actor: Any, round: Round, seats: Sequence[Seat]) -> None:
    codes = round.entries.using(alias()).values_list("code", flat=True)
    assign(actor=actor, round=round, pairs={(code, seat.handle) for code in codes for seat in seats} - selectors.barred(round))


def _lay_orders(seats: Sequence[Seat]) -> None:
    """Lay each seat's own order over what it has to review, and count it. What is added later never moves the others against each other."""
    workflow.lock_all(seats)  # whoever steps aside meanwhile waits, so that neither count is lost
    rows = Review.objects.using(alias()).filter(seat__in=seats).exclude(state=ReviewState.RECUSED).select_related("entry")
    by_seat: dict[int, list[Review]] = {seat.pk: [] for seat in seats}
    for row in rows.only("seat", "place", "entry__code").order_by("entry__code"):
        by_seat[row.seat_id].append(row)
    for seat in seats:
        own = sorted(by_seat[seat.pk], key=lambda row: selectors.own_key(seat, row.entry.code))  # noqa: B023 (sorted at once)
        for place, row in enumerate(own, 1):
            row.place = place
        seat.assigned_count = len(own)
        seat.save(using=alias(), update_fields=["assigned_count"])
    Review.objects.using(alias()).bulk_update([row for own in by_seat.values() for row in own], ["place"], batch_size=500)


def take_seat(*, actor: Seat) -> Seat:
    """Accept the task and its terms of secrecy."""
    return workflow.move(actor, to=SeatState.ACCEPTED, actor=actor, save={"accepted_at": clock.now()})


def save_review(*, actor: Seat, entry: Entry, scores: Mapping[str, int], comment: str) -> Review:
    """Save a draft; scores may still be missing.

    scores: criterion code -> whole points on the round's scale. Raises Denied (not the actor's round, closed, already
    submitted) or Refused(INCOMPLETE) for points outside the scale.
    """
    with transaction.atomic(using=alias()):
        review = _own_review(actor, entry)
        access.ensure(actor, Permission.SAVE_REVIEW, review)
        review.scores, review.comment, review.saved_at = check_scores(actor.round, scores), comment, clock.now()
        review.save(using=alias(), update_fields=["scores", "comment", "saved_at"])
    return review


def submit_review(*, actor: Seat, entry: Entry, scores: Mapping[str, int], comment: str) -> Review:
    """Close the review with its scores; they never change afterwards.

    scores: every criterion present. Raises Denied (not the actor's, round closed, incomplete) or IllegalMove (already
    submitted). The audit entry never holds scores, only a hash that the log can later be checked against.
    """
    using = alias()
    with transaction.atomic(using=using):
        review = _own_review(actor, entry)
        given = check_scores(actor.round, scores)
        weights = {criterion.code: criterion.weight for criterion in actor.round.criteria.all()}
        points, now = sum(weights[code] * value for code, value in given.items()), clock.now()
        workflow.move(
            review, to=ReviewState.SUBMITTED, actor=actor, body={"hash": review_hash(entry.code, actor.handle, given, comment)},
            save={"scores": given, "comment": comment, "points": points, "submitted_at": now, "saved_at": now},
        )
        locked = workflow.lock(entry)
        locked.points, locked.review_count = locked.points + points, locked.review_count + 1
        locked.save(using=using, update_fields=["points", "review_count"])
        actor.submitted_count += 1  # the seat is locked since its review was fetched
        actor.save(using=using, update_fields=["submitted_count"])
    return review


def record_absence(*, actor: Any, seat: Seat, reason: str) -> Seat:
    """Record that a reviewer is absent: none of the seat's scores count. Once recorded it stands; a second call changes nothing.

    Raises Denied(NO_ROLE), Refused(NO_REASON_GIVEN), or Refused(FROZEN) once the round is complete.
    """
    _ensure_staff(actor, seat.chain)
    if not reason.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    using = alias()
    with transaction.atomic(using=using):
        round_ = workflow.lock(seat.round)
        workflow.lock(seat)
        if round_.state == RoundState.COMPLETE:
            raise Refused(Reason.FROZEN)
        if seat.is_absent:
            return seat
        seat.is_absent = True
        seat.save(using=using, update_fields=["is_absent"])
        # The log is locked before the entries, as in submit_review: crosswise, one of the two would be broken off.
        audit.record("seat.absent", actor=actor, competition=round_.chain, thing=f"seat/{seat.handle}", body={"reason": reason}, using=using)
        _subtract(seat)
    return seat


def recuse(*, actor: Seat, entry: Entry, kind: str, reason: str) -> Seat:
    """Step aside from an entry. Scores already given leave the tally and stay in the record.

    In a blind round a conflict takes the reviewer out of the whole round, so that what is missing tells nobody whose entry it was; what was
    said stays with the seat. Lack of competence tells nothing of anyone and takes away the one entry.
    Raises Denied (not the actor's, closed) or Refused(NO_REASON_GIVEN, INCOMPLETE for an unknown kind).
    """
    if not reason.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    if kind not in ConflictKind.values:
        raise Refused(Reason.INCOMPLETE, f"unknown kind {kind!r}")
    using = alias()
    with transaction.atomic(using=using):
        review = _own_review(actor, entry)
        access.ensure(actor, Permission.RECUSE, review)
        known = {"kind": kind, "reason": reason, "is_declared": True, "made_at": clock.now()}
        Conflict.objects.using(using).update_or_create(entry=entry, seat=actor, defaults=known)
        if actor.round.is_blind and kind != ConflictKind.COMPETENCE:
            actor.is_absent = True
            actor.save(using=using, update_fields=["is_absent"])
            audit.record("seat.recused", actor=actor, competition=actor.chain, thing=f"seat/{actor.handle}", using=using)
            _subtract(actor)
        else:
            was_submitted = review.state == ReviewState.SUBMITTED
            workflow.move(review, to=ReviewState.RECUSED, actor=actor, save={"place": None})
            if was_submitted:
                locked = workflow.lock(entry)
                locked.points, locked.review_count = locked.points - review.points, locked.review_count - 1
                locked.save(using=using, update_fields=["points", "review_count"])
                actor.submitted_count -= 1
                actor.save(using=using, update_fields=["submitted_count"])
            _lay_orders([actor])
    return actor


def record_conflicts(*, actor: Any, round: Round, found: Iterable[tuple[str, str, str]]) -> int:
    """Record conflicts that the stage found, as (entry code, seat handle, kind). What is assigned stays; it shows as a fault until it is moved.

    Returns how many are new. Raises Denied(NO_ROLE); codes and handles that are not of the round are left out.
    """
    _ensure_staff(actor, round.chain)
    using, now = alias(), clock.now()
    with transaction.atomic(using=using):
        workflow.lock(round)
        entries = dict(round.entries.using(using).values_list("code", "pk"))
        seats = dict(round.seats.using(using).values_list("handle", "pk"))
        known = selectors.barred(round)
        new = {(code, handle): kind for code, handle, kind in found if code in entries and handle in seats and (code, handle) not in known}
        Conflict.objects.using(using).bulk_create([
            Conflict(entry_id=entries[code], seat_id=seats[handle], kind=kind, is_declared=False, made_at=now) for (code, handle), kind in new.items()
        ], batch_size=500)
        if new:
            audit.record("round.conflicts", actor=actor, competition=round.chain, thing=f"round/{round.code}", body={"count": len(new)}, using=using)
    return len(new)


def _subtract(seat: Seat) -> None:
    # The entries are locked in the order of their keys, each before its sum is read.
    given = dict(Review.objects.using(alias()).filter(seat=seat, state=ReviewState.SUBMITTED).values_list("entry_id", "points"))
    for entry in workflow.lock_all(list(Entry.objects.using(alias()).filter(pk__in=given))):
        entry.points, entry.review_count = entry.points - given[entry.pk], entry.review_count - 1
        entry.save(using=alias(), update_fields=["points", "review_count"])


def complete_round(*, actor: Any, round: Round) -> Round:
    """Complete a round once every review is in; only then does a result exist, and every entry keeps its place in it.

    Raises Denied(NOT_ALL_SUBMITTED).
    """
    using = alias()
    with transaction.atomic(using=using):
        workflow.move(round, to=RoundState.COMPLETE, actor=actor, save={"completed_at": clock.now()})
        places = {place.entry: place.place for place in bridge.rank_round(round)}
        entries = list(Entry.objects.using(using).filter(round=round, code__in=places).only("code", "place"))
        for entry in entries:
            entry.place = places[entry.code]
        Entry.objects.using(using).bulk_update(entries, ["place"], batch_size=500)
    return round


def weigh_result(*, round: Round) -> Firmness:
    """Work out how firm the result of a complete round is, once; a second call finds the first. Changes nothing that counts.

    Raises Refused(NOT_ALL_SUBMITTED) before the round is complete.
    """
    if round.state != RoundState.COMPLETE:
        raise Refused(Reason.NOT_ALL_SUBMITTED)
    using = alias()
    found = Firmness.objects.using(using).filter(round=round).first()
    if found is None:
        content = bridge.weigh(round)
        found, _ = Firmness.objects.using(using).get_or_create(round=round, defaults={"content": content, "worked_out_at": clock.now()})
    return found


def draft_report(*, actor: Seat, round: Round, reasons: Mapping[str, str], remarks: str = "") -> Report:
    """Write the chair's report: the ranking as counted, a reason per entry.

    A change makes a new version and voids signatures; the same text again changes nothing.
    Raises Denied (not the chair, or the round is not complete) or Refused(FROZEN) once everyone has signed.
    """
    using = alias()
    access.ensure(actor, Permission.WRITE_REPORT, Report(round=round))
    with transaction.atomic(using=using):
        workflow.lock(round)
        ranking = bridge.as_signed(bridge.rank_round(round))
        report, is_new = Report.objects.using(using).select_for_update().get_or_create(round=round, defaults={"ranking": ranking})
        if report.state == ReportState.SIGNED:
            raise Refused(Reason.FROZEN)
        if not is_new and (report.ranking, report.reasons, report.remarks) == (ranking, dict(reasons), remarks):
            return report
        if report.state == ReportState.SIGNING:
            workflow.move(report, to=ReportState.DRAFT, actor=actor)
        report.version += 0 if is_new else 1
        report.ranking, report.reasons, report.remarks = ranking, dict(reasons), remarks
        report.hash = report_hash(report)
        report.save(using=using, update_fields=["version", "ranking", "reasons", "remarks", "hash"])
        audit.record("report.written", actor=actor, competition=round.chain, thing=f"report/{round.code}", body={"hash": report.hash}, using=using)
    return report


def send_for_signing(*, actor: Seat, report: Report) -> Report:
    """Ask every juror to sign this version; a version that was sent already stays as it is.

    Raises Denied (not the chair), IllegalMove (signed already) or Refused(INCOMPLETE) unless every entry has its reason.
    """
    with transaction.atomic(using=alias()):
        workflow.lock(report)
        access.ensure(actor, Permission.WRITE_REPORT, report)
        if report.state == ReportState.SIGNING:
            return report
        if any(not report.reasons.get(row["entry"], "").strip() for row in report.ranking):
            raise Refused(Reason.INCOMPLETE)
        return workflow.move(report, to=ReportState.SIGNING, actor=actor, body={"hash": report.hash})


def sign_report(*, actor: Seat, report: Report, report_hash: str) -> Report:
    """Sign the version with this hash; the last signature makes the report signed.

    Raises Denied (no seat, not sent for signing) or Refused(TEXT_CHANGED, ALREADY_SIGNED).
    """
    using = alias()
    with transaction.atomic(using=using):
        workflow.lock(report)
        access.ensure(actor, Permission.SIGN_REPORT, report)
        if report.hash != report_hash:
            raise Refused(Reason.TEXT_CHANGED)
        signature, is_new = Signature.objects.using(using).get_or_create(
            report=report, seat=actor, report_hash=report.hash, defaults={"signed_at": clock.now()}
        )
        if not is_new:
            raise Refused(Reason.ALREADY_SIGNED)
        audit.record("report.signature", actor=actor, competition=report.chain, thing=f"report/{report.code}", body={"hash": report.hash}, using=using)
        if not unsigned(report):
            workflow.move(report, to=ReportState.SIGNED, actor=actor, save={"signed_at": signature.signed_at}, body={"hash": report.hash})
    return report


def check_scores(round_: Round, scores: Mapping[str, int]) -> dict[str, int]:
    """Return the scores in the criteria's order. Raises Refused(INCOMPLETE) for an unknown criterion or points off the scale."""
    criteria = {criterion.code: criterion for criterion in round_.criteria.all()}
    if set(scores) - set(criteria):
        raise Refused(Reason.INCOMPLETE, f"unknown criteria {sorted(set(scores) - set(criteria))}")
    for code, value in scores.items():
        if not criteria[code].scale_min <= value <= criteria[code].scale_max:
            raise Refused(Reason.INCOMPLETE, f"{code}: {value} is off the scale")
    return {code: int(scores[code]) for code in criteria if code in scores}


def _own_review(seat: Seat, entry: Entry) -> Review:
    # The seat is locked, so that a reviewer recorded absent meanwhile adds nothing. What is not assigned to it has no row.
    workflow.lock(seat)
    review = Review.objects.using(alias()).select_for_update().filter(entry=entry, seat=seat, place__isnull=False).first()
    if review is None or seat.state != SeatState.ACCEPTED or seat.is_absent:
        raise Denied(Reason.NOT_YOURS)
    review.seat, review.entry = seat, entry
    return review


def _ensure_staff(actor: Any, chain: str) -> None:
    # Before a round exists it has no facts to ask; afterwards its facts speak of opening it only.
    if not isinstance(actor, audit.System) and not actor.roles_in(chain) & STAFF:
        raise Denied(Reason.NO_ROLE)
