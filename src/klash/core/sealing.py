"""Encryption: what lies at rest under this process's own key, and parts that only the holder of a box's key can open.

AES-256-GCM and libsodium's sealed boxes as their libraries have them; nothing here is a cipher of our own.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from klash.core import keys

NONCE_BYTES = 12
PART_KEY, REHEARSAL = b"klash/1/part:", b"klash/1/rehearsal:"


class Unopened(Exception):
    """These bytes cannot be opened: another key, another place than the one they were sealed for, or changed bytes."""


@dataclass(frozen=True)
class Sealed:
    """A part as it is stored: the ciphertext, and its key in a sealed box."""

    ciphertext: bytes
    box: bytes


def lock(data: bytes, context: str) -> bytes:
    """Encrypt what this process itself must read again; context: where it belongs, so that it cannot be moved elsewhere."""
    return _encrypt(keys.secret(keys.REST), data, context)


def unlock(data: bytes, context: str) -> bytes:
    """Return what `lock` encrypted. Raises Unopened."""
    return _decrypt(keys.secret(keys.REST), data, context)


def seal(data: bytes, context: str, public: str) -> Sealed:
    """Encrypt a part under a fresh key, and the key for the holder of `public` (hexadecimal, X25519)."""
    key = AESGCM.generate_key(256)
    return Sealed(_encrypt(key, data, context), SealedBox(PublicKey(bytes.fromhex(public))).encrypt(PART_KEY + key))


def open_part(part: Sealed, key: bytes, context: str) -> bytes:
    """Return a part with the key that its box held. Raises Unopened."""
    return _decrypt(key, part.ciphertext, context)


def new_box() -> tuple[str, str]:
    """Return the private and the public half of a new box in hexadecimal."""
    private = PrivateKey.generate()
    return bytes(private).hex(), bytes(private.public_key).hex()


def put(data: bytes, public: str) -> bytes:
    """Put a few bytes into a box."""
    return SealedBox(PublicKey(bytes.fromhex(public))).encrypt(data)


def take(boxes: Sequence[bytes], private: str, tag: bytes) -> list[bytes]:
    """Return what the boxes hold after `tag`. Raises Unopened for a box of another key or with another tag."""
    opener, found = SealedBox(PrivateKey(bytes.fromhex(private))), list[bytes]()
    for box in boxes:
        try:
            held = opener.decrypt(box)
        except CryptoError as error:
            raise Unopened("a box of another key") from error
        if not held.startswith(tag):
            raise Unopened(f"expected a box with {tag.decode()}, found another use")
        found.append(held[len(tag):])
    return found


def _encrypt(key: bytes, data: bytes, context: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data, context.encode())


def _decrypt(key: bytes, data: bytes, context: str) -> bytes:
    try:
        return AESGCM(key).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError) as error:
        raise Unopened(context) from error
