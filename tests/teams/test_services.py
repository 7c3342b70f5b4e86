from datetime import timedelta

import pytest

from klash.accounts import services as accounts
from klash.accounts.models import Invitation
from klash.core import clock
from klash.core.errors import Denied, IllegalMove, Refused
from klash.core.models import AuditEvent
from klash.post.models import Message
from klash.rules.reasons import Reason
from klash.rules.roles import Role, Side
from klash.rules.states import ApplicationState, ChallengeState
from klash.teams import selectors, services
from klash.teams.models import Application, Membership, Team
from tests.conftest import make_person
from tests.teams.conftest import TEXTS, columns, make_challenge

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)
MS = timedelta(milliseconds=1)


def refused(kind, expected, act, /, *args, **kwargs):
    with pytest.raises(kind) as error:
        act(*args, **kwargs)
    assert error.value.reason == expected


def events(what):
    return AuditEvent.objects.filter(chain__competition="klash-test", what=what)


# Founding


def test_the_founder_leads_the_team_and_has_a_draft(call, cast):
    team = call.found()
    leader = cast["leader"]
    assert (team.membership_of(leader).is_leader, team.application.state, team.challenge) == (True, ApplicationState.DRAFT, call.challenge)
    assert (leader.roles_in("klash-test", "kyyti"), accounts.side_of(leader, "klash-test")) == ({Role.TEAM_LEADER}, Side.TEAM)
    assert [event.body for event in events("team.founded")] == [{"name": "Kaarna"}]


def test_a_team_is_founded_only_while_the_call_is_open(call, world):
    stage = world.stages["team_call"]
    for moment, reason in ((stage.opens_at - MS, Reason.NOT_OPEN_YET), (stage.closes_at + MS, Reason.DEADLINE_PASSED)):
        with clock.at(moment):
            refused(Denied, reason, call.found)
    with clock.at(stage.closes_at):
        assert call.found().name == "Kaarna"


def test_no_team_is_founded_in_a_draft_of_a_challenge(call, world, cast):
    draft = make_challenge(world, cast["officer"], "luonnos", 2, ChallengeState.DRAFT)
    refused(Refused, Reason.NOT_OPEN_YET, call.found, challenge=draft)


def test_one_person_founds_one_team_in_a_competition(call, world, cast):
    call.found()
    other = make_challenge(world, cast["officer"], "toinen", 2)
    refused(Refused, Reason.OTHER_SIDE, call.found, "Luoto", cast["leader"])
    refused(Refused, Reason.OTHER_SIDE, call.found, "Luoto", cast["leader"], other)
    assert Team.objects.count() == 1


@pytest.mark.parametrize("who", ["organiser", "registrar", "pilot_officer", "panellist", "mentor", "juror", "chair"])
def test_a_person_of_another_side_founds_no_team(call, cast, who):
    refused(Refused, Reason.OTHER_SIDE, call.found, "Luoto", cast[who])
    assert Team.objects.count() == 0


def test_an_officer_may_found_a_team_but_then_reports_no_problem(call, cast):
    call.found("Luoto", cast["officer"])
    assert accounts.side_of(cast["officer"], "klash-test") == Side.TEAM


def test_two_teams_of_a_challenge_never_have_one_name(call):
    call.found()
    with pytest.raises(Refused) as refused:
        call.found("Kaarna", make_person("toinen"))
    assert refused.value.reason is Reason.NAME_TAKEN
    assert selectors.is_name_taken(call.challenge, "KAARNA")


# Inviting and joining


def test_an_invitation_goes_by_mail_and_joins_when_it_is_accepted(call, cast):
    team = call.found()
    invitation, token = services.invite_member(actor=cast["leader"], team=team, email="Member@Example.org")
    message = Message.objects.get()
    assert (message.to, message.language, f"/teams/join/{token}/" in message.body, token in str(Invitation.objects.values())) == (
        "member@example.org", "fi", True, False
    )
    accounts.accept_invitation(actor=cast["member"], invitation=invitation)
    assert [row.person for row in team.memberships.order_by("pk")] == [cast["leader"], cast["member"]]
    assert cast["member"].roles_in("klash-test", "kyyti") == {Role.TEAM_MEMBER}
    assert services.join_team(actor=cast["member"], team=team).pk == team.memberships.get(person=cast["member"]).pk
    assert (team.memberships.count(), events("team.joined").count()) == (2, 1)


def test_a_new_person_joins_with_the_account_that_the_invitation_makes(call, cast):
    team = call.found()
    invitation, _ = services.invite_member(actor=cast["leader"], team=team, email="uusi@example.org")
    person = accounts.join_by_invitation(invitation=invitation, name="Uusi", password="pitkä salasana 12", language="sv")
    assert team.membership_of(person) is not None


def test_the_mail_is_in_the_language_of_the_known_person(call, cast):
    swede = make_person("svensk", language="sv")
    services.invite_member(actor=cast["leader"], team=call.found(), email=swede.email)
    assert "/sv/teams/join/" in Message.objects.get().body


def test_names_stand_in_mail_as_they_are_written(call, cast):
    team = call.found("R&D <Ystävät>", cast["leader"])
    services.invite_member(actor=cast["leader"], team=team, email="a@example.org")
    assert "R&D <Ystävät>" in Message.objects.get().subject


def test_an_invitation_works_once(call, cast):
    team = call.found()
    invitation, token = services.invite_member(actor=cast["leader"], team=team, email=cast["member"].email)
    accounts.accept_invitation(actor=cast["member"], invitation=invitation)
    assert accounts.find_invitation(token) is None
    refused(Refused, Reason.INVITATION_VOID, accounts.accept_invitation, actor=cast["member"], invitation=invitation)


def test_an_invitation_expires(call, cast):
    team = call.found()
    invitation, token = services.invite_member(actor=cast["leader"], team=team, email=cast["member"].email)
    with clock.at(invitation.expires_at + MS):
        assert accounts.find_invitation(token) is None
        refused(Refused, Reason.INVITATION_VOID, accounts.accept_invitation, actor=cast["member"], invitation=invitation)
    assert team.memberships.count() == 1


def test_an_invitation_is_bound_to_its_address(call, cast):
    team = call.found()
    invitation, _ = services.invite_member(actor=cast["leader"], team=team, email=cast["member"].email)
    refused(Denied, Reason.OTHER_ADDRESS, accounts.accept_invitation, actor=cast["outsider"], invitation=invitation)
    assert (team.memberships.count(), accounts.side_of(cast["outsider"], "klash-test")) == (1, None)


def test_nobody_joins_without_an_accepted_invitation(call, cast):
    refused(Refused, Reason.INVITATION_VOID, services.join_team, actor=cast["outsider"], team=call.found())


def test_joining_after_the_deadline_is_refused_whole(call, cast):
    team = call.found()
    with clock.at(call.deadline):
        invitation, token = services.invite_member(actor=cast["leader"], team=team, email=cast["member"].email)
    with clock.at(call.deadline + MS):
        refused(Denied, Reason.DEADLINE_PASSED, accounts.accept_invitation, actor=cast["member"], invitation=invitation)
        assert accounts.find_invitation(token) is not None
    assert (team.memberships.count(), accounts.side_of(cast["member"], "klash-test")) == (1, None)


def test_a_person_of_another_side_is_not_invited(call, cast):
    team = call.found()
    for who in ("juror", "panellist", "organiser", "mentor"):
        refused(Refused, Reason.OTHER_SIDE, services.invite_member, actor=cast["leader"], team=team, email=cast[who].email)
    assert (Invitation.objects.count(), Message.objects.count()) == (0, 0)


def test_who_took_another_side_meanwhile_does_not_join(call, cast):
    team = call.found()
    invitation, _ = services.invite_member(actor=cast["leader"], team=team, email=cast["outsider"].email)
    accounts.grant_role(actor=cast["organiser"], person=cast["outsider"], role=Role.JUROR, competition="klash-test")
    refused(Refused, Reason.OTHER_SIDE, accounts.accept_invitation, actor=cast["outsider"], invitation=invitation)
    assert (team.memberships.count(), cast["outsider"].roles_in("klash-test")) == (1, {Role.JUROR})


def test_a_member_of_one_team_does_not_join_another(call, world, cast):
    one, other = call.found(), call.found("Luoto", challenge=make_challenge(world, cast["officer"], "toinen", 2))
    call.join(one, cast["member"])
    invitation, _ = services.invite_member(actor=call.people["Luoto"], team=other, email=cast["member"].email)
    refused(Refused, Reason.OTHER_SIDE, accounts.accept_invitation, actor=cast["member"], invitation=invitation)
    refused(Refused, Reason.OTHER_SIDE, call.found, "Myrsky", cast["member"])
    assert Membership.objects.filter(person=cast["member"]).count() == 1


def test_a_sixth_person_is_neither_invited_nor_joined(call, cast):
    team = call.found()
    late, _ = services.invite_member(actor=cast["leader"], team=team, email=cast["outsider"].email)
    call.fill(team, *[make_person(f"jäsen-{number}") for number in range(4)])
    refused(Refused, Reason.TEAM_TOO_LARGE, services.invite_member, actor=cast["leader"], team=team, email="kuudes@example.org")
    refused(Refused, Reason.TEAM_TOO_LARGE, accounts.accept_invitation, actor=cast["outsider"], invitation=late)
    assert (team.memberships.count(), accounts.side_of(cast["outsider"], "klash-test")) == (5, None)


def test_only_the_leader_invites_and_removes(call, cast):
    team = call.found()
    call.fill(team, cast["member"], cast["member_2"])
    for actor in (cast["member"], cast["outsider"], cast["organiser"]):
        fresh = Team.objects.get()
        refused(Denied, Reason.NOT_YOURS, services.invite_member, actor=actor, team=fresh, email="a@example.org")
        refused(Denied, Reason.NOT_YOURS, services.remove_member, actor=actor, team=fresh, person=cast["member_2"])


# Removing


def test_a_removed_member_loses_role_and_link_but_keeps_the_side(call, cast):
    team = call.found()
    services.invite_member(actor=cast["leader"], team=team, email=cast["member"].email)
    call.fill(team, cast["member"])
    services.remove_member(actor=cast["leader"], team=team, person=cast["member"])
    member = cast["member"]
    assert (team.memberships.count(), member.roles_in("klash-test", "kyyti"), accounts.side_of(member, "klash-test")) == (1, frozenset(), Side.TEAM)
    refused(Refused, Reason.INVITATION_VOID, services.join_team, actor=member, team=team)
    assert selectors.open_invitations(team, clock.now()) == []
    assert [event.body for event in events("team.left")] == [{"person": member.code}]
    call.join(team, member)
    assert (team.memberships.count(), member.roles_in("klash-test", "kyyti")) == (2, {Role.TEAM_MEMBER})


def test_the_leader_is_not_removed(call, cast):
    refused(Refused, Reason.WRONG_STATE, services.remove_member, actor=cast["leader"], team=call.found(), person=cast["leader"])


def test_who_is_no_member_is_not_removed(call, cast):
    refused(Denied, Reason.NOT_YOURS, services.remove_member, actor=cast["leader"], team=call.found(), person=cast["outsider"])


def test_a_submitted_team_keeps_its_members(call, cast):
    application = call.submit("Kaarna", cast["member"], cast["member_2"])
    refused(Refused, Reason.WRONG_STATE, services.remove_member, actor=cast["leader"], team=application.team, person=cast["member"])
    services.withdraw_application(actor=cast["leader"], application=application)
    services.remove_member(actor=cast["leader"], team=Team.objects.get(), person=cast["member"])
    refused(Denied, Reason.TEAM_TOO_SMALL, services.submit_application, actor=cast["leader"], application=Application.objects.get())


def test_nobody_is_removed_after_the_deadline(call, cast):
    team = call.found()
    call.fill(team, cast["member"])
    with clock.at(call.deadline + MS):
        refused(Denied, Reason.DEADLINE_PASSED, services.remove_member, actor=cast["leader"], team=Team.objects.get(), person=cast["member"])


# Writing and submitting


def test_every_member_writes_and_the_log_holds_only_a_hash(call, cast):
    team = call.found()
    call.join(team, cast["member"])
    application = services.save_application(actor=cast["member"], application=Application.objects.get(), **columns(**TEXTS))
    application.refresh_from_db()
    assert (application.answer("know_how"), Team.objects.get().summary) == (TEXTS["know_how"], TEXTS["summary"])
    assert [event.body for event in events("application.saved")] == [{"hash": selectors.fingerprint(application)}]
    services.save_application(actor=cast["member"], application=application, **columns(**TEXTS))
    assert events("application.saved").count() == 1


@pytest.mark.parametrize("who", ["outsider", "organiser", "panellist", "juror"])
def test_others_do_not_write(call, cast, who):
    call.found()
    refused(Denied, Reason.NOT_YOURS, services.save_application, actor=cast[who], application=Application.objects.get(), **columns(**TEXTS))


def test_what_another_member_saved_meanwhile_is_not_overwritten_unread(call, cast):
    team = call.found()
    call.join(team, cast["member"])
    seen = Application.objects.get().saved_at
    with clock.at(clock.now() + timedelta(minutes=1)):
        services.save_application(actor=cast["member"], application=Application.objects.get(), **columns(**{**TEXTS, "idea": "Jäsenen ajatus"}))
    act = services.save_application
    refused(Refused, Reason.TEXT_CHANGED, act, actor=cast["leader"], application=Application.objects.get(), **columns(**TEXTS), seen=seen)
    assert Application.objects.get().answer("idea") == "Jäsenen ajatus"
    act(actor=cast["leader"], application=Application.objects.get(), **columns(**TEXTS), seen=Application.objects.get().saved_at)
    assert Application.objects.get().answer("idea") == TEXTS["idea"]


def test_an_application_is_submitted_with_a_receipt_to_every_member(call, cast):
    application = call.submit("Kaarna", cast["member"], cast["member_2"])
    assert (application.state, application.submitted_at, selectors.receipt_of(application)) == (ApplicationState.SUBMITTED, clock.now(), selectors.fingerprint(application))
    sent = Message.objects.filter(event__startswith="application.submitted/")
    assert {message.to for message in sent} == {cast[name].email for name in ("leader", "member", "member_2")}


def test_the_deadline_is_kept_to_the_millisecond(call, cast):
    team = call.fill(call.found())
    application = call.write(team)
    with clock.at(call.deadline + MS):
        refused(Denied, Reason.DEADLINE_PASSED, services.submit_application, actor=cast["leader"], application=application)
        refused(Denied, Reason.DEADLINE_PASSED, services.save_application, actor=cast["leader"], application=application, **columns(**TEXTS))
    assert (Application.objects.get().state, events("application.submitted").count()) == (ApplicationState.DRAFT, 0)
    with clock.at(call.deadline):
        services.submit_application(actor=cast["leader"], application=application)
    assert Application.objects.get().state == ApplicationState.SUBMITTED


@pytest.mark.parametrize(("members", "reason"), [(1, Reason.TEAM_TOO_SMALL), (2, Reason.TEAM_TOO_SMALL), (3, None), (5, None), (6, Reason.TEAM_TOO_LARGE)])
def test_a_team_has_three_to_five_members(call, cast, members, reason):
    team = call.found()
    for number in range(members - 1):
        Membership.objects.create(team=team, person=make_person(f"jäsen-{number}"), joined_at=clock.now())
    application = call.write(team)
    if reason is None:
        assert services.submit_application(actor=cast["leader"], application=application).state == ApplicationState.SUBMITTED
    else:
        refused(Denied, reason, services.submit_application, actor=cast["leader"], application=application)


@pytest.mark.parametrize("section", ["know_how", "idea", "motivation"])
def test_an_application_with_an_empty_section_is_not_submitted(call, cast, section):
    team = call.fill(call.found())
    refused(Denied, Reason.INCOMPLETE, services.submit_application, actor=cast["leader"], application=call.write(team, **{section: "  "}))


def test_only_the_leader_submits_and_withdraws(call, cast):
    team = call.fill(call.found(), cast["member"], cast["member_2"])
    call.write(team)
    refused(Denied, Reason.NOT_YOURS, services.submit_application, actor=cast["member"], application=Application.objects.get())
    services.submit_application(actor=cast["leader"], application=Application.objects.get())
    for who in ("member", "outsider", "organiser"):
        refused(Denied, Reason.NOT_YOURS, services.withdraw_application, actor=cast[who], application=Application.objects.get())


def test_a_submitted_application_is_not_changed_before_it_is_withdrawn(call, cast):
    application = call.submit()
    refused(Denied, Reason.WRONG_STATE, services.save_application, actor=cast["leader"], application=application, **columns(**TEXTS))
    with pytest.raises(IllegalMove):
        services.submit_application(actor=cast["leader"], application=application)
    services.withdraw_application(actor=cast["leader"], application=application)
    services.save_application(actor=cast["leader"], application=application, **columns(**{**TEXTS, "idea": "Parempi"}))
    with clock.at(clock.now() + timedelta(hours=1)):
        services.submit_application(actor=cast["leader"], application=application)
    assert (Application.objects.get().state, Application.objects.get().answer("idea")) == (ApplicationState.SUBMITTED, "Parempi")
    assert Message.objects.filter(event__startswith="application.submitted/", to=cast["leader"].email).count() == 2


def test_an_application_is_not_withdrawn_after_the_deadline(call, cast):
    application = call.submit()
    with clock.at(call.deadline + MS):
        refused(Denied, Reason.DEADLINE_PASSED, services.withdraw_application, actor=cast["leader"], application=application)


def test_a_draft_is_not_withdrawn(call, cast):
    call.found()
    with pytest.raises(IllegalMove):
        services.withdraw_application(actor=cast["leader"], application=Application.objects.get())
