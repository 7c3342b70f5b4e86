"""Print how well texts find their kin: `python -m bench.themes`. The problems of the rehearsal, in Finnish and Swedish; fixed seeds."""

from importlib import resources
from time import process_time

import numpy as np
import yaml

from klash.algo.themes import Index, clusters, duplicates

PARTS = ("title", "summary", "situation", "affected", "tried", "goal", "commitment")
HALVES = {"whole": PARTS, "first": PARTS[:3], "second": PARTS[3:]}


def main() -> None:
    rows = yaml.safe_load(resources.files("klash.replay").joinpath("texts/problems.yaml").read_text("utf-8"))["problems"]
    sides = {(name, language): [" ".join(row[part][language] for part in parts) for row in rows] for name, parts in HALVES.items() for language in ("fi", "sv")}
    for label, kept, asked in (
        ("Finnish, other half", ("second", "fi"), ("first", "fi")), ("Swedish, other half", ("second", "sv"), ("first", "sv")),
        ("Finnish, found by Swedish", ("whole", "fi"), ("whole", "sv")),
    ):
        index = Index(sides[kept])
        ranks = [np.sum(near >= near[own]) for own, near in enumerate(index.nearness(query) for query in sides[asked])]
        print(f"{label}: mean reciprocal rank {np.mean([1 / rank for rank in ranks]):.3f} of {len(rows)} texts")
    whole = [*sides["whole", "fi"], *sides["whole", "sv"]]
    many = [f"{text} {number}" for number in range(30) for text in whole]
    begin = process_time()
    index = Index(many[:5000])
    made = process_time()
    index.nearest(whole[3][:400], top=5)
    asked_at = process_time()
    clusters(many[:1000], seed=1)
    grouped = process_time()
    duplicates(many[:1000])
    print(f"5,000 texts made ready in {made - begin:.1f} s; one query {1000 * (asked_at - made):.0f} ms; "
          f"1,000 texts grouped in {grouped - asked_at:.1f} s, paired in {process_time() - grouped:.1f} s (of the processor)")


if __name__ == "__main__":
    main()
