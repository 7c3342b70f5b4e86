"""The only source of chance: the system's, or a seeded one while a rehearsal runs.

Danger: a seeded source makes codes guessable. It is reachable only through `seeded`, which a serving process never calls.
"""

import random
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

_source: random.Random = secrets.SystemRandom()
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Draw from a generator with `seed` inside the block."""
    global _source
    before, _source = _source, random.Random(seed)
    try:
        yield
    finally:
        _source = before


def code(length: int = 10) -> str:
    """Return a random handle that is easy to read aloud; it tells neither order nor time."""
    return "".join(_source.choice(_ALPHABET) for _ in range(length))


def key() -> str:
    """Return a random handle of 128 bits in hexadecimal."""
    return f"{_source.getrandbits(128):032x}"


def shuffled(items: Sequence[T]) -> list[T]:
    """Return the items in random order."""
    return _source.sample(list(items), len(items))


def code_name(taken: set[str], words: Sequence[str]) -> str:
    """Return a code name such as K7-MESI that is not in `taken`."""
    while True:
        name = f"{_source.choice('ABCDEFGHJKLMNPRSTUV')}{_source.randint(2, 9)}-{_source.choice(words)}"
        if name not in taken:
            return name
