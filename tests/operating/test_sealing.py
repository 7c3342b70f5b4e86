"""What is sealed for a key comes out as it went in, or not at all."""

import io

import pytest
from nacl.public import PrivateKey

from klash.operating.engines import CHUNK_BYTES
from klash.operating.errors import Halted
from klash.operating.vaults import BOX_BYTES, MAGIC, TAG_BYTES, Vault, open_sealed, read_key, seal, write_keys

KEY = PrivateKey.generate()
PIECE = CHUNK_BYTES + TAG_BYTES
HEAD = len(MAGIC) + BOX_BYTES
DATA = bytes(range(256)) * (CHUNK_BYTES // 128) + b"the end"  # two pieces and a bit


def sealed(data=DATA, name="files/a"):
    return b"".join(seal([data[at:at + 70_000] for at in range(0, len(data), 70_000)], name, KEY.public_key))


def opened(data, name="files/a", key=KEY):
    return b"".join(open_sealed(io.BytesIO(data), name, key))


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, len(DATA)])
def test_every_size_comes_out_as_it_went_in(size):
    assert opened(sealed(DATA[:size])) == DATA[:size]


def flipped(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


BROKEN = {
    "the head": lambda whole: flipped(whole, 0),
    "the box": lambda whole: flipped(whole, len(MAGIC)),
    "the first piece": lambda whole: flipped(whole, HEAD),
    "the last byte": lambda whole: flipped(whole, len(whole) - 1),
    "cut between two pieces": lambda whole: whole[:HEAD + PIECE],
    "cut after the head": lambda whole: whole[:HEAD],
    "cut within the head": lambda whole: whole[:20],
    "empty": lambda whole: b"",
    "a piece left out": lambda whole: whole[:HEAD] + whole[HEAD + PIECE:],
    "a piece repeated": lambda whole: whole[:HEAD + PIECE] + whole[HEAD:],
    "two pieces exchanged": lambda whole: whole[:HEAD] + whole[HEAD + PIECE:HEAD + 2 * PIECE] + whole[HEAD:HEAD + PIECE] + whole[HEAD + 2 * PIECE:],
    "more after the end": lambda whole: whole + b"x",
    "the pieces of another file": lambda whole: whole[:HEAD] + sealed()[HEAD:],
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_was_changed_is_refused(what):
    with pytest.raises(Halted, match="files/a"):
        opened(BROKEN[what](sealed()))


def test_a_file_under_another_name_or_for_another_key_is_refused():
    with pytest.raises(Halted, match="files/b was changed"):
        opened(sealed(), name="files/b")
    with pytest.raises(Halted, match="sealed for another key"):
        opened(sealed(), key=PrivateKey.generate())


def test_keys_are_written_once_and_read_back(tmp_path):
    private, public = write_keys(tmp_path / "offsite")
    assert bytes(PrivateKey(read_key(private)).public_key) == read_key(public)
    assert (private.stat().st_mode & 0o777, private.name, public.name) == (0o400, "offsite.key", "offsite.pub")
    with pytest.raises(FileExistsError):
        write_keys(tmp_path / "offsite")
    public.chmod(0o600)
    for content in ("not hexadecimal", "00"):
        public.write_text(content)
        with pytest.raises(Halted, match=r"offsite\.pub"):
            read_key(public)


def test_a_sealed_folder_needs_its_key(tmp_path):
    assert Vault(tmp_path, KEY.public_key).write("a", [b"secret"]).size_bytes == 6
    assert [path.name for path in tmp_path.iterdir()] == ["a.sealed"] and b"secret" not in (tmp_path / "a.sealed").read_bytes()
    assert b"".join(Vault(tmp_path, private=KEY).read("a")) == b"secret"
    with pytest.raises(Halted, match="Name the file of the private key with --key"):
        list(Vault(tmp_path).read("a"))
