"""How long it takes to open the proposals of a large challenge, from the press on the button until the blind copies lie at the jury.

`python -m bench.opening [--proposals 300] [--pages 20]` makes a challenge with as many teams, lets each submit its texts and a PDF through the services, moves
the clock past the deadline, fixes the set and opens it. The file is examined once and submitted by all: each seals, unseals and hands over its own copy.
SQLite and the keys beside it, as the demo has them. The figures are in bench/README.md.
"""

import argparse
import io
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from PIL import Image

SEED, SIDE = 7, 230


def pdf(pages: int) -> bytes:
    """Return a PDF with a noisy picture of about 50 kB on each page."""
    drawn, out = random.Random(SEED), io.BytesIO()
    pictures = [Image.frombytes("RGB", (SIDE, SIDE), drawn.randbytes(SIDE * SIDE * 3)) for _ in range(pages)]
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:], quality=90)
    return out.getvalue()


def timed(name: str, work: Callable[[], Any]) -> Any:
    """Do the work and print how long it took by the clock and on the cores."""
    began, cores = time.monotonic(), time.process_time()
    done = work()
    print(f"{name:<28}{time.monotonic() - began:8.1f} s{time.process_time() - cores:8.1f} s of the processor", flush=True)
    return done


def bench(proposals: int, pages: int) -> None:
    import django

    django.setup()
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.core.management import call_command
    from django.db import connections

    from klash.competitions.models import CriteriaSet, Criterion, StageKind
    from klash.core import chance, clock
    from klash.proposals import services
    from klash.proposals.models import Proposal, ProposalFile
    from klash.reviewing.models import EntryFile
    from klash.teams.models import Application, Membership, Team
    from tests.conftest import BANDS
    from tests.proposals.race import ALL, START, make_account, make_stage_for

    for alias in connections:
        call_command("migrate", database=alias, verbosity=0)
    stage = make_stage_for("bench", clock.now() + timedelta(days=1))
    criteria = CriteriaSet.objects.create(competition=stage.challenge.competition, stage_kind=StageKind.JUDGING, frozen_at=START, hash="0" * 64)
    words = {"name": {"fi": "vaikuttavuus"}, "meaning": {"fi": "Mitä muuttuu?"}}
    Criterion.objects.create(criteria_set=criteria, code="impact", position=0, weight=100, bands=BANDS, **words)
    first = Proposal.objects.get()
    content = pdf(pages)
    services.attach_file(actor=stage.leader, proposal=first, uploaded=SimpleUploadedFile("plan.pdf", content, content_type="application/pdf"))
    attached = ProposalFile.objects.get()

    def hand_in(number: int) -> None:
        leader = make_account(f"leader-{number}")
        team = Team.objects.create(challenge=stage.challenge, name=f"Tiimi {number}", founded_at=START)
        answers = dict.fromkeys(("know_how", "idea", "motivation"), "Sana.")
        Application.objects.create(team=team, state="admitted", decided_at=START, submitted_at=START, reason="Sana.", answers=answers)
        Membership.objects.create(team=team, person=leader, is_leader=True, joined_at=START)
        proposal = Proposal.objects.create(team=team, texts=dict.fromkeys(ALL, "Sana " * 300), revision=1, saved_at=START)
        ProposalFile.objects.create(proposal=proposal, file=attached.file, position=0)
        services.submit_proposal(actor=leader, proposal=proposal, idempotency_key=chance.key())

    def hand_all_in() -> None:
        services.submit_proposal(actor=stage.leader, proposal=first, idempotency_key=chance.key())
        for number in range(1, proposals):
            hand_in(number)

    print(f"{proposals} proposals, each with a PDF of {pages} pages, {len(content) / 1e6:.1f} MB; load {os.getloadavg()[0]:.1f}")
    timed("submitting, one by one", hand_all_in)
    with clock.at(stage.stage.closes_at + timedelta(hours=1)):
        services.prepare_jury(actor=stage.organiser, challenge=stage.challenge, opens_at=clock.now(), closes_at=clock.now() + timedelta(days=9))
        opening = services.request_opening(actor=stage.organiser, challenge=stage.challenge)
        opening = timed("fixing the set", lambda: services.confirm_opening(actor=stage.registrar, opening=opening))
        timed("opening", lambda: services.open_proposals(actor=stage.organiser, opening=opening))
    files, memory = EntryFile.objects.using("reviewing").count(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(f"{files} blind files; largest memory {memory:.0f} MB; load {os.getloadavg()[0]:.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--proposals", type=int, default=300)
    parser.add_argument("--pages", type=int, default=20)
    asked = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    with tempfile.TemporaryDirectory(prefix="klash-opening-") as home:
        os.environ.update(KLASH_HOME=home, DJANGO_SETTINGS_MODULE="klash.config.settings")
        bench(asked.proposals, asked.pages)


if __name__ == "__main__":
    main()
