"""Move the demo's clock. The bar starts this in a process of its own, with the lock of moves in its hands."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from klash.replay import moves
from klash.replay.engine import END
from klash.replay.facts import NEEDED


class Command(BaseCommand):
    help = "Move the demo's clock to the opening of a stage (used by the demo's bar)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("stage", choices=[*NEEDED, END])

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.KLASH_DEMO:
            raise CommandError("Only the demo's clock can be moved. Set KLASH_DEMO=1, or run ./klash demo.")
        moves.go(options["stage"], self.stdout.write)
