"""What could tell who wrote a proposal: in its text."""

from klash.algo.leaks.findings import Finding, Kind, Layer, replace
from klash.algo.leaks.own import OwnNames
from klash.algo.leaks.scanning import scan

__all__ = ["Finding", "Kind", "Layer", "OwnNames", "replace", "scan"]
