"""Reads of what was asked beyond what was handed in."""

from collections.abc import Iterable
from datetime import datetime

from klash.competitions.models import Competition, MoreInformation
from klash.rules.states import MoreState


def asked_of(thing: str) -> list[MoreInformation]:
    """Return what was asked of a problem or an application, oldest first. One query."""
    return list(MoreInformation.objects.filter(thing=thing).select_related("competition", "asked_by", "answered_by"))


def awaited_of(things: Iterable[str], now: datetime) -> dict[str, MoreInformation]:
    """Return what is still awaited of some problems and applications, by them. One query."""
    rows = MoreInformation.objects.filter(thing__in=list(things), state=MoreState.ASKED, until__gte=now)
    return {row.thing: row for row in rows.select_related("competition")}


def is_awaited(competition: Competition, kind: str, now: datetime) -> bool:
    """Return whether anything is awaited of the competition's problems or applications. kind: "problem" or "application". One query."""
    return MoreInformation.objects.filter(competition=competition, thing__startswith=f"{kind}/", state=MoreState.ASKED, until__gte=now).exists()
