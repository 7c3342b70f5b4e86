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
from klash.proposals.models import Proposal, Version
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
    proposal, discarded = Proposal.objects.get(team=row.team), files.store_upload(upload(), clock.now())

    def act():
        files.discard(discarded)
        proposals.attach_file(actor=row.leader, proposal=proposal, uploaded=upload())
        proposals.submit_proposal(actor=row.leader, proposal=Proposal.objects.get(pk=proposal.pk), idempotency_key="a" * 32)

    threads = []

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
            return sum(not is_kept(moment, key, sha256) for key, sha256 in named(moment.readers["default"], proposal, discarded))


def named(using, proposal, discarded):
    """Return key and hash of each file of these two that a row names, from the version's own lists."""
    rows = dict(StoredFile.objects.using(using).filter(key=discarded.key).values_list("key", "sha256"))
    for version in Version.objects.using(using).filter(proposal=proposal.pk):
        hashes = [part["sha256"] for part in version.manifest if part["part"].startswith("file/")]
        rows |= dict(zip(version.file_keys, hashes, strict=True))
    return list(rows.items())


def is_kept(moment, key, sha256):
    path = moment.folder / key
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


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
