"""The tree of the log against RFC 6962, section 2.1: known roots, proofs, and what a wrong proof is answered."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from klash.core import merkle

# The leaves and roots that implementations of Certificate Transparency are tried with.
DATA = [bytes.fromhex(one) for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
leaves = st.lists(st.binary(min_size=1, max_size=4).map(merkle.leaf), min_size=1, max_size=70)


def by_definition(hashes):
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return merkle.node(by_definition(hashes[:half]), by_definition(hashes[half:]))


def test_known_roots():
    assert [merkle.root_of([merkle.leaf(one) for one in DATA[:size]]).hex() for size in range(9)] == ROOTS


@given(leaves)
def test_appending_gives_the_tree_of_the_definition(hashes):
    frontier = []
    for size, one in enumerate(hashes):
        frontier = merkle.appended(frontier, size, one)
        assert len(frontier) == (size + 1).bit_count()
    assert merkle.root(frontier) == by_definition(hashes)


@given(leaves, st.data())
def test_every_leaf_is_proven_at_its_place_and_nowhere_else(hashes, data):
    index = data.draw(st.integers(0, len(hashes) - 1))
    path, head = merkle.inclusion(hashes, index), by_definition(hashes)
    assert merkle.is_included(hashes[index], index, len(hashes), path, head)
    assert not merkle.is_included(merkle.leaf(b"another"), index, len(hashes), path, head)
    assert not merkle.is_included(hashes[index], index, len(hashes), [*path, head], head)
    assert not merkle.is_included(hashes[index], len(hashes), len(hashes), path, head)
    if path:
        assert not merkle.is_included(hashes[index], index, len(hashes), path[:-1], head)


def test_a_leaf_that_is_not_there_has_no_proof():
    with pytest.raises(IndexError):
        merkle.inclusion([merkle.leaf(b"one")], 1)
