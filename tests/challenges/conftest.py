"""A chosen problem, and the draft that becomes of it."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from klash.challenges import services
from klash.challenges.models import Challenge, hash_of
from klash.problems.models import Problem
from klash.rules.states import ProblemState
from tests.conftest import START

NAMES = ("title", "lead", "goal", "background", "constraints", "measures", "gains", "rights", "data", "contacts")
BRIEF = {name: {"fi": f"{name} suomeksi", "sv": f"{name} på svenska", "en": f"{name} in English"} for name in NAMES}
NOTICE = {"reference": "HILMA 2026-000123", "on": date(2026, 3, 2), "jury_binds": True, "follow_up": True, "least": 3, "most": 5}


def make_problem(world, officer, title="Kyyti puuttuu kyliltä", state=ProblemState.CHOSEN, municipality="Janakkala"):
    return Problem.objects.create(
        competition=world.competition, officer=officer, municipality=world.municipalities[municipality], theme=world.themes["public_transport"],
        title=title, summary="Kyliltä ei pääse asemalle.", answers={"situation": "s", "affected": "a", "tried": "t", "goal": "g"}, state=state, submitted_at=START,
    )


@pytest.fixture
def problem(world, cast):
    return make_problem(world, cast["officer"])


@pytest.fixture
def draft(problem, cast) -> Challenge:
    return services.create_challenge(actor=cast["organiser"], problem=problem, code="kyyti", number=1)


@pytest.fixture
def written(draft, cast) -> Challenge:
    write(cast["organiser"], draft)
    return draft


@pytest.fixture
def approved(written, cast) -> Challenge:
    approve(written, cast)
    return written


@pytest.fixture
def published(approved, cast) -> Challenge:
    services.publish_challenge(actor=cast["organiser"], challenge=approved)
    return approved


def write(actor, challenge, texts=BRIEF, **notice):
    services.save_brief(actor=actor, challenge=challenge, texts=texts)
    services.save_notice(actor=actor, challenge=challenge, **{**NOTICE, **notice})


def approve(challenge, cast):
    """Let both sides approve the brief as it stands."""
    for who in ("organiser", "pilot_officer"):
        services.approve_brief(actor=cast[who], challenge=challenge, seen=hash_of(challenge.content()))


def url(name, *args, language="fi"):
    with translation.override(language):
        return reverse(f"challenges:{name}", args=["klash-test", *args])
