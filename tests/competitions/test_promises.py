"""Promises: made, changed with a reason that is mailed, counted where the software knows, marked where it does not, overdue on the desk."""

from datetime import timedelta

import pytest

from klash.competitions import selectors, services
from klash.competitions.models import Promise, StageKind
from klash.competitions.receivers import faults_of_promises
from klash.core import clock
from klash.core.errors import Denied, Refused
from klash.core.models import AuditEvent
from klash.desk.selectors import desk
from klash.post.models import Message
from klash.problems import services as problems
from klash.rules.promises import Verdict
from klash.rules.reasons import Reason
from tests.conftest import START

pytestmark = pytest.mark.django_db(databases="__all__")
TEXT = {"fi": "Haasteita julkaistaan.", "sv": "Utmaningar publiceras."}
DUE = (START + timedelta(days=30)).date()
LATER = START + timedelta(days=40)


def make(world, cast, **more):
    columns = {"kind": "challenges", "text": TEXT, "low": 4, "high": 6, "due_on": DUE, **more}
    return services.make_promise(actor=cast["organiser"], competition=world.competition, **columns)


def change(promise, actor, **more):
    return services.change_promise(actor=actor, promise=promise, **{"text": promise.text, "due_on": promise.due_on, "reason": "Syy.", **more})


def standing(world, now=LATER):
    return selectors.standings(world.competition, now)[0]


@pytest.fixture
def reported(world, cast, at):
    with at(StageKind.PROBLEM_CALL):
        return problems.start_problem(actor=cast["officer"], competition=world.competition, municipality=world.municipalities["Janakkala"])


def test_a_range_is_changed_with_a_reason_and_those_concerned_are_told(world, cast, reported, at):
    promise = make(world, cast)
    with at(LATER):
        made = change(promise, cast["organiser"], low=3, high=3)
        assert (made.before["low"], made.before["high"], made.after["low"], made.reason) == (4, 6, 3, "Syy.")
        assert [message.to for message in Message.objects.filter(event=made.event)] == [cast["officer"].email]
        assert [(row.reason, told) for row, told in standing(world).changes] == [("Syy.", 1)]
        assert change(promise, cast["organiser"], low=3, high=3) is None
    assert list(AuditEvent.objects.filter(thing__startswith="promise/").order_by("number").values_list("what", flat=True)) == ["promise.made", "promise.changed"]
    assert faults_of_promises() == []


def test_a_promise_that_only_teams_have_is_not_told_to_reporters(world, cast, reported):
    made = change(make(world, cast, kind="teams"), cast["organiser"], low=1, high=2)
    assert not Message.objects.filter(event=made.event).exists()


@pytest.mark.parametrize(("columns", "reason"), [
    ({"low": None, "high": None}, Reason.INCOMPLETE), ({"low": 6, "high": 4}, Reason.RANGE_REVERSED), ({"text": {"sv": "x"}}, Reason.INCOMPLETE),
])
def test_a_promise_without_words_or_number_is_refused(world, cast, columns, reason):
    with pytest.raises(Refused) as caught:
        make(world, cast, **columns)
    assert caught.value.reason == reason


def test_who_may_not_and_what_may_not(world, cast):
    promise = make(world, cast)
    acts = [
        (lambda: change(promise, cast["officer"]), Denied, Reason.NO_ROLE), (lambda: change(promise, cast["registrar"], reason=" "), Refused, Reason.NO_REASON_GIVEN),
        (lambda: services.mark_promise(actor=cast["organiser"], promise=promise, is_kept=True, evidence="On."), Refused, Reason.COUNTED_ITSELF),
        (lambda: services.mark_promise(actor=cast["organiser"], promise=promise, is_kept=False, evidence=""), Refused, Reason.NO_REASON_GIVEN),
        (lambda: services.remove_promise(actor=cast["organiser"], promise=promise), Denied, Reason.FROZEN),
    ]
    for act, error, reason in acts:
        with pytest.raises(error) as caught:
            act()
        assert caught.value.reason == reason
    assert not promise.changes.exists()


def test_feedback_is_overdue_until_everyone_has_it(world, cast, at, reported):
    make(world, cast, kind="feedback_problems", low=None, high=None)
    assert standing(world, START).verdict == Verdict.OPEN
    assert standing(world).verdict == Verdict.OVERDUE


def test_the_desk_tells_what_is_overdue_until_a_person_says_how_it_went(world, cast, at):
    promise = make(world, cast, kind="other", low=None, high=None)

    def waiting():
        return [step.about for step in desk(world.competition, clock.now()).steps if step.url.endswith("/promises/")]

    with at(START + timedelta(days=30)):
        assert waiting() == []
    with at(LATER):
        assert waiting() == [TEXT]
        services.mark_promise(actor=cast["organiser"], promise=promise, is_kept=True, evidence="Pidettiin 20.2.")
        assert (waiting(), standing(world).verdict) == ([], Verdict.KEPT_LATE)
        change(promise, cast["organiser"], due_on=(LATER + timedelta(days=1)).date())
        assert (standing(world).promise.is_kept, standing(world).verdict) == (None, Verdict.OPEN)


def test_verify_sees_a_promise_that_was_rewritten_past_the_services(world, cast):
    make(world, cast)
    Promise.objects.update(low=3)
    assert faults_of_promises() == ["promise/klash-test/challenges: it is not what was promised or marked"]
    Promise.objects.all().delete()
    assert faults_of_promises() == ["promise/klash-test/challenges: it was promised and is gone"]


def test_pages_write_change_and_mark(world, cast, enter, client):
    client = enter(cast["organiser"])
    page = "/c/klash-test/promises/"
    sent = {"kind": "other", "text_fi": "Järjestetään tilaisuus.", "text_sv": "Ett möte ordnas.", "due_on": "2026-02-10"}
    assert client.post(f"{page}add/", {**sent, "kind": "teams"}).status_code == 422  # a number is missing
    assert client.post(f"{page}add/", sent).status_code == 302
    assert client.post(f"{page}other/change/", {**sent, "due_on": "2026-02-20"}).status_code == 422  # a reason is missing
    assert client.post(f"{page}other/change/", {**sent, "due_on": "2026-02-20", "reason": "Sali oli varattu."}).status_code == 302
    assert client.post(f"{page}other/mark/", {"is_kept": "yes", "evidence": "Pidettiin etänä."}).status_code == 302
    client.logout()
    shown = client.get(page).content.decode()
    assert all(word in shown for word in ("Järjestetään tilaisuus.", "10.2.2026", "20.2.2026", "Sali oli varattu.", "Pidettiin etänä.", "pidetty"))
