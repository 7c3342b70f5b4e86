"""Problems in a state, made by walking the moves, and the panel that judges them."""

from datetime import timedelta

import pytest

from klash.competitions import selectors
from klash.competitions import services as competitions
from klash.competitions.models import StageKind
from klash.post.services import digest_of
from klash.problems import selectors as problems
from klash.problems import services
from klash.reviewing import services as rounds
from tests.conftest import make_person

TEXTS = {
    "title": "Kyyti puuttuu kylistä", "summary": "Bussi ei kulje kunnissa.", "situation": "Vuoroja on kaksi.", "affected": "Vanhukset.", "tried": "Kutsutaksi.",
    "goal": "Jokainen pääsee asioille.", "commitment": "Liikennesuunnittelija vastaa, päivä viikossa.",
}


def columns(**texts):
    """Return the texts as `save_problem` takes them."""
    return {"title": texts.pop("title"), "summary": texts.pop("summary"), "answers": texts}


@pytest.fixture
def draft(world, cast, at):
    """A complete draft of the officer, written on behalf of Janakkala in the middle of the call."""
    with at(StageKind.PROBLEM_CALL):
        return make_draft(world, cast["officer"])


def make_draft(world, officer, municipality="Janakkala", group=(), **texts):
    problem = services.start_problem(actor=officer, competition=world.competition, municipality=world.municipalities[municipality])
    return services.save_problem(
        actor=officer, problem=problem, theme=world.themes["public_transport"], group=[world.municipalities[name] for name in group],
        **columns(**{**TEXTS, **texts}),
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


def decide(world, actor, problem, is_taken=True, reason="Perusteltu syy.", feedback="Raadin palaute.", **more):
    round_ = services.judged_round(world.competition)
    return competitions.save_decision(
        actor=actor, competition=world.competition, round=round_, entry_code=problem.entry_code, is_taken=is_taken, reason=reason, feedback=feedback, **more
    )


def decide_all(world, actor, problems, taken):
    """Take the first ones, decline the rest, with a reason where fewer go on than was promised."""
    for place, problem in enumerate(problems):
        decide(world, actor, problem, place < taken, f"Syy: {problem.title}", f"Palaute: {problem.title}", is_invented=True)
    competitions.give_reason_for_fewer(
        actor=actor, competition=world.competition, round=services.judged_round(world.competition), reason="Muut eivät yltäneet tasolle."
    )


def letters(world):
    sheet = selectors.sheet(world.competition, services.judged_round(world.competition))
    return services.write_letters(world.competition, problems.verdicts(world.competition, sheet))


def release(world, actor, seen=None):
    return services.release_decisions(actor=actor, competition=world.competition, seen=seen or digest_of(letters(world)))
