"""Reads of challenges, and what later stages show on a challenge's page."""

from klash.challenges.selectors.challenge import CALENDAR, Block, BlockMaker, Shown, blocks_of, find, judging_criteria, show_on_challenge, shown, tell_challenge
from klash.challenges.selectors.promised import challenges_published

__all__ = [
    "Block", "BlockMaker", "CALENDAR", "Shown", "blocks_of", "challenges_published", "find", "judging_criteria", "show_on_challenge", "shown", "tell_challenge",
]
