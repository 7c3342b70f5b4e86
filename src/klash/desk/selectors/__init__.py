"""What the desk shows. Never scores, never a code name."""

from klash.desk.selectors.lists import (
    Holder,
    Log,
    Panel,
    RoundAtDesk,
    Sitting,
    holders,
    key_of,
    log,
    mails,
    panels,
    round_at_desk,
    sittings,
    waiting_invitations,
)
from klash.desk.selectors.roster import Fault, Line, decode, roster
from klash.desk.selectors.waiting import Desk, Part, Progress, Startable, Step, desk, parts, rounds, startable

__all__ = [
    "Desk", "Fault", "Holder", "Line", "Log", "Panel", "Part", "Progress", "RoundAtDesk", "Sitting", "Startable", "Step", "decode", "desk", "holders",
    "key_of", "log", "mails", "panels", "parts", "round_at_desk", "roster", "rounds", "sittings", "startable", "waiting_invitations",
]
