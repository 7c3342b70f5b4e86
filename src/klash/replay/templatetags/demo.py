from typing import Any

from django import template

from klash.replay import moves
from klash.replay.cast import CAST
from klash.replay.names import name_of

register = template.Library()


@register.simple_tag
def demo_bar() -> dict[str, Any]:
    """Return what the bar offers; no query."""
    back, ahead = moves.ways()
    return {"cast": CAST, "here": name_of(moves.here()), "back": [(name, name_of(name)) for name in reversed(back)], "ahead": [(name, name_of(name)) for name in ahead]}
