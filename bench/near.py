"""Print how long an officer waits for near problems while writing: `python -m bench.near`. 5,000 public problems in a database of its own; fixed texts."""

import os
import tempfile
from importlib import resources
from statistics import median
from time import process_time, sleep
from typing import Any

import django
import yaml

if __name__ == "__main__":
    os.environ["KLASH_HOME"] = tempfile.mkdtemp(prefix="klash-near-")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klash.config.settings")
    django.setup()

from django.core.management import call_command

from klash.accounts.models import Municipality, Organisation, User
from klash.accounts.services import load_register
from klash.competitions.models import Competition
from klash.competitions.usual_forms import CODES
from klash.core import clock
from klash.problems.bridge import near
from klash.problems.models import Problem
from klash.problems.services import recount
from klash.rules.states import ProblemState

PROBLEMS, ASKED = 5000, 40


def main() -> None:
    for alias in ("default", "reviewing"):
        call_command("migrate", database=alias, verbosity=0)
    rows = yaml.safe_load(resources.files("klash.replay").joinpath("texts/problems.yaml").read_text("utf-8"))["problems"]
    draft = _fill(rows)
    begin = process_time()
    near._make(draft.competition, near._stamp(draft.competition))
    made, times = process_time() - begin, []
    for number in range(ASKED):
        language = ("fi", "sv")[number % 2]
        draft.language, draft.title, draft.summary = language, rows[number]["title"][language], rows[number]["summary"][language]
        begin = process_time()
        near.nearest(draft)
        times.append(1000 * (process_time() - begin))
    print(f"{PROBLEMS} problems made ready in {made:.1f} s; one look {median(times):.0f} ms in the middle, {max(times):.0f} ms at most (of the processor)")
    begin = process_time()
    pairs = near.alike(draft.competition)
    while pairs is None:  # made beside
        sleep(1)
        pairs = near.alike(draft.competition)
    print(f"the pairs that read alike found in {process_time() - begin:.1f} s beside the pages")


def _fill(rows: list[dict[str, dict[str, str]]]) -> Problem:
    """Write the public problems, each text in many municipalities, and return a draft."""
    load_register()
    host = Organisation.objects.create(code="near-host", name={"fi": "Järjestäjä"})
    competition = Competition.objects.create(code="near", name="Near", tagline={}, summary={}, organiser=host)
    officer = User.objects.create(email="officer@bench.invalid", name="Officer")
    places = list(Municipality.objects.filter(valid_to=None).order_by("code"))
    shared = {"competition": competition, "officer": officer}
    Problem.objects.bulk_create([
        Problem(
            **shared, municipality=places[number % len(places)], language=language, state=ProblemState.SUBMITTED, submitted_at=clock.now(), revision=1,
            **_texts(rows[number % len(rows)], language, number),
        )
        for number in range(PROBLEMS) for language in (("fi", "sv")[number % 10 == 0],)
    ], 1000)
    recount(competition)
    return Problem.objects.create(**shared, municipality=places[0])


def _texts(row: dict[str, dict[str, str]], language: str, number: int) -> dict[str, Any]:
    texts = {name: f"{row[name][language]} {number}" for name in ("title", "summary", *CODES["problem_call"]) if name in row}
    return {"title": texts.pop("title")[:150], "summary": texts.pop("summary"), "answers": texts}


if __name__ == "__main__":
    main()
