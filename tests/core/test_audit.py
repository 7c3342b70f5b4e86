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


def test_an_event_of_a_rolled_back_change_leaves_no_trace():
    record(1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(1)
        raise ZeroDivisionError
    (verdict,) = audit.verify()
    assert (verdict.length, verdict.faults) == (1, ())
