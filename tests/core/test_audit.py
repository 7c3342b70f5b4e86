import pytest
from django.db import transaction

from klash.core import audit, merkle
from klash.core.models import AuditChain, AuditEvent

pytestmark = pytest.mark.django_db(databases="__all__")


def record(n, using="default"):
    return [audit.record("thing.done", actor=audit.System(), competition="c", thing=f"thing/{i}", body={"i": i}, using=using) for i in range(n)]


@pytest.mark.parametrize("using", ["default", "reviewing"])
def test_an_untouched_chain_verifies(using):
    events = record(3, using)
    (verdict,) = audit.verify(using)
    assert (verdict.length, verdict.head, verdict.faults) == (3, merkle.root_of([bytes.fromhex(event.leaf) for event in events]).hex(), ())


@pytest.mark.parametrize(
    "edit",
    [
        lambda: AuditEvent.objects.filter(number=2).update(body={"i": 9}),
        lambda: AuditEvent.objects.filter(number=2).update(actor="other"),
        lambda: AuditEvent.objects.filter(number=2).update(what="thing.undone"),
        lambda: AuditEvent.objects.filter(number=2).update(thing="thing/9"),
        lambda: AuditEvent.objects.filter(number=2).update(salt="0" * 32),
        lambda: AuditEvent.objects.filter(number=2).delete(),
        lambda: AuditEvent.objects.filter(number=3).delete(),
        lambda: AuditChain.objects.update(head="0" * 64),
        lambda: AuditChain.objects.update(length=9),
    ],
)
def test_every_edit_is_detected(edit):
    record(3)
    edit()
    (verdict,) = audit.verify()
    assert verdict.faults


def test_a_body_can_be_erased_and_the_chain_still_holds():
    record(3)
    AuditEvent.objects.filter(number=2).update(body=None, salt="")
    (verdict,) = audit.verify()
    assert verdict.faults == ()


def test_many_events_at_once_stand_in_the_tree_as_one_by_one(django_assert_num_queries):
    first, actor = record(2), audit.System()
    with django_assert_num_queries(4):
        more = audit.record_all([("thing.done", f"thing/{i}", {"i": i}) for i in range(2, 5)], actor=actor, competition="c")
    assert audit.record_all([], actor=actor, competition="c") == []
    (verdict,) = audit.verify()
    assert (verdict.length, verdict.head, verdict.faults) == (5, merkle.root_of([bytes.fromhex(event.leaf) for event in (*first, *more)]).hex(), ())
    assert list(AuditEvent.objects.order_by("number").values_list("number", "thing")) == [(i + 1, f"thing/{i}") for i in range(5)]


def test_an_event_of_a_rolled_back_change_leaves_no_trace():
    record(1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(1)
        raise ZeroDivisionError
    (verdict,) = audit.verify()
    assert (verdict.length, verdict.faults) == (1, ())
