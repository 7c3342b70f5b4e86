"""What teams, panels and organisers do before mentoring begins."""

from klash.teams.models import WRITABLE
from klash.teams.services.applying import save_application, submit_application, tell_team, withdraw_application
from klash.teams.services.asked import (
    accept_conditions,
    add_eligibility_question,
    answer_eligibility,
    declare_grounds,
    publish_conditions,
    remove_eligibility_question,
    save_team_rules,
    set_needs,
    tell_notice_facts,
)
from klash.teams.services.files import attach_to_application, detach_from_application
from klash.teams.services.leading import appoint_leader, leave_team, offer_lead, remove_member, side_changed, take_back_lead, take_lead
from klash.teams.services.members import resend_invitation, revoke_invitation, set_right, tell_intent, tell_role
from klash.teams.services.more import ask_for_more, give_more
from klash.teams.services.panel import (
    find_conflicts,
    is_fixed,
    judged_round,
    open_team_round,
    release_admissions,
    round_key,
    seat_panellist,
    write_letters,
)
from klash.teams.services.records import record
from klash.teams.services.reserve import admit_reserve, resign_team, resigned
from klash.teams.services.seeking import answer_ad, close_ad, seek_members, seek_team
from klash.teams.services.team import add_firm, found_team, invite_member, join_team, remove_firm

__all__ = [
    "WRITABLE", "accept_conditions", "add_eligibility_question", "add_firm", "admit_reserve", "answer_ad", "answer_eligibility", "appoint_leader",
    "ask_for_more", "attach_to_application", "close_ad", "declare_grounds", "detach_from_application", "find_conflicts", "found_team", "give_more",
    "invite_member", "is_fixed", "join_team", "judged_round", "leave_team", "offer_lead", "open_team_round", "publish_conditions", "record",
    "release_admissions", "remove_eligibility_question", "remove_firm", "remove_member", "resend_invitation", "resign_team", "resigned",
    "revoke_invitation", "round_key", "save_application", "save_team_rules", "seat_panellist", "seek_members", "seek_team", "set_needs", "set_right",
    "side_changed", "submit_application", "take_back_lead", "take_lead", "tell_intent", "tell_notice_facts", "tell_role", "tell_team",
    "withdraw_application", "write_letters",
]
