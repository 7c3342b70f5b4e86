"""What could tell who made a proposal: files without it."""

from klash.algo.leaks.faults import Fault, Unfit
from klash.algo.leaks.strip import Stripped, strip

__all__ = ["Fault", "Stripped", "Unfit", "strip"]
