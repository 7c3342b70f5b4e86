"""What services raise. Middleware turns these into pages."""

from klash.rules.reasons import Reason


class KlashError(Exception):
    """Base of all errors that people may read; `reason` is what code branches on."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason, self.detail = reason, detail


class Denied(KlashError):
    """The actor may not do this."""


class IllegalMove(KlashError):
    """The object's state has no such move."""


class Refused(KlashError):
    """The input breaks a rule that a form cannot see."""
