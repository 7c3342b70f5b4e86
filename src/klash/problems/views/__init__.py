"""Pages of problems: for the public, for the officer who writes, for the organiser."""

from klash.problems.views.choosing import choose, release
from klash.problems.views.near import near
from klash.problems.views.public import export, map_, problem, problems
from klash.problems.views.themes import theme, themes
from klash.problems.views.writing import receipt, save, start, summary, withdraw, write

__all__ = [
    "choose", "export", "map_", "near", "problem", "problems", "receipt", "release", "save", "start", "summary", "theme", "themes", "withdraw",
    "write",
]
