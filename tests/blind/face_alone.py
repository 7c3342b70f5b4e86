"""What a juror does and gets in the jury's face. Run by face.py in a process of its own with that face: tasks come and answers go as pickles."""

import pickle
import sys
from contextlib import contextmanager

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import translation  # noqa: E402

from klash.accounts.models import User  # noqa: E402
from klash.core import chance, clock  # noqa: E402
from klash.reviewing.models import Round  # noqa: E402
from tests.blind.crawl import addresses, client_of, crawl  # noqa: E402

PLAIN = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@contextmanager
def database(path):
    """Work on this file as the only database."""
    connection = connections["default"]
    connection.close()
    connection.settings_dict["NAME"] = path
    yield
    connection.close()


def accept(invited):
    """Open each link and join with a password. invited: token -> (name, language). Returns the answers' status codes."""
    statuses = []
    for token, (name, language) in invited.items():
        with translation.override(language):
            where = reverse("accounts:invitation", args=[token])
        client = Client()
        statuses += [client.get(where).status_code, client.post(where, {"name": name, "password": "kolme pitkää sanaa"}).status_code]
    return statuses


def look(readers):
    """Return all that each reader gets, by following links and by asking for every address. readers: name -> (address or None, language)."""
    return {name: crawl(client_of(address and User.objects.get(email=address)), starts(language), language) for name, (address, language) in readers.items()}


def starts(language):
    home = "/" if language == "fi" else f"/{language}/"
    codes = [entry for round_ in Round.objects.order_by("code") for entry in round_.entries.order_by("code").values_list("code", flat=True)]
    rounds = list(Round.objects.order_by("code").values_list("code", flat=True))
    objects = {"code": rounds, "entry_code": codes, "number": ["1"], "sheet": ["1"], "form": ["csv", "xlsx", "json"], "language": ["fi", "sv"], "token": ["nothing"]}
    return [home, f"{home}review/", *addresses(objects, language)]


def whole():
    """Return which face this is, which databases it can open, and which apps of the stages it has."""
    return settings.KLASH_FACE, list(settings.DATABASES), sorted(app.label for app in apps.get_app_configs() if app.name.startswith("klash."))


ACTS = {"accept": accept, "look": look}


def main(tasks, answers):
    """Do each task, (act, what it is about, its database, its time), each from the same chance."""
    found = [whole()]
    with open(tasks, "rb") as file, override_settings(STORAGES={**settings.STORAGES, **PLAIN}, PASSWORD_HASHERS=FAST):
        for act, about, path, when in pickle.load(file):
            with database(path), clock.at(when), chance.seeded(1):
                found.append(ACTS[act](about))
    with open(answers, "wb") as file:
        pickle.dump(found, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
