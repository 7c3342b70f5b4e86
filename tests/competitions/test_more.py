"""More information asked after something was handed in: only the named fields open, only until the time, nothing judged half way."""

from datetime import timedelta

import pytest
from django.urls import reverse

from klash.competitions import selectors
from klash.competitions import services as competitions
from klash.competitions.models import MoreInformation, StageKind
from klash.core import clock
from klash.core.errors import Denied, IllegalMove, Refused
from klash.core.models import AuditEvent
from klash.post.models import Message
from klash.problems import selectors as problem_reads
from klash.problems import services as problems
from klash.rules.reasons import Reason
from klash.rules.states import MoreState
from tests.conftest import make_person
from tests.problems.conftest import TEXTS, make_round, refreshed, submitted  # noqa: F401

pytestmark = pytest.mark.django_db(databases="__all__")
ASKED = "Kuinka monta ihmistä asia koskee?"


@pytest.fixture
def waiting(world, cast, at, submitted):  # noqa: F811
    """A submitted problem of which the organiser has asked who is affected, a week after the call."""
    with at(StageKind.PROBLEM_SELECTION):
        yield submitted[0], ask(cast["organiser"], submitted[0])


def ask(actor, problem, fields=("affected",), text=ASKED, until=None):
    until = until or clock.now() + timedelta(days=7)
    return problems.ask_for_more(actor=actor, problem=problem, fields=fields, text=text, until=until)


def refused(call, *args, **kwargs):
    with pytest.raises((Refused, Denied, IllegalMove)) as error:
        call(*args, **kwargs)
    return error.value.reason


def give(actor, problem, row, **given):
    return problems.give_more(actor=actor, problem=problem, row=row, given=given)


def test_only_the_named_field_changes_and_what_stood_there_is_kept(cast, waiting):
    problem, row = waiting
    before = problems.fingerprint(problem)
    assert problem_reads.screening_counts(problem.competition)["needs_more"] == 1
    Message.objects.all().delete()
    give(cast["officer"], problem, row, affected="Tuhat asukasta.", goal="Jotain muuta.", summary="Toinen.")
    (problem,) = refreshed([problem])
    row.refresh_from_db()
    assert (problem.answers["affected"], problem.answers["goal"], problem.summary) == ("Tuhat asukasta.", TEXTS["goal"], TEXTS["summary"])
    assert (row.state, row.before, row.answered_by) == (MoreState.ANSWERED, {"affected": TEXTS["affected"]}, cast["officer"])
    assert problems.fingerprint(problem) != before
    event = AuditEvent.objects.get(what="more_information.answered")
    assert event.body["fingerprint"] == problems.fingerprint(problem)
    assert problem_reads.screening_counts(problem.competition)["waiting"] == 3
    (mail,) = Message.objects.all()
    assert mail.to == "officer@example.org" and problems.fingerprint(problem) in mail.body
    assert refused(give, cast["officer"], problem, row, affected="Vielä.") == Reason.WRONG_STATE


def test_time_right_and_form_are_kept(world, cast, waiting, at):
    problem, row = waiting
    for who in ("outsider", "organiser", "panellist"):
        assert refused(give, cast[who], problem, row, affected="x") == Reason.NOT_YOURS
    assert refused(give, cast["officer"], problem, row, affected=" ") == Reason.INCOMPLETE
    for moment, reason in ((row.until, None), (row.until + timedelta(milliseconds=1), Reason.DEADLINE_PASSED)):
        with clock.at(moment):
            if reason:
                assert refused(give, cast["officer"], problem, row, affected="x") == reason
            else:
                assert row.is_awaited(clock.now())
    assert refreshed([problem])[0].answers["affected"] == TEXTS["affected"]


def test_who_may_ask_and_what(world, cast, at, waiting):
    problem, row = waiting
    other = world.competition.problems.exclude(pk=problem.pk).first()
    for who in ("officer", "panellist", "juror", "outsider"):
        assert refused(ask, cast[who], other) == Reason.NO_ROLE
    assert refused(ask, cast["organiser"], other, fields=["nothing"]) == Reason.NOTHING_CHOSEN
    assert refused(ask, cast["organiser"], other, text=" ") == Reason.NO_REASON_GIVEN
    assert refused(ask, cast["organiser"], other, until=clock.now()) == Reason.TIME_IS_OVER
    assert refused(ask, cast["organiser"], problem) == Reason.MORE_AWAITED
    competitions.take_back_more(actor=cast["organiser"], row=row)
    assert refused(give, cast["officer"], problem, row, affected="x") == Reason.WRONG_STATE
    ask(cast["registrar"], problem, fields=["affected", "summary"])
    assert MoreInformation.objects.count() == 2


def test_the_panels_round_waits_for_the_answer_and_closes_the_fields(world, cast, waiting):
    problem, row = waiting
    assert refused(make_round, world, cast) == Reason.MORE_AWAITED
    give(cast["officer"], problem, row, affected="Tuhat asukasta.")
    round_ = make_round(world, cast)
    texts = [section["text"] for entry in round_.entries.all() for section in entry.sections]
    assert "Tuhat asukasta." in texts
    assert refused(ask, cast["organiser"], problem) == Reason.FROZEN


def test_what_was_not_answered_in_time_holds_nothing_up(world, cast, waiting):
    problem, row = waiting
    with clock.at(row.until + timedelta(seconds=1)):
        assert not selectors.is_awaited(world.competition, "problem", clock.now())
        again = ask(cast["organiser"], problem)
    row.refresh_from_db()
    assert (row.state, again.state) == (MoreState.TAKEN_BACK, MoreState.ASKED)


def test_the_pages_ask_answer_and_tell(world, cast, waiting, client):
    problem, row = waiting
    code = world.competition.code
    client.force_login(cast["officer"])
    page = reverse("problems:more", args=[code, problem.code])
    assert page in client.get(reverse("problems:problem", args=[code, problem.code])).content.decode()
    assert page in client.get(reverse("portal:tasks")).content.decode()
    shown = client.get(page).content.decode()
    assert ASKED in shown and TEXTS["affected"] in shown and TEXTS["goal"] not in shown
    assert client.post(page, {"affected": ""}).status_code == 409
    assert client.post(page, {"affected": "Tuhat asukasta."}).status_code == 302
    assert "Tuhat" not in client.post(page, {"affected": "Toiset"}).content.decode().partition("<main")[2].partition("textarea")[0]
    client.force_login(cast["organiser"])
    ask_page = reverse("problems:ask", args=[code, problem.code])
    assert ASKED in client.get(reverse("problems:screen", args=[code, problem.code])).content.decode()
    until = (clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    assert client.post(ask_page, {"fields_open": ["goal"], "text": "", "until": until}).status_code == 409
    assert client.post(ask_page, {"fields_open": ["goal"], "text": "Mikä on tavoite?", "until": until}).status_code == 302
    assert client.post(reverse("problems:take_back_more", args=[code, problem.code])).status_code == 302
    assert MoreInformation.objects.filter(state=MoreState.TAKEN_BACK).count() == 1
    client.force_login(make_person("stranger"))
    assert client.get(page).status_code == client.get(ask_page).status_code == 404
