"""The demo's gate: requests pass together, who copies the databases passes alone.

Two databases cannot be swapped in one step, so a request in between would read one of today and one of before.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse


@contextmanager
def passing(*, alone: bool = False) -> Iterator[None]:
    """Hold the gate inside the block. The kernel lets go of it for a process that dies.

    The turnstile before it makes new requests wait as soon as somebody wants to pass alone; else he might wait for ever.
    """
    home, kind = Path(settings.KLASH_HOME), fcntl.LOCK_EX if alone else fcntl.LOCK_SH
    with (home / "turnstile.lock").open("a") as turnstile, (home / "gate.lock").open("a") as gate:
        fcntl.flock(turnstile, kind)
        fcntl.flock(gate, kind)
        if not alone:
            fcntl.flock(turnstile, fcntl.LOCK_UN)
        yield


class Gate:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with passing():
            return self.get_response(request)
