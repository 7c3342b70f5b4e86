"""The hashes under which criteria are announced, scores are logged and reports are signed, and by which a page calls what it may not name."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.crypto import salted_hmac

from klash.core import audit
from klash.reviewing.models import Report, Round

CRITERION_FIELDS = ("code", "name", "meaning", "weight", "scale_min", "scale_max", "bands")
# The columns of a round that are announced beside its criteria. A column that joins them is frozen when the round opens.
ANNOUNCED = ("kind", "is_blind", "quota", "method", "tie_rule", "peer_view", "scorings", "screening")


def entry_hash(title: str, sections: Sequence[Mapping[str, Any]], contents: Iterable[bytes]) -> str:
    """Return the hash by which the log knows a snapshot: its title, its sections and the bytes of its files in order."""
    return audit.sha256("klash/1/entry", audit.canonical([title, sections]), *contents)


def question_hash(entry_code: str, text: str) -> str:
    """Return the hash by which the log knows a question."""
    return audit.sha256("klash/1/question", entry_code, text)


def answer_hash(question_code: str, text: str) -> str:
    """Return the hash by which the log knows an answer."""
    return audit.sha256("klash/1/answer", question_code, text)


def criteria_hash(criteria: Sequence[Mapping[str, Any]]) -> str:
    """Return the hash under which criteria are announced and frozen."""
    return audit.sha256("klash/1/criteria", audit.canonical([_as_announced(row) for row in criteria]))


def criterion_as_announced(row: Any) -> dict[str, Any]:
    """Return a criterion, of a round or of a competition, in the form in which it was announced."""
    return _as_announced({name: getattr(row, name) for name in (*CRITERION_FIELDS, "is_required")})


def _as_announced(row: Mapping[str, Any]) -> dict[str, Any]:
    # Only an optional criterion says so: the hashes of those that were announced before there were any stand.
    return {**{name: row[name] for name in CRITERION_FIELDS}, **({} if row.get("is_required", True) else {"is_required": False})}


def announced(round_: Round) -> dict[str, Any]:
    """Return what reviewers are told about how they judge and how it is counted: criteria, method, tie rule. One query."""
    criteria = [criterion_as_announced(row) for row in round_.criteria.using(round_._state.db).order_by("position")]
    return {"criteria": criteria, **{name: getattr(round_, name) for name in ANNOUNCED}}


def announced_hash(content: Mapping[str, Any]) -> str:
    """Return the hash of what `announced` returns; it is frozen when the round opens."""
    return audit.sha256("klash/1/announced", audit.canonical(dict(content)))


def counted_hash(reviews: Sequence[str]) -> str:
    """Return the hash of all reviews that count, from their own hashes in any order."""
    return audit.sha256("klash/1/counted", *sorted(reviews))


def lot_commitment(seed: str) -> str:
    """Return the hash by which the log knows the seed of a lot before it is told."""
    return audit.sha256("klash/1/lot", seed)


def lot(seed: str, counted: str, entry: str) -> str:
    """Return an entry's lot. The seed is drawn when the round opens and the reviews come after it: neither side alone can steer the order."""
    return audit.sha256("klash/1/lot", seed, counted, entry)


def review_hash(entry: str, handle: str, scores: Mapping[str, int], comment: str, passes: bool | None = None) -> str:
    """Return the hash by which the log knows a review; the event's salt hides it until the body is shown.

    passes: the answer to the screening question; left out where none was asked.
    """
    answer = [] if passes is None else ["yes" if passes else "no"]
    return audit.sha256("klash/1/review", entry, handle, audit.canonical(dict(scores)), comment_hash(comment), *answer)


def comment_hash(comment: str) -> str:
    """Return the hash that stands for a comment where scores are shown and comments are not."""
    return audit.sha256("klash/1/comment", comment)


def report_hash(report: Report) -> str:
    """Return the hash that jurors sign: round, version, what was announced, ranking, firmness, reasons, points to clarify, remarks."""
    content = [report.round.code, report.version, report.round.announced_hash, report.ranking, report.firmness, report.reasons, report.clarify, report.remarks]
    return audit.sha256("klash/1/report", audit.canonical(content))


def minutes_hash(minutes: Mapping[str, Any]) -> str:
    """Return the hash under which minutes are approved."""
    return audit.sha256("klash/1/minutes", audit.canonical(minutes))


def key_of(code: str) -> str:
    """Return what a page carries for a handle or an entry's code beside a name.

    A page with both a name and what the reviewers' log says would join the two: whoever reads the log could then tell whose events they are.
    """
    return salted_hmac("reviewing.page", code).hexdigest()[:20]
