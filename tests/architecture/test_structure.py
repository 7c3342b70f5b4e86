"""What the import linter cannot see."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command, get_commands

from klash.core import checks

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = [path for path in (ROOT / "src/klash").rglob("*.py") if "migrations" not in path.parts]
STAGES = ["accounts", "post", "files", "reviewing", "interests", "competitions", "following", "problems", "challenges", "teams", "mentoring", "proposals", "awards"]


def test_every_url_declares_its_rule():
    assert checks.every_url_declares_a_rule(None) == []


def test_a_url_without_a_rule_is_an_error(monkeypatch):
    route, pattern = next(checks.patterns())
    monkeypatch.setattr(pattern, "callback", lambda request: None)
    assert [error.id for error in checks.every_url_declares_a_rule(None)] == ["klash.E001"]


def test_only_the_workflow_assigns_a_state():
    found = [str(path) for path in SOURCES if path.name != "workflow.py" and re.search(r"\.state = (?!=)", path.read_text())]
    assert found == []


def test_only_the_clock_asks_for_the_time():
    found = [str(path) for path in SOURCES if path.name != "clock.py" and re.search(r"timezone\.now\(|datetime\.now\(|date\.today\(", path.read_text())]
    assert found == []


def test_the_documents_name_commands_that_the_launcher_knows():
    cases = re.findall(r"^    ([\w |-]+)\)", (ROOT / "klash").read_text(), re.MULTILINE)
    known = {word for case in cases for word in re.findall(r"\w+", case)}
    documents = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "scripts").glob("*.py")]
    named = {word for path in documents for word in re.findall(r"\./klash (\w+)", path.read_text())}
    assert {"demo", "test", "verify"} <= named <= known
    operations = {word for path in documents for word in re.findall(r"\./klash manage (\w+)", path.read_text())}
    assert operations <= set(get_commands())


def test_there_is_no_utils():
    assert [path for path in SOURCES if path.name == "utils.py"] == []


def test_foreign_keys_point_to_earlier_stages_and_never_into_or_out_of_reviewing():
    order = {name: place for place, name in enumerate(["core", *STAGES])}
    for name in STAGES:
        for model in apps.get_app_config(name).get_models():
            for field in model._meta.get_fields():
                if field.concrete and field.related_model is not None and field.related_model != model:
                    target = field.related_model._meta.app_label
                    assert order[target] <= order[name], f"{model.__name__}.{field.name} -> {target}"
                    assert ("reviewing" in (name, target)) <= (name == target), f"{model.__name__}.{field.name} crosses the wall"


def test_the_generated_tables_are_fresh():
    run = subprocess.run([sys.executable, ROOT / "scripts/make_diagrams.py", "--check"], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


@pytest.mark.django_db(databases="__all__")
def test_migrations_are_complete():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
