"""What the engines suggest to those who write problems."""

from klash.problems.bridge.alike import Twin, twins
from klash.problems.bridge.near import Near, nearest

__all__ = [
    "Near", "Twin", "nearest", "twins",
]
