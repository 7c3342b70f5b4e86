"""A17, A18: two persons who run the competition open together before the deadline: the keys' holder refuses, or what they did cannot be undone unseen."""

from datetime import timedelta

import pytest

from klash.core import audit, checkpoints, clock
from klash.core.errors import Denied, Refused
from klash.core.models import AuditEvent, Checkpoint
from klash.proposals import services
from klash.proposals.models import Opening, Version
from klash.proposals.services.sealing import open_versions, rehearse_keys
from tests.core.test_holder import FileHolder, listening
from tests.faults.test_seeded import delete, rewrite_chain
from tests.sealing.test_services_down import hand_in, nobody  # noqa: F401

MOVED, GONE, OTHER = "heads an event of a later time: a clock was moved", "is missing", "the log is not the one of the checkpoint"


@pytest.fixture
def sealed(stage, hand_in):  # noqa: F811
    """The team has submitted; the deadline is in a day by every clock."""
    rehearse_keys(actor=stage.organiser, challenge=stage.challenge)
    assert hand_in() == (302, 200)
    checkpoints.publish_due()
    return stage


def faults():
    """Return what `verify` says of the log; the rows of this competition were made past it."""
    return [fault for verdict in audit.verify() for fault in verdict.faults]


def open_early(stage):
    """Do as two persons who also move the clock of the process beyond the deadline; return what they then read."""
    with clock.at(stage.stage.closes_at + timedelta(hours=1)):
        opening = services.request_opening(actor=stage.organiser, challenge=stage.challenge)
        services.confirm_opening(actor=stage.registrar, opening=opening)
        return open_versions(Opening.objects.get(), list(Version.objects.all()))


def an_hour_later():
    with clock.at(clock.now() + timedelta(hours=1)):
        checkpoints.publish_due()


def test_before_the_deadline_the_pages_and_the_holder_refuse(sealed):
    with pytest.raises(Denied):
        services.request_opening(actor=sealed.organiser, challenge=sealed.challenge)
    opening = Opening.objects.create(challenge=sealed.challenge, requested_by=sealed.organiser, requested_at=clock.now(), state="requested")
    audit.record("opening.fixed", actor=sealed.registrar, competition=sealed.code, thing=f"opening/{opening.code}", body={"commitments": []})
    with pytest.raises(Refused, match="keys_refused: .* deadline has not passed"):
        open_versions(opening, list(Version.objects.all()))


def test_a_holder_with_a_clock_of_its_own_refuses_though_that_of_the_process_is_moved(sealed, home, settings):
    with listening(FileHolder(home / "keys"), home / "s") as remote:
        settings.KLASH_KEY_HOLDER = f"unix:{remote.address}"
        with pytest.raises(Refused, match="keys_refused: .* deadline has not passed"):
            open_early(sealed)
    an_hour_later()
    assert any(MOVED in line for line in faults())  # even the attempt is told


# what they do to hide it -> what `verify` says; each has the rights of the databases' owner and the key that signs the log
HIDDEN = {
    "nothing": (lambda code: None, MOVED),
    "the events are deleted": (lambda code: delete(AuditEvent.objects.filter(what__startswith="opening.")), GONE),
    "the last events are deleted": (lambda code: delete(AuditEvent.objects.filter(pk__gte=AuditEvent.objects.get(what="opening.requested").pk)), "the tree's head"),
    "their times are changed": (lambda code: AuditEvent.objects.filter(what__startswith="opening.").update(at=clock.now()), "is not the one that was written"),
    "the log is written anew": (lambda code: keep_checkpoints(lambda: rewrite_chain(code, "default", without=["opening.requested", "opening.fixed"])), OTHER),
}


def keep_checkpoints(work):
    kept = list(Checkpoint.objects.all())
    work()
    Checkpoint.objects.bulk_create(kept, ignore_conflicts=True)


@pytest.mark.parametrize("way", HIDDEN)
def test_early_opening_leaves_trace(sealed, way):
    hide, told = HIDDEN[way]
    assert faults() == []
    opened = open_early(sealed)
    assert [row.content["title"] for row in opened.values()] == ["t"]  # on one machine, whoever has its clock has its keys
    audit.record("proposal.saved", actor=sealed.leader, competition=sealed.code, thing=f"proposal/{sealed.code}")
    an_hour_later()
    hide(sealed.code)
    assert [line for line in faults() if told in line] != []


def test_with_the_checkpoints_written_anew_the_published_ones_are_missing(sealed):
    """What they sign anew is whole in itself; but the hashes that anybody may have kept, as each receipt has, are not among it."""
    open_early(sealed)
    an_hour_later()
    kept = {row["blinded"] for tree in checkpoints.published(sealed.code) for row in tree["checkpoints"]}
    delete(Opening.objects.all())
    rewrite_chain(sealed.code, "default", without=["opening.requested", "opening.fixed"])
    with clock.at(clock.now() + timedelta(hours=2)):
        checkpoints.publish_due()
    assert faults() == []
    assert not kept <= {row["blinded"] for tree in checkpoints.published(sealed.code) for row in tree["checkpoints"]}


def test_seeded_fault_without_the_times_of_checkpoints_nothing_is_told(sealed, monkeypatch):
    monkeypatch.setattr(checkpoints, "SLACK", timedelta(days=9))
    open_early(sealed)
    an_hour_later()
    assert faults() == []
