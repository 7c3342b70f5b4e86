"""What an officer does: start, save, submit, withdraw; each refusal; the edges of the deadline."""

from datetime import UTC, datetime, timedelta

import pytest

from klash.accounts.models import Affiliation
from klash.competitions import services as competitions
from klash.competitions.models import Stage, StageKind
from klash.core import audit, clock
from klash.core.errors import Denied, IllegalMove, Refused
from klash.core.models import AuditEvent
from klash.post.models import Message
from klash.problems import selectors, services
from klash.problems.models import Problem
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import ProblemState
from tests.conftest import make_municipality, make_person
from tests.problems.conftest import TEXTS, columns, make_draft, make_submitted

pytestmark = pytest.mark.django_db(databases="__all__")


def save(problem, actor, **changes):
    told = {name: changes.pop(name) for name in ("theme", "group", "revision", "writer") if name in changes}
    return services.save_problem(actor=actor, problem=problem, **{"theme": problem.theme, "group": [], **told}, **columns(**{**TEXTS, **changes}))


def test_start_problem_makes_the_actor_an_officer_of_the_municipality(world, cast, at):
    person = make_person("kunnan_nainen")
    with at(StageKind.PROBLEM_CALL):
        problem = services.start_problem(actor=person, competition=world.competition, municipality=world.municipalities["Inkoo"], language="sv")
    assert (problem.state, problem.language, problem.title, problem.revision) == (ProblemState.DRAFT, "sv", "", 0)
    assert person.roles_in(world.competition.code) == {Role.OFFICER}
    assert Affiliation.objects.get(person=person).municipality.name_fi == "Inkoo"
    assert AuditEvent.objects.filter(what="problem.started", thing=f"problem/{problem.code}").count() == 1


@pytest.mark.parametrize(("shift", "reason"), [(timedelta(milliseconds=-1), Reason.NOT_OPEN_YET), (timedelta(days=400), Reason.DEADLINE_PASSED)])
def test_start_problem_outside_the_call_is_refused(world, cast, at, shift, reason):
    with at(world.stages[StageKind.PROBLEM_CALL].opens_at + shift), pytest.raises(Denied) as error:
        services.start_problem(actor=cast["officer"], competition=world.competition, municipality=world.municipalities["Inkoo"])
    assert error.value.reason == reason


def test_start_problem_by_a_juror_is_refused(world, cast, at):
    with at(StageKind.PROBLEM_CALL), pytest.raises(Refused) as error:
        services.start_problem(actor=cast["juror"], competition=world.competition, municipality=world.municipalities["Inkoo"])
    assert error.value.reason == Reason.OTHER_SIDE
    assert not Problem.objects.exists()


def test_start_problem_for_a_municipality_of_another_time_is_refused(world, cast, at):
    ended = make_municipality("911", "Entinen", "Förra", valid_from=datetime(2010, 1, 1).date(), valid_to=datetime(2019, 12, 31).date())
    with at(StageKind.PROBLEM_CALL), pytest.raises(Refused) as error:
        services.start_problem(actor=cast["officer"], competition=world.competition, municipality=ended)
    assert error.value.reason == Reason.INCOMPLETE


def test_save_problem_keeps_texts_group_and_searchable_words(world, cast, at, draft):
    with at(StageKind.PROBLEM_CALL):
        save(draft, cast["officer"], title="  Uusi otsikko ", group=[world.municipalities["Inkoo"], world.municipalities["Janakkala"]])
    draft.refresh_from_db()
    assert (draft.title, draft.revision) == ("Uusi otsikko", 2)
    assert [one.name_fi for one in draft.group.all()] == ["Inkoo"]  # the leader is never in the group
    assert " 1ingå " in draft.search and " 1otsikko " in draft.search and " 1kollektivtrafik " in draft.search


def test_save_problem_accepts_a_draft_with_everything_missing(cast, at, draft):
    with at(StageKind.PROBLEM_CALL):
        saved = services.save_problem(
            actor=cast["officer"], problem=draft, theme=None, group=[], **columns(**dict.fromkeys(TEXTS, ""))
        )
    assert not saved.is_complete(clock.now())


def test_save_problem_equal_text_makes_no_revision_and_no_event(cast, at, draft):
    events = AuditEvent.objects.count()
    with at(StageKind.PROBLEM_CALL):
        save(draft, cast["officer"], revision=0, writer="another page")
    assert (draft.revision, AuditEvent.objects.count()) == (1, events)


def test_save_problem_from_an_older_page_is_refused(cast, at, draft):
    with at(StageKind.PROBLEM_CALL):
        save(draft, cast["officer"], title="Toinen sivu", revision=1, writer="b" * 32)
        with pytest.raises(Refused) as error:
            save(draft, cast["officer"], title="Vanha sivu", revision=1, writer="a" * 32)
    assert error.value.reason == Reason.TEXT_CHANGED
    assert Problem.objects.get(pk=draft.pk).title == "Toinen sivu"


def test_save_problem_never_clashes_with_the_same_page(cast, at, draft):
    with at(StageKind.PROBLEM_CALL):
        save(draft, cast["officer"], title="Ensin", revision=1, writer="a" * 32)
        save(draft, cast["officer"], title="Sitten", revision=1, writer="a" * 32)  # its answer was still on the way
    assert (draft.title, draft.revision) == ("Sitten", 3)


def test_save_problem_of_another_person_is_refused(cast, at, draft):
    with at(StageKind.PROBLEM_CALL), pytest.raises(Denied) as error:
        save(draft, cast["outsider"])
    assert error.value.reason == Reason.NOT_YOURS


def test_save_problem_after_submitting_is_refused(cast, at, draft):
    with at(StageKind.PROBLEM_CALL):
        services.submit_problem(actor=cast["officer"], problem=draft)
        with pytest.raises(Denied) as error:
            save(draft, cast["officer"], title="Muutos")
    assert error.value.reason == Reason.WRONG_STATE


def test_submit_problem_sends_a_receipt_with_code_time_and_fingerprint(world, cast, at, draft):
    with at(StageKind.PROBLEM_CALL):
        services.submit_problem(actor=cast["officer"], problem=draft)
    mail = Message.objects.get(event__startswith=f"problem.submitted/{draft.code}/")
    assert (draft.state, draft.submitted_at) == (ProblemState.SUBMITTED, world.middle_of(StageKind.PROBLEM_CALL))
    assert mail.to == cast["officer"].email and draft.title in mail.subject
    assert draft.code in mail.body and services.fingerprint(draft) in mail.body and f"/problems/{draft.code}/receipt/" in mail.body
    event = AuditEvent.objects.get(what="problem.submitted")
    assert event.body == {"fingerprint": services.fingerprint(draft), "received_at": draft.submitted_at.isoformat(sep=" ")}


@pytest.mark.parametrize("missing", ["title", "summary", "situation", "affected", "tried", "goal", "commitment", "theme"])
def test_submit_problem_with_something_missing_is_refused(cast, at, draft, missing):
    with at(StageKind.PROBLEM_CALL):
        save(draft, cast["officer"], **{missing: None if missing == "theme" else " "})
        with pytest.raises(Denied) as error:
            services.submit_problem(actor=cast["officer"], problem=draft)
    assert error.value.reason == Reason.INCOMPLETE
    assert Problem.objects.get(pk=draft.pk).state == ProblemState.DRAFT


def test_the_hash_of_what_was_submitted_before_commitment_was_asked_for_stays(draft):
    known = Problem(language="fi", **columns(**{name: text for name, text in TEXTS.items() if name != "commitment"}))
    parts = ["fi", *(TEXTS[name] for name in ("title", "summary", "situation", "affected", "tried", "goal")), ""]
    assert services.fingerprint(known) == audit.sha256("klash/1/problem", audit.canonical(parts))
    assert services.fingerprint(Problem(language="fi", **columns(**TEXTS))) != services.fingerprint(known)


def test_submit_problem_of_another_person_is_refused(cast, at, draft):
    with at(StageKind.PROBLEM_CALL), pytest.raises(Denied) as error:
        services.submit_problem(actor=cast["organiser"], problem=draft)
    assert error.value.reason == Reason.NOT_YOURS


def test_submit_problem_twice_is_no_move(cast, at, draft):
    with at(StageKind.PROBLEM_CALL):
        services.submit_problem(actor=cast["officer"], problem=draft)
        with pytest.raises(IllegalMove):
            services.submit_problem(actor=cast["officer"], problem=draft)


def test_withdraw_change_and_submit_again(cast, at, draft):
    with at(StageKind.PROBLEM_CALL):
        services.submit_problem(actor=cast["officer"], problem=draft)
        services.withdraw_problem(actor=cast["officer"], problem=draft)
        assert not Problem.objects.public().exists()
        save(draft, cast["officer"], title="Parempi otsikko")
    with at(draft.competition.stage(StageKind.PROBLEM_CALL).closes_at):
        services.submit_problem(actor=cast["officer"], problem=draft)
    assert Problem.objects.public().get().title == "Parempi otsikko"
    assert Message.objects.filter(event__startswith="problem.submitted/").count() == 2
    assert Message.objects.filter(event__startswith="problem.withdrawn/").count() == 1


def test_withdraw_problem_of_another_person_is_refused(cast, at, submitted):
    with at(StageKind.PROBLEM_CALL), pytest.raises(Denied) as error:
        services.withdraw_problem(actor=cast["outsider"], problem=submitted[0])
    assert error.value.reason == Reason.NOT_YOURS


EDGES = [(timedelta(milliseconds=-1), True), (timedelta(0), True), (timedelta(milliseconds=1), False)]
WINTER, SUMMER = datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.fixture(params=["plain", "spring", "autumn"])
def deadline(request, world):
    """The call's deadline: an ordinary one, a second before the clocks go forward, and in the hour that comes twice."""
    moments = {"plain": world.stages[StageKind.PROBLEM_CALL].closes_at, "spring": WINTER, "autumn": SUMMER}
    Stage.objects.filter(pk=world.stages[StageKind.PROBLEM_CALL].pk).update(closes_at=moments[request.param])
    world.competition.forget_stages()
    return moments[request.param]


@pytest.mark.parametrize(("shift", "is_in_time"), EDGES)
@pytest.mark.parametrize("step", ["start", "save", "submit", "withdraw"])
def test_the_deadline_counts_to_the_millisecond(world, cast, at, deadline, step, shift, is_in_time):
    with at(world.stages[StageKind.PROBLEM_CALL].opens_at):
        problem = make_draft(world, cast["officer"])
        if step == "withdraw":
            services.submit_problem(actor=cast["officer"], problem=problem)
    steps = {
        "start": lambda: services.start_problem(actor=cast["officer"], competition=world.competition, municipality=world.municipalities["Vantaa"]),
        "save": lambda: save(problem, cast["officer"], title="Viime hetken otsikko"),
        "submit": lambda: services.submit_problem(actor=cast["officer"], problem=problem),
        "withdraw": lambda: services.withdraw_problem(actor=cast["officer"], problem=problem),
    }
    with clock.at(deadline + shift):
        if is_in_time:
            steps[step]()
        else:
            with pytest.raises(Denied) as error:
                steps[step]()
            assert error.value.reason == Reason.DEADLINE_PASSED


def test_a_moved_deadline_holds_for_a_draft_that_was_read_before(world, cast, at, draft):
    stage = world.competition.stage(StageKind.PROBLEM_CALL)
    old = stage.closes_at
    with at(StageKind.PROBLEM_CALL):
        asked = competitions.request_deadline(actor=cast["organiser"], stage=stage, to=old + timedelta(days=1), reason="Palvelu oli alhaalla.")
        competitions.confirm_deadline(actor=cast["registrar"], postponement=asked)
    with at(old + timedelta(hours=1)):
        services.submit_problem(actor=cast["officer"], problem=draft)
    assert draft.state == ProblemState.SUBMITTED


def test_tallies_follow_what_is_public(world, cast, at):
    def told():
        assert selectors.tallied(world.competition) == selectors.counted(world.competition)
        return {row.municipality.name_fi: row.count for row in selectors.reporters(world.competition)}

    with at(StageKind.PROBLEM_CALL):
        first, second = (make_submitted(world, cast["officer"], name, ["Inkoo"]) for name in ("Janakkala", "Joensuu"))
        assert told() == {"Inkoo": 2, "Janakkala": 1, "Joensuu": 1}
        services.withdraw_problem(actor=cast["officer"], problem=first)
        assert told() == {"Inkoo": 1, "Joensuu": 1}
        services.save_problem(
            actor=cast["officer"], problem=first, theme=world.themes["public_transport"], group=[world.municipalities["Vantaa"]],
            **columns(**{**TEXTS, "title": "Muu"}),
        )
        services.submit_problem(actor=cast["officer"], problem=first)
        assert told() == {"Inkoo": 1, "Janakkala": 1, "Joensuu": 1, "Vantaa": 1}
