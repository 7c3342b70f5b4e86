"""Every form that makes something carries a key, so that sending it twice makes one thing; every other one says why it needs none."""

import re
from pathlib import Path

import pytest

from tests.access.table import patterns

TEMPLATES = Path(__file__).resolve().parents[2] / "src/klash"
FORM = re.compile(r'<form\b[^>]*method="post"[^>]*>.*?</form>', re.DOTALL)

MOVES = "moves a state, which it can do once: a second press finds it moved"
SAVES = "writes the same text over itself"
REMOVES = "what is gone cannot be removed again"
ASKS = "changes nothing"
SIGNS = "opens, ends or protects a session"
OWN_KEY = "has a key of its own: that of the version, or of the form that is sent again"
FINDS = "a second one finds the first"
RENEWS = "a second one takes the place of the first"
CHECKED = "carries what its writer saw; what has changed since is refused"

# template -> why its forms, from the first, carry no key; None is a form with a key. What is not here has keys in all of its forms.
WITHOUT = {
    "accounts/accounts/invitation.html": [None, None, SIGNS],
    "accounts/accounts/kept.html": [OWN_KEY, REMOVES],
    "accounts/accounts/profile.html": [SAVES, SIGNS],
    "accounts/accounts/reset_confirm.html": [SIGNS],
    "accounts/accounts/sign_in.html": [SIGNS],
    "awards/awards/award.html": [MOVES] * 5,
    "challenges/challenges/edit.html": [CHECKED],
    "challenges/challenges/answer.html": [CHECKED, MOVES, MOVES, MOVES],
    "challenges/challenges/answering.html": [REMOVES, MOVES, SAVES, SAVES],
    "challenges/challenges/brief.html": [MOVES],
    "challenges/challenges/change.html": [REMOVES, MOVES],
    "challenges/challenges/confirm.html": [SAVES],
    "challenges/challenges/measures.html": [None],
    "challenges/challenges/notice.html": [CHECKED],
    "challenges/challenges/publish.html": [MOVES, REMOVES, MOVES, SAVES],
    "challenges/challenges/questions.html": [None],
    "challenges/challenges/session.html": [None],
    "challenges/challenges/talk.html": [None, MOVES, None, SAVES, None],
    "competitions/competitions/_decisions.html": [CHECKED],
    "competitions/competitions/_release.html": [CHECKED],
    "competitions/competitions/late_codes.html": [MOVES, None],
    "competitions/competitions/move_deadline.html": [MOVES] * 3,
    "competitions/competitions/promises/change.html": [SAVES],
    "competitions/competitions/promises/list.html": [REMOVES],
    "competitions/competitions/promises/mark.html": [SAVES],
    "competitions/competitions/setup/partners.html": [REMOVES, None],
    "competitions/competitions/setup/remove.html": [REMOVES],
    "competitions/competitions/setup/_question.html": [SAVES],
    "competitions/competitions/setup/form.html": [SAVES, FINDS],
    "competitions/competitions/setup/remove_question.html": [REMOVES],
    "competitions/competitions/setup/use_preset.html": [SAVES],
    "competitions/competitions/setup/stages.html": [SAVES],
    "competitions/competitions/setup/fill.html": [SAVES],
    "competitions/competitions/setup/texts.html": [SAVES],
    "competitions/competitions/setup/themes.html": [REMOVES, None],
    "desk/desk/_rounds.html": [MOVES],
    "desk/desk/assign.html": [ASKS, FINDS, REMOVES, FINDS, ASKS, FINDS],
    "desk/desk/follow.html": [None, ASKS],
    "desk/desk/people.html": [None, REMOVES],
    "desk/desk/publish.html": [MOVES],
    "desk/desk/round.html": [FINDS, MOVES, FINDS],
    "desk/desk/set_up.html": [SAVES],
    "interests/interests/own.html": [REMOVES, SAVES, None],
    "desk/desk/mentoring.html": [FINDS],
    "mentoring/mentoring/_advice.html": [SAVES],
    "mentoring/mentoring/_plan_state.html": [CHECKED, *[FINDS] * 7],
    "mentoring/mentoring/add_meeting.html": [CHECKED],
    "mentoring/mentoring/add_pair.html": [FINDS],
    "mentoring/mentoring/ask.html": [CHECKED],
    "mentoring/mentoring/badge.html": [REMOVES, FINDS],
    "mentoring/mentoring/cancel.html": [MOVES],
    "mentoring/mentoring/check_in.html": [FINDS],
    "mentoring/mentoring/discard.html": [CHECKED],
    "mentoring/mentoring/edit_day.html": [SAVES],
    "mentoring/mentoring/edit_joint_session.html": [SAVES, REMOVES],
    "mentoring/mentoring/entry.html": [SAVES, REMOVES],
    "mentoring/mentoring/move.html": [CHECKED, CHECKED, CHECKED],
    "mentoring/mentoring/publish.html": [CHECKED],
    "mentoring/mentoring/remove_day.html": [REMOVES],
    "mentoring/mentoring/rules.html": [SAVES, REMOVES],
    "mentoring/mentoring/session.html": [MOVES, SAVES, MOVES, None, REMOVES, None, FINDS, None, None, None],
    "mentoring/mentoring/absences.html": [SAVES],
    "mentoring/mentoring/calendar.html": [RENEWS],
    "mentoring/mentoring/needs.html": [CHECKED],
    "mentoring/mentoring/profile.html": [SAVES],
    "mentoring/mentoring/own_times.html": [SAVES],
    "mentoring/mentoring/wishes.html": [SAVES],
    "following/following/_follow.html": [FINDS],
    "following/following/stop.html": [REMOVES],
    "portal/portal/verify.html": [ASKS],
    "competitions/competitions/_answer_more.html": [MOVES],
    "competitions/competitions/_attach.html": [REMOVES, SAVES],
    "competitions/competitions/_more.html": [MOVES],
    "teams/teams/people.html": [REMOVES],
    "teams/teams/seek.html": [REMOVES, None],
    "problems/problems/compare.html": [MOVES, SAVES],
    "problems/problems/gather.html": [SAVES],
    "problems/problems/groups.html": [CHECKED],
    "problems/problems/eligibility.html": [REMOVES, None, None],
    "problems/problems/import.html": [None, FINDS],
    "problems/problems/screen.html": [CHECKED],
    "problems/problems/screening.html": [SAVES],
    "problems/problems/join.html": [REMOVES, MOVES, None, None],
    "problems/problems/summary.html": [MOVES],
    "problems/problems/withdraw.html": [MOVES],
    "problems/problems/write.html": [CHECKED],
    "problems/problems/writers.html": [MOVES, REMOVES, REMOVES, None, REMOVES],
    "proposals/proposals/_file.html": [REMOVES],
    "proposals/proposals/_finding.html": [CHECKED, SAVES],
    "proposals/proposals/edit.html": [CHECKED, None],
    "proposals/proposals/_keys.html": [FINDS],
    "proposals/proposals/clearing.html": [MOVES, MOVES, MOVES],
    "proposals/proposals/copy.html": [None, CHECKED, None, None, None, CHECKED, None],
    "proposals/proposals/jury_questions.html": [MOVES, MOVES, CHECKED, CHECKED, MOVES, None],
    "proposals/proposals/late.html": [None, MOVES, MOVES],
    "proposals/proposals/opening.html": [MOVES, MOVES, MOVES, None],
    "proposals/proposals/start.html": [FINDS],
    "proposals/proposals/summary.html": [OWN_KEY],
    "proposals/proposals/withdraw.html": [MOVES],
    "reviewing/reviewing/_firmness.html": [ASKS],
    "reviewing/reviewing/_meeting.html": [CHECKED, CHECKED, MOVES, SAVES, MOVES],
    "reviewing/reviewing/_meeting_start.html": [MOVES],
    "reviewing/reviewing/_minutes.html": [SAVES, CHECKED],
    "reviewing/reviewing/entry.html": [SAVES],
    "reviewing/reviewing/preferences.html": [SAVES],
    "reviewing/reviewing/report.html": [SAVES, MOVES],
    "reviewing/reviewing/submit.html": [MOVES],
    "reviewing/reviewing/take.html": [MOVES],
    "replay/replay/back.html": [MOVES],
    "teams/teams/join.html": [None, SIGNS],
    "teams/teams/admit_reserve.html": [MOVES],
    "teams/teams/appoint.html": [MOVES],
    "teams/teams/conditions.html": [FINDS],
    "teams/teams/declaration.html": [FINDS],
    "teams/teams/eligibility.html": [SAVES],
    "teams/teams/leave.html": [REMOVES],
    "teams/teams/notice_facts.html": [SAVES],
    "teams/teams/offer_lead.html": [FINDS],
    "teams/teams/remove.html": [REMOVES],
    "teams/teams/resign.html": [MOVES],
    "teams/teams/setup/conditions.html": [FINDS],
    "teams/teams/setup/needs.html": [SAVES],
    "teams/teams/setup/rules.html": [SAVES, REMOVES],
    "teams/teams/take_lead.html": [MOVES],
    "teams/teams/team.html": [MOVES, SAVES, None, None, None, None],
    "teams/teams/what.html": [SAVES],
    "teams/teams/who.html": [SAVES, None],
    "teams/teams/summary.html": [MOVES],
    "teams/teams/withdraw.html": [MOVES],
    "teams/teams/write.html": [CHECKED],
    "templates/base.html": [SIGNS],
    "templates/components/_confirm.html": [MOVES],
    "templates/components/demo_bar.html": [MOVES, MOVES],
}
# The pages whose views keep the reply to a key: those that the forms with one are sent to. Of `proposals:attach` each file has a key of its own.
KEYED = {
    "accounts:confirm", "accounts:invitation", "accounts:reset", "accounts:sign_up", "awards:correct", "challenges:add_session", "challenges:edit_session", "challenges:measure", "challenges:questions", "challenges:measures", "challenges:shape", "challenges:talk", "competitions:add_criterion", "competitions:add_promise", "competitions:add_question", "competitions:add_section", "competitions:found", "competitions:late_codes",
    "competitions:copy", "competitions:partners", "competitions:themes", "desk:follow", "desk:people", "interests:own", "mentoring:add_day", "mentoring:add_joint_session",
    "mentoring:add_mentor", "mentoring:diary", "mentoring:feedback", "mentoring:free", "mentoring:give_advice", "mentoring:give_material", "mentoring:note",
    "mentoring:wish", "problems:start", "problems:join", "problems:writers", "problems:file", "problems:offer", "problems:ask", "problems:partners", "problems:talk", "problems:matches", "problems:seen", "problems:eligibility", "problems:take_in", "proposals:decide_late", "proposals:exclude_copy",
    "proposals:answer", "proposals:invite_juror", "proposals:leave_out", "proposals:propose_questions",
    "reviewing:ask", "reviewing:remark", "teams:add_question", "teams:ask", "teams:answer_ad", "teams:seek", "teams:seek_team", "teams:firms", "teams:found", "teams:invitation", "teams:invite", "teams:join",
}


def keys(text):
    """Return for each form of a template that posts whether it carries a key."""
    return ["{% once %}" in form for form in FORM.findall(text)]


def name(path):
    return str(path.relative_to(TEMPLATES)).replace("/templates/", "/")


@pytest.mark.parametrize("path", [path for path in sorted(TEMPLATES.rglob("*.html")) if FORM.search(path.read_text("utf-8"))], ids=name)
def test_every_form_carries_a_key_or_says_why_not(path):
    found = keys(path.read_text("utf-8"))
    assert found == [why is None for why in WITHOUT.get(name(path), [None] * len(found))]


def test_nothing_is_excused_that_is_not_there():
    assert [row for row in WITHOUT if not any(name(path) == row for path in TEMPLATES.rglob("*.html"))] == []


def test_a_form_without_a_key_is_found():
    assert keys('<form method="post">{% csrf_token %}</form><form class="form" method="post">{% csrf_token %}{% once %}</form><form>x</form>') == [False, True]


def test_the_views_that_are_sent_a_key_answer_to_it():
    assert {url for url, pattern in patterns().items() if getattr(pattern.callback, "is_once", False)} == KEYED
