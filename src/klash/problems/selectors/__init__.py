"""Reads of problems: the public list with its facets, one's own, the map, what the panel thought."""

from klash.problems.selectors.lists import FACETS, LANGUAGES, SORTS, Facet, Filters, Page, Row, matching, page
from klash.problems.selectors.panel import before_panel, sides, verdicts
from klash.problems.selectors.places import Kind, Reporter, counted, dots, reporters, reporters_among, tallied
from klash.problems.selectors.promised import feedback_given
from klash.problems.selectors.single import Outcome, Teller, is_public, outcomes, own, own_one, tell_outcomes, visible
from klash.problems.selectors.themes import Reported, chosen, find_theme, newest, regions, reporters_of, themes

__all__ = [
    "FACETS", "Facet", "Filters", "Kind", "LANGUAGES", "Outcome", "Page", "Reported", "Reporter", "Row", "SORTS", "Teller", "before_panel", "chosen",
    "counted", "dots", "feedback_given", "find_theme", "is_public", "matching", "newest", "outcomes", "own", "own_one", "page", "regions",
    "reporters", "reporters_among", "reporters_of", "sides", "tallied", "tell_outcomes", "themes", "verdicts", "visible",
]
