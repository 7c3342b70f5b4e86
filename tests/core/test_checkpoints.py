"""Checkpoints: on a fixed timetable, blinded while a competition runs, revealed with all they held, and detected when one is changed (S47)."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from klash.core import audit, checkpoints, clock, keys
from klash.core.models import AuditChain, AuditEvent, Checkpoint
from klash.portal import verifier

pytestmark = pytest.mark.django_db(databases="__all__")
AT = datetime(2026, 3, 2, 10, 20, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def before():
    """Let what is logged without a time of its own be of the time of the first checkpoint."""
    with clock.at(AT):
        yield


def record(n, using="default"):
    for i in range(n):
        audit.record("thing.done", actor=audit.System(), competition="c", thing=f"thing/{i}", body={"i": i}, using=using)


def published(at):
    with clock.at(at):
        return checkpoints.publish_due()


def told():
    (tree,) = checkpoints.published("c")
    return tree["checkpoints"]


def faults():
    (verdict,) = audit.verify()
    return verdict.faults


def test_a_planned_hour_gets_one_checkpoint_whether_or_not_anything_happened():
    record(3)
    assert [published(AT), published(AT), published(AT + HOUR), published(AT + 5 * HOUR)] == [1, 0, 1, 1]
    assert [row.at.hour for row in Checkpoint.objects.all()] == [10, 11, 15]
    assert set(Checkpoint.objects.values_list("size", flat=True)) == {3} and faults() == ()


def test_log_blind_while_open():
    """What is published of a log that grows and of one that rests differs in nothing but the hash itself."""
    record(1)
    published(AT)
    published(AT + HOUR)
    record(200)
    published(AT + 2 * HOUR)
    rows = told()
    assert [sorted(row) for row in rows] == [["at", "blinded", "published_at"]] * 3
    assert len({row["blinded"] for row in rows}) == 3 and {len(row["blinded"]) for row in rows} == {64}


def test_what_is_revealed_is_what_was_published_blinded():
    record(3)
    published(AT)
    before = told()
    record(2)
    with clock.at(AT + HOUR):
        assert (checkpoints.reveal("c"), checkpoints.reveal("c")) == (1, 0)
    rows = told()
    assert [{name: row[name] for name in before[0]} for row in rows[:1]] == before and [row["size"] for row in rows] == [3, 5]
    for row in rows:
        text = checkpoints.note("127.0.0.1:8000/c/identities", row["size"], row["root"], datetime.fromisoformat(row["at"]))
        assert hashlib.sha256(bytes.fromhex(row["nonce"]) + text + bytes.fromhex(row["signature"])).hexdigest() == row["blinded"]
        assert keys.is_signed(row["key"], text, row["signature"]) and verifier.is_signed(row["key"], text, row["signature"])
        assert not verifier.is_signed(row["key"], text + b"x", row["signature"])


def test_a_revealed_log_that_rests_gets_no_more_checkpoints_and_one_that_grows_does():
    record(1)
    with clock.at(AT):
        checkpoints.reveal("c")
    assert published(AT + HOUR) == 0
    record(1)
    assert published(AT + 2 * HOUR) == 1


@pytest.mark.parametrize(("change", "words"), [
    ({"root": "0" * 64}, "the log is not the one"), ({"size": 1}, "the log is not the one"), ({"signature": "0" * 128}, "the signature"),
    ({"nonce": "0" * 64}, "is another one"), ({"blinded": "0" * 64}, "is another one"), ({"key": "0" * 64}, "the signature"), ({"at": AT + HOUR}, "the signature"),
])
def test_a_changed_checkpoint_is_detected(change, words):
    record(3)
    published(AT)
    Checkpoint.objects.update(**change)
    assert any(words in fault for fault in faults())


def test_seeded_fault_a_log_that_was_written_anew_does_not_fit_its_checkpoints():
    """Whoever rewrites events and every hash after them is caught by what was published before."""
    record(3)
    published(AT)
    event = AuditEvent.objects.get(number=2)
    event.body = {"i": 9}
    event.body_hash = audit._body_hash(event)
    event.leaf = audit.leaf_of(event).hex()
    event.save()
    frontier = []
    for size, row in enumerate(AuditEvent.objects.order_by("number")):
        frontier = audit.merkle.appended(frontier, size, bytes.fromhex(row.leaf))
    AuditChain.objects.update(head=audit.merkle.root(frontier).hex(), frontier="".join(part.hex() for part in frontier))
    assert [fault for fault in faults() if "checkpoint" not in fault] == []
    assert any("the log is not the one of the checkpoint" in fault for fault in faults())
