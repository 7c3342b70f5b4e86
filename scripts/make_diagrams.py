"""Write the tables of states, permissions and visibility of `docs/architecture` from `klash.rules`; a test fails when they are stale."""

import sys
from pathlib import Path

from klash.rules.permissions import RULES, Facts, Permission, why_not
from klash.rules.roles import SIDE_OF, Role, may_meet
from klash.rules.states import MOVES
from klash.rules.visibility import VISIBLE, Moment, Viewer

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


def visibility() -> str:
    """Return who sees which field from which moment on."""
    viewers = list(Viewer)
    rows = [
        "# Who sees what, and from when\n\nGenerated from `klash.rules.visibility` by `scripts/make_diagrams.py`.\n",
        "Each cell names the moment from which that viewer sees the field; an empty cell means never. Everybody also sees what anybody sees.\n",
        f"| field | {' | '.join(viewer.value for viewer in viewers)} |", f"|---|{'---|' * len(viewers)}",
    ]
    for field, seen in VISIBLE.items():
        rows.append(f"| {_words(field)} | {' | '.join(_words(seen[viewer].name) if viewer in seen else '' for viewer in viewers)} |")
    rows += ["", "## Viewers", "", str(Viewer.__doc__).partition("\n\n")[2].replace("    ", "").strip()]
    rows += ["", "## Moments, in order", "", *(f"{moment + 1}. {_words(moment.name)}" for moment in Moment)]
    return "\n".join(rows) + "\n"


def _words(name: str) -> str:
    return name.lower().replace("_", " ")


def main() -> None:
    """Write the files; with --check only compare, and exit 1 if one is stale."""
    stale = []
    for name, text in (("states.md", states()), ("permissions.md", permissions()), ("visibility.md", visibility())):
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
