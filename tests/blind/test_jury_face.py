"""Two worlds once more, where the jury's face runs by itself: a process, an address and a database of its own."""

import pytest

from klash.post.services import queue
from klash.proposals.services import letters
from tests.blind.checks import differences, terms_in
from tests.blind.face import JURY_URL, Face, watch_face
from tests.blind.test_seeded_faults import invented_mark
from tests.blind.worlds import KAARNA_FIRST, LUOTO_LATER, MOMENTS

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def worlds(contest, settings, tmp_path):
    """Return a function that lives both worlds to these moments."""
    settings.KLASH_JURY_URL = JURY_URL
    face = Face(tmp_path)
    return lambda *moments: [watch_face(contest, face, arrivals, moments) for arrivals in (KAARNA_FIRST, LUOTO_LATER)]


def test_two_worlds_look_the_same_to_every_juror_in_the_jurys_face(worlds):
    first, other = worlds(*MOMENTS)
    assert differences(first.seen, other.seen) == []
    # What is the same is not the same for want of a look.
    assert first.whole == ("jury", ["default"], ["accounts", "core", "post", "reviewing"])
    assert tuple(first.seen) == MOMENTS
    for reader in ("juror", "chair"):
        replies = first.seen["reading"][reader].values()
        assert all(title in b"".join(row.body for row in replies) for title in (b"Kyydit kylille", b"Byarnas skjuts", b"Yhteinen auto"))
        assert [row.status for row in replies if row.header("Content-Type") == "application/pdf" and row.where.endswith("/1/")] == [200] * 3
        report = [row.status for where, row in first.seen["requested"][reader].items() if where.endswith((".pdf", ".csv", ".xlsx", ".json"))]
        assert report and set(report) == {200}
        assert [len(first.seen[moment][f"mail to {reader}"]) for moment in ("invited", "closed", "written", "requested")] == [1, 1, 2, 2]
        for moment in MOMENTS:
            assert terms_in(first.seen[moment][reader].values(), first.secrets) == []


def mail_at_submission(patch):
    real = letters.send_receipt

    def send(version):
        real(version)
        queue(to="juror@example.org", language="fi", template="reviewing_judging", context={"round": None}, event=f"told/{version.receipt}", using="reviewing")

    patch.setattr(letters, "send_receipt", send)


# fault -> the moment at which it shows
SOWN = {invented_mark: "reading", mail_at_submission: "half"}


@pytest.mark.parametrize("sow", SOWN, ids=lambda sow: sow.__name__)
def test_seeded_faults_in_the_jurys_face(worlds, sow):
    with pytest.MonkeyPatch.context() as patch:
        sow(patch)
        one, other = worlds(SOWN[sow])
    assert differences(one.seen, other.seen) != []
