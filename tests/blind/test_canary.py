"""A word planted in every field is found only by whom `rules.visibility` allows it, at every stage, on every page, feed and export."""

import pytest
from django.http import HttpResponse
from django.shortcuts import render

from klash.core import middleware
from klash.rules.visibility import Field
from tests.blind.canaries import objects, plant
from tests.blind.crawl import addresses, crawl, get
from tests.staged import CODE, staged  # noqa: F401

ALWAYS = ("nobody", "outsider", "organiser", "officer", "other_officer", "leader", "other_leader", "juror")
# The stage and who has a part in it, beside those who look round at each.
STATES = {
    "problem_call+": ("registrar", "panellist"), "problem_selection+": ("panellist", "registrar"), "challenge_shaping+": ("pilot_officer", "panellist"),
    "team_call+": ("member", "mentor"), "team_selection+": ("team_panellist", "panellist"), "mentoring+": ("mentor", "pilot_officer"),
    "proposals+": ("member", "mentor", "registrar", "chair"), "judging+": ("chair", "other_juror", "registrar", "mentor", "panellist"),
    "award+": ("chair", "registrar"), "end": ("chair", "other_juror", "registrar", "member", "mentor", "team_panellist", "other_organiser"),
}
# Seen by numbers and by two words on one page, not by a word of their own: `tests/reviewing/test_secrecy.py`, `Garden.faults`, `tests/awards`.
# What was submitted lies sealed, so that no word can be put into it: `tests/sealing`.
WORDLESS = {Field.RANKING, Field.WINNER, Field.CODE_WITH_TEAM, Field.SUBMITTED_PROPOSAL}
# Mails leave the house; who asked in public stands on no page; a word between municipalities is shown until it is answered.
UNSEEN = {Field.MAIL_TEXT, Field.ASKER, Field.JOIN_WORD}
# Told of these stages alone, so that no later one has the words.
PASSING = {"problem_selection+": {Field.TALK}, "team_call+": {Field.AD_TEXT, Field.AD_ANSWER}}


def look_round(state, cast, monkeypatch):
    """Plant in this state and return what is wrong with what each member of the cast finds, and what was planted and found.

    The page for what is not found is the same wherever it is met: it is read once a person, and half of all answers, which are this page, are cut short.
    """
    clients = {who: state.client(who) for who in cast}
    people = {who: state.person(who).pk if who != "nobody" else 0 for who in cast}
    garden = plant(CODE)
    tried = addresses(objects(CODE, state.things))
    faults, found = [], set()
    for who, client in clients.items():
        faults += garden.faults(who, people[who], [get(client, "/c/nothing/problems/")])
    monkeypatch.setattr(middleware, "render", short)
    for who, client in clients.items():
        replies = crawl(client, ["/", "/tasks/", "/review/", *tried]).values()
        faults += garden.faults(who, people[who], replies)
        found |= garden.found(replies)
    return faults, {row.field for row in garden.words.values()}, found


def short(request, template, *args, **kwargs):
    return HttpResponse("404", status=404) if template == "errors/404.html" else render(request, template, *args, **kwargs)


@pytest.mark.parametrize("name", STATES)
def test_a_word_is_found_only_where_the_table_allows(staged, name, monkeypatch):  # noqa: F811
    with staged.at(name) as state:
        faults, fields, found = look_round(state, (*ALWAYS, *STATES[name]), monkeypatch)
    assert not faults, "\n".join(faults)
    assert PASSING.get(name, set()) <= found
    if name == "end":
        # Everything has been written by now, and the crawl is not blind: what somebody may see was seen by somebody.
        assert fields | WORDLESS | set().union(*PASSING.values()) == set(Field)
        assert fields - found == UNSEEN
