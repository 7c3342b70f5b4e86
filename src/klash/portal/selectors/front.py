"""What the front page of a competition shows to anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Sum

from klash.awards.models import Placing
from klash.challenges.models import Challenge
from klash.competitions.models import Competition, Partner, Stage, StageKind
from klash.core.fields import Text
from klash.mentoring.models import MentorProfile
from klash.portal.selectors.links import where
from klash.problems.models import Tally
from klash.rules.states import AwardState, CompetitionState

INPUT_STAGES = (StageKind.PROBLEM_CALL, StageKind.TEAM_CALL, StageKind.PROPOSALS)


def current_competition() -> Competition | None:
    """Return the newest published competition, a running one before a finished one. One query."""
    return (
        Competition.objects.filter(state__in=[CompetitionState.PUBLISHED, CompetitionState.FINISHED])
        .select_related("organiser").order_by("-state", F("published_at").desc(nulls_last=True), "-pk").first()
    )


@dataclass(frozen=True)
class Step:
    """A stage and where it stands: done, now or ahead."""

    kind: str
    title: Text
    opens_at: datetime
    closes_at: datetime
    state: str


def steps(competition: Competition, now: datetime) -> list[Step]:
    """Return the stages in order. One query, kept with the competition."""
    return [_step(stage, now) for stage in competition.stages_by_kind().values()]


def _step(stage: Stage, now: datetime) -> Step:
    state = "done" if stage.closes_at < now else "now" if stage.opens_at <= now else "ahead"
    return Step(stage.kind, stage.title, stage.opens_at, stage.closes_at, state)


@dataclass(frozen=True)
class Where:
    """Where the competition is: the step that runs, the one that comes next, and the next deadline for input."""

    step: Step | None
    next: Step | None
    deadline: Step | None


def where_now(steps: Sequence[Step]) -> Where:
    """Return where the competition is; of several steps that run, the last is meant. No query."""
    running = [step for step in steps if step.state == "now"]
    ahead = [step for step in steps if step.state == "ahead"]
    waiting = [step for step in steps if step.kind in INPUT_STAGES and step.state != "done"]
    return Where(running[-1] if running else None, ahead[0] if ahead else None, waiting[0] if waiting else None)


@dataclass(frozen=True)
class Card:
    """A challenge on the front page; `teams` and `persons` are None until admitted teams are told."""

    code: str
    title: Text
    lead: Text
    municipality: Text
    municipality_code: str
    teams: int | None
    persons: int | None
    winners: tuple[str, ...]
    url: str


def cards(competition: Competition) -> list[Card]:
    """Return the published challenges. Two queries.

    Teams count from the release of the admissions; winners come from published awards only.
    """
    winners = Placing.objects.filter(is_winner=True, award__state=AwardState.PUBLISHED).select_related("team")
    rows: Any = (
        Challenge.objects.published().filter(competition=competition).select_related("pilot_municipality", "award")
        .prefetch_related(Prefetch("award__placings", queryset=winners, to_attr="won")).order_by("number")
    )
    return [
        Card(
            code=row.code, title=row.title, lead=row.lead, municipality=row.pilot_municipality.name,
            municipality_code=row.pilot_municipality.code, teams=row.admitted_teams or None,
            persons=row.admitted_persons or None, winners=_winners(row),
            url=where("challenges:challenge", competition.code, row.code),
        )
        for row in rows
    ]


def _winners(row: Challenge) -> tuple[str, ...]:
    award = getattr(row, "award", None)
    return tuple(sorted(placing.team.name for placing in award.won)) if award else ()


@dataclass(frozen=True)
class Figures:
    """The counts of a competition; None where the stage that makes them is not over."""

    problems: int
    municipalities: int
    teams: int | None
    persons: int | None
    mentors: int
    fields: int


def figures(competition: Competition, places: Sequence[Any], shown: Sequence[Card]) -> Figures:
    """Return the counts with the places and cards that were read before. Two queries."""
    fields = list(MentorProfile.objects.filter(competition=competition).order_by("pk").values_list("field", flat=True))
    has_teams = any(card.teams for card in shown)
    return Figures(
        problems=Tally.objects.filter(competition=competition).aggregate(number=Sum("led", default=0))["number"],
        municipalities=sum(place.is_reporter for place in places),
        teams=sum(card.teams or 0 for card in shown) if has_teams else None,
        persons=sum(card.persons or 0 for card in shown) if has_teams else None,
        mentors=len(fields), fields=len({field.get("fi", "") for field in fields} - {""}),
    )


def partners(competition: Competition) -> list[Text]:
    """Return the names of the partners, the organiser first. One query."""
    rows = list(Partner.objects.filter(competition=competition).select_related("organisation").order_by("pk"))
    rows.sort(key=lambda row: "organiser" not in row.roles)
    return [row.organisation.name for row in rows]


def has_reported(competition: Competition) -> Any:
    """Return whether a municipality reported a public problem, alone or with others, as a condition on Municipality."""
    return Exists(Tally.objects.filter(competition=competition, municipality=OuterRef("pk")))
