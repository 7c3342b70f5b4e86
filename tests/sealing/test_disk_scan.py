"""A2, I7: until the opening no file holds a word of a proposal: no table, write-ahead log, upload, temporary file, log or backup."""

import base64
import io
import logging
import zlib
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject

from klash.competitions.usual_forms import PROPOSAL
from klash.core import audit, chance, clock, kept, sealing
from klash.operating import services as operating
from klash.operating.vaults import Vault
from klash.proposals import services
from klash.proposals.models import Proposal, Version
from tests.operating.test_backup import quiet
from tests.proposals.pdf import upload
from tests.proposals.race import make_stage_for
from tests.sealing.scan import found

PARTS = ("title", *(row["code"] for row in PROPOSAL))
PLACES = (*PARTS, "file name", "file text", "file title", "late", "typed in vain")


def new_words():
    """Return a word of its own for each place in which a team writes; all begin alike."""
    stem = f"qz{chance.key()}"
    return {place: f"{stem}{number:03}qz" for number, place in enumerate(PLACES)}


@pytest.fixture
def words():
    return new_words()


def pdf_with(text, title):
    writer = PdfWriter()
    page = writer.add_blank_page(width=300, height=300)
    content = StreamObject()
    content._data = f"BT /F1 12 Tf 20 150 Td ({text}) Tj ET".encode()
    page[NameObject("/Contents")] = writer._add_object(content.flate_encode())
    writer.add_metadata({"/Title": title})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def draft_submit_and_close(stage, words):
    """Let the team do through its pages what leaves traces: write, clash, attach, submit, lose its session, come late; then close the set."""
    client = Client()
    client.force_login(stage.leader)
    own = {"competition": stage.code, "team": stage.team.code}
    edit, summary, attach = (reverse(f"proposals:{name}", kwargs=own) for name in ("edit", "summary", "attach"))
    texts = {part: words[part] for part in PARTS}

    assert client.post(edit, {**texts, "revision": 1}).status_code == 302
    assert client.post(edit, {**texts, "impact": words["typed in vain"], "revision": 1}).status_code == 409
    content = pdf_with(words["file text"], words["file title"])
    file = upload(f"{words['file name']}.pdf", content)
    assert client.post(attach, {"file": file, "once": chance.key()}).status_code == 302
    begun = client.post(reverse("proposals:begin_upload", kwargs=own), {"name": f"{words['file name']}.pdf", "size": len(content) + 1})
    chunk = client.post(begun.json()["url"], content, content_type="application/octet-stream", headers={"Upload-Offset": "0"})
    assert chunk.json() == {"offset": len(content)}  # the last byte never comes
    receipt = client.post(summary, {"key": chance.key(), "confirmed": "on"})
    assert receipt.status_code == 302 and client.get(receipt.url).status_code == 200

    whose = client.get(edit).content.decode().split(f'name="{kept.WHOSE}" value="')[1].split('"')[0]
    assert Client().post(edit, {**texts, "impact": words["typed in vain"], "revision": 2, kept.WHOSE: whose}).status_code == 403
    assert client.post(edit, {**texts, "novelty": words["late"], "revision": 2}).status_code == 302
    with clock.at(stage.stage.closes_at + timedelta(hours=1)):
        assert client.post(summary, {"key": chance.key(), "confirmed": "on"}).status_code == 302
        opening = services.request_opening(actor=stage.organiser, challenge=stage.challenge)
        services.confirm_opening(actor=stage.registrar, opening=opening)
    assert [version.is_late for version in Version.objects.filter(proposal__team=stage.team).order_by("number")] == [False, True]


@pytest.fixture
def look(tmp_path, home, words, caplog, capfd):
    """Let a team work; return the places whose words are then somewhere on the disk, in a log or in a backup."""
    caplog.set_level(logging.DEBUG)
    return lambda: looked(tmp_path, make_stage_for("sealed", clock.now() + timedelta(days=1)), words, caplog, capfd)


def looked(tmp_path, stage, words, caplog, capfd):
    for alias in connections:
        with connections[alias].cursor() as cursor:
            cursor.execute("PRAGMA wal_autocheckpoint=0")
    draft_submit_and_close(stage, words)
    operating.back_up(vault=Vault(tmp_path / "backup"), say=quiet)
    wal = tmp_path / "home" / "klash.sqlite3-wal"
    assert wal.stat().st_size > 100_000 and list((tmp_path / "backup" / "files").iterdir())
    seen = {word for _, word in found([tmp_path], list(words.values()), caplog.text, *capfd.readouterr())}
    return {place for place, word in words.items() if word in seen}


def test_disk_scan(look, words):
    assert look() == set()
    proposal = Proposal.objects.get()
    assert proposal.text("novelty") == words["late"] and audit.verify()[0].faults == ()


def plain_at_rest(patch):
    """What this process reads again lies as it is."""
    patch.setattr(sealing, "lock", lambda data, context: data)
    patch.setattr(sealing, "unlock", lambda data, context: data)


def plain_parts(patch):
    """What the holder opens lies as it is."""
    real = sealing.seal
    patch.setattr(sealing, "seal", lambda data, context, public: sealing.Sealed(data, real(data, context, public).box))


class Plain:
    def encrypt(self, nonce, data, context):
        return data


def plain_kept_forms(patch):
    """What a browser sent in vain lies as it is."""
    patch.setattr(kept, "_cipher", lambda token: Plain())


def a_log_of_what_is_sent(patch):
    real = services.writing.save_proposal

    def save(**given):
        logging.getLogger("klash").info("saved %s", given["texts"])
        return real(**given)

    patch.setattr(services, "save_proposal", save)


# what is switched off -> the places whose words are then found
SWITCHED_OFF = {
    plain_at_rest: {*PARTS, "file name", "file text", "file title", "late"},
    plain_parts: {*PARTS, "file text", "file title", "late"},
    plain_kept_forms: {*PARTS, "typed in vain"} - {"impact"},
    a_log_of_what_is_sent: {*PARTS, "late", "typed in vain"},
}


@pytest.mark.parametrize("switch_off", SWITCHED_OFF, ids=lambda fault: fault.__name__)
def test_without_the_encryption_the_scan_finds_it(look, monkeypatch, switch_off):
    switch_off(monkeypatch)
    assert look() == SWITCHED_OFF[switch_off]


WAYS = {
    "as it is": lambda word: word.encode(), "utf-16": lambda word: word.encode("utf-16"), "hexadecimal": lambda word: word.encode().hex().encode(),
    "base64": lambda word: base64.b64encode(b"x" + word.encode() + b"yz"), "compressed": lambda word: b"head" + zlib.compress(f"in {word} it".encode()),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_scan_sees_a_word_whichever_way_it_was_written(tmp_path, way):
    word = f"qz{chance.key()}"
    (tmp_path / "file").write_bytes(b"\0" * 100 + WAYS[way](f"{word}1qz") + b"\xff" * 100)
    assert found([tmp_path], [f"{word}1qz", f"{word}2qz"]) == {("file", f"{word}1qz")}
