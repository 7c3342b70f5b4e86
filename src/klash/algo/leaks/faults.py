"""Why a file cannot be made anew."""

from enum import StrEnum


class Fault(StrEnum):
    EMPTY = "empty"
    KIND = "kind"
    OFFICE = "office"
    SVG = "svg"
    VIDEO = "video"
    ARCHIVE = "archive"
    WRONG_NAME = "wrong_name"
    TWO_KINDS = "two_kinds"
    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    TOO_LONG = "too_long"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_HEAVY = "too_heavy"
    ACTIVE = "active"


class Unfit(Exception):
    """The file is not one that can be made anew; `fault` says why."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault.value}: {detail}" if detail else fault.value)
        self.fault, self.detail = fault, detail
