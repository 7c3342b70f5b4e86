"""Reads of what mentoring leaves behind: what came of advice, what both sides say, who met whom, what each mentor did."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from klash.challenges.models import Challenge
from klash.competitions.models import Competition
from klash.mentoring.models import Advice, MentorProfile, Sector, Session, SessionFeedback
from klash.rules.states import SessionState
from klash.teams.models import Team

MARKS = range(1, 6)


def has_met(team: Team, now: datetime) -> bool:
    """Return whether a session of the team has begun; those that were cancelled or missed do not count. One query."""
    return Session.objects.filter(team=team, slot__starts_at__lte=now, state__in=(SessionState.PLANNED, SessionState.HELD)).exists()


def teams_met(person: Any, competition: Competition) -> list[Team]:
    """Return the person's teams that have held a session, by name. One query."""
    own = Team.objects.of(person).filter(challenge__competition=competition, sessions__state=SessionState.HELD)
    return list(own.order_by("name", "pk").distinct())


def advice_of(team: Team) -> list[Advice]:
    """Return what mentors advised a team, in the order in which it was given, with mentor and day. One query."""
    found = Advice.objects.filter(session__team=team).select_related("session__mentor__person", "session__slot")
    return list(found.order_by("session__slot__starts_at", "session", "number"))


@dataclass(frozen=True)
class AdviceFigures:
    """What came of the advice to the teams of one challenge; of all where challenge is None."""

    challenge: Challenge | None
    given: int
    taken: int
    not_taken: int
    later: int

    @property
    def open(self) -> int:
        """Return how many wait for the team's answer."""
        return self.given - self.taken - self.not_taken - self.later


def advice_figures(competition: Competition, challenges: Sequence[Challenge]) -> list[AdviceFigures]:
    """Return what came of the advice, challenge by challenge, and of all together last. One query."""
    rows = Advice.objects.filter(session__slot__day__competition=competition).values_list("session__team__challenge", "answer")
    found: dict[int | None, Counter[str]] = defaultdict(Counter)
    for challenge, answer, count in rows.annotate(count=Count("pk")).order_by():
        for key in (challenge, None):
            found[key][answer] += count
    answers = Advice.Answer
    return [
        AdviceFigures(challenge, counts.total(), counts[answers.TAKEN], counts[answers.NOT_TAKEN], counts[answers.LATER])
        for challenge in (*challenges, None) for counts in [found[challenge.pk if challenge else None]]
    ]


@dataclass(frozen=True)
class Marks:
    """How often each mark from 1 to 5 was given: for use by teams and by mentors, for frankness by teams."""

    team: tuple[int, ...]
    mentor: tuple[int, ...]
    frankness: tuple[int, ...]


def _given(competition: Competition, challenge: Challenge | None) -> Any:
    found = SessionFeedback.objects.filter(session__slot__day__competition=competition)
    return found.filter(session__team__challenge=challenge) if challenge else found


def marks(competition: Competition, challenge: Challenge | None = None) -> Marks:
    """Return how the sessions of a competition, or of one challenge, were marked. One query."""
    use: dict[str, Counter[int]] = {"team": Counter(), "mentor": Counter()}
    frankness: Counter[int] = Counter()
    for side, mark, frank, count in _given(competition, challenge).values_list("side", "mark", "frankness").annotate(count=Count("pk")).order_by():
        use[side][mark] += count
        frankness[frank] += count
    team, mentor, frank = (tuple(counts[mark] for mark in MARKS) for counts in (use["team"], use["mentor"], frankness))
    return Marks(team, mentor, frank)


def said(competition: Competition, challenge: Challenge | None, page: int, size: int) -> tuple[list[SessionFeedback], int]:
    """Return a page of what teams and mentors wrote in their feedback, the newest first, and how many there are. Two queries."""
    found = _given(competition, challenge).filter(~Q(text="") | ~Q(needs=""))
    rows = found.select_related("author", "session__team", "session__mentor__person", "session__slot").order_by("-given_at", "-pk")
    return list(rows[page * size:(page + 1) * size]), found.count()


@dataclass(frozen=True)
class Contact:
    """A held session. is_first: the team met nobody of the mentor's sector before; never so where the sector is not known."""

    team: Team
    mentor: MentorProfile
    is_first: bool


def contacts(competition: Competition) -> list[Contact]:
    """Return who met whom, in the order of time. One query."""
    held = Session.objects.filter(slot__day__competition=competition, state=SessionState.HELD)
    rows = held.select_related("team__challenge", "mentor__person").order_by("slot__starts_at", "team__name", "pk")
    found, met = [], set[tuple[int, str]]()
    for row in rows:
        pair = row.team_id, row.mentor.sector
        found.append(Contact(row.team, row.mentor, pair not in met and row.mentor.sector != Sector.UNKNOWN))
        met.add(pair)
    return found


@dataclass(frozen=True)
class Deeds:
    """What a mentor did: on how many days, with how many teams, in how many sessions of what length together; how much advice, how much of it taken."""

    mentor: MentorProfile
    days: int
    teams: int
    sessions: int
    length: timedelta
    given: int
    taken: int
    last: datetime


def deeds(competition: Competition, mentor: MentorProfile | None = None) -> list[Deeds]:
    """Return what the mentors, or the one, did who held a session, by name. Two queries."""
    held = Session.objects.filter(slot__day__competition=competition, state=SessionState.HELD)
    held = held.filter(mentor=mentor) if mentor else held
    by_mentor: dict[int, list[Session]] = defaultdict(list)
    for row in held.select_related("slot", "mentor__person", "mentor__competition__organiser").order_by("mentor__person__name", "mentor", "slot__starts_at"):
        by_mentor[row.mentor_id].append(row)
    taken = Count("pk", filter=Q(answer=Advice.Answer.TAKEN))
    points = Advice.objects.filter(session__mentor__in=by_mentor).values("session__mentor").annotate(given=Count("pk"), taken=taken).order_by()
    counts = {row["session__mentor"]: (row["given"], row["taken"]) for row in points}
    return [_deeds(rows, *counts.get(key, (0, 0))) for key, rows in by_mentor.items()]


def _deeds(rows: Sequence[Session], given: int, taken: int) -> Deeds:
    slots = [row.slot for row in rows]
    return Deeds(
        rows[0].mentor, len({timezone.localdate(slot.starts_at) for slot in slots}), len({row.team_id for row in rows}), len(rows),
        sum((slot.ends_at - slot.starts_at for slot in slots), timedelta()), given, taken, slots[-1].ends_at,
    )


def mentor_for(person: Any, competition: str, code: str) -> MentorProfile | None:
    """Return a mentor of the competition to the mentor and to the staff. One query."""
    if not person.is_authenticated:
        return None
    seen = MentorProfile.objects.filter(Q(person=person) | Q(competition__code__in=person.running()))
    return seen.filter(competition__code=competition, code=code).select_related("competition__organiser", "person").first()
