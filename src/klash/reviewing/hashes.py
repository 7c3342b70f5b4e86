"""The hashes under which criteria are announced, scores are logged and reports are signed."""

from collections.abc import Mapping, Sequence
from typing import Any

from klash.core import audit
from klash.reviewing.models import Report

CRITERION_FIELDS = ("code", "name", "meaning", "weight", "scale_min", "scale_max", "bands")


def criteria_hash(criteria: Sequence[Mapping[str, Any]]) -> str:
    """Return the hash under which criteria are announced and frozen."""
    return audit.sha256("klash/1/criteria", audit.canonical([{name: row[name] for name in CRITERION_FIELDS} for row in criteria]))


def review_hash(entry: str, handle: str, scores: Mapping[str, int], comment: str, passes: bool | None = None) -> str:
    """Return the hash by which the log knows a review; the event's salt hides it until the body is shown.

    passes: the answer to the screening question; left out where none was asked.
    """
    answer = [] if passes is None else ["yes" if passes else "no"]
    return audit.sha256("klash/1/review", entry, handle, audit.canonical(dict(scores)), comment, *answer)


def report_hash(report: Report) -> str:
    """Return the hash that jurors sign: round, version, criteria, ranking, reasons and remarks."""
    content = [report.round.code, report.version, report.round.criteria_hash, report.ranking, report.reasons, report.remarks]
    return audit.sha256("klash/1/report", audit.canonical(content))


def minutes_hash(minutes: Mapping[str, Any]) -> str:
    """Return the hash under which minutes are approved."""
    return audit.sha256("klash/1/minutes", audit.canonical(minutes))
