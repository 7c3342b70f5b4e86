"""Reads of teams and their applications."""

from klash.teams.selectors.promised import feedback_given, teams_admitted
from klash.teams.selectors.team import (
    admitted,
    applicants,
    fingerprint,
    has_team,
    is_name_taken,
    last_writer,
    names_in,
    open_invitations,
    own_team,
    public_teams,
    receipt_of,
    sides,
    verdicts,
)

__all__ = [
    "admitted", "applicants", "fingerprint", "has_team", "is_name_taken", "last_writer", "names_in", "open_invitations", "own_team", "public_teams",
    "feedback_given", "receipt_of", "sides", "teams_admitted", "verdicts",
]
