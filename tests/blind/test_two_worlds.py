"""Non-interference (I11): who wrote what, in which order, when and under which file name changes no byte that a reader gets."""

import pytest

from tests.blind.checks import differences
from tests.blind.worlds import KAARNA_FIRST, LUOTO_LATER, MOMENTS, NOBODY_YET, READERS

pytestmark = pytest.mark.django_db(databases="__all__")
BEFORE = ("half", "arrived", "closed")


def test_two_worlds_look_the_same_to_every_reader(first, world_of):
    assert tuple(first.seen) == MOMENTS
    assert {len(first.seen[moment]["juror"]) > 20 for moment in MOMENTS} == {True}
    assert differences(first.seen, world_of(LUOTO_LATER).seen) == []


@pytest.mark.parametrize("reader", ["juror", "chair"])
def test_the_readers_read_all_three_texts_and_files(first, reader):
    """What is the same in both worlds is not the same for want of a look."""
    bodies = b"".join(row.body for row in first.replies(reader, "reading"))
    statuses = [row.status for row in first.replies(reader, "reading") if row.header("Content-Type") == "application/pdf"]
    assert [title in bodies for title in (b"Kyydit kylille", b"Byarnas skjuts", b"Yhteinen auto")] == [True] * 3
    assert statuses == [200] * 3


def test_no_counts(world_of):
    """Before the opening nobody can tell whether anything came at all (S23, S30, S43, S47)."""
    three, none = (world_of(arrivals, BEFORE) for arrivals in (KAARNA_FIRST, NOBODY_YET))
    assert differences(three.seen, none.seen) == []
    assert set(READERS) <= set(three.seen["half"])


def test_jury_mail_times(first):
    """Jurors get an invitation and, at the opening, one mail each in the same minute (S23)."""
    counts = {moment: [len(first.seen[moment][f"mail to {name}"]) for name in ("juror", "chair", "deputy")] for moment in MOMENTS}
    assert counts == {moment: [0, 1, 0] if moment in ("invited", *BEFORE) else [1, 2, 0] for moment in MOMENTS}
    opened = [first.seen["requested"][f"mail to {name}"] for name in ("juror", "chair")]
    assert len({list(rows.values())[-1][-1][:16] for rows in opened}) == 1
