"""Reads of problems: the public list with its facets, one's own, the map, what the panel thought."""

from klash.problems.selectors.lists import FACETS, LANGUAGES, SORTS, Facet, Filters, Page, Row, matching, page
from klash.problems.selectors.panel import before_panel, sides, verdicts
from klash.problems.selectors.places import Kind, Reporter, counted, dots, reporters, tallied
from klash.problems.selectors.promised import feedback_given
from klash.problems.selectors.single import Outcome, Teller, is_public, outcomes, own, own_one, tell_outcomes, visible

__all__ = [
    "FACETS", "Facet", "Filters", "Kind", "LANGUAGES", "Outcome", "Page", "Reporter", "Row", "SORTS", "Teller", "before_panel", "counted", "dots",
    "feedback_given", "is_public", "matching", "outcomes", "own", "own_one", "page", "reporters", "sides", "tallied", "tell_outcomes", "verdicts", "visible",
]
