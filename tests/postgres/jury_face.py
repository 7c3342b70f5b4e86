"""One juror's way through the jury's face: invited, signed in, reads, scores. Run by test_walls.py in a process of its own with that face."""

import json
from datetime import timedelta

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from klash.accounts import services as accounts  # noqa: E402
from klash.core import audit, clock  # noqa: E402
from klash.post.models import Message  # noqa: E402
from klash.reviewing import services  # noqa: E402
from klash.reviewing.models import Review  # noqa: E402
from klash.rules.roles import Role  # noqa: E402
from tests.clearing import clear_all  # noqa: E402
from tests.reviewing.conftest import CRITERIA, new_entry, words  # noqa: E402


def make_seat():
    """Write what the other side writes for the jury: an open round with an entry and a seat."""
    staff, opens = accounts.create_account(email="staff@example.org", name="Järjestäjä"), clock.now() - timedelta(days=1)
    accounts.grant_role(actor=audit.System(), person=staff, role=Role.ORGANISER, competition="face")
    round_ = services.make_round(
        actor=staff, key="face", chain="face", kind="proposals", competition_name="Klash", title=words("Kierros", "Omgång", "Round"),
        intro=words("", "", ""), is_blind=True, is_invented=True, opens_at=opens, closes_at=opens + timedelta(days=9), criteria=CRITERIA,
    )
    services.write_entries(actor=staff, round=round_, entries=[new_entry("K7-MESI")])
    seat = services.add_seat(actor=staff, round=round_)
    clear_all(round_)
    services.open_round(actor=staff, round=round_)
    return seat


def main():
    call_command("collectstatic", interactive=False, verbosity=0)
    seat, client = make_seat(), Client()
    url = f"/review/{seat.round.code}"
    _, token = accounts.invite(actor=audit.System(), email="tuomari@example.org", role=Role.JUROR, competition="face", handle=seat.handle)
    person = {"name": "Tuomari", "password": "kolme pitkää sanaa"}
    answers = [client.post(f"/accounts/invitations/{token}/", person).status_code]
    client.post("/accounts/sign-out/")
    answers.append(client.post("/accounts/sign-in/", {"email": "tuomari@example.org", "password": person["password"]}).status_code)
    answers.append(client.post(f"{url}/take/", {"terms": seat.round.terms_hash}).status_code)
    page = client.get(f"{url}/K7-MESI/")
    answers += [page.status_code, "Teksti kohteesta K7-MESI." in page.content.decode()]
    scores = {f"score_{row['code']}": "7" for row in CRITERIA}
    answers.append(client.post(f"{url}/K7-MESI/score/", {**scores, "comment": "Hyvä.", "submit": "1"}).status_code)
    review = Review.objects.get(seat=seat)
    tables = set(connection.introspection.table_names())
    print(json.dumps({
        "letters": list(Message.objects.filter(to="tuomari@example.org").values_list("event", "subject")), "answers": answers, "review": [review.state, review.points, review.comment], "databases": list(settings.DATABASES),
        "foreign_models": sorted(model._meta.label for model in apps.get_models() if model._meta.app_label in ("teams", "problems", "proposals", "competitions")),
        "foreign_tables": sorted(table for table in tables if table.startswith(("teams_", "problems_", "proposals_", "competitions_", "challenges_", "awards_"))),
    }))


if __name__ == "__main__":
    main()
