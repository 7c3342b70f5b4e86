"""Every page, as each member of the cast sees it, in three languages and at three widths."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.browser import test_paths, test_without_scripts
from tests.browser.looking import LANGUAGES, faults_of, translated
from tests.browser.served import Site

PUBLIC = (
    "portal:front portal:competition portal:problems portal:challenges portal:results portal:calendar competitions:calendar problems:list problems:map "
    "problems:problem problems:export problems:themes problems:theme api:data api:json api:csv following:news following:feed challenges:list challenges:challenge awards:results awards:feed competitions:promises"
)
OWN = "portal:front portal:tasks accounts:profile"
DESK = "portal:desk desk:home desk:people desk:log desk:mail desk:round"
# (state, who) -> the pages; nobody is "". A name's parameters come from the cast's own things (`_words`).
TOUR = {
    ("setup", "organiser"): (
        "portal:tasks desk:home desk:publish competitions:texts competitions:fill competitions:set_up_as_file competitions:copy competitions:stages competitions:criteria competitions:add_criterion "
        "competitions:forms competitions:form competitions:try_form competitions:use_preset competitions:add_question competitions:add_section competitions:themes competitions:partners"
    ),
    ("problem_call", ""): "portal:front problems:list problems:map challenges:list awards:results competitions:calendar",
    ("problem_call+", "officer"): f"{OWN} problems:start problems:write problems:near problems:summary problems:writers",
    ("problem_call+", "other_officer"): OWN,
    ("problem_call+", "organiser"): f"{OWN} {DESK} competitions:calendar competitions:move_deadline competitions:promises competitions:late_codes competitions:add_promise competitions:change_promise competitions:mark_promise problems:file problems:offer",
    ("problem_selection+", "panellist"): f"{OWN} reviewing:rounds reviewing:round reviewing:entry reviewing:meeting interests:own",
    ("problem_selection+", "organiser"): "portal:tasks desk:home desk:round desk:absence desk:assign desk:set_up desk:follow desk:rehearse desk:meeting problems:choose problems:import problems:template problems:screening problems:eligibility problems:screen problems:alike problems:compare problems:groups problems:ask problems:matches problems:seen",
    ("problem_selection+", "outsider"): "problems:join",
    ("problem_selection+", "officer"): f"{OWN} problems:partners problems:talk problems:receipt problems:write problems:summary",
    ("challenge_shaping+", "organiser"): "teams:needs teams:rules teams:add_question teams:edit_conditions competitions:show_question portal:tasks desk:home challenges:shape challenges:edit challenges:publish challenges:brief challenges:talk challenges:notice challenges:measures challenges:measure challenges:versions problems:choose problems:release desk:minutes",
    ("challenge_shaping+", "pilot_officer"): f"{OWN} challenges:edit challenges:challenge challenges:brief",
    ("team_call+", ""): "teams:people portal:front challenges:list challenges:challenge challenges:edition challenges:questions problems:problem",
    ("team_call+", "pilot_officer"): "challenges:brief challenges:answering challenges:answer challenges:add_session challenges:edit_session",
    ("team_call+", "organiser"): "challenges:publish challenges:change challenges:answering",
    ("team_call+", "outsider"): f"{OWN} teams:found teams:seek_team teams:answer_ad",
    ("team_call+", "leader"): f"{OWN} teams:seek teams:who teams:what teams:eligibility teams:declaration teams:notice_facts teams:offer_lead teams:show teams:application teams:summary teams:remove",
    ("team_call+", "member"): f"{OWN} teams:leave teams:show teams:application",
    ("team_selection+", "team_panellist"): f"{OWN} reviewing:rounds reviewing:round reviewing:entry",
    ("team_selection+", "organiser"): "teams:appoint portal:tasks desk:home desk:round teams:admissions teams:ask",
    ("mentoring+", "organiser"): (
        "teams:admissions teams:release desk:home mentoring:timetable mentoring:session mentoring:cancel mentoring:plan mentoring:add_day "
        "mentoring:mentors mentoring:add_mentor mentoring:live mentoring:fairness mentoring:poster desk:mentoring mentoring:network mentoring:said mentoring:thanks "
        "mentoring:days mentoring:edit_day mentoring:remove_day mentoring:add_joint_session mentoring:edit_joint_session "
        "mentoring:rules mentoring:add_pair mentoring:times mentoring:ask mentoring:discard_plan mentoring:publish_plan mentoring:versions "
        "mentoring:add_meeting mentoring:move mentoring:moves"
    ),
    ("mentoring+", "mentor"): (
        f"{OWN} mentoring:timetable mentoring:session mentoring:check_in_code mentoring:check_in mentoring:profile mentoring:own_times mentoring:leave "
        "mentoring:give_up mentoring:calendar mentoring:feed"
    ),
    ("mentoring+", "leader"): (
        f"teams:resign {OWN} teams:show mentoring:timetable mentoring:session mentoring:wish mentoring:needs mentoring:wishes mentoring:absences mentoring:free "
        "mentoring:calendar"
    ),
    ("proposals+", "mentor"): "mentoring:session mentoring:give_advice mentoring:give_material",
    ("proposals+", "leader"): (
        f"{OWN} teams:show proposals:edit proposals:summary proposals:withdraw proposals:receipt proposals:receipt_json proposals:file mentoring:session "
        "proposals:identity proposals:blind proposals:blind_file proposals:file_picture proposals:receipt_picture proposals:upload"
    ),
    ("proposals+", "member"): "portal:tasks proposals:edit mentoring:advice mentoring:diary mentoring:materials mentoring:change_entry",
    ("proposals+", "organiser"): "portal:tasks desk:home competitions:calendar competitions:forms competitions:form proposals:opening proposals:late",
    ("judging", "registrar"): f"{OWN} proposals:opening desk:home",
    ("judging+", "registrar"): "proposals:clearing proposals:copy proposals:copy_picture proposals:jury_questions",
    ("judging+", "leader"): "portal:tasks proposals:questions",
    ("judging+", "chair"): "portal:tasks reviewing:round reviewing:entry reviewing:decline reviewing:meeting",
    ("judging+", "organiser"): "portal:tasks desk:home proposals:opening awards:award",
    ("judging+", "juror"): f"{OWN} reviewing:rounds reviewing:take reviewing:round reviewing:submit reviewing:entry reviewing:recuse reviewing:file reviewing:read reviewing:picture reviewing:questions",
    ("award", "chair"): "reviewing:round reviewing:result reviewing:firmness reviewing:weights reviewing:report portal:tasks",
    ("award", "organiser"): "portal:tasks awards:award desk:result desk:export desk:report_pdf desk:firmness desk:weights desk:home",
    ("award", "registrar"): "portal:tasks awards:award",
    ("end", ""): f"{PUBLIC} awards:result accounts:sign_in accounts:sign_up accounts:reset portal:about portal:verify portal:record_file portal:checkpoints_file portal:verifier_file mentoring:badge_issuer mentoring:badge_class mentoring:badge_image mentoring:badge_assertion mentoring:badge_picture",
    ("end", "organiser"): f"{OWN} {DESK} awards:award awards:correct desk:mentoring mentoring:network mentoring:said mentoring:thanks mentoring:thanks_zip",
    ("end", "registrar"): f"{OWN} desk:home desk:log",
    ("end", "officer"): f"{OWN} problems:receipt problems:problem",
    ("end", "panellist"): f"{OWN} reviewing:result reviewing:minutes",
    ("end", "juror"): f"{OWN} reviewing:rounds reviewing:round reviewing:entry reviewing:result reviewing:export reviewing:report reviewing:report_pdf",
    ("end", "mentor"): f"{OWN} mentoring:timetable mentoring:session mentoring:thanks_pdf",
    ("end", "leader"): f"{OWN} teams:show teams:receipt proposals:edit proposals:receipt proposals:change awards:result challenges:challenge mentoring:timetable mentoring:badge",
    ("end", "outsider"): f"{OWN} accounts:kept following:own",
}
NOT_PAGES = {"competitions:set_up_as_file", "problems:template", "problems:near", "competitions:show_question", "mentoring:moves", "mentoring:feed", "following:feed", "api:json", "api:csv", "problems:export", "awards:feed", "proposals:file", "proposals:receipt_json", "desk:export", "desk:report_pdf", "reviewing:export", "reviewing:file", "reviewing:picture", "reviewing:report_pdf", "proposals:blind_file", "proposals:file_picture", "proposals:receipt_picture", "proposals:copy_picture", "proposals:upload", "portal:record_file", "portal:checkpoints_file", "portal:verifier_file", "mentoring:thanks_pdf", "mentoring:thanks_zip", "mentoring:badge_issuer", "mentoring:badge_class", "mentoring:badge_image", "mentoring:badge_assertion", "mentoring:badge_picture"}  # files and feeds: fetched, not looked at
BODIES = {"panellist": "panel", "team_panellist": "team_panel", "juror": "jury", "chair": "jury", "registrar": "jury"}


def _words(name: str, who: str) -> dict[str, Any]:
    """Return what stands for each parameter of the page's address: the name of a thing, or the value itself."""
    body = BODIES.get(who, "")
    own = {
        **dict.fromkeys(("competitions:question", "competitions:show_question", "competitions:remove_question"), "impact"),
        **dict.fromkeys(("competitions:section", "competitions:remove_section"), "main"),
        "mentoring:check_in": "check_in", "mentoring:change_entry": "diary_entry", "mentoring:thanks_pdf": "mentor_code", "mentoring:badge_assertion": "badge", "competitions:change_promise": "promise", "competitions:mark_promise": "promise",
        "teams:answer_ad": "ad", "challenges:answer": "public_question", "challenges:edit_session": "information_session", "mentoring:badge_picture": "badge", "mentoring:edit_joint_session": "joint_session", "mentoring:move": "meeting", "mentoring:moves": "meeting", "problems:offer": "filed",
    }
    code = own.get(name) or {"problems": "problem", "mentoring": "session", "following": "competition", "reviewing": f"{body}_round"}.get(name.partition(":")[0])
    words = {
        "competition": "competition", "challenge": "challenge", "team": "team", "member": "member_code", "key": "file", "receipt": "receipt",
        "round": "jury_round" if name == "desk:report_pdf" else "panel_round", "kind": "judging" if name == "competitions:add_criterion" else "competitions" if name.startswith("following:") else "problem_call",
        "place": "goal", "number": 2 if name == "challenges:edition" else 1 if name in ("challenges:measure", "reviewing:file", "reviewing:read", "reviewing:picture", "proposals:copy_picture") else "day", "sheet": 1, "code": code, "entry_code": f"{body}_entry",
        "form": "xlsx", "language": "sv", "token": "calendar", "theme": "theme", "talk": "talk", "other": "other_problem", "dataset": "themes", "stage": "proposals",
    }
    return {parameter: words[parameter] for parameter in PATTERNS[name].pattern.converters}


def _patterns(node: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in node.url_patterns:
        if isinstance(one, URLPattern):
            yield f"{space}{one.name}", one
        else:
            yield from _patterns(one, f"{one.namespace}:" if one.namespace else space)


PATTERNS: dict[str, Any] = {}
for _name, _pattern in _patterns(get_resolver()):
    PATTERNS[_name] = _pattern


def _methods(view: Any) -> list[str]:
    """Return what a view's decorator of Django lets through; empty if it has none."""
    while view is not None:
        for cell in view.__closure__ or ():
            held = cell.cell_contents
            if isinstance(held, list) and held and all(isinstance(word, str) and word.isupper() for word in held):
                return held
        view = getattr(view, "__wrapped__", None)
    return []


# What no staged state holds: pages that only somebody to whom something was offered or asked opens; their own tests look at them.
UNSTAGED = {"challenges:confirm", "following:stop", "problems:part", "problems:attach", "problems:file_answer", "teams:attach", "teams:file_answer", "problems:more", "teams:more", "teams:admit_reserve", "teams:conditions", "teams:take_lead"}


def test_every_address_with_a_page_is_looked_at():
    pages = {name for name, pattern in PATTERNS.items() if _methods(pattern.callback) != ["POST"]}
    toured = {name for names in TOUR.values() for name in names.split()}
    tests = [test for module in (test_paths, test_without_scripts) for test in vars(module).values()]
    met = {name for test in tests for mark in getattr(test, "pytestmark", []) if mark.name == "meets" for name in mark.args}
    assert pages - toured - met == UNSTAGED
    assert toured | met <= pages


@pytest.mark.parametrize(("state", "who"), TOUR, ids=lambda word: word or "nobody")
def test_pages_are_sound(state, who, serve, enter):
    site: Site = serve(state)
    page = enter(site, who)
    found = []
    for name in TOUR[state, who].split():
        path = site.path(name, **_words(name, who))
        if name in NOT_PAGES:
            found += [f"{path}: {answer.status}"] if (answer := page.request.get(path)).status != 200 else []
            continue
        for language in LANGUAGES:
            page.goto(translated(path, language))
            found += [f"{page.url.removeprefix(site.url)} {fault}" for fault in faults_of(page, language)]
    assert found == []
