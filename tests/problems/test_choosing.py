"""The panel's round and its seats."""

from datetime import timedelta

import pytest

from klash.accounts.models import ReviewerHandle
from klash.competitions.models import CriteriaSet, StageKind
from klash.competitions.usual_forms import CODES
from klash.core.databases import reviewing
from klash.core.errors import Denied, Refused
from klash.post.models import Message
from klash.problems import services
from klash.problems.models import Problem
from klash.reviewing import services as rounds
from klash.reviewing.models import Entry, Round, Seat
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import RoundState
from tests.conftest import make_person
from tests.problems.conftest import TEXTS, make_draft, make_round, refreshed

COMMITMENT = "Mihin kunta sitoutuu"
pytestmark = pytest.mark.django_db(databases="__all__")


def test_open_panel_round_writes_an_entry_with_names_for_each_submitted_problem(world, cast, at, submitted):
    with at(StageKind.PROBLEM_CALL):
        make_draft(world, cast["officer"], title="Jäi luonnokseksi")
    with at(StageKind.PROBLEM_SELECTION):
        round_ = make_round(world, cast)
    assert (round_.key, round_.is_blind, round_.state, round_.entry_count) == ("problems/klash-test", False, RoundState.DRAFT, 3)
    entries = {entry.code: entry for entry in Entry.objects.using(reviewing()).all()}
    first = entries[Problem.objects.get(title="Kyyti puuttuu kylistä").entry_code]
    assert (first.author, first.title, first.language) == ("Janakkala, Inkoo", "Kyyti puuttuu kylistä", "fi")
    assert [section["text"] for section in first.sections] == [TEXTS[name] for name in ("summary", *CODES["problem_call"])]
    assert [row.code for row in round_.criteria.all()] == ["suitability", "impact", "scalability", "commitment"]


def test_a_problem_from_before_commitment_was_asked_for_is_judged_and_shown_without_the_section(world, client, cast, at, submitted):
    old = submitted[0]
    Problem.objects.filter(pk=old.pk).update(answers={name: text for name, text in old.answers.items() if name != "commitment"})
    with at(StageKind.PROBLEM_SELECTION):
        round_ = make_round(world, cast)
        page = client.get(f"/c/{world.competition.code}/problems/{old.code}/").content.decode()
        other = client.get(f"/c/{world.competition.code}/problems/{submitted[1].code}/").content.decode()
    old.refresh_from_db()
    headings = {entry.code: [section["heading"]["fi"] for section in entry.sections] for entry in round_.entries.all()}
    assert COMMITMENT not in headings[old.entry_code] and len(headings[old.entry_code]) == len(CODES["problem_call"])
    assert COMMITMENT not in page and COMMITMENT in other


def test_open_panel_round_again_finds_the_same_round_and_doubles_nothing(world, cast, at, submitted):
    with at(StageKind.PROBLEM_SELECTION):
        first = make_round(world, cast)
        codes = set(Problem.objects.values_list("entry_code", flat=True))
        assert make_round(world, cast).pk == first.pk
    assert Entry.objects.using(reviewing()).count() == 3
    assert set(Problem.objects.values_list("entry_code", flat=True)) == codes


def test_open_panel_round_goes_on_where_a_broken_run_stopped(world, cast, at, submitted):
    Problem.objects.filter(pk=submitted[0].pk).update(entry_code="writtenbefore")
    with at(StageKind.PROBLEM_SELECTION):
        make_round(world, cast)
    assert Entry.objects.using(reviewing()).filter(code="writtenbefore").count() == 1


@pytest.mark.parametrize(("shift", "is_over"), [(timedelta(milliseconds=-1), False), (timedelta(0), False), (timedelta(milliseconds=1), True)])
def test_open_panel_round_waits_for_the_deadline(world, cast, at, submitted, shift, is_over):
    with at(world.stages[StageKind.PROBLEM_CALL].closes_at + shift):
        if is_over:
            assert make_round(world, cast).entry_count == 3
        else:
            with pytest.raises(Refused) as error:
                make_round(world, cast)
            assert error.value.reason == Reason.NOT_OPEN_YET


def test_open_panel_round_without_problems_is_refused(world, cast, at):
    with at(StageKind.PROBLEM_SELECTION), pytest.raises(Refused) as error:
        make_round(world, cast)
    assert error.value.reason == Reason.NOT_COMPLETE


def test_open_panel_round_without_criteria_is_refused(world, cast, at, submitted):
    CriteriaSet.objects.all().delete()
    with at(StageKind.PROBLEM_SELECTION), pytest.raises(Refused) as error:
        make_round(world, cast)
    assert error.value.reason == Reason.NOT_COMPLETE


def test_open_panel_round_that_would_be_over_already_is_refused(world, cast, at, submitted):
    with at(StageKind.TEAM_CALL), pytest.raises(Refused) as error:
        make_round(world, cast)
    assert error.value.reason == Reason.DEADLINE_EARLIER


def test_open_panel_round_by_an_officer_is_refused(world, cast, at, submitted):
    with at(StageKind.PROBLEM_SELECTION), pytest.raises(Denied) as error:
        services.open_panel_round(actor=cast["officer"], competition=world.competition, closes_at=world.stages[StageKind.TEAM_CALL].closes_at)
    assert error.value.reason == Reason.NO_ROLE
    assert not Round.objects.using(reviewing()).exists()


def test_seat_panellist_links_a_random_handle_and_seats_nobody_twice(world, cast, at, submitted):
    person = make_person("asiantuntija")
    with at(StageKind.PROBLEM_SELECTION):
        make_round(world, cast)
        seat = services.seat_panellist(actor=cast["organiser"], competition=world.competition, person=person)
        again = services.seat_panellist(actor=cast["organiser"], competition=world.competition, person=person)
    assert (seat.pk, seat.handle) == (again.pk, ReviewerHandle.objects.get(person=person).handle)
    assert person.roles_in(world.competition.code) == {Role.PANELLIST}
    assert Seat.objects.using(reviewing()).count() == 1


def test_a_seating_that_broke_off_between_the_databases_is_finished_by_the_next(world, cast, at, submitted, monkeypatch):
    given = {"actor": cast["organiser"], "competition": world.competition, "person": cast["panellist"]}
    with at(StageKind.PROBLEM_SELECTION):
        make_round(world, cast)
        with monkeypatch.context() as seeded:
            seeded.setattr(ReviewerHandle.objects, "create", lambda **row: 1 // 0)
            with pytest.raises(ZeroDivisionError):
                services.seat_panellist(**given)
        left = Seat.objects.using(reviewing()).get()
        assert services.seat_panellist(**given) == left == Seat.objects.using(reviewing()).get()
    assert ReviewerHandle.objects.get().handle == left.handle


def test_a_panellist_seated_after_the_opening_is_told_once(world, cast, at, submitted):
    with at(StageKind.PROBLEM_SELECTION):
        round_ = make_round(world, cast)
        person, given = make_person("late"), {"actor": cast["organiser"], "competition": world.competition}
        services.seat_panellist(**given, person=cast["panellist"])
        rounds.open_round(actor=cast["organiser"], round=round_)
        for _ in range(2):
            services.seat_panellist(**given, person=person)
    assert list(Message.objects.filter(event=f"round.opened/{round_.code}").values_list("to", flat=True)) == [person.email]


@pytest.mark.parametrize("name", ["juror", "organiser"])
def test_seat_panellist_from_another_side_is_refused(world, cast, at, submitted, name):
    with at(StageKind.PROBLEM_SELECTION):
        make_round(world, cast)
        with pytest.raises(Refused) as error:
            services.seat_panellist(actor=cast["organiser"], competition=world.competition, person=cast[name])
    assert error.value.reason == Reason.OTHER_SIDE
    assert not Seat.objects.using(reviewing()).exists()


def test_seat_panellist_before_the_round_is_refused(world, cast):
    with pytest.raises(Refused) as error:
        services.seat_panellist(actor=cast["organiser"], competition=world.competition, person=cast["panellist"])
    assert error.value.reason == Reason.NOT_COMPLETE


def test_seat_panellist_by_an_officer_is_refused(world, cast):
    with pytest.raises(Denied) as error:
        services.seat_panellist(actor=cast["officer"], competition=world.competition, person=cast["panellist"])
    assert error.value.reason == Reason.NO_ROLE


def test_refreshed_problems_keep_their_links_on_this_side(judged):
    assert all(problem.entry_code for problem in refreshed(judged))
