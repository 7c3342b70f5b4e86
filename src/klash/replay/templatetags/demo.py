from typing import Any

from django import template

from klash.competitions.models import StageKind
from klash.replay.cast import CAST

register = template.Library()


@register.simple_tag
def demo_bar() -> dict[str, Any]:
    """Return what the bar offers; no query."""
    return {"cast": CAST, "stages": StageKind.choices}
