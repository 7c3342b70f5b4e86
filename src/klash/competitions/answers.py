"""Answers in words: the one text form of what was answered, whatever was asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from klash.competitions.models import Question, StageForm
from klash.core import show
from klash.core.errors import Refused
from klash.core.fields import Text
from klash.rules.questions import Kind, fits, is_answer, shown
from klash.rules.reasons import Reason

YES_NO = {True: {"fi": "Kyllä", "sv": "Ja", "en": "Yes"}, False: {"fi": "Ei", "sv": "Nej", "en": "No"}}


@dataclass(frozen=True)
class Told:
    """An answer in words under its question."""

    question: Question
    text: str

    @property
    def heading(self) -> Text:
        heading: Text = self.question.heading
        return heading

    @property
    def entry(self) -> dict[str, Any]:
        """The answer as an entry of a review holds it."""
        return {"heading": self.heading, "text": self.text}


def told(form: StageForm, answers: Mapping[str, Any], language: str, *, is_told: Callable[[Question], bool] = lambda question: True) -> list[Told]:
    """Return what was answered to the questions that are asked of who answers so, in the form's order. One query at most, kept with the form."""
    visible = {asked.code for asked in shown(form.rules(), answers)}
    rows = [row for row in form.asked if row.code in visible and is_told(row) and is_answer(answers.get(row.code))]
    return [Told(row, in_words(row, answers[row.code], language)) for row in rows]


def kept(form: StageForm, answers: Mapping[str, Any], language: str) -> list[Told]:
    """Return what was answered before to questions that are asked no more."""
    return [Told(row, in_words(row, answers[row.code], language)) for row in form.kept if is_answer(answers.get(row.code))]


def in_words(question: Question, value: Any, language: str) -> str:
    """Return an answer as a text, empty if there is none. What does not fit its question is told as it lies."""
    if not is_answer(value):
        return ""
    if isinstance(value, str) and question.kind in (Kind.LINE, Kind.TEXT):
        return value
    return _WORDS[Kind(question.kind)](question, value, language) if fits(question.asked, value) else str(value)


def _option(question: Question, code: str, language: str) -> str:
    return next((show.pick(row["text"], language) for row in question.options if row["code"] == code), code)


def _organisation(value: Mapping[str, str]) -> str:
    return f"{value['name']} ({value['business_id']})" if value.get("business_id") else value["name"]


_WORDS: dict[Kind, Callable[[Question, Any, str], str]] = {
    Kind.NUMBER: lambda question, value, language: show.number(value, language),
    Kind.MONEY: lambda question, value, language: show.money(value, question.currency, language),
    Kind.DATE: lambda question, value, language: show.day(date.fromisoformat(value), language),
    Kind.ONE: _option,
    Kind.MANY: lambda question, value, language: ", ".join(_option(question, code, language) for code in value),
    Kind.YES_NO: lambda question, value, language: YES_NO[value][language],
    Kind.MUNICIPALITY: lambda question, value, language: show.pick(question.form.places.get(value, value), language),
    Kind.ORGANISATION: lambda question, value, language: _organisation(value),
    Kind.FILE: lambda question, value, language: str(value["name"]),
    Kind.PEOPLE: lambda question, value, language: "\n".join(", ".join(filter(None, (row["name"], row["role"]))) for row in value),
}


def check_answers(form: StageForm, answers: Mapping[str, Any]) -> None:
    """Raise Refused(ANSWER_DOES_NOT_FIT) unless each answer can be one to its question. What is asked no more is not looked at."""
    if unfit := [asked.code for asked in form.rules() if is_answer(answers.get(asked.code)) and not fits(asked, answers[asked.code])]:
        raise Refused(Reason.ANSWER_DOES_NOT_FIT, ", ".join(unfit))


def frozen_codes(form: StageForm, now: datetime) -> frozenset[str]:
    """Return the codes of the questions whose answers may not change any more."""
    return frozenset(asked.code for asked in form.rules() if asked.is_frozen_at(now))
