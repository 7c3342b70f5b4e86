from klash.competitions.models.competition import (
    ApplicationPart,
    Competition,
    CompetitionQuerySet,
    CriteriaSet,
    Criterion,
    Partner,
    Postponement,
    Ruling,
    RulingLine,
    Section,
    SectionSet,
    Stage,
    StageChange,
    StageKind,
    Theme,
)

__all__ = [
    "ApplicationPart", "Competition", "CompetitionQuerySet", "CriteriaSet", "Criterion", "Partner", "Postponement", "Ruling", "RulingLine",
    "Section", "SectionSet", "Stage", "StageChange", "StageKind", "Theme",
]
