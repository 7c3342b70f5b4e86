"""The map of Finland: its outline, and a dot for each municipality."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

RADIUS = {"": "1.6", "in": "4.6", "pilot": "6.5"}
MIDDLE = 210  # right of it a name stands on the left of its dot


@dataclass(frozen=True)
class Dot:
    """kind: one of RADIUS, the larger ones drawn last. label: the name that a large dot carries."""

    x: float
    y: float
    kind: str = ""
    label: str = ""


@dataclass(frozen=True)
class Map:
    viewbox: str
    path: str
    marks: SafeString


@cache
def _outline() -> tuple[str, str]:
    found = json.loads(resources.files("klash.accounts").joinpath("data/finland.json").read_text())
    return found["viewbox"], found["path"]


def draw(dots: Iterable[Dot]) -> Map:
    """Return the map with the dots on it. Three hundred of them take a template ten times as long."""
    order = sorted(dots, key=lambda dot: list(RADIUS).index(dot.kind))
    names = [dot for dot in order if dot.kind == "pilot"]
    return Map(*_outline(), mark_safe("".join([*map(_circle, order), *map(_name, names)])))  # noqa: S308  # of pieces that were escaped


def _circle(dot: Dot) -> str:
    # Plain joining where nothing comes from a person: a number and a class of ours.
    classes = f"dot {dot.kind}".strip()
    drawn = f'<circle class="{classes}" cx="{dot.x:.1f}" cy="{dot.y:.1f}" r="{RADIUS[dot.kind]}"'
    return drawn + (format_html("><title>{}</title></circle>", dot.label) if dot.kind and dot.label else "/>")


def _name(dot: Dot) -> str:
    shift, anchor = (-11, "end") if dot.x > MIDDLE else (11, "start")
    return format_html('<text x="{}" y="{}" dx="{}" dy="5" text-anchor="{}">{}</text>', f"{dot.x:.1f}", f"{dot.y:.1f}", shift, anchor, dot.label)
