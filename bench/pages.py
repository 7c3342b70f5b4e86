"""What each page costs beside a bare Django view, at two sizes of a competition, in one run.

`python -m bench.pages [--size 2000 20000] [--database sqlite postgresql] [--home DIR] [--only WORD ...]` fills, serves and measures. All pages of
all sizes and the bare views are asked in turns, so that whatever else the machine does hits all alike.
"""

import argparse
import http.client
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.servers import ROOT, Server, make_databases, postgresql, serve, settle
from klash.competitions.usual_forms import PROPOSAL

ROUNDS, TURNS, WARM = 5, 10, 3
RESULTS = ROOT / "bench" / "results" / "pages.json"
AT_MOST = {"list": 3.0, "page": 5.0, "save": 5.0}  # times the bare view
GROWTH_AT_MOST = 1.3
TOKEN = "b" * 32


@dataclass(frozen=True)
class Page:
    """kind: list, page or save. who: whose session, "" for a visitor. path: with the site's codes in it. body: of a save, from its number."""

    name: str
    kind: str
    who: str
    path: str
    body: Callable[[int], dict[str, str]] | None = None
    is_htmx: bool = False


@dataclass(frozen=True)
class Cost:
    """wall_ms: from asking to the last byte. cpu_ms: what the workers and the database's sessions took on the cores meanwhile."""

    wall_ms: float
    cpu_ms: float
    size_bytes: int


C = "/c/bench"
SCORES = ("impact", "innovativeness", "scalability")


def _scores(number: int) -> dict[str, str]:
    return {**{f"score_{code}": str(number % 11) for code in SCORES}, "comment": f"Perusteltu {number}."}


def _texts(revision: int) -> dict[str, str]:
    return {"title": f"Ratkaisu {revision}", "revision": str(revision), **dict.fromkeys((row["code"] for row in PROPOSAL), f"Teksti {revision}. " * 60)}


PAGES = [
    Page("front", "page", "", "/"),
    Page("sign-in", "page", "", "/accounts/sign-in/"),
    Page("calendar", "page", "", f"{C}/calendar/"),
    Page("problems", "list", "", f"{C}/problems/"),
    Page("problems, last page", "list", "", f"{C}/problems/?after={{last_problem}}"),
    Page("problems, one theme", "list", "", f"{C}/problems/?theme=theme-3"),
    Page("problems, a region and a size", "list", "", f"{C}/problems/?region=06&size=5000_19999"),
    Page("problems, search", "list", "", f"{C}/problems/?q=kirjastot+huoli"),
    Page("problem map", "list", "", f"{C}/problems/map/"),
    Page("a problem", "page", "", f"{C}/problems/{{problem}}/"),
    Page("challenges", "list", "", f"{C}/challenges/"),
    Page("a challenge", "page", "", f"{C}/challenges/bench-1/"),
    Page("winners", "list", "", f"{C}/results/"),
    Page("a winner", "page", "", f"{C}/results/bench-4/"),
    Page("tasks of a juror", "page", "juror", "/tasks/"),
    Page("tasks of a leader", "page", "leader", "/tasks/"),
    Page("tasks of an organiser", "page", "organiser", "/tasks/"),
    Page("reviewer's own list", "list", "juror", "/review/{judging}/"),
    Page("reviewer's own list, last page", "list", "juror", "/review/{judging}/?page={pages}"),
    Page("one review: open", "page", "juror", "/review/{judging}/{entry}/"),
    Page("one review: save", "save", "juror", "/review/{judging}/{drafted}/score/", _scores, is_htmx=True),
    Page("one review: submit", "save", "juror", "/review/{judging}/{waiting}/score/", lambda number: {**_scores(number), "submit": "1"}),
    Page("result, sorted by score", "list", "juror", "/review/{judged}/result/"),
    Page("result, last page", "list", "juror", "/review/{judged}/result/?page={pages}"),
    Page("own proposal: open", "page", "leader", f"{C}/teams/{{team}}/proposal/"),
    Page("own proposal: save", "save", "leader", f"{C}/teams/{{team}}/proposal/save/", _texts, is_htmx=True),
    Page("own proposal: submit", "save", "leader_2", f"{C}/teams/{{team_2}}/proposal/summary/", lambda number: {"key": f"{number:032x}", "confirmed": "on"}),
    Page("own proposal: receipt", "page", "leader", f"{C}/teams/{{team}}/proposal/receipts/{{receipt}}/"),
    Page("own team", "page", "leader", "/teams/{team}/"),
    Page("timetable of a mentor", "page", "mentor", f"{C}/mentoring/"),
    Page("timetable of the organiser", "list", "organiser", f"{C}/mentoring/"),
    Page("desk", "page", "organiser", "/desk/bench/"),
    Page("desk: rounds", "list", "organiser", "/desk/bench/rounds/"),
    Page("desk: people", "list", "organiser", "/desk/bench/people/"),
    Page("desk: mail", "list", "organiser", "/desk/bench/mail/"),
    Page("desk: log", "list", "organiser", "/desk/bench/log/"),
    Page("desk: log, last page", "list", "organiser", "/desk/bench/log/?before=50"),
    Page("panel's meeting", "list", "organiser", "/desk/bench/rounds/{panel}/meeting/"),
    Page("panel's minutes", "list", "organiser", "/desk/bench/rounds/{panel}/minutes/"),
    Page("panel's decisions", "list", "organiser", f"{C}/problems/choose/"),
    Page("panel's decisions, last page", "list", "organiser", f"{C}/problems/choose/?page={{form_pages}}"),
    Page("opening of a challenge", "page", "organiser", f"{C}/challenges/bench-2/opening/"),
    Page("award, sorted by score", "list", "organiser", f"{C}/challenges/bench-3/award/"),
]


BARE = Page("bare view", "bare", "juror", "/")


@dataclass
class Site:
    """One competition on one database, served by Klash and by the bare view. waiting: entries that the juror has not submitted, the first kept for drafts."""

    size: int
    klash: Server
    bare: Server
    sessions: dict[str, str]
    codes: dict[str, Any]
    waiting: list[str]
    costs: dict[str, list[Cost]] = field(default_factory=dict)
    number: int = 0

    def ask(self, page: Page) -> Cost:
        """Ask once. Raises RuntimeError for an answer that is not the wanted one."""
        codes = {**self.codes, "drafted": self.waiting[0], "waiting": self.waiting[-1]}
        headers = {"Cookie": f"csrftoken={TOKEN}" + (f"; klash-all={self.sessions[page.who]}" if page.who else "")}
        if page.body is None:
            return _ask(self.bare if page is BARE else self.klash, "GET", page.path.format(**codes), None, headers)
        self.number = self._revision(page) if page.body is _texts else self.number + 1
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": TOKEN, **({"HX-Request": "true"} if page.is_htmx else {})}
        cost = _ask(self.klash, "POST", page.path.format(**codes), urlencode(page.body(self.number)), headers)
        if "{waiting}" in page.path:
            self.waiting.pop()
        return cost

    def _revision(self, page: Page) -> int:
        # The revision that the writer would see, read without being measured.
        url = page.path.format(**self.codes).removesuffix("save/")
        content = _fetch(self.klash.port, "GET", url, None, {"Cookie": f"klash-all={self.sessions[page.who]}"})[1].decode()
        found = re.search(r'name="revision" value="(\d+)"', content)
        if found is None:
            raise RuntimeError(f"{url}: no revision")
        return int(found[1])


def _fetch(port: int, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _ask(server: Server, method: str, path: str, body: str | None, headers: dict[str, str]) -> Cost:
    before, begun = server.on_core_ns(), time.perf_counter()
    status, content = _fetch(server.port, method, path, body, headers)
    wall = (time.perf_counter() - begun) * 1000
    cost = Cost(wall, server.cpu_ms(before), len(content))
    wanted = 302 if method == "POST" and "HX-Request" not in headers else 200
    if status != wanted or (method == "POST" and b'class="fault"' in content):
        raise RuntimeError(f"{method} {path}: {status} instead of {wanted}\n{content.decode()[:3000]}")
    return cost


def measure(sites: Sequence[Site], pages: Sequence[Page]) -> None:
    """Ask every page of every site in turns, the bare view once in five, after warming up."""
    turn = [page for place, page in enumerate(pages) for page in ((BARE, page) if place % 5 == 0 else (page,))]
    for number in range(WARM + ROUNDS * TURNS):
        for page in turn:
            for site in sites:
                cost = site.ask(page)
                if number >= WARM:
                    site.costs.setdefault(page.name, []).append(cost)


@dataclass(frozen=True)
class Line:
    """A page at one size. median_ms: the median of the rounds' medians; cpu_ms the same on the cores; times: beside the bare view."""

    page: str
    kind: str
    size: int
    kilobytes: float
    median_ms: float
    p95_ms: float
    cpu_ms: float
    times: float = 1.0
    times_cpu: float = 1.0


def _line(site: Site, page: Page) -> Line:
    costs = site.costs[page.name]
    each = len(costs) // ROUNDS
    rounds = [costs[start: start + each] for start in range(0, each * ROUNDS, each)]
    median, cpu = (statistics.median(statistics.median(getattr(cost, name) for cost in row) for row in rounds) for name in ("wall_ms", "cpu_ms"))
    p95 = statistics.quantiles([cost.wall_ms for cost in costs], n=20)[-1]
    return Line(page.name, page.kind, site.size, round(costs[-1].size_bytes / 1000, 1), round(median, 2), round(p95, 2), round(cpu, 2))


def lines(site: Site, pages: Sequence[Page]) -> list[Line]:
    """Return what each page of a site cost, the bare view first."""
    bare = _line(site, BARE)
    rows = [_line(site, page) for page in pages]
    return [bare, *(replace(row, times=round(row.median_ms / bare.median_ms, 2), times_cpu=round(row.cpu_ms / bare.cpu_ms, 2)) for row in rows)]


def show(database: str, found: Sequence[Sequence[Line]]) -> list[str]:
    """Return the table and, below it, what is missed. Growth is that of the times, so that it is free of how fast the machine was."""
    text, missed = [f"\n{database}", f"{'':34}" + "".join(f"{size_of(rows):>28} rows" for rows in found) + "   growth"], []
    text.append(f"{'':34}" + f"{'median':>9}{'p95':>8}{'times':>7}{'cpu':>9}" * len(found) + "   times   cpu")
    for same in zip(*found, strict=True):
        cells = "".join(f"{row.median_ms:>9.1f}{row.p95_ms:>8.1f}{row.times:>7.1f}{row.times_cpu:>9.1f}" for row in same)
        growth, growth_cpu = same[-1].times / same[0].times, same[-1].times_cpu / same[0].times_cpu
        text.append(f"{same[0].page:34}{cells}{growth:>8.2f}{growth_cpu:>6.2f}")
        if same[0].kind == "bare":
            continue
        missed += [f"{row.page}, {row.size}: {row.times_cpu:.1f} times the bare view" for row in same if row.times_cpu > AT_MOST[row.kind]]
        missed += [f"{same[0].page}: growth {growth_cpu:.2f}"] if growth_cpu > GROWTH_AT_MOST else []
    return [*text, *(f"missed: {row}" for row in missed)]


def size_of(rows: Sequence[Line]) -> int:
    return rows[0].size


def _filled(home: Path, environment: dict[str, str], size: int) -> dict[str, Any]:
    """Fill unless it was done in an earlier run; return what the filling printed."""
    kept, python = home / "filled.json", [sys.executable, "-m"]
    for arguments in ([*python, "klash", "migrate", "-v0"], [*python, "klash", "migrate", "-v0", "--database", "reviewing"]):
        subprocess.run(arguments, cwd=ROOT, env=environment, check=True)
    if not kept.exists():
        subprocess.run([*python, "klash", "collectstatic", "--no-input", "-v0"], cwd=ROOT, env=environment, check=True)
        kept.write_text(subprocess.run([*python, "bench.fill", str(size)], cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout)
    found: dict[str, Any] = json.loads(kept.read_text())
    return found


def run(database: str, home: Path, sizes: Sequence[int], pages: Sequence[Page]) -> list[list[Line]]:
    """Fill, serve and measure all sizes on one kind of database."""
    with ExitStack() as stack:
        address, process = stack.enter_context(postgresql(home / "postgresql")) if database == "postgresql" else ("", None)
        sites = []
        for size in sizes:
            own = home / f"{database}-{size}"
            own.mkdir(parents=True, exist_ok=True)
            given = {"KLASH_HOME": str(own), "DJANGO_SETTINGS_MODULE": "klash.config.settings"}
            if address:
                given |= {"KLASH_DATABASE": f"{address}/klash_{size}", "KLASH_REVIEWING_DATABASE": f"{address}/reviewing_{size}"}
                make_databases(address, [f"klash_{size}", f"reviewing_{size}"])
            made = _filled(own, {**os.environ, **given}, size)
            if address:
                settle(address, [f"klash_{size}", f"reviewing_{size}"])
            klash = stack.enter_context(serve("klash.config.wsgi", given, process))
            bare = stack.enter_context(serve("bench.bare", {**given, "DJANGO_SETTINGS_MODULE": "bench.bare_settings"}, process))
            sites.append(Site(size, klash, bare, made["sessions"], made["codes"], made["codes"].pop("waiting")))
            stack.callback(_keep, own / "filled.json", sites[-1], made)
        measure(sites, pages)
        return [lines(site, pages) for site in sites]


def _keep(path: Path, site: Site, made: dict[str, Any]) -> None:
    # A later run on the same rows goes on with the entries that still wait.
    path.write_text(json.dumps({**made, "codes": {**made["codes"], "waiting": site.waiting}}))


def main() -> int:
    """Measure, print and write `bench/results/pages.json`; return 1 if a figure is missed."""
    parser = argparse.ArgumentParser(prog="bench.pages", description="What each page costs beside a bare Django view.")
    parser.add_argument("--size", type=int, nargs="+", default=[2000, 20_000])
    parser.add_argument("--database", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    parser.add_argument("--home", type=Path, help="where the filled databases lie and stay; without it they are made anew and removed")
    parser.add_argument("--only", nargs="+", default=[""], help="only pages with one of these words in their names")
    asked = parser.parse_args()
    pages = [page for page in PAGES if any(word in page.name for word in asked.only)]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # else a run that is stopped would leave its servers behind
    found, missed = {}, False
    with ExitStack() as stack:
        home = asked.home or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="klash-bench-")))
        home.chmod(0o755) if home.exists() else home.mkdir(parents=True)
        for database in asked.database:
            found[database] = run(database, home.resolve(), asked.size, pages)
            text = show(database, found[database])
            missed = missed or any(line.startswith("missed") for line in text)
            print("\n".join(text), flush=True)
    RESULTS.parent.mkdir(exist_ok=True)
    if pages == PAGES:
        RESULTS.write_text(json.dumps({name: [[asdict(row) for row in rows] for rows in sizes] for name, sizes in found.items()}, indent=1) + "\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
