"""Every page costs the same number of queries, at most twelve, whether the competition has 20 rows or 2,000."""

from urllib.parse import urlsplit

import pytest
from django.db import connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver, resolve

from bench import fill, pages
from klash.core.databases import reviewing

pytestmark = pytest.mark.django_db(databases="__all__")
SIZES, REVIEWERS, AT_MOST = (20, 2000), 1, 12

C = "/c/bench"
# Beside what the bench measures: who opens what.
MORE = {
    "front of a competition": ("", f"{C}/"), "about": ("", "/about/"), "verify": ("", "/verify/"), "kept forms": ("leader", "/accounts/kept/"), "sign up": ("", "/accounts/sign-up/"), "reset": ("", "/accounts/reset/"),
    "profile": ("leader", "/accounts/profile/"), "interests": ("juror", "/interests/"), "rounds of a reviewer": ("juror", "/review/"), "report": ("juror", "/review/{judged}/report/"),
    "feed": ("", f"{C}/results/feed/"),
    "news": ("", f"{C}/news/"), "news as a feed": ("", f"{C}/news/competitions/bench/feed/"), "what is followed": ("leader", "/following/"),
    "themes of problems": ("", f"{C}/problems/themes/"), "a theme": ("", f"{C}/problems/themes/theme-0/"), "open data": ("", f"{C}/data/"), "start a problem": ("officer", f"{C}/problems/start/"), "choose": ("organiser", f"{C}/problems/choose/"),
    "decisions on problems": ("organiser", f"{C}/problems/choose/release/"),
    "join a problem": ("juror", f"{C}/problems/{{problem}}/join/"), "who writes a problem": ("officer", f"{C}/problems/{{problem}}/writers/"),
    "file a problem": ("organiser", f"{C}/problems/file/"),
    "receipt of a problem": ("officer", f"{C}/problems/{{problem}}/receipt/"), "withdraw a problem": ("officer", f"{C}/problems/{{problem}}/withdraw/"),
    "shape": ("organiser", f"{C}/challenges/shape/"), "rules of the team call": ("organiser", f"{C}/team-rules/"),
    "new conditions": ("organiser", f"{C}/team-rules/conditions/"), "change the leader": ("organiser", "/teams/{team}/lead/appoint/"),
    "part in a team": ("leader", "/teams/{team}/who/"), "admissions": ("organiser", f"{C}/challenges/bench-1/admissions/"),
    "receipt of an application": ("leader", "/teams/{team}/application/receipt/"),
    "session": ("mentor", f"{C}/mentoring/sessions/{{session}}/"), "plan": ("organiser", f"{C}/mentoring/plan/"),
    "mentoring days": ("organiser", f"{C}/mentoring/plan/days/"), "rules of the timetable": ("organiser", f"{C}/mentoring/plan/rules/"),
    "a pair": ("organiser", f"{C}/mentoring/plan/rules/pair/"), "times and needs": ("organiser", f"{C}/mentoring/plan/times/"),
    "versions": ("organiser", f"{C}/mentoring/plan/versions/"), "mentors": ("organiser", f"{C}/mentoring/mentors/"),
    "times of a mentor": ("mentor", f"{C}/mentoring/times/"), "own calendar": ("mentor", f"{C}/mentoring/calendar/"),
    "wishes": ("leader", f"{C}/mentoring/teams/{{team}}/wishes/"), "absences": ("leader", f"{C}/mentoring/teams/{{team}}/absences/"),
    "free slots": ("leader", f"{C}/mentoring/teams/{{team}}/free/"), "profile of a mentor": ("mentor", f"{C}/mentoring/profile/"),
    "advice": ("leader", f"{C}/mentoring/advice/"), "diary": ("leader", f"{C}/mentoring/diary/"), "materials": ("leader", f"{C}/mentoring/materials/"),
    "day live": ("organiser", f"{C}/mentoring/live/"), "help by team": ("organiser", f"{C}/mentoring/fairness/"), "poster": ("organiser", f"{C}/mentoring/plan/1/poster/"),
    "code of a day": ("mentor", f"{C}/mentoring/checkin/"),
    "add a mentor": ("organiser", f"{C}/mentoring/mentors/add/"), "add a day": ("organiser", f"{C}/mentoring/plan/add/"),
    "what mentoring changed": ("leader", f"{C}/teams/{{team}}/proposal/change/"), "what came of the mentoring": ("organiser", "/desk/bench/mentoring/"),
    "who met whom": ("organiser", f"{C}/mentoring/network/"), "what they say": ("organiser", f"{C}/mentoring/said/"), "letters of thanks": ("organiser", f"{C}/mentoring/thanks/"),
    "summary of a proposal": ("leader", f"{C}/teams/{{team}}/proposal/summary/"), "withdraw a proposal": ("leader", f"{C}/teams/{{team}}/proposal/withdraw/"),
    "receipt as JSON": ("leader", f"{C}/teams/{{team}}/proposal/receipts/{{receipt}}/json/"),
    "submit all": ("juror", "/review/{judging}/submit/"), "promises": ("", f"{C}/promises/"), "late entry": ("organiser", f"{C}/late/"), "write down a promise": ("organiser", f"{C}/promises/add/"), "move a deadline": ("organiser", f"{C}/calendar/proposals/move/"), "tasks of a mentor": ("mentor", "/tasks/"), "tasks of an officer": ("officer", "/tasks/"),
}


def addresses(codes):
    """Return what is opened: name -> (who, address)."""
    codes = {**codes, "drafted": codes["waiting"][0]}
    measured = {page.name: (page.who, page.path.format(**codes)) for page in pages.PAGES if page.body is None}
    return measured | {name: (who, path.format(**codes)) for name, (who, path) in MORE.items()}


# What is not opened here, and why.
ELSEWHERE = {
    "takes only what a form sends": [
        "accounts:sign_out", "awards:close", "awards:decide", "awards:open_identities", "awards:publish", "awards:request_identities",
        "competitions:add_criterion", "competitions:remove_criterion", "competitions:remove_partner", "competitions:remove_promise", "competitions:revoke_late_code", "competitions:remove_theme", "desk:end", "mentoring:feedback",
        "mentoring:hold", "mentoring:note", "mentoring:answer_advice", "mentoring:delete_entry", "mentoring:give_advice", "mentoring:give_material",
        "mentoring:late", "mentoring:miss", "mentoring:offer_material", "mentoring:take_back_advice", "mentoring:wish", "mentoring:offer_badges",
        "mentoring:take_badge", "mentoring:delete_badge", "mentoring:make_plan", "mentoring:start_draft", "mentoring:renew_draft", "mentoring:pin",
        "mentoring:remove_meeting", "mentoring:remove_pair", "mentoring:remove_joint_session", "problems:save", "problems:take_back_more", "teams:take_back_more", "teams:close_ad", "problems:remove_question", "problems:take_in", "proposals:attach", "proposals:confirm_late", "proposals:confirm_opening", "proposals:decide_late",
        "proposals:detach", "proposals:invite_juror",
        "proposals:open", "proposals:rehearse_keys", "proposals:replace_name", "proposals:request_opening", "proposals:settle_finding", "proposals:save", "proposals:start", "proposals:take_back_late", "competitions:confirm_deadline", "competitions:take_back_request",
        "reviewing:remark", "reviewing:score", "reviewing:sign", "reviewing:take", "teams:firms", "teams:invite",
        "teams:invitation", "teams:right", "teams:remove_question", "teams:take_back_lead",
        "teams:remove", "following:follow", "replay:enter", "replay:move",
        "competitions:add_section", "competitions:move_section", "competitions:add_question", "competitions:move_question", "competitions:ask_again",
        "competitions:preview_question", "competitions:show_question", "proposals:begin_upload", "proposals:upload", "proposals:clear_copy", "proposals:leave_out",
        "proposals:answer", "proposals:propose_questions", "proposals:confirm_questions", "proposals:take_back_questions", "proposals:return_question",
        "proposals:leave_out_of_answer", "proposals:clear_answer", "reviewing:ask",
        "proposals:put_back", "proposals:exclude_copy", "proposals:confirm_exclusion", "proposals:take_back_exclusion", "proposals:release_copies",
    ],
    "the form of one row, in which nothing grows": [
        "challenges:add_session", "challenges:change", "challenges:edit", "challenges:edit_session", "challenges:measure", "challenges:measures", "challenges:notice", "challenges:publish", "competitions:change_promise", "competitions:criterion", "competitions:mark_promise", "mentoring:cancel", "mentoring:edit_day", "mentoring:remove_day", "mentoring:add_joint_session", "mentoring:edit_joint_session", "mentoring:change_entry", "mentoring:give_up", "mentoring:leave", "mentoring:needs", "mentoring:check_in", "problems:summary", "problems:write", "problems:near", "problems:offer", "problems:ask", "teams:ask", "teams:answer_ad", "teams:seek", "teams:seek_team", "problems:eligibility", "problems:import", "problems:screen", "teams:application",
        "teams:found", "teams:summary", "teams:withdraw", "teams:what", "teams:offer_lead", "teams:take_lead", "teams:notice_facts", "proposals:blind", "proposals:identity",
    ],
    "written before the competition is published": [
        "teams:add_question", "teams:needs",
        "competitions:copy", "competitions:criteria", "competitions:fill", "competitions:found", "competitions:partners", "competitions:set_up_as_file", "competitions:stages", "competitions:texts", "competitions:themes", "desk:publish",
        "competitions:section", "competitions:remove_section", "competitions:use_preset",
    ],
    "a link that works once": ["following:stop", "challenges:confirm", "accounts:confirm", "accounts:invitation", "accounts:reset_confirm", "teams:join"],
    "leads to another page": ["portal:calendar", "portal:challenges", "portal:desk", "portal:problems", "portal:results"],
    "a file": ["api:csv", "api:json", "mentoring:feed", "proposals:copy_picture", "proposals:receipt_picture", "portal:checkpoints_file", "portal:record_file", "portal:verifier_file", "mentoring:thanks_pdf", "mentoring:thanks_zip", "mentoring:badge_issuer", "mentoring:badge_class", "mentoring:badge_image", "mentoring:badge_assertion", "mentoring:badge_picture", "problems:export", "problems:template", "proposals:blind_file", "proposals:file", "proposals:file_picture", "reviewing:export", "reviewing:file", "reviewing:picture", "reviewing:read", "reviewing:report_pdf"],
    "has tests of its own": ["challenges:questions", "problems:screening", "problems:alike", "problems:compare", "problems:part", "problems:attach", "problems:file_answer", "teams:attach", "teams:file_answer", "problems:partners", "problems:talk", "problems:matches", "problems:seen", "problems:more", "teams:more", "teams:people", "problems:groups", "problems:gather", "competitions:forms", "competitions:form", "competitions:try_form", "competitions:question", "competitions:remove_question", "challenges:answer", "challenges:answering", "challenges:brief", "challenges:edition", "challenges:talk", "challenges:versions", "mentoring:ask", "mentoring:discard_plan", "mentoring:publish_plan", "mentoring:add_meeting", "mentoring:move", "mentoring:moves", "mentoring:badge", "awards:correct", "proposals:jury_questions", "proposals:questions", "reviewing:questions", "proposals:clearing", "proposals:copy", "desk:firmness", "desk:weights", "desk:result", "desk:export", "desk:report_pdf", "desk:absence", "desk:assign", "desk:follow", "desk:set_up", "reviewing:decline", "reviewing:preferences", "desk:meeting", "desk:minutes", "desk:rehearse", "reviewing:firmness", "reviewing:weights", "reviewing:meeting", "reviewing:minutes", "reviewing:recuse", "proposals:late", "replay:mail", "teams:release", "teams:resign", "teams:admit_reserve", "teams:leave", "teams:eligibility", "teams:declaration", "teams:conditions"],
}


class Undo(Exception):
    pass


def costs(size):
    """Fill, open every page and take it all back; return name -> (status, queries)."""
    found = {}
    try:
        with transaction.atomic(), transaction.atomic(using=reviewing()):
            filled = fill.fill(size, reviewers=REVIEWERS)
            for name, (who, path) in addresses(filled.codes).items():
                client = Client()
                if who:
                    client.cookies["klash-all"] = filled.sessions[who]
                with CaptureQueriesContext(connections["default"]) as default, CaptureQueriesContext(connections[reviewing()]) as jury:
                    status = client.get(path).status_code
                found[name] = (status, len(default) + len(jury))
            raise Undo
    except Undo:
        return found


@pytest.fixture(scope="module")
def counted(plain, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return {size: costs(size) for size in SIZES}


def test_every_page_opens(counted):
    assert {name: status for name, (status, _) in counted[SIZES[1]].items() if status != 200} == {}


def test_every_page_costs_the_same_at_any_size(counted):
    few, many = (counted[size] for size in SIZES)
    assert {name: (few[name], many[name]) for name in few if few[name] != many[name]} == {}


def test_no_page_costs_more_than_twelve_queries(counted):
    assert {name: queries for name, (_, queries) in counted[SIZES[1]].items() if queries > AT_MOST} == {}


def names(patterns, space=""):
    for item in patterns:
        if isinstance(item, URLResolver):
            yield from names(item.url_patterns, f"{item.namespace}:" if item.namespace else space)
        elif item.name:
            yield f"{space}{item.name}"


def test_every_url_is_opened_or_named_with_a_reason():
    codes = dict.fromkeys(("problem", "team", "receipt", "judging", "judged", "entry", "session", "last_problem", "pages", "form_pages", "panel"), "x") | {"waiting": ["x"]}
    opened = {resolve(urlsplit(path).path).view_name for _, path in addresses(codes).values()}
    assert set(names(get_resolver().url_patterns)) - opened - {name for some in ELSEWHERE.values() for name in some} == set()
