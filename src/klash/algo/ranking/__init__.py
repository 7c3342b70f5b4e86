"""How firm a result is: the calibrated ranking, what the winner hangs on, and what a set-up can tell apart. The tally itself is `algo.tally`."""

from klash.algo.ranking.calibrated import Ranking, Reviewers, rank
from klash.algo.ranking.power import Power, power
from klash.algo.ranking.robustness import Robustness, robustness

__all__ = ["Power", "Ranking", "Reviewers", "Robustness", "power", "rank", "robustness"]
