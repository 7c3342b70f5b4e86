"""How the process that opens files is spoken with: the length of a header in four bytes, big end first, the header as JSON, and a body up to the end."""

import json
from typing import Any


def frame(header: dict[str, Any], *bodies: bytes) -> bytes:
    """Return a header and bodies as one frame."""
    head = json.dumps(header).encode()
    return len(head).to_bytes(4, "big") + head + b"".join(bodies)


def unframe(message: bytes) -> tuple[dict[str, Any], bytes]:
    """Return header and body of a frame. Raises ValueError if it is none."""
    end = 4 + int.from_bytes(message[:4], "big")
    if len(message) < end or end == 4:
        raise ValueError(f"a frame cut off after {len(message)} bytes")
    header = json.loads(message[4:end])
    if not isinstance(header, dict):
        raise ValueError("a frame without a header")
    return header, message[end:]
