"""Keep the keys of sealed proposals in a process of its own user, and answer on a Unix socket."""

import os
import socketserver
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from klash.core import keys
from klash.core.holder import FileHolder, answer


class Command(BaseCommand):
    help = "Keep the keys of sealed proposals and answer on a Unix socket. Run it as a user of its own; the web process needs the socket only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("socket", help="path of the socket")

    def handle(self, *args: Any, **options: Any) -> None:
        path, keeper = Path(options["socket"]), FileHolder(keys.folder())

        class Line(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                self.wfile.write(answer(keeper, self.rfile.readline(64 * 1024 * 1024)))

        path.unlink(missing_ok=True)
        with socketserver.ThreadingUnixStreamServer(str(path), Line) as server:
            os.chmod(path, 0o660)  # noqa: S103  the web process is in the socket's group
            self.stderr.write(f"Keys are kept here; asked on {path}.")
            server.serve_forever()
