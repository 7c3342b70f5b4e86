"""A proposal's texts to the detector of languages. The only file here that knows both."""

from collections.abc import Mapping
from typing import Any

from klash.algo.language import language_of_text


def language_of(content: Mapping[str, Any]) -> str:
    """Return the language in which a version is written. It is asked of the texts alone: the team's own language would tell teams apart."""
    return language_of_text("\n".join([content["title"], *content["sections"].values()]))
