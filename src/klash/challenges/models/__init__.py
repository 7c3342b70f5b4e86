from klash.challenges.models.asking import AnswerRound, InformationSession, PublicQuestion
from klash.challenges.models.challenge import BRIEF_SECTIONS, INDICATOR, NEEDED, NOTICE, TEXTS, Challenge, ChallengeQuerySet, Content, Side, hash_of
from klash.challenges.models.writing import PLACES, Approval, BriefComment, BriefVersion, Suggestion

__all__ = [
    "AnswerRound", "Approval", "BRIEF_SECTIONS", "BriefComment", "BriefVersion", "Challenge", "ChallengeQuerySet", "Content", "INDICATOR",
    "InformationSession", "NEEDED", "NOTICE", "PLACES", "PublicQuestion", "Side", "Suggestion", "TEXTS", "hash_of",
]
