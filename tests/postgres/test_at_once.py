"""What many do at once happens once. Each promise has a control: the same without the lock or the constraint that holds it."""

import json
import threading
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core import mail
from django.db import OperationalError, connections, transaction
from django.db.models import QuerySet

from klash.accounts import services as accounts
from klash.accounts.models import Invitation, ReviewerHandle, RoleGrant
from klash.awards import services as awards
from klash.awards.models import Award
from klash.competitions.models import Stage, StageKind
from klash.core import audit, chance, clock, keys, sealing, workflow
from klash.core.models import AuditChain, AuditEvent
from klash.post import services as post
from klash.post.models import Message
from klash.proposals import services as proposals
from klash.proposals.models import BlindLink, Opening, Proposal, SealedLink, SealedPart, Version
from klash.proposals.services import opening as opening_service
from klash.reviewing import services as reviewing
from klash.reviewing.models import Entry, Review, Round, Seat
from klash.rules.roles import Role
from klash.rules.states import ReviewState
from klash.teams import services as teams
from klash.teams.models import Application, Membership
from tests.clearing import clear_all
from tests.proposals.race import LAST, MS, in_thread, make_account, make_stage_for
from tests.reviewing.conftest import CRITERIA, full, new_entry, words

pytestmark = pytest.mark.usefixtures("postgres")
MANY = 50


def name():
    """A name that no other test of this server has."""
    return f"t-{chance.code(8)}".lower()


def at_once(*works):
    """Start every work in a thread of its own at the same instant; return the answers, an error as its class."""
    start = threading.Barrier(len(works))

    def started(work):
        def run():
            for connection in connections.all():
                connection.ensure_connection()
            start.wait(30)
            return work()

        return run

    running = [in_thread(started(work)) for work in works]
    for thread, _ in running:
        thread.join(60)
    return [kept["answer"] if "answer" in kept else kept["error"].partition("(")[0] for _, kept in running]


def outcomes(answers):
    return dict(Counter(answer if isinstance(answer, str) else "done" for answer in answers))


@contextmanager
def without_row_locks(*models):
    """The seeded fault: SELECT FOR UPDATE locks nothing in these tables; without any, in all but the log's."""
    real = QuerySet.select_for_update

    def no_lock(self, **options):
        is_hit = self.model in models if models else self.model is not AuditChain
        return self.all() if is_hit else real(self, **options)

    QuerySet.select_for_update = no_lock
    try:
        yield
    finally:
        QuerySet.select_for_update = real


@contextmanager
def without_constraints(alias, **tables):
    """The seeded fault: the table's constraint or index of this name is gone. What is doubled meanwhile must be deleted by the test."""
    with connections[alias].cursor() as cursor:
        kept = {}
        for constraint, table in tables.items():
            cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [constraint])
            kept[constraint] = cursor.fetchone()[0]
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
        try:
            yield
        finally:
            for constraint, table in tables.items():
                cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {kept[constraint]}")


@contextmanager
def without_triggers(*tables, using="default"):
    with connections[using].cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        try:
            yield
        finally:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@contextmanager
def slow(owner, function, seconds=0.02):
    """Let a call of our own take longer, so that what can interleave does."""
    real = getattr(owner, function)

    def waiting(*args, **kwargs):
        threading.Event().wait(seconds)
        return real(*args, **kwargs)

    setattr(owner, function, waiting)
    try:
        yield
    finally:
        setattr(owner, function, real)


def interleave(owner, function, first, second, patience=20.0):
    """Run `first` up to its call of the function, then `second` to its end, then the rest of `first`; return the answers as `at_once` does.

    Where a lock makes `second` wait for `first`, `first` goes on after `patience` seconds: a control takes its time on a busy machine.
    """
    real, reached, go = getattr(owner, function), threading.Event(), threading.Event()
    runner = threading.local()

    def halted(*args, **kwargs):
        if getattr(runner, "is_first", False):
            reached.set()
            go.wait(patience)
        return real(*args, **kwargs)

    def run_first():
        runner.is_first = True
        return first()

    def run_second():
        reached.wait(30)
        try:
            return second()
        finally:
            go.set()

    setattr(owner, function, halted)
    try:
        return at_once(run_first, run_second)
    finally:
        setattr(owner, function, real)


def chain_holds(alias, competition):
    return [verdict.faults for verdict in audit.verify(alias) if verdict.competition == competition] == [()]


# One form sent many times


def send_proposal(row):
    def send():
        return proposals.submit_proposal(actor=row.leader, proposal=Proposal.objects.get(team=row.team), idempotency_key="a" * 32)

    return at_once(*[send] * MANY)


def test_one_form_sent_many_times_is_one_version_with_one_receipt():
    row = make_stage_for(name(), clock.now() + timedelta(days=1))
    answers = send_proposal(row)
    version = Version.objects.get(proposal__team=row.team)
    assert [answer.receipt for answer in answers] == [version.receipt] * MANY
    assert AuditEvent.objects.filter(chain__competition=row.code, what="proposal.submitted").count() == 1
    assert Message.objects.filter(event=f"proposal.received/{version.receipt}").count() == 1
    assert chain_holds("default", row.code)


def test_without_the_constraint_it_would_be_many_versions():
    row = make_stage_for(name(), clock.now() + timedelta(days=1))
    with without_constraints("default", one_version_a_key="proposals_version"):
        send_proposal(row)
        assert Version.objects.filter(proposal__team=row.team).count() == MANY
        SealedPart.objects.filter(version__proposal__team=row.team).delete()
        Version.objects.filter(proposal__team=row.team).delete()


def send_application(row):
    Stage.objects.create(competition=row.stage.competition, kind=StageKind.TEAM_CALL, position=1, opens_at=row.stage.opens_at, closes_at=row.stage.closes_at)
    Application.objects.filter(team=row.team).update(state="draft", submitted_at=None, decided_at=None, reason="")
    for _ in range(2):
        person = make_account(name())
        Membership.objects.create(team=row.team, person=person, joined_at=clock.now())
    return at_once(*[lambda: teams.submit_application(actor=row.leader, application=Application.objects.get(team=row.team))] * MANY)


def events_of(row, what):
    return AuditEvent.objects.filter(chain__competition=row.code, what=what).count()


def test_one_application_sent_many_times_is_submitted_once():
    row = make_stage_for(name(), clock.now() + timedelta(days=1))
    assert outcomes(send_application(row)) == {"done": 1, "IllegalMove": MANY - 1}
    assert events_of(row, "application.submitted") == 1
    assert Message.objects.filter(to=row.leader.email).count() == 1


def test_without_the_lock_it_would_be_submitted_again_and_again():
    row = make_stage_for(name(), clock.now() + timedelta(days=1))
    with without_row_locks(), slow(workflow.access, "ensure"):
        send_application(row)
    assert events_of(row, "application.submitted") > 1


# Invitations


def accept_many(code):
    person = make_account(code)
    invitation, _ = accounts.invite(actor=audit.System(), email=person.email, role=Role.JUROR, competition=code, handle=code)
    return at_once(*[lambda: accounts.accept_invitation(actor=person, invitation=Invitation.objects.get(pk=invitation.pk))] * MANY)


def test_an_invitation_accepted_many_times_is_taken_once():
    code = name()
    assert outcomes(accept_many(code)) == {"done": 1, "Refused": MANY - 1}
    assert ReviewerHandle.objects.filter(handle=code).count() == RoleGrant.objects.filter(standing__competition=code).count() == 1
    assert AuditEvent.objects.filter(chain__competition=code, what="invitation.accepted").count() == 1


def test_without_the_lock_it_would_be_taken_again_and_again():
    code = name()
    with without_row_locks(), slow(accounts, "grant_role"):
        accept_many(code)
    assert AuditEvent.objects.filter(chain__competition=code, what="invitation.accepted").count() > 1


# Openings


def request_many(row):
    def ask():
        with clock.at(LAST + MS):
            return proposals.request_opening(actor=row.organiser, challenge=row.challenge)

    return at_once(*[ask] * MANY)


def test_an_opening_asked_for_many_times_is_one():
    row = make_stage_for(name(), LAST)
    answers = request_many(row)
    assert {answer.pk for answer in answers} == {Opening.objects.get(challenge=row.challenge).pk}
    assert events_of(row, "opening.requested") == 1


def test_without_the_constraint_it_would_be_many_openings():
    row = make_stage_for(name(), LAST)
    with without_constraints("default", proposals_opening_challenge_id_key="proposals_opening"):
        request_many(row)
        assert Opening.objects.filter(challenge=row.challenge).count() == MANY
        Opening.objects.filter(challenge=row.challenge).delete()


def make_fixed(code):
    row = make_stage_for(code, LAST)
    with clock.at(LAST - MS):
        proposals.submit_proposal(actor=row.leader, proposal=Proposal.objects.get(team=row.team), idempotency_key="a" * 32)
    with clock.at(LAST + MS):
        opening = proposals.request_opening(actor=row.organiser, challenge=row.challenge)
        proposals.confirm_opening(actor=row.registrar, opening=opening)
        round_ = reviewing.make_round(
            actor=row.organiser, key=f"proposals/{row.challenge.code}", chain=row.code, kind="proposals", competition_name=code, title=words(code, code, code),
            intro=words("", "", ""), is_blind=True, is_invented=True, opens_at=LAST, closes_at=LAST + timedelta(days=9), criteria=CRITERIA,
        )
        reviewing.add_seat(actor=row.organiser, round=round_, is_chair=True)  # what nobody judges is not opened
    return row


def name_in(link):
    """Open a link as its holder would, without the evidence that the holder asks for."""
    opening = link.opening
    key = sealing.take([bytes(link.box)], json.loads((keys.folder() / f"map.{opening.chain}.{opening.code}.box").read_text())["private"], sealing.PART_KEY)[0]
    return json.loads(sealing.open_part(sealing.Sealed(bytes(link.ciphertext), bytes(link.box)), key, f"{opening.chain}/{opening.code}/map"))["entry"]


def test_an_opening_done_by_many_writes_one_blind_copy():
    row = make_fixed(name())

    def do():
        with clock.at(LAST + 2 * MS):
            return proposals.open_proposals(actor=row.organiser, opening=Opening.objects.get(challenge=row.challenge))

    told = outcomes(at_once(*[do] * 10))
    written = Entry.objects.using("reviewing").get(round__chain=row.code)
    link = SealedLink.objects.get(opening__challenge=row.challenge)
    assert name_in(link) == written.code  # the map that is kept is the map of what the jury reads
    assert events_of(row, "opening.opened") == 1
    assert set(told) <= {"done", "IllegalMove"} and told["done"] >= 1


def make_signed(code):
    """Judge and sign what `make_fixed` sealed, and ask that identities be opened."""
    row = make_fixed(code)
    with clock.at(LAST + 2 * MS):
        opening = proposals.open_proposals(actor=row.organiser, opening=Opening.objects.get(challenge=row.challenge))
        clear_all(Round.objects.using("reviewing").get(chain=row.code), row.registrar)
        proposals.release_copies(actor=row.registrar, opening=opening)
        seat = Seat.objects.using("reviewing").select_related("round").get(round__chain=row.code)
        reviewing.take_seat(actor=seat, terms_hash=seat.round.terms_hash)
        entry = Entry.objects.using("reviewing").get(round=seat.round)
        reviewing.submit_review(actor=seat, entry=entry, scores=full(5), comment="")
    with clock.at(LAST + 3 * MS):
        round_ = reviewing.complete_round(actor=row.organiser, round=seat.round)
        report = reviewing.draft_report(actor=seat, round=round_, reasons={entry.code: "Perustelu"})
        reviewing.send_for_signing(actor=seat, report=report)
        reviewing.sign_report(actor=seat, report=report, report_hash=report.hash)
        row.award = awards.take_report(actor=row.organiser, challenge=row.challenge)
        awards.request_identities(actor=row.organiser, award=row.award)
    return row


def open_identities_at_once(row):
    def do():
        with clock.at(LAST + 4 * MS):
            return awards.open_identities(actor=row.registrar, award=Award.objects.get(pk=row.award.pk))

    return outcomes(at_once(*[do] * 10))


def test_identities_opened_by_many_are_opened_once():
    row = make_signed(name())
    assert open_identities_at_once(row) == {"done": 1, "IllegalMove": 9}
    assert (BlindLink.objects.filter(opening__challenge=row.challenge).count(), events_of(row, "award.identities_opened")) == (1, 1)


def test_without_the_lock_a_second_opening_of_identities_would_break():
    with without_row_locks(Award):
        assert "IntegrityError" in open_identities_at_once(make_signed(name()))


def test_a_late_proposal_during_the_opening_is_received_as_late():
    """The opening moves the proposals after it wrote to the log, a team writes to the log after it locked its proposal."""
    row = make_fixed(name())

    def open_all():
        with clock.at(LAST + 2 * MS):
            return proposals.open_proposals(actor=row.organiser, opening=Opening.objects.get(challenge=row.challenge))

    def send():
        with clock.at(LAST + 2 * MS):
            return proposals.submit_proposal(actor=row.leader, proposal=Proposal.objects.get(team=row.team), idempotency_key=chance.key())

    with slow(opening_service, "_mark_opened", 0.1), slow(audit, "record", 0.02):
        answers = at_once(open_all, *[send] * 20)
    assert outcomes(answers) == {"done": 21}
    assert list(Version.objects.filter(proposal__team=row.team).order_by("number").values_list("is_late", flat=True)) == [False] + [True] * 20


def test_members_join_while_the_application_is_saved():
    row = make_stage_for(name(), clock.now() + timedelta(days=1))
    Stage.objects.create(competition=row.stage.competition, kind=StageKind.TEAM_CALL, position=1, opens_at=row.stage.opens_at, closes_at=row.stage.closes_at)
    Application.objects.filter(team=row.team).update(state="draft", submitted_at=None, decided_at=None, reason="")
    accounts.grant_role(actor=audit.System(), person=row.leader, role=Role.TEAM_LEADER, competition=row.code, challenge=row.challenge.code)
    people = [make_account(name()) for _ in range(4)]
    invitations = [teams.invite_member(actor=row.leader, team=row.team, email=person.email)[0] for person in people]

    def accept(person, invitation):
        return lambda: accounts.accept_invitation(actor=person, invitation=Invitation.objects.get(pk=invitation.pk))

    def save(number):
        application = Application.objects.get(team=row.team)
        return lambda: teams.save_application(actor=row.leader, application=application, answers={"know_how": f"{number}"})

    with slow(audit, "record", 0.02):
        answers = at_once(*map(accept, people, invitations), *[save(number) for number in range(10)])
    assert outcomes(answers) == {"done": 14}
    assert Membership.objects.filter(team=row.team).count() == 5


# One side a person


def grant_barred_roles(code):
    """Give each of ten persons, who stand on no side yet, the roles of organiser and mentor at once; return what came of each pair."""
    people = [make_account(f"{number}-{code}") for number in range(10)]
    for person in people:
        accounts.grant_role(actor=audit.System(), person=person, role=Role.OFFICER, competition=code)

    def grant(person, role):
        return lambda: accounts.grant_role(actor=audit.System(), person=person, role=role, competition=code)

    answers = at_once(*[grant(person, role) for person in people for role in (Role.ORGANISER, Role.MENTOR)])
    return [outcomes(answers[number : number + 2]) for number in range(0, 20, 2)]


def sides_taken(code):
    """Return on how many sides each person stands."""
    grants = RoleGrant.objects.filter(standing__competition=code).exclude(side="neutral")
    return sorted(Counter(grants.values_list("standing", flat=True)).values())


def test_of_two_barred_roles_given_at_once_one_is_refused():
    code = name()
    assert grant_barred_roles(code) == [{"done": 1, "Refused": 1}] * 10
    assert sides_taken(code) == [1] * 10


def test_without_the_lock_the_triggers_still_refuse_the_second():
    code = name()
    with without_row_locks(), slow(accounts, "side_after"):
        assert grant_barred_roles(code) == [{"done": 1, "IntegrityError": 1}] * 10
    assert sides_taken(code) == [1] * 10


def test_without_lock_and_triggers_a_person_would_stand_on_two_sides():
    code = name()
    with without_row_locks(), without_triggers("accounts_standing", "accounts_rolegrant"), slow(accounts, "side_after"):
        assert grant_barred_roles(code) == [{"done": 2}] * 10
        assert sides_taken(code) == [2] * 10
        RoleGrant.objects.filter(standing__competition=code).delete()


# Reviews


def make_body(code, seats):
    staff = make_account(f"staff-{code}")
    accounts.grant_role(actor=audit.System(), person=staff, role=Role.ORGANISER, competition=code)
    opens = clock.now() - timedelta(days=1)
    round_ = reviewing.make_round(
        actor=staff, key=code, chain=code, kind="proposals", competition_name=code, title=words(code, code, code), intro=words("", "", ""),
        is_blind=True, is_invented=True, opens_at=opens, closes_at=opens + timedelta(days=9), criteria=CRITERIA,
    )
    rows = [reviewing.take_seat(actor=reviewing.add_seat(actor=staff, round=round_), terms_hash=round_.terms_hash) for _ in range(seats)]
    (entry,) = reviewing.write_entries(actor=staff, round=round_, entries=[new_entry(f"K7-{code}")])
    clear_all(round_)
    reviewing.open_round(actor=staff, round=round_)
    return rows, entry


def submit(seat, entry, value=5):
    """One submission with rows of its own, as a request has them."""

    def do():
        own = Seat.objects.using("reviewing").get(pk=seat.pk)
        return reviewing.submit_review(actor=own, entry=Entry.objects.using("reviewing").get(pk=entry.pk), scores=full(value), comment="")

    return do


def sums(entry):
    stored = Entry.objects.using("reviewing").get(pk=entry.pk)
    return stored.review_count, stored.points, Review.objects.using("reviewing").filter(entry=entry, state=ReviewState.SUBMITTED).count()


def test_one_review_sent_many_times_counts_once():
    (seat,), entry = make_body(name(), 1)
    answers = outcomes(at_once(*[submit(seat, entry)] * MANY))
    assert (answers, sums(entry)) == ({"done": 1, "IllegalMove": MANY - 1}, (1, 500, 1))


def test_without_the_lock_it_would_count_again_and_again():
    (seat,), entry = make_body(name(), 1)
    reviewing.save_review(actor=seat, entry=entry, scores={}, comment="")  # else the constraint alone would hold the others up
    with without_row_locks(), without_triggers("reviewing_review", using="reviewing"):
        interleave(workflow.access, "ensure", submit(seat, entry), submit(seat, entry))
    assert AuditEvent.objects.using("reviewing").filter(thing=f"review/{entry.code}/{seat.handle}").count() > 1


def test_without_the_lock_the_database_still_takes_one():
    (seat,), entry = make_body(name(), 1)
    reviewing.save_review(actor=seat, entry=entry, scores={}, comment="")
    with without_row_locks():
        assert outcomes(interleave(workflow.access, "ensure", submit(seat, entry), submit(seat, entry))) == {"done": 1, "IntegrityError": 1}
    assert Entry.objects.using("reviewing").get(pk=entry.pk).review_count == 1


def test_reviews_of_many_reviewers_at_once_all_count():
    seats, entry = make_body(name(), MANY)
    answers = outcomes(at_once(*[submit(seat, entry) for seat in seats]))
    assert (answers, sums(entry)) == ({"done": MANY}, (MANY, MANY * 500, MANY))


def test_five_hundred_reviewers_saving_drafts_at_once_lose_nothing():
    """Each of 500 saves what only this one wrote, 40 at a time as the workers of a busy server would."""
    seats, entry = make_body(name(), 500)
    parts = [seats[start::40] for start in range(40)]

    def save(part):
        def do():
            for seat in part:
                own = Seat.objects.using("reviewing").get(pk=seat.pk)
                at = Entry.objects.using("reviewing").get(pk=entry.pk)
                reviewing.save_review(actor=own, entry=at, scores={"impact": seat.pk % 11}, comment=f"Luonnos {seat.pk}.")

        return do

    answers = outcomes(at_once(*[save(part) for part in parts]))
    kept = dict(Review.objects.using("reviewing").filter(entry=entry).values_list("seat", "comment"))
    assert (answers, kept) == ({"done": 40}, {seat.pk: f"Luonnos {seat.pk}." for seat in seats})


def test_an_absence_recorded_while_others_submit_leaves_their_sums():
    """Both lock an entry and the log: in one order, or the database would break one of them off."""
    seats, entry = make_body(name(), 20)
    leaving, staying = seats[:10], seats[10:]
    for seat in leaving:
        submit(seat, entry)()

    def leave(seat):
        return lambda: reviewing.record_absence(actor=audit.System(), seat=Seat.objects.using("reviewing").get(pk=seat.pk), reason="sick")

    with slow(workflow.audit, "record", 0.005):
        answers = at_once(*[leave(seat) for seat in leaving], *[submit(seat, entry) for seat in staying])
    assert (outcomes(answers), sums(entry)) == ({"done": 20}, (10, 10 * 500, 20))


# The log and the outbox


def append_many(code):
    return at_once(*[lambda: in_transaction(code)] * MANY)


@transaction.atomic
def in_transaction(code):
    return audit.record("thing.done", actor=audit.System(), competition=code, thing="thing/1")


def test_events_written_at_once_make_one_chain():
    code = name()
    assert sorted(event.number for event in append_many(code)) == list(range(1, MANY + 1))
    assert chain_holds("default", code)


def test_without_the_lock_the_constraint_refuses_the_second_of_a_number():
    code = name()
    with without_row_locks(AuditChain):
        assert outcomes(append_many(code))["IntegrityError"] > 0
    assert AuditEvent.objects.filter(chain__competition=code).count() < MANY


def send_by_two_workers(code):
    for number in range(20):
        post.queue(to=f"{number}-{code}@example.org", language="fi", template="accounts_unknown", context={}, event=f"news/{code}")
    Message.objects.filter(sent_at=None).exclude(event=f"news/{code}").update(sent_at=clock.now())
    mail.outbox.clear()
    with slow(mail.EmailMessage, "send", 0.01):
        answers = at_once(post.send_waiting, post.send_waiting)
    return sum(answers), Counter(message.to[0] for message in mail.outbox)


def test_two_workers_send_each_mail_once():
    code = name()
    sent, received = send_by_two_workers(code)
    assert (sent, received) == (20, Counter(f"{number}-{code}@example.org" for number in range(20)))


def test_without_the_lock_two_workers_send_twice():
    with without_row_locks():
        _, received = send_by_two_workers(name())
    assert max(received.values()) == 2


def test_a_queued_mail_is_one_row_however_often_it_is_queued_at_once():
    code = name()

    @transaction.atomic
    def queue():
        return post.queue(to=f"{code}@example.org", language="fi", template="accounts_unknown", context={}, event=f"news/{code}")

    assert len({message.pk for message in at_once(*[queue] * MANY)}) == 1


def test_a_deadlock_would_be_seen_here():
    """The control of all tests above that demand `done`: two rows locked crosswise break one of the two off."""
    (one, other), _ = make_body(name(), 2)

    def cross(first, second):
        @transaction.atomic(using="reviewing")
        def do():
            workflow.lock(Seat.objects.using("reviewing").get(pk=first.pk))
            threading.Event().wait(0.2)
            return workflow.lock(Seat.objects.using("reviewing").get(pk=second.pk))

        return do

    assert outcomes(at_once(cross(one, other), cross(other, one))) == {"done": 1, OperationalError.__name__: 1}
