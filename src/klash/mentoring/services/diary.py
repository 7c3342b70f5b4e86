"""The team's diary: any member writes in it, and whoever wrote an entry changes it."""

from typing import Any

from django.db import transaction

from klash.core import access, audit, clock, workflow
from klash.core.errors import Denied, Refused
from klash.mentoring.models import DiaryEntry, Session
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.teams.models import Team


@transaction.atomic
def write_entry(*, actor: Any, team: Team, text: str, session: Session | None = None) -> DiaryEntry:
    """Write what the team learnt, for its own eyes. The audit entry never holds it.

    session: the one that it is about, of this team. Raises Denied, or Refused(INCOMPLETE) without a text.
    """
    access.ensure(actor, Permission.KEEP_DIARY, team)
    if session is not None and session.team_id != team.pk:
        raise Denied(Reason.NOT_YOURS)
    entry = DiaryEntry(team=team, author=actor, session=session, text=_checked(text), written_at=clock.now())
    entry.save()
    _record("written", actor, entry)
    return entry


@transaction.atomic
def change_entry(*, actor: Any, entry: DiaryEntry, text: str) -> DiaryEntry:
    """Put another text in the place of an own entry's. Raises Denied to others, or Refused(INCOMPLETE) without a text."""
    _ensure_own(actor, entry)
    entry.text, entry.changed_at = _checked(text), clock.now()
    entry.save(update_fields=["text", "changed_at"])
    _record("changed", actor, entry)
    return entry


@transaction.atomic
def delete_entry(*, actor: Any, entry: DiaryEntry) -> None:
    """Delete an own entry for good. Raises Denied to others."""
    _ensure_own(actor, entry)
    _record("deleted", actor, entry)
    entry.delete()


def _ensure_own(actor: Any, entry: DiaryEntry) -> None:
    workflow.lock(entry)
    access.ensure(actor, Permission.KEEP_DIARY, entry.team)
    if entry.author_id != actor.pk:
        raise Denied(Reason.NOT_YOURS)


def _checked(text: str) -> str:
    if not text.strip():
        raise Refused(Reason.INCOMPLETE)
    return text.strip()


def _record(what: str, actor: Any, entry: DiaryEntry) -> None:
    audit.record(f"diary.{what}", actor=actor, competition=entry.team.chain, thing=f"diary/{entry.code}")
