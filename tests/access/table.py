"""Reads `table.yaml`, and asks a page as a member of the cast."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml
from django.core.handlers.base import BaseHandler
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.converters import IntConverter

METHODS = ("GET", "POST")
OTHER_METHODS = ("PUT", "DELETE", "OPTIONS")


class BrokenTable(Exception):
    """The table does not say what every member of the cast is answered; the text says where."""


@dataclass(frozen=True)
class Page:
    """One URL, with one thing in its address. words: argument -> thing or literal; answers: (method, stage) -> {who: answer}, for the whole cast.

    name: the URL's name, and after a space, if it has several rows, which thing it is about.
    """

    name: str
    words: dict[str, Any]
    answers: dict[tuple[str, str], dict[str, str]]
    @property
    def url(self) -> str:
        return self.name.partition(" ")[0]

    def is_constant(self, method: str) -> bool:
        """Return whether everyone is answered alike at every stage."""
        return len({answer for (asked, _), row in self.answers.items() if asked == method for answer in row.values()}) == 1


@dataclass(frozen=True)
class Table:
    cast: tuple[str, ...]
    stages: tuple[str, ...]
    pages: dict[str, Page]

    def rows(self) -> list[tuple[str, str, str]]:
        """Return (stage, page, method) of every test, stage by stage, so that a state is loaded once.

        A GET is asked in the midst of every stage, and both on each side of every change of their answer; what never changes, at three stages.
        """
        return [
            (stage, name, method) for number, stage in enumerate(self.stages) for name, page in self.pages.items() for method in METHODS
            if number in (0, len(self.stages) // 2, len(self.stages) - 1) or self._is_edge(page, method, number)
            or method == "GET" and stage.endswith("+") and not page.is_constant(method)
        ]

    def _is_edge(self, page: Page, method: str, number: int) -> bool:
        before, now, after = (page.answers[method, self.stages[i]] for i in (number - 1, number, number + 1))
        return before != now or now != after


def read(path: Path) -> Table:
    """Return the table of a file. Raises BrokenTable for a person, a group, a stage or a key that it does not know."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    cast, stages = tuple(raw["cast"]), tuple(raw["stages"])
    groups = {who: (who,) for who in cast} | {name: tuple(text.split()) for name, text in raw["groups"].items()} | {"everyone": cast}
    if unknown := {who for members in groups.values() for who in members} - set(cast):
        raise BrokenTable(f"groups: {unknown} are not in the cast")
    pages = {}
    for name, row in raw["pages"].items():
        if unknown := set(row) - {"about", "of", "unsigned", *METHODS}:
            raise BrokenTable(f"{name}: {unknown} is not a key of a page")
        base = dict.fromkeys(cast, "404") | {"nobody": row.get("unsigned", "404")}
        answers = {(method, stage): dict(base) for method in METHODS for stage in stages}
        for method in METHODS:
            _fill(name, method, row.get(method, {}), answers, stages, groups)
        pages[name] = Page(name, {**raw["words"], **row.get("of", {})}, answers)
    return Table(cast, stages, pages)


def _fill(name: str, method: str, row: Any, answers: dict[Any, dict[str, str]], stages: tuple[str, ...], groups: dict[str, tuple[str, ...]]) -> None:
    seen: set[str] = set()
    for span, given in (row if isinstance(row, dict) else {"all": {"everyone": row}}).items():
        for stage in _span(name, span, stages):
            if stage in seen:
                raise BrokenTable(f"{name} {method}: two rows speak of {stage}")
            seen.add(stage)
            for who, answer in given.items():
                for one in who.split():
                    if one not in groups:
                        raise BrokenTable(f"{name} {method}: {one} is not in the cast")
                    answers[method, stage] |= dict.fromkeys(groups[one], str(answer))


def _span(name: str, text: str, stages: tuple[str, ...]) -> list[str]:
    found = []
    for part in text.split(", "):
        first, dots, last = ("..", "..", "") if part == "all" else part.partition("..")
        ends = (first if first != ".." else "") or stages[0], (last or stages[-1]) if dots else first
        if not set(ends) <= set(stages):
            raise BrokenTable(f"{name}: {part} names no stage")
        found += stages[stages.index(ends[0]):stages.index(ends[1]) + 1]
    return found


def patterns(resolver: Any = None, space: str = "") -> dict[str, URLPattern]:
    """Return every registered URL by its name."""
    found: dict[str, URLPattern] = {}
    for item in (resolver or get_resolver()).url_patterns:
        if isinstance(item, URLResolver):
            found |= patterns(item, f"{space}{item.namespace}:" if item.namespace else space)
        else:
            found[f"{space}{item.name}"] = item
    return found


def missing(table: Table, registered: dict[str, URLPattern]) -> tuple[set[str], set[str]]:
    """Return the URLs without a row and the rows without a URL."""
    rows = {page.url for page in table.pages.values()}
    return set(registered) - rows, rows - set(registered)


def address(state: Any, page: Page, pattern: URLPattern, *, made_up: bool = False) -> str:
    """Return where a page lies for the things of a state. What does not exist yet, or is made up, gets a word that names nothing."""
    words = {}
    for name, converter in pattern.pattern.converters.items():
        word = page.words[name]
        nothing = 999 if isinstance(converter, IntConverter) else "nothing-at-all"
        words[name] = nothing if made_up else word if isinstance(word, int) else state.things.get(word, nothing if nothing == 999 else word)
    return state.url(page.url, **words)


def found_in(state: Any, who: str, page: Page, pattern: URLPattern, *, made_up: bool = False) -> tuple[Any, ...]:
    """Return all of a GET's answer but what differs between any two: the address itself, tokens and nonces."""
    url = address(state, page, pattern, made_up=made_up)
    response = ask(state, who, "GET", url)
    text = response.content.decode().replace(url, "ADDRESS").replace(quote(url, safe=""), "ADDRESS")
    headers = {name: re.sub(r"nonce-[^']+", "NONCE", value) for name, value in response.headers.items() if name != "Content-Length"}
    return response.status_code, headers, _ONCE.sub("ONCE", text)


_ONCE = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")[^"]+|(?<=nonce=")[^"]+|(?<="X-CSRFToken": ")[^"]+|(?<=name="once" value=")[^"]+')


@cache
def _handler() -> BaseHandler:
    handler = BaseHandler()
    handler.load_middleware()
    return handler


_requests = RequestFactory()


def ask(state: Any, who: str, method: str, url: str) -> Any:
    """Return the response to a request without a body; nothing that it writes stays. Leaner than Django's client, which copies every context."""
    request = _requests.generic(method, url, content_type="application/x-www-form-urlencoded", headers={"Referer": f"http://testserver{url}"})
    request.COOKIES.update({name: morsel.value for name, morsel in state.client(who).cookies.items()})
    request._dont_enforce_csrf_checks = True
    with state.undone():
        response = _handler().get_response(request)
        if response.streaming:  # a file, which stays open otherwise
            response.close()
        return response


def answer(response: Any) -> str:
    """Return a response as the table writes it: its status, and where a redirect leads."""
    if response.status_code not in (301, 302):
        return str(response.status_code)
    path, _, query = response["Location"].partition("?")
    name = resolve(path.partition("#")[0]).view_name
    return "sign-in" if name == "accounts:sign_in" and query.startswith("next=") else f"{response.status_code} {name}"
