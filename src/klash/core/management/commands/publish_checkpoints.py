"""Publish the signed heads of the log that are due, once or for as long as the process runs."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from klash.core.checkpoints import publish_due


class Command(BaseCommand):
    help = "Publish the checkpoints of the log that are due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", type=int, metavar="SECONDS", help="go on and look again every SECONDS")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            self.stdout.write(f"{publish_due()} published")
            if not options["loop"]:
                return
            time.sleep(options["loop"])
