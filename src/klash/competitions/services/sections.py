"""The form of a proposal: organisers define its sections until teams begin to write; from then on it is the same for everyone."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from klash.competitions.models import Competition, Section, SectionSet, StageKind
from klash.competitions.selectors import hash_of_sections
from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.core.fields import Text
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason

SECTIONS_MAX = 12
# What the page of the proposal calls other fields and buttons.
_TAKEN = {"title", "revision", "save", "summary", "carry", "file", "key", "text"}


@transaction.atomic
def save_section(*, actor: Any, competition: Competition, code: str = "", **columns: Any) -> Section:
    """Save one section of a proposal among the others, or add it at the end; returns it.

    columns: heading, help, soft_words, hard_words, is_required, carries. Raises Denied(NO_ROLE, FROZEN), or Refused: TOO_MANY_SECTIONS, or
    WRONG_STATE where the section is gone.
    """
    group, rows = _hold(actor, competition)
    row = next((row for row in rows if row.code == code), None)
    if row is None:
        if code:
            raise Refused(Reason.WRONG_STATE, f"no section {code}")
        row = Section(code=_section_code(columns["heading"], {row.code for row in rows}))
        rows.append(row)
    for name, value in columns.items():
        setattr(row, name, value)
    _write(actor, group, rows)
    return row


@transaction.atomic
def remove_section(*, actor: Any, competition: Competition, code: str) -> None:
    """Take a section off the form. Raises Denied(NO_ROLE, FROZEN), or Refused(INCOMPLETE) for the last one: a proposal has at least one section."""
    group, rows = _hold(actor, competition)
    _write(actor, group, [row for row in rows if row.code != code])


@transaction.atomic
def move_section(*, actor: Any, competition: Competition, code: str, to: int) -> None:
    """Put a section in a place of the form, counted from 0, the others keeping their order. Raises Denied(NO_ROLE, FROZEN)."""
    group, rows = _hold(actor, competition)
    codes = [row.code for row in rows]
    if code in codes:
        row = rows.pop(codes.index(code))
        rows.insert(to, row)
        _write(actor, group, rows)


@transaction.atomic
def freeze_sections(*, competition: Competition) -> None:
    """Freeze the form of a proposal, since a team begins to write; a second call finds it frozen."""
    if SectionSet.objects.filter(competition=competition).exclude(frozen_at=None).exists():
        return
    group, rows = _lock(competition)
    if group.frozen_at is None:
        if any(row.pk is None for row in rows):
            _replace(group, rows)
        group.hash, group.frozen_at = hash_of_sections(rows), clock.now()
        group.save(update_fields=["hash", "frozen_at"])
        _record("sections.frozen", audit.System(), group, rows)


def _lock(competition: Competition) -> tuple[SectionSet, list[Section]]:
    """Lock the competition until the transaction ends; return its form and the sections as they are stored."""
    workflow.lock(competition)
    competition.forget_stages()
    competition.forget_sections()
    group, _ = SectionSet.objects.get_or_create(competition=competition)
    group.competition = competition
    return group, competition.sections()


def _hold(actor: Any, competition: Competition) -> tuple[SectionSet, list[Section]]:
    group, rows = _lock(competition)
    access.ensure(actor, Permission.EDIT_SECTIONS, group, clock.judged())
    return group, list(rows)


def _write(actor: Any, group: SectionSet, rows: Sequence[Section]) -> None:
    if not rows:
        raise Refused(Reason.INCOMPLETE, "a form without sections")
    if len(rows) > SECTIONS_MAX:
        raise Refused(Reason.TOO_MANY_SECTIONS)
    _replace(group, rows)
    _record("sections.set", actor, group, rows)


def _replace(group: SectionSet, rows: Sequence[Section]) -> None:
    group.sections.all().delete()
    for position, row in enumerate(rows):
        row.pk, row.section_set, row.position = None, group, position
    Section.objects.bulk_create(rows)
    group.competition.forget_sections()


def _section_code(heading: Text, taken: set[str]) -> str:
    start = slugify(heading.get("en") or heading.get("fi", "")).replace("-", "_")[:34] or "section"
    return next(code for code in (start, *(f"{start}_{number}" for number in range(2, 100))) if code not in taken | _TAKEN)


def _record(what: str, actor: Any, group: SectionSet, rows: Sequence[Section]) -> None:
    audit.record(what, actor=actor, competition=group.chain, thing=f"sections/{StageKind.PROPOSALS}", body={"hash": hash_of_sections(rows)})
