"""What must not be, as functions from what was seen to a list of faults; empty is well."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from urllib.parse import quote

from tests.blind.crawl import Reply

NUMBER = re.compile(rb"(?<![\w])\d+(?![\w])")
DAY = re.compile(r"\b\d{1,2}\.\d{1,2}\.\d{4}\b|\b\d{4}-\d\d-\d\d\b")
HOUR = re.compile(r"(?:klo|kl\.|at)\s(\d\d[.:]\d\d)|\d{4}-\d\d-\d\dT(\d\d:\d\d)")
MARKS = (b"<img", b"gravatar", b"og:", b"twitter:", b"text/calendar")


def differences(one: Mapping, other: Mapping, path: str = "") -> list[str]:
    """Return where two worlds tell their readers different things."""
    faults = []
    for key in sorted({*one, *other}, key=str):
        here = f"{path}/{key}"
        if key not in one or key not in other:
            faults.append(f"{here}: only in one world")
        elif isinstance(one[key], Mapping):
            faults += differences(one[key], other[key], here)
        elif one[key] != other[key]:
            faults.append(f"{here}: {_first_difference(one[key], other[key])}")
    return faults


def _first_difference(one, other) -> str:
    if isinstance(one, Reply):
        if (one.status, one.headers) != (other.status, other.headers):
            return f"{(one.status, *(set(one.headers) - set(other.headers)))} != {(other.status, *(set(other.headers) - set(one.headers)))}"
        one, other = one.body, other.body
    if not isinstance(one, bytes):
        one, other = repr(one).encode(), repr(other).encode()
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"{one[max(0, at - 60):at + 60]!r} != {other[max(0, at - 60):at + 60]!r}"


def integer_ids(replies: Iterable[Reply], keys: Iterable[int]) -> list[str]:
    """Return the primary keys that left the server (S1)."""
    known = {str(key).encode() for key in keys}
    return [f"{row.where}: {number.decode()}" for row in replies for number in sorted({*NUMBER.findall(row.everything)} & known)]


def forms_of(term: str) -> set[bytes]:
    """Return the forms in which a term may stand in an answer: as it is, quoted, escaped, in base64, hashed."""
    data = term.encode()
    found = {data, quote(term).encode(), escape(term).encode(), term.encode("unicode_escape"), term.lower().encode(), term.upper().encode()}
    found |= {base64.b64encode(b"\0" * shift + data)[(shift * 4 + 2) // 3 : -4] for shift in range(3)}
    for name in ("md5", "sha1", "sha256"):
        found |= {hashlib.new(name, text.encode()).hexdigest().encode() for text in (term, term.lower())}
    return {form for form in found if len(form) >= 4}


def terms_in(replies: Iterable[Reply], terms: Iterable[str]) -> list[str]:
    """Return the terms, in whatever form, that an answer holds (S7, S8, S24)."""
    forms = {term: forms_of(term) for term in terms}
    return [f"{row.where}: {term}" for row in replies for term, wanted in forms.items() if any(form in said(row) for form in wanted)]


def said(reply: Reply) -> bytes:
    """Return the answer without the echo of the address that was asked."""
    path = re.sub("^/(sv/|en/)?", "", reply.where)
    return reply.everything.replace(path.encode(), b"") if path else reply.everything


def other_times(replies: Iterable[Reply], days: Iterable[str], hours: Iterable[str]) -> list[str]:
    """Return the days and times of day that an answer shows beside the round's own (S5)."""
    faults = []
    for row in replies:
        text = row.body.decode("utf-8", "replace").replace("\xa0", " ")
        if "html" in row.header("Content-Type"):
            shown = {*DAY.findall(text)} - set(days) | {a or b for a, b in HOUR.findall(text)} - set(hours)
            faults += [f"{row.where}: {one}" for one in sorted(shown)]
        faults += [f"{row.where}: {name}" for name in ("Last-Modified", "ETag", "Age", "Expires") if row.header(name)]
    return faults


def unequal_headers(files: Sequence[Reply], codes: Iterable[str]) -> list[str]:
    """Return how the heads of blind files differ but for length and code name (S6)."""
    heads = []
    for row in files:
        head = {name: value for name, value in row.headers if name != "Content-Length"}
        for code in codes:
            head = {name: value.replace(code, "CODE") for name, value in head.items()}
        heads.append(head)
    return [f"{row.where}: {head} != {heads[0]}" for row, head in zip(files, heads, strict=True) if head != heads[0]]


def marks_in(replies: Iterable[Reply]) -> list[str]:
    """Return pictures, previews and calendars on pages that have none (S40, S42, S54). The pages of an entry's own files are what a juror reads."""
    own = re.compile(rb'<img src="/(?:sv/|en/)?review/[^"/]+/[^"/]+/\d+/\d+\.png"')
    return [f"{row.where}: {mark.decode()}" for row in replies for mark in MARKS if mark in own.sub(b"", row.everything)]


def kept_by_caches(replies: Iterable[Reply]) -> list[str]:
    """Return the answers that a shared cache or a browser may keep (S36)."""
    return [f"{row.where}: {row.header('Cache-Control')}" for row in replies if "no-store" not in row.header("Cache-Control")]


def live_links(replies: Iterable[Reply]) -> list[str]:
    """Return what leads out of the house or loads something from there (S20)."""
    return [f"{row.where}: {link.decode()}" for row in replies for link in re.findall(rb'(?:href|src|action)="(?:https?:)?//[^"]*"', row.body)]


def told_apart(known: Reply, unknown: Reply, word: str, nothing: str) -> list[str]:
    """Return whether an answer about something hidden differs from one about nothing (S32, S33)."""
    same = (known.status, _without(known, word)) == (unknown.status, _without(unknown, nothing))
    return [] if same and known.status == 404 else [f"{known.where}: {known.status}, of nothing {unknown.status}"]


def _without(reply: Reply, word: str) -> tuple:
    return tuple((name, value.replace(word, "WORD")) for name, value in reply.headers if name != "Content-Length"), reply.body.replace(word.encode(), b"WORD")


def correlation(values: Sequence, order: Sequence) -> float:
    """Return Spearman's rank correlation of two rows of different values."""
    places = [{value: place for place, value in enumerate(sorted(row))} for row in (values, order)]
    n = len(values)
    return 1 - 6 * sum((places[0][a] - places[1][b]) ** 2 for a, b in zip(values, order, strict=True)) / (n * (n * n - 1))


def ordered_by(values: Sequence, order: Sequence, bound: float) -> list[str]:
    """Return whether an order can be read from values (S2, S3, S4)."""
    found = correlation(values, order)
    return [f"rank correlation {found:.2f}"] if abs(found) > bound else []
