"""Screening apart from scoring: who may, what it leads to, and that nothing screened out reaches the panel."""

import pytest
from django.urls import reverse

from klash.competitions.models import StageKind
from klash.core.errors import Denied, Refused
from klash.core.workflow import faults_of_states
from klash.post.models import Message
from klash.problems import selectors, services
from klash.problems.models import Screening
from klash.reviewing import services as rounds
from klash.rules.reasons import Reason
from klash.rules.screening import Outcome
from klash.rules.states import ProblemState
from tests.problems.conftest import decide_all, make_round, refreshed, release, score_all

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def asked(world, cast, at, submitted):
    """Three submitted problems after the call, and the usual questions."""
    with at(StageKind.PROBLEM_SELECTION):
        services.add_usual_questions(actor=cast["organiser"], competition=world.competition)
        yield submitted


def screen(actor, problem, outcome=Outcome.PASSED, reason="", answer=True, **more):
    codes = problem.competition.eligibility_questions.values_list("code", flat=True)
    return services.screen_problem(actor=actor, problem=problem, outcome=outcome, answers=dict.fromkeys(codes, answer), reason=reason, **more)


def refused(call, *args, **kwargs):
    with pytest.raises((Refused, Denied)) as error:
        call(*args, **kwargs)
    return error.value.reason


def test_staff_alone_screens_and_only_before_the_round(world, cast, asked):
    for who in ("officer", "panellist", "juror", "outsider"):
        assert refused(screen, cast[who], asked[0]) == Reason.NO_ROLE
    screen(cast["registrar"], asked[0])
    assert selectors.screening_counts(world.competition) == {"passed": 1, "needs_more": 0, "not_eligible": 0, "waiting": 2}
    services.pass_problems(actor=cast["organiser"], competition=world.competition, problems=asked)
    make_round(world, cast)
    assert refused(screen, cast["organiser"], asked[0]) == Reason.FROZEN


def test_the_round_waits_for_the_screening(world, cast, asked):
    screen(cast["organiser"], asked[0])
    screen(cast["organiser"], asked[1], Outcome.NEEDS_MORE, "Kerro lisää.", answer=False)
    assert refused(make_round, world, cast) == Reason.NOT_ALL_SCREENED
    screen(cast["organiser"], asked[2], Outcome.NOT_ELIGIBLE, "Ei ole kunnan ongelma.", answer=False)
    assert refused(make_round, world, cast) == Reason.NOT_ALL_SCREENED
    screen(cast["organiser"], asked[1])
    assert make_round(world, cast).entries.count() == 2


def test_questions_change_until_the_first_screening(world, cast, asked):
    question = world.competition.eligibility_questions.first()
    services.remove_question(actor=cast["organiser"], question=question)
    assert world.competition.eligibility_questions.count() == 2
    screen(cast["organiser"], asked[0])
    assert refused(services.add_question, actor=cast["organiser"], competition=world.competition, text={"fi": "Onko?"}) == Reason.FROZEN


def test_bulk_passes_what_waits_and_nothing_else(world, cast, asked):
    screen(cast["organiser"], asked[1], Outcome.NOT_ELIGIBLE, "Ei ole kunnan ongelma.", answer=False)
    assert services.pass_problems(actor=cast["organiser"], competition=world.competition, problems=refreshed(asked)) == 2
    assert selectors.screening_counts(world.competition) == {"passed": 2, "needs_more": 0, "not_eligible": 1, "waiting": 0}


def test_two_who_screen_one_problem_clash(cast, asked):
    screen(cast["organiser"], asked[0], revision=0)
    assert refused(screen, cast["registrar"], asked[0], revision=0) == Reason.TEXT_CHANGED
    screen(cast["registrar"], asked[0], Outcome.NEEDS_MORE, "Kerro lisää.", revision=1)


def test_what_is_withdrawn_is_screened_anew(world, cast, at, submitted):
    with at(StageKind.PROBLEM_CALL):
        services.add_usual_questions(actor=cast["organiser"], competition=world.competition)
        screen(cast["organiser"], submitted[0])
        services.withdraw_problem(actor=submitted[0].officer, problem=submitted[0])
        services.submit_problem(actor=submitted[0].officer, problem=submitted[0])
    assert not Screening.objects.exists()


def judge_without(world, cast, asked):
    """Leave the last of the problems out, have the others judged; return them."""
    for problem in asked[:2]:
        screen(cast["organiser"], problem)
    screen(cast["organiser"], asked[2], Outcome.NOT_ELIGIBLE, "Ei ole kunnan ongelma.", answer=False)
    round_ = make_round(world, cast)
    seat = services.seat_panellist(actor=cast["organiser"], competition=world.competition, person=cast["panellist"])
    rounds.open_round(actor=cast["organiser"], round=round_)
    score_all(round_, [seat], {problem.entry_code: 8 for problem in refreshed(asked[:2])})
    rounds.complete_round(actor=cast["organiser"], round=round_)
    return round_, refreshed(asked)


def test_what_is_left_out_is_kept_from_the_panel_and_told_with_the_others(world, cast, asked, client):
    round_, problems = judge_without(world, cast, asked)
    left = problems[2]
    assert left.entry_code is None and left.title not in {entry.title for entry in round_.entries.all()}
    page = reverse("problems:problem", args=["klash-test", left.code])
    assert "Ei ole kunnan" not in client.get(page).content.decode()
    decide_all(world, cast["organiser"], problems[:2], 1)
    assert release(world, cast["organiser"]) == 3
    assert [row.state for row in refreshed(problems)] == [ProblemState.CHOSEN, ProblemState.NOT_CHOSEN, ProblemState.NOT_ELIGIBLE]
    mail = Message.objects.get(event=f"problem.decided/{left.code}")
    assert mail.to == left.officer.email and "Ei ole kunnan ongelma." in mail.body
    shown = client.get(f"/en{page}").content.decode()
    assert "Ei ole kunnan ongelma." in shown and "not eligible" in shown and "panel’s feedback" not in shown
    assert not [fault for fault in faults_of_states() if fault.startswith("problem/")]


def test_the_pages_lead_from_problem_to_problem(world, cast, asked, client, django_assert_max_num_queries):
    client.force_login(cast["organiser"])
    listed, one = "/c/klash-test/problems/screening/", f"/c/klash-test/problems/{asked[0].code}/screen/"
    with django_assert_max_num_queries(12):
        page = client.get(f"/en{listed}").content.decode()
    assert page.count("hds-checkbox__input") == 3
    codes = world.competition.eligibility_questions.values_list("code", flat=True)
    for typed in ({}, {"outcome": "not_eligible", "reason": ""}, {"outcome": "passed", "reason": ""}):
        assert client.post(one, {"revision": "0", **typed}).status_code == 422
    answer = client.post(one, {"revision": "0", "outcome": "passed", "reason": "", **{f"answer_{code}": "yes" for code in codes}})
    assert answer.status_code == 302 and answer.url == f"/c/klash-test/problems/{asked[1].code}/screen/"
    clash = client.post(f"/en{one}", {"revision": "0", "outcome": "needs_more", "reason": "Toinen mieli"})
    assert clash.status_code == 409 and "Toinen mieli" in clash.content.decode() and "Someone else saved" in clash.content.decode()
    bulk = client.post(listed, {"problem": [asked[1].code, asked[2].code]})
    assert bulk.status_code == 302 and selectors.is_screened(world.competition)
    assert client.get(f"{listed}?outcome=passed&q=vantaa").content.decode().count("/screen/") == 1


def test_questions_are_added_on_their_page(world, cast, at, client):
    client.force_login(cast["organiser"])
    page = reverse("problems:eligibility", args=["klash-test"])
    client.post(page, {"usual": "1"})
    client.post(page, {"question-text_fi": "Onko <b>uusi</b>?", "question-text_sv": "Är det nytt?", "question-text_en": ""})
    shown = client.get(page).content.decode()
    assert shown.count("/remove/") == 4 and "Onko &lt;b&gt;uusi" in shown
    last = world.competition.eligibility_questions.last()
    assert client.post(reverse("problems:remove_question", args=["klash-test", last.code])).status_code == 302
    assert world.competition.eligibility_questions.count() == 3
