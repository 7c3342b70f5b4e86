"""`standing_version`: what stands is never in doubt. Each state of a proposal says in words whether something stands, and no two say it alike."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import translation

from klash.core import clock
from klash.proposals import selectors, services
from klash.proposals.models import Proposal, Version
from tests.proposals.test_pages import page, text_of

pytestmark = pytest.mark.django_db(databases="__all__")
LANGUAGES = ("fi", "sv", "en")


def begin(contest):
    services.start_proposal(actor=contest.people["Kaarna"], team=contest.teams["Kaarna"])


def submit(contest):
    contest.write()
    contest.submit()


def change(contest):
    submit(contest)
    contest.write(title="Parempi")


def again(contest):
    change(contest)
    contest.submit()


def withdraw(contest):
    again(contest)
    services.withdraw_proposal(actor=contest.people["Kaarna"], proposal=Proposal.objects.get())


def revive(contest):
    withdraw(contest)
    contest.submit()


def leave_alone(contest):
    """Nothing more."""


def come_late(contest):
    contest.submit()


def admit_late(contest):
    late = contest.submit()
    decision = services.decide_late(actor=contest.cast["organiser"], version=late, is_admitted=True, reason="Katko oli järjestäjän.")
    services.confirm_late(actor=contest.cast["registrar"], decision=decision)


# state: (what is done before the deadline, what after it or None, number of the version that stands, kind of the sentence)
STATES = {
    "begun": (begin, None, None, "empty"), "saved": (lambda contest: contest.write(), None, None, "draft"), "submitted": (submit, None, 1, "submitted"),
    "edited since": (change, None, 1, "changed"), "submitted again": (again, None, 2, "submitted"), "withdrawn": (withdraw, None, None, "withdrawn"),
    "revived": (revive, None, 3, "submitted"), "only saved, and over": (lambda contest: contest.write(), leave_alone, None, "none"),
    "edited since, and over": (change, leave_alone, 1, "submitted"), "late": (lambda contest: contest.write(), come_late, None, "none"),
    "late beside one in time": (submit, come_late, 1, "submitted"), "late and admitted": (lambda contest: contest.write(), admit_late, 1, "submitted"),
    "withdrawn, and over": (withdraw, leave_alone, None, "withdrawn"),
}


def walk(contest, state):
    """Bring Kaarna's proposal into a state; return the instant at which to look."""
    before, after, _, _ = STATES[state]
    with clock.at(contest.before):
        before(contest)
    if after is None:
        return contest.before
    with clock.at(contest.after):
        after(contest)
    return contest.after + timedelta(minutes=1)


@pytest.mark.parametrize("state", STATES)
def test_standing_version(contest, client, state):
    at, (_, _, number, kind) = walk(contest, state), STATES[state]
    proposal = Proposal.objects.get()
    stands = selectors.standing_version(proposal)
    assert (stands and stands.number) == number
    assert services.opening.fixed_set(contest.challenge) == ([stands] if stands else [])
    client.force_login(contest.people["Kaarna"])
    with clock.at(at):
        assert selectors.standing(proposal, proposal.competition.stage("proposals"), at).kind == kind
        for language in LANGUAGES:
            with translation.override(language):
                shown = html.unescape(text_of(client.get(page("edit", contest, language=language))))
            told = re.sub(r"<[^>]+>", "", shown)  # the words alone, without colour, mark or place
            assert _sentence(language, kind) in told, (language, kind)
    # The receipt of each that came in time says whether it is the one that stands.
    for version in Version.objects.filter(is_late=False):
        with clock.at(at):
            receipt = text_of(client.get(page("receipt", contest, version.receipt)))
        assert ("Tämä versio on voimassa" in receipt) is (version == stands), version.number


def _sentence(language, kind):
    found = {
        "empty": ("Ehdotusta ei ole jätetty.", "Förslaget har inte lämnats in.", "The proposal has not been submitted."),
        "draft": ("Ehdotusta ei ole vielä jätetty.", "Förslaget har inte lämnats in ännu.", "The proposal has not been submitted yet."),
        "submitted": ("Se versio on voimassa.", "Den versionen gäller.", "That version stands."),
        "changed": ("Muutoksia ei ole jätetty.", "Ändringarna har inte lämnats in.", "The changes have not been submitted."),
        "withdrawn": ("on peruttu", "har återkallats", "has been withdrawn"), "none": ("Määräaika on päättynyt.", "Tidsfristen har gått ut.", "The deadline has passed."),
    }
    return found[kind][LANGUAGES.index(language)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_kinds_say_it_alike(language):
    kinds = sorted({kind for *_, kind in STATES.values()})
    assert len({_sentence(language, kind) for kind in kinds}) == len(kinds)


def test_what_is_saved_after_a_submission_changes_nothing_that_stands(contest):
    with clock.at(contest.before):
        submit(contest)
        before = selectors.standing_version(Proposal.objects.get())
        contest.write(title="Parempi", impact="")
    after = selectors.standing_version(Proposal.objects.get())
    assert (after, after.manifest) == (before, before.manifest)
