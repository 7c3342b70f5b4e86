"""Reads of problems: the public list with its facets, one's own, the map, what the panel thought."""

from klash.problems.selectors.lists import FACETS, LANGUAGES, SORTS, Facet, Filters, Page, Row, matching, page
from klash.problems.selectors.panel import before_panel, sides, verdicts
from klash.problems.selectors.places import Kind, Reporter, counted, dots, reporters, tallied
from klash.problems.selectors.single import Outcome, Teller, is_public, outcomes, own, own_one, tell_outcomes, visible
from klash.problems.selectors.together import filing_of, filings, own_ties, place_of, public_one, requests_to, supports, writers

__all__ = [
    "FACETS", "Facet", "Filters", "Kind", "LANGUAGES", "Outcome", "Page", "Reporter", "Row", "SORTS", "Teller", "before_panel", "counted", "dots",
    "filing_of", "filings", "is_public", "matching", "outcomes", "own", "own_one", "own_ties", "page", "place_of", "public_one", "reporters",
    "requests_to", "sides", "supports", "tallied", "tell_outcomes", "verdicts", "visible", "writers",
]
