"""How good and how fast `klash.algo.ranking.rank` is: invented bodies whose true order is known, fixed seeds.

`python -m bench.ranking [--bodies 12] [--json FILE]` prints the tables and keeps them in bench/results/ranking.json.
body: 64 entries, 12 reviewers, 4 reviews each, 3 criteria on 1..5, a tenth of the scores missing, severity sd 0.6, spread sd 0.25.
agreeing: reviewers alike. two: 2 reviews an entry. one: a single criterion. ten: a scale of 0..10. wild: severity sd 1.2, spread 0.5.
noisy: noise twice as large.
few: 8 entries, 5 reviewers who judge everything. sparse: 1 review an entry. panel: 77 entries, 15 reviewers, 5 each, 4 criteria on 0..10.
tau: Kendall's, against the true order. oracle: the best linear guess of one who knows every reviewer's severity, spread and noise.
gap: the share of the way from the mean to the oracle that the model covers. coverage: how often 90 % intervals hold the truth.
seeds: Kendall's tau between two seeds of the sampler, over the bodies and in the worst of them.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import kendalltau

from klash.algo.ranking import rank

RESULTS = Path(__file__).parent / "results" / "ranking.json"
BODY = {
    "entries": 64, "reviewers": 12, "each": 4, "criteria": 3, "scale": (1, 5), "severity": 0.6, "spread": 0.25, "missing": 0.1, "noise": 0.6, "halo": 0.4,
    "quality": 0.8, "aspect": 0.4,
}
KINDS: dict[str, dict[str, Any]] = {
    "body": {}, "agreeing": {"severity": 0.02, "spread": 0.01}, "two": {"each": 2}, "one": {"criteria": 1, "missing": 0},
    "wild": {"severity": 1.2, "spread": 0.5},
    "ten": {"scale": (0, 10), "severity": 1.2, "noise": 1.2, "halo": 0.8, "quality": 1.6, "aspect": 0.8}, "noisy": {"noise": 1.2},
    "few": {"entries": 8, "reviewers": 5, "each": 5, "missing": 0}, "sparse": {"each": 1},
    "panel": {
        "entries": 77, "reviewers": 15, "each": 5, "criteria": 4, "scale": (0, 10), "severity": 1.0, "noise": 1.2, "halo": 0.8, "quality": 1.5, "aspect": 0.7,
        "missing": 0,
    },
}
TIMED = {
    "64 entries, 12 reviewers, 4 each": {}, "200 entries, 40 reviewers, 4 each": {"entries": 200, "reviewers": 40},
    "200 entries, 40 reviewers, each everything": {"entries": 200, "reviewers": 40, "each": 40},
}


def invent(seed: int, **changes: Any) -> tuple[dict[str, Any], np.ndarray, np.ndarray]:
    """Return the columns of an invented body, the true values and the oracle's guesses."""
    b = {**BODY, **changes}
    random = np.random.default_rng(seed)
    entries, reviewers, criteria, middle = b["entries"], b["reviewers"], b["criteria"], sum(b["scale"]) / 2
    quality, aspect = random.normal(0, b["quality"], entries), random.normal(0, b["aspect"], (entries, criteria))
    severe, bold = random.normal(0, b["severity"], reviewers), np.maximum(0.3, random.normal(1, b["spread"], reviewers))
    noise = b["noise"] * np.exp(random.normal(0, 0.25, reviewers))
    rows, top, bottom = [], np.zeros(entries), np.full(entries, 1 / b["quality"] ** 2)
    for entry in range(entries):
        order = random.permutation(reviewers)[: b["each"]] if b["each"] < reviewers else range(reviewers)
        for reviewer in order:
            halo = random.normal(0, b["halo"])
            given = [c for c in range(criteria) if c == 0 or random.random() >= b["missing"]]
            scores = []
            for criterion in given:
                seen = middle - severe[reviewer] + bold[reviewer] * (quality[entry] + aspect[entry, criterion]) + halo + random.normal(0, noise[reviewer])
                scores.append(float(np.clip(np.rint(seen), *b["scale"])))
                rows.append((entry, int(reviewer), criterion, scores[-1]))
            variance = b["halo"] ** 2 + noise[reviewer] ** 2 / len(given)
            top[entry] += bold[reviewer] * (np.mean(scores) - middle + severe[reviewer]) / variance
            bottom[entry] += bold[reviewer] ** 2 / variance
    columns = dict(zip(("entry", "reviewer", "criterion", "score"), (list(column) for column in zip(*rows, strict=True)), strict=True))
    wanted = {**columns, "weights": [1.0] * criteria, "scale": (*b["scale"], 1), "top": max(1, entries // 8)}
    return wanted, quality + aspect.mean(axis=1), top / bottom


def tau(one: Any, other: Any) -> float:
    return float(kendalltau(one, other).statistic)


def quality_of(kind: str, bodies: int) -> dict[str, Any]:
    """Return a row of the table of qualities."""
    found = []
    for seed in range(bodies):
        columns, truth, guess = invent(1000 + seed, **KINDS[kind])
        middle = sum(columns["scale"][:2]) / 2
        one, other = rank(**columns, seed=1), rank(**columns, seed=2)
        inside = (one.value_low <= middle + truth) & (middle + truth <= one.value_high)
        found.append((tau(one.mean, truth), tau(one.value, truth), tau(guess, truth), float(inside.mean()), tau(one.value, other.value), one.rhat))
    mean, value, oracle, coverage = (float(np.mean([row[at] for row in found])) for at in range(4))
    return {
        "kind": kind, "mean": mean, "model": value, "oracle": oracle, "gap": (value - mean) / (oracle - mean) if oracle - mean > 0.01 else None,
        "above mean": value - mean, "worst body": min(row[1] - row[0] for row in found), "coverage": coverage,
        "seeds": float(np.mean([row[4] for row in found])), "worst seeds": min(row[4] for row in found),
        "rhat": max(row[5] for row in found),
    }


def time_of(size: str) -> dict[str, Any]:
    """Return a row of the table of times: seconds of the clock and of the processor, the best of two."""
    columns, *_ = invent(1, **TIMED[size])
    rows = []
    for _ in range(2):
        clock, cpu = time.perf_counter(), time.process_time()
        rank(**columns)
        rows.append((time.perf_counter() - clock, time.process_time() - cpu))
    return {"size": size, "seconds": min(rows)[0], "cpu": min(rows)[1]}


def show(rows: list[dict[str, Any]]) -> None:
    print("| " + " | ".join(rows[0]) + " |\n" + "|---" * len(rows[0]) + "|")
    for row in rows:
        print("| " + " | ".join("" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value) for value in row.values()) + " |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bodies", type=int, default=12)
    parser.add_argument("--kinds", nargs="*", default=list(KINDS))
    parser.add_argument("--json", type=Path, default=RESULTS)
    options = parser.parse_args()
    times = [time_of(size) for size in TIMED]
    show(times)
    qualities = []
    for kind in options.kinds:
        qualities.append(quality_of(kind, options.bodies))
        print(json.dumps(qualities[-1]), flush=True)
    show(qualities)
    options.json.parent.mkdir(exist_ok=True)
    options.json.write_text(json.dumps({"bodies": options.bodies, "times": times, "qualities": qualities}, indent=1))


if __name__ == "__main__":
    main()
