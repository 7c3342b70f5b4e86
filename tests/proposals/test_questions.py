"""The jury asks a team by code name and hears back, and neither learns who the other is (S26 `qa_batch`, A38 `qa_minutes`)."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction
from django.urls import reverse

from klash.competitions.models import StageKind
from klash.core import audit, clock
from klash.core.errors import Denied, IllegalMove, Refused
from klash.core.models import AuditEvent
from klash.post.models import Message
from klash.proposals import selectors, services
from klash.proposals.models import TeamQuestion
from klash.proposals.services.sealing import open_asked
from klash.reviewing import selectors as reading
from klash.reviewing import services as reviewing
from klash.reviewing.bridge import clearing
from klash.reviewing.models import AnswerText, Entry, Question, QuestionBatch
from klash.rules.reasons import Reason
from tests.blind.checks import differences
from tests.guards import unguard_minutes

pytestmark = pytest.mark.django_db(databases="__all__")
JURY = "reviewing"
HOUR = timedelta(hours=1)
ASKED, TELLING = "Miten kyyti tilataan kylältä?", "Kuka teistä on Virtanen? Soittakaa 040 123 4567."
DRAWN = re.compile(rb'name="(?:csrfmiddlewaretoken|once)" value="[^"]*"|"X-CSRFToken": "[^"]*"')
LOOKED = re.compile(r'name="looked" value="([^"]+)"')
ANSWER = "Kyyti tilataan puhelimella tai kioskilta."


class Asking:
    """A jury that may ask: what it asks, and how it goes on."""

    def __init__(self, contest):
        self.contest, self.cast = contest, contest.cast
        self.start = contest.world.middle_of(StageKind.JUDGING)
        self.answers_by, self.releases_at = self.start + 24 * HOUR, self.start + 48 * HOUR
        for seat in contest.seats():
            reviewing.take_seat(actor=seat, terms_hash=seat.round.terms_hash)

    @property
    def round(self):
        return selectors.round_of(self.contest.challenge)

    @property
    def opening(self):
        return selectors.opening_of(self.contest.challenge)

    def entry(self, name="Kaarna"):
        return reading.copy_of(self.round, Entry.objects.using(JURY).get(title=f"Kyytipooli {name}").code)

    def ask(self, name="Kaarna", text=ASKED, seat=1):
        return reviewing.ask_question(actor=self.contest.seats()[seat], entry=self.entry(name), text=text)

    def propose(self, **times):
        times = {"answers_by": self.answers_by, "releases_at": self.releases_at, **times}
        return reviewing.propose_questions(actor=self.cast["registrar"], round=self.round, **times)

    def send(self, *names):
        for name in names or ("Kaarna",):
            self.ask(name)
        return services.send_questions(actor=self.cast["organiser"], opening=self.opening, batch=self.propose())

    def members(self, name):
        return [row.person for row in self.contest.teams[name].memberships.select_related("person")]

    def own(self, name="Kaarna"):
        return TeamQuestion.objects.select_related("proposal__team__challenge__competition").get(proposal__team=self.contest.teams[name])

    def answer(self, name="Kaarna", text=ANSWER):
        return services.answer_question(actor=self.contest.people[name], question=self.own(name), text=text)

    def clear_all(self):
        for row in Question.objects.using(JURY).filter(state="answered").select_related("entry__round"):
            reviewing.clear_answer(actor=self.cast["registrar"], question=row, seen=row.answers.using(JURY).last().hash)

    def release(self):
        """Let the deadline pass, clear what has come, and go to the instant of the release."""
        with clock.at(self.answers_by + HOUR):
            services.carry_questions()
            self.clear_all()
        clock.hold(self.releases_at)

    def read(self, seat=1):
        return reading.minutes_for(self.contest.seats()[seat], clock.now())

    def url(self, name, *more):
        return reverse(f"proposals:{name}", args=[self.contest.world.competition.code, self.contest.challenge.code, *more])

    def page(self, client, who="registrar"):
        client.force_login(self.cast[who])
        return client.get(self.url("jury_questions")).content.decode()

    def own_url(self, name="Kaarna", *more):
        code = self.contest.teams[name].code
        return reverse(f"proposals:{'answer' if more else 'questions'}", args=[self.contest.world.competition.code, code, *more])


def refused(call, **given):
    """Return why a call is refused."""
    with pytest.raises((Denied, IllegalMove, Refused)) as raised, transaction.atomic(), transaction.atomic(using=JURY):
        call(**given)
    return raised.value.reason


def faults():
    return [fault for fault in audit.recheck() if "question" in fault]


def sent(code="question.asked", using=JURY):
    return AuditEvent.objects.using(using).filter(what=code)


@pytest.fixture
def asking(contest):
    competition = contest.world.competition
    competition.takes_questions = True
    competition.save(update_fields=["takes_questions"])
    audit.record("competition.published", actor=audit.System(), competition=competition.code, thing=f"competition/{competition.code}",
                 body={"takes_questions": True})
    contest.open()
    found = Asking(contest)
    with clock.at(found.start):
        yield found


def test_qa_batch_all_answers_are_released_at_one_time(asking):
    asking.send("Kaarna", "Luoto", "Myrsky")
    assert {row.question for row in TeamQuestion.objects.all()} == {ASKED}
    asking.answer("Kaarna")
    asking.answer("Luoto", "Luodolla ei ole lippua.")
    with clock.at(asking.answers_by + HOUR):
        assert services.carry_questions() == (0, 1)
        assert services.carry_questions() == (0, 0)
        asking.clear_all()
    with clock.at(asking.releases_at - timedelta(milliseconds=1)):
        assert [(row.answer, row.is_released) for row in asking.read()] == [("", False)] * 3
    with clock.at(asking.releases_at):
        assert {(row.question.entry.title[-6:], row.answer) for row in asking.read()} == {
            ("Kaarna", ANSWER), (" Luoto", "Luodolla ei ole lippua."), ("Myrsky", "")
        }
    assert faults() == []


def test_qa_batch_one_that_is_not_cleared_holds_back_all(asking):
    asking.send("Kaarna", "Luoto")
    asking.answer("Kaarna")
    asking.answer("Luoto")
    with clock.at(asking.answers_by + HOUR):
        services.carry_questions()
        row = Question.objects.using(JURY).select_related("entry__round").filter(state="answered").order_by("pk")[0]
        reviewing.clear_answer(actor=asking.cast["registrar"], question=row, seen=row.answers.using(JURY).last().hash)
    with clock.at(asking.releases_at + HOUR):
        assert not any(row.is_released for row in asking.read())
        asking.clear_all()
        assert [row.answer for row in asking.read()] == [ANSWER, ANSWER]


def pages_of_a_juror(asking, client):
    """Return what a juror's pages are, without what every answer draws anew."""
    seat = asking.contest.seats()[1]
    client.force_login(asking.cast["juror"])
    urls = [reverse("reviewing:questions", args=[seat.round.code]), reverse("reviewing:round", args=[seat.round.code]),
            reverse("reviewing:entry", args=[seat.round.code, asking.entry().code])]
    return [DRAWN.sub(b"", client.get(url).content) for url in urls]


@pytest.mark.parametrize("has_come", [True, False], ids=["after its deadline, cleared", "while it runs"])
def test_qa_batch_before_the_release_a_jurors_pages_are_the_same_whether_an_answer_came(asking, client, has_come):
    asking.send("Kaarna", "Luoto")
    at = asking.releases_at - HOUR if has_come else asking.start + HOUR
    with transaction.atomic(), transaction.atomic(using=JURY):
        asking.answer("Kaarna")
        if has_come:
            with clock.at(asking.answers_by + HOUR):
                services.carry_questions()
                asking.clear_all()
        with clock.at(at):
            answered = pages_of_a_juror(asking, client)
        transaction.set_rollback(True)
        transaction.set_rollback(True, using=JURY)
    with clock.at(at):
        assert differences(dict(enumerate(pages_of_a_juror(asking, client))), dict(enumerate(answered))) == []
    assert ANSWER.encode() not in b"".join(answered)


def test_qa_batch_the_jurors_page_shows_the_answers_from_the_instant_on(asking, client):
    asking.send("Kaarna", "Luoto")
    asking.answer("Kaarna")
    asking.release()
    said = b"".join(pages_of_a_juror(asking, client)).decode()
    assert said.count(ANSWER) == 2  # in the minutes and beside the entry
    assert said.count("Vastausta ei tullut.") == 1


# -- the checker and the minutes ------------------------------------------------------------------------------------------


def unmarked(page):
    """Return which of the words that tell somebody the page does not mark."""
    return [word for word in ("040 123 4567",) if f"<mark>{word}</mark>" not in page]


def test_qa_minutes_a_question_passes_the_checker_and_stands_in_the_minutes(asking, client):
    asking.ask(text=TELLING)
    page = asking.page(client)
    assert unmarked(page) == []
    assert asking.entry().code in page
    question = Question.objects.using(JURY).get()
    client.post(asking.url("return_question", question.code), {"reason": "Kysymys paljastaisi tekijän."})
    assert [(row.question.text, row.question.reason) for row in reading.minutes(asking.round, clock.now())] == [(TELLING, "Kysymys paljastaisi tekijän.")]
    assert "Kysymys paljastaisi tekijän." in b"".join(pages_of_a_juror(asking, client)).decode()
    assert [row.question.text for row in asking.read(seat=0)] == []  # another juror's question that was not sent
    assert refused(reviewing.return_question, actor=asking.cast["registrar"], question=question, reason="Taas") is Reason.WRONG_STATE


def test_qa_minutes_an_answer_passes_the_checker_and_stands_in_the_minutes(asking, client):
    asking.send()
    asking.answer(text=f"{ANSWER} Soita 040 123 4567.")
    with clock.at(asking.answers_by + HOUR):
        services.carry_questions()
        page = asking.page(client)
        assert unmarked(page) == []
        question = Question.objects.using(JURY).get()
        seen = question.answers.using(JURY).get().hash
        client.post(asking.url("leave_out_of_answer", question.code), {"words": "040 123 4567", "reason": "Numero.", "seen": seen})
        assert "040 123 4567" not in asking.page(client)
        event = sent("question.redacted").get()
        newest = question.answers.using(JURY).last()
        assert (event.body["before"], event.body["after"], event.body["reason"]) == (seen, newest.hash, "Numero.")
        assert client.post(asking.url("clear_answer", question.code), {"seen": seen}).status_code == 409
        client.post(asking.url("clear_answer", question.code), {"seen": newest.hash})
    with clock.at(asking.releases_at):
        row = asking.read()[0]
        assert (row.answer, row.reasons) == (f"{ANSWER} Soita [poistettu].", ("Numero.",))
        assert [text.text["text"] for text in question.answers.using(JURY).all()][0].endswith("040 123 4567.")
    assert faults() == []


@pytest.mark.parametrize("fault", ["the checker is skipped", "a name is taken for an ordinary word"])
def test_qa_minutes_a_seeded_fault_turns_the_check_red(asking, client, monkeypatch, fault):
    asking.ask(text=TELLING)
    real = clearing._flagged
    broken = (lambda *given: []) if "skipped" in fault else (lambda *given: [one for one in real(*given) if one.kind != "phone"])
    monkeypatch.setattr(clearing, "_flagged", broken)
    assert unmarked(asking.page(client)) == ["040 123 4567"]


def test_a_team_is_shown_its_own_names_before_it_sends(asking, client):
    asking.send()
    client.force_login(asking.contest.people["Kaarna"])
    name = asking.contest.people["Kaarna"].name
    text = f"{ANSWER} Kysykää lisää: {name}."
    url = asking.own_url("Kaarna", asking.own().code)
    page = client.post(url, {"text": text, "send": "1"})
    assert (page.status_code, asking.own().answered_at) == (422, None)
    assert "<mark>" in page.content.decode()
    looked = LOOKED.search(page.content.decode())[1]
    assert client.post(url, {"text": f"{text} Ja muuta.", "send": "1", "looked": looked}).status_code == 422
    assert client.post(url, {"text": text, "send": "1", "looked": looked}).status_code == 302
    assert asking.own().answer == {"text": text}
    assert client.post(url, {"text": ANSWER, "send": "1"}).status_code in (403, 409)


def test_a_check_sends_nothing(asking, client):
    asking.send()
    client.force_login(asking.contest.people["Kaarna"])
    assert client.post(asking.own_url("Kaarna", asking.own().code), {"text": ANSWER, "check": "1"}).status_code == 200
    assert asking.own().answered_at is None


# -- who learns what -------------------------------------------------------------------------------------------------------


def test_the_registrar_sees_no_juror_and_no_team_and_the_organiser_no_code_name(asking, client):
    asking.send()
    asking.ask("Luoto", "Entä talvella?")
    asking.propose()
    page = asking.page(client)
    for seat in asking.contest.seats():
        assert seat.handle not in page
    for word in (*(asking.cast[who].name for who in ("juror", "chair")), *(team.name for team in asking.contest.teams.values())):
        assert f">{word}" not in page
    page = asking.page(client, "organiser")
    assert "Entä talvella?" not in page
    assert not any(entry.code in page for entry in Entry.objects.using(JURY).filter(round=asking.round))
    assert "/confirm/" in page


def test_a_team_sees_its_own_question_and_no_code_name(asking, client):
    asking.send("Kaarna")
    client.force_login(asking.contest.people["Kaarna"])
    page = client.get(asking.own_url()).content.decode()
    assert ASKED in page
    assert asking.entry().code not in page
    assert asking.own_url() in client.get(reverse("portal:tasks")).content.decode()
    client.force_login(asking.contest.people["Luoto"])
    assert client.get(asking.own_url("Luoto")).status_code == 200
    assert ASKED not in client.get(asking.own_url("Luoto")).content.decode()
    assert client.get(asking.own_url()).status_code == 404
    assert client.post(asking.own_url("Kaarna", asking.own().code), {"text": "Meidän"}).status_code == 404
    assert client.post(asking.own_url("Luoto", asking.own().code), {"text": "Meidän"}).status_code == 404
    assert asking.own_url("Luoto") not in client.get(reverse("portal:tasks")).content.decode()


def test_no_mail_and_no_event_tells_which_team_was_asked(asking):
    asking.send("Kaarna")
    asking.answer()
    mails = Message.objects.filter(event__startswith="question_batch.sent/")
    assert {mail.to for mail in mails} == {person.email for name in ("Kaarna", "Luoto", "Myrsky") for person in asking.members(name)}
    assert len({mail.subject for mail in mails}) == 1
    own = {asking.contest.teams["Kaarna"].code, asking.own().proposal.code, asking.contest.people["Kaarna"].pseudonym, asking.entry().code}
    for event in AuditEvent.objects.filter(what__in=["question_batch.delivered", "team_question.answered"]):
        assert not own & {event.actor, event.thing.partition("/")[2]}
        assert not any(word in str(event.body) for word in own)


def test_of_the_route_nothing_is_left_once_the_answers_are_over(asking):
    asking.send("Kaarna", "Luoto")
    codes = set(Question.objects.using(JURY).values_list("code", flat=True))
    assert {row.route["question"] for row in TeamQuestion.objects.all()} == codes
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT * FROM proposals_teamquestion")
        stored = " ".join(str(bytes(cell) if isinstance(cell, memoryview) else cell) for row in cursor.fetchall() for cell in row)
    assert not any(code in stored for code in {*codes, asking.entry().code})
    asking.answer()
    asking.release()
    assert [row.route for row in TeamQuestion.objects.all()] == [{}, {}]


# -- times and persons -----------------------------------------------------------------------------------------------------


def test_an_answer_is_taken_until_the_deadline_and_not_a_millisecond_after(asking):
    asking.send("Kaarna", "Luoto")
    with clock.at(asking.answers_by):
        asking.answer("Kaarna")
        assert services.carry_questions() == (0, 0)
    with clock.at(asking.answers_by + timedelta(milliseconds=1)), pytest.raises(Denied) as denied:
        asking.answer("Luoto")
    assert denied.value.reason is Reason.DEADLINE_PASSED
    with pytest.raises(Denied):  # once sent it is final
        asking.answer("Kaarna", "Muu.")


def test_a_batch_needs_two_persons_and_its_times_an_order(asking):
    assert refused(asking.propose) is Reason.INCOMPLETE
    asking.ask()
    for times in ({"releases_at": asking.answers_by}, {"releases_at": asking.round.closes_at}):
        assert refused(asking.propose, **times) is Reason.ANSWERS_WHEN
    assert refused(asking.propose, answers_by=asking.start - HOUR) is Reason.DEADLINE_PASSED
    batch = asking.propose()
    assert refused(asking.propose) is Reason.ALREADY_REQUESTED
    assert refused(services.send_questions, actor=asking.cast["registrar"], opening=asking.opening, batch=batch) is Reason.SAME_PERSON
    question = Question.objects.using(JURY).get()
    assert refused(reviewing.return_question, actor=asking.cast["registrar"], question=question, reason="Ei.") is Reason.WRONG_STATE
    reviewing.take_back_questions(actor=asking.cast["registrar"], batch=batch)
    assert [row.code for row in reading.waiting_questions(asking.round)] == [question.code]
    assert TeamQuestion.objects.count() == 0


def test_where_the_competition_does_not_allow_questions_there_is_no_way_to_ask(asking, client):
    asking.round.__class__.objects.using(JURY).filter(pk=asking.round.pk).update(takes_questions=False)
    with pytest.raises(Denied):
        asking.ask()
    client.force_login(asking.cast["juror"])
    page = client.get(reverse("reviewing:entry", args=[asking.round.code, asking.entry().code])).content.decode()
    assert "/ask/" not in page
    assert client.get(reverse("reviewing:questions", args=[asking.round.code])).status_code == 404
    client.force_login(asking.cast["registrar"])
    assert client.get(asking.url("jury_questions")).status_code == 404


def test_a_juror_asks_on_the_page_of_an_entry(asking, client):
    client.force_login(asking.cast["juror"])
    url = reverse("reviewing:ask", args=[asking.round.code, asking.entry().code])
    assert client.post(url, {"text": " "}).status_code == 422
    assert client.post(url, {"text": "x" * 1001}).status_code == 422
    assert client.post(url, {"text": ASKED}).status_code == 302
    assert ASKED in client.get(reverse("reviewing:entry", args=[asking.round.code, asking.entry().code])).content.decode()


def test_the_batch_goes_out_over_the_pages(asking, client):
    asking.ask()
    client.force_login(asking.cast["registrar"])
    given = {"answers_by": "2019-08-01T16:00", "releases_at": "2019-08-01T15:00"}
    assert client.post(asking.url("propose_questions"), given).status_code == 422
    given = {name: at.strftime("%Y-%m-%dT%H:%M") for name, at in (("answers_by", asking.answers_by), ("releases_at", asking.releases_at))}
    assert client.post(asking.url("propose_questions"), given).status_code == 302
    batch = QuestionBatch.objects.using(JURY).get()
    client.force_login(asking.cast["organiser"])
    assert asking.url("jury_questions") in client.get(reverse("portal:tasks")).content.decode()
    assert client.post(asking.url("take_back_questions", batch.code)).status_code in (403, 404)
    assert client.post(asking.url("confirm_questions", batch.code)).status_code == 302
    assert TeamQuestion.objects.count() == 1


# -- the holder ------------------------------------------------------------------------------------------------------------


def test_only_the_code_names_that_a_batch_names_are_told_apart(asking):
    batch = asking.send("Luoto")
    assert {code: version.proposal.team.name for code, version in open_asked(asking.opening, batch.code).items()} == {asking.entry("Luoto").code: "Luoto"}


def test_without_the_published_permission_the_holder_opens_nothing(asking):
    audit.record("competition.published", actor=audit.System(), competition=asking.opening.chain, thing=f"competition/{asking.opening.chain}",
                 body={"takes_questions": False})
    with pytest.raises(Refused, match="keys_refused"):
        asking.send()


def test_a_holder_that_does_not_answer_delays_the_questions_and_loses_none(asking, settings):
    settings.KLASH_KEY_HOLDER = "unix:/nowhere/keys.sock"
    with pytest.raises(Refused) as refusal:
        asking.send()
    assert refusal.value.reason is Reason.KEYS_NOT_READY
    assert services.carry_questions() == (0, 0)
    settings.KLASH_KEY_HOLDER = ""
    assert services.carry_questions() == (1, 0)
    assert services.carry_questions() == (0, 0)
    assert asking.own().question == ASKED


def test_a_carrying_that_breaks_off_goes_on(asking, monkeypatch):
    asking.send()
    asking.answer()
    with clock.at(asking.answers_by + HOUR):
        real = services.questions.reviewing.take_answers

        def then_fail(**given):
            real(**given)
            raise OSError("gone")

        monkeypatch.setattr(services.questions.reviewing, "take_answers", then_fail)
        with pytest.raises(OSError, match="gone"):
            services.carry_questions()
        monkeypatch.undo()
        assert services.carry_questions() == (0, 1)
        assert AnswerText.objects.using(JURY).count() == 1
    assert faults() == []


# -- nobody shortens the minutes -------------------------------------------------------------------------------------------

EDITS = {
    "the question": lambda: Question.objects.using(JURY).update(text="Muu"),
    "whose question it is": lambda: Question.objects.using(JURY).update(seat=Question.objects.using(JURY).get().seat_id + 1),
    "the batch": lambda: Question.objects.using(JURY).update(batch=None, state="asked"),
    "the answer that is read": lambda: Question.objects.using(JURY).update(answer="Muu"),
    "back to unread": lambda: Question.objects.using(JURY).update(state="answered"),
    "the answer as it came": lambda: AnswerText.objects.using(JURY).update(text={"text": "Muu"}),
    "the release": lambda: QuestionBatch.objects.using(JURY).update(releases_at=clock.now() + HOUR),
    "the team's answer": lambda: TeamQuestion.objects.update(answer={"text": "Muu"}),
    "the team's question": lambda: TeamQuestion.objects.update(text={"text": "Muu"}),
    "the answer is deleted": lambda: AnswerText.objects.using(JURY).all()._raw_delete(JURY),
    "all is deleted": lambda: [model.objects.using(JURY).all()._raw_delete(JURY) for model in (AnswerText, Question)],
    "the batch is deleted": lambda: QuestionBatch.objects.using(JURY).all()._raw_delete(JURY),
    "the team's row is deleted": lambda: TeamQuestion.objects.all()._raw_delete("default"),
}


@pytest.fixture
def released(asking):
    asking.send()
    asking.answer()
    asking.release()
    return asking


@pytest.mark.parametrize("edit", EDITS)
def test_the_database_refuses_to_change_the_minutes(released, edit):
    with pytest.raises(IntegrityError, match="minutes only grow|answers stay"), transaction.atomic(), transaction.atomic(using=JURY):
        EDITS[edit]()
    assert faults() == []


@pytest.mark.parametrize("edit", [edit for edit in EDITS if edit not in ("whose question it is", "the release", "the batch is deleted")])
def test_past_the_guard_verify_sees_it(released, edit):
    unguard_minutes()
    with connections[JURY].constraint_checks_disabled():
        EDITS[edit]()
    assert faults() != []
