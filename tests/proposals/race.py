"""Let submitting and closing race on a real database, in threads; prints what was accepted outside the opened set.

Run by test_race.py in a process of its own, since a race needs committed rows: `python -m tests.proposals.race ROUNDS`.
"""

import json
import sys
import threading
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections, transaction  # noqa: E402

from klash.accounts import services as accounts  # noqa: E402
from klash.accounts.models import Organisation  # noqa: E402
from klash.challenges.models import Challenge  # noqa: E402
from klash.competitions.models import Competition, Stage, StageKind  # noqa: E402
from klash.competitions.usual_forms import PROPOSAL  # noqa: E402
from klash.core import audit, clock  # noqa: E402
from klash.core.models import AuditEvent  # noqa: E402
from klash.problems.models import Problem  # noqa: E402
from klash.proposals import services  # noqa: E402
from klash.proposals.models import Proposal, Version  # noqa: E402
from klash.proposals.selectors import undecided_late  # noqa: E402
from klash.proposals.services import letters, writing  # noqa: E402
from klash.proposals.services import opening as closing  # noqa: E402
from klash.proposals.services.sealing import rehearse_keys  # noqa: E402
from klash.rules.roles import Role  # noqa: E402
from klash.teams.models import Application, Membership, Team  # noqa: E402
from tests.conftest import START, make_municipality  # noqa: E402

LAST = START + timedelta(days=30)  # the deadline D
MS = timedelta(milliseconds=1)
ALL = ("title", *(row["code"] for row in PROPOSAL))  # the texts of a proposal


@transaction.atomic
def make_account(address, name="somebody"):
    return accounts.create_account(email=f"{address}@example.org", name=name)


def make_stage_for(number, closes_at):
    """Make a competition of its own with one team that has a complete proposal."""
    code = number if isinstance(number, str) else f"race-{number}"
    organiser = Organisation.objects.get_or_create(code="liitto", defaults={"name": {"fi": "Liitto"}})[0]
    competition = Competition.objects.create(code=code, name=code, organiser=organiser, state="published", published_at=START)
    stage = Stage.objects.create(competition=competition, kind=StageKind.PROPOSALS, position=0, opens_at=closes_at - timedelta(days=20), closes_at=closes_at)
    people = [make_account(f"{name}-{code}", name) for name in ("leader", "organiser", "registrar", "officer")]
    for person, role in zip(people[1:3], (Role.ORGANISER, Role.REGISTRAR), strict=True):
        accounts.grant_role(actor=audit.System(), person=person, role=role, competition=code)
    place = make_municipality(code[-3:], code, code)
    problem = Problem.objects.create(competition=competition, officer=people[3], municipality=place, state="chosen", submitted_at=START)
    challenge = Challenge.objects.create(
        code=code, competition=competition, number=1, problem=problem, pilot_municipality=place, title={"fi": code}, state="published"
    )
    team = Team.objects.create(challenge=challenge, name=code, founded_at=START)
    Application.objects.create(team=team, state="admitted", answers={"know_how": "k", "idea": "i", "motivation": "m"}, reason="r", decided_at=START, submitted_at=START)
    Membership.objects.create(team=team, person=people[0], is_leader=True, joined_at=START)
    Proposal.objects.create(team=team, texts=dict.fromkeys(ALL, "t"), revision=1, saved_at=START)
    return SimpleNamespace(code=code, challenge=challenge, team=team, leader=people[0], organiser=people[1], registrar=people[2], stage=stage)


def in_thread(work):
    """Start `work` in a thread that closes its connections and keeps its answer or error."""
    kept = {}

    def run():
        try:
            kept["answer"] = work()
        except Exception as error:
            kept["error"] = repr(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, kept


@contextmanager
def without_the_lock():
    """The seeded fault: neither side takes the deadline's row."""
    real = writing.hold_deadline

    def read_only(challenge, *, is_closing=False):
        return Stage.objects.get(competition=challenge.competition_id, kind=StageKind.PROPOSALS)

    writing.hold_deadline = closing.hold_deadline = read_only
    try:
        yield
    finally:
        writing.hold_deadline = closing.hold_deadline = real


def close_while_submitting(number, *, patience=0.3):
    """Submit at D; while the submission has not committed, confirm at D + 1 ms. Return whether an accepted one is left out.

    Where a lock makes the closing wait for the submission, the submission goes on after `patience` seconds.
    """
    row = make_stage_for(number, LAST)
    with clock.at(LAST + MS):
        opening = services.request_opening(actor=row.organiser, challenge=row.challenge)
    inside, real_receipt = threading.Event(), letters.send_receipt
    go_on = threading.Event()

    def slow_receipt(version):
        real_receipt(version)
        inside.set()
        go_on.wait(patience)

    def submit():
        with clock.at(LAST):
            return services.submit_proposal(actor=row.leader, proposal=Proposal.objects.get(team=row.team), idempotency_key="a" * 32)

    def confirm():
        inside.wait(10)
        try:
            with clock.at(LAST + MS):
                return services.confirm_opening(actor=row.registrar, opening=opening)
        finally:
            go_on.set()

    letters.send_receipt = slow_receipt
    try:
        threads = [in_thread(submit), in_thread(confirm)]
        for thread, _ in threads:
            thread.join(60)
    finally:
        letters.send_receipt = real_receipt
    errors = [kept["error"] for _, kept in threads if "error" in kept]
    if errors:
        raise RuntimeError(errors)
    version = Version.objects.get(proposal__team=row.team)
    fixed = AuditEvent.objects.get(what="opening.fixed", thing=f"opening/{row.challenge.code}").body["commitments"]
    return not version.is_late and version.commitment not in fixed


def submit_while_closing(number, *, reads_clock_first=False):
    """Submit just before D while the deadline is held until after it. Return whether it is judged by the time after the wait.

    reads_clock_first: the seeded fault; the submission keeps the time at which it began.
    """
    row = make_stage_for(number, clock.now() + timedelta(days=1))
    began = clock.now()
    deadline = began + timedelta(seconds=0.4)
    Stage.objects.filter(pk=row.stage.pk).update(closes_at=deadline)
    held = threading.Event()

    def close():
        with transaction.atomic():
            writing.hold_deadline(row.challenge, is_closing=True)
            held.set()
            while clock.now() <= deadline + timedelta(seconds=0.05):
                threading.Event().wait(0.01)

    def submit():
        held.wait(10)
        with clock.at(began) if reads_clock_first else nullcontext():
            return services.submit_proposal(actor=row.leader, proposal=Proposal.objects.get(team=row.team), idempotency_key="a" * 32)

    for thread, _ in [in_thread(close), in_thread(submit)]:
        thread.join(60)
    return Version.objects.get(proposal__team=row.team).is_late


def last_second(number, *, is_asked=False, seconds=1, teams=64):
    """Let many teams submit at once in the last second, while a closing that is asked for right after it waits for them.

    Two persons then decide on what came late, and the set is fixed. is_asked: somebody had asked already, so nothing holds the closing up but the lock.
    Return the commitments that were accepted, receipted in time and fixed, and how many were answered in time and late.
    """
    row = make_stage_for(number, clock.now() + timedelta(days=1))
    rivals = [row.team, *(add_team(row, name) for name in range(1, teams))]
    rehearse_keys(actor=row.organiser, challenge=row.challenge)
    deadlines = []

    def set_deadline():
        deadlines.append(clock.judged() + timedelta(seconds=seconds))
        Stage.objects.filter(pk=row.stage.pk).update(closes_at=deadlines[0])
        if is_asked:
            with clock.at(deadlines[0] + MS):
                services.request_opening(actor=row.organiser, challenge=Challenge.objects.get(pk=row.challenge.pk))

    ready = threading.Barrier(teams + 1, set_deadline)

    def submit(team):
        proposal = Proposal.objects.get(team=team)
        ready.wait(60)
        return services.submit_proposal(actor=row.leader, proposal=proposal, idempotency_key="a" * 32).document

    def close():
        ready.wait(60)
        while clock.now() <= deadlines[0]:
            threading.Event().wait(0.005)
        opening = services.request_opening(actor=row.organiser, challenge=Challenge.objects.get(pk=row.challenge.pk))
        for late in undecided_late(opening):
            decision = services.decide_late(actor=row.organiser, version=late.version, is_admitted=False, reason="It came late.")
            services.confirm_late(actor=row.registrar, decision=decision)
        return services.confirm_opening(actor=row.registrar, opening=opening)

    threads = [in_thread(close), *(in_thread(partial(submit, team)) for team in rivals)]
    for thread, _ in threads:
        thread.join(120)
    errors = [kept["error"] for _, kept in threads if "error" in kept]
    if errors:
        raise RuntimeError(errors)
    receipts = [kept["answer"] for _, kept in threads[1:]]
    fixed = AuditEvent.objects.get(what="opening.fixed", thing=f"opening/{row.challenge.code}").body["commitments"]
    accepted = Version.objects.filter(proposal__team__challenge=row.challenge, is_late=False).values_list("commitment", flat=True)
    in_time = [told["commitment"] for told in receipts if not told["is_late"]]
    return sorted(accepted), sorted(in_time), fixed, (len(in_time), len(receipts) - len(in_time))


def add_team(row, name):
    """Add one more admitted team of the same leader with a complete proposal."""
    team = Team.objects.create(challenge=row.challenge, name=f"{row.code} {name}", founded_at=START)
    Application.objects.create(team=team, state="admitted", answers={"know_how": "k", "idea": "i", "motivation": "m"}, reason="r", decided_at=START, submitted_at=START)
    Membership.objects.create(team=team, person=row.leader, is_leader=True, joined_at=START)
    Proposal.objects.create(team=team, texts=dict.fromkeys(ALL, "t"), revision=1, saved_at=START)
    return team


def double_submit(number):
    """Send one form ten times at once. Return how many versions there are."""
    row = make_stage_for(number, clock.now() + timedelta(days=1))

    def submit():
        return services.submit_proposal(actor=row.leader, proposal=Proposal.objects.get(team=row.team), idempotency_key="a" * 32)

    threads = [in_thread(submit) for _ in range(10)]
    for thread, _ in threads:
        thread.join(60)
    assert {kept["answer"].receipt for _, kept in threads} == {Version.objects.get(proposal__team=row.team).receipt}
    return Version.objects.filter(proposal__team=row.team).count()


def main(rounds):
    for alias in connections:
        if connections[alias].vendor == "sqlite":  # in a file: threads cannot race in memory
            connections[alias].settings_dict["TEST"]["NAME"] = str(settings.KLASH_HOME / f"race-{alias}.sqlite3")
        connections[alias].creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        told = {"with_lock": sum(close_while_submitting(number) for number in range(rounds))}
        with without_the_lock():
            told["without_lock"] = sum(close_while_submitting(number) for number in range(100, 100 + rounds))
        told["late_after_waiting"] = sum(submit_while_closing(number) for number in range(200, 200 + rounds))
        told["versions_of_one_key"] = [double_submit(number) for number in range(300, 300 + rounds)]
        told["vendor"] = connections["default"].vendor
    finally:
        connections.close_all()
        for alias in connections:
            connections[alias].creation.destroy_test_db(connections[alias].settings_dict["NAME"], verbosity=0)
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]))
