from datetime import timedelta

import pytest

from klash.accounts import services as accounts
from klash.challenges import models, selectors, services
from klash.challenges.models import Challenge, hash_of
from klash.challenges.services import versions
from klash.core import access, audit, clock
from klash.core.errors import Denied, IllegalMove, Refused
from klash.core.models import AuditEvent
from klash.post.models import Message
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import ChallengeState, ProblemState
from tests.challenges.conftest import BRIEF, NOTICE, approve, make_problem, write
from tests.conftest import make_person

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)


def events(what):
    return AuditEvent.objects.filter(chain__competition="klash-test", what=what)


def save(actor, challenge, **changes):
    seen = changes.pop("seen", None)
    services.save_brief(actor=actor, challenge=challenge, texts={**BRIEF, **changes}, seen=seen)
    return challenge


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
    save(cast["organiser"], draft, title={"fi": "  Kyyti kylille ", "sv": "", "en": "  "})
    services.save_notice(actor=cast["organiser"], challenge=draft, reference=" HILMA 1 ", jury=" Aino A. \n\n Eero E. ")
    draft.refresh_from_db()
    assert (draft.title, draft.goal, draft.notice_reference, draft.notice_jury) == ({"fi": "Kyyti kylille"}, BRIEF["goal"], "HILMA 1", "Aino A.\nEero E.")


def test_saving_the_same_text_again_makes_no_second_event(written, cast):
    save(cast["organiser"], written)
    assert (events("challenge.saved").count(), written.versions.count()) == (2, 1)


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


def marks(challenge):
    standing = challenge.content()["texts"]
    return {f"{name}_{code}": services.mark_of(text.get(code, "")) for name, text in standing.items() for code in ("fi", "sv", "en")}


def test_two_in_one_form_keep_what_each_wrote_and_both_are_told_of_a_clash(written, cast):
    seen = marks(written)
    services.save_brief(actor=cast["pilot_officer"], challenge=written, texts={**BRIEF, "goal": {**BRIEF["goal"], "fi": "toisen"}}, seen=seen)
    mine = {**BRIEF, "goal": {**BRIEF["goal"], "fi": "minun"}, "lead": {**BRIEF["lead"], "sv": "min"}}
    assert services.save_brief(actor=cast["organiser"], challenge=written, texts=mine, seen=seen) == ["goal_fi"]
    stored = Challenge.objects.get()
    assert (stored.goal["fi"], stored.lead["sv"]) == ("toisen", "min")
    # What the other wrote stands where this writer changed nothing, though the form still holds the text from before.
    assert services.save_brief(actor=cast["organiser"], challenge=written, texts=BRIEF, seen=seen | {"lead_sv": services.mark_of("min")}) == []
    assert (Challenge.objects.get().goal["fi"], Challenge.objects.get().lead["sv"]) == ("toisen", BRIEF["lead"]["sv"])
    assert services.save_brief(actor=cast["organiser"], challenge=written, texts=mine, seen=marks(Challenge.objects.get())) == []
    assert Challenge.objects.get().goal["fi"] == "minun"


def test_ones_own_late_autosave_is_no_clash(draft, cast):
    seen = marks(draft)
    save(cast["organiser"], draft)
    assert save(cast["organiser"], draft, goal={"fi": "uudempi"}, seen=seen).goal == {"fi": "uudempi"}


def test_a_sitting_is_one_version_and_what_is_approved_stays(written, cast):
    assert [(row.number, row.author) for row in written.versions.all()] == [(1, cast["organiser"])]
    approve(written, cast)
    approved = written.versions.get()
    save(cast["organiser"], written, goal={"fi": "uusi", "sv": "ny"})
    first, second = written.versions.order_by("number")
    assert (first.hash, first.content, second.content["texts"]["goal"]) == (approved.hash, approved.content, {"fi": "uusi", "sv": "ny"})


def test_a_change_voids_the_approvals_and_the_time(approved, cast, at):
    with at("challenge_shaping"):
        services.schedule_publication(actor=cast["organiser"], challenge=approved, at=clock.now() + timedelta(hours=1))
        save(cast["pilot_officer"], approved, goal={"fi": "toinen", "sv": "annan"})
    assert (approved.approved_sides(), approved.publishes_at) == (set(), None)
    save(cast["pilot_officer"], approved)  # the same words as were approved: still another version
    assert approved.approved_sides() == set()
    with pytest.raises(Denied) as error:
        services.publish_challenge(actor=cast["organiser"], challenge=approved)
    assert error.value.reason == Reason.NOT_APPROVED


def test_a_change_without_a_new_version_would_keep_the_approvals(approved, cast, monkeypatch):
    """The seeded fault of the test above."""
    monkeypatch.setattr(versions, "keep", lambda challenge, actor: challenge.versions.last())
    monkeypatch.setattr(models.challenge, "hash_of", lambda content: approved.versions.get().hash)
    save(cast["pilot_officer"], approved, goal={"fi": "toinen", "sv": "annan"})
    assert approved.approved_sides() == {"organiser", "pilot"}


def test_each_side_approves_for_itself_and_only_what_it_has_read(written, cast):
    services.approve_brief(actor=cast["organiser"], challenge=written, seen=hash_of(written.content()))
    services.approve_brief(actor=cast["organiser_2"], challenge=written, seen=hash_of(written.content()))
    assert written.approved_sides() == {"organiser"}
    with pytest.raises(Refused) as error:
        services.approve_brief(actor=cast["pilot_officer"], challenge=written, seen="0" * 64)
    assert (error.value.reason, written.approved_sides()) == (Reason.TEXT_CHANGED, {"organiser"})


def test_publishing_freezes_the_brief(published, cast):
    assert (published.state, published.published_at is not None) == (ChallengeState.PUBLISHED, True)
    assert [event.body for event in events("challenge.published")] == [
        {"notice": NOTICE["reference"], "hash": hash_of(published.content()), "criteria": "0" * 64}
    ]
    with pytest.raises(Denied) as error:
        save(cast["organiser"], published)
    assert error.value.reason == Reason.FROZEN
    with pytest.raises((IllegalMove, Denied)):
        services.publish_challenge(actor=cast["organiser"], challenge=published)


@pytest.mark.parametrize("missing", [{"title": {"fi": "vain suomeksi"}}, {"lead": {"sv": "bara på svenska"}}, {"measures": {}}, {"rights": {"fi": "a", "en": "b"}}])
def test_an_incomplete_brief_is_neither_approved_nor_published(draft, cast, missing):
    write(cast["organiser"], draft, {**BRIEF, **missing})
    for act in (lambda: approve(draft, cast), lambda: services.publish_challenge(actor=cast["organiser"], challenge=draft)):
        with pytest.raises(Denied) as error:
            act()
        assert (error.value.reason, Challenge.objects.get().state) == (Reason.INCOMPLETE, ChallengeState.DRAFT)


@pytest.mark.parametrize("name", ["reference", "on", "jury_binds", "follow_up", "least", "most"])
def test_a_challenge_does_not_open_without_its_notice(draft, cast, name):
    write(cast["organiser"], draft, **{name: "" if name == "reference" else None})
    assert draft.missing() == [("notice", name)]
    with pytest.raises(Denied) as error:
        services.publish_challenge(actor=cast["organiser"], challenge=draft)
    assert error.value.reason == Reason.INCOMPLETE


@pytest.mark.parametrize(("said", "expected"), [(True, None), (False, Reason.NO_FOLLOW_UP)])
def test_without_the_follow_up_flag_nothing_is_negotiated(written, cast, said, expected):
    services.save_notice(actor=cast["organiser"], challenge=written, **{**NOTICE, "follow_up": said})
    approve(written, cast)
    assert access.reason_against(cast["organiser"], Permission.NEGOTIATE, written) is Reason.NO_FOLLOW_UP  # not published yet
    services.publish_challenge(actor=cast["organiser"], challenge=written)
    assert access.reason_against(cast["organiser"], Permission.NEGOTIATE, written) is expected


def test_english_is_not_needed_for_publication(draft, cast):
    write(cast["organiser"], draft, {name: {"fi": "a", "sv": "b"} for name in BRIEF})
    assert len(selectors.without_english(draft)) == 10
    approve(draft, cast)
    services.publish_challenge(actor=cast["organiser"], challenge=draft)
    assert draft.state == ChallengeState.PUBLISHED


def test_a_brief_is_published_at_its_time_and_once(approved, cast, at):
    with at("challenge_shaping"):
        due = clock.now() + timedelta(hours=1)
        services.schedule_publication(actor=cast["organiser"], challenge=approved, at=due)
        assert (services.publish_due(), Challenge.objects.get().state) == (0, ChallengeState.DRAFT)
    with at(due):
        assert (services.publish_due(), services.publish_due()) == (1, 0)
        stored = Challenge.objects.get()
        assert (stored.state, stored.published_at, stored.publishes_at) == (ChallengeState.PUBLISHED, due, None)
    assert [(row.actor, row.at) for row in events("challenge.published")] == [(cast["organiser"].pseudonym, due)]


def test_who_scheduled_and_may_no_longer_does_not_publish(approved, cast, at):
    with at("challenge_shaping"):
        due = clock.now() + timedelta(hours=1)
        services.schedule_publication(actor=cast["organiser"], challenge=approved, at=due)
        accounts.end_role(actor=cast["organiser_2"], person=cast["organiser"], role=Role.ORGANISER, competition="klash-test")
    with at(due):
        assert services.publish_due() == 0
    assert (Challenge.objects.get().state, Challenge.objects.get().publishes_at, events("challenge.unscheduled").count()) == ("draft", None, 1)


def test_a_change_after_publication_is_a_version_with_a_reason_of_which_all_concerned_are_told(published, cast):
    leader = make_person("tiiminvetaja")
    accounts.grant_role(actor=cast["organiser"], person=leader, role=Role.TEAM_LEADER, competition="klash-test", challenge=published.code)
    with pytest.raises(Refused) as error:
        services.begin_change(actor=cast["organiser"], challenge=published, reason=" ")
    assert error.value.reason == Reason.NO_REASON_GIVEN
    services.begin_change(actor=cast["organiser"], challenge=published, reason="Määräaika oli väärin.")
    save(cast["pilot_officer"], published, goal={"fi": "uusi tavoite", "sv": "nytt mål"})
    assert (Challenge.objects.get().goal, Challenge.objects.get().content()["texts"]["goal"]["fi"]) == (BRIEF["goal"], "uusi tavoite")
    with pytest.raises(Denied):
        services.publish_change(actor=cast["organiser"], challenge=published)
    approve(published, cast)
    services.publish_change(actor=cast["organiser"], challenge=published)
    stored = Challenge.objects.get()
    assert (stored.goal["fi"], stored.pending, [row.edition for row in selectors.editions_of(stored)]) == ("uusi tavoite", None, [2, 1])
    told = set(Message.objects.filter(event="brief.changed/kyyti/2").values_list("to", flat=True))
    assert {leader.email, cast["mentor"].email, cast["registrar"].email} <= told
    assert not told & {cast["outsider"].email, cast["officer"].email}


def test_a_dropped_change_leaves_what_is_public(published, cast):
    services.begin_change(actor=cast["organiser"], challenge=published, reason="Kirjoitusvirhe.")
    save(cast["organiser"], published, goal={"fi": "uusi"})
    services.drop_change(actor=cast["organiser"], challenge=published)
    assert (Challenge.objects.get().goal, Challenge.objects.get().is_frozen) == (BRIEF["goal"], True)


@pytest.mark.parametrize("who", ["registrar", "pilot_officer", "outsider"])
def test_only_the_organiser_publishes(approved, cast, who):
    with pytest.raises(Denied) as error:
        services.publish_challenge(actor=cast[who], challenge=approved)
    assert error.value.reason == Reason.NO_ROLE


def test_a_published_brief_that_was_changed_past_the_log_is_found(published):
    assert [fault for fault in audit.recheck() if "brief" in fault] == []
    Challenge.objects.update(goal={"fi": "toinen"})
    assert [fault for fault in audit.recheck() if "brief" in fault] == ["challenge/kyyti: the brief is not the one that was published"]
