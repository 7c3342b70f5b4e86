"""What is granted, and for which one missing fact it is refused."""

from dataclasses import replace

import pytest

from klash.rules.permissions import Facts, Permission, why_not
from klash.rules.reasons import Reason
from klash.rules.roles import Role

ORGANISER, PANELLIST = frozenset({Role.ORGANISER}), frozenset({Role.PANELLIST})
OPEN = {"is_signed_in": True, "is_open": True, "has_begun": True}
OVER = {"is_signed_in": True, "has_begun": True}
TEAM = {"members": 4, "members_min": 3, "members_max": 5}
# permission -> the facts that grant it, and (what is changed in them, the reason of the refusal)
TABLE = {
    Permission.REPORT_PROBLEM: (Facts(**OPEN), [
        ({"is_signed_in": False}, Reason.NOT_SIGNED_IN), ({"is_open": False}, Reason.DEADLINE_PASSED),
        ({"is_open": False, "has_begun": False}, Reason.NOT_OPEN_YET),
    ]),
    Permission.SUBMIT_APPLICATION: (Facts(**OPEN, **TEAM, is_owner=True, is_complete=True, is_eligible=True, is_declared=True, has_accepted=True, is_within_limits=True), [
        ({"is_eligible": False}, Reason.NOT_ELIGIBLE), ({"is_declared": False}, Reason.DECLARATIONS_OPEN), ({"has_accepted": False}, Reason.CONDITIONS_OPEN),
        ({"is_owner": False}, Reason.NOT_YOURS), ({"is_open": False}, Reason.DEADLINE_PASSED), ({"members": 2}, Reason.TEAM_TOO_SMALL),
        ({"members": 6}, Reason.TEAM_TOO_LARGE), ({"is_complete": False}, Reason.INCOMPLETE),
        ({"is_within_limits": False}, Reason.TOO_MANY_WORDS),
    ]),
    Permission.ADMIT_TEAMS: (Facts(**OVER, roles=ORGANISER, all_submitted=True, places_left=1), [
        ({"roles": PANELLIST}, Reason.NO_ROLE), ({"is_open": True}, Reason.NOT_OPEN_YET), ({"has_begun": False}, Reason.NOT_OPEN_YET),
        ({"all_submitted": False}, Reason.NOT_ALL_SUBMITTED), ({"places_left": 0}, Reason.CHALLENGE_FULL),
    ]),
    Permission.SUBMIT_PROPOSAL: (Facts(**OPEN, is_member=True, is_complete=True, is_within_limits=True), [
        ({"is_member": False}, Reason.NOT_YOURS), ({"is_open": False}, Reason.DEADLINE_PASSED), ({"is_complete": False}, Reason.INCOMPLETE),
        ({"is_within_limits": False}, Reason.TOO_MANY_WORDS),
    ]),
    Permission.PUBLISH_COMPETITION: (Facts(is_signed_in=True, roles=ORGANISER, is_complete=True, has_time=True), [
        ({"roles": PANELLIST}, Reason.NO_ROLE), ({"is_complete": False}, Reason.INCOMPLETE), ({"has_time": False}, Reason.CALL_HAS_ENDED),
    ]),
    Permission.EDIT_FORMS: (Facts(is_signed_in=True, roles=ORGANISER), [({"roles": PANELLIST}, Reason.NO_ROLE), ({"is_frozen": True}, Reason.FROZEN)]),
    Permission.CANCEL_SESSION: (Facts(is_signed_in=True, roles=frozenset({Role.MENTOR}), is_member=True, state="planned"), [
        ({"is_member": False}, Reason.NOT_YOURS), ({"roles": frozenset()}, Reason.NOT_YOURS), ({"has_begun": True}, Reason.WRONG_STATE),
        ({"state": "held"}, Reason.WRONG_STATE), ({"roles": ORGANISER, "is_member": False, "has_begun": True}, None),
        ({"roles": frozenset(), "is_member": False, "is_owner": True}, None),
    ]),
    Permission.EDIT_PROBLEM: (Facts(**OPEN, is_member=True, state="draft"), [
        ({"is_member": False}, Reason.NOT_YOURS), ({"state": "submitted"}, Reason.WRONG_STATE), ({"is_open": False}, Reason.DEADLINE_PASSED),
    ]),
    Permission.SUPPORT_PROBLEM: (Facts(**OVER, state="not_chosen"), [({"state": "draft"}, Reason.WRONG_STATE), ({"is_frozen": True}, Reason.FROZEN)]),
    Permission.ASK_TO_CO_OWN: (Facts(**OPEN, state="submitted"), [({"state": "chosen"}, Reason.WRONG_STATE), ({"is_open": False}, Reason.DEADLINE_PASSED)]),
    Permission.LEAVE_PROBLEM: (Facts(is_signed_in=True, is_member=True), [
        ({"is_member": False}, Reason.NOT_YOURS), ({"is_owner": True}, Reason.LEADER_STAYS),
    ]),
    Permission.EDIT_BRIEF: (Facts(is_signed_in=True, roles=ORGANISER), [({"roles": PANELLIST}, Reason.NO_ROLE), ({"is_frozen": True}, Reason.FROZEN)]),
    Permission.PUBLISH_CHALLENGE: (Facts(is_signed_in=True, roles=ORGANISER, is_complete=True, is_approved=True), [
        ({"roles": PANELLIST}, Reason.NO_ROLE), ({"is_complete": False}, Reason.INCOMPLETE), ({"is_approved": False}, Reason.NOT_APPROVED),
    ]),
    Permission.NEGOTIATE: (Facts(is_signed_in=True, roles=ORGANISER, may_negotiate=True), [
        ({"roles": PANELLIST}, Reason.NO_ROLE), ({"may_negotiate": False}, Reason.NO_FOLLOW_UP),
    ]),
    Permission.ASK_PUBLICLY: (Facts(**OPEN, state="published"), [
        ({"state": "draft"}, Reason.NOT_OPEN_YET), ({"is_open": False}, Reason.DEADLINE_PASSED),
    ]),
    Permission.EDIT_APPLICATION: (Facts(**OPEN, is_member=True, is_writer=True, state="draft"), [
        ({"is_member": False}, Reason.NOT_YOURS), ({"is_writer": False}, Reason.READS_ONLY), ({"state": "submitted"}, Reason.WRONG_STATE),
        ({"is_open": False}, Reason.DEADLINE_PASSED),
    ]),
    Permission.ADMIT_RESERVE: (Facts(is_signed_in=True, roles=ORGANISER, has_time=True, is_next=True, places_left=1), [
        ({"roles": PANELLIST}, Reason.NO_ROLE), ({"has_time": False}, Reason.RESERVE_LAPSED), ({"is_next": False}, Reason.NOT_NEXT),
        ({"places_left": 0}, Reason.CHALLENGE_FULL),
    ]),
    Permission.RESIGN_TEAM: (Facts(is_signed_in=True, is_owner=True, has_time=True), [
        ({"is_owner": False}, Reason.NOT_YOURS), ({"has_time": False}, Reason.RESERVE_LAPSED),
    ]),
    Permission.LEAVE_TEAM: (Facts(is_signed_in=True, is_member=True), [
        ({"is_member": False}, Reason.NOT_YOURS), ({"is_owner": True}, Reason.LEADER_STAYS),
    ]),
    Permission.TAKE_LEAD: (Facts(is_signed_in=True, is_member=True, is_next=True, state="proposed"), [
        ({"is_next": False}, Reason.NOT_YOURS), ({"is_member": False}, Reason.NOT_YOURS), ({"state": "taken_back"}, Reason.WRONG_STATE),
    ]),
    Permission.SET_TEAM_RULES: (Facts(is_signed_in=True, roles=ORGANISER), [({"roles": PANELLIST}, Reason.NO_ROLE), ({"is_frozen": True}, Reason.FROZEN)]),
    Permission.RECUSE: (Facts(**OVER, has_seat=True, is_in_session=True), [
        ({"is_in_session": False}, Reason.DEADLINE_PASSED), ({"is_in_session": False, "has_begun": False}, Reason.NOT_OPEN_YET),
    ]),
    Permission.RESUME_MEETING: (Facts(is_signed_in=True, is_chair=True, state="ended"), [
        ({"is_chair": False}, Reason.NO_ROLE), ({"state": "running"}, Reason.FROZEN), ({"state": "approved"}, Reason.FROZEN),
    ]),
    Permission.APPROVE_MINUTES: (Facts(is_signed_in=True, is_chair=True, state="ended"), [
        ({"is_chair": False}, Reason.NO_ROLE), ({"state": "running"}, Reason.WRONG_STATE),
    ]),
}


@pytest.mark.parametrize("permission", TABLE)
def test_all_facts_grant_it_and_each_missing_one_is_told(permission):
    facts, refusals = TABLE[permission]
    assert why_not(permission, facts) is None
    assert [why_not(permission, replace(facts, **change)) for change, _ in refusals] == [reason for _, reason in refusals]


@pytest.mark.parametrize("is_open", [True, False])
def test_the_staff_takes_a_reviewer_out_at_any_time(is_open):
    assert why_not(Permission.RECUSE, Facts(is_signed_in=True, roles=ORGANISER, is_open=is_open)) is None
    assert why_not(Permission.RECUSE, Facts(is_signed_in=True, is_open=is_open)) is not None


def test_the_organiser_approves_minutes_where_names_are_shown():
    assert why_not(Permission.APPROVE_MINUTES, Facts(is_signed_in=True, roles=ORGANISER, state="ended")) is None
