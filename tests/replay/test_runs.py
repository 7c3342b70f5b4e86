"""Equal seeds, second runs, runs that are killed."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from tests.replay.conftest import SMALL, environment, klash, results

COUNTS = {
    "municipalities": 5, "problems": 6, "challenges": 1, "applications": 4, "teams": 2, "mentors": 2, "sessions": 4, "proposals": 2,
    "reviews": {"applications/rehearsal-7-h1": 12, "problems/rehearsal-7": 30, "proposals/rehearsal-7-h1": 10},
}


def test_equal_seeds_give_equal_results_to_the_last_event(small, empty):
    assert small[1]["counts"] == COUNTS
    assert results(empty) == small[1]


def test_a_second_run_in_the_same_home_changes_nothing(small):
    assert results(small[0]) == small[1]
    assert klash(small[0], "verify").returncode == 0


def test_an_edited_score_is_found(small, tmp_path):
    home = shutil.copytree(small[0], tmp_path / "home")
    with closing(sqlite3.connect(home / "reviewing.sqlite3")) as database, database:
        database.execute("DROP TRIGGER reviewing_review_is_final")
        database.execute("UPDATE reviewing_review SET scores = replace(scores, '5', '6') WHERE id = (SELECT min(id) FROM reviewing_review WHERE scores LIKE '%5%')")
    assert klash(home, "verify").returncode == 1


def test_another_seed_is_not_mixed_into_a_home(small, tmp_path):
    home = shutil.copytree(small[0], tmp_path / "home")
    notes = home / "replay.json"
    notes.write_text(notes.read_text().replace('"seed": 7', '"seed": 8'))
    done = klash(home, "replay", "--invent", SMALL, "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert "This home holds rehearsal-7 from seed 8." in done.stderr


def test_only_the_object_goes_to_standard_output_and_a_line_for_each_thing_to_standard_error(empty):
    done = klash(empty, "replay", "--invent", SMALL, "--until", "problem_selection")
    assert (done.returncode, done.stdout) == (0, "")
    assert "6 problems reported by 5 municipalities" in done.stderr


@pytest.mark.parametrize(("line", "times"), [(" scored ", 5), ("met", 2)])
def test_a_run_that_was_killed_in_a_stage_ends_as_an_unbroken_one(small, empty, line, times):
    command = [sys.executable, "-m", "klash", "replay", "--invent", SMALL]
    with subprocess.Popen(command, env=environment(empty), stderr=subprocess.PIPE, text=True) as run:
        seen = 0
        for said in run.stderr:
            seen += line in said
            if seen == times:
                run.send_signal(signal.SIGKILL)
                break
    assert run.returncode == -signal.SIGKILL
    assert (empty / "begun").exists()
    assert results(empty) == small[1]
    assert not (empty / "begun").exists()
    assert klash(empty, "verify").returncode == 0
