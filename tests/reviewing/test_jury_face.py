"""The jury's face: a process of its own that can open only the database that reviewers read."""

import json
import os
import subprocess
import sys

import pytest

SETTINGS = """
import django; django.setup()
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from klash.core.databases import reviewing
from klash.reviewing.models import Round
print(list(settings.DATABASES), settings.DATABASES["default"]["NAME"].name, reviewing(), Round.objects.db, reverse("reviewing:rounds"))
print(sorted(app for app in settings.INSTALLED_APPS if app.startswith("klash.")))
try:
    print(reverse("portal:front"))
except NoReverseMatch:
    print("no portal")
"""


@pytest.fixture
def run(tmp_path):
    inherited = {name: value for name, value in os.environ.items() if not name.endswith("_DATABASE")}  # SQLite, whatever this run is on
    environment = {**inherited, "KLASH_FACE": "jury", "KLASH_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "klash.config.settings"}

    def command(*words):
        return subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True, check=False, timeout=120)

    return command


def test_the_face_passes_its_checks_and_makes_its_tables(run):
    checked = run("-m", "klash", "check")
    assert (checked.returncode, "0 silenced" in checked.stdout) == (0, True), checked.stderr
    assert run("-m", "klash", "migrate", "--no-color", "-v0").returncode == 0


def test_a_juror_who_comes_after_the_opening_works_and_is_told(run):
    assert run("-m", "klash", "migrate", "--no-color", "-v0").returncode == 0
    done = run("-m", "tests.postgres.jury_face")
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert (told["answers"], told["review"]) == ([302, 302, 302, 200, True, 302], ["submitted", 700, "Hyvä."])
    assert [subject for _, subject in told["letters"]] == ["Ehdotukset ovat luettavissa: Kierros"]


def test_the_face_knows_one_database_and_no_stage(run):
    answer = run("-c", SETTINGS)
    assert answer.returncode == 0, answer.stderr
    databases, apps, portal = answer.stdout.splitlines()
    assert databases == "['default'] reviewing.sqlite3 default default /review/"
    assert (apps, portal) == ("['klash.accounts', 'klash.core', 'klash.post', 'klash.reviewing']", "no portal")
