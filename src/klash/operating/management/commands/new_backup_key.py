"""Draw the pair of keys that backups are sealed with."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from klash.operating.vaults import write_keys


class Command(BaseCommand):
    help = "Write NAME.pub, for ./klash backup --to, and NAME.key, which opens backups and belongs off this machine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            private, public = write_keys(options["name"])
        except OSError as error:
            raise CommandError(f"The keys could not be written: {error}") from error
        self.stdout.write(f"Back up with --to {public}. Keep {private} off this machine, twice: without it the backups cannot be opened.")
