"""A19, A20, I6: no two receipts have the same commitment, and a commitment is bound to its competition, both nonces and what was received."""

import pytest

from klash.core import chance
from klash.proposals.services.sealing import commit

MANY = 100_000
MANIFEST = {"language": "fi", "confirmed_blind": True, "parts": [{"part": "title", "size_bytes": 1, "sha256": "0" * 64}]}


def made(many):
    """Return the commitments of as many submissions of one and the same text, with nonces as a receipt draws them."""
    return {commit("klash", f"{chance.key()}{chance.key()}", f"{chance.key()}{chance.key()}", MANIFEST) for _ in range(many)}


def test_receipts_unique():
    assert len(made(MANY)) == MANY


def test_seeded_fault_with_short_nonces_two_receipts_are_the_same(monkeypatch):
    real = chance.key
    monkeypatch.setattr(chance, "key", lambda: real()[:1])
    assert len(made(MANY // 2)) < MANY // 2


FIRST = ("klash", "a" * 64, "b" * 64, MANIFEST)
OTHERS = {
    "competition": ("klash-2", *FIRST[1:]), "team's nonce": ("klash", "c" * 64, *FIRST[2:]), "server's nonce": ("klash", "a" * 64, "c" * 64, MANIFEST),
    "contents": (*FIRST[:3], {**MANIFEST, "parts": []}), "where one word ends": ("klasha", "a" * 63, *FIRST[2:]),
}


@pytest.mark.parametrize("other", OTHERS)
def test_commitment_bound(other):
    """Whoever takes another's public commitment as its own cannot show what it holds: every part of it changes the hash."""
    assert commit(*FIRST) != commit(*OTHERS[other])
