"""What teams, panels and organisers do before mentoring begins."""

from klash.teams.services.applying import WRITABLE, save_application, submit_application, tell_team, withdraw_application
from klash.teams.services.panel import find_conflicts, is_fixed, judged_round, open_team_round, release_admissions, round_key, seat_panellist, write_letters
from klash.teams.services.records import record
from klash.teams.services.team import add_firm, found_team, invite_member, join_team, remove_firm, remove_member, side_changed

__all__ = [
    "WRITABLE", "add_firm", "find_conflicts", "found_team", "invite_member", "is_fixed", "join_team", "judged_round", "open_team_round", "record",
    "release_admissions", "remove_firm", "remove_member", "round_key", "save_application", "seat_panellist", "side_changed", "submit_application",
    "tell_team", "withdraw_application", "write_letters",
]
