"""A whole invented competition through the services, in a process and a home of its own."""

import json
import os
import sqlite3
import subprocess
import sys

import pytest

from klash.replay.facts import BrokenFile, read
from klash.replay.invent import sizes

SMALL = "problems=6,challenges=1,teams=2,mentors=2,seed=7"


def replay(home, *arguments):
    environment = {**os.environ, "KLASH_HOME": str(home), "KLASH_DEMO": "0"}
    command = [sys.executable, "-m", "klash", "replay", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """One rehearsal: its home and what it printed."""
    home = tmp_path_factory.mktemp("rehearsal")
    done = replay(home, "--invent", SMALL, "--json")
    assert done.returncode == 0, done.stderr
    return home, json.loads(done.stdout)


def test_equal_seeds_give_equal_results(run, tmp_path):
    one, two = run[1], json.loads(replay(tmp_path, "--invent", SMALL, "--json").stdout)
    assert one["counts"] == {
        "municipalities": 5, "problems": 6, "challenges": 1, "applications": 4, "teams": 2, "mentors": 2, "sessions": 4, "proposals": 2,
        "reviews": {"applications/rehearsal-7-h1": 20, "problems/rehearsal-7": 90, "proposals/rehearsal-7-h1": 10},
    }
    assert (one["counts"], one["ranking"], one["winners"], one["seed"]) == (two["counts"], two["ranking"], two["winners"], 7)


def test_a_second_run_doubles_nothing_and_an_edited_score_is_found(run):
    home, first = run
    again = json.loads(replay(home, "--invent", SMALL, "--json").stdout)
    assert (again["counts"], again["log"]) == (first["counts"], first["log"])
    environment = {**os.environ, "KLASH_HOME": str(home)}
    verify = [sys.executable, "-m", "klash", "verify"]
    assert subprocess.run(verify, env=environment, capture_output=True, check=False).returncode == 0
    with sqlite3.connect(home / "reviewing.sqlite3") as database:
        database.execute("UPDATE reviewing_review SET scores = replace(scores, '5', '6') WHERE id = (SELECT min(id) FROM reviewing_review WHERE scores LIKE '%5%')")
    database.close()
    assert subprocess.run(verify, env=environment, capture_output=True, check=False).returncode == 1


def test_a_broken_file_is_refused_with_its_line_before_anything_is_written(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text("competition:\n  id: x\n  name: [\n")
    run = replay(tmp_path / "home", str(path))
    assert run.returncode == 1
    assert f"{path}, line 4" in run.stderr
    assert not (tmp_path / "home" / "klash.sqlite3").exists()


def test_a_missing_fact_names_its_line(tmp_path):
    path = tmp_path / "short.yaml"
    path.write_text("competition:\n  id: x\n  name: X\n")
    with pytest.raises(BrokenFile, match=r"line 2: competition\.organiser"):
        read(path)


@pytest.mark.parametrize("text", ["problems=many", "people=3", "challenges=0", "teams=16,challenges=3"])
def test_sizes_that_make_no_sense_are_refused(text):
    with pytest.raises(BrokenFile):
        sizes(text)
