"""Run a competition file through the services and print what came of it."""

import json
import sys
from importlib import resources
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress

from klash.replay.engine import Play
from klash.replay.facts import NEEDED, BrokenFile, File, read
from klash.replay.invent import invent


class Command(BaseCommand):
    help = "Replay a competition file. With --json, one object on standard output and all else on standard error."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="the competition file; Klash 2018-2020 if left out")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--seed", type=int, default=2019)
        parser.add_argument("--until", default="", choices=["", *NEEDED], help="stop when this stage opens")
        parser.add_argument("--invent", default="", metavar="problems=500,challenges=10,teams=60,mentors=80,seed=7")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            facts, seed = self._facts(options)
        except BrokenFile as error:
            raise CommandError(str(error)) from error
        console = Console(stderr=True, highlight=False)
        for using in ("default", "reviewing"):
            call_command("migrate", database=using, verbosity=0, stdout=sys.stderr)
        with Progress(console=console, transient=True) as progress:
            bar = progress.add_task(facts.competition.name, total=1.0)
            play = Play(facts, seed, console.print, lambda share: progress.update(bar, completed=share))
            play.run(options["until"])
        if options["json"]:
            self.stdout.write(json.dumps(play.result(), ensure_ascii=False, indent=1))

    def _facts(self, options: dict[str, Any]) -> tuple[File, int]:
        if options["invent"]:
            return invent(options["invent"])
        path = options["file"] or Path(str(resources.files("klash.replay").joinpath("data/klash-2019.yaml")))
        return read(path), options["seed"]
