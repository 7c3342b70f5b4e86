"""Those with like problems write to one another, the organiser brings them together, and it is told who has seen the feedback."""

import pytest
from django.urls import reverse

from klash.competitions.models import StageKind
from klash.core.errors import Denied, Refused
from klash.core.models import AuditEvent
from klash.post.models import Message
from klash.problems import selectors, services
from klash.problems.models import FeedbackSeen, Talk
from klash.rules.reasons import Reason
from tests.conftest import make_person
from tests.problems.conftest import decide_all, judged, make_submitted, refreshed, release, submitted  # noqa: F401

pytestmark = pytest.mark.django_db(databases="__all__")
WORD = "Miten te olette ratkaisseet kyydit?"


def begin(actor, problem, others, text=WORD):
    return services.begin_talk(actor=actor, problem=problem, others=others, text=text)


def refused(do, *args, **kwargs):
    with pytest.raises((Refused, Denied)) as error:
        do(*args, **kwargs)
    return error.value.reason


@pytest.fixture
def told(world, cast, at, judged):  # noqa: F811
    """The decisions are released: one chosen, two not."""
    with at(StageKind.CHALLENGE_SHAPING):
        decide_all(world, cast["organiser"], judged, 1)
        release(world, cast["organiser"])
        yield refreshed(judged)


def test_a_message_reaches_those_who_write_the_others_and_nobody_else_reads_it(cast, at, submitted, client):  # noqa: F811
    mine, third = submitted[0], submitted[2]
    other = third.officer
    Message.objects.all().delete()
    with at(StageKind.PROBLEM_SELECTION):
        talk = begin(cast["officer"], mine, [third])
        assert [mail.to for mail in Message.objects.all()] == [other.email]
        services.write_message(actor=other, talk=talk, text="Kutsutaksilla.")
        assert Message.objects.order_by("pk").last().to == cast["officer"].email
        page = reverse("problems:talk", args=[mine.chain, talk.code])
        found = {}
        for who in (cast["officer"], other, cast["organiser"], cast["panellist"], make_person("stranger")):
            client.force_login(who)
            found[who.email.partition("@")[0]] = client.get(page).status_code
    assert found == {"officer": 200, "other_officer": 200, "organiser": 404, "panellist": 404, "stranger": 404}
    assert not [event for event in AuditEvent.objects.all() if WORD in str(event.body)]


def test_who_may_begin_and_with_whom(world, cast, at, submitted):  # noqa: F811
    mine, second, third = submitted
    with at(StageKind.PROBLEM_SELECTION):
        assert refused(begin, cast["outsider"] if "outsider" in cast else make_person("x"), mine, [third]) == Reason.NOT_YOURS
        assert refused(begin, cast["officer"], mine, []) == refused(begin, cast["officer"], mine, [mine]) == Reason.NOTHING_CHOSEN
        assert refused(begin, cast["officer"], mine, [third], " ") == Reason.INCOMPLETE
        talk = begin(cast["officer"], mine, [third])
        assert refused(services.write_message, actor=cast["organiser"], talk=talk, text="Hei.") == Reason.NOT_YOURS
        assert refused(services.introduce, actor=cast["officer"], competition=world.competition, problems=[mine, third], text=WORD) == Reason.NO_ROLE
    with at(StageKind.PROBLEM_CALL):
        draft = services.withdraw_problem(actor=third.officer, problem=third)
        assert refused(begin, cast["officer"], mine, [draft]) == Reason.NOT_TWO_REPORTS


def test_the_organiser_brings_together_and_reads_the_answers(world, cast, told):
    Message.objects.all().delete()
    talk = services.introduce(actor=cast["organiser"], competition=world.competition, problems=told[1:], text="Teillä on sama asia.")
    assert sorted(mail.to for mail in Message.objects.all()) == ["officer@example.org", "other_officer@example.org"]
    assert Talk.objects.of(cast["organiser"]).get() == talk and [row.pk for row in selectors.introductions(world.competition)] == [talk.pk]
    assert [row.pk for row in selectors.talks_of(told[1])] == [talk.pk]


def test_opening_the_page_is_seeing_the_feedback(world, cast, told, client):
    chain = world.competition.code
    assert [row.first for row in selectors.seen(world.competition)] == [None] * 3
    for who in (cast["organiser"], make_person("stranger"), cast["officer"], cast["officer"]):
        client.force_login(who)
        client.get(reverse("problems:problem", args=[chain, told[0].code]))
    (row,) = FeedbackSeen.objects.all()
    assert (row.person, row.problem) == (cast["officer"], told[0])
    assert [row.first is None for row in selectors.seen(world.competition)] == [True, True, False]
    Message.objects.all().delete()
    for _time in range(2):
        services.remind_of_feedback(actor=cast["organiser"], competition=world.competition, problems=told)
    assert sorted(Message.objects.values_list("to", flat=True)) == ["officer@example.org", "other_officer@example.org"]
    assert refused(services.remind_of_feedback, actor=cast["officer"], competition=world.competition, problems=told) == Reason.NO_ROLE


def test_pages(world, cast, told, client):
    chain = world.competition.code
    client.force_login(cast["officer"])
    page = reverse("problems:partners", args=[chain, told[1].code])
    assert page in client.get(reverse("problems:problem", args=[chain, told[1].code])).content.decode()
    assert client.post(page, {"text": WORD}).status_code == 409
    answer = client.post(page, {"text": WORD, "problem": [told[2].code]})
    assert answer.status_code == 302 and WORD in client.get(answer["Location"]).content.decode()
    assert client.post(answer["Location"], {"text": ""}).status_code == 422
    assert client.post(answer["Location"], {"text": "Lisää."}).status_code == 302
    client.force_login(cast["organiser"])
    matches = reverse("problems:matches", args=[chain])
    assert client.get(matches).status_code == 200
    assert client.post(matches, {"problem": [told[1].code], "text": "Hei."}).status_code == 409
    assert client.post(matches, {"problem": [told[1].code, told[2].code], "text": "Hei."}).status_code == 302
    seen = reverse("problems:seen", args=[chain])
    assert b"as=csv" in client.get(seen).content
    assert client.post(seen, {"problem": [told[2].code]}).status_code == 302
    client.force_login(make_person("stranger"))
    assert [client.get(path).status_code for path in (page, matches, seen, answer["Location"])] == [404] * 4
