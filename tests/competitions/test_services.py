"""What organisers do with a competition: happy paths, each refusal, the edges of a deadline (I8)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from klash.accounts.models import Organisation
from klash.competitions import selectors, services
from klash.competitions.models import CriteriaSet, Partner, Stage, StageChange, StageKind, Theme
from klash.core import audit, clock, texts
from klash.core.errors import Denied, IllegalMove, Refused
from klash.core.models import AuditEvent
from klash.post.models import Message
from klash.problems.models import Problem
from klash.reviewing.services import criteria_hash
from klash.rules import permissions
from klash.rules.reasons import Reason
from klash.rules.states import CompetitionState
from tests.competitions.conftest import CRITERIA, add_stage, fill, spans
from tests.conftest import START

pytestmark = pytest.mark.django_db(databases="__all__")
KIND = StageKind.PROBLEM_SELECTION


def refused(act, reason, error=Refused):
    with pytest.raises(error) as caught:
        act()
    assert caught.value.reason == reason


def test_create_competition_makes_a_draft_and_an_event(draft, people):
    assert (draft.state, draft.team_size_min, draft.reserve_cents) == (CompetitionState.DRAFT, 3, 100_000_000)
    assert AuditEvent.objects.get(what="competition.created").actor == people["operator"].code


def test_create_competition_by_anyone_but_an_operator_is_refused(draft, people):
    columns = {"code": "oma", "name": "Oma", "tagline": {}, "summary": {}, "organiser": draft.organiser}
    refused(lambda: services.create_competition(actor=people["organiser"], **columns), Reason.NO_ROLE, Denied)
    assert services.create_competition(actor=audit.System(), **columns).code == "oma"  # a rehearsal


def test_add_partner_and_theme_find_what_was_added_before(draft, people):
    bank = Organisation.objects.create(code="pankki", name={"fi": "Pankki"})
    for _ in range(2):
        services.add_partner(actor=people["organiser"], competition=draft, organisation=bank, roles=["funder"])
        services.add_theme(actor=people["registrar"], competition=draft, code="ice", name={"fi": "jää"})
    assert [(row.organisation.code, row.roles) for row in Partner.objects.all()] == [("pankki", ["funder"])]
    assert Theme.objects.count() == 1
    assert AuditEvent.objects.filter(what__in=["partner.added", "theme.added"]).count() == 2


def test_add_stage_keeps_what_was_promised(draft, people):
    early = START - timedelta(days=20)
    stage = add_stage(draft, people["organiser"], planned_opens_at=early)
    second = add_stage(draft, people["organiser"], KIND)
    assert (stage.planned_opens_at, stage.planned_closes_at, stage.position, second.position) == (early, stage.closes_at, 0, 1)
    assert list(draft.stages_by_kind()) == [StageKind.PROBLEM_CALL, KIND]


def test_add_stage_that_closes_before_it_opens_is_refused_by_the_database(draft, people):
    with pytest.raises(IntegrityError), transaction.atomic():
        add_stage(draft, people["organiser"], days=-1)


def test_filling_a_competition_by_an_outsider_is_refused(draft, people):
    actor = people["outsider"]
    for act in (
        lambda: services.add_partner(actor=actor, competition=draft, organisation=draft.organiser, roles=[]),
        lambda: services.add_theme(actor=actor, competition=draft, code="ice", name={}),
        lambda: add_stage(draft, actor),
        lambda: services.set_criteria(actor=actor, competition=draft, stage_kind=KIND, criteria=CRITERIA),
        lambda: services.publish_competition(actor=actor, competition=draft),
    ):
        refused(act, Reason.NO_ROLE, Denied)
    assert not CriteriaSet.objects.exists() and not Stage.objects.exists()


def test_set_criteria_replaces_and_criteria_for_gives_them_as_a_round_takes_them(draft, people):
    services.set_criteria(actor=people["organiser"], competition=draft, stage_kind=KIND, criteria=CRITERIA[1:])
    services.set_criteria(actor=people["organiser"], competition=draft, stage_kind=KIND, criteria=CRITERIA)
    found = selectors.criteria_for(draft, KIND)
    assert [row["code"] for row in found] == ["impact", "scalability"]
    assert found[0] == CRITERIA[0]
    assert (found[1]["scale_min"], found[1]["scale_max"], found[1]["bands"]) == (0, 10, [])
    assert selectors.criteria_for(draft, StageKind.JUDGING) == []


@pytest.mark.parametrize("criteria", [
    [], [CRITERIA[0], CRITERIA[0]], [{**CRITERIA[0], "scale_min": 10}], [{**CRITERIA[0], "scale_max": 0}],
])
def test_set_criteria_that_cannot_judge_is_refused(draft, people, criteria):
    refused(lambda: services.set_criteria(actor=people["organiser"], competition=draft, stage_kind=KIND, criteria=criteria), Reason.INCOMPLETE)


@pytest.mark.parametrize("weights", [[0], [0, 0], [60, 0]])
def test_a_criterion_that_would_not_count_is_refused_in_a_sentence_of_its_own(draft, people, weights):
    criteria = [{**CRITERIA[0], "code": f"criterion_{number}", "weight": weight} for number, weight in enumerate(weights)]
    refused(lambda: services.set_criteria(actor=people["organiser"], competition=draft, stage_kind=KIND, criteria=criteria), Reason.NO_WEIGHT)
    assert str(texts.sentence(Reason.NO_WEIGHT)).startswith("Kullakin arviointikriteerillä on oltava painoarvo")


def test_set_criteria_by_a_registrar_is_refused(draft, people):
    refused(lambda: services.set_criteria(actor=people["registrar"], competition=draft, stage_kind=KIND, criteria=CRITERIA), Reason.NO_ROLE, Denied)


def test_publish_competition_freezes_criteria_with_the_hash_of_their_round(draft, people):
    fill(draft, people["organiser"])
    with clock.at(START):
        services.publish_competition(actor=people["organiser"], competition=draft)
    group = CriteriaSet.objects.get(stage_kind=KIND)
    assert (draft.state, draft.published_at, group.frozen_at) == (CompetitionState.PUBLISHED, START, START)
    assert group.hash == criteria_hash(selectors.criteria_for(draft, KIND))
    assert AuditEvent.objects.get(what="criteria.frozen", thing=f"criteria/{KIND}").body == {"hash": group.hash}


def test_what_was_announced_can_no_longer_change(draft, people):
    fill(draft, people["organiser"])
    services.publish_competition(actor=people["organiser"], competition=draft)
    for kind in (KIND, StageKind.JUDGING):
        refused(lambda kind=kind: services.set_criteria(actor=people["organiser"], competition=draft, stage_kind=kind, criteria=CRITERIA), Reason.FROZEN)
    refused(lambda: add_stage(draft, people["organiser"], StageKind.AWARD), Reason.FROZEN)
    for act in (
        lambda: services.save_texts(actor=people["organiser"], competition=draft, name="Toinen"),
        lambda: services.set_calendar(actor=people["organiser"], competition=draft, stages=spans(20)),
        lambda: services.remove_theme(actor=people["organiser"], competition=draft, code="ice"),
        lambda: services.remove_partner(actor=people["organiser"], competition=draft, organisation=draft.organiser),
    ):
        refused(act, Reason.FROZEN, Denied)
    refused(lambda: services.remove_criterion(actor=people["organiser"], competition=draft, stage_kind=KIND, code="impact"), Reason.FROZEN)
    assert CriteriaSet.objects.count() == 3 and Theme.objects.count() == 1


@pytest.mark.parametrize("name", ["texts", "calendar", "criteria", "themes"])
def test_publish_competition_with_something_missing_is_refused(draft, people, name):
    fill(draft, people["organiser"], but=[name])
    assert draft.missing() == [name]
    refused(lambda: services.publish_competition(actor=people["organiser"], competition=draft), Reason.INCOMPLETE, Denied)


def test_publish_competition_twice_is_no_move(draft, people):
    fill(draft, people["organiser"])
    services.publish_competition(actor=people["organiser"], competition=draft)
    with pytest.raises(IllegalMove):
        services.publish_competition(actor=people["organiser"], competition=draft)


def ask(world, actor, by=timedelta(days=1), reason="Palvelu oli alhaalla."):
    stage = world.competition.stage(StageKind.PROBLEM_CALL)
    return services.request_deadline(actor=actor, stage=stage, to=stage.closes_at + by, reason=reason)


def move(world, cast, by=timedelta(days=1), first="organiser", second="organiser_2"):
    """Move the deadline of the problem call, one asking and another confirming."""
    return services.confirm_deadline(actor=cast[second], postponement=ask(world, cast[first], by))


@pytest.mark.parametrize(("first", "second"), [("organiser", "registrar"), ("registrar", "organiser_2")])
def test_a_moved_deadline_keeps_its_history(world, cast, at, first, second):
    before = world.stages[StageKind.PROBLEM_CALL].closes_at
    with at(StageKind.PROBLEM_CALL):
        stage = move(world, cast, first=first, second=second)
    change = StageChange.objects.get()
    assert (change.field, change.before, change.after, change.reason) == ("closes_at", before, before + timedelta(days=1), "Palvelu oli alhaalla.")
    assert (change.changed_at, change.requested_by, change.changed_by) == (world.middle_of(StageKind.PROBLEM_CALL), cast[first].code, cast[second].code)
    assert Stage.objects.get(pk=stage.pk).closes_at == before + timedelta(days=1)
    assert Stage.objects.get(pk=stage.pk).planned_closes_at == before
    assert world.competition.stage(StageKind.PROBLEM_CALL).closes_at == before + timedelta(days=1)
    event = AuditEvent.objects.get(what="stage.moved")
    assert event.thing == "stage/klash-test/problem_call" and event.body["reason"] == "Palvelu oli alhaalla." and event.actor == cast[second].code


@pytest.mark.parametrize("by", [timedelta(0), timedelta(milliseconds=-1), timedelta(days=-1)])
def test_move_deadline_earlier_or_nowhere_is_refused(world, cast, at, by):
    with at(StageKind.PROBLEM_CALL):
        refused(lambda: ask(world, cast["organiser"], by), Reason.DEADLINE_EARLIER)
    assert not StageChange.objects.exists()


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_move_deadline_without_a_reason_is_refused(world, cast, at, reason):
    with at(StageKind.PROBLEM_CALL):
        refused(lambda: ask(world, cast["organiser"], reason=reason), Reason.NO_REASON_GIVEN)


def test_move_deadline_by_an_officer_is_refused(world, cast, at):
    with at(StageKind.PROBLEM_CALL):
        refused(lambda: ask(world, cast["officer"]), Reason.NO_ROLE, Denied)


# An ordinary deadline, one second before the clocks go forward, and one in the hour that comes twice.
DEADLINES = [START + timedelta(days=5), datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)]


@pytest.mark.parametrize("deadline", DEADLINES)
@pytest.mark.parametrize(("shift", "runs"), [(timedelta(milliseconds=-1), True), (timedelta(0), True), (timedelta(milliseconds=1), False)])
def test_a_deadline_moves_only_while_it_runs(world, cast, deadline, shift, runs):
    Stage.objects.filter(kind=StageKind.PROBLEM_CALL).update(closes_at=deadline)
    world.competition.forget_stages()
    with clock.at(deadline + shift):
        if runs:
            assert move(world, cast, timedelta(milliseconds=1)).closes_at == deadline + timedelta(milliseconds=1)
        else:
            refused(lambda: ask(world, cast["organiser"]), Reason.DEADLINE_PASSED, Denied)


def test_a_deadline_does_not_move_before_its_stage_opens(world, cast):
    with clock.at(world.stages[StageKind.PROBLEM_CALL].opens_at - timedelta(milliseconds=1)):
        refused(lambda: ask(world, cast["organiser"]), Reason.NOT_OPEN_YET, Denied)


def test_a_move_is_judged_by_what_is_stored_not_by_what_was_read(world, cast, at):
    stale = Stage.objects.select_related("competition").get(kind=StageKind.PROBLEM_CALL)
    with at(StageKind.PROBLEM_CALL):
        move(world, cast, timedelta(days=5))
        refused(
            lambda: services.request_deadline(actor=cast["organiser"], stage=stale, to=world.stages[StageKind.PROBLEM_CALL].closes_at + timedelta(days=1), reason="x"),
            Reason.DEADLINE_EARLIER,
        )


# ------------------------------------------------------------------ two persons

def test_one_person_alone_moves_nothing(world, cast, at):
    before = world.stages[StageKind.PROBLEM_CALL].closes_at
    with at(StageKind.PROBLEM_CALL):
        asked = ask(world, cast["organiser"])
        refused(lambda: services.confirm_deadline(actor=cast["organiser"], postponement=asked), Reason.SAME_PERSON, Denied)
        refused(lambda: services.confirm_deadline(actor=cast["officer"], postponement=asked), Reason.NO_ROLE, Denied)
        refused(lambda: ask(world, cast["registrar"]), Reason.ALREADY_REQUESTED)
    assert Stage.objects.get(kind=StageKind.PROBLEM_CALL).closes_at == before and not StageChange.objects.exists()
    assert not Message.objects.filter(event__startswith="stage.moved").exists()


def test_a_request_that_was_taken_back_moves_nothing_and_makes_room(world, cast, at):
    with at(StageKind.PROBLEM_CALL):
        asked = ask(world, cast["organiser"])
        refused(lambda: services.take_back_request(actor=cast["officer"], postponement=asked), Reason.NO_ROLE, Denied)
        services.take_back_request(actor=cast["registrar"], postponement=asked)
        with pytest.raises(IllegalMove):
            services.confirm_deadline(actor=cast["registrar"], postponement=asked)
        move(world, cast)
    assert StageChange.objects.count() == 1


@pytest.mark.parametrize("deadline", DEADLINES)
@pytest.mark.parametrize(("shift", "runs"), [(timedelta(milliseconds=-1), True), (timedelta(0), True), (timedelta(milliseconds=1), False)])
def test_i8_the_second_person_confirms_while_the_deadline_runs(world, cast, deadline, shift, runs):
    Stage.objects.filter(kind=StageKind.PROBLEM_CALL).update(closes_at=deadline)
    world.competition.forget_stages()
    with clock.at(deadline - timedelta(hours=1)):
        asked = ask(world, cast["organiser"])
    with clock.at(deadline + shift):
        if runs:
            assert services.confirm_deadline(actor=cast["registrar"], postponement=asked).closes_at == deadline + timedelta(days=1)
        else:
            refused(lambda: services.confirm_deadline(actor=cast["registrar"], postponement=asked), Reason.DEADLINE_PASSED, Denied)
    assert i8_holds() and Stage.objects.get(kind=StageKind.PROBLEM_CALL).closes_at == deadline + timedelta(days=runs)


def i8_holds():
    """I8: a deadline changes only by an event that moves it later, while it runs, by two persons and with a reason."""
    return all(
        datetime.fromisoformat(body["to"]) > datetime.fromisoformat(body["from"]) >= event.at and body["requested_by"] != event.actor and body["reason"]
        for event, body in audit.told("stage.moved")
    )


SEEDED = {
    "one person alone": (timedelta(hours=-1), "organiser", "_OTHER_PERSON"),
    "after the deadline": (timedelta(milliseconds=1), "registrar", "_in_time"),
}


@pytest.mark.parametrize("name", SEEDED)
def test_seeded_fault_without_a_rule_the_database_still_refuses_the_move(world, cast, monkeypatch, name):
    """The rules are the first wall; the constraints of the history the second."""
    shift, second, rule = SEEDED[name]
    deadline = world.stages[StageKind.PROBLEM_CALL].closes_at
    with clock.at(deadline - timedelta(hours=2)):
        asked = ask(world, cast["organiser"])
    rules = permissions.RULES[permissions.Permission.CONFIRM_DEADLINE]
    kept = tuple(one for one in rules if one is not getattr(permissions, rule))
    assert len(kept) == len(rules) - 1
    monkeypatch.setitem(permissions.RULES, permissions.Permission.CONFIRM_DEADLINE, kept)
    with clock.at(deadline + shift), pytest.raises(IntegrityError), transaction.atomic():
        services.confirm_deadline(actor=cast[second], postponement=asked)


def test_the_reporters_are_told_of_a_moved_deadline_at_once(world, cast, at):
    place = world.municipalities["Janakkala"]
    for _ in range(2):
        Problem.objects.create(competition=world.competition, officer=cast["officer"], municipality=place)
    with at(StageKind.PROBLEM_CALL):
        move(world, cast)
    mail = Message.objects.get(event__startswith="stage.moved")
    assert mail.to == "officer@example.org" and "Palvelu oli alhaalla." in mail.body and "/c/klash-test/calendar/" in mail.body


def test_an_event_of_every_change_stands_in_a_chain_that_verifies(draft, people):
    fill(draft, people["organiser"])
    services.publish_competition(actor=people["organiser"], competition=draft)
    assert [verdict.faults for verdict in audit.verify()] == [()] * len(audit.verify())


def test_whoever_could_confirm_is_told_that_a_later_deadline_was_asked_for(world, cast, at):
    cast["registrar"].language = "sv"
    cast["registrar"].save()
    with at(StageKind.PROBLEM_CALL):
        ask(world, cast["organiser"])
    mails = {mail.to.split("@")[0]: mail for mail in Message.objects.all()}
    assert set(mails) == {"registrar", "organiser_2"}  # not who asked
    assert "/c/klash-test/calendar/problem_call/move/" in mails["organiser_2"].body and "Organiser on pyytänyt" in mails["organiser_2"].body
    assert "/sv/c/klash-test/calendar/problem_call/move/" in mails["registrar"].body and "väntar på en andra" in mails["registrar"].subject
