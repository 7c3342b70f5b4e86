import pytest

from klash.accounts import services as accounts
from klash.challenges import services
from klash.challenges.models import Challenge
from klash.core.errors import Denied, IllegalMove, Refused
from klash.core.models import AuditEvent
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import ChallengeState, ProblemState
from tests.challenges.conftest import BRIEF, NOTICE, make_problem

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)


def events(what):
    return AuditEvent.objects.filter(chain__competition="klash-test", what=what)


def save(actor, challenge, **changes):
    return services.save_brief(actor=actor, challenge=challenge, **{**BRIEF, "notice_reference": NOTICE, **changes})


def test_a_challenge_begins_with_the_text_of_its_problem_and_its_municipality(draft, problem, world):
    assert (draft.state, draft.title, draft.lead) == (ChallengeState.DRAFT, {"fi": problem.title}, {"fi": problem.summary})
    assert (draft.pilot_municipality, draft.problem, draft.number) == (world.municipalities["Janakkala"], problem, 1)
    assert [event.body for event in events("challenge.created")] == [{"problem": problem.code}]


def test_a_second_making_finds_the_first(draft, problem, cast):
    again = services.create_challenge(actor=cast["organiser"], problem=problem, code="toinen", number=2)
    assert (again.pk, Challenge.objects.count(), events("challenge.created").count()) == (draft.pk, 1, 1)


@pytest.mark.parametrize("state", [ProblemState.SUBMITTED, ProblemState.NOT_CHOSEN, ProblemState.WITHDRAWN])
def test_only_a_chosen_problem_becomes_a_challenge(world, cast, state):
    problem = make_problem(world, cast["officer"], state=state)
    with pytest.raises(Refused) as error:
        services.create_challenge(actor=cast["organiser"], problem=problem, code="kyyti", number=1)
    assert (error.value.reason, Challenge.objects.count()) == (Reason.WRONG_STATE, 0)


@pytest.mark.parametrize("who", ["officer", "pilot_officer", "panellist", "mentor", "juror", "outsider"])
def test_only_staff_makes_a_challenge(problem, cast, who):
    with pytest.raises(Denied) as error:
        services.create_challenge(actor=cast[who], problem=problem, code="kyyti", number=1)
    assert error.value.reason == Reason.NO_ROLE


def test_a_brief_is_kept_without_blanks_and_empty_languages(draft, cast):
    save(cast["organiser"], draft, title={"fi": "  Kyyti kylille ", "sv": "", "en": "  "}, notice_reference=f" {NOTICE} ")
    draft.refresh_from_db()
    assert (draft.title, draft.goal, draft.notice_reference) == ({"fi": "Kyyti kylille"}, BRIEF["goal"], NOTICE)


def test_saving_the_same_text_again_makes_no_second_event(written, cast):
    save(cast["organiser"], written)
    assert events("challenge.saved").count() == 1


def test_the_named_pilot_officer_writes_too(draft, cast):
    person = cast["outsider"]
    services.name_pilot_officer(actor=cast["organiser"], challenge=draft, person=person)
    assert person.roles_in("klash-test", "kyyti") == {Role.PILOT_OFFICER}
    assert save(person, draft).title == BRIEF["title"]
    assert list(Challenge.objects.visible_to(person)) == [draft]


@pytest.mark.parametrize("who", ["registrar", "officer", "panellist", "mentor", "juror", "outsider"])
def test_others_do_not_write_the_brief(draft, cast, who):
    with pytest.raises(Denied) as error:
        save(cast[who], draft)
    assert error.value.reason == Reason.NO_ROLE


def test_a_pilot_officer_of_another_challenge_does_not_write(draft, world, cast):
    other = services.create_challenge(actor=cast["organiser"], problem=make_problem(world, cast["officer"], "Toinen"), code="toinen", number=2)
    services.name_pilot_officer(actor=cast["organiser"], challenge=other, person=cast["outsider"])
    with pytest.raises(Denied):
        save(cast["outsider"], draft)
    assert list(Challenge.objects.visible_to(cast["outsider"])) == [other]


def test_an_ended_pilot_officer_sees_the_draft_no_longer(draft, cast):
    services.name_pilot_officer(actor=cast["organiser"], challenge=draft, person=cast["outsider"])
    accounts.end_role(actor=cast["organiser"], person=cast["outsider"], role=Role.PILOT_OFFICER, competition="klash-test", challenge="kyyti")
    assert list(Challenge.objects.visible_to(cast["outsider"])) == []


@pytest.mark.parametrize("who", ["juror", "chair", "organiser_2"])
def test_a_person_of_another_side_is_not_named_pilot_officer(draft, cast, who):
    with pytest.raises(Refused) as error:
        services.name_pilot_officer(actor=cast["organiser"], challenge=draft, person=cast[who])
    assert error.value.reason == Reason.OTHER_SIDE


def test_only_the_organiser_names_a_pilot_officer(draft, cast):
    with pytest.raises(Denied):
        services.name_pilot_officer(actor=cast["registrar"], challenge=draft, person=cast["outsider"])


def test_what_another_person_saved_meanwhile_is_not_overwritten_unread(draft, cast):
    services.name_pilot_officer(actor=cast["organiser"], challenge=draft, person=cast["outsider"])
    seen = draft.saved_at
    save(cast["outsider"], Challenge.objects.get(), goal={"fi": "toisen teksti"})
    with pytest.raises(Refused) as error:
        save(cast["organiser"], draft, seen=seen)
    assert (error.value.reason, Challenge.objects.get().goal) == (Reason.TEXT_CHANGED, {"fi": "toisen teksti"})
    save(cast["organiser"], draft, seen=Challenge.objects.get().saved_at)
    assert Challenge.objects.get().goal == BRIEF["goal"]


def test_ones_own_late_autosave_is_no_clash(draft, cast):
    seen = draft.saved_at
    save(cast["organiser"], draft)
    assert save(cast["organiser"], draft, goal={"fi": "uudempi"}, seen=seen).goal == {"fi": "uudempi"}


def test_publishing_freezes_the_brief(published, cast):
    assert (published.state, published.published_at is not None) == (ChallengeState.PUBLISHED, True)
    assert [event.body for event in events("challenge.published")] == [{"notice": NOTICE}]
    with pytest.raises(Denied) as error:
        save(cast["organiser"], published)
    assert error.value.reason == Reason.WRONG_STATE
    with pytest.raises(IllegalMove):
        services.publish_challenge(actor=cast["organiser"], challenge=published)


@pytest.mark.parametrize("missing", [
    {"notice_reference": " "}, {"title": {"fi": "vain suomeksi"}}, {"lead": {"sv": "bara på svenska"}}, {"measures": {}}, {"background": {"fi": "a", "en": "b"}},
])
def test_an_incomplete_brief_is_not_published(draft, cast, missing):
    save(cast["organiser"], draft, **missing)
    with pytest.raises(Denied) as error:
        services.publish_challenge(actor=cast["organiser"], challenge=draft)
    draft.refresh_from_db()
    assert (error.value.reason, draft.state) == (Reason.INCOMPLETE, ChallengeState.DRAFT)


def test_english_is_not_needed_for_publication(draft, cast):
    save(cast["organiser"], draft, **{name: {"fi": "a", "sv": "b"} for name in BRIEF})
    services.publish_challenge(actor=cast["organiser"], challenge=draft)
    assert draft.state == ChallengeState.PUBLISHED


@pytest.mark.parametrize("who", ["registrar", "pilot_officer", "outsider"])
def test_only_the_organiser_publishes(written, cast, who):
    with pytest.raises(Denied) as error:
        services.publish_challenge(actor=cast[who], challenge=written)
    assert error.value.reason == Reason.NO_ROLE
