from datetime import timedelta

import pytest

from klash.accounts import services
from klash.competitions.models import Postponement, Ruling
from klash.core import audit
from klash.problems.models import Problem
from klash.proposals.models import LateDecision, Opening, Version
from klash.reviewing.models import Seat
from klash.rules.roles import Role
from klash.teams.models import Application
from tests.conftest import START
from tests.portal.conftest import make_challenge, make_problem, make_round, make_session, make_team, submit_all, submit_proposal

pytestmark = pytest.mark.django_db(databases="__all__")


def tasks(client, person):
    client.force_login(person)
    response = client.get("/en/tasks/")
    assert response.status_code == 200
    found = response.context["tasks"]
    return [task.sentence for task in found.to_do], [done.sentence for done in found.done]


def test_nobody_is_sent_to_sign_in(client, db):
    assert client.get("/tasks/")["Location"] == "/accounts/sign-in/?next=/tasks/"


def test_whoever_has_nothing_is_told_so(client, cast):
    assert tasks(client, cast["outsider"]) == ([], [])
    assert "Nothing waits for you." in client.get("/en/tasks/").content.decode()


def test_an_officer_finishes_drafts_before_the_deadline(client, world, cast, at):
    make_problem(world, cast["officer"], "Luonnos", state="draft")
    with at("problem_call"):
        assert tasks(client, cast["officer"]) == (["Finish the problem and submit it. It has not been submitted yet."], [])
    with at("team_call"):
        assert tasks(client, cast["officer"]) == ([], ["The problem stayed a draft; it was not submitted."])


@pytest.mark.parametrize(("state", "sentence"), [
    ("submitted", "The problem has been submitted. The panel has not chosen yet."),
    ("chosen", "The problem was chosen to become a challenge."),
    ("not_chosen", "The problem was not chosen. The panel's feedback comes later."),
])
def test_an_officer_sees_where_a_problem_stands(client, world, cast, at, state, sentence):
    make_problem(world, cast["officer"], "Ongelma", state=state)
    with at("team_call"):
        assert tasks(client, cast["officer"]) == ([], [sentence])


def test_a_leader_invites_and_writes_and_a_member_writes(client, world, cast, at, made):
    make_team(made.challenges[1], "Uusi", [cast["outsider"], cast["officer"]], "draft")
    with at("team_call"):
        to_do, _done = tasks(client, cast["outsider"])
        assert to_do == [
            "Invite members. The team needs at least 3.", "Write the application and submit it. It has not been submitted yet.",
        ]
        assert tasks(client, cast["officer"])[0] == ["Write the application together. The leader submits it."]
    with at("mentoring"):
        assert tasks(client, cast["outsider"]) == ([], ["The application was not submitted in time."])


def test_an_admitted_team_writes_its_proposal(client, cast, at, made):
    with at("proposals"):
        assert tasks(client, cast["member"])[0] == ["Write the solution proposal and submit it. It has not been submitted yet."]
        submit_proposal(made.teams[0])
        to_do, done = tasks(client, cast["member"])
        assert to_do == [] and "You can submit a new version until the deadline." in done[0] + done[1]
    with at("judging"):
        assert any("Nothing in it changes any more." in line for line in tasks(client, cast["member"])[1])


def test_a_late_team_is_told_so_and_a_declined_one_gets_no_proposal(client, cast, at, made):
    with at("judging"):
        assert "The team did not submit a proposal in time." in tasks(client, cast["leader"])[1]
        assert tasks(client, made.teams[3].memberships.get().person) == ([], ["The team was not admitted. The reason is on the team's page."])


def test_a_decision_is_not_told_before_its_release(client, at, made):
    Application.objects.update(released_at=None)
    with at("proposals"):
        for team in (made.teams[0], made.teams[3]):
            person = team.memberships.get(is_leader=True).person
            assert tasks(client, person) == ([], ["The application has been submitted. The decision has not been made yet."])


def test_mentor_and_team_rate_a_session(client, world, cast, at, made):
    session = make_session(world, made.teams[0], cast["mentor"])
    with at(session.slot.starts_at.replace(day=1)):
        assert "A mentoring session is coming." in tasks(client, cast["mentor"])[0]
    session.state = "held"
    session.save()
    with at("mentoring"):
        assert tasks(client, cast["mentor"])[0] == ["Write the note of the mentoring session."]
        session.note = "n"
        session.save()
        assert tasks(client, cast["mentor"])[0] == ["Tell how the mentoring session went."]
        assert "Tell how the mentoring session went." in tasks(client, cast["leader"])[0]
        session.feedback.create(side="mentor", author=cast["mentor"], mark=5, given_at=session.slot.ends_at)
        assert tasks(client, cast["mentor"]) == ([], ["The mentoring session has been held."])


def test_a_pilot_officer_writes_the_brief(client, world, cast, made, at):
    draft = make_challenge(world, make_problem(world, cast["officer"], "Kolmas"), 3, "draft")
    services.grant_role(actor=audit.System(), person=cast["pilot_officer"], role=Role.PILOT_OFFICER, competition="klash-test", challenge=draft.code)
    with at("challenge_shaping"):
        assert tasks(client, cast["pilot_officer"]) == (["Write the brief of the challenge."], [])


def test_a_reviewer_answers_before_the_round_opens(client, world, cast, at):
    """What a reviewer says then decides who gets which entries."""
    make_round(world, "problems/klash-test", [cast["panellist"]], entries=3, state="draft")
    interests = "Tell whom and what you are tied to, before you judge."
    with at("problem_selection"):
        Seat.objects.using("reviewing").update(state="invited")
        assert tasks(client, cast["panellist"]) == (["A seat in a review round waits for you.", interests], [])
        Seat.objects.using("reviewing").update(state="accepted")
        assert tasks(client, cast["panellist"]) == ([interests], ["You have accepted the task. The round is not open yet."])


def test_a_reviewer_sees_how_many_reviews_are_left(client, world, cast, at):
    round_ = make_round(world, "problems/klash-test", [cast["panellist"]], entries=3)
    with at("problem_selection"):
        assert tasks(client, cast["panellist"])[0] == ["Review the entries. 3 of 3 are left.", "Tell whom and what you are tied to, before you judge."]
        submit_all(round_)
        assert tasks(client, cast["panellist"]) == (["Tell whom and what you are tied to, before you judge."], ["You have submitted all your reviews."])


def test_staff_confirm_what_a_colleague_asked(client, world, cast, made, at):
    Opening.objects.create(challenge=made.challenges[0], requested_by=cast["organiser"], requested_at=world.stages["judging"].opens_at)
    asked = "A colleague asked for the opening of the proposals. It needs your confirmation."
    with at("judging"):
        assert asked in tasks(client, cast["registrar"])[0]
        assert asked not in tasks(client, cast["organiser"])[0]
        assert "The desk tells what the competition needs next." in tasks(client, cast["organiser"])[0]


def test_staff_confirm_a_later_deadline_and_a_decision_on_a_late_proposal(client, world, cast, made, at):
    stage = world.stages["proposals"]
    Postponement.objects.create(stage=stage, to=stage.closes_at + timedelta(days=1), reason="Syy", requested_by=cast["organiser"], requested_at=stage.opens_at)
    moved = "A colleague asked for a later deadline. It needs your confirmation before the deadline passes."
    with at("proposals"):
        assert moved in tasks(client, cast["registrar"])[0] and moved not in tasks(client, cast["organiser"])[0]
        assert "A later deadline was asked for. It waits for a second person." in client.get("/en/desk/klash-test/").content.decode()
    submit_proposal(made.teams[0])
    version = Version.objects.create(
        receipt="r", proposal=made.teams[0].proposal, number=1, idempotency_key="k", submitted_by=cast["leader"], commitment="c", document={}, is_late=True,
        received_at=stage.closes_at + timedelta(seconds=1), deadline_at=stage.closes_at,
    )
    LateDecision.objects.create(version=version, is_admitted=True, reason="Syy", decided_by=cast["organiser"], decided_at=stage.closes_at + timedelta(hours=1))
    late = "A colleague decided on a late proposal. It needs your confirmation."
    with at("judging"):
        found = tasks(client, cast["registrar"])[0]
        assert late in found and moved not in found  # the request lapsed with the deadline
        page = client.get("/en/desk/klash-test/").content.decode()
        assert "A decision on a late proposal waits for a second person." in page and "A later deadline was asked for." not in page
        assert late not in tasks(client, cast["organiser"])[0]


def done_at(client, person):
    client.force_login(person)
    return [done.at for done in client.get("/en/tasks/").context["tasks"].done]


def test_beside_what_happened_stands_when_it_happened(client, world, cast, at, made):
    told, sent = START + timedelta(days=80), START + timedelta(days=200)
    Problem.objects.filter(state="chosen").update(feedback="p", feedback_released_at=told)
    Application.objects.update(released_at=told)
    proposal = submit_proposal(made.teams[0])
    Version.objects.create(
        receipt="r", proposal=proposal, number=1, idempotency_key="k", submitted_by=cast["leader"], received_at=sent, deadline_at=sent, is_late=False,
        commitment="c", document={},
    )
    with at("award"):
        draft = world.stages["problem_call"].closes_at
        assert done_at(client, cast["officer"]) == [told, told, draft, None]
        assert done_at(client, cast["leader"]) == [sent, told]


def test_a_session_that_is_coming_starts_then(client, world, cast, at, made):
    session = make_session(world, made.teams[0], cast["mentor"])
    client.force_login(cast["mentor"])
    with at(session.slot.starts_at.replace(day=1)):
        page = client.get("/tasks/").content.decode()
    assert ("<p>Alkaa <b>" in page, "Viimeistään" in page) == (True, False)


def test_a_panel_whose_choice_is_released_owes_no_report(client, world, cast, at):
    round_ = make_round(world, "problems/klash-test", [cast["panellist"]], state="complete")
    submit_all(round_)
    Seat.objects.using("reviewing").update(is_chair=True)
    with at("team_call"):
        assert "All reviews are in. Write the report." in tasks(client, cast["panellist"])[0]
        Ruling.objects.create(key=round_.key, competition=world.competition, quota=1, state="released", released_at=START)
        assert tasks(client, cast["panellist"]) == ([], ["You have submitted all your reviews."])


def test_a_task_names_the_competition_and_not_its_code(client, world, cast, at):
    with at("problem_call"):
        services.invite(actor=cast["organiser"], email="outsider@example.org", role=Role.MENTOR, competition="klash-test")
        for who in ("organiser", "outsider"):
            client.force_login(cast[who])
            assert [task.about for task in client.get("/en/tasks/").context["tasks"].to_do] == [{"fi": world.competition.name}]


def test_an_open_invitation_is_told(client, cast, at):
    with at("mentoring"):
        services.invite(actor=cast["organiser"], email="outsider@example.org", role=Role.MENTOR, competition="klash-test")
        assert tasks(client, cast["outsider"])[0] == ["You have been invited: mentor. Open the link in the mail."]


@pytest.mark.parametrize("who", ["officer", "leader", "mentor", "organiser", "panellist"])
def test_the_number_of_queries_does_not_grow(client, world, cast, made, at, who, django_assert_num_queries, django_assert_max_num_queries):
    person = cast[who]
    make_round(world, "problems/klash-test", [cast["panellist"]])
    make_session(world, made.teams[0], cast["mentor"])
    client.force_login(person)
    with at("mentoring"), django_assert_max_num_queries(12) as first:
        client.get("/tasks/")
    for number in range(30):
        problem = make_problem(world, cast["officer"], f"Ongelma {number}")
        team = make_team(make_challenge(world, problem, 10 + number), f"Tiimi {number}", [cast["leader"]])
        make_session(world, team, cast["mentor"], days=1 + number)
        make_round(world, f"r/{number}", [cast["panellist"]])
    with at("mentoring"), django_assert_num_queries(len(first)):
        client.get("/tasks/")
