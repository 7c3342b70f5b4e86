"""Restore a backup into an empty installation."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from nacl.public import PrivateKey

from klash.operating import services
from klash.operating.errors import Halted
from klash.operating.places import Place
from klash.operating.vaults import Vault, read_key


class Command(BaseCommand):
    help = "Prove a backup, restore it into an empty KLASH_HOME and empty databases, and verify what was restored."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="the backup")
        parser.add_argument("--key", type=Path, metavar="PRIVATEKEY", help="opens a sealed backup")
        parser.add_argument("--with-faults", action="store_true", help="restore although `verify` finds faults, and say them")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            private = PrivateKey(read_key(options["key"])) if options["key"] else None
            vault = Vault(options["folder"].resolve(), private=private)
            services.restore(vault=vault, place=Place.running(), say=self.stdout.write, with_faults=options["with_faults"])
        except Halted as error:
            raise CommandError(str(error)) from error
