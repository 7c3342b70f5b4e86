"""Every page x method x member of the cast x stage has its expected answer in `table.yaml`; the tests are made from it."""

from pathlib import Path

import pytest
from django.http import HttpResponse
from django.urls import path

from klash.accounts.services import end_role, grant_role
from klash.challenges.models import ChallengeQuerySet
from klash.competitions.models import CompetitionQuerySet
from klash.core import access, audit, middleware
from klash.mentoring.models import SessionQuerySet
from klash.problems.models import ProblemQuerySet
from klash.proposals.models import ProposalQuerySet
from klash.rules import permissions
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.teams.models import TeamQuerySet
from tests.access.table import OTHER_METHODS, BrokenTable, address, answer, ask, missing, patterns, read
from tests.staged import CODE

pytestmark = pytest.mark.usefixtures("short_404")
TABLE = read(Path(__file__).with_name("table.yaml"))
PATTERNS = patterns()


def answers(state, name, method):
    page = TABLE.pages[name]
    url = address(state, page, PATTERNS[page.url])
    return {who: answer(ask(state, who, method, url)) for who in TABLE.cast}


@pytest.mark.parametrize(("stage", "name", "method"), TABLE.rows())
def test_page(enter, stage, name, method):
    with enter(stage) as state:
        assert answers(state, name, method) == TABLE.pages[name].answers[method, stage]


def test_every_url_has_a_row_and_every_row_a_url():
    assert missing(TABLE, PATTERNS) == (set(), set())


def test_a_url_without_a_row_and_a_row_without_a_url_are_found():
    more = {**PATTERNS, "desk:everything": path("everything/", lambda request: HttpResponse())}
    more.pop("desk:log")
    assert missing(TABLE, more) == ({"desk:everything"}, {"desk:log"})


@pytest.mark.parametrize("method", OTHER_METHODS)
def test_no_page_takes_another_method(enter, method):
    with enter("judging+") as state:
        found = {name: answer(ask(state, who, method, address(state, page, PATTERNS[page.url]))) for name, page in TABLE.pages.items() for who in ("organiser", "nobody")}
    assert found == dict.fromkeys(TABLE.pages, "405")


def test_who_no_longer_runs_the_competition_is_an_outsider(enter):
    """The side stays and so does another role; neither opens what the ended role opened."""
    with enter("judging+") as state, state.undone():
        person, system = state.person("organiser"), audit.System()
        grant_role(actor=system, person=person, role=Role.OFFICER, competition=CODE)
        end_role(actor=system, person=person, role=Role.ORGANISER, competition=CODE)
        found = {name: answers_of(state, "organiser", name) for name in TABLE.pages}
    assert found == {name: page.answers["GET", "judging+"]["outsider"] for name, page in TABLE.pages.items()}


def answers_of(state, who, name):
    page = TABLE.pages[name]
    return answer(ask(state, who, "GET", address(state, page, PATTERNS[page.url])))


def everything(rows, person):
    return rows


FAULTS = {
    "no permission is asked": (access, "ensure", lambda *args, **words: None, ("judging+", "desk:home", "GET")),
    "every refusal is told": (middleware, "TOLD", frozenset(Reason), ("judging+", "desk:home", "GET")),
    "staff is everybody": (permissions, "RULES", {**permissions.RULES, Permission.RUN_COMPETITION: ()}, ("judging+", "proposals:opening", "GET")),
    "the deadline is not asked": (permissions, "RULES", {**permissions.RULES, Permission.REQUEST_OPENING: ()}, ("proposals+", "proposals:request_opening", "POST")),
    "one person may do both steps": (permissions, "RULES", {**permissions.RULES, Permission.OPEN_IDENTITIES: ()}, ("award+", "awards:open_identities", "POST")),
    "drafts of competitions are shown": (CompetitionQuerySet, "visible_to", everything, ("setup", "portal:competition", "GET")),
    "drafts of problems are shown": (ProblemQuerySet, "visible_to", everything, ("problem_call+", "problems:problem", "GET")),
    "drafts of briefs are shown": (ChallengeQuerySet, "visible_to", everything, ("challenge_shaping+", "challenges:challenge", "GET")),
    "all teams are shown": (TeamQuerySet, "visible_to", everything, ("team_call+", "teams:show", "GET")),
    "all sessions are shown": (SessionQuerySet, "visible_to", everything, ("mentoring+", "mentoring:session", "GET")),
    "all proposals are shown": (ProposalQuerySet, "visible_to", everything, ("proposals+", "proposals:receipt", "GET")),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_missing_guard_turns_its_row_red(enter, monkeypatch, name):
    """Prove that the table finds a fault: with one guard taken away the named `test_page` fails, and without it it holds."""
    target, attribute, broken, (stage, page, method) = FAULTS[name]
    with enter(stage) as state:
        assert answers(state, page, method) == TABLE.pages[page].answers[method, stage]
        monkeypatch.setattr(target, attribute, broken)
        assert answers(state, page, method) != TABLE.pages[page].answers[method, stage]


SMALL = "cast: [a, nobody]\nstages: [one, two]\ngroups: {}\nwords: {}\npages:\n  x:y: "


def test_what_is_not_written_is_not_found(tmp_path):
    (tmp_path / "t").write_text(SMALL + "{GET: {two..: {a: 200}}}")
    assert read(tmp_path / "t").pages["x:y"].answers == {
        ("GET", "one"): {"a": "404", "nobody": "404"}, ("GET", "two"): {"a": "200", "nobody": "404"},
        ("POST", "one"): {"a": "404", "nobody": "404"}, ("POST", "two"): {"a": "404", "nobody": "404"},
    }


@pytest.mark.parametrize("row", ["{PUT: 200}", "{GET: {three: {a: 200}}}", "{GET: {one: {b: 200}}}", "{GET: {all: {a: 200}, two: {a: 404}}}"])
def test_a_broken_table_is_refused(tmp_path, row):
    (tmp_path / "t").write_text(SMALL + row)
    with pytest.raises(BrokenTable):
        read(tmp_path / "t")
