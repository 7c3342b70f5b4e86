"""Each hostile file ends as stored, refused by name or kept for a person, in time and under 1 GB, and never as an exception."""

import resource
import time

import pytest

from klash.files import intake
from klash.files.intake import Outcome, examine
from klash.rules.reasons import Reason
from tests.algo.leaks.material import everything
from tests.files.hostile import HOSTILE

ACTIVE = (b"/JavaScript", b"/JS", b"/Launch", b"/GoToR", b"/URI", b"/SubmitForm", b"/RichMedia", b"/OpenAction", b"/Annots", b"kanarialintu")
REFUSED = {
    Reason.FILE_TOO_HEAVY: (
        "content that unfolds to 400 MB", "a bomb within a bomb", "twelve million instructions", "drawings ten to the thirtieth", "300,000 objects",
    ),
    Reason.FILE_TOO_MANY_PIXELS: ("3,600 megapixels in a page", "sixty large pictures", "144 megapixels", "a picture that lies", "a JPEG that lies"),
    Reason.FILE_BROKEN: (
        "forty filters", "a run of lengths", "a loop of pages", "pages ten to the twelfth", "100,000 pages", "an xref of two thousand million",
        "arrays 100,000 deep", "dictionaries 50,000 deep", "cut off", "the head alone", "noise", "texts that unfold", "a profile that unfolds",
    ),
    Reason.FILE_TOO_LONG: ("401 pages",),
    Reason.FILE_ACTIVE: ("a form drawn by a program",),
    Reason.FILE_ENCRYPTED: ("encrypted", "encrypted for its owner"),
    Reason.FILE_EMPTY: ("empty",),
    Reason.FILE_TOO_LARGE: ("over 20 MB",),
    Reason.FILE_ARCHIVE: ("an overlapping zip",),
    Reason.FILE_OFFICE: ("an office file", "an office file as PDF"),
    Reason.FILE_SVG: ("SVG", "SVG as PNG"),
    Reason.FILE_VIDEO: ("film",),
    Reason.FILE_TWO_KINDS: (
        "bytes before the head", "bytes after the end", "PDF and zip", "zip within a PDF", "JPEG with a PDF", "PNG with a web page", "JPEG and film",
    ),
    Reason.FILE_WRONG_NAME: ("PNG under another name", "a name that is a path", "a name turned round"),
}  # fmt: skip
REASONS = {what: reason for reason, files in REFUSED.items() for what in files}
AS_MEMORY_GOES = {"eight million operands"}  # refused, or kept when the process dies of it


def test_there_are_sixty_and_each_is_named():
    assert len(HOSTILE) >= 60 and set(REASONS) <= set(HOSTILE)


@pytest.mark.parametrize("what", HOSTILE)
def test_bombs(what):
    make, name = HOSTILE[what]
    data = make()
    began = time.monotonic()
    found = examine(data, name)
    assert time.monotonic() - began < intake.WALL_SECONDS + 5
    # A child counts what its parent held when it was forked: where this process itself has grown beyond the limit, that is what is seen.
    held, own = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF))
    assert held < 1_000_000 or held <= own
    if what in AS_MEMORY_GOES:
        assert found.reason in (Reason.FILE_TOO_HEAVY, Reason.FILE_NOT_CHECKED)
        return
    assert (found.state, found.reason) == ((Outcome.REFUSED, REASONS[what]) if what in REASONS else (Outcome.STORED, None)), found.detail
    whole = everything(found.cleaned)
    assert not [word for word in ACTIVE if word in whole]
