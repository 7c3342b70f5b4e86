"""The wall between the two databases: two login roles, and nothing of the other side to be seen through either."""

import json

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections

from scripts.postgres import DATABASES, cluster

SIDES = [("KLASH_DATABASE", "KLASH_REVIEWING_DATABASE"), ("KLASH_REVIEWING_DATABASE", "KLASH_DATABASE")]
# Where PostgreSQL keeps what it counts, shows and describes for every database of the server.
SHARED = ("pg_stat_user_tables", "pg_stat_all_tables", "pg_statio_user_tables", "pg_class", "information_schema.tables", "pg_stats")
FOREIGN = {
    "KLASH_REVIEWING_DATABASE": ("competitions_", "problems_", "challenges_", "teams_", "mentoring_", "proposals_", "awards_"),
    "KLASH_DATABASE": ("reviewing_",),
}


@pytest.mark.parametrize(("own", "other"), SIDES)
def test_a_role_cannot_connect_to_the_other_database(server, own, other):
    with psycopg.connect(server[own]) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (DATABASES[own],)
    address = server[own].rpartition("/")[0] + "/" + DATABASES[other]
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(address)


@pytest.mark.parametrize(("own", "other"), SIDES)
def test_a_role_with_a_wrong_password_is_refused(server, own, other):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server[own].replace(server[own].split(":")[2].partition("@")[0], "0" * 32))


@pytest.mark.parametrize("view", SHARED)
@pytest.mark.parametrize("own", FOREIGN)
def test_no_statistics_show_a_table_of_the_other_database(server, own, view):
    column = {"pg_stats": "tablename", "information_schema.tables": "table_name"}.get(view, "relname")
    with psycopg.connect(server[own]) as connection:
        seen = {row[0] for row in connection.execute(f"SELECT {column} FROM {view}")}
    assert [name for name in sorted(seen) if name.startswith(FOREIGN[own])] == []


@pytest.mark.parametrize(("own", "other"), SIDES)
def test_neither_counts_nor_size_of_the_other_database_are_told(server, own, other):
    """pg_stat_database is one for the whole server: it would tell how many rows the other side wrote, and when."""
    name = DATABASES[other]
    asked = [
        f"SELECT tup_inserted FROM pg_stat_database WHERE datname = '{name}'",
        f"SELECT pg_stat_get_db_tuples_inserted(oid) FROM pg_database WHERE datname = '{name}'",
        f"SELECT pg_database_size('{name}')",
        "SELECT count(*) FROM pg_stat_activity",
        "SELECT count(*) FROM pg_locks",
    ]
    with psycopg.connect(server[own], autocommit=True) as connection:
        for question in asked:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(question)


def test_a_juror_works_in_a_process_that_has_only_the_reviewing_role(run):
    done = run("-m", "tests.postgres.jury_face", without=("KLASH_DATABASE",), KLASH_FACE="jury")
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert [subject for _, subject in told.pop("letters")] == ["Ehdotukset ovat luettavissa: Kierros"]  # the round was open when the juror came
    assert told == {
        "answers": [302, 302, 302, 200, True, 302], "review": ["submitted", 700, "Hyvä."], "databases": ["default"],
        "foreign_models": [], "foreign_tables": [],
    }


def replay(run, **options):
    done = run("-m", "klash", "replay", "--invent", "problems=6,challenges=1,teams=2,mentors=2,seed=7", "--json", **options)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_a_rehearsal_comes_out_as_on_sqlite_and_an_edited_score_is_found(run, tmp_path):
    with cluster() as fresh:
        told = [replay(run, **fresh), replay(run, without=tuple(DATABASES), KLASH_HOME=str(tmp_path / "sqlite"))]
        one, two = [
            {**{part: run[part] for part in ("counts", "ranking", "winners", "seed")}, "events": [run["log"][alias]["rehearsal-7"]["length"] for alias in run["log"]]}
            for run in told
        ]
        assert one == two
        assert run("-m", "klash", "verify", **fresh).returncode == 0
        with psycopg.connect(fresh["KLASH_REVIEWING_DATABASE"]) as connection:
            edit = "UPDATE reviewing_review SET points = points + 1 WHERE id = (SELECT min(id) FROM reviewing_review)"
            with pytest.raises(psycopg.IntegrityError, match="final is final"), connection.transaction():
                connection.execute(edit)
            connection.execute("ALTER TABLE reviewing_review DISABLE TRIGGER USER")
            connection.execute(edit)
        found = run("-m", "klash", "verify", **fresh)
    assert (found.returncode, "the points are not the sum of its scores" in found.stderr) == (1, True)


@pytest.mark.usefixtures("postgres")
def test_the_triggers_go_with_their_migration_and_come_back():
    counts = []
    for target in ("0001", "0002"):
        call_command("migrate", "accounts", target, verbosity=0)
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal")
            counts.append(cursor.fetchone()[0])
    call_command("migrate", verbosity=0)
    assert counts[1] - counts[0] == 2
