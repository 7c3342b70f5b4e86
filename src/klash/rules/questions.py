"""What may be asked in a form, what counts as an answer, which questions are shown, required and frozen, and what is missing.

Answers stand by the question's code, as JSON: a text as it was written; a number; money in whole cents; a day as "2020-01-23"; the code of an
option, or a list of them in the form's order; true or false; a municipality's code; an organisation as {name, business_id}; people as a list of
{name, role}; a file as {name, key, sha256}. What is not answered has no key.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from klash.rules.words import Limits, count_words

Answers = Mapping[str, Any]


class Kind(StrEnum):
    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    ONE = "one"
    MANY = "many"
    YES_NO = "yes_no"
    MUNICIPALITY = "municipality"
    ORGANISATION = "organisation"
    PEOPLE = "people"
    FILE = "file"


TEXTS = frozenset({Kind.LINE, Kind.TEXT})
CHOICES = frozenset({Kind.ONE, Kind.MANY})
# Whether another question is shown may hang on the answer to one of these.
DECIDING = CHOICES | {Kind.YES_NO}
YES, NO = "yes", "no"
LINE_SIGNS_MAX, TEXT_SIGNS_MAX, DRAFT_SIGNS_MAX = 200, 5_000, 50_000
NUMBER_MAX, PEOPLE_MAX = 10**12, 20


@dataclass(frozen=True)
class Asked:
    """A question as the rules see it.

    options: the codes that can be chosen, those that were taken off included. limits: in words; None where only signs are counted.
    required_from, frozen_from: instants, None for never. depends_on: code of another question, which must be answered with one of `values`.
    """

    code: str
    kind: Kind = Kind.TEXT
    options: tuple[str, ...] = ()
    limits: Limits | None = None
    is_required: bool = True
    required_from: datetime | None = None
    frozen_from: datetime | None = None
    depends_on: str = ""
    values: tuple[str, ...] = ()

    @property
    def signs_max(self) -> int:
        """How long a text may be at all; where words are counted, a draft may be far longer than what is submitted."""
        if self.kind == Kind.LINE:
            return LINE_SIGNS_MAX
        return DRAFT_SIGNS_MAX if self.limits else TEXT_SIGNS_MAX

    def is_required_at(self, now: datetime) -> bool:
        return self.is_required or (self.required_from is not None and self.required_from <= now)

    def is_frozen_at(self, now: datetime) -> bool:
        return self.frozen_from is not None and self.frozen_from <= now


def is_answer(value: Any) -> bool:
    """Return whether something was answered; False and 0 are answers, blanks are none."""
    return value is not None and value != [] and not (isinstance(value, str) and not value.strip())


def fits(asked: Asked, value: Any) -> bool:
    """Return whether a value can be the answer to a question as a draft keeps it."""
    if asked.kind in TEXTS:
        return isinstance(value, str) and len(value) <= asked.signs_max
    if asked.kind == Kind.ONE:
        return value in asked.options
    if asked.kind == Kind.MANY:
        return isinstance(value, list) and value == [code for code in asked.options if code in value]
    return _FITS[asked.kind](value)


def shown(form: Sequence[Asked], answers: Answers) -> list[Asked]:
    """Return the questions that are asked of who answered so, in order: those that hang on no other, and those whose other one is shown and answered so."""
    by_code = {asked.code: asked for asked in form}

    def is_shown(asked: Asked, below: frozenset[str]) -> bool:
        if not asked.depends_on:
            return True
        other = by_code.get(asked.depends_on)
        if other is None or other.code in below:
            return False
        return bool(set(asked.values) & _choices(answers.get(other.code))) and is_shown(other, below | {other.code})

    return [asked for asked in form if is_shown(asked, frozenset({asked.code}))]


def missing(form: Sequence[Asked], answers: Answers, now: datetime) -> list[str]:
    """Return the codes of the questions that are shown, required at this instant and not answered."""
    return [asked.code for asked in shown(form, answers) if asked.is_required_at(now) and not is_answer(answers.get(asked.code))]


def too_long(form: Sequence[Asked], answers: Answers) -> list[str]:
    """Return the codes of the questions that are shown and answered with more words than may be submitted."""
    return [asked.code for asked in shown(form, answers) if excess(asked, answers.get(asked.code))]


def excess(asked: Asked, value: Any) -> int:
    """Return how many words of an answer are too many."""
    return asked.limits.excess(count_words(value)) if asked.limits and isinstance(value, str) else 0


def hangs_wrongly(form: Sequence[Asked]) -> list[str]:
    """Return the codes of the questions that could never be shown: they hang on what is not there or decides nothing, on no answer of it, or in a circle."""
    by_code = {asked.code: asked for asked in form}

    def is_wrong(asked: Asked, below: frozenset[str]) -> bool:
        if not asked.depends_on:
            return False
        other = by_code.get(asked.depends_on)
        if other is None or other.kind not in DECIDING or other.code in below:
            return True
        known = {YES, NO} if other.kind == Kind.YES_NO else set(other.options)
        return not asked.values or not set(asked.values) <= known or is_wrong(other, below | {other.code})

    return [asked.code for asked in form if is_wrong(asked, frozenset({asked.code}))]


def with_answers(stored: Answers, given: Answers, *, frozen: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return the stored answers with those that are given in their place.

    Nothing is lost by a form that does not ask for it any more; an answer that is given as empty is taken away. What is frozen stays as it is stored.
    """
    tidy = {code: value.strip() if isinstance(value, str) else value for code, value in given.items() if code not in frozen}
    return {code: value for code, value in {**stored, **tidy}.items() if is_answer(value)}


def _choices(value: Any) -> set[str]:
    if isinstance(value, bool):
        return {YES if value else NO}
    return {value} if isinstance(value, str) else set(value) if isinstance(value, list) else set()


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and abs(value) <= NUMBER_MAX


def _is_cents(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100 * NUMBER_MAX


def _is_day(value: Any) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == str(value)
    except (TypeError, ValueError):
        return False


def _is_line(value: Any, signs_max: int = LINE_SIGNS_MAX) -> bool:
    return isinstance(value, str) and 0 < len(value) <= signs_max


def _is_organisation(value: Any) -> bool:
    return isinstance(value, dict) and set(value) <= {"name", "business_id"} and _is_line(value.get("name")) and isinstance(value.get("business_id", ""), str)


def _is_people(value: Any) -> bool:
    def is_person(row: Any) -> bool:
        return isinstance(row, dict) and set(row) == {"name", "role"} and _is_line(row["name"]) and isinstance(row["role"], str)

    return isinstance(value, list) and 0 < len(value) <= PEOPLE_MAX and all(map(is_person, value))


def _is_file(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"name", "key", "sha256"} and all(_is_line(value[name]) for name in ("name", "key", "sha256"))


_FITS: dict[Kind, Callable[[Any], bool]] = {
    Kind.NUMBER: _is_number, Kind.MONEY: _is_cents, Kind.DATE: _is_day, Kind.YES_NO: lambda value: isinstance(value, bool),
    Kind.MUNICIPALITY: lambda value: _is_line(value, 10), Kind.ORGANISATION: _is_organisation, Kind.PEOPLE: _is_people,
    Kind.FILE: _is_file,
}
