"""Asks the pages of another face, in a process of its own. Knows nothing of stages, since the jury's face has none."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from klash.accounts.models import ReviewerHandle, User
from klash.accounts.services import create_account
from klash.core import clock
from klash.reviewing.models import Seat
from tests.access.table import METHODS, address, answer, ask, missing, patterns, read

PLAIN = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


class Face:
    """What `table.ask` asks of a state: people, things, and a way to undo."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.things, self.clients = facts["things"], {"nobody": SimpleNamespace(cookies={})}
        for who, email in facts["people"].items():
            self.clients[who] = client = Client()
            client.force_login(self.person(who, email, facts["seats"].get(who)))

    def person(self, who: str, email: str, is_chair: bool | None) -> User:
        person = User.objects.filter(email=email).first() or create_account(email=email, name=who)
        if is_chair is not None:  # the link that an accepted invitation writes on this side
            seat = Seat.objects.get(round__code=self.things["jury_round"], is_chair=is_chair)
            ReviewerHandle.objects.get_or_create(person=person, handle=seat.handle)
        return person

    def client(self, who: str) -> Any:
        return self.clients[who]

    def url(self, name: str, **words: Any) -> str:
        return reverse(name, kwargs=words)

    @contextmanager
    def undone(self) -> Iterator[None]:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)


def main(facts: str) -> None:
    """Print as JSON what each page of a table answers, and which URLs and rows lack each other."""
    given = json.loads(Path(facts).read_text())
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    table, registered = read(Path(given["table"])), {name: row for name, row in patterns().items() if name.startswith(given["only"])}
    with override_settings(STORAGES=PLAIN), clock.at(datetime.fromisoformat(given["at"])):
        face = Face(given)
        answers = {
            f"{name} {method}": {who: answer(ask(face, who, method, address(face, page, registered[page.url]))) for who in table.cast}
            for name, page in table.pages.items() for method in METHODS
        }
    print(json.dumps({"answers": answers, "missing": [sorted(names) for names in missing(table, registered)]}))
