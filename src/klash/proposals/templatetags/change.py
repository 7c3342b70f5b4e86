"""How the change of a text is drawn."""

from fractions import Fraction

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from klash.rules.change import Change

register = template.Library()


@register.filter
def percent(share: Fraction) -> str:
    """Return 43 %; what is not nothing is never told as none, nor what is not whole as all."""
    whole = round(100 * share)
    return f"{min(max(whole, int(share > 0)), 99 if share < 1 else 100)} %"


@register.simple_tag
def change_bar(change: Change) -> SafeString:
    """Draw the kept, added and removed words as lengths of one bar; the figures stand beside it in words."""
    whole, left, bars = change.kept + change.added + change.removed, 0, []
    for kind in ("kept", "added", "removed"):
        if width := getattr(change, kind):
            bars.append((kind, f"{left * 100 / whole:.1f}%", f"{width * 100 / whole:.1f}%"))
            left += width
    drawn = format_html_join("", '<rect class="{}" x="{}" y="2" width="{}" height="16"/>', bars)
    return format_html('<svg class="change" width="100%" height="20" aria-hidden="true">{}</svg>', drawn)
