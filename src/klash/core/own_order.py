"""An order of one's own: a permutation fixed by a key, which can be asked at any place without laying out the whole."""

from dataclasses import dataclass
from hashlib import blake2b
from math import isqrt

TURNS = 8


@dataclass(frozen=True)
class OwnOrder:
    """A permutation of 0..size-1. Whoever does not hold the key cannot tell it from a drawn one.

    key: at most 64 bytes. size: a count >= 1. Equal key and size, equal order. A place costs some ten hashes, whatever the size.
    A Feistel network over the smallest near-square grid with `size` cells or more; from a cell outside one walks on.
    Source: Black and Rogaway, Ciphers with arbitrary finite domains (CT-RSA 2002), sections 4 (cycle walking) and 5 (generalised Feistel).
    """

    key: bytes
    size: int

    def number_at(self, place: int) -> int:
        """Return which number stands at the place. Raises IndexError outside 0..size-1."""
        return self._walk(place, range(TURNS), 1)

    def place_of(self, number: int) -> int:
        """Return the place at which the number stands. Raises IndexError outside 0..size-1."""
        return self._walk(number, range(TURNS - 1, -1, -1), -1)

    def _walk(self, cell: int, turns: range, sign: int) -> int:
        if not 0 <= cell < self.size:
            raise IndexError(f"expected 0 <= {cell} < {self.size}")
        height = isqrt(self.size - 1) + 1
        width = -(-self.size // height)
        while True:
            row, column = divmod(cell, width)
            for turn in turns:
                if turn % 2:
                    column = (column + sign * self._draw(turn, row)) % width
                else:
                    row = (row + sign * self._draw(turn, column)) % height
            cell = row * width + column
            if cell < self.size:
                return cell

    def _draw(self, turn: int, half: int) -> int:
        return int.from_bytes(blake2b(bytes([turn]) + half.to_bytes(8, "big"), key=self.key, digest_size=8).digest(), "big")
