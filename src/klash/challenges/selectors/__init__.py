"""Reads of challenges, and what later stages show on a challenge's page."""

from klash.challenges.selectors.asking import (
    PAGE,
    Asked,
    answered,
    answered_all,
    asked_by_person,
    information_sessions,
    joinable,
    left_out,
    question,
    rounds_of,
    waiting,
)
from klash.challenges.selectors.brief import (
    approvals_of,
    compared,
    concerned,
    edition,
    editions_of,
    frozen_criteria,
    may_read_drafts,
    places_of,
    suggestions_of,
    threads_of,
    version,
    versions_of,
    without_english,
)
from klash.challenges.selectors.challenge import (
    CALENDAR,
    Block,
    BlockMaker,
    Shown,
    blocks_of,
    find,
    judging_criteria,
    show_on_challenge,
    shown,
    shown_indicators,
    tell_challenge,
)
from klash.challenges.selectors.promised import challenges_published

__all__ = [
    "Asked", "Block", "BlockMaker", "CALENDAR", "PAGE", "Shown", "answered", "answered_all", "approvals_of", "asked_by_person", "blocks_of",
    "challenges_published", "compared", "concerned", "edition", "editions_of", "find", "frozen_criteria", "information_sessions", "joinable",
    "judging_criteria", "left_out", "may_read_drafts", "places_of", "question", "rounds_of", "show_on_challenge", "shown", "shown_indicators",
    "suggestions_of", "tell_challenge", "threads_of", "version", "versions_of", "waiting", "without_english",
]
