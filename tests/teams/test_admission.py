from datetime import timedelta

import pytest

from klash.accounts import services as accounts
from klash.accounts.models import ReviewerHandle
from klash.core import clock
from klash.core.errors import Denied, IllegalMove, Refused
from klash.core.models import AuditEvent
from klash.post.models import Message
from klash.reviewing import selectors as reviewing
from klash.reviewing import services as rounds
from klash.reviewing.models import Round
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import ApplicationState
from klash.teams import selectors, services
from klash.teams.models import Application, Team
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


def test_a_panellist_gets_a_role_and_a_seat_once(after, cast):
    open_round(after)
    seat = services.seat_panellist(actor=cast["organiser"], challenge=after.challenge, person=cast["outsider"])
    again = services.seat_panellist(actor=cast["organiser"], challenge=after.challenge, person=cast["outsider"])
    assert (again.pk, cast["outsider"].roles_in("klash-test", "kyyti"), cast["outsider"].roles_in("klash-test")) == (seat.pk, {Role.PANELLIST}, frozenset())
    assert ReviewerHandle.objects.get(person=cast["outsider"]).handle == seat.handle


def test_who_is_in_a_team_or_judges_has_no_seat(after, cast):
    open_round(after)
    for who in ("leader", "juror", "registrar"):
        refused(Refused, Reason.OTHER_SIDE, services.seat_panellist, actor=cast["organiser"], challenge=after.challenge, person=cast[who])
    assert ReviewerHandle.objects.count() == 0


def test_no_seat_before_the_round_and_none_given_by_others(after, cast):
    refused(Refused, Reason.NOT_COMPLETE, services.seat_panellist, actor=cast["organiser"], challenge=after.challenge, person=cast["panellist"])
    refused(Denied, Reason.NO_ROLE, services.seat_panellist, actor=cast["mentor"], challenge=after.challenge, person=cast["outsider"])


@pytest.mark.parametrize(("act", "state"), [(services.admit_team, ApplicationState.ADMITTED), (services.decline_team, ApplicationState.DECLINED)])
def test_a_decision_carries_its_reason_and_waits_for_the_release(judged, cast, act, state):
    row = act(actor=cast["organiser"], application=application("Kaarna"), reason="  Vahva osaaminen. ")
    assert (row.state, row.reason, row.decided_at, row.released_at, row.told_state) == (
        state, "Vahva osaaminen.", clock.now(), None, ApplicationState.SUBMITTED
    )
    assert AuditEvent.objects.get(what=f"application.{state}").body == {"reason": "Vahva osaaminen."}
    assert (list(selectors.public_teams(judged.challenge)), Message.objects.filter(event__startswith="application.decided/").count()) == ([], 0)


@pytest.mark.parametrize("act", [services.admit_team, services.decline_team])
def test_a_decision_needs_a_reason_a_role_and_an_undecided_application(judged, cast, act):
    refused(Refused, Reason.NO_REASON_GIVEN, act, actor=cast["organiser"], application=application("Kaarna"), reason=" ")
    for who in ("registrar", "leader", "panellist", "juror", "outsider"):
        refused(Denied, Reason.NO_ROLE, act, actor=cast[who], application=application("Kaarna"), reason="syy")
    with pytest.raises(IllegalMove):
        act(actor=cast["organiser"], application=application("Notko"), reason="syy")
    act(actor=cast["organiser"], application=application("Kaarna"), reason="syy")
    with pytest.raises(IllegalMove):
        services.decline_team(actor=cast["organiser"], application=application("Kaarna"), reason="syy")


def test_no_decision_before_every_review_is_in(after, cast):
    refused(Denied, Reason.NOT_ALL_SUBMITTED, services.admit_team, actor=cast["organiser"], application=application("Kaarna"), reason="syy")
    round_ = open_round(after)
    services.seat_panellist(actor=cast["organiser"], challenge=after.challenge, person=cast["panellist"])
    rounds.open_round(actor=cast["organiser"], round=round_)
    for act in (services.admit_team, services.decline_team):
        refused(Denied, Reason.NOT_ALL_SUBMITTED, act, actor=cast["organiser"], application=application("Kaarna"), reason="syy")


def test_a_full_challenge_admits_no_more_but_still_declines(judged, cast):
    competition = judged.world.competition
    competition.teams_per_challenge_max = 2
    competition.save(update_fields=["teams_per_challenge_max"])
    for name in ("Kaarna", "Luoto"):
        services.admit_team(actor=cast["organiser"], application=application(name), reason="syy")
    refused(Denied, Reason.CHALLENGE_FULL, services.admit_team, actor=cast["organiser"], application=application("Myrsky"), reason="syy")
    assert services.decline_team(actor=cast["organiser"], application=application("Myrsky"), reason="syy").state == ApplicationState.DECLINED


def decide_all(call):
    organiser = call.cast["organiser"]
    services.admit_team(actor=organiser, application=application("Kaarna"), reason="Vahvin.")
    services.admit_team(actor=organiser, application=application("Luoto"), reason="Hyvä.")
    services.decline_team(actor=organiser, application=application("Myrsky"), reason="Osaaminen on kapea.")


def test_the_release_tells_every_member_at_once_and_makes_the_admitted_public(judged, cast):
    decide_all(judged)
    assert services.release_admissions(actor=cast["organiser"], challenge=judged.challenge) == 3
    assert (judged.challenge.admitted_teams, judged.challenge.admitted_persons) == (2, 6)
    sent = Message.objects.filter(event__startswith="application.decided/")
    assert (sent.count(), {message.queued_at for message in sent}) == (9, {clock.now()})
    declined = sent.get(to="myrsky@example.org")
    assert ("Myrsky" in declined.subject, "Osaaminen on kapea." in declined.body) == (True, True)
    assert not Message.objects.filter(event__startswith="application.decided/", to="notko@example.org").exists()
    assert [team.name for team in selectors.public_teams(judged.challenge)] == ["Kaarna", "Luoto"]
    assert [application(name).told_state for name in ("Kaarna", "Myrsky", "Notko")] == ["admitted", "declined", "draft"]
    assert [event.body for event in AuditEvent.objects.filter(what="admissions.released")] == [{"count": 3}]


def test_a_second_release_tells_nobody_twice(judged, cast):
    decide_all(judged)
    services.release_admissions(actor=cast["organiser"], challenge=judged.challenge)
    with clock.at(judged.after + timedelta(hours=1)):
        assert services.release_admissions(actor=cast["registrar"], challenge=judged.challenge) == 0
    assert Message.objects.filter(event__startswith="application.decided/").count() == 9
    assert AuditEvent.objects.filter(what="admissions.released").count() == 1


def test_nothing_is_released_while_one_is_undecided_or_by_others(judged, cast):
    services.admit_team(actor=cast["organiser"], application=application("Kaarna"), reason="syy")
    refused(Refused, Reason.NOT_COMPLETE, services.release_admissions, actor=cast["organiser"], challenge=judged.challenge)
    for who in ("leader", "panellist", "outsider"):
        refused(Denied, Reason.NO_ROLE, services.release_admissions, actor=cast[who], challenge=judged.challenge)
    assert Message.objects.filter(event__startswith="application.decided/").count() == 0


def test_a_challenge_without_applications_has_nothing_to_release(call, cast):
    refused(Refused, Reason.NOT_COMPLETE, services.release_admissions, actor=cast["organiser"], challenge=call.challenge)


def test_the_ranking_stands_by_the_points(judged):
    ranking = reviewing.ranking(reviewing.find_round("applications/kyyti"))
    assert [(row.place, row.title, row.points) for row in ranking] == [(1, "Kaarna", 9), (2, "Luoto", 7), (3, "Myrsky", 3)]


def test_a_member_of_a_declined_team_stays_on_the_side_of_teams(judged, cast):
    decide_all(judged)
    with pytest.raises(Refused):
        accounts.grant_role(actor=cast["organiser"], person=judged.people["Myrsky"], role=Role.JUROR, competition="klash-test")
    assert Team.objects.visible_to(make_person("muu")).count() == 0
