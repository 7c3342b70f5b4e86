"""What an operator reads while it goes on: a line for each thing done, and each tenth of what takes long."""

from collections.abc import Callable

Say = Callable[[str], None]
LONG_BYTES = 100_000_000


class Meter:
    """Say each tenth of a large number of bytes."""

    def __init__(self, say: Say, doing: str, total_bytes: int) -> None:
        self.say, self.doing, self.total_bytes = say, doing, total_bytes
        self.done_bytes = self.tenths = 0

    def add(self, size_bytes: int) -> None:
        self.done_bytes += size_bytes
        tenths = 10 * self.done_bytes // max(self.total_bytes, 1)
        if self.total_bytes >= LONG_BYTES and self.tenths < tenths < 10:
            self.say(f"  {self.doing}: {tenths * 10} % of {in_words(self.total_bytes)}")
        self.tenths = tenths


def in_words(size_bytes: int) -> str:
    """Return a size as people read it."""
    size, unit = float(size_bytes), "bytes"
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if size < 1000 or unit == "TB":
            break
        size /= 1000
    return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
