"""Where the pages of the stages are."""

from typing import Any

from django.urls import reverse


def where(name: str, *args: Any) -> str:
    """Return the path of a named page; args in the order of its URL: competition first, then the thing."""
    return reverse(name, args=args)
