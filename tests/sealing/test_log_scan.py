"""S48: after a whole competition, and whatever breaks on the way, no file outside the databases holds both a team and the code name of its blind copy."""

import io
import json
import logging
import tempfile

import pytest

from klash.core import reports
from klash.proposals.models import BlindLink
from klash.reviewing import selectors as reading
from klash.teams.models import Membership
from tests.blind.canaries import objects
from tests.blind.crawl import addresses, crawl
from tests.sealing.scan import forms, layers
from tests.staged import CODE, staged  # noqa: F401

CAST = ("organiser", "leader", "chair", "nobody")
DATABASES = (".sqlite3", ".sqlite3-wal", ".sqlite3-shm")


def pairs():
    """Return each code name with what marks its team: the name, the code, the receipts, the members' names and addresses."""
    found = {}
    for link in BlindLink.objects.select_related("version__proposal__team"):
        team = link.version.proposal.team
        people = Membership.objects.filter(team=team).select_related("person")
        marks = {team.name, team.code, link.version.receipt, *(row.person.name for row in people), *(row.person.email for row in people)}
        found[link.entry_code] = {mark for mark in marks if len(mark) > 4}
    return found


def held(data, words):
    """Return which of the words a file holds, whichever way they are written."""
    every = list(layers(data))
    return {word for word in words if any(way in layer for way in forms(word) for layer in every)}


def together(files, known):
    """Return where a code name and a mark of its team stand in one file: (file, code name)."""
    codes = {name: held(data, known) for name, data in files.items()}
    return {(name, code) for name, found in codes.items() for code in found if held(files[name], known[code])}


def broken(known):
    """Return what breaks with everything that it knows in its error, as a database tells the row at which it stumbled."""
    told = " ".join(f"{code} {' '.join(marks)}" for code, marks in known.items())

    def fail(*given):
        try:
            raise LookupError(told)
        except LookupError as error:
            logging.getLogger("klash").error("it broke at %s", told)
            logging.getLogger("klash").error(f"it broke at {told}")
            raise ValueError(told) from error

    return fail


@pytest.fixture
def live(staged, tmp_path, monkeypatch):  # noqa: F811
    """Let the cast look at everything at the end while what a juror reads breaks; return what then lies outside the databases, and the pairs."""

    def do(formatter, cast=CAST):
        handler = logging.StreamHandler(log := io.StringIO())
        handler.setFormatter(formatter)
        (tmp_path / "temp").mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
        root, home = logging.getLogger(), tmp_path / "home"
        staged.copy("end", home)
        monkeypatch.setattr(root, "handlers", [*root.handlers, handler])
        with staged.at("end") as state:
            known = pairs()
            for who in cast:
                crawl(state.client(who), ["/", "/tasks/", "/review/", *addresses(objects(CODE, state.things))])
            monkeypatch.setattr(reading, "own_review", broken(known))
            crawl(state.client("chair"), ["/review/"])
        files = {str(path.relative_to(tmp_path)): path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file() and not path.name.endswith(DATABASES)}
        return {**files, "log": log.getvalue().encode()}, known

    return do


def test_log_scan(live):
    files, known = live(reports.formatter())
    assert len(known) >= 3 and {"home/keys/log.key", "home/served.txt", "home/clock.json"} & set(files) and any(name.startswith("home/files/") for name in files)
    assert together(files, known) == set()
    lines = [json.loads(line) for line in files["log"].decode().splitlines()]
    faults = [line for line in lines if line["logger"] == "django.request"]
    assert [fault["faults"] for fault in faults] == [["builtins.ValueError", "builtins.LookupError"]] * len(faults) and len(faults) > 0
    assert {fault["view"] for fault in faults} == {"reviewing:entry"} and all(fault["frames"][-1].endswith(" fail") for fault in faults)
    assert {line.get("what") for line in lines if line["logger"] == "klash"} == {"it broke at %s", None}


def test_seeded_fault_a_log_that_tells_everything(live):
    files, known = live(logging.Formatter("%(message)s"), cast=())
    assert together(files, known) == {("log", code) for code in known}


def test_a_name_and_a_code_are_seen_together_however_they_are_written():
    data = b"x" * 9 + "Kaarna".encode("utf-16-le") + b"\0" * 9 + b"K7-MESI"
    assert together({"a": data, "b": b"Kaarna", "c": b"K7-MESI"}, {"K7-MESI": {"Kaarna"}, "R2-HAKA": {"Luoto"}}) == {("a", "K7-MESI")}
