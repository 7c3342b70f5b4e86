"""What teams do with their proposal, and how proposals reach the jury without names."""

from klash.proposals.services.attaching import add_chunk, attach_file, begin_upload, detach_file, finish_upload
from klash.proposals.services.clearing import release_copies, tell_teams
from klash.proposals.services.conflicts import fill_seats, find_conflicts, invite_deputy, name_deputy
from klash.proposals.services.jury import invite_juror, prepare_jury, seat_juror
from klash.proposals.services.late import confirm_late, decide_late, take_back_late
from klash.proposals.services.opening import confirm_opening, open_proposals, request_opening
from klash.proposals.services.questions import answer_question, carry_questions, deliver_questions, propose_questions, send_questions
from klash.proposals.services.reminders import send_reminders
from klash.proposals.services.sealing import open_links, read_first_page, rehearse_keys
from klash.proposals.services.writing import (
    carry_over,
    replace_name,
    save_proposal,
    settle_finding,
    start_proposal,
    submit_proposal,
    withdraw_proposal,
)

__all__ = [
    "add_chunk", "answer_question", "attach_file", "begin_upload", "carry_over", "carry_questions", "confirm_late", "confirm_opening", "decide_late",
    "deliver_questions", "detach_file", "fill_seats", "find_conflicts", "finish_upload", "invite_deputy", "invite_juror", "name_deputy", "open_links",
    "open_proposals", "prepare_jury", "propose_questions", "read_first_page", "rehearse_keys", "release_copies", "replace_name", "request_opening",
    "save_proposal", "seat_juror", "send_questions", "send_reminders", "settle_finding", "start_proposal", "submit_proposal", "take_back_late",
    "tell_teams", "withdraw_proposal",
]
