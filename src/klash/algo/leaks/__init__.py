"""What could tell who made a proposal: found in its text, and left out of its files."""

from klash.algo.leaks.blacken import Share, blacken, boxes, pages
from klash.algo.leaks.faults import Fault, Unfit
from klash.algo.leaks.findings import Finding, Kind, Layer, around, replace
from klash.algo.leaks.fold import skeleton
from klash.algo.leaks.own import OwnNames
from klash.algo.leaks.scanning import scan
from klash.algo.leaks.strip import Stripped, strip

__all__ = [
    "Fault", "Finding", "Kind", "Layer", "OwnNames", "Share", "Stripped", "Unfit", "around", "blacken", "boxes", "pages", "replace", "scan", "skeleton",
    "strip",
]
