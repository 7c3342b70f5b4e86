"""The panel's round, the choice, the feedback."""

from datetime import timedelta

import pytest

from klash.accounts.models import ReviewerHandle
from klash.competitions.models import CriteriaSet, StageKind
from klash.core.databases import reviewing
from klash.core.errors import Denied, Refused
from klash.core.models import AuditEvent
from klash.post.models import Message
from klash.problems import selectors, services
from klash.problems.models import Problem
from klash.reviewing import services as rounds
from klash.reviewing.models import Entry, Round, Seat
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import ProblemState, RoundState
from tests.conftest import make_person
from tests.problems.conftest import make_draft, make_round, refreshed

pytestmark = pytest.mark.django_db(databases="__all__")


def states():
    return list(Problem.objects.order_by("pk").values_list("state", flat=True))


def test_open_panel_round_writes_an_entry_with_names_for_each_submitted_problem(world, cast, at, submitted):
    with at(StageKind.PROBLEM_CALL):
        make_draft(world, cast["officer"], title="Jäi luonnokseksi")
    with at(StageKind.PROBLEM_SELECTION):
        round_ = make_round(world, cast)
    assert (round_.key, round_.is_blind, round_.state, round_.entry_count) == ("problems/klash-test", False, RoundState.DRAFT, 3)
    entries = {entry.code: entry for entry in Entry.objects.using(reviewing()).all()}
    first = entries[Problem.objects.get(title="Kyyti puuttuu kylistä").entry_code]
    assert (first.author, first.title, first.language) == ("Janakkala, Inkoo", "Kyyti puuttuu kylistä", "fi")
    assert [section["text"] for section in first.sections] == ["Bussi ei kulje kunnissa.", "Vuoroja on kaksi.", "Vanhukset.", "Kutsutaksi.", "Jokainen pääsee asioille."]
    assert [row.code for row in round_.criteria.all()] == ["suitability", "impact", "scalability", "commitment"]


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


def test_choose_problems_records_every_problem_and_the_reason(world, cast, at, judged):
    with at(StageKind.PROBLEM_SELECTION):
        picked = services.choose_problems(actor=cast["organiser"], competition=world.competition, chosen=judged[:2], reason="Yleisiä ongelmia.")
    assert [problem.pk for problem in picked] == [judged[0].pk, judged[1].pk]
    assert states() == [ProblemState.CHOSEN, ProblemState.CHOSEN, ProblemState.NOT_CHOSEN]
    body = AuditEvent.objects.get(what="problems.chosen").body
    assert body == {"chosen": sorted(problem.code for problem in judged[:2]), "of": 3, "reason": "Yleisiä ongelmia."}


def test_choose_problems_before_the_round_is_complete_is_refused(world, cast, at, submitted):
    def open_one():
        round_ = make_round(world, cast)
        rounds.add_seat(actor=cast["organiser"], round=round_)
        rounds.open_round(actor=cast["organiser"], round=round_)

    with at(StageKind.PROBLEM_SELECTION):
        for make in (lambda: None, open_one):
            make()
            with pytest.raises(Denied) as error:
                services.choose_problems(actor=cast["organiser"], competition=world.competition, chosen=submitted[:1])
            assert error.value.reason == Reason.NOT_ALL_SUBMITTED
    assert set(states()) == {ProblemState.SUBMITTED}


@pytest.mark.parametrize("name", ["registrar", "panellist", "officer"])
def test_choose_problems_by_anyone_but_the_organiser_is_refused(world, cast, at, judged, name):
    with at(StageKind.PROBLEM_SELECTION), pytest.raises(Denied) as error:
        services.choose_problems(actor=cast[name], competition=world.competition, chosen=judged[:1])
    assert error.value.reason == Reason.NO_ROLE
    assert set(states()) == {ProblemState.SUBMITTED}


def test_choose_problems_without_a_choice_is_refused(world, cast, at, judged):
    with at(StageKind.PROBLEM_SELECTION), pytest.raises(Refused) as error:
        services.choose_problems(actor=cast["organiser"], competition=world.competition, chosen=[])
    assert error.value.reason == Reason.INCOMPLETE


def test_choose_problems_a_second_time_is_refused(world, cast, at, judged):
    with at(StageKind.PROBLEM_SELECTION):
        services.choose_problems(actor=cast["organiser"], competition=world.competition, chosen=judged[:1])
        with pytest.raises(Refused) as error:
            services.choose_problems(actor=cast["organiser"], competition=world.competition, chosen=judged[1:2])
    assert error.value.reason == Reason.WRONG_STATE


def test_judged_gives_points_and_spread_beside_each_problem(world, cast, judged):
    round_ = Round.objects.using(reviewing()).get()
    rows = selectors.judged(world.competition, round_)
    assert [(row.place, row.problem.title, float(row.points)) for row in rows] == [
        (1, "Kyyti puuttuu kylistä", 8.5), (2, "Nuoret putoavat opinnoista", 6.5), (3, "Tyhjät tilat", 4.5)
    ]
    assert [tuple(map(float, row.spread)) for row in rows] == [(8, 9), (6, 7), (4, 5)]
    assert (rows[0].scores_x, rows[0].mean_x) == ((160.0, 180.0), 170.0)


def test_judged_shows_nothing_before_the_round_is_complete(world, cast, at, submitted):
    with at(StageKind.PROBLEM_SELECTION):
        assert selectors.judged(world.competition, make_round(world, cast)) == []


def write_all(world, cast, problems):
    for problem in problems:
        services.write_feedback(actor=cast["registrar"], problem=problem, text=f"Palaute: {problem.title}", is_invented=True)


def test_release_feedback_reaches_every_reporter_at_once(world, cast, at, judged):
    with at(StageKind.PROBLEM_SELECTION):
        services.choose_problems(actor=cast["organiser"], competition=world.competition, chosen=judged[:1])
        write_all(world, cast, judged)
        assert services.release_feedback(actor=cast["organiser"], competition=world.competition) == 3
    released = set(Problem.objects.values_list("feedback_released_at", "feedback_is_invented"))
    assert released == {(world.middle_of(StageKind.PROBLEM_SELECTION), True)}
    mails = Message.objects.filter(event__startswith="problem.feedback/")
    assert {mail.event: mail.to for mail in mails} == {f"problem.feedback/{row.code}": row.officer.email for row in judged}
    assert all(f"Palaute: {problem.title}" in mails.get(event=f"problem.feedback/{problem.code}").body for problem in judged)
    assert "Palaute" not in str(list(AuditEvent.objects.values_list("body", flat=True)))


def test_release_feedback_with_one_missing_is_refused(world, cast, at, judged):
    with at(StageKind.PROBLEM_SELECTION):
        services.choose_problems(actor=cast["organiser"], competition=world.competition, chosen=judged[:1])
        write_all(world, cast, judged[:2])
        with pytest.raises(Refused) as error:
            services.release_feedback(actor=cast["organiser"], competition=world.competition)
    assert error.value.reason == Reason.NOT_COMPLETE
    assert not Problem.objects.exclude(feedback_released_at=None).exists()


def test_release_feedback_before_the_choice_is_refused(world, cast, at, judged):
    with at(StageKind.PROBLEM_SELECTION):
        write_all(world, cast, judged)
        with pytest.raises(Refused) as error:
            services.release_feedback(actor=cast["organiser"], competition=world.competition)
    assert error.value.reason == Reason.NOT_COMPLETE


def test_feedback_is_frozen_after_the_release(world, cast, at, judged):
    with at(StageKind.PROBLEM_SELECTION):
        services.choose_problems(actor=cast["organiser"], competition=world.competition, chosen=judged[:1])
        write_all(world, cast, judged)
        services.release_feedback(actor=cast["organiser"], competition=world.competition)
        for again in (
            lambda: services.write_feedback(actor=cast["organiser"], problem=judged[0], text="Muutos"),
            lambda: services.release_feedback(actor=cast["organiser"], competition=world.competition),
        ):
            with pytest.raises(Refused) as error:
                again()
            assert error.value.reason == Reason.FROZEN
    assert Message.objects.filter(event__startswith="problem.feedback/").count() == 3


def test_write_feedback_without_text_is_refused(cast, judged):
    with pytest.raises(Refused) as error:
        services.write_feedback(actor=cast["organiser"], problem=judged[0], text=" ")
    assert error.value.reason == Reason.INCOMPLETE


def test_write_feedback_on_a_draft_is_refused(cast, at, draft):
    with pytest.raises(Denied) as error:
        services.write_feedback(actor=cast["organiser"], problem=draft, text="Palaute")
    assert error.value.reason == Reason.WRONG_STATE


@pytest.mark.parametrize("name", ["officer", "panellist", "outsider"])
def test_feedback_by_anyone_but_the_staff_is_refused(world, cast, judged, name):
    for act in (
        lambda: services.write_feedback(actor=cast[name], problem=judged[0], text="Palaute"),
        lambda: services.release_feedback(actor=cast[name], competition=world.competition),
    ):
        with pytest.raises(Denied) as error:
            act()
        assert error.value.reason == Reason.NO_ROLE


def test_refreshed_problems_keep_their_links_on_this_side(judged):
    assert all(problem.entry_code for problem in refreshed(judged))
