"""A file's way through the process that opens it: what comes back, what is kept for a person, and what that process cannot do."""

import hashlib
import socketserver
import subprocess
import sys
import textwrap
import threading

import pytest

from klash.core import texts
from klash.files import checks, intake
from klash.files.frames import frame, unframe
from klash.files.intake import Outcome, Spot, examine
from klash.rules.reasons import Reason
from tests.algo.leaks import material
from tests.algo.leaks.material import MARK, marked_pdf, plain, saved


def test_a_pdf_is_stored_clean():
    data = marked_pdf("info")
    found = examine(data, "Suunnitelma.PDF")
    assert (found.state, found.reason, found.mime, found.pages) == (Outcome.STORED, None, "application/pdf", 1)
    assert found.sha256 == hashlib.sha256(data).hexdigest() and found.removed == ("info",)
    assert found.texts == ("Ehdotus kaupungille",) and found.fonts == ("Helvetica",) and found.hidden == ()
    assert found.first_page_png.startswith(b"\x89PNG") and found.cleaned.startswith(b"%PDF-1.7") and not material.is_marked(found.cleaned)


def test_the_same_file_gives_the_same_bytes():
    data = marked_pdf("font program")
    first, second = (examine(data, "a.pdf") for _ in range(2))
    assert first == second and first.fonts == (MARK,)


def test_a_picture_is_stored_clean():
    mime, data = material.PICTURE_PLACES["exif and gps of a jpeg"]()
    found = examine(data, "kuva.jpeg")
    assert (found.state, found.mime, found.pages, found.texts, found.removed) == (Outcome.STORED, mime, 0, (), ("exif",))
    assert not material.is_marked(found.cleaned) and found.first_page_png


def test_hidden_text_is_kept_for_a_person():
    found = examine(saved(plain(content=b"BT /F1 9 Tf 1 g 40 640 Td (Virtanen Oy) Tj ET")), "a.pdf")
    assert (found.state, found.reason, found.hidden) == (Outcome.KEPT, Reason.FILE_HIDDEN_TEXT, (Spot(1, "Virtanen Oy"),))
    assert found.cleaned and found.texts == ("Virtanen Oy",)


@pytest.mark.parametrize(("content", "ending", "reason"), [
    (b"PK\3\4 [Content_Types].xml", "docx", Reason.FILE_OFFICE), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc", Reason.FILE_OFFICE),
    (b"PK\3\4 mimetypeapplication/vnd.oasis.opendocument.text", "odt", Reason.FILE_OFFICE), (b"{\\rtf1", "rtf", Reason.FILE_OFFICE),
])  # fmt: skip
def test_office_refused(content, ending, reason):
    found = examine(content, f"a.{ending}")
    assert (found.state, found.reason, found.cleaned) == (Outcome.REFUSED, reason, b"")


def test_svg_refused():
    assert examine(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg").reason == Reason.FILE_SVG


def test_every_refusal_of_a_file_has_its_sentence():
    assert not [reason for reason in Reason if reason.name.startswith("FILE") and reason not in texts.REASONS]


class Scanner(socketserver.BaseRequestHandler):
    """Speaks as ClamAV's daemon does: takes a stream in pieces, finds what it is told to find."""

    def handle(self):
        stream = self.request.makefile("rb")
        assert stream.read(10) == b"zINSTREAM\0"
        data = b""
        while length := int.from_bytes(stream.read(4), "big"):
            data += stream.read(length)
        self.server.seen.append(data)
        self.request.sendall(self.server.reply)


@pytest.fixture
def scanner(settings):
    with socketserver.TCPServer(("127.0.0.1", 0), Scanner) as server:
        server.seen, server.reply = [], b"stream: OK\0"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        settings.KLASH_SCANNER = f"127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("reply", "state", "reason"), [
    (b"stream: OK\0", Outcome.STORED, None), (b"stream: Eicar-Test-Signature FOUND\0", Outcome.REFUSED, Reason.FILE_INFECTED),
    (b"INSTREAM size limit exceeded. ERROR\0", Outcome.KEPT, Reason.FILE_NOT_SCANNED), (b"", Outcome.KEPT, Reason.FILE_NOT_SCANNED),
])  # fmt: skip
def test_the_scanner_has_its_say(scanner, reply, state, reason):
    scanner.reply = reply
    data = saved(plain())
    found = examine(data, "a.pdf")
    assert (found.state, found.reason, scanner.seen) == (state, reason, [data])
    assert bool(found.cleaned) is (state is not Outcome.REFUSED)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.sock", "nonsense"])
def test_a_scanner_that_is_down_refuses_nothing(settings, address):
    settings.KLASH_SCANNER = address
    found = examine(saved(plain()), "a.pdf")
    assert (found.state, found.reason) == (Outcome.KEPT, Reason.FILE_NOT_SCANNED) and found.cleaned


@pytest.fixture
def program(monkeypatch, tmp_path):
    """Put another program in the place of the one that opens files."""

    def put(body):
        path = tmp_path / "program.py"
        path.write_text(textwrap.dedent(body))
        real = subprocess.Popen
        monkeypatch.setattr(intake.subprocess, "Popen", lambda command, **options: real([sys.executable, "-I", str(path)], **options))

    return put


@pytest.mark.parametrize("body", [
    "import os; os.abort()",
    "import sys; sys.exit(1)",
    "",
    "import sys; sys.stdout.write('nonsense' * 1000)",
    "import sys; sys.stdout.buffer.write(b'\\0\\0\\0\\2[]')",
    """import sys; sys.stdout.buffer.write(b'\\0\\0\\0\\x1c{"fault": "x", "detail": ""}')""",
    """import sys; sys.stdout.buffer.write(b'\\0\\0\\0\\x12{"mime":"text/html"}')""",
    "import time; time.sleep(60)",
    "import sys\nwhile True: sys.stdout.buffer.write(b' ' * 1000000)",
])  # fmt: skip
def test_a_process_that_dies_or_lies_refuses_nothing(program, body):
    program(body)
    found = examine(saved(plain()), "a.pdf", seconds=2)
    assert (found.state, found.reason, found.cleaned) == (Outcome.KEPT, Reason.FILE_NOT_CHECKED, b"")


def behind_walls(body):
    """Run some lines as the process that opens files would, once its walls stand; return what they print."""
    lines = "from klash.files import walls\nimport os, socket, sys\nwalls.limit()\nstanding = walls.close()\n" + textwrap.dedent(body)
    return subprocess.run([sys.executable, "-I", "-c", lines], capture_output=True, text=True, env={}, check=False)


def test_sandbox_no_net():
    if "network" not in intake.walls():
        pytest.skip("this system shuts off no network")
    run = behind_walls("""
        try:
            socket.create_connection(("127.0.0.1", 22), timeout=2)
        except OSError as error:
            print(error.errno is not None)
        print([name for _, name in socket.if_nameindex()])
    """)
    assert run.stdout == "True\n['lo']\n"


def test_nothing_is_read_or_written_behind_the_walls(tmp_path):
    (tmp_path / "secret").write_text("salainen")
    if "files" not in intake.walls():
        pytest.skip("this system shuts off no files")
    run = behind_walls(f"""
        for path, mode in (("{tmp_path}/secret", "r"), ("{tmp_path}/new", "w"), ("/etc/passwd", "r")):
            try:
                open(path, mode)
            except PermissionError:
                print("no")
    """)
    assert run.stdout == "no\n" * 3 and not (tmp_path / "new").exists()


def test_memory_ends_at_a_gigabyte():
    assert "MemoryError" in behind_walls("bytearray(1_200_000_000)").stderr


def test_the_process_loads_nothing_of_django_and_takes_no_environment(monkeypatch):
    run = subprocess.run(
        [sys.executable, "-I", "-c", "import klash.files.bridge, sys; print([name for name in sys.modules if name.startswith('django')])"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout == "[]\n"


def test_a_frame_is_read_as_it_was_written():
    assert unframe(frame({"name": "ä"}, b"ab", b"c")) == ({"name": "ä"}, b"abc")
    for broken in (b"", b"\0\0\0\0", b"\0\0\0\5{}", b"\0\0\0\2[]"):
        with pytest.raises(ValueError):
            unframe(broken)


def test_what_is_missing_around_the_process_is_told(settings, monkeypatch):
    monkeypatch.setattr(intake, "walls", lambda: frozenset({"files"}))
    assert [(warning.id, warning.msg.split()[-1]) for warning in checks.files_are_opened_behind_walls(None)] == [("klash.W101", "network"), ("klash.W102", "files")]
    settings.KLASH_SCANNER = "127.0.0.1:3310"
    monkeypatch.setattr(intake, "walls", lambda: frozenset({"files", "network"}))
    assert checks.files_are_opened_behind_walls(None) == []
