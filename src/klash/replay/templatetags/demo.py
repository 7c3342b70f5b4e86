from typing import Any

from django import template

from klash.accounts.models import User
from klash.replay import moves
from klash.replay.cast import CAST, INVITED, address
from klash.replay.names import name_of

register = template.Library()


@register.simple_tag
def demo_bar() -> dict[str, Any]:
    """Return what the bar offers; no query."""
    back, ahead = moves.ways()
    return {
        "cast": CAST, "here": name_of(moves.here()), "back": [(name, name_of(name)) for name in reversed(back)],
        "ahead": [(name, name_of(name)) for name in ahead], "addresses": [(address(who), label) for who, label in CAST if who in INVITED],
    }


@register.simple_tag
def who_invites(person: User) -> Any:
    """Return who will invite this member of the cast, and when; empty for others. No query."""
    return next((sentence for who, sentence in INVITED.items() if address(who) == person.email), "")
