"""What every page must keep: read by a machine in each language and width, and watched while it loads."""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import ConsoleMessage, Page, Request, Response

from tests.browser.served import Site

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "([tags, rules]) => axe.run(document, {runOnly: tags, rules, resultTypes: ['violations']}).then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.target.join(' '))]))"
FACTS = """() => ({lang: document.documentElement.lang, title: document.title, h1: document.querySelectorAll('h1').length,
  shown: document.querySelector('main').innerHTML.replace(/(csrf|nonce|token|"once")[^>]*/gi, '')})"""
SETTLED = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"  # what follows a change of width has happened
# Layout and colours are one for all languages, and the longest words are Finnish: axe reads it at both widths, the others at one and
# without the colours, which take it longer than all else together.
WIDTHS = {"fi": (1280, 360), "sv": (360,), "en": (1280,)}
LANGUAGES = tuple(WIDTHS)
_seen: set[bytes] = set()


@dataclass
class Watch:
    """Collects what goes wrong while pages load. `allowed`: statuses of the pages that a test asks for knowing that they refuse."""

    page: Page
    site: Site
    faults: list[str] = field(default_factory=list)
    allowed: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)

    def _console(self, message: ConsoleMessage) -> None:
        # A refused page is told of by its status; the browser repeats it in the console.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        # Leaving a page ends what it was still asking for.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"failed: {request.url} {request.failure}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.site.url, "data:", "blob:")):
            self.faults.append(f"third party: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.allowed:
            self.faults.append(f"{response.status}: {response.url}")


def translated(path: str, language: str) -> str:
    """Return the address of the same page in another language; Finnish has no prefix."""
    return path if language == "fi" else f"/{language}{path}"


def faults_of(page: Page, language: str) -> list[str]:
    """Return what is wrong with the loaded page in this language, at each width.

    A page whose content was read byte for byte before in this process, in the same language, is not read by axe again: the frame around
    it, which differs from person to person, is read on that person's own pages.
    """
    facts: dict[str, Any] = page.evaluate(FACTS)
    found = [f"lang is {facts['lang']!r}"] if facts["lang"] != language else []
    if facts["h1"] != 1:
        found.append(f"{facts['h1']} h1")
    if len(facts["title"].removesuffix(" – Klash").strip()) < 2 or not facts["title"].endswith(" – Klash"):
        found.append(f"title is {facts['title']!r}")
    digest = sha256(f"{language} {facts['shown']}".encode()).digest()
    if digest in _seen:
        return found
    _seen.add(digest)
    if page.locator("[hx-trigger=load]").count():  # what the page fetches by itself belongs to it
        page.wait_for_load_state("networkidle")
    page.evaluate(AXE)
    # What the demo's bar happens to cover at the foot of the window is scrolled out from under it; a target half covered would be called too small.
    page.evaluate("document.querySelector('.demo')?.style.setProperty('position', 'static')")
    rules = {"color-contrast": {"enabled": language == "fi"}}
    for width in WIDTHS[language]:
        _widen(page, width)
        found += [f"{width}: {rule} at {', '.join(nodes)}" for rule, nodes in page.evaluate(RUN, [RULES, rules])]
    _widen(page, 320)
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > 320:
        found.append(f"scrolls sideways at 320: {wide} pixels")
    _widen(page, 1280)
    return found


def _widen(page: Page, width: int) -> None:
    if page.viewport_size != (wanted := {"width": width, "height": 800}):
        page.set_viewport_size(wanted)
        page.evaluate(SETTLED)
