"""What officers, panellists and organisers do with problems."""

from klash.problems.services.importing import check_import, import_problems
from klash.problems.services.panel import find_conflicts, is_fixed, judged_round, open_panel_round, panel_key, release_decisions, seat_panellist, write_letters
from klash.problems.services.records import TEXTS, fingerprint, record, tell
from klash.problems.services.screening import add_question, add_usual_questions, pass_problems, remove_question, screen_problem
from klash.problems.services.tallies import places_of, recount
from klash.problems.services.writing import save_problem, start_problem, submit_problem, withdraw_problem

__all__ = [
    "TEXTS", "add_question", "add_usual_questions", "check_import", "find_conflicts", "fingerprint", "import_problems", "is_fixed", "judged_round",
    "open_panel_round", "panel_key", "pass_problems", "places_of", "record", "recount", "release_decisions", "remove_question", "save_problem",
    "screen_problem", "seat_panellist", "start_problem", "submit_problem", "tell", "withdraw_problem", "write_letters",
]
