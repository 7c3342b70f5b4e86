"""What bodies and their organisers do in a round. Everything lies in the reviewing database, in its own transaction."""

from klash.reviewing.hashes import criteria_hash, report_hash
from klash.reviewing.selectors import unsigned
from klash.reviewing.services.assignment import apply_suggestion, assign, set_loads, state_preferences, suggest_assignment, unassign
from klash.reviewing.services.conflicts import record_conflicts, stand_down
from klash.reviewing.services.discussion import open_discussion, save_second, submit_second, write_remark
from klash.reviewing.services.letters import tell_latecomer, tell_open, tell_task
from klash.reviewing.services.meetings import add_to_minutes, approve_minutes, end_meeting, mark_presence, start_meeting, turn_to, write_note
from klash.reviewing.services.reports import draft_report, send_for_signing, sign_report
from klash.reviewing.services.reviews import check_scores, decline_seat, recuse, save_review, submit_review, take_seat
from klash.reviewing.services.rounds import (
    SET_UP,
    NewEntry,
    NewFile,
    add_seat,
    change_terms,
    complete_round,
    end_seats,
    make_round,
    open_round,
    provide_seat,
    record_absence,
    set_up_round,
    weigh_result,
    write_entries,
)

__all__ = [
    "NewEntry",
    "NewFile",
    "SET_UP",
    "add_seat",
    "add_to_minutes",
    "apply_suggestion",
    "approve_minutes",
    "assign",
    "change_terms",
    "check_scores",
    "complete_round",
    "criteria_hash",
    "decline_seat",
    "draft_report",
    "end_meeting",
    "end_seats",
    "make_round",
    "mark_presence",
    "open_discussion",
    "open_round",
    "provide_seat",
    "record_absence",
    "record_conflicts",
    "recuse",
    "report_hash",
    "save_review",
    "save_second",
    "send_for_signing",
    "set_loads",
    "set_up_round",
    "sign_report",
    "stand_down",
    "state_preferences",
    "start_meeting",
    "submit_review",
    "submit_second",
    "suggest_assignment",
    "take_seat",
    "tell_latecomer",
    "tell_open",
    "tell_task",
    "turn_to",
    "unassign",
    "unsigned",
    "weigh_result",
    "write_entries",
    "write_note",
    "write_remark",
]
