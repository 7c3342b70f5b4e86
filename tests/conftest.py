"""The standing cast and a small published competition that every test may start from."""

import os
import tempfile

os.environ.setdefault("KLASH_HOME", tempfile.mkdtemp(prefix="klash-test-"))

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from klash.accounts import services as accounts
from klash.accounts.models import Municipality, Organisation, User
from klash.competitions.models import Competition, CriteriaSet, Criterion, Stage, StageKind, Theme
from klash.core import audit, clock
from klash.rules.roles import Role
from klash.rules.states import CompetitionState
from tests.migrated import django_db_modify_db_settings, django_db_setup, migrated  # noqa: F401

START = datetime(2026, 1, 12, 10, 0, tzinfo=UTC)
STAGE_DAYS = 20
BANDS = [
    {"from": 0, "to": 3, "text": {"fi": "heikko", "sv": "svag", "en": "weak"}},
    {"from": 4, "to": 6, "text": {"fi": "kohtalainen", "sv": "måttlig", "en": "fair"}},
    {"from": 7, "to": 10, "text": {"fi": "vahva", "sv": "stark", "en": "strong"}},
]
CRITERIA = {
    StageKind.PROBLEM_SELECTION: [("suitability", 25), ("impact", 25), ("scalability", 25), ("commitment", 25)],
    StageKind.TEAM_SELECTION: [("many_sided_know_how", 100)],
    StageKind.JUDGING: [("impact", 40), ("innovativeness", 30), ("scalability", 30)],
}
CAST = {
    "organiser": Role.ORGANISER,
    "organiser_2": Role.ORGANISER,
    "registrar": Role.REGISTRAR,
    "officer": Role.OFFICER,
    "pilot_officer": Role.PILOT_OFFICER,
    "panellist": Role.PANELLIST,
    "mentor": Role.MENTOR,
    "juror": Role.JUROR,
    "chair": Role.CHAIR,
}


@dataclass
class World:
    """competition: published, code `klash-test`. stages by kind. municipalities by Finnish name. themes by code."""

    competition: Competition
    stages: dict[str, Stage] = field(default_factory=dict)
    municipalities: dict[str, Municipality] = field(default_factory=dict)
    themes: dict[str, Theme] = field(default_factory=dict)

    def middle_of(self, kind: str) -> datetime:
        stage = self.stages[kind]
        return stage.opens_at + (stage.closes_at - stage.opens_at) / 2


def make_municipality(code: str, fi: str, sv: str, **columns: Any) -> Municipality:
    defaults: dict[str, Any] = {
        "region_code": "05", "region_fi": "Kanta-Häme", "region_sv": "Egentliga Tavastland", "grouping": "5000_19999", "languages": "fi",
        "population": 16500, "lat": 60.9, "lon": 24.6, "x": 160.0, "y": 540.0, "valid_from": datetime(2018, 1, 1).date(),
    }
    return Municipality.objects.create(code=code, name_fi=fi, name_sv=sv, **{**defaults, **columns})


def make_person(name: str, **columns: Any) -> User:
    return accounts.create_account(email=f"{name}@example.org", name=name.replace("_", " ").title(), is_invented=True, **columns)


@pytest.fixture
def world(db: Any) -> World:
    organiser = Organisation.objects.create(code="liitto", name={"fi": "Kuntien liitto", "sv": "Kommunernas förbund"}, kind="association")
    competition = Competition.objects.create(
        code="klash-test", name="Klash", tagline={"fi": "Kunnat nimeävät ongelman."}, summary={"fi": "Kilpailu."}, organiser=organiser,
        reserve_cents=100_000_000, is_invented=True, state=CompetitionState.PUBLISHED, published_at=START,
    )
    world = World(competition)
    for position, kind in enumerate(StageKind.values):
        opens = START + timedelta(days=position * STAGE_DAYS)
        world.stages[kind] = Stage.objects.create(
            competition=competition, kind=kind, position=position, title={"fi": kind}, opens_at=opens, planned_opens_at=opens,
            closes_at=opens + timedelta(days=STAGE_DAYS, seconds=-1), planned_closes_at=opens + timedelta(days=STAGE_DAYS, seconds=-1),
        )
    for kind, rows in CRITERIA.items():
        group = CriteriaSet.objects.create(competition=competition, stage_kind=kind, frozen_at=START, hash="0" * 64)
        for position, (code, weight) in enumerate(rows):
            Criterion.objects.create(
                criteria_set=group, code=code, position=position, name={"fi": code, "sv": code, "en": code}, meaning={"fi": code}, weight=weight, bands=BANDS
            )
    world.themes["public_transport"] = Theme.objects.create(competition=competition, code="public_transport", name={"fi": "joukkoliikenne", "sv": "kollektivtrafik"})
    for code, fi, sv in [("165", "Janakkala", "Janakkala"), ("167", "Joensuu", "Joensuu"), ("092", "Vantaa", "Vanda"), ("149", "Inkoo", "Ingå")]:
        world.municipalities[fi] = make_municipality(code, fi, sv)
    return world


@pytest.fixture
def cast(world: World) -> dict[str, User]:
    """Persons by name, each with the role that the name says; outsider and the three members of a team have none yet."""
    people = {name: make_person(name) for name in (*CAST, "leader", "member", "member_2", "outsider")}
    for name, role in CAST.items():
        accounts.grant_role(actor=audit.System(), person=people[name], role=role, competition=world.competition.code)
    return people


@pytest.fixture
def at(world: World) -> Any:
    """`with at(StageKind.PROPOSALS):` holds the clock in the middle of the stage; a datetime is taken as it is."""

    @contextmanager
    def hold(when: Any) -> Any:
        with clock.at(when if isinstance(when, datetime) else world.middle_of(when)):
            yield

    return hold


@pytest.fixture(autouse=True)
def plain_static(settings: Any) -> None:
    """Serve static files without the manifest that only collectstatic makes, and hash passwords quickly."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def finnish(settings: Any) -> Any:
    """Begin each test in Finnish: a request leaves its language with the thread."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def enter(client: Client) -> Callable[[User], Client]:
    """`enter(cast["mentor"])` gives the client with that person signed in."""

    def as_person(person: User) -> Client:
        client.force_login(person)
        return client

    return as_person
