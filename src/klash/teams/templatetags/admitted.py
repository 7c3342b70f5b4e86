"""The admitted teams of a challenge, a page at a time."""

from typing import Any

from django import template
from django.db.models import QuerySet

from klash.core import paging
from klash.teams.models import Team

register = template.Library()


@register.simple_tag(takes_context=True)
def page_of(context: dict[str, Any], teams: QuerySet[Team], count: int) -> dict[str, Any]:
    """Return the rows of the page that the address asks for, and where the first and the next are. One query. count: teams in all."""
    page = paging.asked(context["request"])
    rows = list(teams[page * paging.PAGE: (page + 1) * paging.PAGE])
    return {"rows": rows, **paging.links(page, count)}
