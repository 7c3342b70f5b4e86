"""Two teams' worlds on top of the contest that proposals are tested with; primary keys are large, so that none is a number of a page by chance."""

import shutil

import pytest
from django.db import connections
from django.test import override_settings

from klash.accounts import services as accounts
from klash.core import audit, chance, keys
from klash.rules.roles import Role
from klash.teams.models import Application, Team
from tests.blind.worlds import KAARNA_FIRST, MOMENTS, watch
from tests.conftest import START, make_person
from tests.proposals.conftest import contest as _contest

FIRST_KEY, GAP = 7_100_000, 10_000


@pytest.fixture(scope="session")
def signing_keys(tmp_path_factory):
    """The keys with which the installation signs: worlds of different tests are worlds of one installation."""
    folder = tmp_path_factory.mktemp("keys")
    with override_settings(KLASH_KEYS=folder):
        for name in (keys.LOG, keys.RECEIPTS):
            keys.secret(name)
    return folder


@pytest.fixture(autouse=True)
def home(settings, tmp_path, signing_keys):
    settings.KLASH_HOME = tmp_path
    shutil.copytree(signing_keys, tmp_path / "keys")
    return tmp_path


@pytest.fixture
def same_chance():
    """Let every contest begin from the same draw, so that worlds of different tests can be compared."""
    with chance.seeded(1):
        yield


@pytest.fixture
def large_keys(same_chance, db):
    """Let every table of both databases count from a number of its own that no page shows for another reason."""
    for using in ("default", "reviewing"):
        with connections[using].cursor() as cursor:
            for place, table in enumerate(sorted(connections[using].introspection.table_names(cursor))):
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, FIRST_KEY + GAP * (place + 1)])


@pytest.fixture
def people(large_keys, cast):
    """The cast, and the two who read nothing here: a deputy without a seat and the chair in Swedish."""
    cast["deputy"] = make_person("deputy", language="en")
    accounts.grant_role(actor=audit.System(), person=cast["deputy"], role=Role.DEPUTY, competition="klash-test")
    return cast


base_contest = _contest


@pytest.fixture
def contest(people, base_contest):
    """The contest with one Swedish team, admissions released: the teams' names are public, who wrote what is not."""
    Application.objects.filter(state="admitted").update(released_at=START)
    Team.objects.filter(name="Luoto").update(language="sv")
    for name, language in (("Luoto", "sv"), ("Myrsky", "en")):
        base_contest.people[name].language = language
        base_contest.people[name].save(update_fields=["language"])
    base_contest.teams.update({team.name: team for team in Team.objects.all()})
    return base_contest


_worlds: dict = {}


@pytest.fixture
def world_of(request):
    """Return a world by its arrivals, lived once a session: it is only looked at."""

    def find(arrivals, moments=MOMENTS):
        if (arrivals, moments) not in _worlds:
            _worlds[arrivals, moments] = watch(request.getfixturevalue("contest"), arrivals, moments)
        return _worlds[arrivals, moments]

    return find


@pytest.fixture
def first(world_of):
    return world_of(KAARNA_FIRST)
