"""Run the whole of Klash 2018-2020 on the embedded databases and serve it."""

import os
import shutil
import sys
from importlib import resources
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from rich.console import Console
from rich.progress import Progress

from klash.replay import stages
from klash.replay.engine import Play
from klash.replay.facts import NEEDED, BrokenFile, read


class Command(BaseCommand):
    help = "Run Klash 2018-2020 through the services and serve it on http://127.0.0.1:8000."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until", default="", choices=["", *NEEDED], help="stop when this stage opens")
        parser.add_argument("--fresh", action="store_true", help="begin anew; what was done by hand is lost")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="prepare only")

    def handle(self, *args: Any, **options: Any) -> None:
        console, home = Console(stderr=True, highlight=False), Path(settings.KLASH_HOME)
        if options["fresh"]:
            self._clear(home)
        for using in settings.DATABASES:
            call_command("migrate", database=using, verbosity=0)
        try:
            facts = read(Path(str(resources.files("klash.replay").joinpath("data/klash-2019.yaml"))))
        except BrokenFile as error:
            raise CommandError(str(error)) from error
        with Progress(console=console, transient=True) as progress:
            bar = progress.add_task(facts.competition.name, total=1.0)
            play = Play(facts, 2019, console.print, lambda share: progress.update(bar, completed=share), keep=stages.keep)
            # What was done before stays: a start with stages behind it goes no further by itself.
            if not play.done() or options["until"] not in play.done():
                play.run(options["until"])
        call_command("collectstatic", interactive=False, verbosity=0)
        if options["no_serve"]:
            return
        address = f"127.0.0.1:{options['port']}"
        console.print(f"Klash answers on http://{address}. Stop with Ctrl-C.")
        for connection in connections.all():
            connection.close()
        gunicorn = Path(sys.executable).parent / "gunicorn"
        command = [str(gunicorn), "klash.config.wsgi", "--bind", address, "--workers", "2", "--log-level", "warning"]
        os.execv(gunicorn, command)  # noqa: S606

    def _clear(self, home: Path) -> None:
        for connection in connections.all():
            connection.close()
        for name in ("klash.sqlite3", "reviewing.sqlite3"):
            for suffix in ("", "-wal", "-shm"):
                (home / f"{name}{suffix}").unlink(missing_ok=True)
        for name in ("replay.json", "clock.json"):
            (home / name).unlink(missing_ok=True)
        for name in ("stages", "files"):
            shutil.rmtree(home / name, ignore_errors=True)
