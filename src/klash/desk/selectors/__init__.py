"""What the desk shows. Never scores, never a code name."""

from klash.desk.selectors.following import Addressee, Follow, addressees, following
from klash.desk.selectors.lists import (
    Holder,
    Log,
    Panel,
    RoundAtDesk,
    Sitting,
    complete_round_at_desk,
    conflicts_of,
    decisions_on,
    holders,
    log,
    mails,
    open_round_at_desk,
    panels,
    round_at_desk,
    sittings,
    waiting_invitations,
)
from klash.desk.selectors.roster import Fault, Line, decode, roster
from klash.desk.selectors.waiting import Desk, Part, Progress, Startable, Step, desk, parts, rounds, startable

__all__ = [
    "Addressee", "Fault", "Follow", "Line", "decode", "roster", "addressees", "following",
    "Desk", "Holder", "Log", "Panel", "Part", "Progress", "RoundAtDesk", "Sitting", "Startable", "Step", "decisions_on", "desk", "holders",
    "complete_round_at_desk", "conflicts_of", "log", "mails", "open_round_at_desk", "panels", "parts", "round_at_desk", "rounds", "sittings", "startable",
    "waiting_invitations",
]
