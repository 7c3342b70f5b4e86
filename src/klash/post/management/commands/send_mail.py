"""Send what waits in the outbox, once or for as long as the process runs, and delete what was kept for a time only."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from klash.core import kept, once
from klash.post.services import send_waiting


class Command(BaseCommand):
    help = "Send the mails that wait in the outbox; delete forms and replies that were kept for their time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", type=int, metavar="SECONDS", help="go on and look again every SECONDS")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            faults = [fault for using in settings.DATABASES if (fault := self._tend(using))]
            if not options["loop"]:
                if faults:
                    raise CommandError(faults[0])
                return
            for fault in faults:
                self.stderr.write(fault)
            time.sleep(options["loop"])

    def _tend(self, using: str) -> str:
        """Send what waits in one database and clear it of what had its time; returns why nothing could be sent."""
        kept.clear(using)
        once.clear(using)
        try:
            self.stdout.write(f"{using}: {send_waiting(using=using)} sent")
        except OSError as error:  # as every error of SMTP is
            return f"{using}: the mail server does not take mails: {error}. What waits is sent once it does. Check KLASH_EMAIL and the server."
        return ""
