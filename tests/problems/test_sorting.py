"""Merging with the origins kept, pairs judged to be two, problems gathered under a theme that a person names."""

import pytest
from django.urls import reverse

from klash.competitions.models import StageKind
from klash.core.errors import Denied, IllegalMove, Refused
from klash.core.workflow import faults_of_states
from klash.following.models import News
from klash.post.models import Message
from klash.problems import bridge, receivers, selectors, services
from klash.problems.models import Merge, Problem
from klash.reviewing import services as rounds
from klash.rules.reasons import Reason
from klash.rules.states import ProblemState
from tests.conftest import make_person
from tests.problems.conftest import TEXTS, decide_all, make_round, make_submitted, refreshed, release, score_all

pytestmark = pytest.mark.django_db(databases="__all__")
WHY = "Kumpikin kertoo samasta ongelmasta."


@pytest.fixture
def sorting(world, at, submitted):
    with at(StageKind.PROBLEM_SELECTION):
        yield submitted


def merge(actor, problem, into, reason=WHY):
    return services.merge_problems(actor=actor, problem=problem, into=into, reason=reason)


def refused(call, *args, **kwargs):
    with pytest.raises((Refused, Denied, IllegalMove)) as error:
        call(*args, **kwargs)
    return error.value.reason


def places(problem):
    return sorted(row.name_fi for row in (problem.municipality, *problem.group.all()))


def people(problem):
    return sorted(person.email.partition("@")[0] for person in services.writers_of(problem))


def test_merged_reports_share_all_and_are_parted_again(world, cast, sorting):
    first, second, third = sorting
    Message.objects.all().delete()
    row = merge(cast["organiser"], third, first)
    first, third = refreshed([first, third])
    assert (third.state, third.title, first.state) == (ProblemState.MERGED, "Tyhjät tilat", ProblemState.SUBMITTED)
    assert (places(first), places(third)) == (["Inkoo", "Janakkala", "Vantaa"], ["Vantaa"])
    assert people(first) == ["officer", "other_officer"]
    assert sorted(Message.objects.values_list("to", flat=True)) == ["officer@example.org", "other_officer@example.org"]
    assert News.objects.filter(happening="problem_merged", about=f"problems/{third.code}").count() == 1
    assert receivers.faults_of_tallies() == [] and [fault for fault in faults_of_states() if fault.startswith("problem/")] == []
    services.part_problems(actor=cast["organiser"], merge=row)
    first, third = refreshed([first, third])
    assert (third.state, places(first), people(first), Merge.objects.count()) == (ProblemState.SUBMITTED, ["Inkoo", "Janakkala"], ["officer"], 0)
    assert receivers.faults_of_tallies() == [] and [fault for fault in faults_of_states() if fault.startswith("problem/")] == []


def test_parting_leaves_what_another_merged_report_brings_too(world, cast, at, submitted):
    with at(StageKind.PROBLEM_CALL):
        fourth = make_submitted(world, make_person("third_officer"), "Vantaa", title="Tilat ovat tyhjillään")
    with at(StageKind.PROBLEM_SELECTION):
        rows = [merge(cast["organiser"], problem, submitted[0]) for problem in (submitted[2], fourth)]
        services.part_problems(actor=cast["organiser"], merge=rows[0])
    assert places(refreshed([submitted[0]])[0]) == ["Inkoo", "Janakkala", "Vantaa"]
    assert people(submitted[0]) == ["officer", "third_officer"]


def test_who_may_merge_and_what(world, cast, at, sorting):
    first, second, third = sorting
    for who in ("officer", "panellist", "juror", "outsider"):
        assert refused(merge, cast[who], third, first) == Reason.NO_ROLE
    assert refused(merge, cast["organiser"], third, first, " ") == Reason.NO_REASON_GIVEN
    assert refused(merge, cast["organiser"], first, first) == Reason.NOT_TWO_REPORTS
    merge(cast["organiser"], third, first)
    assert refused(merge, cast["organiser"], third, second) == Reason.WRONG_STATE
    assert refused(merge, cast["organiser"], second, third) == Reason.NOT_TWO_REPORTS
    assert refused(merge, cast["organiser"], first, second) == Reason.MERGED_HERE
    with at(StageKind.PROBLEM_CALL):
        assert refused(merge, cast["organiser"], second, first) == Reason.NOT_OPEN_YET
        # Its own reporter cannot take it out of the call again while another report is a part of it.
        assert refused(services.withdraw_problem, actor=cast["officer"], problem=first) == Reason.MERGED_HERE


def test_the_panel_reads_both_as_one_and_everyone_is_told_the_decision(world, cast, sorting):
    first, second, third = sorting
    row = merge(cast["organiser"], third, first)
    round_ = make_round(world, cast)
    entry = round_.entries.get(code=refreshed([first])[0].entry_code)
    assert round_.entries.count() == 2
    assert (entry.author, entry.sections[-1]["heading"]["fi"]) == ("Janakkala, Inkoo, Vantaa", "Yhdistetty ilmoitus: Vantaa")
    assert [word in entry.sections[-1]["text"] for word in ("Tyhjät tilat", TEXTS["summary"], TEXTS["goal"])] == [True] * 3
    assert refused(services.part_problems, actor=cast["organiser"], merge=row) == Reason.FROZEN
    assert refused(merge, cast["organiser"], second, first) == Reason.FROZEN


def test_a_decision_reaches_those_who_were_merged(world, cast, at, submitted):
    with at(StageKind.PROBLEM_SELECTION):
        merge(cast["organiser"], submitted[2], submitted[0])
        round_ = make_round(world, cast)
        seats = [services.seat_panellist(actor=cast["organiser"], competition=world.competition, person=cast["panellist"])]
        rounds.open_round(actor=cast["organiser"], round=round_)
        score_all(round_, seats, {problem.entry_code: 8 for problem in refreshed(submitted[:2])})
        rounds.complete_round(actor=cast["organiser"], round=round_)
    Message.objects.all().delete()
    with at(StageKind.CHALLENGE_SHAPING):
        decide_all(world, cast["organiser"], refreshed(submitted[:2]), 1)
        release(world, cast["organiser"])
    told = Message.objects.filter(to="other_officer@example.org").count()
    assert told == 1 and [row.state for row in refreshed(submitted)][2] == ProblemState.MERGED


def test_a_supporter_of_a_merged_report_stands_behind_the_common_one(world, cast, at, submitted):
    supporter = make_person("supporter")
    with at(StageKind.PROBLEM_SELECTION):
        services.support_problem(actor=supporter, problem=submitted[2], municipality=world.municipalities["Joensuu"], word="Sama meillä.")
        merge(cast["organiser"], submitted[2], submitted[0])
    (side,) = selectors.sides(Problem.objects.filter(pk=submitted[0].pk)).values()
    assert side.municipalities >= {world.municipalities[name].code for name in ("Janakkala", "Vantaa", "Joensuu")}
    assert len(side.people) == 3


def test_pairs_that_read_alike_are_shown_until_judged(world, cast, at, submitted):
    with at(StageKind.PROBLEM_CALL):
        twin = make_submitted(world, make_person("third_officer"), "Joensuu", title="Kyyti puuttuu kylistä meiltäkin")
    with at(StageKind.PROBLEM_SELECTION):
        found = {frozenset((one.pk, other.pk)) for one, other, _near in bridge.alike(world.competition)}
        assert frozenset((submitted[0].pk, twin.pk)) in found
        assert refused(services.judge_apart, actor=cast["officer"], one=twin, other=submitted[0]) == Reason.NO_ROLE
        services.judge_apart(actor=cast["organiser"], one=twin, other=submitted[0])
        services.judge_apart(actor=cast["organiser"], one=submitted[0], other=twin)
        after = {frozenset((one.pk, other.pk)) for one, other, _near in bridge.alike(world.competition)}
        assert found - after == {frozenset((submitted[0].pk, twin.pk))}


def test_a_person_names_the_theme_and_the_receipt_stays_valid(world, cast, sorting):
    first = sorting[0]
    before, chosen = services.fingerprint(first), first.theme
    assert refused(services.gather_problems, actor=cast["officer"], competition=world.competition, problems=[first], theme=chosen) == Reason.NO_ROLE
    assert refused(services.gather_problems, actor=cast["organiser"], competition=world.competition, problems=[]) == Reason.NOTHING_CHOSEN
    assert refused(services.gather_problems, actor=cast["organiser"], competition=world.competition, problems=[first]) == Reason.INCOMPLETE
    name = {"fi": "Liikkuminen kylissä", "sv": "Att röra sig i byarna"}
    theme = services.gather_problems(actor=cast["organiser"], competition=world.competition, problems=refreshed([first]), name=name)
    (row,) = refreshed([first])
    assert (row.theme, row.reported_theme, services.fingerprint(row)) == (theme, chosen, before)
    assert receivers.faults_of_tallies() == []
    assert [found.pk for found in selectors.matching(world.competition, selectors.Filters(words="kylissä liikkuminen"))] == [first.pk]
    services.gather_problems(actor=cast["organiser"], competition=world.competition, problems=[row], theme=chosen)
    (row,) = refreshed([first])
    assert (row.theme, row.reported_theme) == (chosen, None)


def test_the_pages_merge_part_and_gather(world, cast, sorting, client):
    first, second, third = sorting
    code = world.competition.code
    client.force_login(cast["organiser"])
    compare = reverse("problems:compare", args=[code, first.code, third.code])
    shown = client.get(compare).content.decode()
    assert "Tyhjät tilat" in shown and TEXTS["goal"] in shown
    assert client.post(compare, {"main": first.code, "reason": ""}).status_code == 409
    assert client.post(compare, {"main": first.code, "reason": WHY}).status_code == 302
    assert "Tyhjät tilat" in client.get(reverse("problems:alike", args=[code])).content.decode()
    assert WHY in client.get(reverse("problems:problem", args=[code, third.code])).content.decode()
    assert "Tyhjät tilat" in client.get(reverse("problems:problem", args=[code, first.code])).content.decode()
    assert client.post(reverse("problems:part", args=[code, third.code])).status_code == 302
    assert client.get(reverse("problems:groups", args=[code])).status_code == 200
    gather = reverse("problems:gather", args=[code])
    assert "Tyhjät tilat" in client.post(gather, {"problem": [third.code], "words": "tilat"}).content.decode()
    assert client.post(gather, {"problem": [third.code], "theme": "", "name_fi": "Tilat"}).status_code == 422
    answer = client.post(gather, {"problem": [third.code], "theme": "", "name_fi": "Tilat", "name_sv": "Lokaler"})
    assert answer.status_code == 302 and refreshed([third])[0].theme.name == {"fi": "Tilat", "sv": "Lokaler"}
