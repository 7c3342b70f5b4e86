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
    Permission.SUBMIT_APPLICATION: (Facts(**OPEN, **TEAM, is_owner=True, is_complete=True, is_within_limits=True), [
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
