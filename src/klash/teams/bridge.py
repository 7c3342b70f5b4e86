"""Names of teams to what tells names that look alike."""

from collections.abc import Iterable

from klash.algo.leaks import skeleton


def looks_like(name: str, others: Iterable[str]) -> bool:
    """Return whether a name is drawn nearly as one of the others is, though it is written otherwise: "KAARNA" and "Каarna", "Kaama" and "Kaarna"."""
    own = skeleton(name)
    return bool(own) and own in map(skeleton, others)


def alike(names: Iterable[str]) -> list[list[str]]:
    """Return the names that look alike, as groups of two or more."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(skeleton(name) or name, []).append(name)
    return [group for group in groups.values() if len(group) > 1]
