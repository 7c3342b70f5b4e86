"""Why something is refused. Code branches on these, never on message text; the texts are in `core.texts`."""

from enum import StrEnum


class Reason(StrEnum):
    NOT_SIGNED_IN = "not_signed_in"
    NOT_YOURS = "not_yours"
    NO_ROLE = "no_role"
    WRONG_STATE = "wrong_state"
    NOT_OPEN_YET = "not_open_yet"
    DEADLINE_PASSED = "deadline_passed"
    INCOMPLETE = "incomplete"
    TEAM_TOO_SMALL = "team_too_small"
    TEAM_TOO_LARGE = "team_too_large"
    CHALLENGE_FULL = "challenge_full"
    OTHER_SIDE = "other_side"
    SAME_PERSON = "same_person"
    NOT_ALL_SUBMITTED = "not_all_submitted"
    NOT_ALL_SIGNED = "not_all_signed"
    ALREADY_SIGNED = "already_signed"
    CONFLICT = "conflict"
    FROZEN = "frozen"
    NO_REASON_GIVEN = "no_reason_given"
    DEADLINE_EARLIER = "deadline_earlier"
    NOT_COMPLETE = "not_complete"
    DOUBLE_BOOKED = "double_booked"
    NOT_ADMITTED = "not_admitted"
    INVITATION_VOID = "invitation_void"
    OTHER_ADDRESS = "other_address"
    TEXT_CHANGED = "text_changed"
    FILE_NOT_PDF = "file_not_pdf"
    FILE_BROKEN = "file_broken"
    FILE_ENCRYPTED = "file_encrypted"
    FILE_TOO_LARGE = "file_too_large"
    FILE_TOO_LONG = "file_too_long"
    TOO_MANY_FILES = "too_many_files"
    FILES_TOO_LARGE = "files_too_large"
    ALREADY_SENT = "already_sent"
    NOT_PLACED_FIRST = "not_placed_first"
    CLOSES_TOO_EARLY = "closes_too_early"
    OUT_OF_ORDER = "out_of_order"
    INPUT_STILL_OPEN = "input_still_open"
    BANDS_UNEVEN = "bands_uneven"
    NAME_TAKEN = "name_taken"


# Only these are told to a person who may see the object; every other refusal is a plain "not found".
TOLD = frozenset(Reason) - {Reason.NOT_SIGNED_IN, Reason.NOT_YOURS, Reason.NO_ROLE}
