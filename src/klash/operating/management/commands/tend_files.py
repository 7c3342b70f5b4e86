"""Delete stored files that nothing names any more, and read all others once a week; once or for as long as the process runs."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from klash.operating import services


class Command(BaseCommand):
    help = "Delete files that no row has named for a day; read every stored file once a week and say which are gone or changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scrub", action="store_true", help="read every file now, whenever it was done last")
        parser.add_argument("--loop", type=int, metavar="SECONDS", help="go on and look again every SECONDS")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            self.stdout.write(f"{services.sweep()} deleted")
            found = services.scrub() if options["scrub"] else services.scrub_due()
            if found is not None:
                self.stdout.write(f"{found.read_files} read, {len(found.faults)} gone or changed")
            if found is not None and found.faults:
                told = "Gone or changed, restore them from a backup:\n" + "\n".join(found.faults)
                if not options["loop"]:
                    raise CommandError(told)
                self.stderr.write(told)
            if not options["loop"]:
                return
            time.sleep(options["loop"])
