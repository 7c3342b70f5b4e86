"""One form sent fifty times at once, on whichever database the environment names; prints what came of it.

Run by test_once.py in a process of its own, since a race needs committed rows: `python -m tests.core.once_race`.
"""

import json
import threading

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.urls import reverse  # noqa: E402

from klash.accounts.models import Organisation  # noqa: E402
from klash.competitions.models import Competition, Stage, StageKind  # noqa: E402
from klash.core import chance, clock  # noqa: E402
from klash.core.models import Sent  # noqa: E402
from klash.problems.models import Problem  # noqa: E402
from tests.conftest import START, make_municipality, make_person  # noqa: E402
from tests.proposals.race import in_thread  # noqa: E402

MANY = 50
STATIC = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


def make_call():
    """Make a competition of its own that takes problems now; return its start page, what the form holds, and who sends it."""
    code = f"t-{chance.code(8)}"
    organiser = Organisation.objects.get_or_create(code="liitto", defaults={"name": {"fi": "Liitto"}})[0]
    competition = Competition.objects.create(code=code, name=code, organiser=organiser, state="published", published_at=START)
    now = clock.now()
    Stage.objects.create(competition=competition, kind=StageKind.PROBLEM_CALL, position=0, opens_at=START, closes_at=now.replace(year=now.year + 1, day=1))
    place = make_municipality(code[-3:], code, code)
    fields = {"municipality": place.code, "language": "fi", "once": chance.key()}
    return reverse("problems:start", args=[code]), fields, make_person(f"officer-{code}")


def send(url, fields, person, many=MANY):
    """Send the form so often at the same instant; return the replies as (status, where, body), each once."""
    clients = [Client() for _ in range(many)]
    for client in clients:
        client.force_login(person)
    start = threading.Barrier(many)

    def work(client):
        def run():
            for connection in connections.all():
                connection.ensure_connection()
            start.wait(60)
            answer = client.post(url, fields)
            return answer.status_code, answer.headers.get("Location", ""), answer.content

        return run

    running = [in_thread(work(client)) for client in clients]
    for thread, _ in running:
        thread.join(120)
    return [kept.get("answer") or kept["error"] for _, kept in running]


def outcome(many=MANY):
    """Return how many different replies there were, their status, how many problems were made and how many replies are kept."""
    url, fields, person = make_call()
    before = Sent.objects.count()
    replies = send(url, fields, person, many)
    return {
        "replies": len(set(replies)), "statuses": sorted({str(reply[0]) for reply in replies}),
        "made": Problem.objects.filter(officer=person).count(), "kept": Sent.objects.count() - before,
    }


def main():
    for alias in connections:
        connections[alias].settings_dict["TEST"]["NAME"] = str(settings.KLASH_HOME / f"once-{alias}.sqlite3")
        connections[alias].creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with override_settings(STORAGES=STATIC, ALLOWED_HOSTS=["*"]):
            told = {"with_constraint": outcome()}
            with connections["default"].schema_editor() as schema:
                constraint, Sent._meta.constraints = Sent._meta.constraints[0], []
                schema.remove_constraint(Sent, constraint)
            told["without"] = outcome()
    finally:
        connections.close_all()
        for alias in connections:
            connections[alias].creation.destroy_test_db(connections[alias].settings_dict["NAME"], verbosity=0)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
