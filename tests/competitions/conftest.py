"""A draft of a competition, as an operator makes it and an organiser fills it."""

from datetime import timedelta

import pytest

from klash.accounts import services as accounts
from klash.accounts.models import Organisation
from klash.competitions import services
from klash.competitions.models import StageKind
from klash.core import clock
from klash.rules.roles import Role
from tests.conftest import START, make_person

CRITERIA = [
    {"code": "impact", "name": {"fi": "vaikuttavuus"}, "meaning": {"fi": "Kuinka moni hyötyy."}, "weight": 60, "scale_min": 0, "scale_max": 10, "bands": []},
    {"code": "scalability", "name": {"fi": "skaalautuvuus"}, "meaning": {}, "weight": 40},
]


@pytest.fixture
def people(db):
    people = {name: make_person(name) for name in ("operator", "organiser", "registrar", "outsider")}
    people["operator"].is_operator = True
    people["operator"].save()
    return people


@pytest.fixture
def draft(people):
    """A draft, and the clock held at its beginning."""
    organiser = Organisation.objects.create(code="liitto", name={"fi": "Kuntien liitto"}, kind="association")
    competition = services.create_competition(
        actor=people["operator"], code="klash-uusi", name="Klash", tagline={"fi": "Kunnat nimeävät."}, summary={"fi": "Kilpailu."}, organiser=organiser,
        reserve_cents=100_000_000,
    )
    for name, role in [("organiser", Role.ORGANISER), ("registrar", Role.REGISTRAR)]:
        accounts.grant_role(actor=people["operator"], person=people[name], role=role, competition=competition.code)
    with clock.at(START):
        yield competition


def add_stage(competition, actor, kind=StageKind.PROBLEM_CALL, days=30, **planned):
    return services.add_stage(
        actor=actor, competition=competition, kind=kind, title={"fi": "Ongelmien haku"}, opens_at=START, closes_at=START + timedelta(days=days), **planned
    )


JUDGED = (StageKind.PROBLEM_SELECTION, StageKind.TEAM_SELECTION, StageKind.JUDGING)


def spans(days=10):
    """A calendar in which each stage begins when the one before it has ended."""
    return {
        kind: ({"fi": kind, "sv": kind}, START + timedelta(days=days * position), START + timedelta(days=days * (position + 1), minutes=-1))
        for position, kind in enumerate(StageKind.values)
    }


def fill(draft, actor, *, but=()):
    """Give a draft all that publication asks for, but what is named: texts, calendar, criteria, themes."""
    texts = {"fi": "Kilpailu.", "sv": "Tävlingen."}
    if "texts" not in but:
        services.save_texts(actor=actor, competition=draft, tagline=texts, summary=texts)
    if "calendar" not in but:
        services.set_calendar(actor=actor, competition=draft, stages=spans())
    for kind in JUDGED if "criteria" not in but else JUDGED[:2]:
        services.set_criteria(actor=actor, competition=draft, stage_kind=kind, criteria=CRITERIA)
    if "themes" not in but:
        services.add_theme(actor=actor, competition=draft, code="ice", name={"fi": "jää", "sv": "is"})
    return draft
