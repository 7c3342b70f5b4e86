"""Run the whole of Klash 2018-2020 on the embedded databases and serve it."""

import os
import shutil
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from klash.replay import moves, stages
from klash.replay.facts import NEEDED, BrokenFile
from klash.replay.progress import progress


class Command(BaseCommand):
    help = "Run Klash 2018-2020 through the services and serve it on http://127.0.0.1:8000."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until", default="", choices=["", *NEEDED], help="stop when this stage opens")
        parser.add_argument("--fresh", action="store_true", help="begin anew; what was done by hand is lost")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="prepare only")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["no_serve"]:
            _ensure_free(options["port"])
        use_port(options["port"])
        with moves.alone() as nobody:
            if not nobody:
                raise CommandError("The demo's clock is being moved in this home. Wait until it has arrived, then start again.")
            try:
                self._prepare(options["until"], is_fresh=options["fresh"])
            except BrokenFile as error:
                raise CommandError(str(error)) from error
        if not options["no_serve"]:
            self._serve(options["port"])

    def _prepare(self, until: str, *, is_fresh: bool) -> None:
        if is_fresh:
            _clear(Path(settings.KLASH_HOME))
        was_mended = stages.mend()
        for using in settings.DATABASES:
            call_command("migrate", database=using, verbosity=0)
        with progress(moves.klash()) as (say, tell):
            play = moves.new_play(say, tell)
            if was_mended:
                say("A stage had been broken off; it is played again from its beginning.")
            if until and until in play.done():
                say(f"{until} has been played already. Go back to it with the bar, or begin anew with --fresh.")
            else:
                play.run(until)
            play.wake()
        call_command("collectstatic", interactive=False, verbosity=0)

    def _serve(self, port: int) -> None:
        address = f"127.0.0.1:{port}"
        self.stderr.write(f"Klash answers on http://{address}. Stop with Ctrl-C.")
        for connection in connections.all():
            connection.close()
        gunicorn = Path(sys.executable).parent / "gunicorn"
        command = [str(gunicorn), "klash.config.wsgi", "--bind", address, "--workers", "2", "--log-level", "warning"]
        os.execv(gunicorn, command)  # noqa: S606


def _ensure_free(port: int) -> None:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        raise CommandError(f"Port {port} is taken. Stop what answers there, or choose another: ./klash demo --port {port + 1}") from error


def use_port(port: int) -> None:
    """Let the links in mails, and of commands run beside the demo, lead to the port that is served, unless the environment names an address."""
    if "KLASH_URL" not in os.environ:
        os.environ["KLASH_URL"] = settings.KLASH_URL = f"http://127.0.0.1:{port}"
        settings.KLASH_SERVED.parent.mkdir(parents=True, exist_ok=True)
        settings.KLASH_SERVED.write_text(settings.KLASH_URL)


def _clear(home: Path) -> None:
    if not stages.is_embedded():
        raise CommandError("--fresh empties the embedded databases only. Make new ones in PostgreSQL, or leave KLASH_DATABASE out.")
    for connection in connections.all():
        connection.close()
    for name in ("klash.sqlite3", "reviewing.sqlite3"):
        for suffix in ("", "-wal", "-shm"):
            (home / f"{name}{suffix}").unlink(missing_ok=True)
    for name in ("replay.json", "clock.json", "move.json", "move.log"):
        (home / name).unlink(missing_ok=True)
    for name in ("stages", "files", "begun", "keys"):
        shutil.rmtree(home / name, ignore_errors=True)
