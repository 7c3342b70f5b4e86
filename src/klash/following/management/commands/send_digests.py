"""Tell followers in the morning what happened, once or for as long as the process runs."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from klash.following.services import send_digests


class Command(BaseCommand):
    help = "Queue the mails to those of whose problems, challenges and competitions something was told since seven of the morning before."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", type=int, metavar="SECONDS", help="go on and look again every SECONDS")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            self.stdout.write(f"{send_digests()} mails queued")
            if not options["loop"]:
                return
            time.sleep(options["loop"])
