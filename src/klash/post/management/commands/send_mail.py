"""Send what waits in the outbox, once or for as long as the process runs, and delete what was kept for a time only."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from klash.core import kept, once
from klash.post.services import send_waiting


class Command(BaseCommand):
    help = "Send the mails that wait in the outbox; delete forms and replies that were kept for their time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", type=int, metavar="SECONDS", help="go on and look again every SECONDS")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            for using in settings.DATABASES:
                self.stdout.write(f"{using}: {send_waiting(using=using)} sent")
                kept.clear(using)
                once.clear(using)
            if not options["loop"]:
                return
            time.sleep(options["loop"])
