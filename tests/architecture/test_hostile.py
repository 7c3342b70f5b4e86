"""A58, A60, A61: no pattern burns the processor, and nothing that people write makes the server fetch an address."""

import ast
import importlib
import pkgutil
import re
import signal
from contextlib import contextmanager
from pathlib import Path

import pytest

import klash
from klash.algo.leaks import OwnNames, scan

SOURCES = sorted(Path(klash.__file__).parent.rglob("*.py"))
SECONDS, SIGNS = 2, 20_000  # of the processor; the longest text that a page takes


class Burnt(Exception):
    pass


@contextmanager
def within(seconds):
    """Break off what takes more than so many seconds of the processor."""

    def stop(*given):
        raise Burnt

    kept = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, kept)


def patterns():
    """Return each compiled pattern that a module of ours holds, by where it stands."""
    found = {}
    for module in pkgutil.walk_packages(klash.__path__, "klash."):
        if ".migrations" in module.name or module.name.startswith(("klash.config", "klash.operating.management")):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for one in value if isinstance(value, (list, tuple)) else value.values() if isinstance(value, dict) else [value]:
                if isinstance(one, re.Pattern) and module.name.startswith("klash."):
                    found[f"{module.name}.{name}: {one.pattern!s:.40}"] = one
    return found


# Asked of a bounded text alone: the six signs before a word; one word, and of that from its first sign to its last.
BOUNDED = {"klash.algo.leaks.guesses._OPENS", "klash.algo.leaks.guesses._SURNAME"}
SEEDS = ["a", "1", " ", "-", ".", "@", "a.", "a-", "1 ", "a@", "ä", ",", "/", ":", "\n", "0", "+358 ", "a1", "A", "Aa ", "www.", "http://", "(", "<", "&", "1.", "1-", "_"]


def burns(pattern):
    """Yield the seeds whose repetition keeps a pattern busy for too long."""
    for seed in SEEDS:
        text = (seed * SIGNS)[:SIGNS] + "\x00"
        given = text.encode() if isinstance(pattern.pattern, bytes) else text
        try:
            with within(SECONDS):
                pattern.search(given)
                pattern.fullmatch(given)
        except Burnt:
            yield seed


def test_redos():
    found = patterns()
    assert len(found) > 20
    assert {name: seeds for name, pattern in found.items() if name.partition(":")[0] not in BOUNDED and (seeds := list(burns(pattern)))} == {}


@pytest.mark.parametrize("seed", ["a", "\n", "a-", "1 ", "Aa "])
def test_the_longest_section_is_scanned_in_seconds(seed):
    text = (seed * SIGNS)[:SIGNS]
    with within(10 * SECONDS):
        scan(text, language="fi", own=OwnNames(people=("Aaro Aalto",)), allow=frozenset())


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(\w+\s?)*$", r"(a|a)*b"])
def test_seeded_fault_a_nested_quantifier_is_seen(pattern):
    assert next(burns(re.compile(pattern)), "")


# Who may speak over a line, and to whom: all of it is named by who runs the server, none by who writes into a page.
SPEAKERS = {"core/holder.py", "core/management/commands/keep_keys.py", "files/scanner.py", "post/services.py", "replay/management/commands/demo.py"}
FETCHERS = ("urllib.request", "http.client", "httpx", "requests", "aiohttp", "urllib3", "ftplib", "socket", "smtplib", "telnetlib", "xmlrpc")


def fetchers(source):
    """Return what a module imports that can speak over a line."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [f"{node.module}.{alias.name}" for node in nodes if isinstance(node, ast.ImportFrom) and node.module for alias in node.names]
    return {fetcher for name in names for fetcher in FETCHERS if f"{name}.".startswith(f"{fetcher}.")}


def test_ssrf():
    """There is no webhook, no preview of a link and no feed that is read: nothing of ours can fetch an address, so none can be made to."""
    root = Path(klash.__file__).parent
    found = {str(path.relative_to(root)): fetchers(path.read_text()) for path in SOURCES}
    assert {path: names for path, names in found.items() if names and path not in SPEAKERS} == {}


@pytest.mark.parametrize("line", ["import urllib.request", "from urllib.request import urlopen", "from urllib import request", "import socket as s", "from http.client import HTTPConnection"])
def test_seeded_fault_a_fetcher_is_seen(line):
    assert fetchers(line)
