"""What mentors give and what teams make of it: wish, advice, materials, the diary, the questions after a session."""

import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from klash.core import clock
from klash.core.errors import Denied, Refused
from klash.core.models import AuditEvent
from klash.mentoring import selectors, services
from klash.mentoring.models import Advice, DiaryEntry, Material, Session, TeamNeeds
from klash.post.models import Message
from klash.rules.reasons import Reason
from tests.conftest import make_person
from tests.mentoring.conftest import DAY

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)
BEFORE, DURING = DAY - timedelta(days=1), DAY + timedelta(minutes=15)


def url(name, *args):
    return reverse(f"mentoring:{name}", args=["klash-test", *args])


def refusal(call, kind=Refused, **values):
    with pytest.raises(kind) as caught, transaction.atomic():
        call(**values)
    return caught.value.reason


@pytest.fixture
def session(mentoring):
    return mentoring.plan()


@pytest.fixture
def begun(session):
    with clock.at(DURING):
        yield session


@pytest.fixture
def advice(begun, cast):
    return services.give_advice(actor=cast["mentor"], session=begun, text="Kysykää  ensin\nkolmelta kunnalta.")


def stranger(mentoring):
    return mentoring.mentors[1].person


# the wish


def test_any_member_writes_the_wish_until_the_session_begins(session, cast, enter):
    with clock.at(BEFORE):
        services.write_wish(actor=cast["leader"], session=session, text="Hinnoittelu")
        services.write_wish(actor=cast["member"], session=session, text=" Hinnoittelu ja kokeilut ")
        TeamNeeds.objects.create(team=session.team, needs=["Kunnan hankinnat"], avoid="Kilpailijaa")
        page = enter(cast["mentor"]).get(url("session", session.code)).content.decode()
    assert ("Hinnoittelu ja kokeilut" in page, "Kunnan hankinnat" in page, "Kilpailijaa" in page) == (True, True, False)
    with clock.at(DAY):
        assert refusal(services.write_wish, actor=cast["leader"], session=session, text="x") == Reason.WRONG_STATE
    assert Session.objects.get().wish == "Hinnoittelu ja kokeilut"


@pytest.mark.parametrize("who", ["mentor", "organiser", "outsider"])
def test_the_wish_is_the_teams_own(session, cast, who):
    with clock.at(BEFORE):
        assert refusal(services.write_wish, Denied, actor=cast[who], session=session, text="x") == Reason.NOT_YOURS


# advice


def test_advice_is_given_answered_and_answered_anew(mentoring, advice, cast):
    assert (advice.number, advice.text) == (1, "Kysykää ensin kolmelta kunnalta.")
    services.answer_advice(actor=cast["member"], advice=advice, answer="later", why="Kesällä", section="")
    services.answer_advice(actor=cast["leader"], advice=advice, answer="taken", why=" Kysyttiin ", section="solution")
    advice = Advice.objects.get()
    assert (advice.answer, advice.why, advice.section, advice.answered_by) == ("taken", "Kysyttiin", "solution", cast["leader"])
    told = AuditEvent.objects.filter(thing=f"advice/{advice.code}").order_by("number")
    assert [event.what for event in told] == ["advice.given", "advice.answered", "advice.answered"]
    assert [event.body for event in told] == [{}, {"answer": "later", "section": ""}, {"answer": "taken", "section": "solution"}]


def test_who_may_not_give_or_answer_advice(mentoring, session, advice, cast):
    give = {"session": session, "text": "x"}
    for who in (cast["leader"], cast["organiser"], stranger(mentoring)):
        assert refusal(services.give_advice, Denied, actor=who, **give) == Reason.NOT_YOURS
    with clock.at(BEFORE):
        assert refusal(services.give_advice, Denied, actor=cast["mentor"], **give) == Reason.NOT_OPEN_YET
    assert refusal(services.give_advice, actor=cast["mentor"], session=session, text=" \n ") == Reason.INCOMPLETE
    assert refusal(services.give_advice, actor=cast["mentor"], session=session, text="x" * 301) == Reason.TEXT_TOO_LONG
    answer = {"advice": advice, "answer": "taken"}
    for who in (cast["mentor"], cast["organiser"], mentoring.teams[1].memberships.get().person):
        assert refusal(services.answer_advice, Denied, actor=who, **answer) == Reason.NOT_YOURS
    for wrong in ({"answer": "maybe"}, {"section": "nothing"}):
        assert refusal(services.answer_advice, actor=cast["leader"], **{**answer, **wrong}) == Reason.INCOMPLETE


def test_advice_is_taken_back_while_it_has_no_answer(session, advice, cast):
    second = services.give_advice(actor=cast["mentor"], session=session, text="Toinen")
    services.answer_advice(actor=cast["leader"], advice=advice, answer="not_taken")
    assert refusal(services.take_back_advice, actor=cast["mentor"], advice=advice) == Reason.WRONG_STATE
    assert refusal(services.take_back_advice, Denied, actor=cast["leader"], advice=second) == Reason.NOT_YOURS
    services.take_back_advice(actor=cast["mentor"], advice=second)
    assert list(Advice.objects.values_list("text", flat=True)) == ["Kysykää ensin kolmelta kunnalta."]


def test_the_mentors_list_takes_each_point_once_and_says_what_the_server_has(begun, cast, enter):
    client, page = enter(cast["mentor"]), url("session", begun.code)
    key = re.search(r'name="once" value="(\w+)"', client.get(page).content.decode())[1]
    for _ in range(2):
        answer = client.post(url("give_advice", begun.code), {"text": "Pyytäkää lupa", "once": key})
        assert answer["Location"] == f"{page}#advice"
    text = client.get(page).content.decode()
    assert (text.count('<li><span lang="fi">Pyytäkää lupa'), 'data-taken="Pyytäkää lupa"' in text) == (1, True)
    assert client.post(url("give_advice", begun.code), {"text": ""}).status_code == 200
    assert client.post(url("take_back_advice", Advice.objects.get().code))["Location"] == f"{page}#advice"
    assert not Advice.objects.exists()


@pytest.mark.parametrize("is_htmx", [True, False])
def test_the_team_answers_with_and_without_scripts(advice, cast, enter, is_htmx):
    client = enter(cast["leader"])
    assert "Kysykää ensin" in client.get(url("advice"), {"show": "waiting"}).content.decode()
    more = {"headers": {"HX-Request": "true"}} if is_htmx else {}
    wrong = client.post(url("answer_advice", advice.code), {"answer": "", "why": "Kirjoitettu"}, **more).content.decode()
    assert ("Kirjoitettu" in wrong, "<html" in wrong) == (True, not is_htmx)
    given = client.post(url("answer_advice", advice.code), {"answer": "taken", "why": "Hyvä", "section": "impact"}, **more)
    if is_htmx:
        assert "Hyvä" in given.content.decode() and "<html" not in given.content.decode()
    else:
        assert given["Location"] == f"{url('advice')}#advice-{advice.code}"
    assert "Kysykää ensin" not in client.get(url("advice"), {"show": "waiting"}).content.decode()
    assert "Hyvä" in enter(cast["mentor"]).get(url("session", advice.session.code)).content.decode()


def test_the_staff_sees_figures_and_not_the_words(session, advice, cast, enter):
    services.give_material(actor=cast["mentor"], session=session, title="SALAINEN aineisto", text="x")
    services.answer_advice(actor=cast["leader"], advice=advice, answer="taken", why="SALAINEN syy")
    client = enter(cast["organiser"])
    text = client.get(url("session", session.code)).content.decode()
    assert ("1 neuvo" in text, "Kysykää ensin" in text, "SALAINEN" in text) == (True, False, False)
    for page in (url("advice"), url("diary"), url("materials")):
        assert client.get(page).status_code == 404


# materials


def test_a_material_is_given_to_one_team_and_offered_to_all_of_its_challenge(mentoring, session, cast):
    luoto, myrsky = mentoring.teams[1], mentoring.teams[2]
    material = services.give_material(actor=cast["mentor"], session=session, title="Opas", link="https://example.org/opas")
    assert [selectors.materials_of(team) for team in (luoto, myrsky)] == [selectors.Materials((), ())] * 2
    before = Message.objects.count()
    for _ in range(2):
        services.offer_to_all(actor=cast["mentor"], material=Material.objects.get())
    assert selectors.materials_of(luoto) == selectors.Materials((), (material,))
    assert selectors.materials_of(session.team) == selectors.Materials((material,), ())
    assert selectors.materials_of(myrsky) == selectors.Materials((), ())
    mails = Message.objects.order_by("-pk")[:Message.objects.count() - before]
    assert [mail.to for mail in mails] == ["luoto@example.org"]
    assert "Opas" in mails[0].body and "/mentoring/materials/" in mails[0].body


def test_materials_that_are_refused(mentoring, session, cast, enter):
    give = {"actor": cast["mentor"], "session": session}
    for wrong in ({"title": " ", "text": "x"}, {"title": "x"}, {"title": "x", "link": "http://example.org/"}, {"title": "x", "link": "javascript:alert(1)"}):
        assert refusal(services.give_material, **give, **wrong) == Reason.INCOMPLETE
    material = services.give_material(**give, title="x", text="y")
    for who in (cast["leader"], cast["organiser"], stranger(mentoring)):
        assert refusal(services.offer_to_all, Denied, actor=who, material=material) == Reason.NOT_YOURS
    client = enter(cast["mentor"])
    page = client.post(url("give_material", session.code), {"title": "Opas", "link": "http://example.org/"}).content.decode()
    assert "id_link" not in page and "material_link_error" in page
    assert client.post(url("give_material", session.code), {"title": "Opas", "link": "example.org/a"})["Location"].endswith("#materials")
    assert Material.objects.last().link == "https://example.org/a"
    assert client.post(url("offer_material", material.code)).status_code == 302
    assert Material.objects.get(pk=material.pk).offered_at is not None


# the diary


def test_the_diary_is_written_by_all_members_and_changed_by_its_author(mentoring, session, cast, enter):
    team = mentoring.teams[0]
    with clock.at(DURING):
        services.hold_session(actor=cast["mentor"], session=session)
    client = enter(cast["member"])
    assert client.post(url("diary"), {"text": "Opimme kysymään.", "session": session.code})["Location"] == url("diary")
    entry = DiaryEntry.objects.get()
    assert (entry.author, entry.session, entry.team) == (cast["member"], session, team)
    leader = enter(cast["leader"])
    assert "Opimme kysymään." in leader.get(url("diary")).content.decode()
    assert [leader.get(url("change_entry", entry.code)).status_code, leader.post(url("delete_entry", entry.code)).status_code] == [404, 404]
    client = enter(cast["member"])
    assert client.post(url("change_entry", entry.code), {"text": "Opimme kuuntelemaan."})["Location"] == url("diary")
    entry.refresh_from_db()
    assert (entry.text, entry.changed_at is not None) == ("Opimme kuuntelemaan.", True)
    client.post(url("delete_entry", entry.code))
    assert not DiaryEntry.objects.exists()
    assert not AuditEvent.objects.filter(thing=f"diary/{entry.code}").exclude(body={}).exists()


def test_nobody_else_writes_in_the_diary(mentoring, session, cast):
    write = {"team": mentoring.teams[0], "text": "x"}
    for who in (cast["mentor"], cast["organiser"], mentoring.teams[1].memberships.get().person):
        assert refusal(services.write_entry, Denied, actor=who, **write) == Reason.NOT_YOURS
    assert refusal(services.write_entry, actor=cast["leader"], **{**write, "text": " "}) == Reason.INCOMPLETE
    other = mentoring.plan(team=1, mentor=1)
    assert refusal(services.write_entry, Denied, actor=cast["leader"], session=other, **write) == Reason.NOT_YOURS
    entry = services.write_entry(actor=cast["leader"], **write)
    assert refusal(services.change_entry, Denied, actor=cast["member"], entry=entry, text="y") == Reason.NOT_YOURS


# the questions after a session


def test_each_side_is_asked_its_own_questions(begun, cast, enter):
    services.hold_session(actor=cast["mentor"], session=begun)
    give = {"session": begun, "mark": 4, "text": "x"}
    assert refusal(services.give_feedback, actor=cast["mentor"], frankness=3, **give) == Reason.INCOMPLETE
    assert refusal(services.give_feedback, actor=cast["leader"], needs="y", **give) == Reason.INCOMPLETE
    assert refusal(services.give_feedback, actor=cast["leader"], frankness=6, **give) == Reason.INCOMPLETE
    assert enter(cast["leader"]).post(url("feedback", begun.code), {"mark": 4}).status_code == 200  # frankness is asked
    assert enter(cast["leader"]).post(url("feedback", begun.code), {"mark": 4, "frankness": 5}).status_code == 302
    assert enter(cast["mentor"]).post(url("feedback", begun.code), {"mark": 5, "text": "Into", "needs": "Rahoitus"}).status_code == 302
    rows = begun.feedback.order_by("side").values_list("side", "mark", "frankness", "text", "needs")
    assert list(rows) == [("mentor", 5, None, "Into", "Rahoitus"), ("team", 4, 5, "", "")]
    assert "Rahoitus" in enter(cast["leader"]).get(url("session", begun.code)).content.decode()


# what the pages cost


def test_the_pages_cost_the_same_at_one_row_and_at_thirty(mentoring, begun, cast, enter):
    pages = [("leader", url("advice")), ("leader", url("diary")), ("leader", url("materials")), ("leader", url("session", begun.code)), ("mentor", url("session", begun.code))]

    def fill(count):
        for number in range(count):
            services.give_advice(actor=cast["mentor"], session=begun, text=f"Neuvo {number}")
            services.give_material(actor=cast["mentor"], session=begun, title=f"Opas {number}", text="x")
            DiaryEntry.objects.create(team=begun.team, author=make_person(f"jäsen{DiaryEntry.objects.count()}"), text="x", session=begun, written_at=DAY)

    def costs():
        found = []
        for who, page in pages:
            client = enter(cast[who])
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            found.append(len(queries))
        return found

    fill(1)
    one = costs()
    fill(29)
    assert costs() == one
    assert max(one) <= 12, one
