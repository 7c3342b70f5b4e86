"""Pages of problems: for the public, for the officer who writes, for the organiser."""

from klash.problems.views.choosing import choose, release
from klash.problems.views.files import attach, file_answer
from klash.problems.views.filing import file, offer
from klash.problems.views.importing import import_, take_in, template
from klash.problems.views.more import ask, more, take_back_more
from klash.problems.views.near import near
from klash.problems.views.public import export, map_, problem, problems
from klash.problems.views.screening import eligibility, remove_question, screen, screening
from klash.problems.views.sorting import alike, compare, gather, groups, part
from klash.problems.views.talking import matches, partners, seen, talk
from klash.problems.views.themes import theme, themes
from klash.problems.views.together import join, writers
from klash.problems.views.writing import receipt, save, start, summary, withdraw, write

__all__ = [
    "alike", "ask", "attach", "choose", "compare", "eligibility", "export", "file", "file_answer", "gather", "groups", "import_", "join", "map_",
    "matches", "more", "near", "offer", "part", "partners", "problem", "problems", "receipt", "release", "remove_question", "save", "screen",
    "screening", "seen", "start", "summary", "take_back_more", "take_in", "talk", "template", "theme", "themes", "withdraw", "write", "writers",
]
