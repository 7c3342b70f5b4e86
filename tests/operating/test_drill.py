"""The drill proves a backup against the running installation, and its absence is told."""

import json
from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import transaction

from klash.core import audit, clock
from klash.core.models import AuditEvent
from klash.files.models import StoredFile
from klash.operating import checks, services
from klash.operating.services import drilling
from klash.operating.vaults import Vault
from klash.proposals.models import Version
from tests.operating.test_backup import quiet


def test_a_drill_succeeds_and_is_remembered(home, capsys):
    assert [warning.id for warning in checks.a_drill_has_succeeded(None)] == ["klash.W001"]
    call_command("drill")
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "The logs go on from those of the backup, and every receipt in it is the one that was given.", "The drill succeeded.",
    ]
    told = json.loads((home / "drill.json").read_text())
    last = services.last_success(home)
    assert last is not None and told["made_at"] < told["succeeded_at"]
    assert [path.name for path in home.iterdir() if path.suffix == ".part"] == []
    for later, expected in ((timedelta(days=8), []), (timedelta(days=8, seconds=1), ["klash.W001"])):
        with clock.at(last + later):
            assert [warning.id for warning in checks.a_drill_has_succeeded(None)] == expected


def test_the_check_belongs_to_the_deployment(home):
    assert {row.id for row in run_checks(tags=["operating"], include_deployment_checks=True)} == {"klash.W001"}
    assert run_checks(tags=["operating"]) == []


@pytest.fixture
def unproven(monkeypatch):
    """Leave out what test_restore proves: here only the comparison is looked at."""
    monkeypatch.setattr("klash.operating.services.restoring._prove_place", lambda *given, **options: None)


@pytest.mark.usefixtures("unproven")
def test_a_backup_is_held_against_what_runs_now(home, vault):
    services.back_up(vault=vault, say=quiet)
    with transaction.atomic():
        audit.record("thing.done", actor=audit.System(), competition="rehearsal-7", thing="thing/1")
    call_command("drill", str(vault.folder))
    event = AuditEvent.objects.filter(chain__competition="rehearsal-7").order_by("number")[2]
    version = Version.objects.order_by("pk")[0]
    AuditEvent.objects.filter(pk=event.pk).update(actor="somebody else")
    Version.objects.filter(pk=version.pk).update(commitment="0" * 64)
    (home / "drill.json").unlink()
    with pytest.raises(CommandError) as raised:
        call_command("drill", str(vault.folder))
    length = json.loads((vault.folder / "backup.json").read_text())["databases"]["default"]["logs"]
    expected = next(log["length"] for log in length if log["competition"] == "rehearsal-7")
    assert str(raised.value).splitlines()[1:] == [
        f"default rehearsal-7: the first {expected} events are others", f"receipt {version.receipt}: its parts are others",
    ]
    assert services.last_success(home) is None


@pytest.mark.usefixtures("unproven")
def test_a_receipt_that_is_gone_is_missed(home, vault):
    services.back_up(vault=vault, say=quiet)
    version = Version.objects.order_by("pk")[0]
    version.parts.all().delete()
    Version.objects.filter(pk=version.pk).update(receipt="gone")
    with pytest.raises(CommandError, match="its parts are others"):
        call_command("drill", str(vault.folder))


@pytest.mark.usefixtures("unproven")
def test_without_the_comparison_it_would_succeed(home, vault, monkeypatch):
    services.back_up(vault=vault, say=quiet)
    AuditEvent.objects.filter(number=2).update(actor="somebody else")
    monkeypatch.setattr(drilling, "_differences", lambda *given: [])
    services.run_drill(vault=Vault(vault.folder), say=quiet)


def test_a_file_that_is_lost_fails_the_drill(home):
    (home / "files" / StoredFile.objects.order_by("key")[0].original).unlink()
    with pytest.raises(CommandError, match="Files that rows name are not on the disk"):
        call_command("drill")
