"""Each wall has faults that break it, and the check that then reports them.

Walls 1 (two databases), 3 (every change is an event), 4 (one side), 5 (the clock) and 6 (the outbox) of the spine. What needs threads to
be seen is broken in tests/postgres/test_at_once.py and test_race.py instead.
"""

import io
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connections, transaction
from django.db.models import F

from klash.accounts.models import ReviewerHandle, RoleGrant, Standing, User
from klash.awards.models import Award, Placing
from klash.challenges.models import Challenge
from klash.competitions.models import Promise, RulingLine, Stage
from klash.competitions.models import Question as Asked
from klash.core import audit, clock, databases, merkle
from klash.core.models import AuditChain, AuditEvent, Checkpoint
from klash.files import blobs
from klash.interests.models import Interest
from klash.post import services as post
from klash.post.models import Message
from klash.problems.models import Problem, Tally
from klash.proposals.models import BlindLink, Proposal, SealedPart, TeamQuestion, Version
from klash.reviewing.models import AnswerText, Criterion, Entry, EntryFile, Meeting, Question, Report, Review, Round, Seat, Signature
from klash.rules.roles import Role
from klash.teams.models import Application
from tests.guards import unguard, unguard_minutes

JURY = "reviewing"
MS = timedelta(milliseconds=1)


def faults(verify=lambda: call_command("verify", stdout=io.StringIO())):
    """Return the lines that `verify` reports."""
    try:
        verify()
    except CommandError as error:
        return str(error).splitlines()[1:]
    return []


def first(model, using="default", **where):
    return model.objects.using(using).filter(**where).order_by("pk")[:1]


def one(model, using="default", **where):
    """The first row as a query that can be updated or deleted past all services."""
    return model.objects.using(using).filter(pk__in=[row.pk for row in first(model, using, **where)])


def delete(rows):
    with connections[rows.db].constraint_checks_disabled():
        rows._raw_delete(rows.db)


def swap(rows, column):
    """Exchange a column of two rows."""
    a, b = rows.order_by("pk")[:2]
    kept = getattr(a, column), getattr(b, column)
    spare = rows.model.objects.using(rows.db)
    with connections[rows.db].constraint_checks_disabled():
        spare.filter(pk=a.pk).update(**{column: 999_999_999 if isinstance(kept[0], int) else "spare"})
        spare.filter(pk=b.pk).update(**{column: kept[0]})
        spare.filter(pk=a.pk).update(**{column: kept[1]})


def rewrite_chain(competition, using, *, without=()):
    """Delete events, make every hash anew and let the checkpoints go, as one who knows the code and nobody watches would."""
    chain = AuditChain.objects.using(using).get(competition=competition)
    delete(Checkpoint.objects.using(using).filter(chain=chain))
    delete(AuditEvent.objects.using(using).filter(chain=chain, what__in=without))
    frontier, number = [], 0
    for event in AuditEvent.objects.using(using).filter(chain=chain).order_by("number"):
        number += 1
        event.number, event.body_hash = number, audit._body_hash(event)
        event.leaf = audit.leaf_of(event).hex()
        frontier = merkle.appended(frontier, number - 1, bytes.fromhex(event.leaf))
        event.save(using=using)
    AuditChain.objects.using(using).filter(pk=chain.pk).update(head=merkle.root(frontier).hex(), frontier="".join(part.hex() for part in frontier), length=number)


def exchange_file():
    path = blobs.path_of(SealedPart.objects.filter(part="file/1").order_by("pk")[0].blob)
    kept = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(kept[:-1] + b"!")
    return lambda: path.write_bytes(kept)


def forge_receipt(**told):
    version = one(Version)[0]
    Version.objects.filter(pk=version.pk).update(document={**version.document, **told})


def forge_copy():
    """Change what the jury reads together with the jury's whole log, in a copy of which nothing was left out."""
    entry = Entry.objects.using(JURY).filter(round__kind="proposals", redactions=None).order_by("pk")[0]
    entry.title = "Muu"
    entry.save(using=JURY)
    contents = [bytes(file.content) for file in entry.files.using(JURY).order_by("number")]
    forged = audit.sha256("klash/1/entry", audit.canonical([entry.title, entry.sections]), *contents)
    AuditEvent.objects.using(JURY).filter(thing=f"entry/{entry.code}").update(body={"content": forged, "after": forged})
    rewrite_chain("rehearsal-7", JURY)


# what is edited: (the edit, past the services and straight in the tables; a word of the fault that must be told)
EDITS = {
    "a score": (lambda: unguard(one(Review, JURY)).update(scores={"impact": 10}), "scores or comment are not those that the log knows"),
    "the points of a review": (lambda: unguard(one(Review, JURY)).update(points=F("points") + 1), "the points are not the sum of its scores"),
    "the weight of a review": (lambda: unguard(one(Review, JURY)).update(weight=F("weight") + 1), "the weight is not that of the criteria that it scored"),
    "a criterion becomes optional": (lambda: one(Criterion, JURY, round__kind="proposals").update(is_required=False), "the criteria are not those that were announced"),
    "the entry that divides most": (lambda: one(Entry, JURY, is_divided=False, round__kind="proposals").update(is_divided=True), "the places of its entries do not follow"),
    "the sum of an entry": (lambda: one(Entry, JURY).update(points=F("points") + 1), "do not follow from its reviews"),
    "a review is deleted": (lambda: delete(unguard(one(Review, JURY))), "the row is gone"),
    "a review is drawn back": (lambda: unguard(one(Review, JURY)).update(state="draft", submitted_at=None), "the state is draft, the log says review.submitted"),
    "a juror is made absent": (lambda: one(Seat, JURY, round__kind="proposals").update(is_absent=True), "its part is not the one that the log knows"),
    "the weight of a criterion": (lambda: one(Criterion, JURY, round__kind="problems").update(weight=F("weight") + 1), "the criteria are not those that were announced"),
    "the method of a round": (lambda: one(Round, JURY, kind="proposals").update(method="borda"), "the rules are not those under which it opened"),
    "the tie rule of a round": (lambda: one(Round, JURY, kind="problems").update(tie_rule="lot"), "the rules are not those under which it opened"),
    "the lot's seed": (lambda: one(Round, JURY).update(lot_seed="0" * 32), "the seed of the lot is not the one that was drawn"),
    "an entry's value": (lambda: one(Entry, JURY, round__kind="proposals").update(value="99/1"), "the places of its entries do not follow"),
    "the result in the jury's log": (lambda: rewrite_chain("rehearsal-7", JURY, without=["round.counted"]), "the result in the log does not follow"),
    "the chair of a panel": (lambda: one(Seat, JURY, is_chair=True).update(is_chair=False), "its part is not the one that the log knows"),
    "the text of an entry": (lambda: one(Entry, JURY).update(title="Muu"), "title, texts or files are not those that were written"),
    "a file of an entry": (lambda: one(EntryFile, JURY).update(content=b"%PDF-1.7 muu"), "title, texts or files are not those that were written"),
    "an entry is deleted": (lambda: delete(one(Entry, JURY, round__kind="proposals")), "the row is gone"),
    "the ranking of a report": (lambda: one(Report, JURY).update(ranking=[]), "the signed ranking does not follow from the reviews"),
    "the reasons of a report": (lambda: one(Report, JURY).update(reasons={}), "the text is not the one that was signed"),
    "a signature": (lambda: delete(one(Signature, JURY)), "a signature is missing"),
    "approved minutes": (lambda: one(Meeting, JURY).update(minutes={"muu": 1}), "the minutes are not those that were approved"),
    "a released decision": (lambda: one(RulingLine).update(is_taken=None), "the decisions are not those that were released"),
    "a question of the form": (lambda: one(Asked, form__kind="proposals").update(hard_words=F("hard_words") + 1), "it is not the one that was frozen"),
    "a question of the jury": (lambda: past_the_minutes(one(Question, JURY)).update(text="Muu?"), "the question is not the one that was asked"),
    "an answer at the jury": (lambda: past_the_minutes(one(AnswerText, JURY)).update(hash="0" * 64), "the answers are not those that the log knows"),
    "a question to a team": (lambda: past_the_minutes(one(TeamQuestion)).update(text={"text": "Muu?"}), "question or answer are not those that the log knows"),
    "a promise": (lambda: one(Promise).update(low=F("low") + 1), "it is not what was promised or marked"),
    "a published brief": (lambda: one(Challenge).update(title={"fi": "Muu"}), "the brief is not the one that was published"),
    "a reported text": (lambda: one(Problem, state="not_chosen").update(summary="Muu"), "the text is not the one that was submitted"),
    "an application": (lambda: one(Application, state="admitted").update(answers={"idea": "Muu"}), "the text is not the one that was submitted"),
    "a tally": (lambda: one(Tally).update(led=F("led") + 1), "the tallies are not the number of its problems"),
    "the state of a round": (lambda: one(Round, JURY).update(state="open"), "the state is open, the log says round.complete"),
    "an event of the jury": (lambda: one(AuditEvent, JURY).update(what="round.unmade"), "is not the one that was written"),
    "the body of an event": (lambda: one(AuditEvent, what="proposal.submitted").update(body={}), "the body of event"),
    "who did it": (lambda: one(AuditEvent, what="proposal.submitted").update(actor="system"), "is not the one that was written"),
    "when it was done": (lambda: one(AuditEvent, what="proposal.submitted").update(at=F("at") - MS), "is not the one that was written"),
    "an event is deleted": (lambda: delete(one(AuditEvent, what="role.granted")), "is missing"),
    "the last event is deleted": (lambda: delete(AuditEvent.objects.filter(pk__in=[AuditEvent.objects.order_by("pk").last().pk])), "the log holds"),
    "two events are swapped": (lambda: swap(AuditEvent.objects.filter(what="problem.submitted"), "number"), "is not the one that was written"),
    "the head of the log": (lambda: AuditChain.objects.update(head="0" * 64), "the tree's head"),
    "the log is written anew": (lambda: rewrite_chain("rehearsal-7", "default", without=["proposal.submitted"]), "are not those that the log knows"),
    "the jury's log is written anew": (lambda: rewrite_chain("rehearsal-7", JURY, without=["review.submitted"]), "scores or comment are not those that the log knows"),
    "an assignment is not in the log": (lambda: rewrite_chain("rehearsal-7", JURY, without=["round.assigned"]), "the log did not assign it"),
    "a comment": (lambda: unguard(one(Review, JURY)).update(comment="Muu."), "scores or comment are not those that the log knows"),
    "a receipt is backdated": (lambda: one(Version).update(received_at=F("received_at") - MS), "time, lateness, proposal or contents are not those"),
    "a late one counts as in time": (
        lambda: (one(Version).update(is_late=True, received_at=F("deadline_at") + MS)), "time, lateness, proposal or contents are not those",
    ),
    "a sealed part is deleted": (lambda: delete(one(SealedPart, part="text")), "the part text is not the one that was received"),
    "the list of parts": (lambda: forge_receipt(manifest={"language": "fi", "parts": []}), "the list of parts is not the one that was received"),
    "a receipt is signed by another": (lambda: forge_receipt(stands="other"), "its signature does not hold"),
    "a rival vanishes": (lambda: [delete(SealedPart.objects.filter(version=one(Version)[0])), delete(one(Version))], "the version is gone"),
    "a received file is exchanged": (exchange_file, "the part file/1 is not the one that was received"),
    "a blind copy and the jury's log": (forge_copy, "it is not what was received"),
    "two blind copies are swapped": (lambda: swap(BlindLink.objects.filter(opening=BlindLink.objects.order_by("pk")[0].opening), "entry_code"), "it is not what was received"),
    "a blind copy has no version": (lambda: delete(one(BlindLink)), "the blind copies are not the set that was fixed"),
    "a proposal is withdrawn": (lambda: one(Proposal).update(state="withdrawn"), "the state is withdrawn, the log says proposal.opened"),
    "a problem is chosen": (lambda: one(Problem, state="not_chosen").update(state="chosen"), "the state is chosen, the log says problem.not_chosen"),
    "a team is admitted": (lambda: one(Application, state="on_reserve").update(state="admitted"), "the state is admitted, the log says application.on_reserve"),
    "a place": (lambda: one(Placing).update(place=F("place") + 5), "the places are not those of the signed report"),
    "the winner": (lambda: Placing.objects.update(is_winner=~F("is_winner")), "the winners are not those that were decided"),
    "the report of an award": (lambda: one(Award).update(report_hash="0" * 64), "the report is not the one of which note was taken"),
    "a deadline": (lambda: one(Stage, kind="proposals").update(closes_at=F("closes_at") + timedelta(hours=1)), "it does not open and close as the log says"),
    "a role is slipped in": (lambda: slip_role_in(), "does not follow from the log"),
    "an interest is slipped in": (lambda: slip_interest_in(), "it is not what its owner declared"),
    "a seat without a reviewer": (lambda: delete(one(ReviewerHandle)), "nobody holds it and nobody is invited to it"),
    "a reviewer without a seat": (lambda: ReviewerHandle.objects.create(person=User.objects.order_by("pk")[0], handle="x" * 32), "it has no seat"),
    "a role lasts on": (lambda: one(RoleGrant, role="organiser").update(ended_at=clock.now()), "does not follow from the log"),
}


def past_the_minutes(rows):
    unguard_minutes()
    return rows


def slip_role_in():
    person = User.objects.filter(standings=None).order_by("pk").first()
    standing = Standing.objects.create(person=person, competition="rehearsal-7", side="running")
    RoleGrant.objects.create(standing=standing, role="organiser", side="running", granted_at=clock.now(), granted_by="system")


def slip_interest_in():
    Interest.objects.create(person=User.objects.order_by("pk")[0], kind="family", about="person", name="Aino Aalto", declared_at=clock.now())


def test_what_was_not_edited_holds(staged):
    with staged.at("end"):
        assert faults() == []


@pytest.mark.parametrize("name", EDITS)
def test_verify_detects(staged, name):
    edit, told = EDITS[name]
    with staged.at("end"):
        undo = edit()
        try:
            found = faults()
        finally:
            if callable(undo):
                undo()
    assert [line for line in found if told in line] != [], found


# the check that alone sees the edit: the edit
NEEDED = {
    "faults_of_states": "a team is admitted", "faults_of_receipts": "a receipt is backdated", "faults_of_openings": "a blind copy and the jury's log",
    "faults_of_questions": "a question of the jury", "faults_of_team_questions": "a question to a team",
    "faults_of_awards": "the winner", "faults_of_deadlines": "a deadline", "faults_of_rulings": "a released decision", "faults_of_tallies": "a tally", "faults_of_problems": "a reported text",
    "faults_of_applications": "an application",
    "faults_of_forms": "a question of the form", "faults_of_minutes": "approved minutes", "faults_of_roles": "a role is slipped in",
    "faults_of_seating": "a seat without a reviewer", "faults_of_interests": "an interest is slipped in", "faults_of_entries": "a file of an entry",
    "faults_of_seats": "the chair of a panel", "faults_of_assignments": "an assignment is not in the log",
    "faults_of_promises": "a promise", "faults_of_briefs": "a published brief",
}


def test_every_check_is_among_them():
    assert sorted(row[1]().__name__ for row in audit.rechecking.receivers) == sorted(NEEDED)


@pytest.mark.parametrize("check", NEEDED)
def test_without_the_check_the_edit_goes_unseen(staged, monkeypatch, check):
    monkeypatch.setattr(audit.rechecking, "receivers", [row for row in audit.rechecking.receivers if row[1]().__name__ != check])
    edit, _ = EDITS[NEEDED[check]]
    with staged.at("end"):
        edit()
        assert faults() == []


# Wall 1: two databases


def link_across():
    """Let a row of the reviewing database point to a person of the other."""
    handle = ReviewerHandle(handle="x")
    handle._state.db = JURY
    handle.person = User.objects.order_by("pk").first()


def test_no_row_points_across_unless_the_router_lets_it(staged, monkeypatch):
    with staged.at("end"):
        with pytest.raises(ValueError, match="prevents this relation"):
            link_across()
        monkeypatch.setattr(databases.Router, "allow_relation", lambda *args, **hints: True)
        link_across()


def test_no_table_of_the_jury_lies_with_the_identities_unless_the_router_lets_it(staged, monkeypatch):
    with staged.at("end"):
        tables = {alias: {name.partition("_")[0] for name in connections[alias].introspection.table_names()} for alias in connections}
        assert tables["default"] & {"reviewing"} == set()
        assert tables[JURY] == {"accounts", "auth", "core", "django", "post", "reviewing"}
        assert {model._meta.db_table for model in (Round, Entry, Review) if model.objects.db != JURY} == set()
        monkeypatch.setattr(databases.Router, "_alias", lambda self, app: "default")
        assert {model.objects.db for model in (Round, Entry, Review)} == {"default"}


# Wall 4: one side a person


def put_on_two_sides():
    grant = RoleGrant.objects.filter(role=Role.MENTOR).select_related("standing").order_by("pk").first()
    with transaction.atomic():
        RoleGrant.objects.create(standing=grant.standing, role=Role.JUROR, side="judging", granted_at=clock.now(), granted_by="system")


def test_the_triggers_refuse_a_second_side_and_verify_sees_it_without_them(staged):
    with staged.at("end"):
        with pytest.raises(IntegrityError, match="one side a person"):
            put_on_two_sides()
        with connections["default"].cursor() as cursor:
            cursor.execute("DROP TRIGGER role_on_own_side_insert")
        put_on_two_sides()
        assert any("stands on two sides" in line for line in faults())


# Wall 5: the clock


def call_late_in_time():
    with transaction.atomic():
        one(Version).update(received_at=F("deadline_at") + MS)


def test_the_database_refuses_a_late_version_in_time_and_verify_sees_it_without_that(staged):
    with staged.at("end"):
        with pytest.raises(IntegrityError, match="late_is_after_deadline"):
            call_late_in_time()
        with connections["default"].cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        call_late_in_time()
        assert any("time, lateness, proposal or contents" in line for line in faults())


# Wall 6: the outbox


def tell(send):
    """Tell a mail in a transaction that does not come about."""
    mail.outbox.clear()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        send()
        raise ZeroDivisionError
    post.send_waiting()
    return [message.to for message in mail.outbox if message.to == ["kuka@example.org"]]


def test_what_did_not_come_about_is_not_told_unless_it_is_sent_past_the_outbox(staged):
    letter = {"to": "kuka@example.org", "language": "fi", "template": "accounts_unknown", "context": {}, "event": "x"}
    with staged.at("end"):
        assert tell(lambda: post.queue(**letter)) == []
        assert tell(lambda: mail.EmailMessage("x", "x", to=["kuka@example.org"]).send()) == [["kuka@example.org"]]


def test_a_mail_is_sent_once_unless_it_is_not_marked(staged, monkeypatch):
    with staged.at("end"):
        waiting = Message.objects.filter(sent_at=None).count()
        counts = []
        for limit in (1000, 1000):
            counts.append(post.send_waiting(limit=limit))
        assert (counts, waiting > 0) == ([waiting, 0], True)
        Message.objects.update(sent_at=None)
        monkeypatch.setattr(Message, "save", lambda self, **options: None)
        assert [post.send_waiting(limit=5), post.send_waiting(limit=5)] == [5, 5]
