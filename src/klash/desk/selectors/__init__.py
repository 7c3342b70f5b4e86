"""What the desk shows. Never scores, never a code name."""

from klash.desk.selectors.following import Addressee, Follow, addressees, following
from klash.desk.selectors.lists import (
    Holder,
    Log,
    Panel,
    RoundAtDesk,
    Sitting,
    all_events,
    all_holders,
    all_mails,
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
    "Addressee", "Desk", "Fault", "Follow", "Holder", "Line", "Log", "Panel", "Part", "Progress", "RoundAtDesk", "Sitting", "Startable", "Step",
    "addressees", "all_events", "all_holders", "all_mails", "complete_round_at_desk", "conflicts_of", "decisions_on", "decode", "desk", "following",
    "holders", "log", "mails", "open_round_at_desk", "panels", "parts", "roster", "round_at_desk", "rounds", "sittings", "startable",
    "waiting_invitations",
]
