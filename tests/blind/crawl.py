"""What one person can get: every page that links lead to and every address that the URL table makes of the objects that exist."""

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape

from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import translation

from klash.core.checks import patterns

# What is drawn anew for every answer and tells nothing.
DRAWN = re.compile(rb'nonce="[^"]*"|nonce-[\w+/=-]+|name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"|name="(?:key|once)" value="[0-9a-f]{32}"')
LINK = re.compile(r'(?:href|src|action|hx-get|hx-post)="([/?][^"#]*)')
QUERIES_A_PATH = 2


@dataclass(frozen=True)
class Reply:
    """One answer, without what is drawn anew for each. where: the address with its query."""

    where: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def everything(self) -> bytes:
        """Head and body as one text, decoded twice over, for a search."""
        head = "\n".join([self.where, *(f"{name}: {value}" for name, value in self.headers)])
        return head.encode() + b"\n" + self.body

    def header(self, name: str) -> str:
        return dict(self.headers).get(name, "")


def get(client: Client, where: str, method: str = "get") -> Reply:
    answer = getattr(client, method)(where)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = tuple(sorted((name, DRAWN.sub(b"", value.encode()).decode()) for name, value in answer.items() if name != "Set-Cookie"))
    return Reply(where, answer.status_code, headers, DRAWN.sub(b"", body))


def client_of(person=None) -> Client:
    client = Client()
    client.cookies[settings.CSRF_COOKIE_NAME] = "c" * 32
    if person is not None:
        client.force_login(person)
    return client


def addresses(objects: Mapping[str, Iterable[str]], language: str = "fi") -> list[str]:
    """Return every address that the URL table makes of the objects.

    objects: argument name, or `app:argument` where the app means something of its own by it, to values.
    """
    found = []
    with translation.override(language):
        for name, arguments in _names():
            app = name.partition(":")[0]
            values = [list(objects.get(f"{app}:{argument}", objects.get(argument, []))) for argument in arguments]
            for chosen in itertools.product(*values):
                try:
                    found.append(reverse(name, kwargs=dict(zip(arguments, chosen, strict=True))))
                except NoReverseMatch:  # a value of another object's form
                    continue
    return sorted(set(found))


def _names() -> list[tuple[str, list[str]]]:
    spaces = {id(pattern): f"{app}:" for resolver in _resolvers(get_resolver()) for pattern in resolver.url_patterns if (app := resolver.app_name)}
    return [
        (f"{spaces.get(id(pattern), '')}{pattern.name}", re.findall(r"<(?:\w+:)?(\w+)>", route)) for route, pattern in patterns() if pattern.name
    ]


def _resolvers(resolver):
    for item in resolver.url_patterns:
        if hasattr(item, "url_patterns"):
            yield item
            yield from _resolvers(item)


def crawl(client: Client, starts: Iterable[str], language: str = "fi") -> dict[str, Reply]:
    """Return the answers to the starts and to every address they lead to, in the language of the starts."""
    found: dict[str, Reply] = {}
    waiting, queries = list(starts), {}
    while waiting:
        where = waiting.pop(0)
        if where in found:
            continue
        reply = get(client, where)
        found[where] = reply
        text = reply.body.decode("utf-8", "replace") if "html" in reply.header("Content-Type") or "xml" in reply.header("Content-Type") else ""
        for link in [*map(unescape, LINK.findall(text)), *filter(None, [reply.header("Location")])]:
            link = where.partition("?")[0] + link if link.startswith("?") else link
            path, _, query = link.partition("?")
            if query:
                seen = queries.setdefault(path, set())
                if query not in seen and len(seen) >= QUERIES_A_PATH:
                    continue
                seen.add(query)
            if link not in found and link.startswith("/") and _is_page(path) and _language(path) == language:
                waiting.append(link)
    return found


def _is_page(path: str) -> bool:
    return not path.startswith(settings.STATIC_URL) and "/sign-out/" not in path


def _language(path: str) -> str:
    first = path.split("/")[1]
    return first if first in ("sv", "en") else "fi"
