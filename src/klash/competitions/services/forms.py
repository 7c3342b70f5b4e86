"""The forms of the stages: organisers make them, question by question. Nothing that was answered is ever lost by it."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, count
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from klash.competitions.models import Competition, FormKind, FormSection, Question, StageForm
from klash.competitions.selectors import fingerprint_of, hash_of_form, how_many_answered, sections_of
from klash.competitions.usual_forms import USUAL
from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.core.fields import Text
from klash.rules.permissions import Permission
from klash.rules.questions import CHOICES, Kind, hangs_wrongly
from klash.rules.reasons import Reason
from klash.rules.states import CompetitionState

QUESTIONS_MAX, SECTIONS_MAX = 100, 20
# What the pages that ask call other fields and buttons.
_TAKEN = {
    "carry", "file", "group", "key", "language", "municipality", "next", "revision", "save", "seen", "summary", "summary_page", "text", "theme", "title",
    "writer",
}
# What makes another question of one that was answered.
_NATURE = ("kind", "currency")
# What a question of a preset does not tell.
_BARE: dict[str, Any] = {
    "kind": Kind.TEXT, "help": {}, "soft_words": None, "hard_words": None, "options": [], "is_required": True, "required_from": None, "frozen_from": None,
    "depends_on": "", "values": [], "is_for_reviewers": True, "is_identifying": False, "carries": "", "removed_at": None,
}


@transaction.atomic
def save_question(*, actor: Any, competition: Competition, stage: str, code: str = "", section: str = "", seen: str = "", **columns: Any) -> Question:
    """Save one question of a form, or add it at the end of a section; returns it.

    stage: a FormKind. section: code, the last one where it is empty; a question that is there already stays where it is. seen: the fingerprint of the
    question as the writer had it, empty to ask for no comparison. columns: those of Question from kind to carries. An option that is not among them
    any more is kept as one that can be chosen no more. Where a question that somebody has answered is to ask for another kind of answer, a new one
    takes its place and the old one is kept with its answers.
    Raises Denied(NO_ROLE, FROZEN), or Refused: FORM_TOO_LONG, WRONG_STATE where question or section is gone, TEXT_CHANGED, HANGS_WRONGLY.
    """
    form = _hold(actor, competition, stage)
    row = _of(form, code) if code else _new(form, section, columns)
    if code and seen and seen != fingerprint_of(row):
        raise Refused(Reason.TEXT_CHANGED)
    if code and _is_retyped(row, columns) and how_many_answered(form)[code]:
        _take_off(row)
        row = Question(form=form, section=row.section, position=row.position, code=_code(row.heading, form))
    _set(row, columns)
    _keep(actor, form)
    return row


def _new(form: StageForm, section: str, columns: dict[str, Any]) -> Question:
    if len(form.asked) >= QUESTIONS_MAX:
        raise Refused(Reason.FORM_TOO_LONG)
    where = _section(form, section) if section else sections_of(form)[-1]
    return Question(form=form, section=where, position=_end(form, where), code=_code(columns["heading"], form))


def _is_retyped(row: Question, columns: dict[str, Any]) -> bool:
    return any(name in columns and getattr(row, name) != columns[name] for name in _NATURE)


def _set(row: Question, columns: dict[str, Any]) -> None:
    if row.form.kind == FormKind.PROPOSAL and columns.get("kind") == Kind.FILE:
        raise Refused(Reason.ANSWER_DOES_NOT_FIT, "a proposal has its files beside the form")
    before = row.options
    for name, value in columns.items():
        setattr(row, name, value)
    row.options = _with_removed(before, row.options) if row.kind in CHOICES else []
    if row.form.kind == FormKind.PROPOSAL and row.kind in (Kind.ORGANISATION, Kind.PEOPLE):
        row.is_identifying = True  # the jury reads without names
    row.save()


def _with_removed(before: Sequence[dict[str, Any]], now: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    codes = {row["code"] for row in now}
    return [*now, *({**row, "is_removed": True} for row in before if row["code"] not in codes)]


@transaction.atomic
def remove_question(*, actor: Any, competition: Competition, stage: str, code: str) -> None:
    """Ask a question no more. One that somebody has answered is kept with its answers, and can be asked again.

    Raises Denied(NO_ROLE, FROZEN), or Refused: WRONG_STATE where it is gone, INCOMPLETE for the last one, HANGS_WRONGLY while another hangs on it.
    """
    form = _hold(actor, competition, stage)
    row = _of(form, code)
    if len(form.asked) == 1:
        raise Refused(Reason.INCOMPLETE, "a form without questions")
    _drop(row, how_many_answered(form))
    _keep(actor, form)


@transaction.atomic
def ask_again(*, actor: Any, competition: Competition, stage: str, code: str) -> Question:
    """Ask a question again that was asked no more, with the answers that were kept, at the end of its section. Raises Denied or Refused(WRONG_STATE)."""
    form = _hold(actor, competition, stage)
    row = next((row for row in form.kept if row.code == code), None)
    if row is None:
        raise Refused(Reason.WRONG_STATE, f"no question {code}")
    row.position, row.removed_at = _end(form, row.section), None
    row.save(update_fields=["position", "removed_at"])
    _keep(actor, form)
    return row


@transaction.atomic
def move_question(*, actor: Any, competition: Competition, stage: str, code: str, to: int, section: str = "") -> None:
    """Put a question in a place of a section, counted from 0, the others keeping their order. Raises Denied(NO_ROLE, FROZEN), Refused(WRONG_STATE)."""
    form = _hold(actor, competition, stage)
    row = _of(form, code)
    where = _section(form, section) if section else row.section
    others = [one for one in form.asked if one.section_id == where.pk and one.pk != row.pk]
    others.insert(to, row)
    row.section = where
    for position, one in enumerate(others):
        one.position = position
    Question.objects.bulk_update(others, ["section", "position"])
    _keep(actor, form)


@transaction.atomic
def save_section(*, actor: Any, competition: Competition, stage: str, heading: Text, help: Text, code: str = "") -> FormSection:
    """Save the heading and the help of a section, or add one at the end; returns it. Raises Denied, or Refused: FORM_TOO_LONG, WRONG_STATE."""
    form = _hold(actor, competition, stage)
    rows = sections_of(form)
    if code:
        row = _section(form, code)
    elif len(rows) >= SECTIONS_MAX:
        raise Refused(Reason.FORM_TOO_LONG)
    else:
        row = FormSection(form=form, code=_free(heading, {one.code for one in rows}, "section"), position=rows[-1].position + 1)
    row.heading, row.help = heading, help
    row.save()
    _keep(actor, form)
    return row


@transaction.atomic
def move_section(*, actor: Any, competition: Competition, stage: str, code: str, to: int) -> None:
    """Put a section in a place of the form, counted from 0, with its questions. Raises Denied(NO_ROLE, FROZEN), Refused(WRONG_STATE)."""
    form = _hold(actor, competition, stage)
    row = _section(form, code)
    rows = [one for one in sections_of(form) if one.pk != row.pk]
    rows.insert(to, row)
    for position, one in enumerate(rows):
        one.position = position
    FormSection.objects.bulk_update(rows, ["position"])
    _keep(actor, form)


@transaction.atomic
def remove_section(*, actor: Any, competition: Competition, stage: str, code: str) -> None:
    """Take a section off; its questions go to the end of the one above it, or below it for the first. Raises Denied, Refused: WRONG_STATE, INCOMPLETE."""
    form = _hold(actor, competition, stage)
    row = _section(form, code)
    rows = sections_of(form)
    if len(rows) == 1:
        raise Refused(Reason.INCOMPLETE, "a form without sections")
    place = [one.pk for one in rows].index(row.pk)
    other = rows[place - 1] if place else rows[1]
    end = _end(form, other)
    moved = [one for one in form.every if one.section_id == row.pk]
    for number, one in enumerate(moved):
        one.section, one.position = other, end + number
    Question.objects.bulk_update(moved, ["section", "position"])
    row.delete()
    _keep(actor, form)


@transaction.atomic
def use_preset(*, actor: Any, competition: Competition, stage: str) -> StageForm:
    """Let a form ask what the real competition asked, in one section. What it asked before and somebody has answered is kept with its answers.

    Raises Denied(NO_ROLE, FROZEN).
    """
    form = _hold(actor, competition, stage)
    answered, first = how_many_answered(form), sections_of(form)[0]
    wanted = {row["code"]: {**_BARE, **row} for row in USUAL[stage]}
    for row in form.asked:
        if row.code not in wanted or (_is_retyped(row, wanted[row.code]) and answered[row.code]):
            _drop(row, answered)
    Question.objects.filter(form=form).update(section=first)
    form.sections.exclude(pk=first.pk).delete()
    FormSection.objects.filter(pk=first.pk).update(heading={}, help={})
    _forget(form)
    for position, (code, columns) in enumerate(wanted.items()):
        old = form.find(code)
        row = old if old and not (_is_retyped(old, columns) and answered[code]) else Question(form=form)
        _set(row, {**columns, "code": _code(columns["heading"], form) if old and row is not old else code, "section": first, "position": position})
    _keep(actor, form)
    return form


@transaction.atomic
def replace_form(*, actor: Any, competition: Competition, stage: str, sections: Sequence[Mapping[str, Any]]) -> StageForm:
    """Let a draft's form ask this and nothing else. sections: rows of code, heading, help and questions, whose columns are those of Question.

    Raises Denied(NO_ROLE, FROZEN), or Refused: FROZEN once the competition is published, FORM_TOO_LONG, HANGS_WRONGLY.
    """
    form = _hold(actor, competition, stage)
    if competition.state != CompetitionState.DRAFT:
        raise Refused(Reason.FROZEN)
    if len(sections) > SECTIONS_MAX or sum(len(row["questions"]) for row in sections) > QUESTIONS_MAX:
        raise Refused(Reason.FORM_TOO_LONG)
    form.questions.all().delete()
    form.sections.all().delete()
    for position, row in enumerate(sections):
        section = FormSection.objects.create(form=form, code=row["code"], position=position, heading=row["heading"], help=row["help"])
        Question.objects.bulk_create(Question(form=form, section=section, position=at, **columns) for at, columns in enumerate(row["questions"]))
    _keep(actor, form)
    return form


@transaction.atomic
def use_usual_forms(*, actor: Any, competition: Competition, stages: Iterable[str]) -> None:
    """Drop the own forms of a draft's stages, so that these ask what is usual. Raises Denied(NO_ROLE, FROZEN)."""
    access.ensure(actor, Permission.EDIT_COMPETITION, workflow.lock(competition))
    own = StageForm.objects.filter(competition=competition, kind__in=stages)
    Question.objects.filter(form__in=own).delete()
    own.delete()
    competition.forget_forms()


def preset_headings(stage: str) -> list[Text]:
    """Return what the preset of a stage asks."""
    return [row["heading"] for row in USUAL[stage]]


@transaction.atomic
def freeze_form(*, competition: Competition) -> None:
    """Freeze the form of a proposal, since a team begins to write; a second call finds it frozen."""
    if StageForm.objects.filter(competition=competition, kind=FormKind.PROPOSAL).exclude(frozen_at=None).exists():
        return
    form = _lock(competition, FormKind.PROPOSAL)
    if form.frozen_at is None:
        form.hash, form.frozen_at = hash_of_form(form), clock.now()
        form.save(update_fields=["hash", "frozen_at"])
        _record("form.frozen", audit.System(), form)


def _lock(competition: Competition, stage: str) -> StageForm:
    """Lock the competition until the transaction ends; return the stage's form as it is stored, written down if it was the usual one."""
    workflow.lock(competition)
    competition.forget_stages()
    competition.forget_forms()
    form = competition.form(stage)
    if form.pk is None:
        rows = form.every
        form.save()
        section = rows[0].section
        section.form = form
        section.save()
        for row in rows:
            row.form, row.section = form, section
        Question.objects.bulk_create(rows)
        _forget(form)
    return form


def _hold(actor: Any, competition: Competition, stage: str) -> StageForm:
    workflow.lock(competition)
    competition.forget_stages()
    competition.forget_forms()
    access.ensure(actor, Permission.EDIT_FORMS, competition.form(stage), clock.judged())
    return _lock(competition, stage)


def _keep(actor: Any, form: StageForm) -> None:
    """End a change: look whether every question can be shown still, and record what is asked now."""
    _forget(form)
    if wrong := hangs_wrongly(form.rules()):
        raise Refused(Reason.HANGS_WRONGLY, ", ".join(wrong))
    form.revision += 1
    form.save(update_fields=["revision"])
    form.competition.forget_forms()
    _record("form.changed", actor, form)


def _forget(form: StageForm) -> None:
    form.__dict__.pop("every", None)


def _record(what: str, actor: Any, form: StageForm) -> None:
    audit.record(what, actor=actor, competition=form.chain, thing=f"form/{form.chain}/{form.kind}", body={"hash": hash_of_form(form)})


def _of(form: StageForm, code: str) -> Question:
    """Return a question that is asked. Raises Refused(WRONG_STATE) where it is gone."""
    row = form.find(code)
    if row is None or row.removed_at is not None:
        raise Refused(Reason.WRONG_STATE, f"no question {code}")
    return row


def _section(form: StageForm, code: str) -> FormSection:
    row = next((row for row in sections_of(form) if row.code == code), None)
    if row is None:
        raise Refused(Reason.WRONG_STATE, f"no section {code}")
    return row


def _end(form: StageForm, section: FormSection) -> int:
    return 1 + max((row.position for row in form.every if row.section_id == section.pk), default=-1)


def _drop(row: Question, answered: Mapping[str, int]) -> None:
    """Take a question off for good, or keep it with its answers if somebody has answered it."""
    if answered[row.code]:
        _take_off(row)
    else:
        row.delete()


def _take_off(row: Question) -> None:
    row.removed_at = clock.now()
    row.save(update_fields=["removed_at"])


def _code(heading: Text, form: StageForm) -> str:
    return _free(heading, {row.code for row in form.every} | _TAKEN, "question")


def _free(heading: Text, taken: set[str], otherwise: str) -> str:
    """Return a code made of a heading that is not taken; never one that was taken before, for its answers may lie there still."""
    start = slugify(heading.get("en") or heading.get("fi", "")).replace("-", "_")[:34].strip("_") or otherwise
    return next(code for code in chain([start], (f"{start}_{number}" for number in count(2))) if code not in taken)
