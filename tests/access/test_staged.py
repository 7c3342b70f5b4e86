"""The kept states themselves: they are what their names say, and what is done in one is seen nowhere else."""

import sqlite3

from klash.accounts.models import User
from klash.competitions.models import Competition
from klash.core import clock
from klash.core.access import may
from klash.problems.models import Problem
from klash.reviewing.models import Review
from klash.rules.permissions import Permission
from tests.staged import CODE, KINDS


def test_the_states_follow_the_calendar(staged):
    assert staged.names == ["setup", *(name for kind in KINDS for name in (kind, f"{kind}+")), "end"]
    moments = []
    for name in staged.names:
        with staged.at(name) as state:
            assert clock.now() == state.at
            moments.append(state.at)
            competition = Competition.objects.get(code=CODE)
            assert competition.state == ("draft" if name == "setup" else "published")
            open_now = {kind for kind in KINDS if competition.stage(kind).is_open(state.at)}
            assert open_now == ({name.removesuffix("+")} & set(KINDS))
    assert moments == sorted(set(moments))


def test_the_begun_work_stands_half_done(staged):
    with staged.at("problem_call+") as state:
        found = {row.officer.email: row.state for row in Problem.objects.select_related("officer")}
        # the third is what the organiser filed on behalf of a municipality
        assert found == {state.people["officer"]: "draft", state.people["other_officer"]: "submitted", state.people["organiser"]: "draft"}
    with staged.at("judging+"):
        rows = Review.objects.using("reviewing").filter(entry__round__kind="proposals", saved_at__isnull=False)
        assert sorted(rows.values_list("seat__is_chair", "state")) == [(False, "submitted"), (True, "draft")]


def test_every_person_can_be_in_every_state(staged):
    for name in staged.names:
        with staged.at(name) as state:
            competition = Competition.objects.get(code=CODE)
            running = {who for who in state.people if who != "nobody" and may(state.person(who), Permission.RUN_COMPETITION, competition)}
            assert running == {"organiser", "registrar"}


def test_what_is_done_in_a_state_is_seen_nowhere_else(staged):
    with staged.at("end") as state:
        before = User.objects.count()
        with state.undone():
            User.objects.create(email="x@klash.invalid")
        assert User.objects.count() == before
        User.objects.create(email="x@klash.invalid")
    with staged.at("end"):
        assert User.objects.count() == before


def test_a_copy_can_be_served(staged, tmp_path):
    staged.copy("proposals+", tmp_path)
    with sqlite3.connect(tmp_path / "klash.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM proposals_version").fetchone() == (1,)
    database.close()
    assert {path.name for path in tmp_path.iterdir()} == {"klash.sqlite3", "reviewing.sqlite3", "files", "keys", "clock.json"}
