from datetime import timedelta

import pytest

from klash.accounts import services as accounts
from klash.accounts.models import ReviewerHandle
from klash.core import clock
from klash.core.errors import Denied, Refused
from klash.core.models import AuditEvent
from klash.post.models import Message
from klash.post.services import digest_of
from klash.reviewing import selectors as reviewing
from klash.reviewing import services as rounds
from klash.reviewing.models import Round
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.teams import selectors, services
from klash.teams.models import Application, Membership, Team
from tests.conftest import make_person
from tests.teams.conftest import TEXTS
from tests.teams.test_services import refused

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)


@pytest.fixture
def after(call):
    """Kaarna, Luoto and Myrsky have submitted and Notko has a draft; the clock stands after the call."""
    for name in ("Kaarna", "Luoto", "Myrsky"):
        call.submit(name)
    call.found("Notko")
    with clock.at(call.after):
        yield call


@pytest.fixture
def judged(after):
    after.judge({"Kaarna": 9, "Luoto": 7, "Myrsky": 3})
    return after


def application(name):
    return Application.objects.get(team__name=name)


def open_round(call, who="organiser"):
    return services.open_team_round(actor=call.cast[who], challenge=call.challenge, closes_at=call.world.stages["team_selection"].closes_at)


def test_the_round_holds_each_submitted_application_with_its_name(after):
    round_ = open_round(after)
    entries = list(round_.entries.using("reviewing").order_by("title"))
    assert [(entry.title, entry.author, entry.language) for entry in entries] == [(name, name, "fi") for name in ("Kaarna", "Luoto", "Myrsky")]
    assert [section["text"] for section in entries[0].sections] == [TEXTS["know_how"], TEXTS["idea"], TEXTS["motivation"]]
    assert {entry.code for entry in entries} == set(Application.objects.exclude(entry_code=None).values_list("entry_code", flat=True))
    assert (round_.key, round_.is_blind, round_.title["sv"], round_.state) == ("applications/kyyti", False, "Deltagaransökningar: Utmaning 1", "draft")


def test_a_second_preparation_doubles_nothing(after):
    first, second = open_round(after), open_round(after)
    assert (first.pk, Round.objects.using("reviewing").count(), second.entries.using("reviewing").count()) == (second.pk, 1, 3)


def test_the_round_is_prepared_only_after_the_call_and_only_by_staff(after):
    with clock.at(after.deadline):
        refused(Denied, Reason.NOT_OPEN_YET, open_round, after)
    for who in ("panellist", "leader", "juror"):
        refused(Denied, Reason.NO_ROLE, open_round, after, who)
    assert open_round(after, "registrar").entry_count == 3


def test_a_panellist_gets_a_role_and_a_seat_once(after, cast, monkeypatch):
    open_round(after)
    with monkeypatch.context() as broken:  # between the two databases
        broken.setattr(ReviewerHandle.objects, "create", lambda **row: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            services.seat_panellist(actor=cast["organiser"], challenge=after.challenge, person=cast["outsider"])
    seat = services.seat_panellist(actor=cast["organiser"], challenge=after.challenge, person=cast["outsider"])
    again = services.seat_panellist(actor=cast["organiser"], challenge=after.challenge, person=cast["outsider"])
    assert not Message.objects.filter(event__startswith="round.opened/").exists()  # told at the opening
    assert (again.pk, cast["outsider"].roles_in("klash-test", "kyyti"), cast["outsider"].roles_in("klash-test")) == (seat.pk, {Role.PANELLIST}, frozenset())
    assert ReviewerHandle.objects.get(person=cast["outsider"]).handle == seat.handle
    assert list(seat.round.seats.using("reviewing").values_list("handle", flat=True)) == [seat.handle]  # the broken seating was finished


def test_who_is_in_a_team_or_judges_has_no_seat(after, cast):
    open_round(after)
    for who in ("leader", "juror", "registrar"):
        refused(Refused, Reason.OTHER_SIDE, services.seat_panellist, actor=cast["organiser"], challenge=after.challenge, person=cast[who])
    assert ReviewerHandle.objects.count() == 0


def test_no_seat_before_the_round_and_none_given_by_others(after, cast):
    refused(Refused, Reason.NOT_COMPLETE, services.seat_panellist, actor=cast["organiser"], challenge=after.challenge, person=cast["panellist"])
    refused(Denied, Reason.NO_ROLE, services.seat_panellist, actor=cast["mentor"], challenge=after.challenge, person=cast["outsider"])


def decide_all(call):
    call.decide("Kaarna", reason="Vahvin.")
    call.decide("Luoto", reason="Hyvä.", feedback="Jatkakaa näin.")
    call.decide("Myrsky", is_taken=False, reason="Osaaminen on kapea.")
    call.say_why_fewer()


def sent():
    return Message.objects.filter(event__startswith="application.decided/")


def nothing_happened(call):
    states = set(Application.objects.exclude(entry_code=None).values_list("state", "reason", "feedback"))
    return (states, sent().count(), list(selectors.public_teams(call.challenge))) == ({("submitted", "", "")}, 0, [])


def test_a_decision_waits_for_the_release(judged):
    decide_all(judged)
    assert nothing_happened(judged)
    assert [application(name).told_state for name in ("Kaarna", "Myrsky")] == ["submitted"] * 2
    assert "Vahvin" not in str(list(AuditEvent.objects.values_list("body", flat=True)))


def test_only_the_organiser_decides(judged):
    for who in ("registrar", "leader", "panellist", "juror", "outsider"):
        refused(Denied, Reason.NO_ROLE, judged.decide, "Kaarna", who=who)


def test_no_decision_before_every_review_is_in(after, cast):
    refused(Denied, Reason.NOT_ALL_SUBMITTED, after.decide, "Kaarna")
    round_ = open_round(after)
    services.seat_panellist(actor=cast["organiser"], challenge=after.challenge, person=cast["panellist"])
    rounds.open_round(actor=cast["organiser"], round=round_)
    refused(Denied, Reason.NOT_ALL_SUBMITTED, after.decide, "Kaarna")
    refused(Denied, Reason.NOT_ALL_SUBMITTED, after.release)


def test_a_full_challenge_admits_no_more_but_still_declines(after, cast):
    competition = after.challenge.competition
    competition.teams_per_challenge_max = 2
    competition.save(update_fields=["teams_per_challenge_max"])
    after.judge({"Kaarna": 9, "Luoto": 7, "Myrsky": 3})
    for name in ("Kaarna", "Luoto"):
        after.decide(name)
    refused(Refused, Reason.QUOTA_FULL, after.decide, "Myrsky")
    after.decide("Myrsky", is_taken=False)
    assert after.release() == 3


def test_the_release_tells_every_member_at_once_and_makes_the_admitted_public(judged, cast):
    decide_all(judged)
    shown = judged.letters()
    assert judged.release() == 3
    assert (judged.challenge.admitted_teams, judged.challenge.admitted_persons) == (2, 6)
    assert (sent().count(), {message.queued_at for message in sent()}) == (9, {clock.now()})
    assert sorted(sent().values_list("event", "to", "subject", "body")) == sorted((row.event, row.to, row.subject, row.body) for row in shown)
    declined = sent().get(to="myrsky@example.org")
    assert [text in declined.subject + declined.body for text in ("Myrsky", "Osaaminen on kapea.", "Huomio: Myrsky.")] == [True] * 3
    assert not sent().filter(to="notko@example.org").exists()
    assert [team.name for team in selectors.public_teams(judged.challenge)] == ["Kaarna", "Luoto"]
    assert [application(name).told_state for name in ("Kaarna", "Myrsky", "Notko")] == ["admitted", "declined", "draft"]
    assert [application(name).feedback for name in ("Kaarna", "Luoto", "Myrsky")] == ["Huomio: Kaarna.", "Jatkakaa näin.", "Huomio: Myrsky."]
    assert AuditEvent.objects.get(what="ruling.released").body["taken"] == 2
    assert sorted(AuditEvent.objects.filter(what__in=["application.admitted", "application.declined"]).values_list("what", flat=True)) == [
        "application.admitted", "application.admitted", "application.declined"
    ]


def test_a_second_release_tells_nobody_twice(judged, cast):
    decide_all(judged)
    judged.release()
    with clock.at(judged.after + timedelta(hours=1)):
        assert judged.release(seen="anything") == 0
    assert (sent().count(), AuditEvent.objects.filter(what="ruling.released").count()) == (9, 1)
    refused(Denied, Reason.FROZEN, judged.decide, "Kaarna", is_taken=False)


def test_nothing_is_released_while_one_is_undecided_or_by_others(judged, cast):
    judged.decide("Kaarna")
    refused(Refused, Reason.NOT_COMPLETE, judged.release)
    decide_all(judged)
    for who in ("registrar", "leader", "panellist", "outsider"):
        refused(Denied, Reason.NO_ROLE, judged.release, who)
    assert nothing_happened(judged)


def test_fewer_than_promised_needs_its_reason(judged):
    decide_all(judged)
    judged.say_why_fewer("")
    refused(Refused, Reason.FEWER_THAN_PROMISED, judged.release)
    judged.decide("Myrsky")  # every application is admitted: nobody was promised more
    assert judged.release() == 3


def test_a_member_who_joined_since_the_preview_stops_the_release(judged):
    decide_all(judged)
    seen = digest_of(judged.letters())
    Membership.objects.create(team=Team.objects.get(name="Luoto"), person=make_person("uusi"), joined_at=clock.now())
    refused(Refused, Reason.PREVIEW_CHANGED, judged.release, seen=seen)
    assert nothing_happened(judged)


def test_a_fault_in_the_middle_tells_nobody(judged, monkeypatch):
    decide_all(judged)
    monkeypatch.setattr(selectors, "admitted", lambda challenge: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        judged.release()
    assert nothing_happened(judged)


def test_a_challenge_without_applications_has_nothing_to_release(call, cast):
    refused(Denied, Reason.NOT_ALL_SUBMITTED, call.release)


def test_the_ranking_stands_by_the_points(judged):
    ranking = reviewing.ranking(reviewing.find_round("applications/kyyti"))
    assert [(row.place, row.title, row.points) for row in ranking] == [(1, "Kaarna", 9), (2, "Luoto", 7), (3, "Myrsky", 3)]


def test_a_member_of_a_declined_team_stays_on_the_side_of_teams(judged, cast):
    decide_all(judged)
    judged.release()
    with pytest.raises(Refused):
        accounts.grant_role(actor=cast["organiser"], person=judged.people["Myrsky"], role=Role.JUROR, competition="klash-test")
    assert Team.objects.visible_to(make_person("muu")).count() == 0
