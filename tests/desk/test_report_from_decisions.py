"""The chair's report form, filled from what the desk has decided with reasons."""

import re

import pytest
from django.urls import reverse

from klash.accounts.models import ReviewerHandle
from klash.reviewing.models import Report, Seat
from klash.reviewing.selectors import reasons_given
from tests.desk.test_meetings import conflict, now, seats, text  # noqa: F401  (fixtures)
from tests.problems.conftest import decide, decide_all, judged, submitted  # noqa: F401  (fixtures)

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def chair(seats, cast, client):  # noqa: F811
    Seat.objects.using("reviewing").filter(pk=seats[0].pk).update(is_chair=True)
    client.force_login(cast["panellist"])
    return seats[0]


def page_of(chair):
    return reverse("reviewing:report", args=[chair.round.code])


def fields(shown):
    """Return what stands in the form's reasons, in the order of the ranking."""
    return [text.strip() for text in re.findall(r'<textarea name="reason_[^>]*>(.*?)</textarea>', shown)]


def test_the_form_is_filled_from_the_decisions_and_says_so(world, cast, client, judged, chair):  # noqa: F811
    assert fields(text(client.get(page_of(chair)))) == ["", "", ""]
    decide(world, cast["organiser"], judged[0], reason="Syy: paras.")
    shown = text(client.get(page_of(chair)))
    assert fields(shown) == ["Syy: paras.", "", ""]
    assert "1 kohteen perustelut on otettu sitä koskevasta päätöksestä" in shown and shown.count("Tämä on päätöksen perustelu.") == 1
    assert f'aria-describedby="id_reason_{judged[0].entry_code}_helptext"' in shown
    assert not Report.objects.using("reviewing").exists()  # shown is not saved


def test_saving_keeps_what_was_filled_in_and_what_is_written_stands(world, cast, client, judged, chair):  # noqa: F811
    decide_all(world, cast["organiser"], judged, 1)
    codes = [problem.entry_code for problem in judged]
    given = {f"reason_{code}": f"Syy: {problem.title}" for code, problem in zip(codes, judged, strict=True)}
    assert client.post(page_of(chair), {**given, f"reason_{codes[1]}": "Oma perustelu.", f"reason_{codes[2]}": ""}).status_code == 302
    kept = Report.objects.using("reviewing").get().reasons
    assert [kept[code] for code in codes] == [f"Syy: {judged[0].title}", "Oma perustelu.", ""]
    shown = text(client.get(page_of(chair)))
    assert fields(shown) == [f"Syy: {judged[0].title}", "Oma perustelu.", f"Syy: {judged[2].title}"]  # only what is empty is filled
    assert shown.count("Tämä on päätöksen perustelu.") == 1
    assert client.post(page_of(chair), {**given, "send": "1"}).status_code == 302
    assert Report.objects.using("reviewing").get().state == "signing"


def test_nothing_is_filled_in_on_a_matter_from_which_the_chair_steps_aside(world, cast, client, judged, chair):  # noqa: F811
    decide_all(world, cast["organiser"], judged, 1)
    conflict(cast, [chair], judged[0].title)
    assert fields(text(client.get(page_of(chair))))[0] == ""


def test_the_members_who_do_not_write_it_read_nothing_of_the_decisions(world, cast, client, judged, seats, chair):  # noqa: F811
    decide_all(world, cast["organiser"], judged, 1)
    client.force_login(ReviewerHandle.objects.get(handle=seats[1].handle).person)
    answer = client.get(page_of(chair))
    assert not any(f"Syy: {problem.title}" in text(answer) for problem in judged)
    chair.round.is_blind = True
    assert reasons_given(chair.round) == {}
