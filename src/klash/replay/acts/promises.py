"""What was promised in public, changed and kept, on the days on which that happened."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

from klash.competitions import selectors
from klash.competitions import services as competitions
from klash.competitions.models import Competition
from klash.core import clock, show
from klash.replay.calendar import at
from klash.replay.facts import PromiseFact, PromiseStep
from klash.replay.material import words
from klash.replay.scene import Scene


def keep(scene: Scene, until: date) -> None:
    """Promise, change and mark what the file says happened up to a day; what is there already is left as it is."""
    steps: list[tuple[date, Callable[[], None]]] = []
    for fact in scene.facts.promises:
        steps.append((fact.promised, partial(_make, scene, fact)))
        steps += [(step.on, partial(_take, scene, fact, step)) for step in fact.steps]
    now = clock.now()
    for day, act in sorted(steps, key=lambda row: row[0]):
        if day <= until:
            clock.hold(max(now, at(day, 12)))
            act()


def last_day(scene: Scene, stage: str) -> date:
    """Return the last day of a stage; of what comes before the first, the day on which that opens."""
    moment: datetime = scene.spans[stage].closes_at if stage in scene.spans else scene.spans["problem_call"].opens_at
    return moment.astimezone(show.ZONE).date()


def _make(scene: Scene, fact: PromiseFact) -> None:
    competition = scene.competition
    if selectors.promise_of(competition, fact.id) is None:
        competitions.make_promise(
            actor=scene.organiser, competition=competition, kind=fact.kind, text=fact.text, low=fact.low, high=fact.high, due_on=fact.due,
            source=_source(scene, fact.source), promised_on=fact.promised, code=fact.id,
        )


def _source(scene: Scene, name: str) -> str:
    return str(scene.facts.sources.get(name, {}).get("url", ""))[:300]


def _take(scene: Scene, fact: PromiseFact, step: PromiseStep) -> None:
    competition: Competition = scene.competition
    promise = selectors.promise_of(competition, fact.id)
    if promise is None:
        return
    if step.kept is not None:
        if promise.is_kept is None:
            competitions.mark_promise(actor=scene.organiser, promise=promise, is_kept=step.kept, evidence=words(step.reason, "fi"))
    elif not promise.changes.filter(reason=words(step.reason, "fi")).exists():
        competitions.change_promise(
            actor=scene.organiser, promise=promise, text=step.text or promise.text, due_on=step.due or promise.due_on, reason=words(step.reason, "fi"),
            low=promise.low if step.low is None else step.low, high=promise.high if step.high is None else step.high,
        )
