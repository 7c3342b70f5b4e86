"""Write what is needed to count a complete round again, for the verifier (`klash.portal.verifier`) or any other programme."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from klash.core.databases import reviewing as alias
from klash.reviewing import selectors
from klash.reviewing.models import Round
from klash.rules.states import RoundState


class Command(BaseCommand):
    help = "Write the log of a complete round with its opened reviews as JSON. It holds comments and handles: for auditors, not for the public."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("round", help="the round's code")

    def handle(self, *args: Any, **options: Any) -> None:
        round_ = Round.objects.using(alias()).filter(code=options["round"], state=RoundState.COMPLETE).first()
        if round_ is None:
            raise CommandError(f"expected the code of a complete round, got {options['round']}")
        self.stdout.write(json.dumps(selectors.exported_log(round_), ensure_ascii=False))
