"""Publish what was scheduled and whose time has come, once or for as long as the process runs."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from klash.challenges.services import clear_unconfirmed, publish_due, release_due


class Command(BaseCommand):
    help = "Publish the briefs and release the answers whose time has come; delete questions that nobody confirmed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", type=int, metavar="SECONDS", help="go on and look again every SECONDS")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            self.stdout.write(f"{publish_due()} briefs published, {release_due()} rounds of answers released")
            clear_unconfirmed()
            if not options["loop"]:
                return
            time.sleep(options["loop"])
