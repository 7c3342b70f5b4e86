"""Publish what was scheduled and whose time has come, once or for as long as the process runs."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from klash.challenges.services import publish_due


class Command(BaseCommand):
    help = "Publish the briefs of challenges whose time has come."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", type=int, metavar="SECONDS", help="go on and look again every SECONDS")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            self.stdout.write(f"{publish_due()} briefs published")
            if not options["loop"]:
                return
            time.sleep(options["loop"])
