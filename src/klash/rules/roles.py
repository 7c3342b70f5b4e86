"""Roles, the sides they belong to, and which sides may never meet in one person.

Source: promises, section 1 point 3, and invariant I17.
"""

from enum import StrEnum


class Side(StrEnum):
    """Where a natural person stands in one competition."""

    NEUTRAL = "neutral"  # reports a problem; may still join a side
    TEAM = "team"
    HELP = "help"
    JUDGING = "judging"
    RUNNING = "running"
    BUYING = "buying"
    AUDITING = "auditing"


class Role(StrEnum):
    OFFICER = "officer"  # municipality officer
    PILOT_OFFICER = "pilot_officer"  # municipality officer of a pilot municipality
    TEAM_LEADER = "team_leader"
    TEAM_MEMBER = "team_member"
    PANELLIST = "panellist"
    MENTOR = "mentor"
    JUROR = "juror"
    CHAIR = "chair"
    DEPUTY = "deputy"
    ORGANISER = "organiser"
    REGISTRAR = "registrar"
    BUYER = "buyer"
    AUDITOR = "auditor"


SIDE_OF: dict[Role, Side] = {
    Role.OFFICER: Side.NEUTRAL,
    Role.PILOT_OFFICER: Side.HELP,
    Role.TEAM_LEADER: Side.TEAM,
    Role.TEAM_MEMBER: Side.TEAM,
    Role.PANELLIST: Side.HELP,
    Role.MENTOR: Side.HELP,
    Role.JUROR: Side.JUDGING,
    Role.CHAIR: Side.JUDGING,
    Role.DEPUTY: Side.JUDGING,
    Role.ORGANISER: Side.RUNNING,
    Role.REGISTRAR: Side.RUNNING,
    Role.BUYER: Side.BUYING,
    Role.AUDITOR: Side.AUDITING,
}

STAFF = frozenset({Role.ORGANISER, Role.REGISTRAR})
JUDGES = frozenset({Role.JUROR, Role.CHAIR, Role.DEPUTY})


def side_after(current: Side | None, role: Role) -> Side | None:
    """Return the side a person stands on after being given `role`, or None if the two may not meet.

    A neutral person may join any side and keeps the neutral roles; two real sides never meet.
    """
    wanted = SIDE_OF[role]
    if current is None or current is Side.NEUTRAL:
        return wanted
    if wanted in (Side.NEUTRAL, current):
        # An officer reports problems and could scarcely judge or compete on them.
        return current if wanted is current or current in (Side.HELP, Side.RUNNING) else None
    return None


def may_meet(one: Role, other: Role) -> bool:
    """Return whether one person may hold both roles in one competition."""
    first = side_after(None, one)
    return side_after(first, other) is not None or side_after(side_after(None, other), one) is not None
