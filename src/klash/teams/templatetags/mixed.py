"""What a team lacks of what its challenge needs."""

from collections.abc import Sequence

from django import template

from klash.rules.knowhow import Need

register = template.Library()


@register.simple_tag
def lacking(mix: Sequence[Need]) -> list[Need]:
    """Return what nobody in the team knows, in the challenge's order."""
    return [need for need in mix if not need.holders]
