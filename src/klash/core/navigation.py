"""The links in the header. Apps register theirs when they are ready; nothing here queries."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True)
class Link:
    label: Promise
    url_name: str
    order: int
    show: Callable[[HttpRequest], bool] = lambda request: True


_links: list[Link] = []


def register(link: Link) -> None:
    """Add a link to the header."""
    if link not in _links:
        _links.append(link)


def links(request: HttpRequest) -> list[dict[str, object]]:
    """Return the header's links for this request, in order."""
    rows = [(link, reverse(link.url_name)) for link in sorted(_links, key=lambda link: link.order) if link.show(request)]
    return [{"label": link.label, "url": url, "is_current": request.path == url} for link, url in rows]
