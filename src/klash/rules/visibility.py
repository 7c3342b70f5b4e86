"""Who sees which field from which moment on: pages, feeds, exports, mails, counts, search and error pages included.

What is not in the table is seen by nobody. The software does not ask this table; a crawl with a planted word in every field holds
the software to it (`tests/blind/test_canary.py`), and `docs/architecture/visibility.md` is generated from it.
"""

from collections.abc import Collection
from enum import IntEnum, StrEnum


class Moment(IntEnum):
    """The moments at which something becomes visible, in order. A thing stands at the last one that it has passed."""

    WRITTEN = 0
    PROBLEM_SUBMITTED = 1
    PANEL_READS = 2
    PROBLEMS_JUDGED = 3
    FEEDBACK_RELEASED = 4
    CHALLENGE_PUBLISHED = 5
    TEAM_PANEL_READS = 6
    APPLICATIONS_JUDGED = 7
    ADMISSIONS_RELEASED = 8
    COPIES_WRITTEN = 9
    PROPOSALS_OPENED = 10
    ANSWERS_CARRIED = 11
    ANSWERS_RELEASED = 12
    PROPOSALS_JUDGED = 13
    REPORT_SIGNED = 14
    IDENTITIES_OPENED = 15
    DECIDED = 16
    WINNERS_PUBLISHED = 17
    PUBLIC_ANSWERS_RELEASED = 18


class Viewer(StrEnum):
    """What a person is to the thing that a field belongs to. One person may be several; everybody is ANYBODY.

    OWN: whose it is: the reporter, the team's members, the reviewer who wrote the review, the receiver of the mail.
    PANEL: has a seat in the round where the thing is judged with its name. MENTOR: meets the team. TEAM: is met by the mentor, or may wish for it.
    PILOT: officer of the challenge's pilot municipality. JURY: jurors and chair of the challenge. STAFF: organiser and registrar.
    REGISTRAR: who clears the blind copies. PARTNER: to whom the person has written, in a talk of like problems or to a notice.
    """

    ANYBODY = "anybody"
    OWN = "own"
    PANEL = "panel"
    MENTOR = "mentor"
    TEAM = "team"
    PILOT = "pilot"
    JURY = "jury"
    STAFF = "staff"
    REGISTRAR = "registrar"
    PARTNER = "partner"


class Field(StrEnum):
    PROBLEM_TEXT = "problem_text"
    PROBLEM_REPORTER = "problem_reporter"  # the officer as a person; the municipality is part of the text
    PROBLEM_FEEDBACK = "problem_feedback"
    PENDING_DECISION = "pending_decision"  # what a body decides, as its secretary writes it; a copy is told with the release
    PANEL_COMMENT = "panel_comment"  # of one panellist, on a problem or an application
    BRIEF = "brief"
    APPLICATION_TEXT = "application_text"
    ADMISSION_REASON = "admission_reason"
    TEAM_NAME = "team_name"
    TEAM_SUMMARY = "team_summary"
    MEMBER_NAME = "member_name"
    MENTOR_NOTE = "mentor_note"
    MENTOR_FEEDBACK = "mentor_feedback"
    TEAM_FEEDBACK = "team_feedback"
    TEAM_NEED = "team_need"  # what a team wants of the mentoring, and of one session
    ADVICE = "advice"  # a mentor's point, and the word why a team took it or not
    MATERIAL = "material"  # of a mentor to one team, before all of the challenge have it
    DIARY = "diary"
    DRAFT_PROPOSAL = "draft_proposal"
    SUBMITTED_PROPOSAL = "submitted_proposal"
    FILE_NAME = "file_name"
    RECEIPT = "receipt"
    BLIND_TITLE = "blind_title"
    BLIND_TEXT = "blind_text"
    CODE_NAME = "code_name"
    CODE_WITH_TEAM = "code_with_team"  # both on one page
    CLEARING_REASON = "clearing_reason"  # why the registrar left something out of a blind copy, or the copy itself
    JURY_QUESTION = "jury_question"  # a juror's to a team
    TEAM_ANSWER = "team_answer"
    JUROR_COMMENT = "juror_comment"  # of one juror
    RANKING = "ranking"  # points and places by code name
    REPORT_REASON = "report_reason"
    WINNING_REASON = "winning_reason"
    REPORT_REMARK = "report_remark"
    DECISION = "decision"
    WINNER = "winner"
    REVIEWER_NAME = "reviewer_name"  # of a panellist, juror or chair
    MENTOR_NAME = "mentor_name"
    STAFF_NAME = "staff_name"
    AUDIT_EVENT = "audit_event"
    REVIEWING_EVENT = "reviewing_event"  # of the reviewers' own log, which holds code names
    MAIL_SUBJECT = "mail_subject"
    MAIL_TEXT = "mail_text"
    JOIN_WORD = "join_word"  # of a municipality that asks to report together, and the answer
    BRIEF_TALK = "brief_talk"  # comments and suggestions, earlier wordings, and a change that is not published yet
    PUBLIC_QUESTION = "public_question"  # as it was sent, before its wording for all is released
    PUBLIC_ANSWER = "public_answer"  # with the wording of the question for all
    ASKER = "asker"  # who asked in public, or under which address
    MEMBER_PART = "member_part"  # what a member says of the own part and know-how, in own words; the panel gets how many know what
    TALK = "talk"  # of those with like problems to one another
    AD_TEXT = "ad_text"  # of a team that looks for a member, or of a person who looks for a team
    AD_ANSWER = "ad_answer"  # to one of these
    NOTICE_FACT = "notice_fact"  # what the result notice asks of a team


_M, _V, _F = Moment, Viewer, Field

VISIBLE: dict[Field, dict[Viewer, Moment]] = {
    _F.PROBLEM_TEXT: {_V.OWN: _M.WRITTEN, _V.ANYBODY: _M.PROBLEM_SUBMITTED},
    _F.PROBLEM_REPORTER: {_V.OWN: _M.WRITTEN, _V.STAFF: _M.WRITTEN, _V.PARTNER: _M.WRITTEN},
    _F.PENDING_DECISION: {_V.STAFF: _M.WRITTEN},
    _F.PROBLEM_FEEDBACK: {_V.STAFF: _M.WRITTEN, _V.ANYBODY: _M.FEEDBACK_RELEASED},
    _F.PANEL_COMMENT: {_V.OWN: _M.WRITTEN, _V.STAFF: _M.PROBLEMS_JUDGED},
    _F.BRIEF: {_V.PILOT: _M.WRITTEN, _V.STAFF: _M.WRITTEN, _V.ANYBODY: _M.CHALLENGE_PUBLISHED},
    _F.APPLICATION_TEXT: {_V.OWN: _M.WRITTEN, _V.STAFF: _M.WRITTEN, _V.PANEL: _M.TEAM_PANEL_READS},
    _F.ADMISSION_REASON: {_V.STAFF: _M.WRITTEN, _V.OWN: _M.ADMISSIONS_RELEASED},
    _F.TEAM_NAME: {_V.OWN: _M.WRITTEN, _V.STAFF: _M.WRITTEN, _V.PANEL: _M.TEAM_PANEL_READS, _V.ANYBODY: _M.ADMISSIONS_RELEASED},
    _F.TEAM_SUMMARY: {_V.OWN: _M.WRITTEN, _V.STAFF: _M.WRITTEN, _V.PANEL: _M.TEAM_PANEL_READS, _V.ANYBODY: _M.ADMISSIONS_RELEASED},
    _F.MEMBER_NAME: {_V.OWN: _M.WRITTEN, _V.STAFF: _M.WRITTEN, _V.PARTNER: _M.WRITTEN},
    _F.MENTOR_NOTE: {_V.MENTOR: _M.WRITTEN, _V.TEAM: _M.WRITTEN, _V.STAFF: _M.WRITTEN},
    # Either side sees the other's once it has given its own; the crawl looks when both have.
    _F.MENTOR_FEEDBACK: {_V.MENTOR: _M.WRITTEN, _V.TEAM: _M.WRITTEN, _V.STAFF: _M.WRITTEN},
    _F.TEAM_FEEDBACK: {_V.MENTOR: _M.WRITTEN, _V.TEAM: _M.WRITTEN, _V.STAFF: _M.WRITTEN},
    _F.TEAM_NEED: {_V.OWN: _M.WRITTEN, _V.MENTOR: _M.WRITTEN, _V.STAFF: _M.WRITTEN},
    # The organiser gets figures of what came of advice, not the texts.
    _F.ADVICE: {_V.MENTOR: _M.WRITTEN, _V.TEAM: _M.WRITTEN},
    _F.MATERIAL: {_V.MENTOR: _M.WRITTEN, _V.TEAM: _M.WRITTEN},
    _F.DIARY: {_V.OWN: _M.WRITTEN},
    _F.DRAFT_PROPOSAL: {_V.OWN: _M.WRITTEN},
    _F.SUBMITTED_PROPOSAL: {_V.OWN: _M.WRITTEN},
    _F.FILE_NAME: {_V.OWN: _M.WRITTEN},
    _F.RECEIPT: {_V.OWN: _M.WRITTEN},
    _F.BLIND_TITLE: {_V.REGISTRAR: _M.COPIES_WRITTEN, _V.JURY: _M.PROPOSALS_OPENED, _V.STAFF: _M.PROPOSALS_JUDGED},
    _F.BLIND_TEXT: {_V.REGISTRAR: _M.COPIES_WRITTEN, _V.JURY: _M.PROPOSALS_OPENED},
    _F.CODE_NAME: {
        _V.REGISTRAR: _M.COPIES_WRITTEN, _V.JURY: _M.PROPOSALS_OPENED, _V.STAFF: _M.PROPOSALS_JUDGED, _V.ANYBODY: _M.WINNERS_PUBLISHED,
    },
    _F.CODE_WITH_TEAM: {_V.STAFF: _M.IDENTITIES_OPENED},
    # Whoever confirms an exclusion reads its reason, not whose code name it is; teams are told when the winners are published.
    _F.CLEARING_REASON: {_V.STAFF: _M.COPIES_WRITTEN, _V.ANYBODY: _M.WINNERS_PUBLISHED},
    # Own: the juror who asks, and the team that is asked. The jury reads what was sent, each juror of the entries that he or she judges.
    _F.JURY_QUESTION: {_V.OWN: _M.PROPOSALS_OPENED, _V.JURY: _M.PROPOSALS_OPENED, _V.REGISTRAR: _M.PROPOSALS_OPENED},
    _F.TEAM_ANSWER: {_V.OWN: _M.WRITTEN, _V.REGISTRAR: _M.ANSWERS_CARRIED, _V.JURY: _M.ANSWERS_RELEASED},
    # In a round that announced a discussion, under letters drawn by lot; it opens once all have submitted, and not before.
    _F.JUROR_COMMENT: {_V.OWN: _M.WRITTEN, _V.JURY: _M.PROPOSALS_JUDGED},
    _F.RANKING: {_V.JURY: _M.PROPOSALS_JUDGED, _V.STAFF: _M.PROPOSALS_JUDGED},
    _F.REPORT_REASON: {_V.JURY: _M.PROPOSALS_JUDGED, _V.STAFF: _M.REPORT_SIGNED, _V.OWN: _M.WINNERS_PUBLISHED},
    _F.WINNING_REASON: {_V.JURY: _M.PROPOSALS_JUDGED, _V.STAFF: _M.REPORT_SIGNED, _V.ANYBODY: _M.WINNERS_PUBLISHED},
    _F.REPORT_REMARK: {_V.JURY: _M.PROPOSALS_JUDGED, _V.STAFF: _M.REPORT_SIGNED},
    _F.DECISION: {_V.STAFF: _M.DECIDED, _V.ANYBODY: _M.WINNERS_PUBLISHED},
    _F.WINNER: {_V.STAFF: _M.DECIDED, _V.ANYBODY: _M.WINNERS_PUBLISHED},
    _F.REVIEWER_NAME: {_V.OWN: _M.WRITTEN, _V.STAFF: _M.WRITTEN},
    _F.MENTOR_NAME: {_V.OWN: _M.WRITTEN, _V.TEAM: _M.WRITTEN, _V.STAFF: _M.WRITTEN},
    # Who writes a brief together knows with whom.
    _F.STAFF_NAME: {_V.OWN: _M.WRITTEN, _V.STAFF: _M.WRITTEN, _V.PILOT: _M.WRITTEN},
    # Once the competition is decided, the public record has each event's kind, thing and pseudonym; of bodies that it does not tell, the hash.
    _F.AUDIT_EVENT: {_V.STAFF: _M.WRITTEN, _V.ANYBODY: _M.WINNERS_PUBLISHED},
    _F.REVIEWING_EVENT: {_V.ANYBODY: _M.WINNERS_PUBLISHED},
    _F.MAIL_SUBJECT: {_V.OWN: _M.WRITTEN, _V.STAFF: _M.WRITTEN},
    _F.MAIL_TEXT: {_V.OWN: _M.WRITTEN},
    _F.JOIN_WORD: {_V.OWN: _M.WRITTEN},
    _F.BRIEF_TALK: {_V.PILOT: _M.WRITTEN, _V.STAFF: _M.WRITTEN},
    _F.PUBLIC_QUESTION: {_V.OWN: _M.WRITTEN, _V.PILOT: _M.WRITTEN, _V.STAFF: _M.WRITTEN},
    _F.PUBLIC_ANSWER: {_V.PILOT: _M.WRITTEN, _V.STAFF: _M.WRITTEN, _V.ANYBODY: _M.PUBLIC_ANSWERS_RELEASED},
    # Nobody at all: the letter to the address is the only place.
    _F.ASKER: {_V.OWN: _M.WRITTEN},
    _F.MEMBER_PART: {_V.OWN: _M.WRITTEN, _V.STAFF: _M.WRITTEN},
    _F.TALK: {_V.OWN: _M.WRITTEN},
    # Both while the team call is open.
    _F.AD_TEXT: {_V.ANYBODY: _M.WRITTEN},
    _F.AD_ANSWER: {_V.OWN: _M.WRITTEN},
    _F.NOTICE_FACT: {_V.OWN: _M.WRITTEN, _V.STAFF: _M.WRITTEN},
}


def may_see(field: Field, viewers: Collection[Viewer], moment: Moment) -> bool:
    """Return whether somebody who is `viewers` to the thing sees the field when the thing stands at `moment`."""
    return any(VISIBLE[field].get(viewer, len(Moment)) <= moment for viewer in {*viewers, Viewer.ANYBODY})
