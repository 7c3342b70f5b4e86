"""Who met whom, drawn: teams on the left, mentors by sector on the right, a line for each meeting; and the same as a table."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from klash.mentoring.forms import sector_label
from klash.mentoring.models import MentorProfile, Sector
from klash.mentoring.selectors import Contact
from klash.teams.models import Team

register = template.Library()
ROOM, STEP, FIRST = 15, 28, 24  # letters of a name; a row's height; where the first row lies
LEFT, RIGHT = 132, 300  # where the lines begin and end


@register.inclusion_tag("mentoring/_network.html")
def network(contacts: Sequence[Contact], title: str) -> dict[str, Any]:
    """Draw the meetings; the first of a team with a sector are wide and have a mark at their end, the others are narrow and broken."""
    teams = sorted({contact.team for contact in contacts}, key=lambda team: (team.challenge.number, team.name, team.pk))
    mentors = {contact.mentor for contact in contacts}
    groups = {sector: sorted((m for m in mentors if m.sector == sector), key=lambda m: (m.person.name, m.pk)) for sector in Sector}
    groups = {sector: rows for sector, rows in groups.items() if rows}
    right, heights = len(mentors) + len(groups), {}
    marks, place = [], 0
    for sector, rows in groups.items():
        marks.append(format_html('<text class="name" x="{}" y="{}">{}</text>', RIGHT + 12, FIRST + place * STEP + 5, sector_label(sector).capitalize()))
        for mentor in rows:
            place += 1
            heights[mentor.pk] = FIRST + place * STEP
            marks.append(_node(RIGHT, heights[mentor.pk], mentor.person.name, RIGHT + 12, "start"))
        place += 1
    spread = max(1.0, right / max(len(teams), 1))  # both sides are as high
    lefts = {team.pk: round(FIRST + (number + 0.5) * spread * STEP - STEP / 2) for number, team in enumerate(teams)}
    marks += [_node(LEFT, lefts[team.pk], team.name, LEFT - 12, "end") for team in teams]
    drawn = {(c.team.pk, c.mentor.pk): c for c in sorted(contacts, key=lambda c: c.is_first)}  # who met more than once has one line
    lines = [_line(lefts[c.team.pk], heights[c.mentor.pk], c.is_first) for c in drawn.values()]
    height = FIRST + max(right, round(len(teams) * spread)) * STEP
    return {
        "title": title, "height": height, "lines": lines, "marks": marks, "sectors": [sector_label(sector).capitalize() for sector in groups],
        "table": _table(contacts, teams, list(groups)), "firsts": sum(contact.is_first for contact in contacts),
    }


def _line(left: int, right: int, is_first: bool) -> SafeString:
    bend = (LEFT + RIGHT) // 2
    drawn = f'<path class="{"first" if is_first else "again"}" d="M{LEFT} {left}C{bend} {left} {bend} {right} {RIGHT} {right}"/>'
    return mark_safe(drawn + (f'<path class="mark" d="M{RIGHT - 12} {right - 6}l6 6l-6 6l-6 -6Z"/>' if is_first else ""))  # noqa: S308


def _node(x: int, y: int, name: str, at: int, anchor: str) -> SafeString:
    short = name if len(name) <= ROOM else f"{name[:ROOM - 1].rstrip(' ,')}…"
    return format_html('<circle cx="{}" cy="{}" r="4.5"/><text x="{}" y="{}" text-anchor="{}">{}</text>', x, y, at, y + 5, anchor, short)


def _table(contacts: Sequence[Contact], teams: Sequence[Team], sectors: Sequence[str]) -> list[tuple[Team, list[tuple[str, list[tuple[MentorProfile, int]]]]]]:
    met: dict[tuple[int, str], Counter[MentorProfile]] = defaultdict(Counter)
    for contact in contacts:
        met[contact.team.pk, contact.mentor.sector][contact.mentor] += 1  # keeps the order in which they were met
    return [(team, [(sector_label(sector).capitalize(), list(met[team.pk, sector].items())) for sector in sectors]) for team in teams]
