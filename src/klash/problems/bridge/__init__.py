"""What the engines suggest to those who write problems."""

from klash.problems.bridge.alike import Twin, twins
from klash.problems.bridge.near import Group, Near, alike, groups, nearest

__all__ = [
    "Group", "Near", "Twin", "alike", "groups", "nearest", "twins",
]
