"""Who is in a team with which right, who leads it, and what is asked of it before it applies."""

from datetime import timedelta

import pytest

from klash.accounts import services as accounts
from klash.accounts.models import Invitation
from klash.core import clock
from klash.core.errors import Denied, IllegalMove, Refused
from klash.post.models import Message
from klash.reviewing.models import Entry
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.teams import selectors, services
from klash.teams.models import Application, Membership, NoticeFacts, Right, Team, TeamRules
from tests.conftest import make_person
from tests.teams.conftest import TEXTS, columns, make_challenge, url
from tests.teams.test_services import refused

pytestmark = pytest.mark.django_db(databases="__all__")


def fresh(team):
    return Team.objects.get(pk=team.pk)


def join(call, team, person, right):
    invitation, _ = services.invite_member(actor=call.leader(team), team=fresh(team), email=person.email, right=right, days=3)
    accounts.accept_invitation(actor=person, invitation=invitation)
    return invitation


def test_who_only_reads_writes_nothing_until_the_leader_lets_them(call, cast):
    team = call.found()
    join(call, team, cast["member"], Right.VIEW)
    application = Application.objects.get(team=team)
    refused(Denied, Reason.READS_ONLY, services.save_application, actor=cast["member"], application=application, **columns(**TEXTS))
    services.set_right(actor=cast["leader"], team=fresh(team), person=cast["member"], may_write=True)
    services.save_application(actor=cast["member"], application=Application.objects.get(team=team), **columns(**TEXTS))


def test_who_is_invited_to_lead_takes_the_lead_on_joining(call, cast):
    team = call.found()
    join(call, team, cast["member"], Right.LEAD)
    assert call.leader(team) == cast["member"]
    assert [sorted(cast[who].roles_in("klash-test", "kyyti")) for who in ("member", "leader")] == [[Role.TEAM_LEADER], [Role.TEAM_MEMBER]]


def test_a_link_is_sent_anew_or_taken_back_and_expires_as_chosen(call, cast):
    team = call.found()
    first, _ = services.invite_member(actor=cast["leader"], team=team, email="uusi@example.org", right=Right.VIEW, days=3)
    assert first.expires_at - clock.now() == timedelta(days=3)
    second, _ = services.resend_invitation(actor=cast["leader"], team=team, invitation=first)
    assert (second.right, second.expires_at) == (Right.VIEW, first.expires_at)
    assert [row.pk for row in selectors.open_invitations(team, clock.now())] == [second.pk]
    services.revoke_invitation(actor=cast["leader"], team=team, invitation=second)
    assert selectors.open_invitations(team, clock.now()) == []
    refused(Refused, Reason.INVITATION_VOID, services.resend_invitation, actor=cast["leader"], team=team, invitation=first)
    assert Invitation.objects.count() == 2


def test_the_lead_is_offered_and_taken_and_all_are_told(call, cast):
    team = call.fill(call.found(), cast["member"])
    refused(Denied, Reason.NOT_YOURS, services.offer_lead, actor=cast["member"], team=fresh(team), person=cast["leader"])
    offer = services.offer_lead(actor=cast["leader"], team=fresh(team), person=cast["member"])
    assert services.offer_lead(actor=cast["leader"], team=fresh(team), person=cast["member"]).pk == offer.pk
    refused(Denied, Reason.NOT_YOURS, services.take_lead, actor=cast["leader"], handover=offer)
    services.take_lead(actor=cast["member"], handover=offer)
    assert call.leader(team) == cast["member"]
    assert sorted(Message.objects.filter(event__startswith="team.lead_changed").values_list("to", flat=True)) == ["leader@example.org", "member@example.org"]
    with pytest.raises(IllegalMove):
        services.take_lead(actor=cast["member"], handover=offer)


def test_the_organiser_appoints_a_leader_only_with_a_reason(call, cast):
    team = call.fill(call.found(), cast["member"])
    appoint = {"team": fresh(team), "person": cast["member"]}
    refused(Denied, Reason.NO_ROLE, services.appoint_leader, actor=cast["member"], reason="Syy", **appoint)
    refused(Refused, Reason.NO_REASON_GIVEN, services.appoint_leader, actor=cast["organiser"], reason=" ", **appoint)
    services.appoint_leader(actor=cast["organiser"], reason="Vetäjää ei tavoiteta.", **appoint)
    assert call.leader(team) == cast["member"]
    assert Message.objects.filter(event__startswith="team.lead_changed", body__contains="> Vetäjää ei tavoiteta.").count() == 2


def test_a_member_leaves_and_the_leader_stays(call, cast):
    team = call.fill(call.found(), cast["member"])
    refused(Denied, Reason.LEADER_STAYS, services.leave_team, actor=cast["leader"], team=fresh(team))
    services.leave_team(actor=cast["member"], team=fresh(team))
    assert list(Membership.objects.filter(team=team).values_list("person__email", flat=True)) == ["leader@example.org"]
    assert cast["member"].roles_in("klash-test", "kyyti") == frozenset()
    assert Message.objects.get(event__startswith="team.left/").to == "leader@example.org"


def test_one_person_is_in_several_teams_only_where_the_rules_say_so(call, cast):
    other = make_challenge(call.world, cast["officer"], code="toinen", number=2)
    call.found()
    refused(Refused, Reason.OTHER_SIDE, call.found, "Luoto", cast["leader"], other)
    TeamRules.objects.create(competition=call.world.competition, one_team="challenge")
    call.found("Luoto", cast["leader"], other)
    refused(Refused, Reason.OTHER_SIDE, call.found, "Myrsky", cast["leader"])
    assert Membership.objects.filter(person=cast["leader"]).count() == 2


def before_the_call(call):
    return clock.at(call.world.stages["team_call"].opens_at - timedelta(days=1))


def ask(call, cast):
    competition, organiser = call.world.competition, cast["organiser"]
    with before_the_call(call):
        services.save_team_rules(actor=organiser, competition=competition, one_team="competition", asks_declarations=True)
        services.add_eligibility_question(
            actor=organiser, competition=competition, text={"fi": "Oletteko täysi-ikäisiä?"}, wanted=True, why={"fi": "Alaikäinen ei voi sitoutua."},
            onward={"fi": "Kysykää järjestäjältä."},
        )
    services.publish_conditions(actor=organiser, competition=competition, text={"fi": "Ehdot."})


def submit(call, team):
    return services.submit_application(actor=call.leader(team), application=Application.objects.get(team=team))


def test_what_is_asked_is_checked_rule_by_rule_at_submission(call, cast):
    ask(call, cast)
    team = call.fill(call.found())
    call.write(team)
    people = [row.person for row in Membership.objects.filter(team=team)]
    question = selectors.eligibility_of(call.world.competition)[0].code
    refused(Denied, Reason.NOT_ELIGIBLE, submit, call, team)
    services.answer_eligibility(actor=cast["leader"], team=fresh(team), answers={question: False})
    refused(Denied, Reason.NOT_ELIGIBLE, submit, call, team)
    services.answer_eligibility(actor=cast["leader"], team=fresh(team), answers={question: True})
    for person in people:
        refused(Denied, Reason.DECLARATIONS_OPEN, submit, call, team)
        services.declare_grounds(actor=person, team=fresh(team))
    firm = services.add_firm(actor=cast["leader"], team=fresh(team), name="Oma Oy")
    refused(Denied, Reason.DECLARATIONS_OPEN, submit, call, team)
    services.declare_grounds(actor=cast["leader"], team=fresh(team), firms=[firm])
    refused(Denied, Reason.CONDITIONS_OPEN, submit, call, team)
    services.accept_conditions(actor=cast["leader"], team=fresh(team), number=1)
    services.publish_conditions(actor=cast["organiser"], competition=call.world.competition, text={"fi": "Uudet ehdot."})
    refused(Denied, Reason.CONDITIONS_OPEN, submit, call, team)
    refused(Refused, Reason.PAGE_CHANGED, services.accept_conditions, actor=cast["leader"], team=fresh(team), number=1)
    services.accept_conditions(actor=cast["leader"], team=fresh(team), number=2)
    assert submit(call, team).state == "submitted"


def test_a_wrong_answer_tells_why_and_bars_from_the_form(call, cast, enter):
    ask(call, cast)
    team = call.found()
    client = enter(cast["leader"])
    assert client.get(url("application", team.code))["Location"] == url("eligibility", team.code)
    question = selectors.eligibility_of(call.world.competition)[0].code
    page = client.post(url("eligibility", team.code), {question: "no"}).content.decode()
    assert ("Alaikäinen ei voi sitoutua." in page, "Kysykää järjestäjältä." in page) == (True, True)
    client.post(url("eligibility", team.code), {question: "yes"})
    assert client.get(url("application", team.code)).status_code == 200


def test_the_rules_are_frozen_when_the_call_begins(call, cast):
    refused(Denied, Reason.FROZEN, services.save_team_rules, actor=cast["organiser"], competition=call.world.competition, one_team="challenge", asks_declarations=True)
    refused(Denied, Reason.FROZEN, services.set_needs, actor=cast["organiser"], challenge=call.challenge, skills=["data"])
    with before_the_call(call):
        refused(Denied, Reason.NO_ROLE, services.save_team_rules, actor=cast["registrar"], competition=call.world.competition, one_team="challenge", asks_declarations=True)


def test_the_mix_tells_the_team_what_it_lacks_and_the_panel_without_names(call, cast, enter):
    with before_the_call(call):
        services.set_needs(actor=cast["organiser"], challenge=call.challenge, skills=["data", "municipal"], own=[{"fi": "Kutsukyydit"}])
    team = call.fill(call.found(), cast["member"], make_person("kolmas"))
    services.tell_role(actor=cast["leader"], team=fresh(team), role="software", own_role="", skills=["data", "own-1"], own_skills="Qvenska")
    refused(Refused, Reason.INCOMPLETE, services.tell_role, actor=cast["leader"], team=fresh(team), role="", own_role="", skills=["own-2"], own_skills="")
    services.tell_notice_facts(actor=cast["member"], team=fresh(team), country="SE", size="sme")
    page = enter(cast["leader"]).get(url("show", team.code)).content.decode()
    assert "Teiltä puuttuu vielä tämä osaaminen:</b> kunta-ala." in page and "Ruotsi" in page
    call.write(team)
    submit(call, team)
    with clock.at(call.after):
        services.open_team_round(actor=cast["organiser"], challenge=call.challenge, closes_at=call.after + timedelta(days=2))
    sections = Entry.objects.using("reviewing").get().sections
    assert sections[-1]["text"] == "Tiimissä on: data ja analytiikka (1), Kutsukyydit (1).\n\nTiimistä puuttuu: kunta-ala."
    assert NoticeFacts.objects.get(team=team).country == "SE" and "SE" not in str(sections) and "sme" not in str(sections)


def test_a_team_is_founded_in_three_steps_to_which_one_can_come_back(call, cast, enter):
    client = enter(cast["outsider"])
    client.post(url("found", "klash-test", "kyyti"), {"name": "Kaarna", "language": "fi"})
    team = Team.objects.get()
    sent = client.post(url("who", team.code), {"role": "design", "skills": ["data", "rural"], "own_role": "", "own_skills": ""})
    assert sent["Location"] == url("what", team.code)
    assert url("what", team.code) in client.get(url("show", team.code)).content.decode()
    sent = client.post(url("what", team.code), {"summary": "Kaksi lausetta."})
    member = Membership.objects.get(team=team)
    assert (sent["Location"], fresh(team).summary, member.role, member.skills) == (url("show", team.code), "Kaksi lausetta.", "design", ["rural", "data"])
