"""When a request had arrived: the proxy's stamp where it can be believed, else our own clock; never what a client says."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory
from django.urls import reverse

from klash.core import arrival, clock
from klash.core.errors import Denied
from klash.core.models import AuditEvent
from klash.problems import services as problems
from klash.problems.models import Problem
from klash.rules.reasons import Reason
from klash.rules.states import ProblemState
from klash.teams import services as teams
from klash.teams.models import Application
from tests.problems.conftest import draft  # noqa: F401
from tests.teams.conftest import call  # noqa: F401

pytestmark = pytest.mark.django_db(databases="__all__")
NOW = datetime(2026, 11, 30, 14, 0, 1, tzinfo=UTC)
SECOND, MS = timedelta(seconds=1), timedelta(milliseconds=1)


def stamp(moment):
    return f"{moment.timestamp():.3f}"


def asked(stamped, now=NOW):
    headers = {} if stamped is None else {arrival.HEADER: stamped}
    with clock.at(now):
        return arrival.moment(RequestFactory().post("/", headers=headers))


@pytest.fixture
def stamping(settings):
    settings.KLASH_PROXY_STAMP = True


@pytest.mark.usefixtures("stamping")
@pytest.mark.parametrize(("shift", "is_believed"), [
    (timedelta(), True), (-MS, True), (-120 * SECOND, True), (-120 * SECOND - MS, False), (MS, False), (timedelta(hours=1), False), (timedelta(days=-1), False),
])
def test_a_stamp_counts_within_120_seconds_before_the_clock_and_never_after_it(shift, is_believed):
    assert asked(stamp(NOW + shift)) == (NOW + shift if is_believed else None)


@pytest.mark.usefixtures("stamping")
@pytest.mark.parametrize("text", [None, "", "now", "1796047200", "1796047200.0005", "-1796047200.000", "1e9", "١٧٩٦٠٤٧٢٠٠.٠٠٠", "9" * 400 + ".000"])
def test_what_is_no_stamp_is_none(text):
    assert asked(text) is None


def test_without_the_setting_a_client_cannot_stamp_itself():
    assert asked(stamp(NOW - SECOND)) is None


@pytest.mark.usefixtures("stamping")
def test_a_stamp_follows_the_clock_of_the_demo(settings, tmp_path):
    settings.KLASH_DEMO, settings.KLASH_HOME = True, tmp_path
    clock.set_demo(datetime(2020, 1, 1, tzinfo=UTC))
    real = datetime.now(UTC)
    found = arrival.moment(RequestFactory().post("/", headers={arrival.HEADER: stamp(real - SECOND)}))
    assert abs(found - datetime(2020, 1, 1, tzinfo=UTC) + SECOND) < 5 * SECOND


def test_what_arrived_is_never_later_than_the_clock_after_the_lock():
    assert [arrival.received(at, NOW) for at in (None, NOW - SECOND, NOW + SECOND)] == [NOW, NOW - SECOND, NOW]


# ------------------------------------------------------------------ a queue over the deadline

def submit_problem(client, world, cast, problem, *, received, worked):
    client.force_login(cast["officer"])
    headers = {arrival.HEADER: stamp(received)} if received else {}
    with clock.at(worked):
        return client.post(reverse("problems:summary", args=[world.competition.code, problem.code]), headers=headers)


@pytest.fixture
def deadline(world):
    return world.stages["problem_call"].closes_at


@pytest.mark.usefixtures("stamping")
def test_queue_over_deadline(client, world, cast, draft, deadline):  # noqa: F811
    response = submit_problem(client, world, cast, draft, received=deadline, worked=deadline + 90 * SECOND)
    problem = Problem.objects.get(pk=draft.pk)
    event = AuditEvent.objects.get(what="problem.submitted")
    assert (response.status_code, problem.state, problem.submitted_at) == (302, ProblemState.SUBMITTED, deadline)
    assert (event.body["received_at"], event.at) == (str(deadline), deadline + 90 * SECOND)


@pytest.mark.usefixtures("stamping")
@pytest.mark.parametrize(("received", "worked"), [(MS, 2 * SECOND), (-SECOND, 120 * SECOND), (2 * SECOND, SECOND)])
def test_a_stamp_after_the_deadline_a_stale_and_a_forged_one_are_late(client, world, cast, draft, deadline, received, worked):  # noqa: F811
    response = submit_problem(client, world, cast, draft, received=deadline + received, worked=deadline + worked)
    assert (response.status_code, Problem.objects.get(pk=draft.pk).state) == (403, ProblemState.DRAFT)


@pytest.mark.usefixtures("stamping")
def test_slow_body(client, world, cast, draft, deadline):  # noqa: F811
    """Without a stamp, the time at which the body was there and the lock was got counts."""
    assert submit_problem(client, world, cast, draft, received=None, worked=deadline + MS).status_code == 403
    assert submit_problem(client, world, cast, draft, received=None, worked=deadline).status_code == 302


@pytest.mark.usefixtures("stamping")
def test_queue_over_deadline_of_an_application(client, call):  # noqa: F811
    with clock.at(call.world.middle_of("team_call")):
        team = call.fill(call.found())
        call.write(team)
    client.force_login(call.leader(team))
    with clock.at(call.deadline + SECOND):
        response = client.post(f"/teams/{team.code}/application/summary/", headers={arrival.HEADER: stamp(call.deadline)})
    assert (response.status_code, Application.objects.get(team=team).submitted_at) == (302, call.deadline)


# ------------------------------------------------------------------ the set

@pytest.mark.usefixtures("stamping")
@pytest.mark.parametrize(("shift", "is_over"), [(180 * SECOND, False), (180 * SECOND + MS, True)])
def test_the_entries_are_fixed_when_what_had_arrived_is_in(world, cast, draft, deadline, shift, is_over):  # noqa: F811
    with clock.at(deadline):
        problems.submit_problem(actor=cast["officer"], problem=draft)
    with clock.at(deadline + shift):
        try:
            problems.open_panel_round(actor=cast["organiser"], competition=world.competition, closes_at=deadline + timedelta(days=5))
            was_over = True
        except Exception as error:
            was_over = error.reason is not Reason.NOT_OPEN_YET
    assert was_over is is_over


def test_what_had_arrived_in_time_comes_too_late_once_the_entries_are_fixed(world, cast, draft, deadline):  # noqa: F811
    Problem.objects.filter(pk=draft.pk).update(entry_code="fixed")
    with clock.at(deadline + timedelta(hours=1)), pytest.raises(Denied) as refused:
        problems.submit_problem(actor=cast["officer"], problem=draft, arrived_at=deadline - SECOND)
    assert refused.value.reason is Reason.DEADLINE_PASSED


def test_an_application_that_had_arrived_comes_too_late_once_the_round_is_made(call):  # noqa: F811
    with clock.at(call.world.middle_of("team_call")):
        team = call.fill(call.found())
        application = call.write(team)
    with clock.at(call.deadline + timedelta(hours=1)):
        Application.objects.filter(pk=application.pk).update(entry_code="fixed")
        with pytest.raises(Denied) as refused:
            teams.submit_application(actor=call.leader(team), application=application, arrived_at=call.deadline)
    assert refused.value.reason is Reason.DEADLINE_PASSED
