"""How good and how fast `klash.algo.timetable` is: fixed instances, fixed seeds, one process a row.

`python -m bench.timetable [--size 9x10 40x60 200x300] [--seed 1 2 3] [--json FILE]` prints the table and keeps it in bench/results/timetable.json.
A month of 4 days x 12 slots, 5 meetings a team. Mentors are free on three days of four, and there in most slots; teams in four of five. Places are for
a third more than is wanted. `plain`: a mentor's background tells nothing of the expertise; `tied`: four of five have the background usual for their theme.
of LP: the objective against the linear relaxation in which all days are one. of bound: against what the plan itself tells. diversity: the mean; ratio: to
the mean of a plan for expertise alone. hit: meetings on the mentors' days that are cancelled; moved: meetings that do not stand after planning anew.
cpu: processor seconds, so that a busy machine does not count. memory: peak of the whole process.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from bench.assignment import peak_mb
from klash.algo.timetable import Plan, Rules, Weights, check, plan
from klash.algo.timetable._days import solve
from klash.algo.timetable._input import build

RESULTS = Path(__file__).parent / "results" / "timetable.json"
SIZES = {"9x10": (9, 10, 2, 6, 1), "40x60": (40, 60, 6, 5, 3), "200x300": (200, 300, 28, 5, 10)}  # teams, mentors, places, mentor_total, days cancelled
CATEGORIES = (5, 4, 6)
THEMES = 8
COLUMNS = (
    "size", "kind", "seed", "cpu", "wall", "of_lp", "of_bound", "proved", "short", "breaches", "diversity", "ratio",
    "hit", "moved", "replan_cpu", "replan_wall", "replan_short", "memory",
)  # fmt: skip


def instance(size: str, kind: str, seed: int) -> dict[str, Any]:
    """Build the arguments of `plan`."""
    teams, mentors, places, total, _ = SIZES[size]
    chance = np.random.default_rng(seed)
    background = np.stack([chance.integers(0, count, mentors) for count in CATEGORIES], 1)
    needs, skills = chance.dirichlet(np.full(THEMES, 0.5), teams), chance.dirichlet(np.full(THEMES, 0.5), mentors)
    if kind == "tied":
        usual = chance.random(background.shape) < 0.8
        background = np.where(usual, skills.argmax(1)[:, None] % np.array(CATEGORIES), background)
    fit = needs @ skills.T
    return {
        "need": np.full(teams, 5),
        "mentor_free": (chance.random((mentors, 4, 1)) < 0.75) & (chance.random((mentors, 4, 12)) < 0.85),
        "team_free": chance.random((teams, 4, 12)) < 0.8,
        "places": np.full((4, 12), places),
        "allowed": chance.random((teams, mentors)) < 0.95,
        "expertise": np.clip(0.9 * fit / fit.max() + 0.1 * chance.random((teams, mentors)), 0, 1),
        "background": background,
        "rules": Rules(team_per_day=2, mentor_per_day=4, mentor_total=total, mentor_run=3, team_gap=1),
        "wishes": (chance.random((teams, mentors)) < 0.05).astype(float),
        "time_limit_s": 600.0,
    }


def relaxed(problem: dict[str, Any]) -> float:
    """Return the largest objective of the linear relaxation."""
    given = {name: value for name, value in problem.items() if name != "time_limit_s"}
    built, *_ = build(**given, weights=Weights())
    return solve(built, np.argwhere(built.can_meet), whole=False, by_day=False).bound


def cancel(problem: dict[str, Any], found: Plan, count: int, seed: int) -> tuple[dict[str, Any], list[tuple[int, ...]]]:
    """Take mentors' days out, each with meetings on it; return the new arguments and the meetings hit."""
    days = sorted({(one.mentor, one.day) for one in found.meetings})
    free = problem["mentor_free"].copy()
    for at in np.random.default_rng(seed).choice(len(days), count, replace=False):
        free[days[at]] = False
    hit = [one for one in found.meetings if not free[one.mentor, one.day, one.slot]]
    return {**problem, "mentor_free": free, "previous": found.meetings, "cancelled": hit}, hit


def timed(problem: dict[str, Any]) -> tuple[Plan, float]:
    begin = time.process_time()
    return plan(**problem), time.process_time() - begin


def breaches(problem: dict[str, Any], found: Plan) -> int:
    return len(check(found.meetings, **{name: problem[name] for name in ("mentor_free", "team_free", "places", "allowed", "rules")}))


def row(size: str, kind: str, seed: int) -> dict[str, Any]:
    problem = instance(size, kind, seed)
    found, cpu = timed(problem)
    changed, hit = cancel(problem, found, SIZES[size][4], seed)
    again, again_cpu = timed(changed)
    memory = peak_mb()
    skilled = plan(**{**problem, "weights": (0.0, 0.5, 0.25)})
    return {
        "size": size,
        "kind": kind,
        "seed": seed,
        "cpu": round(cpu, 2),
        "wall": round(found.seconds, 2),
        "of_lp": round(found.objective / relaxed(problem), 5),
        "of_bound": round(found.objective / found.bound, 5),
        "proved": found.proved,
        "short": int(found.short.sum()),
        "breaches": breaches(problem, found) + breaches(changed, again),
        "diversity": round(float(found.diversity.mean()), 3),
        "ratio": round(float(found.diversity.mean() / skilled.diversity.mean()), 3),
        "hit": len(hit),
        "moved": again.changed,
        "replan_cpu": round(again_cpu, 2),
        "replan_wall": round(again.seconds, 2),
        "replan_short": int(again.short.sum()),
        "memory": memory,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", nargs="+", choices=list(SIZES), default=list(SIZES))
    parser.add_argument("--kind", nargs="+", choices=("plain", "tied"), default=["plain", "tied"])
    parser.add_argument("--seed", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--json", type=Path, default=RESULTS)
    parser.add_argument("--row", nargs=3, metavar=("SIZE", "KIND", "SEED"), help="measure one row and print it as JSON")
    wanted = parser.parse_args()
    if wanted.row:
        print(json.dumps(row(wanted.row[0], wanted.row[1], int(wanted.row[2]))))
        return
    rows = []
    print("  ".join(f"{name:>9}" for name in COLUMNS))
    for size in wanted.size:
        for kind in wanted.kind:
            for seed in wanted.seed:
                command = [sys.executable, "-m", "bench.timetable", "--row", size, kind, str(seed)]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                rows.append(json.loads(done.stdout.splitlines()[-1]))
                print("  ".join(f"{rows[-1][name]!s:>9}" for name in COLUMNS), flush=True)
    wanted.json.parent.mkdir(parents=True, exist_ok=True)
    wanted.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
