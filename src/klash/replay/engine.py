"""Run a competition file through the services, stage by stage, with invented people for what is not known.

Nothing here writes a row of its own: what a person would do goes through the service that the person would use, at the
moment at which it would happen. A stage that was played is noted in the home folder and not played again.
"""

import json
import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from klash.core import chance, checkpoints, clock
from klash.core.models import AuditChain
from klash.replay.acts import ACTS, promises
from klash.replay.facts import NEEDED, BrokenFile, File
from klash.replay.results import results
from klash.replay.scene import Say, Scene

END = "end"
AFTER_OPENING = timedelta(hours=2)
Tell = Callable[[str, float], None]


class Play:
    """One run of one file.

    say: gets a line for each thing done. tell: the stage and the progress of the run from 0 to 1. keep: is called with the
    stage at whose opening the clock has arrived. whole: what a stage is played in, so that it is played whole or not at all.
    """

    def __init__(
        self, facts: File, seed: int, say: Say, tell: Tell = lambda stage, share: None, *, keep: Callable[[str], None] = lambda stage: None,
        whole: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self.facts, self.seed, self.tell, self.keep, self.whole = facts, seed, tell, keep, whole
        self.scene = Scene(facts, seed, say, lambda share: None)
        self.code = facts.competition.id

    def run(self, until: str = "") -> None:
        """Play the stages that have not been played, up to the opening of `until`, which is left to be done by hand.

        Raises BrokenFile if this home holds the competition from another seed.
        """
        if (seed := _notes().get(self.code, {}).get("seed", self.seed)) != self.seed:
            raise BrokenFile(f"This home holds {self.code} from seed {seed}. Name another home by KLASH_HOME, or run with --seed {seed}.")
        names, done = [*ACTS], self.done()
        left = [name for name in names[: names.index(until) if until else None] if name not in done]
        for number, name in enumerate(left):
            self._play(name, number, len(left))
        if left:
            self.tell(self.here(), 1.0)

    def here(self) -> str:
        """Return the stage that comes next: at its opening or within it the clock stands."""
        return here(self.code)

    def done(self) -> dict[str, float]:
        """Return the stages that were played in this home, with their seconds."""
        return played(self.code)

    def result(self) -> dict[str, Any]:
        """Return counts, rankings, winners, log heads and seconds of this competition."""
        seconds = self.done()
        return {**results(self.scene), "seconds": {**seconds, "total": round(sum(seconds.values()), 3)}, "seed": self.seed}

    def wake(self) -> None:
        """Let the demo's clock stand at the opening again if the stage's time ran out while nobody was there."""
        if (name := self.here()) != END and clock.now() > self.scene.spans[name].closes_at:
            clock.set_demo(self._opening(name))

    def _play(self, name: str, number: int, count: int) -> None:
        def step(share: float) -> None:
            self.tell(name, (number + share) / count)

        step(0)
        self.scene.step = step
        with self.whole():
            started = time.perf_counter()
            try:
                with chance.seeded(self._seed_of(name)):
                    ACTS[name](self.scene)
                    promises.keep(self.scene, promises.last_day(self.scene, name))
                    clock.hold(self.scene.reached(clock.now()))
                    checkpoints.publish_due()
            finally:
                clock.hold(None)
            self._note(name, round(time.perf_counter() - started, 3))
            clock.set_demo(self._opening(self.here()))
            if self.here() != END:
                self.keep(self.here())

    def _opening(self, name: str) -> datetime:
        spans = self.scene.spans
        return spans[NEEDED[-1]].closes_at + AFTER_OPENING if name == END else spans[name].opens_at + AFTER_OPENING

    def _seed_of(self, name: str) -> int:
        # With the logs' length in it, a play that goes on from what was done by hand or broken off never draws a code that is taken.
        length = sum(chain.length for using in settings.DATABASES for chain in AuditChain.objects.using(using).filter(competition=self.code))
        return random.Random(f"{self.code}/{self.seed}/chance/{name}/{length}").getrandbits(64)

    def _note(self, name: str, seconds: float) -> None:
        notes = _notes()
        notes[self.code] = {"seed": self.seed, "stages": {**self.done(), name: seconds}}
        path = _path().with_suffix(".part")
        path.write_text(json.dumps(notes, indent=1))
        path.replace(_path())


def played(code: str) -> dict[str, float]:
    """Return the stages of a competition that were played in this home, with their seconds."""
    return dict(_notes().get(code, {}).get("stages", {}))


def here(code: str) -> str:
    """Return the first stage of a competition that was not played in this home."""
    done = played(code)
    return next((name for name in ACTS if name not in done), END)


def _notes() -> dict[str, Any]:
    try:
        return dict(json.loads(_path().read_text()))
    except FileNotFoundError:
        return {}


def _path() -> Path:
    return Path(settings.KLASH_HOME) / "replay.json"
