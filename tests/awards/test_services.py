from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from klash.awards import services
from klash.awards.models import Award, Placing
from klash.core import audit, clock
from klash.core.errors import Denied, IllegalMove, Refused
from klash.post.models import Message
from klash.proposals.models import BlindLink
from klash.reviewing.models import Report
from klash.rules.reasons import Reason
from tests.proposals.test_writing import refused

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def judged(contest):
    contest.open()
    contest.judge()
    with clock.at(contest.after + timedelta(days=30)):
        yield contest


@pytest.fixture
def signed(judged):
    judged.report()
    return judged


@pytest.fixture
def opened(signed, cast):
    award = services.take_report(actor=cast["organiser"], challenge=signed.challenge)
    services.request_identities(actor=cast["organiser"], award=award)
    services.open_identities(actor=cast["registrar"], award=award)
    return signed, award


def test_judging_closes_when_every_review_is_in(contest, cast):
    refused(Refused, Reason.NOT_COMPLETE, services.close_judging, actor=cast["organiser"], challenge=contest.challenge)
    contest.open()
    refused(Denied, Reason.NOT_ALL_SUBMITTED, services.close_judging, actor=cast["organiser"], challenge=contest.challenge)
    contest.judge()
    refused(Denied, Reason.NO_ROLE, services.close_judging, actor=cast["juror"], challenge=contest.challenge)
    services.close_judging(actor=cast["registrar"], challenge=contest.challenge)


def test_report_is_taken_after_the_last_signature(judged, cast):
    refused(Refused, Reason.NOT_ALL_SIGNED, services.take_report, actor=cast["organiser"], challenge=judged.challenge)
    judged.report(sign=1)
    refused(Refused, Reason.NOT_ALL_SIGNED, services.take_report, actor=cast["organiser"], challenge=judged.challenge)
    for name in ("juror", "chair", "leader", "mentor", "officer", "outsider"):
        refused(Denied, Reason.NO_ROLE, services.take_report, actor=cast[name], challenge=judged.challenge)
    assert not Award.objects.exists()


def test_a_report_marked_signed_without_its_signatures_is_refused(signed, cast):
    report = Report.objects.using("reviewing").get()
    report.signatures.using("reviewing").first().delete()
    refused(Refused, Reason.NOT_ALL_SIGNED, services.take_report, actor=cast["organiser"], challenge=signed.challenge)


def test_a_report_changed_after_signing_is_refused(signed, cast):
    award = services.take_report(actor=cast["organiser"], challenge=signed.challenge)
    services.request_identities(actor=cast["organiser"], award=award)
    report = Report.objects.using("reviewing").get()
    report.ranking = list(reversed(report.ranking))
    report.save(using="reviewing")
    refused(Refused, Reason.NOT_ALL_SIGNED, services.open_identities, actor=cast["registrar"], award=award)
    assert not Placing.objects.exists()


def test_identities_need_two_persons_and_the_report(signed, cast):
    bare = Award.objects.create(challenge=signed.challenge)
    refused(Denied, Reason.NOT_ALL_SIGNED, services.request_identities, actor=cast["organiser"], award=bare)
    award = services.take_report(actor=cast["organiser"], challenge=signed.challenge)
    assert services.take_report(actor=cast["registrar"], challenge=signed.challenge) == award
    refused(IllegalMove, Reason.WRONG_STATE, services.open_identities, actor=cast["registrar"], award=award)
    refused(Denied, Reason.NO_ROLE, services.request_identities, actor=cast["juror"], award=award)
    services.request_identities(actor=cast["organiser"], award=award)
    told = Message.objects.filter(event__startswith="award.identities_requested/")
    assert {mail.to.split("@")[0] for mail in told} == {"organiser_2", "registrar"} and all("/challenges/kyyti/" in mail.body for mail in told)
    refused(Denied, Reason.SAME_PERSON, services.open_identities, actor=cast["organiser"], award=award)
    for name in ("juror", "chair", "leader", "mentor", "panellist", "officer", "outsider"):
        refused(Denied, Reason.NO_ROLE, services.open_identities, actor=cast[name], award=award)
    assert not Placing.objects.exists()
    services.open_identities(actor=cast["registrar"], award=award)
    refused(IllegalMove, Reason.WRONG_STATE, services.open_identities, actor=cast["registrar"], award=award)
    assert Placing.objects.count() == 3


def test_the_database_holds_four_eyes_and_the_order(contest, cast):
    award = Award.objects.create(challenge=contest.challenge, requested_by=cast["organiser"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.filter(pk=award.pk).update(opened_by=cast["organiser"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.filter(pk=award.pk).update(opened_by=cast["registrar"], opened_at=contest.after)
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.filter(pk=award.pk).update(decided_at=contest.after)


def test_places_come_from_the_signed_report(opened):
    contest, award = opened
    links = dict(BlindLink.objects.values_list("version__proposal__team__name", "entry_code"))
    rows = [(row.place, row.team.name, row.entry_code, row.points, row.reasons) for row in award.placings.order_by("place")]
    assert rows == [
        (place, name, links[name], points, f"Perustelu: Kyytipooli {name}")
        for place, name, points in [(1, "Kaarna", "9/1"), (2, "Luoto", "6/1"), (3, "Myrsky", "3/1")]
    ]


def test_the_decision_needs_text_and_a_team_that_came_first(opened, cast):
    contest, award = opened
    first, second = contest.teams["Kaarna"], contest.teams["Luoto"]
    decide = services.decide_award
    refused(Refused, Reason.NO_REASON_GIVEN, decide, actor=cast["organiser"], award=award, decision="  ", winners=[first])
    refused(Refused, Reason.NOT_PLACED_FIRST, decide, actor=cast["organiser"], award=award, decision="Päätös", winners=[])
    refused(Refused, Reason.NOT_PLACED_FIRST, decide, actor=cast["organiser"], award=award, decision="Päätös", winners=[second])
    refused(Refused, Reason.NOT_PLACED_FIRST, decide, actor=cast["organiser"], award=award, decision="Päätös", winners=[first, second])
    refused(Denied, Reason.NO_ROLE, decide, actor=cast["registrar"], award=award, decision="Päätös", winners=[first])
    refused(IllegalMove, Reason.WRONG_STATE, services.publish_winners, actor=cast["organiser"], award=award)
    decide(actor=cast["organiser"], award=award, decision="Päätös", winners=[first], is_invented=True)
    assert [row.team.name for row in award.placings.filter(is_winner=True)] == ["Kaarna"]
    refused(IllegalMove, Reason.WRONG_STATE, decide, actor=cast["organiser"], award=award, decision="Uusi", winners=[first])


def test_those_who_share_the_first_place_may_both_win(contest, cast):
    contest.open()
    contest.judge({"Kaarna": 8, "Luoto": 8, "Myrsky": 3})
    contest.report()
    award = services.take_report(actor=cast["organiser"], challenge=contest.challenge)
    services.request_identities(actor=cast["organiser"], award=award)
    services.open_identities(actor=cast["registrar"], award=award)
    services.decide_award(actor=cast["organiser"], award=award, decision="Jaettu", winners=[contest.teams["Kaarna"], contest.teams["Luoto"]])
    assert award.placings.filter(is_winner=True).count() == 2


def test_publication_tells_every_team_its_place_and_reasons(opened, cast):
    contest, award = opened
    services.decide_award(actor=cast["organiser"], award=award, decision="Päätös perusteluineen.", winners=[contest.teams["Kaarna"]])
    refused(Denied, Reason.NO_ROLE, services.publish_winners, actor=cast["registrar"], award=award)
    assert not Message.objects.filter(event__startswith="award.published/").exists()
    services.publish_winners(actor=cast["organiser"], award=award)
    mails = {mail.to: mail for mail in Message.objects.filter(event__startswith="award.published/")}
    assert set(mails) == {"leader@example.org", "member@example.org", "luoto@example.org", "myrsky@example.org"}
    body = mails["luoto@example.org"].body
    assert "Perustelu: Kyytipooli Luoto" in body and "Päätös perusteluineen." in body and "Kaarna" in body and "Myrsky" not in body
    refused(IllegalMove, Reason.WRONG_STATE, services.publish_winners, actor=cast["organiser"], award=award)
    assert all(not verdict.faults for verdict in audit.verify())
