"""Where a competition file is played: its facts, the invented people, the clock, and a way to tell what was done."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.db.models import Max

from klash.accounts.models import User
from klash.challenges.models import Challenge
from klash.competitions.models import Competition
from klash.core import clock
from klash.core.errors import Refused
from klash.core.models import AuditEvent
from klash.problems.models import Problem
from klash.replay.calendar import Span, spans, spread
from klash.replay.facts import File
from klash.replay.material import Material
from klash.rules.calendar import DECIDES_ON
from klash.rules.reasons import Reason

T = TypeVar("T")
Say = Callable[[str], None]
Step = Callable[[float], None]
DEPUTIES = ("", ".b", ".c", ".d")


class Scene:
    """One competition file with its seed. `say` gets a line for each thing done, `step` the act's progress from 0 to 1."""

    def __init__(self, facts: File, seed: int, say: Say, step: Step) -> None:
        self.facts, self.seed, self.say, self.step = facts, seed, say, step
        self.code = facts.competition.id
        self.spans = spans(facts)
        self._part = (0.0, 1.0)

    # -- chance and time

    def draw(self, *key: object) -> Material:
        """Return draws for one thing alone, so that they are the same whatever else was done before, by hand or by the play."""
        return Material("/".join(str(part) for part in (self.code, self.seed, *key)))

    def span(self, name: str) -> Span:
        """Return opening and closing of a stage; both later if the deadline of what it decides on was moved."""
        span = self.spans[name]
        if (before := DECIDES_ON.get(name)) is None:
            return span
        late = max(timedelta(), self.competition.stage(before).closes_at - span.opens_at)
        return Span(span.opens_at + late, span.closes_at + late, span.planned_opens_at)

    def reached(self, moment: datetime) -> datetime:
        """Return the moment, or when the last was done of what the logs know: who did something by hand may be further than the play goes.

        A checkpoint heads nothing that is later than itself, so whoever publishes one asks this first. One query a database.
        """
        events = (AuditEvent.objects.using(using).filter(chain__competition=self.code) for using in settings.DATABASES)
        last: list[datetime | None] = [rows.aggregate(last=Max("at"))["last"] for rows in events]
        return max(moment, *filter(None, last))

    @contextmanager
    def moments(self, first: datetime, last: datetime, count: int) -> Iterator[Callable[[], datetime]]:
        """Give `count` instants spread over the working hours of a span; each call moves the clock to the next."""
        following = enumerate(spread(first, last, count), 1)

        def tick() -> datetime:
            number, moment = next(following)
            clock.hold(moment)
            self.step(self._part[0] + self._part[1] * number / count)
            return moment

        clock.hold(first)
        yield tick

    def each(self, rows: Sequence[T]) -> Iterator[T]:
        """Yield the rows; the progress within each is a share of the act's."""
        for number, row in enumerate(rows):
            self._part = (number / len(rows), 1 / len(rows))
            yield row
        self._part = (0.0, 1.0)

    # -- people

    def person(self, name: str, language: str = "fi") -> User:
        """Return an invented person, made on first use."""
        address = f"{name}.{self.code}"
        return self.draw("person", address).person(address, language)

    def someone(self, name: str, act: Callable[[User], T], language: str = "fi") -> T:
        """Let an invented person take a part; who stands on another side by what was done by hand is replaced by a deputy."""
        for deputy in DEPUTIES:
            try:
                return act(self.person(name + deputy, language))
            except Refused as refusal:
                if refusal.reason not in (Reason.OTHER_SIDE, Reason.IN_CONFLICT):
                    raise
        raise RuntimeError(f"{name} and all deputies stand on another side")

    @property
    def organiser(self) -> User:
        return self.person("organiser")

    @property
    def registrar(self) -> User:
        return self.person("registrar")

    # -- what is there

    @property
    def competition(self) -> Competition:
        return Competition.objects.get(code=self.code)

    def known_problems(self) -> dict[str, Problem]:
        """Return the file's problems that were reported, by the challenge that each becomes."""
        place_of = {row.id: row.name["fi"] for row in self.facts.municipalities}
        found = {}
        for challenge in self.facts.challenges:
            fact = next(row for row in self.facts.problems if row.id == challenge.from_problem)
            rows = Problem.objects.filter(
                competition__code=self.code, municipality__name_fi=place_of[fact.municipality], summary__in=[text.strip() for text in fact.summary.values()]
            )
            problem = rows.select_related("municipality", "competition", "theme", "officer").order_by("pk").first()
            if problem is not None:
                found[challenge.id] = problem
        return found

    def challenges(self) -> list[tuple[str, Challenge]]:
        """Return the challenges in their order, each under its id in the file, or under its code if it was made by hand."""
        names = {problem.pk: name for name, problem in self.known_problems().items()}
        rows = Challenge.objects.filter(competition__code=self.code).select_related("competition", "problem").order_by("number")
        return [(names.get(row.problem_id, row.code), row) for row in rows]
