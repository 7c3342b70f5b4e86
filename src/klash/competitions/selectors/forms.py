"""Reads of the forms of stages: their hash, and how many have answered a question."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.dispatch import Signal

from klash.competitions.models import FormKind, FormSection, Question, StageForm
from klash.core import audit
from klash.rules.questions import Kind

# Asked with `form`; who keeps answers returns {a question's code: how many have answered it}.
counting_answers = Signal()
_BEFORE = ("code", "heading", "help", "soft_words", "hard_words", "is_required", "carries")
_COLUMNS = (
    "code", "kind", "heading", "help", "soft_words", "hard_words", "options", "currency", "is_required", "required_from", "frozen_from", "depends_on",
    "values", "is_for_reviewers", "is_identifying", "carries",
)


def how_many_answered(form: StageForm) -> Counter[str]:
    """Return by a question's code how many have answered it, whether it is still asked or not. One query for each place where answers lie."""
    return sum((Counter(found) for _, found in counting_answers.send(sender=StageForm, form=form)), Counter[str]())


def sections_of(form: StageForm) -> list[FormSection]:
    """Return the sections of a form in order, those without questions too. One query; none for a form that is not stored."""
    if form.pk is None:
        return [form.every[0].section]
    return list(form.sections.order_by("position", "pk"))


def form_anew(form: StageForm) -> StageForm:
    """Return a form as it is stored now."""
    form.competition.forget_forms()
    return form.competition.form(form.kind)


def hash_of_form(form: StageForm) -> str:
    """Return the hash of what a form asks, in order. One that asks no more than the forms of before could keeps the hash that they had."""
    rows = form.asked
    if form.kind == FormKind.PROPOSAL and all(_is_as_before(row) for row in rows):
        return audit.sha256("klash/1/sections", audit.canonical(_told(rows, _BEFORE)))
    sections = [[row.section.code, row.section.heading, row.section.help] for row in rows]
    return audit.sha256("klash/2/form", form.kind, audit.canonical([sections, _told(rows, _COLUMNS)]))


def fingerprint_of(question: Question) -> str:
    """Return what tells whether a question is still as somebody saw it."""
    return audit.sha256("klash/1/question", audit.canonical(_told([question], _COLUMNS)))


def _told(rows: Iterable[Question], columns: Iterable[str]) -> list[dict[str, Any]]:
    return [{name: getattr(row, name) for name in columns} for row in rows]


def _is_as_before(row: Question) -> bool:
    is_bare = not (row.section.heading or row.section.help or row.options or row.depends_on or row.required_from or row.frozen_from)
    return is_bare and row.kind == Kind.TEXT and row.hard_words is not None and row.is_for_reviewers and not row.is_identifying
