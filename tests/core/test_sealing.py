"""Keys, what lies encrypted, and the boxes that only a key's holder opens."""

import stat

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from klash.core import keys, sealing


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    settings.KLASH_KEYS = tmp_path / "keys"


@given(data=st.binary(max_size=300))
@rules(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_locked_is_unlocked_only_where_it_belongs(data):
    locked = sealing.lock(data, "proposals.version.manifest")
    assert sealing.unlock(locked, "proposals.version.manifest") == data and (len(data) < 8 or data not in locked)
    for bytes_, context in [(locked, "elsewhere"), (locked[:-1] + bytes([locked[-1] ^ 1]), "proposals.version.manifest"), (locked[:5], "proposals.version.manifest")]:
        with pytest.raises(sealing.Unopened):
            sealing.unlock(bytes_, context)


def test_a_part_is_opened_with_the_key_from_its_box_and_nowhere_else():
    private, public = sealing.new_box()
    other, _ = sealing.new_box()
    one, two = (sealing.seal(b"Ratkaisu", "c/v1/text", public) for _ in range(2))
    assert one.ciphertext != two.ciphertext and one.box != two.box
    (key,) = sealing.take([one.box], private, sealing.PART_KEY)
    assert sealing.open_part(one, key, "c/v1/text") == b"Ratkaisu"
    for part, context in [(one, "c/v1/file/1"), (one, "c/v2/text"), (two, "c/v1/text")]:
        with pytest.raises(sealing.Unopened):
            sealing.open_part(part, key, context)
    with pytest.raises(sealing.Unopened):
        sealing.take([one.box], other, sealing.PART_KEY)
    with pytest.raises(sealing.Unopened):
        sealing.take([one.box], private, sealing.REHEARSAL)


def test_keys_are_drawn_once_and_only_their_owner_reads_them():
    first = keys.secret(keys.REST)
    path = keys.folder() / "rest.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o400 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    keys._read.cache_clear()
    assert keys.secret(keys.REST) == first and len({keys.secret(name) for name in (keys.LOG, keys.RECEIPTS, keys.REST)}) == 3


def test_a_signature_holds_for_its_text_and_key_only():
    signature = keys.sign(keys.LOG, b"text")
    assert keys.is_signed(keys.public(keys.LOG), b"text", signature)
    assert not keys.is_signed(keys.public(keys.LOG), b"Text", signature) and not keys.is_signed(keys.public(keys.RECEIPTS), b"text", signature)
    assert not keys.is_signed("00", b"text", signature)
