"""A chosen problem, and the draft that becomes of it."""

import pytest
from django.urls import reverse
from django.utils import translation

from klash.challenges import services
from klash.challenges.models import Challenge
from klash.problems.models import Problem
from klash.rules.states import ProblemState
from tests.conftest import START

NAMES = ("title", "lead", "goal", "background", "constraints", "measures")
BRIEF = {name: {"fi": f"{name} suomeksi", "sv": f"{name} på svenska", "en": f"{name} in English"} for name in NAMES}
NOTICE = "HILMA 2026-000123"


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
    return services.save_brief(actor=cast["organiser"], challenge=draft, **BRIEF, notice_reference=NOTICE)


@pytest.fixture
def published(written, cast) -> Challenge:
    services.publish_challenge(actor=cast["organiser"], challenge=written)
    return written


def url(name, *args, language="fi"):
    with translation.override(language):
        return reverse(f"challenges:{name}", args=["klash-test", *args])
