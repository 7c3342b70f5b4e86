"""How good and how fast `klash.algo.assignment` is: fixed instances, fixed seeds, one process a row.

`python -m bench.assignment [--size small medium large] [--json FILE]` prints the table and keeps it in bench/results/assignment.json.
uniform: affinities even in 0..1. clustered: entries and reviewers of 20 themes, so that many want the same few. sparse: 50 random pairs an
entry. minima: clustered, with fewer seats than loads, a load of 2 to 4. attribute, crossing: uniform with one or two attributes of 5 codes, weight 0.1.
short: clustered, with loads for three seats of four.
cpu: processor seconds, so that a busy machine does not count. memory: peak of the whole process.
of best: total against the largest total of any assignment. of bound: against `total_bound` and `worst_bound`.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from klash.algo.assignment import assign

RESULTS = Path(__file__).parent / "results" / "assignment.json"
PER_ENTRY = 3
SIZES = {
    "small": (200, 50, 14, ("uniform", "tight", "clustered", "minima", "attribute", "crossing", "short")),
    "medium": (2_000, 500, 14, ("uniform", "tight", "clustered", "minima", "attribute", "crossing", "short")),
    "large": (10_000, 5_000, 7, ("sparse", "clustered")),
}
COLUMNS = ("size", "kind", "mode", "cpu", "memory", "total_of_best", "total_of_bound", "worst", "worst_of_bound", "unmet", "same", "proved")


def instance(size: str, kind: str) -> dict[str, Any]:
    """Build the arguments of `assign`; the seed is the kind's place in the list."""
    entries, reviewers, load, kinds = SIZES[size]
    chance = np.random.default_rng(kinds.index(kind) + 1)
    if kind == "minima":
        entries, reviewers = entries * 3 // 5, entries * 9 // 10 if size == "small" else reviewers * 7 // 4
    low, high = {"tight": (0, entries * PER_ENTRY // reviewers), "minima": (2, 4), "short": (0, 9)}.get(kind, (0, load))
    if size == "medium" and kind == "minima":
        low, high = entries * PER_ENTRY // reviewers - 1, entries * PER_ENTRY // reviewers + 1
    entry, reviewer, affinity = _pairs(entries, reviewers, size, kind, chance)
    codes = [(np.arange(reviewers) % 5, 0.1), (chance.integers(0, 5, reviewers), 0.1)]
    return {
        "entries": entries,
        "reviewers": reviewers,
        "pair_entry": entry,
        "pair_reviewer": reviewer,
        "affinity": affinity,
        "demand": np.full(entries, PER_ENTRY),
        "load_min": np.full(reviewers, low),
        "load_max": np.full(reviewers, high),
        "attributes": codes[: {"attribute": 1, "crossing": 2}.get(kind, 0)],
    }


def _pairs(entries: int, reviewers: int, size: str, kind: str, chance: np.random.Generator) -> tuple[Any, Any, Any]:
    if kind == "sparse":
        reviewer = np.concatenate([chance.choice(reviewers, 50, replace=False) for _ in range(entries)])
        return np.repeat(np.arange(entries), 50), reviewer, chance.random(50 * entries)
    if kind not in ("clustered", "minima", "short"):
        return *np.divmod(np.arange(entries * reviewers), reviewers), chance.random(entries * reviewers)
    themes = [chance.dirichlet(np.full(20, 0.15), count).astype(np.float32) for count in (entries, reviewers)]
    entry_theme, reviewer_theme = (theme / np.linalg.norm(theme, axis=1, keepdims=True) for theme in themes)
    keep = reviewers if size != "large" else 50
    best, values = [], []
    for row in entry_theme:  # one by one: the large one is never held whole
        value = 0.9 * (reviewer_theme @ row) + 0.1 * chance.random(reviewers, dtype=np.float32)
        best.append(np.sort(np.argpartition(-value, keep - 1)[:keep]))
        values.append(value[best[-1]])
    return np.repeat(np.arange(entries), keep), np.concatenate(best), np.clip(np.concatenate(values), 0, 1).astype(np.float64)


def same(problem: dict[str, Any], pairs: Any) -> int:
    """Count the pairs of same-category reviewers on one entry, over the attributes of the crossing kind's codes."""
    count = 0
    for codes, _ in problem["attributes"] or [(np.arange(problem["reviewers"]) % 5, 0.1)]:
        cells = np.bincount(pairs[:, 0] * 5 + codes[pairs[:, 1]])
        count += int((cells * (cells - 1) // 2).sum())
    return count


def row(size: str, kind: str, mode: str) -> dict[str, Any]:
    problem = instance(size, kind)
    begin, clock = time.process_time(), time.perf_counter()
    found = assign(**problem, mode=mode, cap=0.5, time_limit_s=600)
    cpu, wall, memory = time.process_time() - begin, time.perf_counter() - clock, peak_mb()
    best = assign(**{**problem, "attributes": ()}, mode="total").total
    return {
        "size": size,
        "kind": kind,
        "mode": mode,
        "cpu": round(cpu, 2),
        "wall": round(wall, 2),
        "memory": memory,
        "total_of_best": round(found.score.sum() / best, 5),
        "total_of_bound": round(found.total / found.total_bound, 5),
        "worst": round(found.worst, 4),
        "worst_of_bound": round(found.worst / found.worst_bound, 5),
        "unmet": int(found.unmet.sum()),
        "same": same(problem, found.pairs),
        "proved": found.proved,
    }


def peak_mb() -> int:
    """Return the peak of this process's memory."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", nargs="+", choices=list(SIZES), default=list(SIZES))
    parser.add_argument("--mode", nargs="+", choices=("total", "fair", "random"), default=["total", "fair", "random"])
    parser.add_argument("--kind", nargs="+")
    parser.add_argument("--json", type=Path, default=RESULTS)
    parser.add_argument("--row", nargs=3, metavar=("SIZE", "KIND", "MODE"), help="measure one row and print it as JSON")
    wanted = parser.parse_args()
    if wanted.row:
        print(json.dumps(row(*wanted.row)))
        return
    rows = []
    print("  ".join(f"{name:>14}" for name in COLUMNS))
    for size in wanted.size:
        for kind in SIZES[size][3]:
            if wanted.kind and kind not in wanted.kind:
                continue
            for mode in wanted.mode:
                done = subprocess.run([sys.executable, "-m", "bench.assignment", "--row", size, kind, mode], capture_output=True, text=True, check=True)
                rows.append(json.loads(done.stdout.splitlines()[-1]))
                print("  ".join(f"{rows[-1][name]!s:>14}" for name in COLUMNS), flush=True)
    wanted.json.parent.mkdir(parents=True, exist_ok=True)
    wanted.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
