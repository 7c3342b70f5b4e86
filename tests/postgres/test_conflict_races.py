"""A reviewer's final, a conflict that is found and the close of the round meet at one instant (I16). Each pair has its control."""

import os
from datetime import timedelta

import pytest

from klash.accounts import services as accounts
from klash.core import audit, clock, workflow
from klash.reviewing import selectors
from klash.reviewing import services as reviewing
from klash.reviewing.models import Conflict, Entry, Review, Round, Seat
from klash.reviewing.services import conflicts as finding
from klash.reviewing.services import reviews as writing
from klash.rules.roles import Role
from tests.clearing import clear_all
from tests.postgres.test_at_once import at_once, chain_holds, interleave, make_account, name, outcomes, without_row_locks, without_triggers
from tests.reviewing.conftest import CRITERIA, full, new_entry, words

pytestmark = pytest.mark.usefixtures("postgres")
ROUNDS = int(os.environ.get("KLASH_RACES", "5"))  # 200 of a final and a conflict have been run, with names and without


class Table:
    """An open round of one's own: two reviewers and two entries; the first reviewer's review of the first entry is still open."""

    def __init__(self, *, is_blind=False):
        self.code, now = name(), clock.now()
        self.staff = make_account(self.code)
        accounts.grant_role(actor=audit.System(), person=self.staff, role=Role.ORGANISER, competition=self.code)
        self.round = reviewing.make_round(
            actor=self.staff, key=f"problems/{self.code}", chain=self.code, kind="problems", competition_name=self.code, title=words("", "", ""),
            intro=words("", "", ""), is_blind=is_blind, is_invented=True, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=1), criteria=CRITERIA,
        )
        self.entries = reviewing.write_entries(actor=self.staff, round=self.round, entries=[new_entry(f"{self.code}-{number}") for number in (1, 2)])
        self.seats = [reviewing.add_seat(actor=self.staff, round=self.round, is_chair=number == 0) for number in (0, 1)]
        if is_blind:
            clear_all(self.round)
        reviewing.open_round(actor=self.staff, round=self.round)
        for seat in self.seats:
            reviewing.take_seat(actor=self.seat(seat), terms_hash=self.round.terms_hash)
        for seat, entry in ((0, 1), (1, 0), (1, 1)):
            reviewing.submit_review(actor=self.seat(self.seats[seat]), entry=self.entries[entry], scores=full(4), comment="")
        reviewing.save_review(actor=self.seat(self.seats[0]), entry=self.entries[0], scores={"impact": 9}, comment="")

    def seat(self, seat):
        return Seat.objects.using("reviewing").select_related("round").get(pk=seat.pk)

    def final(self):
        seat, entry = self.seat(self.seats[0]), Entry.objects.using("reviewing").get(pk=self.entries[0].pk)
        return lambda: reviewing.submit_review(actor=seat, entry=entry, scores=full(9), comment="")

    def conflict(self):
        round_ = Round.objects.using("reviewing").get(pk=self.round.pk)
        if round_.is_blind:
            seat = self.seat(self.seats[0])
            return lambda: reviewing.stand_down(actor=audit.System(), seat=seat)
        found = [(self.entries[0].code, self.seats[0].handle, "family")]
        return lambda: reviewing.record_conflicts(actor=audit.System(), round=round_, found=found)

    def close(self):
        round_ = Round.objects.using("reviewing").get(pk=self.round.pk)
        return lambda: reviewing.complete_round(actor=self.staff, round=round_)

    def own(self):
        return Review.objects.using("reviewing").get(seat=self.seats[0], entry=self.entries[0])

    def faults(self):
        """Return what `verify` says of this round, and whether a barred review counts."""
        known = {self.code, self.round.code, *(seat.handle for seat in self.seats)}
        found = [fault for fault in selectors.verify_results("reviewing") if any(word in fault for word in known)]
        barred = Conflict.objects.using("reviewing").filter(seat=self.seats[0]).exists()
        return found + (["a barred review counts"] if barred and self.own().state == "submitted" else [])


@pytest.mark.parametrize("is_blind", [False, True])
def test_a_final_and_a_conflict_at_once_leave_no_barred_score(is_blind):
    came = []
    for _ in range(ROUNDS):
        table = Table(is_blind=is_blind)
        came.append(outcomes(at_once(table.final(), table.conflict())))
        assert (table.faults(), chain_holds("reviewing", table.code)) == ([], True)
        entry = Entry.objects.using("reviewing").get(pk=table.entries[0].pk)
        assert (entry.points, entry.review_count) == (400, 1)
        assert table.seat(table.seats[0]).submitted_count == Review.objects.using("reviewing").filter(seat=table.seats[0], state="submitted").count()
    assert all(row in ({"done": 2}, {"done": 1, "Denied": 1}) for row in came)


def test_without_the_lock_a_barred_score_would_count():
    """The seeded fault: seats and reviews are not locked, so that the final goes on with what the conflict has taken away."""
    table = Table()
    with without_row_locks(Seat, Review, Entry), without_triggers("reviewing_review", using="reviewing"):
        interleave(workflow.access, "ensure", table.final(), table.conflict())
    assert table.faults() != []


def test_with_the_lock_the_conflict_waits_for_the_same_final():
    table = Table()
    assert outcomes(interleave(workflow.access, "ensure", table.final(), table.conflict(), patience=0.5)) == {"done": 2}
    assert table.faults() == []


def test_a_final_and_a_close_at_once_leave_no_score_out():
    for _ in range(ROUNDS):
        table = Table()
        came = outcomes(at_once(table.final(), table.close()))
        assert came in ({"done": 2}, {"done": 1, "Denied": 1})
        assert (table.own().state, table.faults()) == ("submitted", [])


def test_without_the_count_a_close_would_leave_a_score_out(monkeypatch):
    """The seeded fault: the close does not ask whether every review is in."""
    table = Table()
    with monkeypatch.context() as patched:
        patched.setattr(Round, "missing_reviews", lambda self: 0)
        interleave(writing, "review_hash", table.final(), table.close())
    assert table.faults() != []


def test_with_the_count_the_close_is_refused_beside_the_same_final():
    table = Table()
    assert outcomes(interleave(writing, "review_hash", table.final(), table.close())) == {"done": 1, "Denied": 1}
    assert (table.own().state, table.faults()) == ("submitted", [])


@pytest.mark.parametrize("is_blind", [False, True])
def test_a_conflict_and_a_close_at_once_are_one_before_the_other(is_blind):
    for _ in range(ROUNDS):
        table = Table(is_blind=is_blind)
        table.final()()
        assert outcomes(at_once(table.conflict(), table.close())) == {"done": 2}
        assert table.faults() == []


def test_without_the_lock_the_places_would_not_follow_from_the_reviews():
    """The seeded fault: the round is not locked, so that a conflict takes scores away from places that stand."""
    table = Table()
    table.final()()
    with without_row_locks(Round):
        interleave(finding.selectors, "barred", table.conflict(), table.close())
    assert table.faults() != []


def test_with_the_lock_the_close_waits_for_the_same_conflict():
    table = Table()
    table.final()()
    assert outcomes(interleave(finding.selectors, "barred", table.conflict(), table.close(), patience=0.5)) == {"done": 2}
    assert table.faults() == []


def test_all_three_at_once():
    for _ in range(ROUNDS):
        table = Table()
        at_once(table.final(), table.conflict(), table.close())
        assert table.faults() == []


