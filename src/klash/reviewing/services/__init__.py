"""What bodies and their organisers do in a round. Everything lies in the reviewing database, in its own transaction."""

from klash.reviewing.hashes import criteria_hash, report_hash
from klash.reviewing.selectors import unsigned
from klash.reviewing.services.assignment import apply_suggestion, assign, set_loads, suggest_assignment, unassign
from klash.reviewing.services.conflicts import record_conflicts, stand_down
from klash.reviewing.services.reports import draft_report, send_for_signing, sign_report
from klash.reviewing.services.reviews import check_scores, recuse, save_review, submit_review, take_seat
from klash.reviewing.services.rounds import NewEntry, NewFile, add_seat, complete_round, make_round, open_round, record_absence, weigh_result, write_entries

__all__ = [
    "NewEntry",
    "NewFile",
    "add_seat",
    "apply_suggestion",
    "assign",
    "check_scores",
    "complete_round",
    "criteria_hash",
    "draft_report",
    "make_round",
    "open_round",
    "record_absence",
    "record_conflicts",
    "recuse",
    "report_hash",
    "save_review",
    "send_for_signing",
    "set_loads",
    "sign_report",
    "stand_down",
    "submit_review",
    "suggest_assignment",
    "take_seat",
    "unassign",
    "unsigned",
    "weigh_result",
    "write_entries",
]
