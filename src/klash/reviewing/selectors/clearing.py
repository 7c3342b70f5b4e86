"""Reads of blind copies for who clears them: by code name, from the jury's rows alone. Nothing here can tell whose a copy is."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from klash.core.databases import reviewing as alias
from klash.reviewing.hashes import entry_hash
from klash.reviewing.models import Entry, EntryFile, Exclusion, Redaction, Round
from klash.rules.states import ExclusionState


def uncleared(round_: Round) -> int:
    """Return how many copies are neither cleared nor excluded. One query."""
    return _uncleared(round_).count()


def uncleared_copies(round_: Round) -> list[Entry]:
    """Return the copies that are neither cleared nor excluded, by code name. One query."""
    return list(_uncleared(round_).select_related("round").order_by("code"))


def _uncleared(round_: Round) -> QuerySet[Entry]:
    return round_.entries.using(alias()).filter(is_excluded=False, cleared_hash="")


@dataclass(frozen=True)
class Copy:
    """A blind copy on the registrar's list. left_out: in how many places; exclusion: proposed or in force."""

    code: str
    title: str
    is_cleared: bool
    left_out: int
    exclusion: Exclusion | None


def copies(round_: Round) -> list[Copy]:
    """Return the copies of a round by code name. Two queries."""
    standing = Exclusion.objects.using(alias()).exclude(state=ExclusionState.TAKEN_BACK)
    rows = round_.entries.using(alias()).defer("sections").annotate(left_out=Count("redactions", filter=Q(redactions__is_restored=False)))
    return [
        Copy(row.code, row.title, bool(row.cleared_hash), row.left_out, next(iter(row.exclusions.all()), None))
        for row in rows.order_by("code").prefetch_related(Prefetch("exclusions", queryset=standing))
    ]


def copy_of(round_: Round, code: str) -> Entry | None:
    """Return a copy with its round. One query."""
    return round_.entries.using(alias()).filter(code=code).select_related("round").first()


def files_of(entry: Entry) -> list[EntryFile]:
    """Return the files of a copy with their bytes. One query."""
    return list(entry.files.using(alias()).all())


def content_hash(entry: Entry) -> str:
    """Return the hash of a copy as it stands: title, sections, files. One query."""
    return entry_hash(entry.title, entry.sections, [bytes(file.content) for file in files_of(entry)])


def redactions(entry: Entry) -> list[Redaction]:
    """Return what was left out of a copy, without what stood there. One query."""
    return list(entry.redactions.using(alias()).defer("before").all())


def exclusions(round_: Round) -> list[Exclusion]:
    """Return the exclusions of a round that are proposed or in force, in no order of the copies. One query."""
    rows = Exclusion.objects.using(alias()).filter(entry__round=round_).exclude(state=ExclusionState.TAKEN_BACK)
    return list(rows.select_related("entry__round").order_by("code"))


def excluded(round_: Round) -> list[Exclusion]:
    """Return the exclusions in force, by code name. One query."""
    rows = Exclusion.objects.using(alias()).filter(entry__round=round_, state=ExclusionState.CONFIRMED)
    return list(rows.select_related("entry").order_by("entry__code"))


@dataclass(frozen=True)
class Handled:
    """What was done to a copy, to be told to its team. what: "excluded", "text" or "file"."""

    entry_code: str
    what: str
    reason: str


def handled(round_: Round) -> list[Handled]:
    """Return what was left out of copies and which were excluded, by code name. Two queries."""
    left_out = Redaction.objects.using(alias()).filter(entry__round=round_, is_restored=False).order_by("entry__code", "number")
    found = [Handled(code, part.partition("/")[0], reason) for code, part, reason in left_out.values_list("entry__code", "part", "reason")]
    return sorted([*found, *(Handled(row.entry.code, "excluded", row.reason) for row in excluded(round_))], key=lambda row: row.entry_code)


def as_received(entry: Entry) -> Mapping[str, Any]:
    """Return {title, sections, files: [SHA-256]} of a copy as it was before anything was left out of it. Two queries."""
    found: dict[str, Any] = {"title": entry.title, "sections": entry.sections}
    files = {file.number: file.sha256 for file in entry.files.using(alias()).defer("content")}
    for row in entry.redactions.using(alias()).filter(is_restored=False).order_by("-number"):
        if row.part == "text":
            found = dict(row.before)
        else:
            files[row.file_number] = hashlib.sha256(base64.b64decode(row.before["content"])).hexdigest()
    return {**found, "files": [files[number] for number in sorted(files)]}
