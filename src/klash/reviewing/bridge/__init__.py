"""Rows to problems of `klash.algo` and their results back: a module for each thing that is worked out. Nothing else here knows both."""

from klash.reviewing.bridge.clearing import Flagged, blackened, spots, spots_in
from klash.reviewing.bridge.counting import Moved, Trial, as_signed, rank_round, under_weights, what_if
from klash.reviewing.bridge.dealing import suggest
from klash.reviewing.bridge.firmness import hinges, told_in_report, weigh
from klash.reviewing.bridge.meeting import order_of_business
from klash.reviewing.bridge.rehearsal import Rehearsed, rehearse

__all__ = [
    "Flagged", "Moved", "Rehearsed", "Trial", "as_signed", "blackened", "hinges", "order_of_business", "rank_round", "rehearse", "spots", "spots_in",
    "suggest", "told_in_report", "under_weights", "weigh", "what_if",
]
