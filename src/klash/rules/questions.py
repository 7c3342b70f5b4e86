"""What may be asked in a form, and what counts as an answer."""

from collections.abc import Mapping
from typing import Any


def with_answers(stored: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the stored answers with those that are given in their place.

    Nothing is lost by a form that does not ask for it any more; an answer that is given as empty is taken away.
    """
    tidy = {code: value.strip() if isinstance(value, str) else value for code, value in given.items()}
    return {code: value for code, value in {**stored, **tidy}.items() if value not in ("", None, [])}
