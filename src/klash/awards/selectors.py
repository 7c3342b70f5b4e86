"""Reads of results. Teams appear only once identities are opened, in public only once the winners are published."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch

from klash.awards.models import Award, PastDecision, Placing
from klash.challenges.models import Challenge
from klash.competitions.models import Competition
from klash.core.databases import reviewing as alias
from klash.core.paging import PAGE
from klash.proposals.selectors import round_key
from klash.reviewing import selectors as reviewing
from klash.reviewing.models import Report, Round, Seat, Signature
from klash.reviewing.selectors import Ranked
from klash.rules.states import AwardState, ReportState, RoundState
from klash.teams.models import Team


@dataclass(frozen=True)
class Row:
    """One place in the ranking, and the team once identities are opened."""

    ranked: Ranked
    placing: Placing | None = None


@dataclass(frozen=True)
class Step:
    """kind: reviews, report, identities, decision, publication. status: done, now or locked."""

    kind: str
    status: str


@dataclass(frozen=True)
class Way:
    """The way of a challenge to its winner, as far as it has come."""

    award: Award | None
    round: Round | None
    report: Report | None
    submitted: int
    wanted: int
    signed: int
    jurors: int
    rows: tuple[Row, ...] = ()
    scale: tuple[int, int] = (0, 10)
    weights: tuple[tuple[Any, int, bool], ...] = ()
    steps: tuple[Step, ...] = field(default=())

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """Return the report's reasons on the entries of `rows`, in their order."""
        given = self.report.reasons if self.report else {}
        rows = (one.ranked for one in self.rows)
        return [{"place": row.place, "entry_code": row.entry_code, "language": row.language, "text": given.get(row.entry_code, "")} for row in rows]

    @property
    def asks_screening(self) -> bool:
        return self.round is not None and any(self.round.screening.values())

    @property
    def now(self) -> str:
        return next((step.kind for step in self.steps if step.status == "now"), "")


def staffed_challenge(user: Any, competition: str, challenge: str) -> Challenge | None:
    """Return a challenge that the person may see, with its award. One query."""
    found = Challenge.objects.visible_to(user).filter(competition__code=competition, code=challenge)
    return found.select_related("competition", "award__requested_by", "award__opened_by", "award__decided_by").first()


def way(challenge: Challenge, page: int = 0) -> Way:
    """Return how far a challenge has come; scores only once every review is in, 50 rows a page. At most eight queries."""
    award: Award | None = getattr(challenge, "award", None)
    using = alias()
    round_ = Round.objects.using(using).filter(key=round_key(challenge)).select_related("report").defer("report__ranking").first()
    if round_ is None:
        return Way(award, None, None, 0, 0, 0, 0, steps=_steps(None, None, award))
    report: Report | None = getattr(round_, "report", None)
    is_complete = round_.state == RoundState.COMPLETE
    submitted, wanted = (0, 0) if is_complete else reviewing.progress(round_)
    signatures = _signatures(round_, report) if is_complete and (report is None or report.state != ReportState.SIGNED) else []
    criteria = reviewing.criteria_of(round_) if is_complete else []
    return Way(
        award, round_, report, submitted, wanted, signed=sum(signatures), jurors=len(signatures), rows=_rows(round_, award, page * PAGE),
        scale=reviewing.scale_of(criteria),
        weights=tuple((row.name, row.weight, row.is_required) for row in criteria), steps=_steps(round_, report, award),
    )


def _signatures(round_: Round, report: Report | None) -> list[bool]:
    """Return for each juror whether the present version is signed. One query."""
    given = Signature.objects.using(alias()).filter(seat=OuterRef("pk"), report=report, report_hash=report.hash if report else "")
    seats = Seat.objects.using(alias()).filter(round=round_, is_absent=False).order_by("handle")
    return list(seats.annotate(signed=Exists(given)).values_list("signed", flat=True))


def _rows(round_: Round, award: Award | None, start: int) -> tuple[Row, ...]:
    ranked = reviewing.ranking(round_, start=start, limit=PAGE)
    placings: dict[str, Placing] = {}
    if award is not None and award.opened_at:
        placings = {row.entry_code: row for row in award.placings.filter(entry_code__in=[p.entry_code for p in ranked]).select_related("team")}
    return tuple(Row(row, placings.get(row.entry_code)) for row in ranked)


def award_of(user: Any, competition: str, challenge: str) -> Award | None:
    """Return the award of a challenge that the person may see. One query."""
    found = staffed_challenge(user, competition, challenge)
    return getattr(found, "award", None)


def winners_of(award: Award) -> list[Team]:
    """Return the teams that won, by name. One query."""
    return [row.team for row in award.placings.filter(is_winner=True).select_related("team").order_by("team__name")]


def firsts(award: Award) -> list[Team]:
    """Return the teams in the first place, by name; none before identities are opened. One query."""
    return [row.team for row in award.placings.filter(place=1).select_related("team").order_by("team__name")]


def _steps(round_: Round | None, report: Report | None, award: Award | None) -> tuple[Step, ...]:
    state = award.state if award else ""
    done = {
        "reviews": round_ is not None and round_.state == RoundState.COMPLETE,
        "report": report is not None and report.state == ReportState.SIGNED,
        "identities": state in (AwardState.IDENTITIES_OPENED, AwardState.DECIDED, AwardState.PUBLISHED),
        "decision": state in (AwardState.DECIDED, AwardState.PUBLISHED),
        "publication": state == AwardState.PUBLISHED,
    }
    steps, is_now_found = [], False
    for kind, is_done in done.items():
        status = "done" if is_done and not is_now_found else "locked" if is_now_found else "now"
        is_now_found = is_now_found or status == "now"
        steps.append(Step(kind, status))
    return tuple(steps)


def published(competition: Competition) -> list[Award]:
    """Return the competition's published awards with their winners, and what was corrected, by the challenge's number. Four queries."""
    winners = Prefetch("placings", queryset=Placing.objects.filter(is_winner=True).select_related("team").order_by("team__name"), to_attr="winners")
    found = Award.objects.published().filter(challenge__competition=competition)
    past = Prefetch("past", queryset=PastDecision.objects.prefetch_related(Prefetch("winners", queryset=Team.objects.order_by("name"))))
    rows = found.select_related("challenge__competition", "challenge__pilot_municipality").prefetch_related(winners, past)
    return list(rows.order_by("challenge__number"))


def waiting(competition: Competition) -> list[Challenge]:
    """Return the published challenges whose winner is not published yet. One query."""
    return list(Challenge.objects.published().filter(competition=competition).exclude(award__state=AwardState.PUBLISHED).order_by("number"))
