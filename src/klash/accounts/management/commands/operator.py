"""Let a person found competitions. Whoever can run this on the machine could do so anyway; the log says that it was done."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from klash.accounts import services


class Command(BaseCommand):
    help = "Make the person with this address an operator, who may found competitions; prints a link if a password is still to be set."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="name of a person who has no account yet")

    def handle(self, *args: Any, **options: Any) -> None:
        person, link = services.make_operator(email=options["email"], name=options["name"])
        self.stdout.write(f"{person.email} may found competitions.")
        if link:
            self.stdout.write(f"Set a password within three days: {link}")
