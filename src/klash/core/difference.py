"""What differs between two texts, word by word."""

import re
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

_WORD = re.compile(r"\s*\S+|\s+\Z")


class Piece(NamedTuple):
    """Words in a row that stand in both texts ("same"), only in the later ("added") or only in the earlier ("removed")."""

    kind: str
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """Return the pieces that make both texts: without what was added the earlier, without what was removed the later.

    Words that occur very often are no anchors, so that the time stays short for any text.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    pieces = []
    for kind, from_, to, first, last in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(old[from_:to])))
            continue
        pieces += [Piece("removed", "".join(old[from_:to])), Piece("added", "".join(new[first:last]))]
    told = [piece for piece in pieces if piece.text]
    return [Piece(kind, "".join(piece.text for piece in run)) for kind, run in groupby(told, key=lambda piece: piece.kind)]
