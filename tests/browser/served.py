"""A real server on a copy of a kept state (`tests/staged.py`), with a session for each member of the cast."""

import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from klash.accounts.models import User
from tests.staged import FILES, Staged

ROOT = Path(__file__).resolve().parents[2]
COOKIE = "klash-all"


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of a demo in this home that signs with the tests' own key."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KLASH_")}
    own = {"DJANGO_SETTINGS_MODULE": "klash.config.settings", "KLASH_HOME": str(home), "KLASH_DEMO": "1", "KLASH_SECRET_KEY": settings.SECRET_KEY}
    return {**kept, **own, **more}


def gather_static(home: Path) -> None:
    """Gather the static files as an installation serves them: compressed, their names holding their hash."""
    command = [sys.executable, "-m", "klash", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment(home), check=True)


class Site:
    """One gunicorn on a home of its own. url has no slash at its end; things is name -> public code; sessions is name -> key."""

    def __init__(self, staged: Staged, state: str, home: Path, static: Path) -> None:
        self.home = home
        staged.copy(state, home)
        (home / "static").symlink_to(static)
        with staged.at(state) as loaded:
            self.now, self.things, self._reverse = loaded.at, loaded.things, loaded.url
            people = {who: User.objects.filter(email=address).first() for who, address in loaded.people.items()}
        self.sessions = {who: self._let_in(person) for who, person in people.items() if person is not None}
        self._start()

    def path(self, name: str, **words: str) -> str:
        """Return a page's Finnish address; a word that names one of the `things` stands for it."""
        return self._reverse(name, **words)

    def links_to(self, address: str) -> list[str]:
        """Return the paths in the mails to an address, the newest mail first."""
        with sqlite3.connect(self.home / FILES["default"]) as database:
            rows = database.execute('SELECT body FROM post_message WHERE "to" = ? ORDER BY id DESC', [address]).fetchall()
        database.close()
        return [path for (body,) in rows for path in re.findall(rf"{self.url}(/\S*)", body)]

    def make_operator(self, address: str) -> None:
        """Let a person found competitions, as the operator does by hand."""
        with sqlite3.connect(self.home / FILES["default"]) as database:
            database.execute("UPDATE accounts_user SET is_operator = 1 WHERE email = ?", [address])
        database.close()

    def unopen_round(self, kind: str) -> None:
        """Let a round stand as before it was opened, its entries to be dealt out."""
        with sqlite3.connect(self.home / FILES["reviewing"]) as database:
            database.execute("UPDATE reviewing_round SET state = 'draft', reviews_per_entry = 2 WHERE kind = ?", [kind])
        database.close()

    def add_slots(self, *hours: int) -> None:
        """Let a mentoring day have more slots, so many hours after its first, in which its mentors can meet teams."""
        with sqlite3.connect(self.home / FILES["default"]) as database:
            for later in hours:
                ahead = ", ".join(f"strftime('%Y-%m-%d %H:%M:%S', {column}, '+{later} hours')" for column in ("starts_at", "ends_at"))
                database.execute(f"INSERT INTO mentoring_slot (day_id, starts_at, ends_at) SELECT day_id, {ahead} FROM mentoring_slot ORDER BY id LIMIT 1")
            database.execute(
                "INSERT INTO mentoring_mentortime (mentor_id, slot_id, is_online) SELECT mentor_id, slot.id, is_online FROM mentoring_mentortime AS told "
                "JOIN mentoring_slot AS slot ON slot.id <> told.slot_id"
            )
        database.close()

    def _let_in(self, person: User) -> str:
        store = SessionStore()
        data = store.encode({
            SESSION_KEY: str(person.pk), HASH_SESSION_KEY: person.get_session_auth_hash(), BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
        })
        key = secrets.token_hex(16)
        with sqlite3.connect(self.home / FILES["default"]) as database:
            database.execute("INSERT INTO django_session VALUES (?, ?, ?)", [key, data, (datetime.now(UTC) + timedelta(hours=9)).strftime("%Y-%m-%d %H:%M:%S")])
        database.close()
        return key

    def _start(self) -> None:
        # The socket listens before the server does: a first request waits instead of failing, and the port is surely free.
        listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        command = [sys.executable, "-m", "gunicorn", "klash.config.wsgi", "--bind", f"fd://{listening.fileno()}", "--threads", "2", "--log-level", "warning"]
        with (self.home / "server.log").open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=environment(self.home, KLASH_URL=self.url), pass_fds=[listening.fileno()], stdout=log, stderr=subprocess.STDOUT
            )
        listening.close()
        self._await()

    def _await(self) -> None:
        """Ask for a small page until it comes. Raises RuntimeError with the server's log if the server stops or does not answer in a minute."""
        for _ in range(600):
            with contextlib.suppress(OSError), urlopen(f"{self.url}/accounts/sign-in/", timeout=60) as answer:
                if answer.status == 200:
                    return
            if self._process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(f"the server for the browser tests did not start:\n{self.log}")

    def move(self, **ahead: float) -> None:
        """Let the server's clock go on from a moment after that at which the state was kept, `timedelta` by its words."""
        self.now += timedelta(**ahead)
        (self.home / "clock.json").write_text(json.dumps({"offset_s": (self.now - datetime.now(UTC)).total_seconds()}))

    @property
    def log(self) -> str:
        return (self.home / "server.log").read_text()

    def stop(self) -> None:
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=10)
        shutil.rmtree(self.home, ignore_errors=True)
