"""How a difference between two texts is drawn: marked for the eye, and told in words to who hears it."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from klash.core.difference import Piece
from klash.core.difference import difference as compare

register = template.Library()


@register.simple_tag
def difference(before: str, after: str) -> SafeString:
    return pieces(compare(before, after))


@register.filter
def pieces(rows: Iterable[Piece]) -> SafeString:
    """Draw pieces as ins and del; most screen readers do not announce these, so that hidden words do."""
    return format_html('<div class="difference">{}</div>', format_html_join("", "{}", ((_drawn(row),) for row in rows)))


def _drawn(row: Piece) -> SafeString | str:
    if row.kind == "added":
        return format_html('<ins><span class="hidden"> [{} </span>{}<span class="hidden">] </span></ins>', _("added:"), row.text)
    if row.kind == "removed":
        return format_html('<del><span class="hidden"> [{} </span>{}<span class="hidden">] </span></del>', _("removed:"), row.text)
    return row.text
