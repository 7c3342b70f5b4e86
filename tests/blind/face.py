"""A world whose jury works in a face of its own: what it writes goes over as a file, and what jurors do there comes back."""

import os
import pickle
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.db import connections

from klash.core import clock
from klash.proposals import services
from tests.blind.worlds import MOMENTS, live, mails, secrets, undone

JURY_URL = "https://jury.example.org"
READERS = {"juror": "fi", "chair": "sv", "nobody": "fi"}


@dataclass
class Face:
    """The jury's face on its own: a home without the other database."""

    home: Path
    answers: list = field(default_factory=list)

    def run(self, *tasks):
        """Let the face do the tasks in a process of its own and return its answers: first what it is, then one a task."""
        given, answered = self.home / "tasks", self.home / "answers"
        given.write_bytes(pickle.dumps(tasks))
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KLASH_")}
        environment = {
            **kept, "KLASH_FACE": "jury", "KLASH_JURY_URL": JURY_URL, "KLASH_HOME": str(self.home), "KLASH_SECRET_KEY": "k" * 50,
            "DJANGO_SETTINGS_MODULE": "klash.config.settings", "PYTHONHASHSEED": "0",  # the order of words in a header is drawn anew for each process
        }
        command = [sys.executable, "-m", "tests.blind.face_alone", str(given), str(answered)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, done.stderr[-3000:]
        return pickle.loads(answered.read_bytes())


def write_out(path):
    """Write the jury's database, as it stands inside this transaction, to a file."""
    with closing(sqlite3.connect(path)) as file:
        file.executescript("\n".join(connections["reviewing"].connection.iterdump()))
    return str(path)


def read_back(path):
    """Take over what was written to the file meanwhile: nothing there is ever deleted."""
    here = connections["reviewing"].connection
    with closing(sqlite3.connect(path)) as file:
        for (table,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").fetchall():
            before = set(here.execute(f'SELECT * FROM "{table}"').fetchall())
            for row in file.execute(f'SELECT * FROM "{table}"').fetchall():
                if row not in before:
                    here.execute(f'INSERT OR REPLACE INTO "{table}" VALUES ({", ".join("?" * len(row))})', row)


@dataclass
class FaceWorld:
    """What was seen by moment and reader; what the face is; what names a team."""

    seen: dict
    whole: tuple
    secrets: set


def watch_face(contest, face, arrivals, moments=MOMENTS):
    """Live a world with the jury in its own face, take it back, and return what its readers get there at each of the moments."""
    files, letters, hidden, tasks = {}, {}, set(), []

    def invite():
        cast, challenge, links = contest.cast, contest.challenge, {}
        services.prepare_jury(
            actor=cast["organiser"], challenge=challenge, opens_at=contest.deadline + timedelta(days=1), closes_at=contest.deadline + timedelta(days=11)
        )
        for name in ("juror", "chair"):
            email, is_chair = cast[name].email, name == "chair"
            _, token = services.invite_juror(actor=cast["organiser"], challenge=challenge, email=email, is_chair=is_chair, name=name, language=READERS[name])
            links[token] = (cast[name].name, READERS[name])
        path = write_out(fresh("accepting"))
        assert face.run(("accept", links, path, clock.now()))[1] == [200, 302] * 2
        read_back(path)

    def fresh(name):
        path = face.home / f"{name}.sqlite3"
        path.unlink(missing_ok=True)
        return path

    def look(moment):
        if moment in moments:
            files[moment] = (write_out(fresh(moment)), clock.now())
            letters[moment] = {f"mail to {name}": dict(enumerate(mails(contest.cast[name].email))) for name in ("juror", "chair")}
            hidden.update(secrets(contest, arrivals))

    undone(lambda: live(contest, arrivals, look, until=max(moments, key=MOMENTS.index), invite=invite))
    readers = {name: (None if name == "nobody" else contest.cast[name].email, language) for name, language in READERS.items()}
    tasks = [("look", readers, path, when) for path, when in files.values()]
    whole, *pages = face.run(*tasks)
    return FaceWorld({moment: {**found, **letters[moment]} for moment, found in zip(files, pages, strict=True)}, whole, hidden)
