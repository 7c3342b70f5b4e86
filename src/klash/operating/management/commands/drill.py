"""Try whether the backup holds: restore it elsewhere and compare."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from nacl.public import PrivateKey

from klash.operating import services
from klash.operating.errors import Halted
from klash.operating.vaults import Vault, read_key


class Command(BaseCommand):
    help = "Back up, restore elsewhere, verify there, and compare logs and receipts with the running installation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, help="try this backup instead of one that is made now")
        parser.add_argument("--key", type=Path, metavar="PRIVATEKEY", help="opens a sealed backup")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            private = PrivateKey(read_key(options["key"])) if options["key"] else None
            vault = Vault(options["folder"].resolve(), private=private) if options["folder"] else None
            services.run_drill(vault=vault, say=self.stdout.write)
        except Halted as error:
            raise CommandError(f"The drill failed. {error}") from error
        self.stdout.write("The drill succeeded.")
