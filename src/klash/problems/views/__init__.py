"""Pages of problems: for the public, for the officer who writes, for the organiser."""

from klash.problems.views.choosing import choose, release
from klash.problems.views.filing import file, offer
from klash.problems.views.importing import import_, take_in, template
from klash.problems.views.near import near
from klash.problems.views.public import export, map_, problem, problems
from klash.problems.views.screening import eligibility, remove_question, screen, screening
from klash.problems.views.themes import theme, themes
from klash.problems.views.together import join, writers
from klash.problems.views.writing import receipt, save, start, summary, withdraw, write

__all__ = [
    "choose", "eligibility", "export", "file", "import_", "join", "map_", "near", "offer", "problem", "problems", "receipt", "release", "remove_question",
    "save", "screen", "screening", "start", "summary", "take_in", "template", "theme", "themes", "withdraw", "write", "writers",
]
