"""Write the state tables and the permission table of `docs/architecture` from `klash.rules`; a test fails when they are stale."""

import sys
from pathlib import Path

from klash.rules.permissions import RULES, Facts, Permission, why_not
from klash.rules.roles import SIDE_OF, Role, may_meet
from klash.rules.states import MOVES

TARGET = Path(__file__).resolve().parent.parent / "docs/architecture"


def states() -> str:
    """Return every lifecycle as a diagram."""
    parts = ["# States\n\nGenerated from `klash.rules.states` by `scripts/make_diagrams.py`.\n"]
    for name, moves in MOVES.items():
        lines = "\n".join(f"    {source} --> {target}: {permission.value}" for (source, target), permission in moves.items())
        parts.append(f"## {name}\n\n```mermaid\nstateDiagram-v2\n{lines}\n```\n")
    return "\n".join(parts)


def permissions() -> str:
    """Return which roles a permission asks for, and which roles may meet in one person."""
    rows = ["# Roles and permissions\n\nGenerated from `klash.rules` by `scripts/make_diagrams.py`.\n", "| permission | roles that it asks for |", "|---|---|"]
    for permission in Permission:
        rows.append(f"| {permission.value} | {', '.join(_asked(permission)) or 'none: the thing must be one’s own'} |")
    rows += ["", "## Sides", "", "| role | side |", "|---|---|", *(f"| {role.value} | {side.value} |" for role, side in SIDE_OF.items())]
    rows += ["", "## Roles that may never meet in one person", ""]
    roles = list(Role)
    rows += [f"- {one.value}: " + ", ".join(other.value for other in roles if not may_meet(one, other)) for one in roles]
    return "\n".join(rows) + "\n"


def _asked(permission: Permission) -> list[str]:
    """Return the roles that pass the permission's first role rule."""
    first = RULES[permission][0]
    if first(Facts(is_signed_in=True)) is None or why_not(permission, Facts(is_signed_in=True)) != "no_role":
        return []
    return [role.value for role in Role if first(Facts(is_signed_in=True, roles=frozenset({role}))) is None]


def main() -> None:
    """Write both files; with --check only compare, and exit 1 if one is stale."""
    stale = []
    for name, text in (("states.md", states()), ("permissions.md", permissions())):
        path = TARGET / name
        if "--check" in sys.argv:
            if not path.exists() or path.read_text() != text:
                stale.append(name)
        else:
            path.write_text(text)
    if stale:
        sys.exit(f"stale: {', '.join(stale)}; run scripts/make_diagrams.py")


if __name__ == "__main__":
    main()
