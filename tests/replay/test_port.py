"""The demo's mails lead to where it is served."""

import os

from klash.replay.management.commands.demo import use_port
from tests.replay.conftest import klash


def test_a_command_beside_the_demo_prints_a_link_to_the_port_that_is_served(empty, monkeypatch, settings):
    settings.KLASH_SERVED = empty / "served.txt"
    monkeypatch.setenv("KLASH_URL", settings.KLASH_URL)  # put back at the end
    monkeypatch.delenv("KLASH_URL")
    use_port(8102)
    done = klash(empty, "operator", "uusi@example.org")
    assert "http://127.0.0.1:8102/accounts/reset/" in done.stdout, done.stderr


def test_links_in_mails_lead_to_the_port_unless_an_address_is_named(monkeypatch, settings, tmp_path):
    settings.KLASH_SERVED = tmp_path / "served.txt"
    settings.KLASH_URL = "https://klash.example"
    monkeypatch.setenv("KLASH_URL", "https://klash.example")
    use_port(8102)
    assert settings.KLASH_URL == os.environ["KLASH_URL"] == "https://klash.example"
    monkeypatch.delenv("KLASH_URL")
    use_port(8102)
    assert settings.KLASH_URL == os.environ["KLASH_URL"] == "http://127.0.0.1:8102"
