"""The virus scanner: ClamAV's daemon, to which files are streamed."""

import socket

from django.conf import settings

_CHUNK = 1 << 16
_SECONDS = 20


class ScannerDown(Exception):
    """The scanner gave no answer: the file is neither clean nor infected."""


def is_infected(data: bytes) -> bool:
    """Tell whether the scanner finds something; never, where KLASH_SCANNER names none. Raises ScannerDown."""
    if not settings.KLASH_SCANNER:
        return False
    try:
        with _connection(settings.KLASH_SCANNER) as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), _CHUNK):
                chunk = data[start : start + _CHUNK]
                connection.sendall(len(chunk).to_bytes(4, "big") + chunk)
            connection.sendall(b"\0\0\0\0")
            reply = connection.makefile("rb").read(1024).rstrip(b"\0\n")
    except (OSError, ValueError) as error:
        raise ScannerDown(f"{settings.KLASH_SCANNER}: {error}") from error
    if not reply.endswith((b" OK", b" FOUND")):
        raise ScannerDown(f"{settings.KLASH_SCANNER} answered {reply[:100]!r}")
    return reply.endswith(b" FOUND")


def _connection(address: str) -> socket.socket:
    """Connect to HOST:PORT or, where the address is a path, to a socket of this machine."""
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(_SECONDS)
        try:
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS)
