"""The demo's mails lead to where it is served."""

import os

from klash.replay.management.commands.demo import use_port


def test_links_in_mails_lead_to_the_port_unless_an_address_is_named(monkeypatch, settings):
    settings.KLASH_URL = "https://klash.example"
    monkeypatch.setenv("KLASH_URL", "https://klash.example")
    use_port(8102)
    assert settings.KLASH_URL == os.environ["KLASH_URL"] == "https://klash.example"
    monkeypatch.delenv("KLASH_URL")
    use_port(8102)
    assert settings.KLASH_URL == os.environ["KLASH_URL"] == "http://127.0.0.1:8102"
