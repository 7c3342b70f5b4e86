from klash.mentoring.models.advice import Advice, Badge, BadgeOffer, DiaryEntry, Material
from klash.mentoring.models.days import JointSession, MentoringDay, MentoringDayQuerySet, Room, Slot
from klash.mentoring.models.people import (
    MentorOffer,
    MentorProfile,
    MentorTime,
    MentorWish,
    OrganisationKind,
    OrganisationSize,
    Sector,
    TeamAbsence,
    TeamNeeds,
)
from klash.mentoring.models.plans import PairRule, Plan, PlannedMeeting, PlanRules, PlanRun, RunFault
from klash.mentoring.models.sessions import CalendarFeed, MentorLeave, Session, SessionFeedback, SessionQuerySet

__all__ = [
    "Advice", "Badge", "BadgeOffer", "CalendarFeed", "DiaryEntry", "JointSession", "Material", "MentorLeave", "MentorOffer", "MentorProfile",
    "MentorTime", "MentorWish", "MentoringDay", "MentoringDayQuerySet", "OrganisationKind", "OrganisationSize", "PairRule", "Plan", "PlanRules",
    "PlanRun", "PlannedMeeting", "Room", "RunFault", "Sector", "Session", "SessionFeedback", "SessionQuerySet", "Slot", "TeamAbsence", "TeamNeeds",
]
