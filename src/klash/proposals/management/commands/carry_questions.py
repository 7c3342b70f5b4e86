"""Carry the jury's questions to the teams and the answers back, once or for as long as the process runs."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from klash.proposals.services import carry_questions


class Command(BaseCommand):
    help = "Deliver the jury's questions that the teams do not have yet, and carry over the answers of each batch whose deadline has passed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", type=int, metavar="SECONDS", help="go on and look again every SECONDS")

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            self.stdout.write("{} questions delivered, {} batches of answers carried over".format(*carry_questions()))
            if not options["loop"]:
                return
            time.sleep(options["loop"])
