"""Kill a process that takes in a file and a proposal, at its steps and at random; prints what was found after each kill.

Run in a process of its own: `python -m tests.sealing.kills COMPETITION KILLS [FAULT]`, in KLASH_HOME and on its databases. Each try is a fork
that dies by SIGKILL. Steps are what it opens, renames and removes in its home, each sync of a disk, and each statement that writes and each commit
of either database. Half of the kills, at most one a step, are spread over the steps; the others come at a random instant.
"""

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections, transaction  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402

from klash.core import audit, chance, keys, sealing  # noqa: E402
from klash.core.models import AuditEvent  # noqa: E402
from klash.files import blobs  # noqa: E402
from klash.files import services as files  # noqa: E402
from klash.post.models import Message  # noqa: E402
from klash.proposals import services  # noqa: E402
from klash.proposals.models import Proposal, Version  # noqa: E402
from klash.proposals.services import writing  # noqa: E402
from tests.proposals.pdf import pdf_bytes, upload  # noqa: E402

HOME = Path(settings.KLASH_HOME)
STEPS = ("open", "os.rename", "os.remove", "os.mkdir", "os.link")
COMPETITION, FAULT = sys.argv[1], "".join(sys.argv[3:])
PDF = pdf_bytes(pages=2)


class Steps:
    """Counts the steps of this process and ends it at the one that was asked for."""

    def __init__(self, last):
        self.last, self.taken = last, 0

    def take(self):
        self.taken += 1
        if self.taken == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self):
        """Count every step; with a seeded fault the moments before and after each commit only, where it shows."""
        commit = BaseDatabaseWrapper._commit
        BaseDatabaseWrapper._commit = lambda connection: (self.take(), commit(connection), self.take())[1]
        if FAULT:
            return
        sys.addaudithook(lambda event, given: event in STEPS and any(str(HOME) in str(word) for word in given) and self.take())
        sync = os.fsync
        os.fsync = lambda handle: (self.take(), sync(handle))
        for connection in connections.all():
            connection.execute_wrappers.append(self.statement)

    def statement(self, execute, sql, *given):
        if not sql.startswith(("SELECT", "SAVEPOINT", "RELEASE", "PRAGMA")):
            self.take()
        return execute(sql, *given)


def killed(work, *, step=None, after_s=None):
    """Do the work in a fork that is killed at a step or after a time; return what it said before, its number of steps at last, and whether it was killed."""
    connections.close_all()
    read, write = os.pipe()
    if child := os.fork():
        os.close(write)
        if after_s is not None:
            time.sleep(after_s)
            os.kill(child, signal.SIGKILL)
        with os.fdopen(read) as said:
            lines = said.read().splitlines()
        code = os.waitpid(child, 0)[1]
        if code not in (0, signal.SIGKILL):
            raise SystemExit(f"step {step} ended with {code}")
        return lines, code == signal.SIGKILL
    steps = Steps(step)
    if step is not None:
        steps.watch()
    try:
        work(lambda line: os.write(write, f"{line}\n".encode()))
        os.write(write, f"{steps.taken}\n".encode())
    except BaseException as error:  # the parent tells of it
        os.write(2, f"{error!r}\n".encode())
        os._exit(1)
    os._exit(0)


def the_proposal():
    return Proposal.objects.select_related("team__challenge__competition").get(team__challenge__competition__code=COMPETITION)


def submit(key):
    proposal = the_proposal()
    leader = proposal.team.memberships.get().person
    return services.submit_proposal(actor=leader, proposal=proposal, idempotency_key=key)


def take_in(key):
    """Attach a file in the place of the one before and submit; say the receipt that was given."""

    def work(say):
        proposal = the_proposal()
        leader = proposal.team.memberships.get().person
        for row in proposal.attachments.all():
            services.detach_file(actor=leader, proposal=proposal, file=row.file)
        services.attach_file(actor=leader, proposal=proposal, uploaded=upload("liite.pdf", PDF))
        say(submit(key).receipt)

    return work


def faults_of_intake(given, key):
    """Return what is lost, doubled or half there after a kill; given: the receipts that the process handed out."""
    found = [f"receipt {receipt} is lost" for receipt in given if not Version.objects.filter(receipt=receipt).exists()]
    versions = list(Version.objects.filter(idempotency_key__startswith=key))
    found += [fault for version in versions for fault in faults_of_version(version)]
    for row in the_proposal().attachments.all():
        found += [] if files.read(row.file) == PDF else ["a file of the draft is another one"]
    again = submit(key).receipt
    kept = list(Version.objects.filter(idempotency_key__startswith=key).values_list("receipt", flat=True))
    before = [version.receipt for version in versions] or [again]
    return found + ([] if kept == before == [again] else [f"sent again, {before} became {kept}"])


def faults_of_version(version):
    """Return what of one version is not as its receipt says, opened with the keys as their holder keeps them."""
    manifest, parts = version.manifest, list(version.parts.all())
    attached = {row["part"]: row for row in manifest["parts"] if "blind" in row}
    wanted = {("blind", "text")} | {(envelope, part) for envelope in ("blind", "original") for part in attached}
    if {(row.envelope, row.part) for row in parts} != wanted:
        return [f"version {version.number} has the parts {[(row.envelope, row.part) for row in parts]}"]
    found = []
    try:
        plain = {(row.envelope, row.part): opened(row, version) for row in parts}
    except (blobs.Missing, sealing.Unopened) as error:
        return [f"version {version.number}: {error!r} cannot be opened"]
    for part, row in attached.items():
        hashes = files.sha256_of(plain["original", part]), files.sha256_of(plain["blind", part])
        found += [] if hashes == (row["sha256"], row["blind"]["sha256"]) else [f"version {version.number}: {part} is another one"]
    text = json.loads(plain["blind", "text"])
    for row in manifest["parts"]:
        if row["part"] not in attached and files.sha256_of({**text["sections"], "title": text["title"]}[row["part"]].encode()) != row["sha256"]:
            found.append(f"version {version.number}: {row['part']} is another one")
    told = {name: value for name, value in version.document.items() if name != "signature"}
    if not keys.is_signed(told["key"], audit.canonical(told), version.document["signature"]):
        found.append(f"version {version.number}: its receipt is not signed")
    events = AuditEvent.objects.filter(what="proposal.submitted", body__commitment=version.commitment).count()
    mails = Message.objects.filter(event=f"proposal.received/{version.receipt}").count()
    return found + ([] if (events, mails) == (1, 1) else [f"version {version.number} has {events} events and {mails} mails"])


def opened(row, version):
    """Open a part as its key's holder could."""
    purpose = "opening" if row.envelope == "blind" else "map"
    (key,) = sealing.take([bytes(row.box)], private_of(purpose, version.proposal.chain, version.proposal.team.challenge.code), sealing.PART_KEY)
    return sealing.open_part(sealing.Sealed(blobs.read(row.blob), bytes(row.box)), key, version.context(row.envelope, row.part))


def private_of(purpose, competition, challenge):
    return json.loads((HOME / "keys" / f"{purpose}.{competition}.{challenge}.box").read_text())["private"]


def kill_intake(kills):
    """Kill at the steps, or at some of them, then at random until there were so many kills."""
    killed(take_in("first-"))  # so that each later pass takes a file off as well
    began = time.monotonic()
    told, _ = killed(take_in("whole-"), step=0)
    whole_s, steps = time.monotonic() - began, int(told[-1])
    stride = 1 if FAULT else max(1, 2 * steps // kills)
    found = {"steps": steps, "at_steps": 0, "at_random": 0, "receipts": 0, "faults": []}

    def one(kind, key, **given):
        said, was_killed = killed(take_in(key), **given)
        receipts = said[:1] if was_killed else said[:-1]
        found["faults"] += [f"{key} {fault}" for fault in faults_of_intake(receipts, key)]
        found["receipts"] += len(receipts)
        found[kind] += was_killed

    for step in range(1, steps + 1, stride):
        one("at_steps", f"step{step:04}-", step=step)
    while not FAULT and found["at_steps"] + found["at_random"] < kills:
        one("at_random", f"rand{chance.key()[:8]}-", after_s=random.uniform(0, whole_s))
    found["faults"] += [fault for verdict in audit.verify() if COMPETITION in verdict.competition for fault in verdict.faults]
    return found


# -- seeded faults -------------------------------------------------------------------------------------------------------


def parts_after_the_row():
    """Write the parts once the version is committed."""
    real = writing.seal_parts
    writing.seal_parts = lambda *given: transaction.on_commit(lambda: real(*given))


def keys_that_are_not_unique():
    """Take each arrival as a new one."""
    real = writing._version
    writing._version = lambda actor, proposal, key, *given: real(actor, proposal, f"{key}{chance.key()[:8]}", *given)


FAULTS = {fault.__name__: fault for fault in (parts_after_the_row, keys_that_are_not_unique)}


if __name__ == "__main__":
    if FAULT:
        FAULTS[FAULT]()
    found = kill_intake(int(sys.argv[2]))
    times = os.times()
    print(json.dumps({**found, "cpu_s": round(times.user + times.system + times.children_user + times.children_system, 1)}))
