"""Back up both databases and the files as one moment."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from nacl.public import PublicKey

from klash.core import keys
from klash.operating import services
from klash.operating.errors import Halted
from klash.operating.vaults import Vault, read_key


class Command(BaseCommand):
    help = "Write a backup of both databases and the stored files into a new folder. Keys are never in it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="a new or empty folder outside of KLASH_HOME, better on another disk")
        parser.add_argument("--to", type=Path, metavar="PUBLICKEY", help="seal the backup for the holder of this key (made by new_backup_key)")

    def handle(self, *args: Any, **options: Any) -> None:
        folder, home = options["folder"].resolve(), Path(settings.KLASH_HOME)
        if folder.is_relative_to(home):
            raise CommandError(f"{folder} lies in KLASH_HOME, which is lost when the disk is. Name a folder elsewhere.")
        try:
            public = PublicKey(read_key(options["to"])) if options["to"] else None
            made = services.back_up(vault=Vault(folder, public), say=self.stdout.write)
        except Halted as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Keys are not in it: copy {keys.folder()} and {home / 'secret.key'} to another place, under lock. "
            "Without them what is sealed stays sealed; with them and this backup it can be read."
        )
        if made.lost:
            raise CommandError("The backup is whole, but these files are named by rows and are not on the disk:\n" + "\n".join(made.lost))
