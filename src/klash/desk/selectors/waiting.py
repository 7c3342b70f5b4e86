"""What a competition needs next and what waits for whom. Never scores, never a code name."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from klash.accounts.models import ReviewerHandle
from klash.challenges.models import Challenge
from klash.competitions import selectors as competitions
from klash.competitions.models import Competition, Postponement, Stage, StageKind
from klash.core import show
from klash.core.databases import reviewing
from klash.core.fields import Text
from klash.mentoring.models import MentoringDay, MentorLeave
from klash.mentoring.selectors import leaves_unplanned
from klash.problems.models import Problem, Tally
from klash.problems.selectors import screening_counts
from klash.proposals.models import ChallengeKeys, LateDecision, Opening
from klash.reviewing.models import Entry, Review, Round, Seat
from klash.rules.screening import Outcome
from klash.rules.states import (
    ApplicationState,
    AwardState,
    ChallengeState,
    LateDecisionState,
    MeetingState,
    OpeningState,
    PostponementState,
    ProblemState,
    ReportState,
    RoundState,
    SessionState,
)
from klash.teams.models import Application


@dataclass(frozen=True)
class Progress:
    """How far a round is: reviews submitted of wanted, and who has not begun.

    bare: entries of an open round whose reviewers have all stepped aside; told when everything else is in.
    short: entries dealt out to fewer reviewers than the round announces.
    """

    code: str
    key: str
    is_blind: bool
    has_discussion: bool
    is_scored_again: bool
    title: Text
    state: str
    closes_at: datetime
    submitted: int
    wanted: int
    handles: tuple[str, ...] = field(repr=False)
    idle: tuple[str, ...]
    report: str
    meeting: str  # its state, empty while none has begun
    bare: int
    short: int

    @property
    def seats(self) -> int:
        return len(self.handles)

    @property
    def is_full(self) -> bool:
        return self.wanted > 0 and self.submitted >= self.wanted and not self.bare


def rounds(competition: Competition) -> list[Progress]:
    """Return the competition's rounds with their progress. Four queries; one more where everything is in in one that is open, one where one is dealt out."""
    using = reviewing()
    seats = Seat.objects.using(using).filter(is_absent=False).order_by("pk")
    rows = list(
        Round.objects.using(using).filter(chain=competition.code).select_related("report", "meeting").order_by("pk")
        .defer("report__ranking", "report__reasons", "report__remarks", "meeting__minutes", "meeting__addition")
        .prefetch_related(Prefetch("seats", queryset=seats, to_attr="filled"))
    )
    # Asked only of those who have submitted nothing: asked of every seat, PostgreSQL reads every review there is.
    silent = {seat.pk: seat.handle for row in rows if row.state == RoundState.OPEN for seat in row.filled if not seat.submitted_count}
    begun = Review.objects.using(using).filter(seat__in=silent, saved_at__isnull=False).order_by().values_list("seat", flat=True).distinct()
    for seat in begun:
        silent.pop(seat)
    names = dict(ReviewerHandle.objects.filter(handle__in=silent.values()).values_list("handle", "person__name"))
    idle = {handle: names.get(handle, "") for handle in silent.values()}
    bare = _bare([row for row in rows if row.state == RoundState.OPEN and all(seat.submitted_count >= seat.assigned_count for seat in row.filled)])
    short = _short([row for row in rows if row.state in (RoundState.DRAFT, RoundState.OPEN) and any(seat.assigned_count for seat in row.filled)])
    return [_progress(row, idle, bare.get(row.pk, 0), short.get(row.pk, 0)) for row in rows]


def _short(rounds: list[Any]) -> dict[int, int]:
    """Return how many entries have fewer reviewers present than their round announces, by the round's key."""
    dealt = [row.pk for row in rounds if row.reviews_per_entry is not None]
    if not dealt:
        return {}
    taken = Count("reviews", filter=Q(reviews__place__isnull=False, reviews__seat__is_absent=False))
    entries = Entry.objects.using(reviewing()).filter(round__in=dealt, is_excluded=False).annotate(taken=taken)
    return dict(Counter(entries.filter(taken__lt=F("round__reviews_per_entry")).order_by().values_list("round", flat=True)))


def _bare(rounds: list[Any]) -> dict[int, int]:
    """Return how many entries nobody present reviews, by the round's key."""
    taken = Review.objects.using(reviewing()).filter(entry=OuterRef("pk"), place__isnull=False, seat__is_absent=False)
    entries = Entry.objects.using(reviewing()).filter(round__in=rounds, is_excluded=False).exclude(Exists(taken))
    return dict(entries.order_by().values_list("round").annotate(Count("pk")))


def _progress(row: Any, idle: dict[str, str], bare: int, short: int) -> Progress:
    report = getattr(row, "report", None)
    return Progress(
        code=row.code, key=row.key, is_blind=row.is_blind, has_discussion=row.has_discussion,
        is_scored_again=row.is_scored_again, title=row.title, state=row.state, closes_at=row.closes_at, submitted=sum(seat.done_count for seat in row.filled),
        wanted=sum(seat.assigned_count for seat in row.filled), handles=tuple(seat.handle for seat in row.filled),
        idle=tuple(sorted(idle[seat.handle] for seat in row.filled if seat.handle in idle)), report=report.state if report else "",
        meeting=row.meeting.state if hasattr(row, "meeting") else "", bare=bare, short=short,
    )


@dataclass(frozen=True)
class Step:
    """One thing that the competition needs. `button` is empty where somebody else must act first; nothing waits for what is optional."""

    stage: str
    sentence: str
    about: Text = field(default_factory=dict)
    button: str = ""
    url: str = ""
    due: datetime | None = None
    is_optional: bool = False

    @property
    def is_waited_for(self) -> bool:
        return bool(self.button) and not self.is_optional


@dataclass(frozen=True)
class Desk:
    """`next` is the first step that waits for somebody here; `by_stage` holds all steps under their stage."""

    steps: list[Step]
    rounds: list[Progress]

    @property
    def next(self) -> Step | None:
        return next((step for step in self.steps if step.is_waited_for), None)


def desk(competition: Competition, now: datetime) -> Desk:
    """Return what the competition needs. Six queries, the stages and, where promises stand open, theirs, two more while the mentoring goes on."""
    found = rounds(competition)
    facts = _Facts(competition, now, {row.key: row for row in found}, list(_challenges(competition)), _problem_counts(competition), _asked(competition))
    return Desk([step for part in _PARTS for step in part(facts)], found)


@dataclass(frozen=True)
class _Facts:
    competition: Competition
    now: datetime
    rounds: dict[str, Progress]
    challenges: list[Any]
    problems: dict[str, int]
    asked: list[str]  # the stages whose deadline a person has asked to move

    def stage(self, kind: str) -> Stage | None:
        return self.competition.stages_by_kind().get(kind)

    def is_over(self, kind: str) -> bool:
        stage = self.stage(kind)
        return stage is not None and stage.closes_at < self.now

    def has_begun(self, kind: str) -> bool:
        stage = self.stage(kind)
        return stage is not None and stage.opens_at <= self.now

    def closing(self, kind: str) -> datetime | None:
        stage = self.stage(kind)
        return stage.closes_at if stage else None


def _challenges(competition: Competition) -> Any:
    applications = Application.objects.filter(team__challenge=OuterRef("pk"))
    return (
        Challenge.objects.filter(competition=competition).select_related("competition", "opening", "award", "problem")
        .annotate(
            undecided=_count(Application.objects.filter(state=ApplicationState.SUBMITTED, released_at=None)),
            admitted=Exists(applications.filter(state=ApplicationState.ADMITTED)),
            has_keys=Exists(ChallengeKeys.objects.filter(challenge=OuterRef("pk"), rehearsed_at__isnull=False)),
            has_late=Exists(LateDecision.objects.filter(version__proposal__team__challenge=OuterRef("pk"), state=LateDecisionState.PROPOSED)),
        ).order_by("number")
    )


def _asked(competition: Competition) -> list[str]:
    rows = Postponement.objects.filter(stage__competition=competition, state=PostponementState.REQUESTED)
    return list(rows.order_by("stage__position").values_list("stage__kind", flat=True))


def _count(rows: QuerySet[Any]) -> Any:
    # "+ 0" lets the few that wait be found by their state, not by walking all teams of the challenge.
    counted = rows.annotate(of=F("team__challenge") + 0).filter(of=OuterRef("pk")).order_by().values("of").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


def _problem_counts(competition: Competition) -> dict[str, int]:
    idle = Problem.objects.filter(competition=competition, state__in=[ProblemState.DRAFT, ProblemState.CHOSEN], challenge=None)
    kept = Tally.objects.filter(competition=competition)
    columns = "of", "state", "number"
    rows = idle.order_by().values("state").annotate(of=Value("idle", CharField()), number=Count("pk")).values_list(*columns).union(
        kept.order_by().values("state").annotate(of=Value("kept", CharField()), number=Sum("led")).values_list(*columns), all=True
    )
    found = {(of, state): number for of, state, number in rows}
    return {
        "draft": found.get(("idle", ProblemState.DRAFT), 0), "shown": sum(number for (of, _state), number in found.items() if of == "kept"),
        "chosen": found.get(("kept", ProblemState.CHOSEN), 0), "waiting": found.get(("kept", ProblemState.SUBMITTED), 0),
        "unshaped": found.get(("idle", ProblemState.CHOSEN), 0),
    }


def _url(facts: _Facts, name: str, *args: str) -> str:
    return reverse(name, args=[facts.competition.code, *args])


def _round_step(facts: _Facts, stage: str, row: Progress, about: Text) -> Iterator[Step]:
    """What a round needs: seats and its opening, reviews, its completion."""
    if row.state == RoundState.DRAFT and not row.key.startswith("proposals/"):
        sentence = _("The round is being prepared: %(seats)s seats.") % {"seats": row.seats}
        yield Step(stage, sentence, about, _("Fill the seats and open it"), _url(facts, "desk:round"), row.closes_at)
    if row.state == RoundState.DISCUSSING and not row.is_full:
        sentence = _("The second scoring runs: %(submitted)s of %(wanted)s.") % {"submitted": row.submitted, "wanted": row.wanted}
        yield Step(stage, sentence, about, _("See who is waited for"), reverse("desk:follow", args=[facts.competition.code, row.code]))
    elif row.state == RoundState.DISCUSSING:
        yield Step(stage, _("The body discusses. Close the round when it has finished."), about, _("Close the round"), _url(facts, "desk:round"))
    if row.state != RoundState.OPEN:
        return
    if row.bare:
        sentence = ngettext("%(n)s entry has no reviewer any more.", "%(n)s entries have no reviewer any more.", row.bare) % {"n": row.bare}
        # In a round without names the desk assigns nothing: another reviewer has to be invited.
        button, url = ("", "") if row.is_blind else (_("Assign reviewers"), reverse("desk:assign", args=[facts.competition.code, row.code]))
        yield Step(stage, sentence, about, button, url, row.closes_at)
    elif row.is_full and row.has_discussion:
        yield Step(stage, _("All reviews are in. Open the discussion."), about, _("Open the discussion"), _url(facts, "desk:round"))
    elif row.is_full:
        yield Step(stage, _("All reviews are in. Close the round."), about, _("Close the round"), _url(facts, "desk:round"))
    else:
        sentence = _("Reviews are coming in: %(submitted)s of %(wanted)s.") % {"submitted": row.submitted, "wanted": row.wanted}
        yield Step(stage, sentence, about, due=row.closes_at)


_MEETING = {
    "": lambda: (_("The panel can meet on the result. An order of business is made for it."), _("Hold the meeting")),
    MeetingState.RUNNING: lambda: (_("The panel is meeting."), _("Go to the meeting")),
    MeetingState.ENDED: lambda: (_("The panel has met. Its minutes wait for approval."), _("Open the minutes")),
}


def _meeting(facts: _Facts, stage: str, row: Progress, about: Text, undecided: int) -> Iterator[Step]:
    """What the panel's meeting needs. Nobody has to meet before the decisions; a meeting that has begun is seen through."""
    if row.state == RoundState.COMPLETE and row.meeting in _MEETING and (row.meeting or undecided):
        page = "desk:minutes" if row.meeting == MeetingState.ENDED else "desk:meeting"
        sentence, button = _MEETING[row.meeting]()
        yield Step(stage, sentence, about, button, _url(facts, page, row.code), is_optional=not row.meeting)


def _publication(facts: _Facts) -> Iterator[Step]:
    if facts.competition.published_at is None and facts.competition.missing():
        sentence = _("The competition is a draft. Fill in its texts, calendar, criteria and themes.")
        yield Step("", sentence, {}, _("Set up the competition"), _url(facts, "competitions:texts"))
    elif facts.competition.published_at is None:
        sentence = _("The competition is a draft. Publish it when its calendar, criteria and texts are ready.")
        yield Step("", sentence, {}, _("Publish the competition"), _url(facts, "desk:publish"))


def _postponements(facts: _Facts) -> Iterator[Step]:
    for kind in facts.asked:
        if not facts.is_over(kind):
            sentence = _("A later deadline was asked for. It waits for a second person.")
            yield Step(kind, sentence, {}, _("Look at the request"), _url(facts, "competitions:move_deadline", kind), facts.closing(kind))


def _promises(facts: _Facts) -> Iterator[Step]:
    for row in competitions.overdue(facts.competition, facts.now):
        sentence = _("A promise is overdue: it was to be kept by %(day)s.") % {"day": show.day(row.due_on, (get_language() or "fi")[:2])}
        yield Step(row.stage_kind or _present_kind(facts), sentence, row.text, _("Look at the promises"), _url(facts, "competitions:promises"))


def _present_kind(facts: _Facts) -> str:
    """Return the stage that opened last: under it stands what belongs to no stage."""
    begun = [kind for kind, stage in facts.competition.stages_by_kind().items() if stage.opens_at <= facts.now]
    return begun[-1] if begun else ""


def _problem_call(facts: _Facts) -> Iterator[Step]:
    kind = StageKind.PROBLEM_CALL
    if facts.has_begun(kind) and not facts.is_over(kind):
        sentence = _("Municipalities write: %(shown)s submitted, %(draft)s drafts.") % facts.problems
        yield Step(kind, sentence, due=facts.closing(kind))


def _screening(facts: _Facts) -> Iterator[Step]:
    """What waits for the screening. Without questions nothing has to be screened."""
    counts = screening_counts(facts.competition)
    if counts["waiting"] or counts[Outcome.NEEDS_MORE]:
        sentence = _("Screening: %(waiting)s problems wait, %(needs_more)s need more.") % counts
        is_optional = not facts.competition.eligibility_questions.exists()
        yield Step(
            StageKind.PROBLEM_SELECTION, sentence, {}, _("Screen the problems"), _url(facts, "problems:screening"),
            facts.closing(StageKind.PROBLEM_SELECTION), is_optional,
        )


def _problem_selection(facts: _Facts) -> Iterator[Step]:
    kind, row = StageKind.PROBLEM_SELECTION, facts.rounds.get(f"problems/{facts.competition.code}")
    if not facts.is_over(StageKind.PROBLEM_CALL) or not facts.problems["shown"]:
        return
    if row is None:
        yield from _screening(facts)
        sentence = _("The call is over: %(shown)s problems wait for the panel.") % facts.problems
        yield Step(kind, sentence, {}, _("Prepare the panel's round"), _url(facts, "desk:round"), facts.closing(kind))
        return
    yield from _round_step(facts, kind, row, row.title)
    if row.state == RoundState.COMPLETE and facts.problems["waiting"]:
        sentence = _("The panel is ready. Decide on the problems and tell all reporters at once: %(waiting)s wait.") % facts.problems
        yield Step(kind, sentence, {}, _("Choose the problems"), _url(facts, "problems:choose"))
    yield from _meeting(facts, kind, row, {}, facts.problems["waiting"])


def _challenge_shaping(facts: _Facts) -> Iterator[Step]:
    kind = StageKind.CHALLENGE_SHAPING
    if facts.problems["unshaped"]:
        sentence = _("Chosen problems without a challenge: %(unshaped)s.") % facts.problems
        yield Step(kind, sentence, {}, _("Shape the challenges"), _url(facts, "challenges:shape"))
    for row in facts.challenges:
        if row.state == ChallengeState.DRAFT:
            sentence = _("The brief is ready to be published.") if row.is_complete() else _("The brief is being written.")
            yield Step(kind, sentence, row.title, _("Open the brief"), _url(facts, "challenges:edit", row.code))


def _team_selection(facts: _Facts) -> Iterator[Step]:
    kind = StageKind.TEAM_SELECTION
    for row in facts.challenges if facts.is_over(StageKind.TEAM_CALL) else []:
        found = facts.rounds.get(f"applications/{row.code}")
        if found is None:
            if row.undecided:
                yield Step(kind, _("Applications wait for the panel."), row.title, _("Prepare the round"), _url(facts, "desk:round"), facts.closing(kind))
            continue
        yield from _round_step(facts, kind, found, row.title)
        if found.state == RoundState.COMPLETE and row.undecided:
            sentence = _("The panel is ready. Decide on the applications and tell all teams at once: %(number)s wait.") % {"number": row.undecided}
            yield Step(kind, sentence, row.title, _("Admit teams"), _url(facts, "teams:admissions", row.code))
        yield from _meeting(facts, kind, found, row.title, row.undecided)


def _mentoring(facts: _Facts) -> Iterator[Step]:
    kind = StageKind.MENTORING
    if facts.is_over(kind) or not any(row.admitted for row in facts.challenges):
        return
    standing = Count("slots__sessions", filter=~Q(slots__sessions__state=SessionState.CANCELLED))
    days = MentoringDay.objects.filter(competition=facts.competition).aggregate(days=Count("pk", distinct=True), sessions=standing)
    for leave in leaves_unplanned(facts.competition):
        yield Step(kind, _left(leave), {}, _("Plan anew"), _url(facts, "mentoring:plan"), facts.closing(kind))
    if not days["sessions"]:
        yield Step(kind, _("Mentoring has no sessions yet."), {}, _("Plan the mentoring"), _url(facts, "mentoring:plan"), facts.closing(kind))
    else:
        yield Step(kind, _planned(**days), {}, due=facts.closing(kind))


def _left(leave: MentorLeave) -> str:
    counted = ngettext(
        "%(name)s cannot come on %(day)s: %(n)s session was cancelled.", "%(name)s cannot come on %(day)s: %(n)s sessions were cancelled.", leave.cancelled
    )
    return counted % {"name": leave.mentor.person.name, "day": show.day(leave.day.on, (get_language() or "fi")[:2]), "n": leave.cancelled}


def _planned(days: int, sessions: int) -> str:
    counted = {
        "days": ngettext("%(n)s day", "%(n)s days", days) % {"n": days},
        "sessions": ngettext("%(n)s session", "%(n)s sessions", sessions) % {"n": sessions},
    }
    return _("Mentoring is planned: %(days)s and %(sessions)s.") % counted


def _proposals(facts: _Facts) -> Iterator[Step]:
    kind = StageKind.PROPOSALS
    for row in facts.challenges:
        if row.state == ChallengeState.PUBLISHED and not row.has_keys and not facts.is_over(kind):
            sentence = _("The keys to which the proposals are sealed have not been rehearsed.")
            yield Step(kind, sentence, row.title, _("Rehearse the keys"), _url(facts, "proposals:opening", row.code), facts.closing(kind))
    for row in facts.challenges if facts.has_begun(kind) else []:
        opening = getattr(row, "opening", None)
        if row.has_late and facts.is_over(kind) and (opening is None or opening.state == OpeningState.REQUESTED):
            sentence = _("A decision on a late proposal waits for a second person.")
            yield Step(kind, sentence, row.title, _("Go to the late proposals"), _url(facts, "proposals:late", row.code))
        if f"proposals/{row.code}" not in facts.rounds:
            yield Step(kind, _("The jury has no round yet."), row.title, _("Prepare the jury"), _url(facts, "desk:round"), facts.closing(kind))
        elif facts.is_over(kind) and (opening is None or opening.state != OpeningState.OPENED):
            yield _opening(facts, row, opening)
        elif facts.is_over(kind) and facts.rounds[f"proposals/{row.code}"].state == RoundState.DRAFT:
            sentence = _("The registrar clears the blind copies and releases them to the jury.")
            yield Step(kind, sentence, row.title, _("Go to the clearing"), _url(facts, "proposals:clearing", row.code))


def _opening(facts: _Facts, row: Any, opening: Opening | None) -> Step:
    sentence = _("The proposals are sealed. Two persons open them.")
    if opening is not None:
        sentence = (
            _("The opening of the proposals waits for a second person.") if opening.state == OpeningState.REQUESTED
            else _("The proposals can be opened to the jury.")
        )
    return Step(StageKind.PROPOSALS, sentence, row.title, _("Go to the opening"), _url(facts, "proposals:opening", row.code))


def _judging(facts: _Facts) -> Iterator[Step]:
    kind = StageKind.JUDGING
    for row in facts.challenges:
        found = facts.rounds.get(f"proposals/{row.code}")
        if found is None:
            continue
        yield from _round_step(facts, kind, found, row.title)
        if found.state == RoundState.COMPLETE and found.report != ReportState.SIGNED:
            sentence = _("The jurors sign the report.") if found.report == ReportState.SIGNING else _("The chair writes the report.")
            yield Step(kind, sentence, row.title, due=facts.closing(kind))


_AWARD = {
    AwardState.AWAITING_REPORT: lambda: _("The report is signed. Two persons open the identities."),
    AwardState.IDENTITIES_REQUESTED: lambda: _("The opening of the identities waits for a second person."),
    AwardState.IDENTITIES_OPENED: lambda: _("The identities are open. The organiser decides."),
    AwardState.DECIDED: lambda: _("The decision is made. Publish the winners."),
}


def _award(facts: _Facts) -> Iterator[Step]:
    for row in facts.challenges:
        found, award = facts.rounds.get(f"proposals/{row.code}"), getattr(row, "award", None)
        state = award.state if award else AwardState.AWAITING_REPORT
        if found is not None and found.report == ReportState.SIGNED and state in _AWARD:
            page = _url(facts, "awards:award", row.code)
            yield Step(StageKind.AWARD, _AWARD[AwardState(state)](), row.title, _("Go to the result"), page, facts.closing(StageKind.AWARD))


_PARTS = (
    _publication, _postponements, _problem_call, _problem_selection, _challenge_shaping, _team_selection, _mentoring, _proposals, _judging, _award, _promises,
)


@dataclass(frozen=True)
class Part:
    """A stage on the desk and what it needs."""

    stage: Stage
    is_over: bool
    steps: list[Step]

    @property
    def is_late(self) -> bool:
        return self.is_over and any(step.is_waited_for for step in self.steps)


def parts(competition: Competition, found: Desk, now: datetime) -> list[Part]:
    """Return the stages with the steps of each. No query beyond the stages, which are kept."""
    steps: dict[str, list[Step]] = defaultdict(list)
    for step in found.steps:
        steps[step.stage].append(step)
    return [Part(stage, stage.closes_at < now, steps[stage.kind]) for stage in competition.stages_by_kind().values()]


@dataclass(frozen=True)
class Startable:
    """A round that can be made now: what kind, of which challenge, and between which times by default."""

    action: str  # panel, team_round or jury
    about: Text
    challenge: str
    opens_at: datetime | None
    closes_at: datetime | None


def startable(competition: Competition, found: Iterable[Progress], now: datetime) -> list[Startable]:
    """Return the rounds that the calendar allows to make and that do not exist. One query."""
    known = {row.key for row in found}
    stages, rows = competition.stages_by_kind(), []
    call, team_call, proposals = (stages.get(kind) for kind in (StageKind.PROBLEM_CALL, StageKind.TEAM_CALL, StageKind.PROPOSALS))
    if call and call.closes_at < now and f"problems/{competition.code}" not in known:
        rows.append(Startable("panel", {}, "", None, _later(stages.get(StageKind.PROBLEM_SELECTION), now)))
    judging = stages.get(StageKind.JUDGING)
    for challenge in _challenges(competition).published():
        if challenge.undecided and team_call and team_call.closes_at < now and f"applications/{challenge.code}" not in known:
            closes_at = _later(stages.get(StageKind.TEAM_SELECTION), now)
            rows.append(Startable("team_round", challenge.title, challenge.code, None, closes_at))
        if challenge.admitted and proposals and judging and proposals.opens_at < now and f"proposals/{challenge.code}" not in known:
            rows.append(Startable("jury", challenge.title, challenge.code, judging.opens_at, judging.closes_at))
    return rows


def _later(stage: Stage | None, now: datetime) -> datetime | None:
    return stage.closes_at if stage is not None and stage.closes_at > now else None
