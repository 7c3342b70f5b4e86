"""How long a team waits for its receipt when many send large files in the last minutes.

`python -m bench.receipt [--teams 100] [--seconds 120] [--megabytes 20] [--database sqlite]` fills a competition, serves it as the demo does, and lets each
team send one file in chunks as the page's script does, at a moment drawn for it, and submit as soon as the file is in. The figures are in bench/README.md.
"""

import argparse
import hashlib
import http.client
import io
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from PIL import Image

from bench.servers import ROOT, Server, make_databases, postgresql, serve

SEED, CHUNK, TOKEN = 7, 1024 * 1024, "b" * 32
WANTED_S = 3.0


def prepare(teams: int) -> list[dict[str, str]]:
    """Fill the installation of this process; return each team's code and its leader's session."""
    import django

    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from bench.fill import fill
    from klash.teams.models import Membership

    fill(teams, reviewers=3)
    found = []
    rows = Membership.objects.filter(is_leader=True, team__challenge__number=1, team__proposal__isnull=False).select_related("person", "team__challenge")
    for row in rows.order_by("pk")[:teams]:
        session = SessionStore()
        session.update({
            SESSION_KEY: str(row.person.pk), BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
            HASH_SESSION_KEY: row.person.get_session_auth_hash(),
        })
        session.create()
        found.append({"team": row.team.code, "session": str(session.session_key)})
    return found


def large_pdf(megabytes: float) -> bytes:
    """Return a PDF of noisy photographs, about as large as asked and never larger."""
    drawn, pages, size, side = random.Random(SEED), list[Image.Image](), 0, 1100
    while True:
        photograph = Image.frombytes("RGB", (side, side), drawn.randbytes(side * side * 3))
        out = io.BytesIO()
        photograph.save(out, "JPEG", quality=90)
        size += len(out.getvalue()) + 2_000
        if pages and size > megabytes * 1024 * 1024:
            break
        pages.append(photograph)
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], quality=90)
    return out.getvalue()


@dataclass
class Times:
    """Seconds a team waited: file_s from the last byte of its file until it was in, submit_s from its submission until the receipt was read."""

    file_s: float = 0.0
    submit_s: float = 0.0
    faults: list[str] = field(default_factory=list)

    @property
    def whole_s(self) -> float:
        return self.file_s + self.submit_s


class Team:
    """A leader's browser. uploads: the port of the workers that take files, as docs/operate/proxy.md sets them apart."""

    def __init__(self, pages: int, uploads: int, team: str, session: str) -> None:
        self.pages, self.uploads, self.own = pages, uploads, f"/c/bench/teams/{team}/proposal/"
        self.headers = {"Cookie": f"csrftoken={TOKEN}; klash-all={session}", "X-CSRFToken": TOKEN}

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.uploads if "/uploads/" in path else self.pages, timeout=300)
        try:
            line.request(method, path, body, {**self.headers, **headers})
            answer = line.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            line.close()

    def send(self, content: bytes) -> Times:
        times, kind = Times(), {"Content-Type": "application/x-www-form-urlencoded"}
        form = urlencode({"name": "plan.pdf", "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}).encode()
        begun = json.loads(self.ask("POST", f"{self.own}uploads/", form, **kind)[2])
        answer, sent = {"offset": begun["offset"]}, time.monotonic()
        while "outcome" not in answer:
            offset = answer["offset"]
            sent = time.monotonic() if offset < len(content) else sent
            place = {"Upload-Offset": str(offset), "Content-Type": "application/octet-stream"}
            status, _, body = self.ask("POST", begun["url"], content[offset : offset + CHUNK], **place)
            answer = json.loads(body)
            if status == 202:
                time.sleep(0.5)
        times.file_s = time.monotonic() - sent
        times.faults += [] if answer["outcome"] == "stored" else [f"{answer['outcome']}: {answer['reason']}"]
        sent = time.monotonic()
        status, headers, _ = self.ask("POST", f"{self.own}summary/", urlencode({"key": os.urandom(16).hex(), "confirmed": "on"}).encode(), **kind)
        times.faults += [] if status == 302 and self.ask("GET", headers["Location"])[0] == 200 else [f"no receipt: {status}"]
        times.submit_s = time.monotonic() - sent
        return times


def measure(pages: Server, uploads: Server, teams: list[dict[str, str]], content: bytes, seconds: float) -> list[Times]:
    """Let each team send at a moment drawn from the given seconds; return how long each waited."""
    drawn, found, begun = random.Random(SEED), list[Times](), time.monotonic()

    def one(row: dict[str, str], at: float) -> None:
        time.sleep(max(begun + at - time.monotonic(), 0))
        try:
            found.append(Team(pages.port, uploads.port, **row).send(content))
        except (OSError, ValueError, KeyError) as error:
            found.append(Times(faults=[repr(error)]))

    threads = [threading.Thread(target=one, args=(row, drawn.uniform(0, seconds))) for row in teams]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def show(found: list[Times], alone_s: float) -> list[str]:
    """Return the figures, in seconds and in multiples of one file examined alone on the machine as it was."""
    lines = [f"one file examined alone: {alone_s:.2f} s; faults: {sum(bool(row.faults) for row in found)} of {len(found)}"]
    lines += sorted({f"  {fault}" for row in found for fault in row.faults})
    for name in ("file_s", "submit_s", "whole_s"):
        values = [getattr(row, name) for row in found if not row.faults]
        if len(values) > 1:
            p95 = statistics.quantiles(values, n=20)[-1]
            lines.append(f"{name:9} median {statistics.median(values):6.2f}  p95 {p95:6.2f} ({p95 / alone_s:4.1f} times)  most {max(values):6.2f}")
    return lines


@contextmanager
def installation(database: str, home: Path) -> Iterator[tuple[dict[str, str], int | None]]:
    """Yield the environment of an empty installation and the process of its database server."""
    given = {**os.environ, "KLASH_HOME": str(home / "klash"), "DJANGO_SETTINGS_MODULE": "klash.config.settings"}
    if database == "sqlite":
        yield given, None
        return
    with postgresql(home / "postgresql") as (address, process):
        make_databases(address, ["klash", "reviewing"])
        yield {**given, "KLASH_DATABASE": f"{address}/klash", "KLASH_REVIEWING_DATABASE": f"{address}/reviewing"}, process


def run(database: str, home: Path, asked: Any) -> list[str]:
    from klash.files.intake import examine

    content = large_pdf(asked.megabytes)
    begun, on_core = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    examine(content, "plan.pdf")
    alone_s, core_s = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - on_core
    with installation(database, home) as (environment, process):
        for arguments in (["klash", "migrate", "-v0"], ["klash", "migrate", "-v0", "--database", "reviewing"], ["klash", "collectstatic", "--no-input", "-v0"]):
            subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, env=environment, check=True)
        command = [sys.executable, "-m", "bench.receipt", "--prepare", "--teams", str(asked.teams)]
        teams = json.loads(subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout)
        with serve("klash.config.wsgi", environment, process) as pages, serve("klash.config.wsgi", environment) as uploads:
            before = [server.on_core_ns() for server in (pages, uploads)]
            found = measure(pages, uploads, teams, content, asked.seconds)
            workers_s = sum(server.cpu_ms(since) for server, since in zip((pages, uploads), before, strict=True)) / 1000 / len(teams)
    head = f"{database}: {len(teams)} teams, {len(content) / 1024 / 1024:.1f} MB each, within {asked.seconds:.0f} s"
    return [head, f"on the cores: {core_s:.2f} s to examine a file, {workers_s:.2f} s of the workers for each team", *show(found, alone_s)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teams", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--megabytes", type=float, default=19.5)
    parser.add_argument("--database", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite"])
    parser.add_argument("--prepare", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klash.config.settings")
    if asked.prepare:
        print(json.dumps(prepare(asked.teams)))
        return
    for database in asked.database:
        with tempfile.TemporaryDirectory(prefix="klash-bench-") as folder:
            print("\n".join(run(database, Path(folder), asked)))


if __name__ == "__main__":
    main()
