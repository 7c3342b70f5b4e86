from klash.challenges.models.challenge import BRIEF_SECTIONS, Challenge, ChallengeQuerySet

__all__ = ["BRIEF_SECTIONS", "Challenge", "ChallengeQuerySet"]
