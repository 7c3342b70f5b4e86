"""What the organiser does with a round, from making it to its result."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from klash.core import audit, chance, clock, workflow
from klash.core.databases import reviewing as alias
from klash.core.errors import Refused
from klash.core.fields import LANGUAGES, Text
from klash.reviewing import bridge, selectors
from klash.reviewing.hashes import announced, announced_hash, criteria_hash, entry_hash, lot_commitment
from klash.reviewing.models import Criterion, Entry, EntryFile, Firmness, Method, Round, Seat, Suggestion, TieRule
from klash.reviewing.services.assignment import assign, assign_all
from klash.reviewing.services.reviews import leave_round
from klash.reviewing.services.staff import ensure_staff
from klash.reviewing.terms import STANDARD
from klash.rules.reasons import Reason
from klash.rules.states import RoundState


@dataclass(frozen=True)
class NewFile:
    media_type: str
    pages: int
    content: bytes


@dataclass(frozen=True)
class NewEntry:
    """A snapshot to be judged. sections: [{heading: {fi, sv, en}, text}]. author and topics (codes of the round's) stay empty in blind rounds."""

    code: str
    title: str
    author: str
    language: str
    sections: list[dict[str, Any]]
    is_invented: bool = False
    files: tuple[NewFile, ...] = ()
    topics: tuple[str, ...] = ()


def make_round(
    *, actor: Any, key: str, chain: str, kind: str, competition_name: str, title: Text, intro: Text, is_blind: bool, is_invented: bool,
    opens_at: datetime, closes_at: datetime, criteria: Sequence[Mapping[str, Any]], quota: int = 1, terms: Text | None = None,
    topics: Sequence[Mapping[str, Any]] = (), takes_questions: bool = False,
) -> Round:
    """Make a round with its criteria as they were announced. The same key finds the round that was made before.

    topics: [{code, name}] of the entries, from which reviewers tick what they know.
    Raises Denied(NO_ROLE) unless the actor runs the competition whose chain it is, Refused(NO_WEIGHT) for a criterion that would not count.
    """
    ensure_staff(actor, chain)
    if any(row["weight"] < 1 for row in criteria):
        raise Refused(Reason.NO_WEIGHT)
    using = alias()
    with transaction.atomic(using=using):
        round_, is_new = Round.objects.using(using).get_or_create(
            key=key, defaults={
                "code": chance.code(12), "chain": chain, "kind": kind, "competition_name": competition_name, "title": title, "intro": intro,
                "is_blind": is_blind, "is_invented": is_invented, "opens_at": opens_at, "closes_at": closes_at, "criteria_hash": criteria_hash(criteria),
                "quota": quota, "terms": terms or STANDARD, "topics": [dict(row) for row in topics],
                "takes_questions": takes_questions,
            },
        )
        if is_new:
            Criterion.objects.using(using).bulk_create(Criterion(round=round_, position=position, **row) for position, row in enumerate(criteria))
            audit.record("round.made", actor=actor, competition=chain, thing=f"round/{round_.code}", body={"criteria": round_.criteria_hash}, using=using)
    ensure_staff(actor, round_.chain)  # a key that another competition took finds that one's round
    return round_


def add_seat(*, actor: Any, round: Round, is_chair: bool = False) -> Seat:
    """Add a reviewer to a round under a random handle.

    Raises Denied(NO_ROLE), Refused(FROZEN) once the round is complete, Refused(WRONG_STATE) for a second chair beside a present one.
    """
    ensure_staff(actor, round.chain)
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
            assign_all(actor, round, [seat])
            workflow.lock(seat)
    return seat


def provide_seat(*, actor: Any, round: Round, is_chair: bool = False) -> Seat:
    """Return a seat for somebody new: one that a broken run left without anybody, else one that is added. Raises as `add_seat`.

    The caller holds a lock of its own side, from before this until it has written who sits there: else two would find one seat.
    """
    ensure_staff(actor, round.chain)
    left = selectors.vacant(seat for seat in selectors.present(round) if seat.is_chair == is_chair)
    return left[0] if left else add_seat(actor=actor, round=round, is_chair=is_chair)


SET_UP = ("opens_at", "closes_at", "quota", "method", "tie_rule", "peer_view", "scorings", "screening", "reviews_per_entry", "load_min", "load_max")


def set_up_round(*, actor: Any, round: Round, **columns: Any) -> Round:
    """Set what the round announces when it opens: times, quota, what reviewers see of each other, scorings, screening question, loads.

    columns: any of SET_UP. Raises Denied(NO_ROLE), Refused(FROZEN) once the round is open, Refused(INCOMPLETE) for values that contradict each other.
    """
    ensure_staff(actor, round.chain)
    using = alias()
    with transaction.atomic(using=using):
        workflow.lock(round)
        if round.state != RoundState.DRAFT:
            raise Refused(Reason.FROZEN)
        for column in SET_UP:
            setattr(round, column, columns.get(column, getattr(round, column)))
        if not _agrees(round):
            raise Refused(Reason.INCOMPLETE)
        round.save(using=using, update_fields=SET_UP)
        body = {column: _as_told(getattr(round, column)) for column in SET_UP}
        audit.record("round.set_up", actor=actor, competition=round.chain, thing=f"round/{round.code}", body=body, using=using)
    return round


def _agrees(round: Round) -> bool:
    asked = [bool(round.screening.get(language, "").strip()) for language in LANGUAGES]
    loads = round.load_max is None or round.load_min <= round.load_max
    known = round.method in Method.values and round.tie_rule in TieRule.values
    numbers = round.quota >= 1 and (round.reviews_per_entry is None or round.reviews_per_entry >= 1)
    return known and round.opens_at < round.closes_at and loads and numbers and (round.scorings == 1 or round.has_discussion) and len(set(asked)) == 1


def _as_told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def change_terms(*, actor: Any, round: Round, terms: Text) -> Round:
    """Change the terms of secrecy; every reviewer is asked for them again before anything more is shown.

    Raises Denied(NO_ROLE), Refused(INCOMPLETE) for a language without text, or Refused(FROZEN) once the round is complete.
    """
    ensure_staff(actor, round.chain)
    if not all(terms.get(language, "").strip() for language in LANGUAGES):
        raise Refused(Reason.INCOMPLETE)
    using = alias()
    with transaction.atomic(using=using):
        workflow.lock(round)
        if round.state == RoundState.COMPLETE:
            raise Refused(Reason.FROZEN)
        if round.terms == terms:
            return round
        round.terms = terms
        round.save(using=using, update_fields=["terms"])
        body = {"terms": round.terms_hash}
        audit.record("round.terms", actor=actor, competition=round.chain, thing=f"round/{round.code}", body=body, using=using)
    return round


def write_entries(*, actor: Any, round: Round, entries: Sequence[NewEntry]) -> list[Entry]:
    """Write the snapshots, shuffled, in one transaction. What was written before under the same code is left alone.

    Shuffled so that neither key nor place in the table tells the order of arrival.
    Raises Denied(NO_ROLE), or Refused(FROZEN) for something new in a round that is open or complete.
    """
    ensure_staff(actor, round.chain)
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
                sections=item.sections, is_invented=item.is_invented, topics=[] if round.is_blind else list(item.topics),
            )
            entry.save(using=using, force_insert=True)
            for place, file in enumerate(item.files, 1):
                EntryFile(
                    entry=entry, number=place, media_type=file.media_type, pages=file.pages, size_bytes=len(file.content),
                    sha256=hashlib.sha256(file.content).hexdigest(), content=file.content,
                ).save(using=using)
            body = {"content": entry_hash(item.title, item.sections, [file.content for file in item.files])}
            audit.record("entry.written", actor=actor, competition=round.chain, thing=f"entry/{entry.code}", body=body, using=using)
        round.entry_count = len(known) + len(new)
        round.save(using=using, update_fields=["entry_count"])
    return list(round.entries.using(using).order_by("code"))


def open_round(*, actor: Any, round: Round) -> Round:
    """Open a round for scoring; from here its rules and entries stay as they are. Where everyone reviews everything, all is assigned now.

    The log tells what was announced and the hash of the seed of the lot, which is told when the round is complete.
    Raises Denied (no role, no entry), Refused(NOT_CLEARED) for a blind copy that was not cleared, or Refused(NOBODY_JUDGES) where entries are
    dealt out and one has no reviewer.
    """
    using = alias()
    with transaction.atomic(using=using):
        workflow.lock(round)
        if round.is_blind and selectors.uncleared(round):
            raise Refused(Reason.NOT_CLEARED)
        content, seed = announced(round), chance.key()
        body = {"announced": content, "hash": announced_hash(content), "lot": lot_commitment(seed)}
        workflow.move(round, to=RoundState.OPEN, actor=actor, save={"announced_hash": body["hash"], "lot_seed": seed}, body=body)
        if round.reviews_per_entry is None:
            assign_all(actor, round, list(round.seats.using(using).filter(is_absent=False).order_by("handle")))
        elif round.is_blind:
            _deal_blind(actor, round)
        if bare := sorted(selectors.without_reviewer(round)):
            raise Refused(Reason.NOBODY_JUDGES, f"entries without a reviewer: {bare}")
    return round


def _deal_blind(actor: Any, round: Round) -> None:
    # Nobody sees who reads what in a blind round, so no person looks at the proposal first; its figures are kept for the page of the round.
    content = bridge.suggest(round)
    assign(actor=actor, round=round, pairs={(code, handle) for code, handle in content["pairs"]}, weights=content["weights"])
    Suggestion.objects.using(alias()).update_or_create(round=round, defaults={"content": {**content, "pairs": []}, "made_at": clock.now()})


def record_absence(*, actor: Any, seat: Seat, reason: str) -> Seat:
    """Record that a reviewer is absent: none of the seat's scores count. Once recorded it stands; a second call changes nothing.

    Raises Denied(NO_ROLE), Refused(NO_REASON_GIVEN), or Refused(FROZEN) once the round is complete.
    """
    ensure_staff(actor, seat.chain)
    if not reason.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    with transaction.atomic(using=alias()):
        round_ = workflow.lock(seat.round)
        workflow.lock(seat)
        if round_.state == RoundState.COMPLETE:
            raise Refused(Reason.FROZEN)
        if seat.is_absent:
            return seat
        leave_round(actor, seat, "seat.absent", {"reason": reason})
    return seat


def end_seats(*, actor: Any, seats: Sequence[Seat]) -> None:
    """Take away the access of somebody who has lost the role; what was given in complete rounds stands.

    Raises Denied(NO_ROLE), Refused(STILL_SEATED) in a round that is not complete, where the absence is recorded instead, or
    Refused(SIGNATURE_AWAITED) where the report cannot be signed without the seat.
    """
    using = alias()
    with transaction.atomic(using=using):
        for seat in sorted(seats, key=lambda row: row.handle):
            ensure_staff(actor, seat.chain)
            round_ = workflow.lock(seat.round)
            workflow.lock(seat)
            if round_.state != RoundState.COMPLETE:
                raise Refused(Reason.STILL_SEATED)
            report = selectors.report_of(round_)
            is_signed = report is not None and report.signatures.using(using).filter(seat=seat, report_hash=report.hash).exists()
            if not is_signed and (round_.is_blind or report is not None):
                raise Refused(Reason.SIGNATURE_AWAITED)
            seat.ended_at = clock.now()
            seat.save(using=using, update_fields=["ended_at"])
            audit.record("seat.ended", actor=actor, competition=round_.chain, thing=f"seat/{seat.handle}", using=using)


def complete_round(*, actor: Any, round: Round) -> Round:
    """Complete a round once every review is in; only then does a result exist, and every entry keeps its place in it.

    The log tells the ranking and the seed of the lot. Raises Denied(NOT_ALL_SUBMITTED), or Refused(FROZEN) if the rules are not those that opened it.
    """
    using = alias()
    with transaction.atomic(using=using):
        workflow.lock(round)
        if round.state == RoundState.OPEN and announced_hash(announced(round)) != round.announced_hash:
            raise Refused(Reason.FROZEN, "the rules are not those under which the round opened")
        workflow.move(round, to=RoundState.COMPLETE, actor=actor, save={"completed_at": clock.now()})
        ranking = bridge.rank_round(round)
        body = {"ranking": bridge.as_signed(ranking), "lot": round.lot_seed, "counted": selectors.counted_of(round)}
        audit.record("round.counted", actor=actor, competition=round.chain, thing=f"round/{round.code}", body=body, using=using)
        places, divided = {place.entry: place for place in ranking}, selectors.divided(ranking)
        entries = list(Entry.objects.using(using).filter(round=round, code__in=places).only("code", "place", "value", "is_divided"))
        for entry in entries:
            place = places[entry.code]
            entry.place, entry.value, entry.is_divided = place.place, selectors.as_text(place.points), entry.code in divided
        Entry.objects.using(using).bulk_update(entries, ["place", "value", "is_divided"], batch_size=500)
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
