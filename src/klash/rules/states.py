"""Every lifecycle as {(from, to): permission}. `docs/architecture/states.md` is generated from here."""

from enum import StrEnum

from klash.rules.permissions import Permission as P


class CompetitionState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    FINISHED = "finished"


class PostponementState(StrEnum):
    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    TAKEN_BACK = "taken_back"


class ProblemState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"
    NOT_ELIGIBLE = "not_eligible"
    MERGED = "merged"


class ChallengeState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


class ApplicationState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    ADMITTED = "admitted"
    DECLINED = "declined"
    ON_RESERVE = "on_reserve"
    RESIGNED = "resigned"


class SessionState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"
    MISSED = "missed"


class PlanState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    REPLACED = "replaced"
    DISCARDED = "discarded"


class ProposalState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    LATE_ADMITTED = "late_admitted"
    OPENED = "opened"


class LateDecisionState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    TAKEN_BACK = "taken_back"


class OpeningState(StrEnum):
    REQUESTED = "requested"
    FIXED = "fixed"
    OPENED = "opened"


class ExclusionState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    TAKEN_BACK = "taken_back"


class QuestionState(StrEnum):
    ASKED = "asked"
    RETURNED = "returned"
    SENT = "sent"
    ANSWERED = "answered"
    CLEARED = "cleared"


class QuestionBatchState(StrEnum):
    PROPOSED = "proposed"
    SENT = "sent"
    TAKEN_BACK = "taken_back"


class SuggestionState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class PublicQuestionState(StrEnum):
    ASKED = "asked"
    JOINED = "joined"
    RELEASED = "released"
    DISMISSED = "dismissed"


class RoundState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    DISCUSSING = "discussing"
    COMPLETE = "complete"


class RulingState(StrEnum):
    PENDING = "pending"
    RELEASED = "released"


class SeatState(StrEnum):
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class ReviewState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RECUSED = "recused"


class ReportState(StrEnum):
    DRAFT = "draft"
    SIGNING = "signing"
    SIGNED = "signed"


class MeetingState(StrEnum):
    RUNNING = "running"
    ENDED = "ended"
    APPROVED = "approved"


class AwardState(StrEnum):
    AWAITING_REPORT = "awaiting_report"
    IDENTITIES_REQUESTED = "identities_requested"
    IDENTITIES_OPENED = "identities_opened"
    DECIDED = "decided"
    PUBLISHED = "published"


class JoinRequestState(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


class MoreState(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    TAKEN_BACK = "taken_back"


class HandoverState(StrEnum):
    PROPOSED = "proposed"
    TAKEN = "taken"
    TAKEN_BACK = "taken_back"


MOVES: dict[str, dict[tuple[str, str], P]] = {
    "competition": {
        (CompetitionState.DRAFT, CompetitionState.PUBLISHED): P.PUBLISH_COMPETITION,
        (CompetitionState.PUBLISHED, CompetitionState.FINISHED): P.RUN_COMPETITION,
    },
    "postponement": {
        (PostponementState.REQUESTED, PostponementState.CONFIRMED): P.CONFIRM_DEADLINE,
        (PostponementState.REQUESTED, PostponementState.TAKEN_BACK): P.REQUEST_DEADLINE,
    },
    "problem": {
        (ProblemState.DRAFT, ProblemState.SUBMITTED): P.SUBMIT_PROBLEM,
        (ProblemState.SUBMITTED, ProblemState.WITHDRAWN): P.WITHDRAW_PROBLEM,
        (ProblemState.WITHDRAWN, ProblemState.SUBMITTED): P.SUBMIT_PROBLEM,
        (ProblemState.SUBMITTED, ProblemState.CHOSEN): P.CHOOSE_PROBLEMS,
        (ProblemState.SUBMITTED, ProblemState.NOT_CHOSEN): P.CHOOSE_PROBLEMS,
        (ProblemState.SUBMITTED, ProblemState.NOT_ELIGIBLE): P.LEAVE_OUT_PROBLEM,
        (ProblemState.SUBMITTED, ProblemState.MERGED): P.MERGE_PROBLEMS,
        (ProblemState.MERGED, ProblemState.SUBMITTED): P.MERGE_PROBLEMS,
    },
    "challenge": {(ChallengeState.DRAFT, ChallengeState.PUBLISHED): P.PUBLISH_CHALLENGE},
    "application": {
        (ApplicationState.DRAFT, ApplicationState.SUBMITTED): P.SUBMIT_APPLICATION,
        (ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN): P.WITHDRAW_APPLICATION,
        (ApplicationState.WITHDRAWN, ApplicationState.SUBMITTED): P.SUBMIT_APPLICATION,
        (ApplicationState.SUBMITTED, ApplicationState.ADMITTED): P.ADMIT_TEAMS,
        (ApplicationState.SUBMITTED, ApplicationState.DECLINED): P.DECLINE_TEAMS,
        (ApplicationState.SUBMITTED, ApplicationState.ON_RESERVE): P.RESERVE_TEAMS,
        (ApplicationState.ON_RESERVE, ApplicationState.ADMITTED): P.ADMIT_RESERVE,
        (ApplicationState.ON_RESERVE, ApplicationState.RESIGNED): P.RESIGN_TEAM,
        (ApplicationState.ADMITTED, ApplicationState.RESIGNED): P.RESIGN_TEAM,
    },
    "session": {
        (SessionState.PLANNED, SessionState.HELD): P.HOLD_SESSION,
        (SessionState.PLANNED, SessionState.CANCELLED): P.CANCEL_SESSION,
        (SessionState.PLANNED, SessionState.MISSED): P.MISS_SESSION,
        (SessionState.MISSED, SessionState.HELD): P.HOLD_SESSION,
    },
    "mentoring_plan": {
        (PlanState.DRAFT, PlanState.PUBLISHED): P.PUBLISH_PLAN,
        (PlanState.DRAFT, PlanState.DISCARDED): P.PUBLISH_PLAN,
        (PlanState.PUBLISHED, PlanState.REPLACED): P.PUBLISH_PLAN,
    },
    "proposal": {
        (ProposalState.DRAFT, ProposalState.SUBMITTED): P.SUBMIT_PROPOSAL,
        (ProposalState.SUBMITTED, ProposalState.SUBMITTED): P.SUBMIT_PROPOSAL,
        (ProposalState.SUBMITTED, ProposalState.WITHDRAWN): P.WITHDRAW_PROPOSAL,
        (ProposalState.WITHDRAWN, ProposalState.SUBMITTED): P.SUBMIT_PROPOSAL,
        (ProposalState.DRAFT, ProposalState.LATE_ADMITTED): P.ADMIT_LATE,
        (ProposalState.WITHDRAWN, ProposalState.LATE_ADMITTED): P.ADMIT_LATE,
        (ProposalState.LATE_ADMITTED, ProposalState.SUBMITTED): P.SUBMIT_PROPOSAL,  # it had arrived in time, and is taken in only now
        (ProposalState.SUBMITTED, ProposalState.OPENED): P.OPEN_PROPOSALS,
        (ProposalState.LATE_ADMITTED, ProposalState.OPENED): P.OPEN_PROPOSALS,
    },
    "late_decision": {
        (LateDecisionState.PROPOSED, LateDecisionState.CONFIRMED): P.CONFIRM_LATE,
        (LateDecisionState.PROPOSED, LateDecisionState.TAKEN_BACK): P.DECIDE_LATE,
    },
    "opening": {
        (OpeningState.REQUESTED, OpeningState.FIXED): P.CONFIRM_OPENING,
        (OpeningState.FIXED, OpeningState.OPENED): P.OPEN_PROPOSALS,
    },
    "exclusion": {
        (ExclusionState.PROPOSED, ExclusionState.CONFIRMED): P.CONFIRM_EXCLUSION,
        (ExclusionState.PROPOSED, ExclusionState.TAKEN_BACK): P.EXCLUDE_COPY,
    },
    "question": {
        (QuestionState.ASKED, QuestionState.RETURNED): P.SEND_QUESTIONS,
        (QuestionState.ASKED, QuestionState.SENT): P.CONFIRM_QUESTIONS,
        (QuestionState.SENT, QuestionState.ANSWERED): P.CARRY_ANSWERS,
        (QuestionState.ANSWERED, QuestionState.CLEARED): P.CLEAR_ANSWER,
    },
    "question_batch": {
        (QuestionBatchState.PROPOSED, QuestionBatchState.SENT): P.CONFIRM_QUESTIONS,
        (QuestionBatchState.PROPOSED, QuestionBatchState.TAKEN_BACK): P.SEND_QUESTIONS,
    },
    "round": {
        (RoundState.DRAFT, RoundState.OPEN): P.OPEN_ROUND,
        (RoundState.OPEN, RoundState.COMPLETE): P.COMPLETE_ROUND,
        (RoundState.OPEN, RoundState.DISCUSSING): P.OPEN_DISCUSSION,
        (RoundState.DISCUSSING, RoundState.COMPLETE): P.COMPLETE_ROUND,
    },
    "seat": {
        (SeatState.INVITED, SeatState.ACCEPTED): P.TAKE_SEAT,
        (SeatState.INVITED, SeatState.DECLINED): P.TAKE_SEAT,
        (SeatState.ACCEPTED, SeatState.DECLINED): P.TAKE_SEAT,
    },
    "ruling": {(RulingState.PENDING, RulingState.RELEASED): P.RELEASE_DECISIONS},
    "review": {
        (ReviewState.DRAFT, ReviewState.SUBMITTED): P.SUBMIT_REVIEW,
        (ReviewState.DRAFT, ReviewState.RECUSED): P.RECUSE,
        (ReviewState.SUBMITTED, ReviewState.RECUSED): P.RECUSE,
    },
    "second_review": {(ReviewState.DRAFT, ReviewState.SUBMITTED): P.SUBMIT_REVIEW},
    "meeting": {
        (MeetingState.RUNNING, MeetingState.ENDED): P.HOLD_MEETING,
        (MeetingState.ENDED, MeetingState.RUNNING): P.RESUME_MEETING,
        (MeetingState.ENDED, MeetingState.APPROVED): P.APPROVE_MINUTES,
    },
    "report": {
        (ReportState.DRAFT, ReportState.SIGNING): P.WRITE_REPORT,
        (ReportState.SIGNING, ReportState.DRAFT): P.WRITE_REPORT,
        (ReportState.SIGNING, ReportState.SIGNED): P.SIGN_REPORT,
    },
    "award": {
        (AwardState.AWAITING_REPORT, AwardState.IDENTITIES_REQUESTED): P.REQUEST_IDENTITIES,
        (AwardState.IDENTITIES_REQUESTED, AwardState.IDENTITIES_OPENED): P.OPEN_IDENTITIES,
        (AwardState.IDENTITIES_OPENED, AwardState.DECIDED): P.DECIDE_AWARD,
        (AwardState.DECIDED, AwardState.PUBLISHED): P.PUBLISH_WINNERS,
    },
    "join_request": {
        (JoinRequestState.ASKED, JoinRequestState.ACCEPTED): P.ANSWER_CO_OWNER,
        (JoinRequestState.ASKED, JoinRequestState.DECLINED): P.ANSWER_CO_OWNER,
        (JoinRequestState.ASKED, JoinRequestState.TAKEN_BACK): P.TAKE_BACK_REQUEST,
    },
    "more_information": {
        (MoreState.ASKED, MoreState.ANSWERED): P.ANSWER_MORE,
        (MoreState.ASKED, MoreState.TAKEN_BACK): P.ASK_MORE,
    },
    "suggestion": {
        (SuggestionState.OPEN, SuggestionState.ACCEPTED): P.EDIT_BRIEF,
        (SuggestionState.OPEN, SuggestionState.DECLINED): P.EDIT_BRIEF,
    },
    "public_question": {
        (PublicQuestionState.ASKED, PublicQuestionState.JOINED): P.DRAFT_ANSWERS,
        (PublicQuestionState.JOINED, PublicQuestionState.ASKED): P.DRAFT_ANSWERS,
        (PublicQuestionState.ASKED, PublicQuestionState.DISMISSED): P.RELEASE_PUBLIC_ANSWERS,
        (PublicQuestionState.ASKED, PublicQuestionState.RELEASED): P.RELEASE_PUBLIC_ANSWERS,
        (PublicQuestionState.JOINED, PublicQuestionState.RELEASED): P.RELEASE_PUBLIC_ANSWERS,
    },
    "handover": {
        (HandoverState.PROPOSED, HandoverState.TAKEN): P.TAKE_LEAD,
        (HandoverState.PROPOSED, HandoverState.TAKEN_BACK): P.END_HANDOVER,
    },
}


def permission_for(lifecycle: str, source: str, target: str) -> P | None:
    """Return the permission that the move needs, or None if the lifecycle has no such move."""
    return MOVES[lifecycle].get((source, target))
