"""The clock of a web process may be wrong by an hour: the database's decides. The control: a process that believes its own."""

from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import connections
from django.test import RequestFactory

from klash.core import arrival, chance, clock
from klash.proposals.models import Proposal, Version
from klash.proposals.services import submit_proposal
from tests.proposals.race import make_stage_for

pytestmark = pytest.mark.usefixtures("postgres")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@contextmanager
def worker(monkeypatch, wrong, *, follows=True):
    """Be a process that has just started on a machine whose clock is `wrong`; follows: it asks the database for the time."""

    class Wrong(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + wrong

    connections.close_all()
    with monkeypatch.context() as patched:
        patched.setattr(clock, "datetime", Wrong)
        patched.setattr(clock, "_asked", None)
        if not follows:
            patched.setattr(clock, "_ask", lambda connection: None)
        yield


def is_late(row):
    submit_proposal(actor=row.leader, proposal=Proposal.objects.get(team=row.team), idempotency_key="a" * 32)
    return Version.objects.get(proposal__team=row.team).is_late


def made(left):
    return make_stage_for(f"t-{chance.code(8)}", clock.judged() + left)


@pytest.mark.parametrize("wrong", [HOUR, timedelta(), -HOUR])
@pytest.mark.parametrize("left", [MINUTE, -MINUTE])
def test_the_clock_of_one_worker_is_off_by_an_hour(monkeypatch, wrong, left):
    row = made(left)
    with worker(monkeypatch, wrong):
        assert is_late(row) is (left < timedelta())


@pytest.mark.parametrize(("wrong", "left"), [(HOUR, MINUTE), (-HOUR, -MINUTE)])
def test_a_worker_that_believes_its_own_clock_judges_wrongly(monkeypatch, wrong, left):
    row = made(left)
    with worker(monkeypatch, wrong, follows=False):
        assert is_late(row) is not (left < timedelta())


def test_what_is_judged_follows_the_database_when_a_clock_steps_while_it_runs(monkeypatch):
    before = clock.judged()
    monkeypatch.setattr(clock, "_asked", (before + HOUR, clock._asked[1]))
    assert clock.now() - before > HOUR / 2
    assert clock.judged() - before < MINUTE


def stamped(moment):
    """Return a request that the proxy had whole at this moment."""
    return RequestFactory().get("/", headers={arrival.HEADER: f"{moment.timestamp():.3f}"})


@pytest.mark.parametrize("wrong", [HOUR, timedelta(), -HOUR])
def test_the_stamp_of_the_proxy_counts_by_the_databases_clock(monkeypatch, settings, wrong):
    settings.KLASH_PROXY_STAMP = True
    true = clock.judged().replace(microsecond=0)
    with worker(monkeypatch, wrong):
        assert arrival.moment(stamped(true - MINUTE)) == true - MINUTE
        # A proxy whose own clock is off by an hour, or that held a request longer than can be: the database's clock after the lock.
        assert [arrival.moment(stamped(true + off)) for off in (-HOUR, HOUR, -timedelta(seconds=121))] == [None] * 3


@pytest.mark.parametrize("wrong", [HOUR, -HOUR])
def test_a_worker_that_believes_its_own_clock_drops_the_stamp(monkeypatch, settings, wrong):
    settings.KLASH_PROXY_STAMP = True
    true = clock.judged().replace(microsecond=0)
    with worker(monkeypatch, wrong, follows=False):
        assert arrival.moment(stamped(true - MINUTE)) is None


def test_what_arrived_in_time_at_a_worker_whose_clock_is_off_is_in_time_and_both_times_are_kept(monkeypatch):
    row, seen = made(-MINUTE), clock.judged() - 2 * MINUTE
    with worker(monkeypatch, HOUR):
        submit_proposal(actor=row.leader, proposal=Proposal.objects.get(team=row.team), idempotency_key="a" * 32, arrived_at=seen)
    version = Version.objects.get(proposal__team=row.team)
    assert (version.is_late, version.received_at, version.arrived_at) == (False, seen, seen)
