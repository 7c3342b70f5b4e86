"""A real browser against a real server. The servers start from the states of `tests/staged.py`."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.looking import Watch
from tests.browser.served import COOKIE, Site, gather_static
from tests.staged import Staged, staged  # noqa: F401

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CURE = (
    "No Chromium was found, and the browser tests need one. On Debian: apt install chromium. On macOS: brew install --cask google-chrome, "
    "and put it on PATH as google-chrome."
)
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage", "--font-render-hinting=none",
]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "meets(*names): addresses whose pages a path looks at because no state has them")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        # A build without a browser has not been tested; a developer without one is told and goes on.
        (pytest.fail if os.environ.get("CI", "").lower() in ("1", "true") else pytest.skip)(CURE)
    # The browser's own loop runs in this thread; Django would take the tests' queries for queries of async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def static(staged: Staged) -> Path:  # noqa: F811
    folder = staged.folder / "gathered"
    with (staged.folder / "static.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            gather_static(folder)
    return folder / "static"


@pytest.fixture(scope="package")
def serve(staged: Staged, static: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Site]]:  # noqa: F811
    """A server at a state, shared by the tests that only look."""
    running: dict[str, Site] = {}

    def at(state: str) -> Site:
        if state not in running:
            running[state] = Site(staged, state, tmp_path_factory.mktemp("site") / "home", static)
        return running[state]

    yield at
    for site in running.values():
        site.stop()


@pytest.fixture
def serve_anew(staged: Staged, static: Path, tmp_path: Path) -> Iterator[Callable[[str], Site]]:  # noqa: F811
    """A server of one's own at a state, to write to."""
    running: list[Site] = []

    def at(state: str) -> Site:
        running.append(Site(staged, state, tmp_path / f"home{len(running)}", static))
        return running[-1]

    yield at
    for site in running:
        site.stop()


@pytest.fixture
def enter(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`enter(site, "juror")` gives a page of that person's own browser; no name: nobody is signed in.

    At the end of the test, nothing may have gone wrong in any of them. `page.watch.allowed` takes the statuses that a test expects.
    """
    watches: list[Watch] = []

    def come(site: Site, who: str = "", **options: object) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", "base_url": site.url, **options})
        if who:
            context.add_cookies([{"name": COOKIE, "value": site.sessions[who], "url": site.url}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.set_default_navigation_timeout(60_000)  # the machine may have much else to do
        page.watch = Watch(page, site)
        watches.append(page.watch)
        return page

    yield come
    for watch in watches:
        watch.page.context.close()
    for site in {watch.site for watch in watches if watch.faults}:
        print(site.log)  # pytest shows it beside the failure
    assert [fault for watch in watches for fault in watch.faults] == []
