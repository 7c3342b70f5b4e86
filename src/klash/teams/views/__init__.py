from klash.teams.views.admitting import admissions, release
from klash.teams.views.applying import receipt, summary, withdraw, write
from klash.teams.views.asked import conditions, declaration, eligibility, notice_facts
from klash.teams.views.files import attach, file_answer
from klash.teams.views.members import appoint, invitation, leave, offer_lead, right, take_back_lead, take_lead
from klash.teams.views.more import ask, more, take_back_more
from klash.teams.views.reserve import admit_reserve, resign
from klash.teams.views.seeking import answer_ad, close_ad, people, seek, seek_team
from klash.teams.views.setup import add_question, edit_conditions, needs, remove_question, rules
from klash.teams.views.steps import what, who
from klash.teams.views.team import firms, found, invite, join, remove, show

__all__ = [
    "add_question", "admissions", "admit_reserve", "answer_ad", "appoint", "ask", "attach", "close_ad", "conditions", "declaration",
    "edit_conditions", "eligibility", "file_answer", "firms", "found", "invitation", "invite", "join", "leave", "more", "needs", "notice_facts",
    "offer_lead", "people", "receipt", "release", "remove", "remove_question", "resign", "right", "rules", "seek", "seek_team", "show", "summary",
    "take_back_lead", "take_back_more", "take_lead", "what", "who", "withdraw", "write",
]
