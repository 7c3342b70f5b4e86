"""What officers, panellists and organisers do with problems."""

from klash.problems.services.panel import find_conflicts, is_fixed, judged_round, open_panel_round, panel_key, release_decisions, seat_panellist, write_letters
from klash.problems.services.records import fingerprint, record, tell
from klash.problems.services.tallies import places_of, recount
from klash.problems.services.writing import save_problem, start_problem, submit_problem, withdraw_problem

__all__ = [
    "find_conflicts", "fingerprint", "is_fixed", "judged_round", "open_panel_round", "panel_key", "places_of", "record", "recount",
    "release_decisions", "save_problem", "seat_panellist", "start_problem", "submit_problem", "tell", "withdraw_problem", "write_letters",
]
