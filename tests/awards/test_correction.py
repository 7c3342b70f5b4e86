"""After publication a correction is a new version with a reason; the old one stays visible, and page, feed and mails say so."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from klash.awards import selectors, services
from klash.awards.models import Award, PastDecision, Placing
from klash.core import audit, clock
from klash.core.errors import Denied, Refused
from klash.core.models import AuditEvent
from klash.post.models import Message
from klash.rules.reasons import Reason
from tests.proposals.test_writing import refused

pytestmark = pytest.mark.django_db(databases="__all__")
WHY = "Päätöksessä oli väärä hankenumero."


@pytest.fixture
def published(contest, cast, django_capture_on_commit_callbacks):
    """Kaarna and Luoto share the first place, and Kaarna won."""
    contest.open()
    contest.judge({"Kaarna": 9, "Luoto": 9, "Myrsky": 3})
    with clock.at(contest.after + timedelta(days=30)):
        contest.report()
        award = services.take_report(actor=cast["organiser"], challenge=contest.challenge)
        services.request_identities(actor=cast["organiser"], award=award)
        services.open_identities(actor=cast["registrar"], award=award)
        services.decide_award(actor=cast["organiser"], award=award, decision="Kaarna voitti, hanke 12.", winners=[contest.teams["Kaarna"]])
        refused(Denied, Reason.WRONG_STATE, lambda: correct(contest, award))
        with django_capture_on_commit_callbacks(execute=True):
            services.publish_winners(actor=cast["organiser"], award=award)
    with clock.at(contest.after + timedelta(days=31)):
        yield contest, award


def correct(contest, award, who="organiser", decision="Kaarna voitti, hanke 21.", winners=("Kaarna",), reason=WHY):
    return services.correct_award(
        actor=contest.cast[who], award=award, decision=decision, winners=[contest.teams[name] for name in winners], reason=reason
    )


def faults():
    return [fault for fault in audit.recheck() if fault.startswith("award")]


def test_the_new_version_stands_and_the_old_one_stays(published):
    contest, award = published
    correct(contest, award)
    correct(contest, award, decision="Luoto voitti.", winners=["Luoto"], reason="Oikaisu.")
    assert list(PastDecision.objects.values_list("number", "decision", "reason")) == [(2, "Kaarna voitti, hanke 21.", "Oikaisu."), (1, "Kaarna voitti, hanke 12.", WHY)]
    assert list(Placing.objects.filter(is_winner=True).values_list("team__name", flat=True)) == ["Luoto"]
    assert [team.name for team in PastDecision.objects.first().winners.all()] == ["Kaarna"] and Award.objects.get().state == "published"
    assert [event.body["version"] for event in AuditEvent.objects.filter(what="award.corrected").order_by("number")] == [2, 3] and faults() == []


def test_every_team_is_told_by_mail_with_the_reason(published):
    contest, award = published
    correct(contest, award)
    mails = Message.objects.filter(event=f"award.corrected/{award.code}/2")
    assert {mail.to for mail in mails} == {"leader@example.org", "member@example.org", "luoto@example.org", "myrsky@example.org"}
    assert all(WHY in mail.body and "hanke 21" in mail.body for mail in mails)


def test_each_refusal(published):
    contest, award = published
    for who in ("registrar", "juror", "leader", "outsider"):
        refused(Denied, Reason.NO_ROLE, lambda who=who: correct(contest, award, who=who))
    refused(Refused, Reason.NO_REASON_GIVEN, lambda: correct(contest, award, reason=" "))
    refused(Refused, Reason.NO_REASON_GIVEN, lambda: correct(contest, award, decision=" "))
    refused(Refused, Reason.NOT_PLACED_FIRST, lambda: correct(contest, award, winners=["Myrsky"]))
    refused(Refused, Reason.NOT_PLACED_FIRST, lambda: correct(contest, award, winners=[]))
    refused(Refused, Reason.WRONG_STATE, lambda: correct(contest, award, decision="Kaarna voitti, hanke 12."))
    assert not PastDecision.objects.exists()
    past = {"award": award, "number": 1, "decision": "d", "decision_is_invented": False, "decided_at": contest.after, "corrected_by": contest.cast["organiser"]}
    with pytest.raises(IntegrityError), transaction.atomic():
        PastDecision.objects.create(**past, reason="", corrected_at=contest.after)


def test_seeded_fault_a_decision_changed_without_a_correction_is_found(published):
    contest, award = published
    correct(contest, award)
    Award.objects.update(decision="Toinen.")
    assert faults() == ["award/kyyti: the decision is not the newest one that the log knows"]
    Award.objects.update(decision="Kaarna voitti, hanke 21.")
    PastDecision.objects.all().delete()
    assert faults() == ["award/kyyti: the decision is not the newest one that the log knows"]


def test_page_list_and_feed_say_it_and_show_both(client, published):
    contest, award = published
    result, address = reverse("awards:result", args=["klash-test", "kyyti"]), reverse("awards:correct", args=["klash-test", "kyyti"])
    client.force_login(contest.cast["registrar"])
    assert client.get(address).status_code == 404
    client.force_login(contest.cast["organiser"])
    assert "Kaarna" in client.get(address).content.decode()
    given = {"winners": [contest.teams["Kaarna"].code], "decision": "Kaarna voitti, hanke 21."}
    assert client.post(address, given).status_code == 422
    assert client.post(address, {**given, "reason": WHY})["Location"] == result
    client.logout()
    shown = client.get(result).content.decode()
    assert "hanke 12" in shown and shown.index("hanke 21") < shown.index("hanke 12") and WHY in shown
    assert "oikaistu" in client.get(reverse("awards:results", args=["klash-test"])).content.decode()
    feed = client.get(reverse("awards:feed", args=["klash-test"])).content.decode()
    assert "Oikaistu: Kyyti kylille: Kaarna" in feed and WHY in feed
    assert [row.decision for row in selectors.published(contest.world.competition)[0].past.all()] == ["Kaarna voitti, hanke 12."]
