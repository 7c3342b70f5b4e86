"""The late box: two persons decide whether a version that came late takes part, before the set is fixed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from klash.core import audit, clock
from klash.core.errors import Denied, IllegalMove, Refused
from klash.core.models import AuditEvent
from klash.post.models import Message
from klash.proposals import selectors, services
from klash.proposals.models import LateDecision, Proposal, Version
from klash.reviewing.models import Entry
from klash.rules.reasons import Reason
from klash.rules.states import LateDecisionState
from tests.proposals.test_writing import refused

pytestmark = pytest.mark.django_db(databases="__all__")
LIST = "/en/c/klash-test/challenges/kyyti/opening/late/"


@pytest.fixture
def late(contest):
    """Kaarna stands in time and sends another late; Luoto comes 1,5 seconds late, Myrsky withdrew in time and comes an hour late."""
    with clock.at(contest.before):
        contest.prepare()
        for name in ("Kaarna", "Luoto", "Myrsky"):
            contest.write(name)
        contest.submit("Kaarna")
        contest.submit("Myrsky")
        services.withdraw_proposal(actor=contest.people["Myrsky"], proposal=Proposal.objects.get(team=contest.teams["Myrsky"]))
    for name, by in (("Luoto", timedelta(seconds=1.5)), ("Kaarna", timedelta(minutes=1)), ("Myrsky", timedelta(hours=1))):
        with clock.at(contest.deadline + by):
            contest.submit(name)
    return contest


def version(name):
    return Version.objects.get(proposal__team__name=name, is_late=True)


def decide(contest, name, is_admitted=True, who="organiser", words="Palvelu oli alhaalla."):
    return services.decide_late(actor=contest.cast[who], version=version(name), is_admitted=is_admitted, reason=words)


def decide_all(contest):
    for name, is_admitted in (("Luoto", True), ("Myrsky", False)):
        services.confirm_late(actor=contest.cast["registrar"], decision=decide(contest, name, is_admitted))


def test_the_box_tells_how_late_and_what_waits(late):
    with clock.at(late.after):
        rows = selectors.late_box(late.challenge)
    assert [(row.version.proposal.team.name, row.late, row.has_other, row.is_open) for row in rows] == [
        ("Luoto", timedelta(seconds=1.5), False, True), ("Kaarna", timedelta(minutes=1), True, False), ("Myrsky", timedelta(hours=1), False, True),
    ]


def test_the_opening_is_confirmed_after_the_decisions_and_opens_what_was_admitted(late, cast):
    with clock.at(late.after):
        opening = services.request_opening(actor=cast["organiser"], challenge=late.challenge)
        refused(Refused, Reason.LATE_UNDECIDED, services.confirm_opening, actor=cast["registrar"], opening=opening)
        decide_all(late)
        services.open_proposals(actor=cast["organiser"], opening=services.confirm_opening(actor=cast["registrar"], opening=opening))
    assert set(Entry.objects.using("reviewing").values_list("title", flat=True)) == {"Kyytipooli Kaarna", "Kyytipooli Luoto"}
    assert dict(Proposal.objects.values_list("team__name", "state")) == {"Kaarna": "opened", "Luoto": "opened", "Myrsky": "withdrawn"}
    event = AuditEvent.objects.get(what="proposal.late_admitted")
    assert event.body == {"commitment": version("Luoto").commitment, "reason": "Palvelu oli alhaalla."}
    for using in ("default", "reviewing"):
        assert all(not verdict.faults for verdict in audit.verify(using))


def test_a_team_may_come_late_until_the_proposals_are_opened(late, cast, client):
    base = f"/c/klash-test/teams/{late.teams['Luoto'].code}/proposal/"
    client.force_login(late.people["Luoto"])

    def offers():
        return ["Jätä myöhässä" in client.get(page).content.decode() for page in (base, f"{base}summary/")]

    with clock.at(late.after):
        assert offers() == [True, True]
        decide_all(late)
        services.open_proposals(actor=cast["organiser"], opening=late.confirm())
        assert offers() == [False, False]


def test_what_comes_after_the_request_holds_up_nothing(late, cast):
    with clock.at(late.after):
        decide_all(late)
        opening = services.request_opening(actor=cast["organiser"], challenge=late.challenge)
    with clock.at(late.after + timedelta(seconds=1)):
        late.submit("Myrsky")
        assert services.confirm_opening(actor=cast["registrar"], opening=opening).state == "fixed"


def test_each_refusal(late, cast):
    with clock.at(late.deadline):
        refused(Denied, Reason.NOT_OPEN_YET, decide, contest=late, name="Luoto")
    with clock.at(late.after):
        for who in ("leader", "juror", "mentor", "outsider"):
            refused(Denied, Reason.NO_ROLE, decide, contest=late, name="Luoto", who=who)
        refused(Refused, Reason.WRONG_STATE, decide, contest=late, name="Kaarna")
        refused(Refused, Reason.NO_REASON_GIVEN, decide, contest=late, name="Luoto", words=" ")
        decision = decide(late, "Luoto")
        refused(Refused, Reason.ALREADY_REQUESTED, decide, contest=late, name="Luoto", who="registrar")
        refused(Denied, Reason.SAME_PERSON, services.confirm_late, actor=cast["organiser"], decision=decision)
        refused(Denied, Reason.NO_ROLE, services.confirm_late, actor=cast["juror"], decision=decision)
        services.take_back_late(actor=cast["registrar"], decision=decision)
        refused(IllegalMove, Reason.WRONG_STATE, services.confirm_late, actor=cast["registrar"], decision=decision)
        decide_all(late)
        late.confirm()
        refused(Denied, Reason.FROZEN, decide, contest=late, name="Myrsky")
    assert not Message.objects.filter(event__startswith="late_decision", to="leader@example.org").exists()


def test_the_team_is_told_by_mail_with_the_reason(late):
    with clock.at(late.after):
        decide_all(late)
    mails = {mail.to: mail for mail in Message.objects.filter(event__startswith="late_decision.confirmed/")}
    assert set(mails) == {"luoto@example.org", "myrsky@example.org"} and all("Palvelu oli alhaalla." in mail.body for mail in mails.values())
    assert "ei ole mukana" not in mails["luoto@example.org"].subject and "ei ole mukana" in mails["myrsky@example.org"].subject


@pytest.mark.parametrize(("language", "part", "not_part"), [
    ("fi", "tämä versio on mukana kilpailussa", "tämä versio ei ole mukana kilpailussa"), ("sv", "denna version deltar i", "denna version inte deltar i"),
    ("en", "this version takes part in the contest", "this version does not take part in the contest"),
])
def test_the_receipt_and_the_list_tell_what_was_decided(late, client, language, part, not_part):
    def shown(name, page):
        team = late.teams[name]
        client.force_login(late.people[name])
        end = f"receipts/{version(name).receipt}/" if page == "receipt" else ""
        return client.get(f"{'' if language == 'fi' else f'/{language}'}/c/klash-test/teams/{team.code}/proposal/{end}").content.decode()

    stands = {"fi": "voimassa", "sv": "gäller", "en": "stands"}[language]
    with clock.at(late.after):
        assert not any(words in shown(name, "receipt") for name in ("Luoto", "Myrsky") for words in (part, not_part, "alhaalla"))
        assert f'<span class="tag moss">{stands}</span>' not in shown("Luoto", "list")
        decide_all(late)
        luoto, myrsky = shown("Luoto", "receipt"), shown("Myrsky", "receipt")
        assert part in luoto and "Palvelu oli alhaalla." in luoto and "notice success" in luoto
        assert not_part in myrsky and "Palvelu oli alhaalla." in myrsky and "notice warning" in myrsky
        assert f'<span class="tag moss">{stands}</span>' in shown("Luoto", "list") and f'<span class="tag moss">{stands}</span>' not in shown("Myrsky", "list")


def test_seeded_fault_without_the_rule_the_database_still_wants_two_persons(late, cast):
    with clock.at(late.after):
        decision = decide(late, "Luoto")
    with pytest.raises(IntegrityError), transaction.atomic():
        LateDecision.objects.filter(pk=decision.pk).update(confirmed_by=cast["organiser"], state=LateDecisionState.CONFIRMED)


def test_seeded_fault_a_late_one_in_the_place_of_one_in_time_is_no_move(late, cast):
    """Were the service's own look at what stands gone, the table of moves still has no way from submitted to admitted."""
    with clock.at(late.after):
        decision = LateDecision.objects.create(
            version=version("Kaarna"), is_admitted=True, reason="r", decided_by=cast["organiser"], decided_at=late.after
        )
        refused(IllegalMove, Reason.WRONG_STATE, services.confirm_late, actor=cast["registrar"], decision=decision)


def test_the_page_decides_and_another_person_confirms(late, cast, client):
    receipt = version("Luoto").receipt
    client.force_login(cast["organiser"])
    with clock.at(late.after):
        page = client.get(LIST).content.decode()
        assert "1.500 s" in page and "1 h 0 min 0.000 s" in page and page.count("Record the decision") == 2
        assert client.post(f"{LIST}{receipt}/decide/", {"is_admitted": "yes", "reason": ""}).status_code == 422
        assert client.post(f"{LIST}{receipt}/decide/", {"is_admitted": "yes", "reason": "Palvelu oli alhaalla."}).status_code == 302
        assert client.post(f"{LIST}{receipt}/confirm/").status_code == 403
        client.force_login(cast["registrar"])
        assert "Confirm the decision" in client.get(LIST).content.decode()
        assert client.post(f"{LIST}{receipt}/confirm/").status_code == 302
        other = version("Myrsky").receipt
        client.post(f"{LIST}{other}/decide/", {"is_admitted": "no", "reason": "Myöhässä ilman syytä."})
        assert client.post(f"{LIST}{other}/take-back/").status_code == 302
        opening = client.get(LIST.removesuffix("late/")).content.decode()
    assert "What came late waits for a decision." in opening
    assert list(LateDecision.objects.values_list("state", flat=True)) == ["confirmed", "taken_back"]


def test_what_had_arrived_in_time_and_is_taken_in_later_goes_before_an_admitted_one(late, cast):
    with clock.at(late.after):
        decide_all(late)
        proposal = Proposal.objects.get(team=late.teams["Luoto"])
        kept = services.submit_proposal(actor=late.people["Luoto"], proposal=proposal, idempotency_key="a" * 32, arrived_at=late.deadline)
        assert not kept.is_late and kept in selectors.fixed_set(late.challenge) and version("Luoto") not in selectors.fixed_set(late.challenge)


def told(event):
    """Return whom a request for a second person reached, and the words."""
    mails = Message.objects.filter(event__startswith=event)
    return {mail.to.split("@")[0]: mail.body for mail in mails}


def test_whoever_could_confirm_is_told_of_the_decision_and_of_the_request(late):
    with clock.at(late.after):
        decide(late, "Luoto")
        services.request_opening(actor=late.cast["registrar"], challenge=late.challenge)
    decided, requested = told("late_decision.proposed/"), told("opening.requested/")
    assert set(decided) == {"organiser_2", "registrar"} and set(requested) == {"organiser", "organiser_2"}  # never who asked
    assert "/opening/late/" in decided["registrar"] and "/kyyti/opening/\n" in requested["organiser"]
    assert all(name not in body for name in late.teams for body in (*decided.values(), *requested.values()))
