"""The folder of a backup: files that are written once, each durable before the next, plain or sealed for the holder of a key.

A sealed file is a head (`klash-sealed/1`, a line feed, a sealed box with the file's own key) and then pieces of one mebibyte, the last
one shorter, each under AES-256-GCM. A piece's nonce is its number (11 bytes) and whether it is the last (1 byte); the associated data is
the file's name. So a piece that is changed, left out, repeated, moved or cut off, and a file under another's name, is refused (the
construction STREAM of Hoang, Reyhanitabar, Rogaway and Vizár, Online authenticated-encryption and its nonce-reuse misuse-resistance, 2015).
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from klash.operating.engines import CHUNK_BYTES, chunks_of, write_durably
from klash.operating.errors import Halted

MAGIC = b"klash-sealed/1\n"
BOX_BYTES, TAG_BYTES = 80, 16
SUFFIX = ".sealed"


@dataclass(frozen=True)
class Written:
    """Size and SHA-256, in hexadecimal, of what was written, before it was sealed."""

    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Vault:
    """A backup's folder. public: whom new files are sealed for, if anyone; private: what opens sealed ones."""

    folder: Path
    public: PublicKey | None = None
    private: PrivateKey | None = None

    def write(self, name: str, chunks: Iterable[bytes]) -> Written:
        """Write a file, on the disk for good and under its name only when it is whole."""
        digest, size = hashlib.sha256(), 0

        def measured() -> Iterator[bytes]:
            nonlocal size
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                yield chunk

        path = self._path(name, is_sealed=self.public is not None)
        path.parent.mkdir(exist_ok=True, mode=0o700)
        part = path.with_name(f"{path.name}.part")
        write_durably(part, measured() if self.public is None else seal(measured(), name, self.public))
        part.rename(path)
        sync_folder(path.parent)
        return Written(size, digest.hexdigest())

    def holds(self, name: str) -> bool:
        return self._path(name, is_sealed=True).exists() or self._path(name, is_sealed=False).exists()

    def read(self, name: str) -> Iterator[bytes]:
        """Yield a file's bytes. Raises Halted if it is not there or cannot be opened."""
        sealed = self._path(name, is_sealed=True)
        is_sealed = sealed.exists()
        try:
            with (sealed if is_sealed else self._path(name, is_sealed=False)).open("rb") as file:
                if is_sealed and self.private is None:
                    raise Halted(f"{sealed} is sealed. Name the file of the private key with --key.")
                yield from open_sealed(file, name, self.private) if is_sealed and self.private else chunks_of(file)
        except OSError as error:
            raise Halted(f"{name} cannot be read: {error.strerror}") from error

    def measure(self, name: str) -> Written:
        """Return the size and hash of a file as it lies there. Raises Halted."""
        digest, size = hashlib.sha256(), 0
        for chunk in self.read(name):
            digest.update(chunk)
            size += len(chunk)
        return Written(size, digest.hexdigest())

    def _path(self, name: str, *, is_sealed: bool) -> Path:
        return self.folder / (name + SUFFIX if is_sealed else name)


def seal(chunks: Iterable[bytes], name: str, public: PublicKey) -> Iterator[bytes]:
    """Yield a file sealed for the holder of the key."""
    key = AESGCM.generate_key(256)
    yield MAGIC + SealedBox(public).encrypt(key)
    for number, piece in enumerate(_even(chunks)):
        yield AESGCM(key).encrypt(_nonce(number, len(piece) < CHUNK_BYTES), piece, name.encode())


def open_sealed(file: IO[bytes], name: str, private: PrivateKey) -> Iterator[bytes]:
    """Yield what `seal` sealed, each piece proven before it is given out. Raises Halted."""
    if file.read(len(MAGIC)) != MAGIC:
        raise Halted(f"{name} is no sealed file of a backup")
    try:
        cipher = AESGCM(SealedBox(private).decrypt(file.read(BOX_BYTES)))
        for number in count():
            piece = file.read(CHUNK_BYTES + TAG_BYTES)
            is_last = len(piece) < CHUNK_BYTES + TAG_BYTES
            yield cipher.decrypt(_nonce(number, is_last), piece, name.encode())
            if is_last:
                return
    except (CryptoError, TypeError, ValueError) as error:
        raise Halted(f"{name} is sealed for another key, or was changed") from error
    except InvalidTag as error:
        raise Halted(f"{name} was changed") from error


def write_keys(stem: Path) -> tuple[Path, Path]:
    """Draw a pair of keys; return the files of the private and of the public one. Raises FileExistsError."""
    private = PrivateKey.generate()
    paths = stem.with_name(f"{stem.name}.key"), stem.with_name(f"{stem.name}.pub")
    for path, key, mode in zip(paths, (bytes(private), bytes(private.public_key)), (0o400, 0o444), strict=True):
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
            file.write(f"{key.hex()}\n")
    return paths


def read_key(path: Path) -> bytes:
    """Return the 32 bytes of a key file. Raises Halted."""
    try:
        key = bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError) as error:
        raise Halted(f"{path} cannot be read as a key: {error}") from error
    if len(key) != 32:
        raise Halted(f"{path}: expected 32 bytes in hexadecimal, got {len(key)}. `./klash manage new_backup_key` makes keys.")
    return key


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk for good."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _even(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the bytes in pieces of one size; the last is shorter, if need be empty."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) >= CHUNK_BYTES:
            yield bytes(held[:CHUNK_BYTES])
            del held[:CHUNK_BYTES]
    yield bytes(held)
