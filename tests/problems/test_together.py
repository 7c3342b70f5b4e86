"""Municipalities and officers together on a problem: supporters, co-owners, writers, the lead, and what the staff files."""

import pytest
from django.urls import reverse

from klash.accounts import services as accounts
from klash.accounts.models import Affiliation, Invitation, User
from klash.competitions.models import Competition, StageKind
from klash.core.errors import Denied, IllegalMove, Refused
from klash.core.models import AuditEvent
from klash.post.models import Message
from klash.problems import selectors, services
from klash.problems.models import Filing, JoinRequest, Problem, Support, Tally, Writer
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import CompetitionState, JoinRequestState, ProblemState
from tests.conftest import make_person
from tests.problems.conftest import TEXTS, columns, make_round

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def first(submitted):
    """Janakkala's problem, reported with Inkoo; Vantaa and Joensuu are outside it."""
    return submitted[0]


def a_person(name):
    return User.objects.filter(email=f"{name}@example.org").first() or make_person(name)


def support(world, problem, who="tukija", place="Vantaa", word="Meilläkin bussit loppuvat."):
    return services.support_problem(actor=a_person(who), problem=problem, municipality=world.municipalities[place], word=word)


def ask(world, problem, who="pyytaja", place="Vantaa"):
    return services.ask_to_co_own(actor=a_person(who), problem=problem, municipality=world.municipalities[place], word="Ratkaistaan yhdessä.")


def invite_and_join(problem, actor, name, place):
    _, token = services.invite_writer(actor=actor, problem=problem, email=f"{name}@example.org", municipality=place)
    person = make_person(name)
    accounts.accept_invitation(actor=person, invitation=accounts.find_invitation(token))
    return person


# -- supporters


def test_support_makes_an_officer_shows_the_municipality_and_can_be_taken_back(world, at, first, client):
    with at(StageKind.JUDGING):  # long after the call
        row = support(world, first)
        assert row.person.roles_in(world.competition.code) == {Role.OFFICER}
        page = client.get(reverse("problems:problem", args=[world.competition.code, first.code])).content.decode()
        assert "Vantaa" in page and "Meilläkin bussit loppuvat." in page and row.person.name not in page
        services.take_back_support(actor=row.person, support=row)
    assert not Support.objects.exists()
    assert list(AuditEvent.objects.filter(what__startswith="problem.support").order_by("pk").values_list("what", flat=True)) == [
        "problem.supported", "problem.support_taken_back",
    ]


def test_support_is_refused_to_the_group_a_second_time_a_juror_and_after_the_end(world, cast, at, first):
    with at(StageKind.PROBLEM_CALL):
        support(world, first)
        for who, place in (("toinen", "Vantaa"), ("kolmas", "Inkoo"), ("neljas", "Janakkala")):
            with pytest.raises(Refused) as error:
                support(world, first, who, place)
            assert error.value.reason == Reason.IN_THE_GROUP
        with pytest.raises(Refused) as error:
            services.support_problem(actor=cast["juror"], problem=first, municipality=world.municipalities["Joensuu"], word="Sama.")
        assert error.value.reason == Reason.OTHER_SIDE
        with pytest.raises(Denied) as denied:
            services.take_back_support(actor=make_person("viides"), support=Support.objects.get())
        assert denied.value.reason == Reason.NOT_YOURS
        Competition.objects.update(state=CompetitionState.FINISHED)
        first.refresh_from_db()
        with pytest.raises(Denied) as denied:
            support(world, Problem.objects.get(pk=first.pk), "kuudes", "Joensuu")
    assert denied.value.reason == Reason.FROZEN


def test_a_draft_is_supported_by_nobody(world, at, draft):
    with at(StageKind.PROBLEM_CALL), pytest.raises(Denied):
        support(world, draft)


def test_a_supporter_is_a_side_before_the_panel(world, cast, at, first):
    Affiliation.objects.create(person=cast["panellist"], municipality=world.municipalities["Vantaa"])
    with at(StageKind.PROBLEM_SELECTION):
        round_ = make_round(world, cast)
        services.seat_panellist(actor=cast["organiser"], competition=world.competition, person=cast["panellist"])
        first.refresh_from_db()
        before = round_.entries.get(code=first.entry_code).conflicts.count()
        support(world, first)
        assert (before, round_.entries.get(code=first.entry_code).conflicts.count()) == (0, 1)


# -- co-owners


def test_an_accepted_co_owner_is_in_the_group_counted_and_writes(world, cast, at, first):
    with at(StageKind.PROBLEM_CALL):
        support(world, first, "pyytaja")
        request = ask(world, first)
        assert Message.objects.filter(to=cast["officer"].email, event=f"join_request.asked/{request.code}").count() == 1
        services.accept_co_owner(actor=cast["officer"], request=request, answer="Tervetuloa.")
        assert [one.name_fi for one in first.group.all()] == ["Inkoo", "Vantaa"]
        assert not Support.objects.exists()  # it reports now
        assert Tally.objects.get(municipality=world.municipalities["Vantaa"], shared__gt=0).shared == 1
        first.refresh_from_db()
        assert " 1vantaa " in first.search
        assert selectors.own_one(request.person, world.competition.code, first.code) == first
        services.withdraw_problem(actor=cast["officer"], problem=first)
        services.save_problem(actor=request.person, problem=first, theme=first.theme, group=[], **columns(**{**TEXTS, "goal": "Uusi tavoite."}))
        assert [one.name_fi for one in first.group.all()] == ["Vantaa"]  # whose officer writes along stays
        services.submit_problem(actor=cast["officer"], problem=first)
    assert Message.objects.filter(to=request.person.email, event__startswith=f"problem.submitted/{first.code}").count() == 1  # the receipt goes to all writers


def test_only_the_leading_officer_answers_once_and_before_the_deadline(world, cast, at, first):
    with at(StageKind.PROBLEM_CALL):
        request = ask(world, first)
        with pytest.raises(Refused) as error:
            ask(world, first, "toinen")
        assert error.value.reason == Reason.ALREADY_ASKED
        with pytest.raises(Denied):
            services.accept_co_owner(actor=request.person, request=request)
        with pytest.raises(Refused):
            services.decline_co_owner(actor=cast["officer"], request=request, answer=" ")
        services.decline_co_owner(actor=cast["officer"], request=request, answer="Ongelmamme on toinen.")
        with pytest.raises(IllegalMove):
            services.accept_co_owner(actor=cast["officer"], request=request)
        second = ask(world, first)
        services.take_back_request(actor=second.person, request=second)
        third = ask(world, first)
    with at(StageKind.PROBLEM_SELECTION), pytest.raises(Denied) as denied:
        services.accept_co_owner(actor=cast["officer"], request=third)
    assert denied.value.reason == Reason.DEADLINE_PASSED
    assert list(JoinRequest.objects.order_by("pk").values_list("state", flat=True)) == [
        JoinRequestState.DECLINED, JoinRequestState.TAKEN_BACK, JoinRequestState.ASKED,
    ]
    assert [one.name_fi for one in first.group.all()] == ["Inkoo"]


# -- writers


def test_an_invited_colleague_writes_along_and_neither_submits_nor_withdraws(world, cast, at, draft):
    with at(StageKind.PROBLEM_CALL):
        colleague = invite_and_join(draft, cast["officer"], "kollega", world.municipalities["Janakkala"])
        services.save_problem(actor=colleague, problem=draft, theme=draft.theme, group=[], **columns(**{**TEXTS, "title": "Kollegan otsikko"}))
        with pytest.raises(Denied):
            services.submit_problem(actor=colleague, problem=draft)
        services.submit_problem(actor=cast["officer"], problem=draft)
        with pytest.raises(Denied):
            services.withdraw_problem(actor=colleague, problem=draft)
    assert draft.title == "Kollegan otsikko"


def test_an_invitation_is_refused_twice_and_outside_the_report_and_can_be_taken_back(world, cast, at, draft):
    with at(StageKind.PROBLEM_CALL):
        row, token = services.invite_writer(actor=cast["officer"], problem=draft, email="K@example.org", municipality=world.municipalities["Janakkala"])
        for email, place, reason in (("k@example.org", "Janakkala", Reason.ALREADY_WRITES), ("m@example.org", "Vantaa", Reason.INCOMPLETE)):
            with pytest.raises(Refused) as error:
                services.invite_writer(actor=cast["officer"], problem=draft, email=email, municipality=world.municipalities[place])
            assert error.value.reason == reason
        services.revoke_invitation(actor=cast["officer"], invitation=row)
        assert accounts.find_invitation(token) is None
        assert token not in str(list(AuditEvent.objects.values_list("body", flat=True)))


def test_the_lead_is_handed_over_with_its_municipality_until_the_deadline(world, cast, at, first):
    with at(StageKind.PROBLEM_CALL):
        other = invite_and_join(first, cast["officer"], "inkoolainen", world.municipalities["Inkoo"])
        with pytest.raises(Denied) as denied:
            services.leave_problem(actor=cast["officer"], problem=first)
        assert denied.value.reason == Reason.LEADER_STAYS
        services.hand_over_lead(actor=cast["officer"], problem=first, person=other)
        assert (first.officer, first.municipality.name_fi, [one.name_fi for one in first.group.all()]) == (other, "Inkoo", ["Janakkala"])
        assert selectors.counted(world.competition) == selectors.tallied(world.competition)
    with at(StageKind.PROBLEM_SELECTION), pytest.raises(Refused) as error:
        services.hand_over_lead(actor=other, problem=first, person=cast["officer"])
    assert error.value.reason == Reason.ANOTHER_MUNICIPALITY


def test_who_leaves_may_take_the_municipality_along(world, cast, at, first):
    with at(StageKind.PROBLEM_CALL):
        one = invite_and_join(first, cast["officer"], "inkoo1", world.municipalities["Inkoo"])
        two = invite_and_join(first, cast["officer"], "inkoo2", world.municipalities["Inkoo"])
        services.leave_problem(actor=one, problem=first, with_municipality=True)
        assert [place.name_fi for place in first.group.all()] == ["Inkoo"]  # another officer of it still writes
        services.leave_problem(actor=two, problem=first, with_municipality=True)
        assert list(first.group.all()) == []
        assert selectors.own_one(two, world.competition.code, first.code) is None
        assert selectors.counted(world.competition) == selectors.tallied(world.competition)
        three = invite_and_join(first, cast["officer"], "janakkala2", world.municipalities["Janakkala"])
        services.remove_writer(actor=cast["officer"], problem=first, person=three)
    assert not Writer.objects.exists()


# -- filed by the staff


@pytest.fixture
def filed(world, cast, at):
    with at(StageKind.PROBLEM_CALL):
        problem = services.file_problem(
            actor=cast["organiser"], competition=world.competition, municipality=world.municipalities["Vantaa"], in_name_of="Kehitysjohtaja", source="Kirje 3.10.",
        )
        services.save_problem(actor=cast["organiser"], problem=problem, theme=world.themes["public_transport"], group=[], **columns(**TEXTS))
        return services.submit_problem(actor=cast["organiser"], problem=problem)


def test_what_the_staff_files_is_taken_over_by_the_first_who_accepts(world, cast, at, filed, client):
    filing = Filing.objects.get()
    assert not Affiliation.objects.filter(person=cast["organiser"]).exists() and Role.OFFICER not in cast["organiser"].roles_in(world.competition.code)
    with at(StageKind.PROBLEM_CALL):
        tokens = [services.offer_problem(actor=cast["organiser"], filing=filing, email=f"{name}@example.org")[1] for name in ("eka", "toka")]
        first, second = make_person("eka"), make_person("toka")
        invitations = [accounts.find_invitation(token) for token in tokens]
        accounts.accept_invitation(actor=first, invitation=invitations[0])
        with pytest.raises(Refused) as error:
            accounts.accept_invitation(actor=second, invitation=invitations[1])
        assert error.value.reason == Reason.INVITATION_VOID and Invitation.objects.get(pk=invitations[1].pk).accepted_at is None
        filed.refresh_from_db()
        assert (filed.officer, filed.state) == (first, ProblemState.SUBMITTED)
        with pytest.raises(Denied):
            services.withdraw_problem(actor=cast["organiser"], problem=filed)
        with pytest.raises(Denied) as denied:
            services.offer_problem(actor=cast["organiser"], filing=Filing.objects.get(), email="kolmas@example.org")
        assert denied.value.reason == Reason.FROZEN
        page = client.get(reverse("problems:problem", args=[world.competition.code, filed.code])).content.decode()
    assert "Kehitysjohtaja" not in page and "Kirje" not in page


def test_only_the_staff_files_and_only_while_the_call_runs(world, cast, at):
    words = {"competition": world.competition, "municipality": world.municipalities["Vantaa"], "in_name_of": "Johtaja", "source": "Kirje."}
    with at(StageKind.PROBLEM_CALL):
        with pytest.raises(Denied):
            services.file_problem(actor=cast["officer"], **words)
        with pytest.raises(Refused):
            services.file_problem(actor=cast["organiser"], **{**words, "source": " "})
    with at(StageKind.PROBLEM_SELECTION), pytest.raises(Denied) as denied:
        services.file_problem(actor=cast["organiser"], **words)
    assert denied.value.reason == Reason.DEADLINE_PASSED
    assert not Problem.objects.exists()
