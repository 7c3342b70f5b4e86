"""Keys that this process holds itself: one file each, of mode 0400, in KLASH_KEYS. They never lie in a database or in a backup of one."""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

LOG, RECEIPTS, REST = "log", "receipts", "rest"  # signs checkpoints; signs receipts; encrypts what lies at rest


def folder() -> Path:
    """Return where this installation keeps its keys."""
    return Path(settings.KLASH_KEYS or Path(settings.KLASH_HOME) / "keys")


def secret(name: str) -> bytes:
    """Return the 32 bytes of a key; the first call on a machine draws them."""
    path = folder() / f"{name}.key"
    if not path.exists():
        write_once(path, secrets.token_hex(32))
    return _read(path, path.stat().st_mtime_ns)


def sign(name: str, data: bytes) -> str:
    """Return the Ed25519 signature of `data` in hexadecimal."""
    return _signer(secret(name)).sign(data).hex()


def public(name: str) -> str:
    """Return the public half of a signing key in hexadecimal."""
    return _signer(secret(name)).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def is_signed(key: str, data: bytes, signature: str) -> bool:
    """Tell whether the signature of `data` is that of the public key; all but data in hexadecimal."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), data)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=64)
def _signer(secret_: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(secret_)


@lru_cache(maxsize=64)
def _read(path: Path, changed_ns: int) -> bytes:
    return bytes.fromhex(path.read_text())


def write_once(path: Path, text: str) -> None:
    """Write a secret whole under its name, or leave the one that another process wrote first."""
    part = write_beside(path, text)
    try:
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()


def write_beside(path: Path, text: str) -> Path:
    """Write a secret whole in the folder of `path`, under a name of its own, and return it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{secrets.token_hex(8)}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return part
