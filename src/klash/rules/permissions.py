"""Who may do what: one enum, plain facts, one function from both to a Reason or None.

`Facts` is all that a decision may look at: no database, no clock of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from klash.rules.reasons import Reason
from klash.rules.roles import STAFF, Role


class Permission(StrEnum):
    # competitions
    CREATE_COMPETITION = "create_competition"
    EDIT_COMPETITION = "edit_competition"
    PUBLISH_COMPETITION = "publish_competition"
    RUN_COMPETITION = "run_competition"
    EDIT_CRITERIA = "edit_criteria"
    EDIT_FORMS = "edit_forms"
    REQUEST_DEADLINE = "request_deadline"
    CONFIRM_DEADLINE = "confirm_deadline"
    GRANT_ROLE = "grant_role"
    # problems
    REPORT_PROBLEM = "report_problem"
    EDIT_PROBLEM = "edit_problem"
    SUBMIT_PROBLEM = "submit_problem"
    WITHDRAW_PROBLEM = "withdraw_problem"
    CHOOSE_PROBLEMS = "choose_problems"
    # what a body decides on the entries of its round
    DECIDE = "decide"
    GIVE_FEEDBACK = "give_feedback"
    RELEASE_DECISIONS = "release_decisions"
    # challenges
    EDIT_BRIEF = "edit_brief"
    PUBLISH_CHALLENGE = "publish_challenge"
    # teams
    FOUND_TEAM = "found_team"
    EDIT_TEAM = "edit_team"
    NAME_FIRMS = "name_firms"
    EDIT_APPLICATION = "edit_application"
    SUBMIT_APPLICATION = "submit_application"
    WITHDRAW_APPLICATION = "withdraw_application"
    ADMIT_TEAMS = "admit_teams"
    DECLINE_TEAMS = "decline_teams"
    # mentoring
    PLAN_MENTORING = "plan_mentoring"
    PUBLISH_PLAN = "publish_plan"
    TELL_TIMES = "tell_times"
    TELL_NEEDS = "tell_needs"
    BOOK_SESSION = "book_session"
    CANCEL_SESSION = "cancel_session"
    CHECK_IN = "check_in"
    HOLD_SESSION = "hold_session"
    MISS_SESSION = "miss_session"
    WRITE_NOTE = "write_note"
    GIVE_SESSION_FEEDBACK = "give_session_feedback"
    GIVE_ADVICE = "give_advice"
    ANSWER_ADVICE = "answer_advice"
    KEEP_DIARY = "keep_diary"
    GIVE_MATERIAL = "give_material"
    # proposals
    EDIT_PROPOSAL = "edit_proposal"
    SUBMIT_PROPOSAL = "submit_proposal"
    WITHDRAW_PROPOSAL = "withdraw_proposal"
    DECIDE_LATE = "decide_late"
    CONFIRM_LATE = "confirm_late"
    ADMIT_LATE = "admit_late"
    REQUEST_OPENING = "request_opening"
    CONFIRM_OPENING = "confirm_opening"
    OPEN_PROPOSALS = "open_proposals"
    RELEASE_COPIES = "release_copies"
    # the registrar's clearing of blind copies
    READ_COPY = "read_copy"
    CLEAR_COPY = "clear_copy"
    EXCLUDE_COPY = "exclude_copy"
    CONFIRM_EXCLUSION = "confirm_exclusion"
    # questions from the jury to teams
    ASK_QUESTION = "ask_question"
    SEND_QUESTIONS = "send_questions"
    CONFIRM_QUESTIONS = "confirm_questions"
    ANSWER_QUESTION = "answer_question"
    CARRY_ANSWERS = "carry_answers"
    CLEAR_ANSWER = "clear_answer"
    # reviewing
    OPEN_ROUND = "open_round"
    OPEN_DISCUSSION = "open_discussion"
    COMPLETE_ROUND = "complete_round"
    TAKE_SEAT = "take_seat"
    STATE_PREFERENCES = "state_preferences"
    READ_ENTRY = "read_entry"
    SAVE_REVIEW = "save_review"
    SUBMIT_REVIEW = "submit_review"
    RECUSE = "recuse"
    ASSIGN_REVIEWS = "assign_reviews"
    SEE_RESULT = "see_result"
    WRITE_REPORT = "write_report"
    SIGN_REPORT = "sign_report"
    HOLD_MEETING = "hold_meeting"
    WRITE_MINUTES = "write_minutes"
    RESUME_MEETING = "resume_meeting"
    APPROVE_MINUTES = "approve_minutes"
    # awards
    REQUEST_IDENTITIES = "request_identities"
    OPEN_IDENTITIES = "open_identities"
    DECIDE_AWARD = "decide_award"
    PUBLISH_WINNERS = "publish_winners"
    CORRECT_AWARD = "correct_award"
    # officers together on a problem
    SUPPORT_PROBLEM = "support_problem"
    TAKE_BACK_SUPPORT = "take_back_support"
    ASK_TO_CO_OWN = "ask_to_co_own"
    ANSWER_CO_OWNER = "answer_co_owner"
    TAKE_BACK_REQUEST = "take_back_request"
    INVITE_WRITER = "invite_writer"
    LEAVE_PROBLEM = "leave_problem"
    HAND_OVER_PROBLEM = "hand_over_problem"
    # staff on behalf of a municipality
    FILE_PROBLEM = "file_problem"
    OFFER_PROBLEM = "offer_problem"
    # promises
    KEEP_PROMISES = "keep_promises"
    # the brief that two write, and what is asked of it in public
    DISCUSS_BRIEF = "discuss_brief"
    APPROVE_BRIEF = "approve_brief"
    CHANGE_BRIEF = "change_brief"
    ASK_PUBLICLY = "ask_publicly"
    DRAFT_ANSWERS = "draft_answers"
    RELEASE_PUBLIC_ANSWERS = "release_public_answers"
    # procurement
    NEGOTIATE = "negotiate"
    # from all problems to those before the panel
    SCREEN_PROBLEMS = "screen_problems"
    LEAVE_OUT_PROBLEM = "leave_out_problem"
    MERGE_PROBLEMS = "merge_problems"
    SORT_PROBLEMS = "sort_problems"
    TALK_OF_PROBLEM = "talk_of_problem"
    WRITE_IN_TALK = "write_in_talk"
    INTRODUCE = "introduce"
    ASK_MORE = "ask_more"
    ANSWER_MORE = "answer_more"
    SEEK_MEMBERS = "seek_members"
    SEEK_TEAM = "seek_team"
    ANSWER_AD = "answer_ad"
    CLOSE_AD = "close_ad"
    # teams: who they are, who leads, what is asked of them, the reserve list
    TELL_ROLE = "tell_role"
    TELL_NOTICE_FACTS = "tell_notice_facts"
    SET_TEAM_RULES = "set_team_rules"
    PUBLISH_CONDITIONS = "publish_conditions"
    SET_NEEDS = "set_needs"
    ANSWER_ELIGIBILITY = "answer_eligibility"
    ACCEPT_CONDITIONS = "accept_conditions"
    DECLARE_GROUNDS = "declare_grounds"
    HAND_OVER_LEAD = "hand_over_lead"
    TAKE_LEAD = "take_lead"
    END_HANDOVER = "end_handover"
    APPOINT_LEADER = "appoint_leader"
    LEAVE_TEAM = "leave_team"
    RESERVE_TEAMS = "reserve_teams"
    RESIGN_TEAM = "resign_team"
    ADMIT_RESERVE = "admit_reserve"
    GIVE_LATE_ENTRY = "give_late_entry"
    IMPORT_PROBLEMS = "import_problems"
    COPY_COMPETITION = "copy_competition"


@dataclass(frozen=True)
class Facts:
    """What a decision looks at. Everything defaults to the refusing side.

    roles: the actor's roles in the object's competition, those of its challenge included.
    is_owner: the object is the actor's own (reporter, team leader, reviewer in the seat, mentor, team that booked the session).
    is_member: the actor belongs to it (team member, co-writer, mentor or team of the session).
    state: the object's state. is_open: its stage takes input now. has_begun: the stage has opened.
    is_complete: nothing required is missing. is_within_limits: no text has more words than it may. members / members_min / members_max: the team.
    places_left: in the challenge. is_same_person: the actor did the step before this one.
    is_in_session: the round scores or discusses now. has_discussion: it announced one.
    has_time: what it waits for has not ended: the competition's problem call, for an admitted team or one on the reserve list the time for proposals.
    is_approved: both sides approve the brief as it stands. may_negotiate: the contest notice said that a contract may follow without a new call.
    all_submitted, all_signed: of the round, of the report. is_frozen: announced, may not change.
    is_writer: the member may write in the team's texts. is_eligible, is_declared, has_accepted: nothing of that is open before the team applies.
    Of a person, is_eligible: no side that may not be in a team.
    is_next: the first on the reserve list; to whom the lead is offered.
    """

    is_signed_in: bool = False
    roles: frozenset[Role] = frozenset()
    is_owner: bool = False
    is_member: bool = False
    state: str = ""
    is_open: bool = False
    has_begun: bool = False
    is_complete: bool = False
    is_within_limits: bool = False
    members: int = 0
    members_min: int = 0
    members_max: int = 0
    places_left: int = 0
    is_same_person: bool = False
    all_submitted: bool = False
    all_signed: bool = False
    is_frozen: bool = False
    has_seat: bool = False
    is_chair: bool = False
    is_in_session: bool = False
    has_discussion: bool = False
    has_time: bool = False
    is_approved: bool = False
    may_negotiate: bool = False
    is_writer: bool = False
    is_eligible: bool = False
    is_declared: bool = False
    has_accepted: bool = False
    is_next: bool = False


Rule = Callable[[Facts], Reason | None]


def why_not(permission: Permission, facts: Facts) -> Reason | None:
    """Return the first reason why `permission` is refused, or None if it is granted."""
    if not facts.is_signed_in:
        return Reason.NOT_SIGNED_IN
    for rule in RULES[permission]:
        if (reason := rule(facts)) is not None:
            return reason
    return None


def _role(*wanted: Role) -> Rule:
    return lambda facts: None if facts.roles & set(wanted) else Reason.NO_ROLE


def _fact(name: str, reason: Reason, *, value: bool = True) -> Rule:
    return lambda facts: None if getattr(facts, name) is value else reason


def _state(*wanted: str, reason: Reason = Reason.WRONG_STATE) -> Rule:
    return lambda facts: None if facts.state in wanted else reason


def _in_time(facts: Facts) -> Reason | None:
    if facts.is_open:
        return None
    return Reason.DEADLINE_PASSED if facts.has_begun else Reason.NOT_OPEN_YET


def _in_session(facts: Facts) -> Reason | None:
    return None if facts.is_in_session else _in_time(facts)


def _host(facts: Facts) -> Reason | None:
    return None if facts.is_chair or facts.roles & STAFF else Reason.NO_ROLE


def _approver(facts: Facts) -> Reason | None:
    return None if facts.is_chair or Role.ORGANISER in facts.roles else Reason.NO_ROLE


def _stage_over(facts: Facts) -> Reason | None:
    return Reason.NOT_OPEN_YET if facts.is_open or not facts.has_begun else None


def _steps_aside(facts: Facts) -> Reason | None:
    # A conflict that was found bars at any time; a reviewer says so while the round is open.
    if facts.roles & STAFF:
        return None
    return _SEAT(facts) or _in_session(facts)


def _cancels(facts: Facts) -> Reason | None:
    # The staff cancels any session; a mentor an own one and a team one that it booked itself, until it begins.
    if facts.roles & STAFF:
        return None
    if not facts.is_owner and not (Role.MENTOR in facts.roles and facts.is_member):
        return Reason.NOT_YOURS
    return Reason.WRONG_STATE if facts.has_begun else None


def _team_size(facts: Facts) -> Reason | None:
    if facts.members < facts.members_min:
        return Reason.TEAM_TOO_SMALL
    return Reason.TEAM_TOO_LARGE if facts.members > facts.members_max else None


def _place_left(facts: Facts) -> Reason | None:
    return None if facts.places_left > 0 else Reason.CHALLENGE_FULL


def _leads_or_appoints(facts: Facts) -> Reason | None:
    return None if facts.is_owner or Role.ORGANISER in facts.roles else Reason.NOT_YOURS


_OWN = _fact("is_owner", Reason.NOT_YOURS)
_MEMBER = _fact("is_member", Reason.NOT_YOURS)
_COMPLETE = _fact("is_complete", Reason.INCOMPLETE)
_WITHIN_LIMITS = _fact("is_within_limits", Reason.TOO_MANY_WORDS)
_NOT_FROZEN = _fact("is_frozen", Reason.FROZEN, value=False)
_OTHER_PERSON = _fact("is_same_person", Reason.SAME_PERSON, value=False)
_ALL_SUBMITTED = _fact("all_submitted", Reason.NOT_ALL_SUBMITTED)
_ALL_SIGNED = _fact("all_signed", Reason.NOT_ALL_SIGNED)
_SEAT = _fact("has_seat", Reason.NOT_YOURS)
_CHAIR = _fact("is_chair", Reason.NO_ROLE)
_BEGUN = _fact("has_begun", Reason.NOT_OPEN_YET)
_WRITER = _fact("is_writer", Reason.READS_ONLY)
_FREE_SIDE = _fact("is_eligible", Reason.OTHER_SIDE)
_BEFORE_DUE = _fact("has_time", Reason.RESERVE_LAPSED)
_STAFF = _role(*STAFF)
_ORGANISER = _role(Role.ORGANISER)
_REGISTRAR = _role(Role.REGISTRAR)
_PUBLIC_PROBLEM = _state("submitted", "chosen", "not_chosen")
_WRITES_BRIEF = _role(Role.ORGANISER, Role.PILOT_OFFICER)

RULES: dict[Permission, tuple[Rule, ...]] = {
    Permission.CREATE_COMPETITION: (_fact("is_owner", Reason.NO_ROLE),),
    Permission.EDIT_COMPETITION: (_ORGANISER, _state("draft", reason=Reason.FROZEN)),
    Permission.PUBLISH_COMPETITION: (_ORGANISER, _COMPLETE, _fact("has_time", Reason.CALL_HAS_ENDED)),
    Permission.RUN_COMPETITION: (_STAFF,),
    Permission.EDIT_CRITERIA: (_ORGANISER, _NOT_FROZEN),
    Permission.EDIT_FORMS: (_ORGANISER, _NOT_FROZEN),
    Permission.REQUEST_DEADLINE: (_STAFF, _in_time),
    Permission.CONFIRM_DEADLINE: (_STAFF, _in_time, _OTHER_PERSON),
    Permission.GRANT_ROLE: (_ORGANISER,),
    Permission.REPORT_PROBLEM: (_in_time,),
    Permission.EDIT_PROBLEM: (_MEMBER, _state("draft", "withdrawn"), _in_time),
    Permission.SUBMIT_PROBLEM: (_OWN, _in_time, _COMPLETE, _WITHIN_LIMITS),
    Permission.WITHDRAW_PROBLEM: (_OWN, _in_time),
    Permission.CHOOSE_PROBLEMS: (_ORGANISER, _stage_over, _ALL_SUBMITTED),
    Permission.DECIDE: (_ORGANISER, _ALL_SUBMITTED, _state("pending", reason=Reason.FROZEN)),
    Permission.GIVE_FEEDBACK: (_STAFF, _ALL_SUBMITTED, _state("pending", reason=Reason.FROZEN)),
    Permission.RELEASE_DECISIONS: (_ORGANISER, _ALL_SUBMITTED),
    Permission.EDIT_BRIEF: (_WRITES_BRIEF, _NOT_FROZEN),
    Permission.PUBLISH_CHALLENGE: (_ORGANISER, _COMPLETE, _fact("is_approved", Reason.NOT_APPROVED)),
    Permission.FOUND_TEAM: (_in_time,),
    Permission.EDIT_TEAM: (_OWN, _in_time),
    Permission.NAME_FIRMS: (_MEMBER,),
    Permission.EDIT_APPLICATION: (_MEMBER, _WRITER, _state("draft", "withdrawn"), _in_time),
    Permission.SUBMIT_APPLICATION: (
        _OWN, _in_time, _fact("is_eligible", Reason.NOT_ELIGIBLE), _team_size, _fact("is_declared", Reason.DECLARATIONS_OPEN),
        _fact("has_accepted", Reason.CONDITIONS_OPEN), _COMPLETE, _WITHIN_LIMITS,
    ),
    Permission.WITHDRAW_APPLICATION: (_OWN, _in_time),
    Permission.ADMIT_TEAMS: (_ORGANISER, _stage_over, _ALL_SUBMITTED, _place_left),
    Permission.DECLINE_TEAMS: (_ORGANISER, _stage_over, _ALL_SUBMITTED),
    Permission.PLAN_MENTORING: (_STAFF,),
    Permission.PUBLISH_PLAN: (_STAFF, _state("draft", "published")),
    Permission.TELL_TIMES: (_OWN, _role(Role.MENTOR)),
    Permission.TELL_NEEDS: (_MEMBER,),
    Permission.BOOK_SESSION: (_MEMBER,),
    Permission.CANCEL_SESSION: (_cancels, _state("planned")),
    Permission.CHECK_IN: (_MEMBER, _state("planned")),
    Permission.HOLD_SESSION: (_MEMBER, _state("planned", "missed"), _BEGUN),
    Permission.MISS_SESSION: (_MEMBER, _state("planned"), _BEGUN),
    Permission.WRITE_NOTE: (_role(Role.MENTOR), _MEMBER, _state("held", "planned"), _BEGUN),
    Permission.GIVE_SESSION_FEEDBACK: (_MEMBER, _state("held")),
    Permission.GIVE_ADVICE: (_role(Role.MENTOR), _MEMBER, _state("held", "planned"), _BEGUN),
    Permission.ANSWER_ADVICE: (_MEMBER,),
    Permission.KEEP_DIARY: (_MEMBER,),
    Permission.GIVE_MATERIAL: (_role(Role.MENTOR), _MEMBER, _state("held", "planned")),
    Permission.EDIT_PROPOSAL: (_MEMBER, _in_time),
    Permission.SUBMIT_PROPOSAL: (_MEMBER, _in_time, _COMPLETE, _WITHIN_LIMITS),
    Permission.WITHDRAW_PROPOSAL: (_MEMBER, _in_time),
    Permission.DECIDE_LATE: (_STAFF, _stage_over, _NOT_FROZEN),
    Permission.CONFIRM_LATE: (_STAFF, _stage_over, _NOT_FROZEN, _OTHER_PERSON),
    Permission.ADMIT_LATE: (_STAFF, _stage_over),
    Permission.REQUEST_OPENING: (_STAFF, _stage_over),
    Permission.CONFIRM_OPENING: (_STAFF, _stage_over, _OTHER_PERSON),
    Permission.OPEN_PROPOSALS: (_STAFF, _stage_over),
    Permission.RELEASE_COPIES: (_REGISTRAR, _state("opened")),
    Permission.READ_COPY: (_REGISTRAR,),
    Permission.CLEAR_COPY: (_REGISTRAR, _NOT_FROZEN),
    Permission.EXCLUDE_COPY: (_REGISTRAR, _NOT_FROZEN),
    Permission.CONFIRM_EXCLUSION: (_STAFF, _NOT_FROZEN, _OTHER_PERSON),
    Permission.ASK_QUESTION: (_SEAT, _in_time),
    Permission.SEND_QUESTIONS: (_REGISTRAR, _in_time),
    Permission.CONFIRM_QUESTIONS: (_STAFF, _in_time, _OTHER_PERSON),
    Permission.ANSWER_QUESTION: (_MEMBER, _state("asked"), _in_time),
    Permission.CARRY_ANSWERS: (_STAFF, _stage_over),
    Permission.CLEAR_ANSWER: (_REGISTRAR, _state("answered")),
    Permission.OPEN_ROUND: (_STAFF, _COMPLETE),
    Permission.OPEN_DISCUSSION: (_STAFF, _ALL_SUBMITTED, _fact("has_discussion", Reason.WRONG_STATE)),
    Permission.COMPLETE_ROUND: (_STAFF, _ALL_SUBMITTED, _COMPLETE),
    Permission.TAKE_SEAT: (_OWN,),
    Permission.STATE_PREFERENCES: (_OWN, _in_time, _COMPLETE),
    Permission.READ_ENTRY: (_SEAT, _fact("has_begun", Reason.NOT_OPEN_YET)),
    Permission.SAVE_REVIEW: (_SEAT, _state("draft"), _in_time),
    Permission.SUBMIT_REVIEW: (_SEAT, _in_time, _COMPLETE),
    Permission.RECUSE: (_steps_aside,),
    Permission.ASSIGN_REVIEWS: (_STAFF, _state("draft", "open", reason=Reason.FROZEN)),
    Permission.SEE_RESULT: (_SEAT, _ALL_SUBMITTED),
    Permission.WRITE_REPORT: (_CHAIR, _ALL_SUBMITTED),
    Permission.SIGN_REPORT: (_SEAT, _state("signing")),
    Permission.HOLD_MEETING: (_host, _fact("has_begun", Reason.NOT_OPEN_YET), _state("running", reason=Reason.FROZEN)),
    Permission.WRITE_MINUTES: (_host, _state("running", "ended", reason=Reason.FROZEN)),
    Permission.RESUME_MEETING: (_host, _state("ended", reason=Reason.FROZEN)),
    Permission.APPROVE_MINUTES: (_approver, _state("ended")),
    Permission.REQUEST_IDENTITIES: (_STAFF, _ALL_SIGNED),
    Permission.OPEN_IDENTITIES: (_STAFF, _ALL_SIGNED, _OTHER_PERSON),
    Permission.DECIDE_AWARD: (_ORGANISER,),
    Permission.PUBLISH_WINNERS: (_ORGANISER,),
    Permission.CORRECT_AWARD: (_ORGANISER, _state("published")),
    Permission.SUPPORT_PROBLEM: (_PUBLIC_PROBLEM, _NOT_FROZEN),
    Permission.TAKE_BACK_SUPPORT: (_OWN, _NOT_FROZEN),
    Permission.ASK_TO_CO_OWN: (_state("submitted"), _in_time),
    Permission.ANSWER_CO_OWNER: (_OWN, _in_time),
    Permission.TAKE_BACK_REQUEST: (_MEMBER,),
    Permission.INVITE_WRITER: (_OWN, _NOT_FROZEN),
    Permission.LEAVE_PROBLEM: (_MEMBER, _fact("is_owner", Reason.LEADER_STAYS, value=False)),
    Permission.HAND_OVER_PROBLEM: (_OWN, _NOT_FROZEN),
    Permission.FILE_PROBLEM: (_STAFF, _in_time),
    Permission.OFFER_PROBLEM: (_STAFF, _NOT_FROZEN),
    Permission.KEEP_PROMISES: (_STAFF,),
    Permission.DISCUSS_BRIEF: (_role(*STAFF, Role.PILOT_OFFICER),),
    Permission.APPROVE_BRIEF: (_WRITES_BRIEF, _NOT_FROZEN, _COMPLETE),
    Permission.CHANGE_BRIEF: (_ORGANISER, _state("published"), _fact("is_frozen", Reason.ALREADY_REQUESTED)),
    Permission.ASK_PUBLICLY: (_state("published", reason=Reason.NOT_OPEN_YET), _in_time),
    Permission.DRAFT_ANSWERS: (_role(*STAFF, Role.PILOT_OFFICER), _state("published")),
    Permission.RELEASE_PUBLIC_ANSWERS: (_ORGANISER, _state("published")),
    Permission.NEGOTIATE: (_role(Role.ORGANISER, Role.BUYER), _fact("may_negotiate", Reason.NO_FOLLOW_UP)),
    Permission.SCREEN_PROBLEMS: (_STAFF, _NOT_FROZEN),
    Permission.LEAVE_OUT_PROBLEM: (_ORGANISER, _stage_over),
    Permission.MERGE_PROBLEMS: (_STAFF, _NOT_FROZEN, _stage_over),
    Permission.SORT_PROBLEMS: (_STAFF, _NOT_FROZEN),
    Permission.TALK_OF_PROBLEM: (_MEMBER,),
    Permission.WRITE_IN_TALK: (_MEMBER,),
    Permission.INTRODUCE: (_STAFF,),
    Permission.ASK_MORE: (_STAFF, _NOT_FROZEN),
    Permission.ANSWER_MORE: (_MEMBER, _WRITER, _in_time),
    Permission.SEEK_MEMBERS: (_OWN, _in_time),
    Permission.SEEK_TEAM: (_FREE_SIDE, _in_time),
    Permission.ANSWER_AD: (_FREE_SIDE, _NOT_FROZEN, _in_time),
    Permission.CLOSE_AD: (_leads_or_appoints,),
    Permission.TELL_ROLE: (_MEMBER,),
    Permission.TELL_NOTICE_FACTS: (_MEMBER,),
    Permission.SET_TEAM_RULES: (_ORGANISER, _NOT_FROZEN),
    Permission.PUBLISH_CONDITIONS: (_ORGANISER,),
    Permission.SET_NEEDS: (_role(Role.ORGANISER, Role.PILOT_OFFICER), _NOT_FROZEN),
    Permission.ANSWER_ELIGIBILITY: (_MEMBER, _WRITER, _in_time),
    Permission.ACCEPT_CONDITIONS: (_OWN, _in_time),
    Permission.DECLARE_GROUNDS: (_MEMBER, _in_time),
    Permission.HAND_OVER_LEAD: (_OWN,),
    Permission.TAKE_LEAD: (_fact("is_next", Reason.NOT_YOURS), _MEMBER, _state("proposed")),
    Permission.END_HANDOVER: (_leads_or_appoints,),
    Permission.APPOINT_LEADER: (_ORGANISER,),
    Permission.LEAVE_TEAM: (_MEMBER, _fact("is_owner", Reason.LEADER_STAYS, value=False)),
    Permission.RESERVE_TEAMS: (_ORGANISER, _stage_over, _ALL_SUBMITTED),
    Permission.RESIGN_TEAM: (_OWN, _BEFORE_DUE),
    Permission.ADMIT_RESERVE: (_ORGANISER, _BEFORE_DUE, _fact("is_next", Reason.NOT_NEXT), _place_left),
    Permission.GIVE_LATE_ENTRY: (_STAFF,),
    Permission.IMPORT_PROBLEMS: (_STAFF, _in_time),
    Permission.COPY_COMPETITION: (_ORGANISER,),
}
