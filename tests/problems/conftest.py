"""Problems in a state, made by walking the moves, and the panel that judges them."""

from datetime import timedelta

import pytest

from klash.competitions.models import StageKind
from klash.problems import services
from klash.reviewing import services as rounds
from tests.conftest import make_person

TEXTS = {
    "title": "Kyyti puuttuu kylistä", "summary": "Bussi ei kulje kunnissa.", "situation": "Vuoroja on kaksi.", "affected": "Vanhukset.", "tried": "Kutsutaksi.",
    "goal": "Jokainen pääsee asioille.",
}


@pytest.fixture
def draft(world, cast, at):
    """A complete draft of the officer, written on behalf of Janakkala in the middle of the call."""
    with at(StageKind.PROBLEM_CALL):
        return make_draft(world, cast["officer"])


def make_draft(world, officer, municipality="Janakkala", group=(), **texts):
    problem = services.start_problem(actor=officer, competition=world.competition, municipality=world.municipalities[municipality])
    return services.save_problem(
        actor=officer, problem=problem, theme=world.themes["public_transport"], group=[world.municipalities[name] for name in group], **{**TEXTS, **texts}
    )


def make_submitted(world, officer, municipality="Janakkala", group=(), **texts):
    return services.submit_problem(actor=officer, problem=make_draft(world, officer, municipality, group, **texts))


@pytest.fixture
def submitted(world, cast, at):
    """Three submitted problems: of Janakkala with Inkoo, of Joensuu, of Vantaa by another officer."""
    with at(StageKind.PROBLEM_CALL):
        return [
            make_submitted(world, cast["officer"], "Janakkala", ["Inkoo"]),
            make_submitted(world, cast["officer"], "Joensuu", title="Nuoret putoavat opinnoista"),
            make_submitted(world, make_person("other_officer"), "Vantaa", title="Tyhjät tilat"),
        ]


def make_round(world, cast):
    closes_at = world.stages[StageKind.PROBLEM_SELECTION].closes_at
    return services.open_panel_round(actor=cast["organiser"], competition=world.competition, closes_at=closes_at)


@pytest.fixture
def judged(world, cast, at, submitted):
    """The three problems, judged by two panellists in the order in which they stand; the round is complete."""
    with at(StageKind.PROBLEM_SELECTION):
        round_ = make_round(world, cast)
        people = [cast["panellist"], make_person("panellist_2")]
        seats = [services.seat_panellist(actor=cast["organiser"], competition=world.competition, person=person) for person in people]
        rounds.open_round(actor=cast["organiser"], round=round_)
        score_all(round_, seats, {problem.entry_code: 9 - 2 * place for place, problem in enumerate(refreshed(submitted))})
        rounds.complete_round(actor=cast["organiser"], round=round_)
    return refreshed(submitted)


def score_all(round_, seats, points):
    for number, seat in enumerate(seats):
        rounds.take_seat(actor=seat, terms_hash=seat.round.terms_hash)
        for entry in round_.entries.all():
            scores = {row.code: points[entry.code] - number for row in round_.criteria.all()}
            rounds.submit_review(actor=seat, entry=entry, scores=scores, comment=f"Perustelu {number}")


def refreshed(problems):
    for problem in problems:
        problem.refresh_from_db()
    return problems


def hours(count):
    return timedelta(hours=count)
