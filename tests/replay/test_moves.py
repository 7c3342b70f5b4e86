"""The demo as it is served by two workers: entering, moving the clock forward and back, two clicks at once, requests meanwhile."""

import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from http.cookiejar import CookieJar
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from django.utils import translation

from klash.replay.cast import INVITED, address
from tests.migrated import copy
from tests.replay.conftest import environment, klash


class Reader:
    """A person at a browser without JavaScript."""

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"
        self.jar = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.jar))
        self.status = self.url = None

    def get(self, path):
        return self._open(path, None)

    def post(self, path, **fields):
        token = next((cookie.value for cookie in self.jar if cookie.name == "csrftoken"), "")
        return self._open(path, urlencode({"csrfmiddlewaretoken": token, **fields}).encode())

    def _open(self, path, data):
        try:
            answer = self.opener.open(self.base + path, data, timeout=60)
        except HTTPError as error:
            answer = error
        with answer:
            self.status, self.url = answer.status, answer.url.removeprefix(self.base)
            return answer.read().decode()

    def wait(self, path, title, seconds=180):
        until = time.monotonic() + seconds
        while title not in (page := self.get(path)):
            assert time.monotonic() < until, page
            time.sleep(0.3)
        return page


@pytest.fixture(scope="module")
def demo(migrated, tmp_path_factory):
    """The demo at the opening of the first stage, served."""
    home, port = copy(migrated, tmp_path_factory.mktemp("demo")), free_port()
    done = klash(home, "demo", "--no-serve", "--until", "problem_call", KLASH_DEMO="1")
    assert done.returncode == 0, done.stderr
    command = [sys.executable, "-m", "gunicorn", "klash.config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--log-level", "error"]
    with subprocess.Popen(command, env=environment(home, KLASH_DEMO="1")) as server:
        try:
            _await(port)
            yield home, port
        finally:
            server.send_signal(signal.SIGTERM)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _await(port):
    for _ in range(300):
        try:
            Reader(port).get("/")
        except (URLError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the demo does not answer")


def count(home, sql="SELECT count(*) FROM problems_problem WHERE state != 'draft'", name="klash"):
    with closing(sqlite3.connect(home / f"{name}.sqlite3")) as database:
        return database.execute(sql).fetchone()[0]


def heading(page):
    return re.search(r"<h1[^>]*>(.*?)</h1>", page)[1]


def stages(page, label):
    group = re.search(rf'<optgroup label="{label}">(.*?)</optgroup>', page)
    return re.findall(r'value="(\w+)"', group[1]) if group else []


def test_the_clock_moves_forward_once_and_back_under_requests(demo):
    home, port = demo
    person, other = Reader(port), Reader(port)
    page = person.get("/en/")
    assert stages(page, "Back: what was done since is lost") == ["problem_call"]
    assert stages(page, "Forward: what was done stays")[0] == "problem_selection"
    person.post("/en/demo/enter/", who="officer.165")
    assert (person.status, person.url) == (200, "/en/tasks/")
    person.post("/en/c/klash-2019/problems/start/", municipality="165", language="fi")
    assert (person.status, count(home, "SELECT count(*) FROM problems_problem")) == (200, 1)

    # Two persons click at once, to different stages, while others read.
    statuses, is_over = [], threading.Event()

    def read():
        reader = Reader(port)
        while not is_over.is_set():
            reader.get("/c/klash-2019/problems/")
            statuses.append(reader.status)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        other.get("/sv/")
        assert heading(other.post("/sv/demo/move/", stage="problem_selection", next="/sv/")) == "Klockan flyttas"
        assert heading(person.post("/en/demo/move/", stage="award", next="/en/tasks/")) == "The clock is moving"
        assert '<noscript><meta http-equiv="refresh"' in person.get(person.url)
        page = person.wait("/en/demo/moving/?next=/en/tasks/", "The clock has moved")
        assert json.loads((home / "move.json").read_text()) == {"to": "problem_selection", "stage": "problem_selection", "share": 1.0, "state": "arrived", "is_back": False}
        assert "The clock now says 1 November 2018 at 10:00. Stage: choosing problems." in page.replace("\u00a0", " ")
        assert 'href="/en/tasks/"' in page
        assert (count(home), count(home, "SELECT count(*) FROM problems_problem")) == (77, 78)  # the draft of the person is still there

        assert heading(page := person.post("/en/demo/move/", stage="problem_call", next="/en/")) == "Move the clock back"
        assert "Everything done since then is lost for good, what you did by hand too." in page
        assert count(home) == 77  # nothing happens before the answer
        page = person.post("/en/demo/move/", stage="problem_call", next="/en/", sure="1")
        assert "what you did by hand stays" not in page
        page = person.wait("/en/demo/moving/", "The clock has moved")
        assert "Stage: reporting problems." in page
        assert (count(home), count(home, "SELECT count(*) FROM problems_problem")) == (0, 0)
        assert "Sign out" in page  # the person is still signed in
        assert stages(page, "Back: what was done since is lost") == ["problem_call"]
    finally:
        is_over.set()
        for reader in readers:
            reader.join()
    assert set(statuses) == {200}
    verified = klash(home, "verify")
    assert verified.returncode == 0, verified.stdout


@pytest.mark.parametrize("who", INVITED)
def test_one_of_the_cast_who_has_no_part_yet_reads_who_invites_it(demo, who):
    reader = Reader(demo[1])
    reader.get("/")
    page = reader.post("/demo/enter/", who=who)
    with translation.override("fi"):
        assert (str(INVITED[who]) in page, f"anna tämä osoite: {address(who)}" in page) == (True, True)


def test_a_form_that_invites_offers_the_cast(demo):
    reader = Reader(demo[1])
    reader.get("/")
    reader.post("/demo/enter/", who="organiser")
    page = reader.get("/desk/klash-2019/people/")
    assert re.search(r'<input type="email" name="email"[^>]* list="cast"', page)
    assert re.findall(r'<option value="([^"]*@[^"]*)"', page.split('<datalist id="cast">')[1]) == [address(who) for who in INVITED]


def test_every_mail_of_the_outbox_is_reached(demo):
    home, port = demo
    reader, pages = Reader(port), -(-sum(count(home, "SELECT count(*) FROM post_message", name) for name in ("klash", "reviewing")) // 50)
    assert heading(reader.get("/demo/mail/")) == "Lähtevät viestit"
    found = [len(re.findall("<details", reader.get(f"/demo/mail/?page={number}"))) for number in range(1, pages + 2)]
    assert sum(found) == sum(count(home, "SELECT count(*) FROM post_message", name) for name in ("klash", "reviewing")) and found[-1] == 0


def test_a_move_that_was_killed_is_told_and_mended_by_the_next(demo):
    home, port = demo
    person = Reader(port)
    person.get("/")
    person.post("/demo/move/", stage="problem_selection")
    for _ in range(600):
        if (home / "begun").exists() and count(home):
            break
        time.sleep(0.1)
    _kill_mover(home)
    page = person.wait("/demo/moving/", "Siirto keskeytyi", 20)
    assert "Kello on vaiheessa: ongelmien ilmoittaminen." in page
    person.post("/demo/move/", stage="problem_selection")
    person.wait("/demo/moving/", "Kello on siirretty")
    assert (count(home), (home / "begun").exists()) == (77, False)
    assert klash(home, "verify").returncode == 0


def _kill_mover(home):
    found = subprocess.run(["pgrep", "-f", "klash move_clock"], capture_output=True, text=True, check=False).stdout.split()
    for pid in found:
        with open(f"/proc/{pid}/environ", "rb") as file:
            if f"KLASH_HOME={home}".encode() in file.read().split(b"\0"):
                subprocess.run(["kill", "-9", pid], check=False)


def test_a_second_start_keeps_what_was_done(demo):
    home, _ = demo
    assert klash(home, "demo", "--no-serve", "--until", "problem_selection", KLASH_DEMO="1").returncode == 0
    before = (home / "replay.json").read_text(), count(home), count(home, "SELECT length FROM core_auditchain")
    done = klash(home, "demo", "--no-serve", "--until", "problem_selection", KLASH_DEMO="1")
    assert done.returncode == 0, done.stderr
    assert ((home / "replay.json").read_text(), count(home), count(home, "SELECT length FROM core_auditchain")) == before


def test_what_cannot_be_is_not_found(demo):
    reader = Reader(demo[1])
    reader.get("/")
    for path, fields in (("/demo/enter/", {"who": "nobody"}), ("/demo/move/", {"stage": "pilots"})):
        reader.post(path, **fields)
        assert reader.status == 404
    reader.get("/demo/enter/")
    assert reader.status == 405


def test_the_clock_of_an_installation_cannot_be_moved(tmp_path):
    done = klash(tmp_path, "move_clock", "mentoring")
    assert done.returncode == 1
    assert "Only the demo’s clock can be moved." in done.stderr.replace("'", "’")


def test_a_port_that_is_taken_is_told_before_anything_is_done(empty):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = klash(empty, "demo", "--port", str(port), KLASH_DEMO="1")
    assert (done.returncode, done.stderr) == (1, f"CommandError: Port {port} is taken. Stop what answers there, or choose another: ./klash demo --port {port + 1}\n")
    assert not (empty / "replay.json").exists()
