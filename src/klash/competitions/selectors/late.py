"""Reads of late-entry codes."""

from klash.competitions.models import Competition, LateCode


def late_codes(competition: Competition) -> list[LateCode]:
    """Return the codes of a competition, newest first, with what was handed in with each. Two queries."""
    return list(LateCode.objects.filter(competition=competition).select_related("given_by").prefetch_related("uses"))


def late_code_of(competition: Competition, code: str) -> LateCode | None:
    """Return a code of the competition. One query."""
    found = LateCode.objects.filter(competition=competition, code=code).first()
    if found is not None:
        found.competition = competition
    return found
