"""Merkle trees as RFC 6962 has them (section 2.1): append, root, proofs. Hashes are 32 bytes; a tree under way is its frontier.

The frontier of n leaves holds the roots of the full subtrees that n's binary digits name, the largest first: log2 n hashes.
"""

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256(b"").digest()


def leaf(data: bytes) -> bytes:
    """Return the hash of one leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def appended(frontier: Sequence[bytes], size: int, new: bytes) -> list[bytes]:
    """Return the frontier after one more leaf; size: leaves before it."""
    rest = list(frontier)
    while size & 1:
        new, size = node(rest.pop(), new), size >> 1
    return [*rest, new]


def root(frontier: Sequence[bytes]) -> bytes:
    """Return the root of a frontier's tree."""
    if not frontier:
        return EMPTY
    *rest, found = frontier
    for left in reversed(rest):
        found = node(left, found)
    return found


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root of a tree from all its leaf hashes."""
    frontier: list[bytes] = []
    for size, one in enumerate(leaves):
        frontier = appended(frontier, size, one)
    return root(frontier)


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the audit path of the leaf at `index`, from the leaf up. Raises IndexError for a leaf that is not there."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"expected an index below {len(leaves)}, got {index}")
    if len(leaves) == 1:
        return []
    half = _half(len(leaves))
    if index < half:
        return [*inclusion(leaves[:half], index), root_of(leaves[half:])]
    return [*inclusion(leaves[half:], index - half), root_of(leaves[:half])]


def is_included(one: bytes, index: int, size: int, path: Sequence[bytes], head: bytes) -> bool:
    """Tell whether the leaf hash stands at `index` of the tree of `size` leaves with root `head`."""
    if not 0 <= index < size:
        return False
    last, found = size - 1, one
    for step in path:
        if last == 0:
            return False
        if index & 1 or index == last:
            found = node(step, found)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            found = node(found, step)
        index, last = index >> 1, last >> 1
    return last == 0 and found == head


def _half(size: int) -> int:
    return int(1 << ((size - 1).bit_length() - 1))
