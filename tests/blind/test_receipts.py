"""S47: a receipt is the same, byte for byte, whether nobody else came or many did."""

import pytest
from django.urls import reverse
from django.utils import translation

from klash.core import chance, clock
from klash.core.models import AuditEvent
from klash.post.models import Message
from klash.problems import services as problem_services
from klash.proposals import services as proposal_services
from klash.proposals.models import Version
from klash.proposals.services.sealing import ensure_keys
from klash.teams import selectors as team_selectors
from tests.blind.crawl import client_of, get
from tests.blind.worlds import chance_of, undone
from tests.conftest import make_person
from tests.problems.conftest import make_submitted
from tests.proposals.pdf import pdf_bytes, upload
from tests.teams.conftest import call  # noqa: F401

pytestmark = pytest.mark.django_db(databases="__all__")
RIVALS = ("Luoto", "Myrsky")
PDF = pdf_bytes()


def seen(person, *addresses):
    """Return the pages and files of a receipt in each language, and every mail to the person."""
    replies = []
    for language in ("fi", "sv", "en"):
        with translation.override(language):
            replies += [get(client_of(person), reverse(name, kwargs=arguments)) for name, arguments in addresses]
    assert {row.status for row in replies} == {200}
    return replies, list(Message.objects.filter(to=person.email).order_by("pk").values_list("subject", "body", "message_id", "queued_at"))


def application(call, rivals):  # noqa: F811
    for name in rivals:
        call.submit(name)
    with chance_of("receipt"):
        submitted = call.submit("Kaarna", call.cast["member"], call.cast["member_2"])
    return seen(call.cast["leader"], ("teams:receipt", {"team": submitted.team.code}))


def proposal(contest, rivals, when="before"):
    with clock.at(contest.before):
        for name in (*rivals, "Kaarna"):
            with chance_of(f"file of {name}"):
                proposal_services.attach_file(actor=contest.people[name], proposal=contest.write(name), uploaded=upload("plan.pdf", PDF))
    with clock.at(getattr(contest, when)):
        ensure_keys(contest.challenge)
        for name in rivals:
            contest.submit(name)
        with chance_of("receipt"):
            version = contest.submit("Kaarna")
        own = {"competition": "klash-test", "team": contest.teams["Kaarna"].code, "receipt": version.receipt}
        return seen(contest.people["Kaarna"], ("proposals:receipt", own), ("proposals:receipt_json", own))


def late_proposal(contest, rivals):
    return proposal(contest, rivals, "after")


@pytest.fixture
def officers(world, cast):
    return world, cast["officer"]


def problem(officers, rivals):
    world, officer = officers
    with clock.at(world.middle_of("problem_call")):
        for name in rivals:
            make_submitted(world, make_person(name.lower()), "Vantaa")
        with chance_of("receipt"):
            submitted = make_submitted(world, officer)
        return seen(officer, ("problems:receipt", {"competition": "klash-test", "code": submitted.code}))


# receipt -> the fixture that it starts from
RECEIPTS = {application: "call", proposal: "contest", late_proposal: "contest", problem: "officers"}


def alone_and_among_many(receipt, request):
    """Return what the receiver sees in a world without rivals and in one where they came first."""
    start = request.getfixturevalue(RECEIPTS[receipt])
    return [undone(lambda rivals=rivals: receipt(start, rivals)) for rivals in ((), RIVALS)]


@pytest.mark.parametrize("receipt", RECEIPTS, ids=lambda receipt: receipt.__name__)
def test_a_receipt_tells_nothing_of_how_many_others_there_are(request, receipt):
    alone, among_many = alone_and_among_many(receipt, request)
    assert alone == among_many
    assert len(alone[1]) > 0


def place_in_the_log(patch):
    real = team_selectors.receipt_of
    patch.setattr(team_selectors, "receipt_of", lambda application: f"{real(application)} {AuditEvent.objects.count()}")


def running_number(patch):
    real = chance.code
    patch.setattr(chance, "code", lambda length=10: f"{Version.objects.count() + 1:016}" if length == 16 else real(length))


def size_of_the_log(patch):
    real = problem_services.fingerprint
    patch.setattr(problem_services, "fingerprint", lambda problem: f"{real(problem)} {AuditEvent.objects.count()}")


# fault -> the receipt that then tells
SOWN = {place_in_the_log: application, running_number: proposal, size_of_the_log: problem}


@pytest.mark.parametrize("sow", SOWN, ids=lambda sow: sow.__name__)
def test_seeded_faults_of_receipts(request, sow):
    with pytest.MonkeyPatch.context() as patch:
        sow(patch)
        alone, among_many = alone_and_among_many(SOWN[sow], request)
    assert alone != among_many
