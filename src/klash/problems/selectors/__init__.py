"""Reads of problems: the public list with its facets, one's own, the map, what the panel thought."""

from klash.problems.selectors.importing import (
    Checked,
    Fault,
    Flaw,
    by_code,
    check_table,
    columns,
    rows_of_import,
)
from klash.problems.selectors.importing import Row as ImportRow
from klash.problems.selectors.lists import FACETS, LANGUAGES, SORTS, Facet, Filters, Page, Row, matching, page
from klash.problems.selectors.panel import before_panel, sides, verdicts
from klash.problems.selectors.places import Kind, Reporter, counted, dots, reporters, reporters_among, tallied
from klash.problems.selectors.promised import feedback_given
from klash.problems.selectors.screening import (
    OUTCOMES,
    SCREENING_PAGE,
    WAITING,
    Screened,
    ScreeningDesk,
    find_question,
    is_screened,
    left_out,
    next_waiting,
    screened,
    screened_all,
    screening_counts,
    to_screen,
)
from klash.problems.selectors.single import Outcome, Teller, is_public, outcomes, own, own_one, tell_outcomes, visible
from klash.problems.selectors.sorting import by_codes, find_merge, merge_of, merges, origins
from klash.problems.selectors.talking import Seen, find_talk, introductions, seen, talks_of, with_feedback
from klash.problems.selectors.themes import Reported, chosen, find_theme, newest, regions, reporters_of, themes
from klash.problems.selectors.together import filing_of, filings, own_ties, place_of, public_one, requests_to, supports, writers

__all__ = [
    "Checked", "FACETS", "Facet", "Fault", "Filters", "Flaw", "ImportRow", "Kind", "LANGUAGES", "OUTCOMES", "Outcome", "Page", "Reported", "Reporter",
    "Row", "SCREENING_PAGE", "SORTS", "Screened", "ScreeningDesk", "Seen", "Teller", "WAITING", "before_panel", "by_code", "by_codes", "check_table",
    "chosen", "columns", "counted", "dots", "feedback_given", "filing_of", "filings", "find_merge", "find_question", "find_talk", "find_theme",
    "introductions", "is_public", "is_screened", "left_out", "matching", "merge_of", "merges", "newest", "next_waiting", "origins", "outcomes", "own",
    "own_one", "own_ties", "page", "place_of", "public_one", "regions", "reporters", "reporters_among", "reporters_of", "requests_to",
    "rows_of_import", "screened", "screened_all", "screening_counts", "seen", "sides", "supports", "talks_of", "tallied", "tell_outcomes", "themes",
    "to_screen", "verdicts", "visible", "with_feedback", "writers",
]
