"""Run a competition file through the services and print what came of it."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from klash.replay import moves, stages
from klash.replay.engine import Play
from klash.replay.facts import NEEDED, BrokenFile, File
from klash.replay.invent import invent
from klash.replay.progress import progress
from klash.replay.reader import read


@contextmanager
def _silenced() -> Iterator[None]:
    """Send to standard error what libraries write to standard output below Python: HiGHS greets there, whatever its options say."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


class Command(BaseCommand):
    help = "Replay a competition file. With --json, one object on standard output and all else on standard error."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="the competition file; Klash 2018-2020 if left out")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--seed", type=int, default=moves.SEED)
        parser.add_argument("--until", default="", choices=["", *NEEDED], help="stop when this stage opens")
        parser.add_argument("--invent", default="", metavar="problems=500,challenges=10,teams=60,mentors=80,seed=7")

    def handle(self, *args: Any, **options: Any) -> None:
        with moves.alone() as nobody:
            if not nobody:
                raise CommandError("Another run is at work in this home. Wait for its end, or name another home by KLASH_HOME.")
            try:
                with _silenced():
                    play = self._play(options)
            except BrokenFile as error:
                raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(play.result(), ensure_ascii=False, indent=1))

    def _play(self, options: dict[str, Any]) -> Play:
        facts, seed = self._facts(options)
        stages.mend()
        for using in settings.DATABASES:
            call_command("migrate", database=using, verbosity=0, stdout=sys.stderr)
        with progress(facts) as (say, tell):
            play = Play(facts, seed, say, tell, whole=stages.whole)
            play.run(options["until"])
        return play

    def _facts(self, options: dict[str, Any]) -> tuple[File, int]:
        if options["invent"]:
            return invent(options["invent"])
        return (read(options["file"]) if options["file"] else moves.klash()), options["seed"]
