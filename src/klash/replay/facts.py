"""A competition file: its form, read and refused with line and reason before anything is written."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, Field, ValidationError

from klash.core.fields import Text


class BrokenFile(Exception):
    """The file cannot be replayed; the message names line and reason."""


class When(BaseModel):
    value: date | str
    precision: str = "day"
    half: str = ""


class Phase(BaseModel):
    id: str
    title: Text
    start: When | None = None
    end: When | None = None
    planned_start: When | None = None
    rules: dict[str, Any] = {}
    result: dict[str, Any] = {}


class CriterionFact(BaseModel):
    id: str
    name: Text
    weight: int = Field(default=0, ge=0)


class CriteriaFact(BaseModel):
    id: str
    used_in: str
    criteria: list[CriterionFact] = Field(min_length=1)


class OrganisationFact(BaseModel):
    id: str
    name: Text
    roles: list[str]


class ThemeFact(BaseModel):
    id: str
    name: Text


class ProblemFact(BaseModel):
    id: str
    municipality: str
    became: str | None = None
    summary: Text


class MunicipalityFact(BaseModel):
    id: str
    name: Text


class ChallengeFact(BaseModel):
    id: str
    number: int
    pilot_municipality: str
    from_problem: str
    official_title: Text
    title_en: dict[str, Any] = {}
    description: Text


class TeamFact(BaseModel):
    id: str
    name: str
    challenge: str
    members_count: int = Field(default=4, ge=1, le=20)
    status: str = ""


class TeamsCount(BaseModel):
    total: int
    by_challenge: dict[str, int]


class MentorFact(BaseModel):
    id: str
    sessions: list[str] = []
    sector: str = "unknown"


class DayFact(BaseModel):
    id: str
    date: date
    place: str
    for_: list[str] = Field(alias="for")
    topic: Text = {}
    mentors: list[str] = []


class WinnerFact(BaseModel):
    challenge: str
    team: str


class CompetitionFact(BaseModel):
    id: str
    name: str
    organiser: str
    website: str = ""
    summary: Text


class File(BaseModel):
    """What a replay needs of a competition file. Keys that are not named here are notes for readers."""

    competition: CompetitionFact
    organisations: list[OrganisationFact]
    phases: list[Phase]
    criteria_sets: list[CriteriaFact]
    themes_of_problems: list[ThemeFact] = []
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

    def phase(self, name: str) -> Phase:
        return next(phase for phase in self.phases if phase.id == name)


NEEDED = ("problem_call", "problem_selection", "challenge_shaping", "team_call", "team_selection", "mentoring", "proposals", "judging", "award")


def read(path: Path) -> File:
    """Return the file's facts. Raises BrokenFile naming line and reason."""
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text)
        facts = File.model_validate(yaml.safe_load(text))
    except OSError as error:
        raise BrokenFile(f"{path} cannot be read: {error.strerror}. Check the path.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise BrokenFile(f"{path}, line {line}: {getattr(error, 'problem', 'is not YAML')}. Mend the line and run again.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise BrokenFile(f"{path}, line {_line(node, first['loc'])}: {place}: {first['msg']}. Mend the line and run again.") from error
    _check(path, facts, node)
    return facts


def _check(path: Path, facts: File, node: Any) -> None:
    missing = [name for name in NEEDED if name not in {phase.id for phase in facts.phases}]
    if missing:
        raise BrokenFile(f"{path}, line {_line(node, ('phases',))}: phases lack {', '.join(missing)}. Add them and run again.")
    problems, challenges = {row.id for row in facts.problems}, {row.id for row in facts.challenges}
    for i, row in enumerate(facts.challenges):
        if row.from_problem not in problems:
            raise BrokenFile(f"{path}, line {_line(node, ('challenges', i))}: challenge {row.id} comes from {row.from_problem}, which is no problem of the file.")
    for i, team in enumerate(facts.teams):
        if team.challenge not in challenges:
            raise BrokenFile(f"{path}, line {_line(node, ('teams', i))}: team {team.id} names challenge {team.challenge}, which is not in the file.")


def _line(node: Any, steps: tuple[Any, ...]) -> int:
    """Return the line of the deepest node that the steps reach, counted from 1."""
    for step in steps:
        found = None
        if isinstance(node, yaml.MappingNode):
            found = next((value for key, value in node.value if key.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            found = node.value[step]
        if found is None:
            break
        node = found
    return int(node.start_mark.line) + 1 if node is not None else 1
