"""Remind the teams of which nothing stands shortly before the deadline, once or for as long as the process runs."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from klash.proposals.services import send_reminders


class Command(BaseCommand):
    help = "Queue the reminders that are due 24 and 2 hours before the deadline to teams of which nothing stands."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", type=int, metavar="SECONDS", help="go on and look again every SECONDS")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            self.stdout.write(f"{send_reminders()} reminders queued")
            if not options["loop"]:
                return
            time.sleep(options["loop"])
