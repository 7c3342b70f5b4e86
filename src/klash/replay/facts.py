"""The form of a competition file."""

import re
from datetime import date
from functools import partial
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, field_validator

from klash.competitions.models import PromiseKind
from klash.core.fields import LANGUAGES
from klash.core.fields import Text as AnyText

NEEDED = ("problem_call", "problem_selection", "challenge_shaping", "team_call", "team_selection", "mentoring", "proposals", "judging", "award")
DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class BrokenFile(Exception):
    """The file cannot be replayed; the message names line and reason."""


def _in_finnish(text: AnyText) -> AnyText:
    if unknown := set(text) - set(LANGUAGES):
        raise ValueError(f"languages are fi, sv and en, not {', '.join(sorted(unknown))}")
    if not text.get("fi", "").strip():
        raise ValueError("the Finnish text (fi) is missing")
    return text


def _not_long(text: AnyText, most: int) -> AnyText:
    if long := [code for code, said in text.items() if len(said) > most]:
        raise ValueError(f"the text in {', '.join(long)} is too long; at most {most} characters")
    return text


Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Text = Annotated[AnyText, AfterValidator(_in_finnish), AfterValidator(partial(_not_long, most=5000))]
Title = Annotated[AnyText, AfterValidator(_in_finnish), AfterValidator(partial(_not_long, most=150))]
Name = Annotated[str, Field(min_length=1, max_length=120)]


class When(BaseModel):
    value: date | str
    precision: str = "day"
    half: str = ""

    @field_validator("value")
    @classmethod
    def _is_day(cls, value: date | str) -> date | str:
        if (found := DAY.fullmatch(str(value))) is None:
            raise ValueError("write a day, month or year: 2019-04-11, 2019-04 or 2019")
        date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
        return value


class Phase(BaseModel):
    id: Code
    title: Title
    start: When | None = None
    end: When | None = None
    planned_start: When | None = None
    rules: dict[str, Any] = {}
    result: dict[str, Any] = {}


class CriterionFact(BaseModel):
    id: Code
    name: Title
    weight: int = Field(default=0, ge=0, le=1000)


class CriteriaFact(BaseModel):
    id: str
    used_in: str
    criteria: list[CriterionFact] = Field(min_length=1)


class OrganisationFact(BaseModel):
    id: Code
    name: Title
    roles: list[str]


class ProblemFact(BaseModel):
    id: Code
    municipality: str
    became: str | None = None
    summary: Text


class MunicipalityFact(BaseModel):
    id: Code
    name: Title


class ChallengeFact(BaseModel):
    id: Code
    number: int = Field(ge=1, le=500)
    pilot_municipality: str
    from_problem: str
    official_title: Title
    title_en: dict[str, Any] = {}
    description: Text


class TeamFact(BaseModel):
    id: Code
    name: str = Field(min_length=1, max_length=80)
    challenge: str
    members_count: int = Field(default=4, ge=1, le=50)
    status: str = ""


class TeamsCount(BaseModel):
    total: int = Field(ge=0, le=5000)
    by_challenge: dict[str, int]


class MentorFact(BaseModel):
    id: Code
    sessions: list[str] = []
    sector: str = "unknown"


class DayFact(BaseModel):
    id: Code
    date: date
    place: str
    for_: list[str] = Field(alias="for")
    topic: AnyText = {}
    mentors: list[str] = []
    remote: list[str] = []  # of the mentors, who takes part from afar


class WinnerFact(BaseModel):
    challenge: str
    team: str


class PromiseStep(BaseModel):
    """A promise changed, or marked kept or broken, with the reason or the evidence."""

    on: date = Field(alias="date")
    text: AnyText = {}
    low: int | None = Field(default=None, ge=0)
    high: int | None = Field(default=None, ge=0)
    due: date | None = None
    kept: bool | None = None
    reason: Text


class PromiseFact(BaseModel):
    id: Code
    kind: PromiseKind
    text: Title
    low: int | None = Field(default=None, ge=0)
    high: int | None = Field(default=None, ge=0)
    due: date
    promised: date
    source: str = ""
    steps: list[PromiseStep] = []


class CompetitionFact(BaseModel):
    id: Code
    name: Name
    organiser: str
    website: str = Field(default="", max_length=200)
    summary: Text
    legal_form: dict[str, Any] = {}


class File(BaseModel):
    """What a replay needs of a competition file. Keys that are not named here are notes for readers."""

    competition: CompetitionFact
    organisations: list[OrganisationFact]
    phases: list[Phase]
    criteria_sets: list[CriteriaFact]
    municipalities: list[MunicipalityFact]
    problems: list[ProblemFact]
    challenges: list[ChallengeFact]
    teams_count: TeamsCount
    teams: list[TeamFact] = []
    mentors_count: dict[str, Any]
    mentors: list[MentorFact] = []
    mentoring_sessions: list[DayFact] = []
    winners: list[WinnerFact] = []
    budget: dict[str, Any] = {}
    bodies: list[dict[str, Any]] = []
    promises: list[PromiseFact] = []
    sources: dict[str, dict[str, Any]] = {}

    def phase(self, name: str) -> Phase:
        return next(phase for phase in self.phases if phase.id == name)
