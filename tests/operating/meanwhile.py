"""What others do while a moment is held. For SQLite and PostgreSQL alike; what is written here is committed."""

import hashlib
import threading
from contextlib import contextmanager, nullcontext
from datetime import timedelta

from django.db import transaction

from klash.core import audit, clock
from klash.core.models import AuditChain
from klash.files import services as files
from klash.files.models import StoredFile
from klash.operating import moments
from klash.proposals import services as proposals
from klash.proposals.models import Proposal, SealedPart
from tests.proposals.pdf import upload
from tests.proposals.race import in_thread, make_stage_for


@contextmanager
def patched(**names):
    kept = {name: getattr(moments, name) for name in names}
    vars(moments).update(names)
    try:
        yield kept
    finally:
        vars(moments).update(kept)


def lost_files(code, folder, *, is_paused=True, files_first=False):
    """Hold a moment while a team submits a file and another file is discarded; return how many files the moment's rows name in vain.

    is_paused=False, files_first=True: the seeded faults.
    """
    row = make_stage_for(code, clock.now() + timedelta(days=1))
    proposal, discarded = Proposal.objects.get(team=row.team), files.take_in_upload(upload(), clock.now())
    discarded.save()

    def act():
        files.discard(discarded)
        proposals.attach_file(actor=row.leader, proposal=proposal, uploaded=upload())
        proposals.submit_proposal(actor=row.leader, proposal=Proposal.objects.get(pk=proposal.pk), idempotency_key="a" * 32)

    discarded_pk, threads = discarded.pk, []

    def first_then_others(first):
        def do(given):
            answer = first(given)
            threads.append(in_thread(act))
            threads[0][0].join(1)
            return answer

        return do

    faults = {} if is_paused else {"paused": nullcontext}
    with patched(**faults):
        freeze, keep = moments.freeze, moments.keep_files
        orders = {"freeze": first_then_others(freeze)}
        if files_first:  # the frozen readers come last
            readers = []
            orders = {"freeze": readers.append, "keep_files": lambda given: [first_then_others(keep)(given), freeze(readers[0])][0]}
        with patched(**orders), moments.held(folder) as moment:
            threads[0][0].join(60)
            assert threads[0][1].get("error") is None, threads[0][1]
            return sum(not is_kept(moment, name, sha256) for name, sha256 in named(moment.readers["default"], proposal, discarded_pk))


def named(using, proposal, discarded):
    """Return the names of the files that the rows of these two name, and the hash of each if a row has it."""
    stored = StoredFile.objects.using(using).filter(pk=discarded).values_list("original", "rebuilt", "facts", "picture")
    rows = {name: None for row in stored for name in row if name}
    return list({**rows, **dict(SealedPart.objects.using(using).filter(version__proposal=proposal.pk).values_list("blob", "sha256"))}.items())


def is_kept(moment, name, sha256):
    path = moment.folder / name
    return path.exists() and sha256 in (None, hashlib.sha256(path.read_bytes()).hexdigest())


def widest_gap(folder, *, is_paused=True, moments_held=5):
    """Hold moments while somebody writes each thing here, then there; return by how many things the two databases differed at most."""
    stop = threading.Event()

    def write(using):
        with transaction.atomic(using=using):
            audit.record("thing.done", actor=audit.System(), competition="pair", thing="thing/1", using=using)

    def keep_writing():
        while not stop.wait(0.01):
            write("default")
            write("reviewing")

    def slow_freeze(readers):
        for alias, using in readers.items():
            real({alias: using})
            stop.wait(0.3)

    gaps = []
    write("default")
    write("reviewing")
    thread, kept = in_thread(keep_writing)
    with patched(**({} if is_paused else {"paused": nullcontext})), patched(freeze=slow_freeze) as before:
        real = before["freeze"]
        for number in range(moments_held):
            with moments.held(folder / str(number)) as moment:
                lengths = [AuditChain.objects.using(using).get(competition="pair").length for using in moment.readers.values()]
                gaps.append(abs(lengths[0] - lengths[1]))
    stop.set()
    thread.join(60)
    assert kept.get("error") is None, kept
    return max(gaps)
