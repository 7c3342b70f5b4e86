"""The calendar page and the page that moves a deadline."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from klash.competitions import selectors, services
from klash.competitions.models import Competition, Criterion, Partner, Stage, StageChange, StageKind
from klash.core import clock
from tests.conftest import START

pytestmark = pytest.mark.django_db(databases="__all__")


def address(name="calendar", *args, language="en", competition="klash-test"):
    with translation.override(language):
        return reverse(f"competitions:{name}", args=[competition, *args])


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def moved(world, cast, at):
    with at(StageKind.PROBLEM_CALL):
        stage = world.competition.stage(StageKind.PROBLEM_CALL)
        asked = services.request_deadline(actor=cast["organiser"], stage=stage, to=stage.closes_at + timedelta(days=2), reason="Palvelu oli alhaalla.")
        services.confirm_deadline(actor=cast["registrar"], postponement=asked)
    return world


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_calendar_tells_everything_to_anybody(moved, client, at, language, django_assert_max_num_queries):
    Partner.objects.create(competition=moved.competition, organisation=moved.competition.organiser, roles=["organiser"])
    with at(StageKind.PROBLEM_CALL), django_assert_max_num_queries(12):
        response = client.get(address(language=language))
    page = text_of(response)
    assert response.status_code == 200 and page.count("<h1") == 1 and f'<html lang="{language}"' in page
    assert "Palvelu oli alhaalla." in page and "suitability" in page.lower() and "7–10" in page and "0" * 64 in page
    assert "move/" not in page


def test_calendar_marks_weights_and_words_that_are_invented(world, client, at):
    inferred = [{"from": 0, "to": 10, "text": {"fi": "kaikki"}, "is_inferred": True}]
    found = []
    for is_invented, bands in ((True, inferred), (True, []), (False, [])):
        Competition.objects.update(is_invented=is_invented)
        Criterion.objects.update(bands=bands)
        with at(StageKind.PROBLEM_CALL):
            criteria = text_of(client.get(address())).split('id="criteria-problem_selection"')[1].split("</section>")[0]
        rows = criteria.split("<h3>")[1:]
        found.append({row.count("tag invented") for row in rows})
    assert found == [{2}, {1}, {0}]


def test_calendar_asks_the_same_queries_with_many_changes_and_stages(world, cast, client, at, django_assert_max_num_queries):
    counts = []
    for changes in (1, 29):
        for number in range(changes):
            StageChange.objects.create(
                stage=world.stages[StageKind.TEAM_CALL], field="closes_at", before=START, after=clock.now(), reason=f"Syy {number}",
                changed_at=START, requested_by="x", changed_by="y",
            )
        with django_assert_max_num_queries(12) as asked:
            client.get(address())
        counts.append(len(asked.captured_queries))
    assert counts[0] == counts[1]


def test_only_the_staff_is_offered_to_move_and_only_what_runs(world, cast, client, at):
    with at(StageKind.PROBLEM_CALL):
        client.force_login(cast["officer"])
        assert "move/" not in text_of(client.get(address()))
        client.force_login(cast["registrar"])
        page = text_of(client.get(address()))
    assert re.findall(r"calendar/(\w+)/move/", page) == ["problem_call"]


def test_a_draft_is_seen_by_its_staff_alone(world, cast, client):
    type(world.competition).objects.update(state="draft")
    assert client.get(address()).status_code == 404
    client.force_login(cast["organiser"])
    assert client.get(address()).status_code == 200


def test_move_deadline_page_tells_what_follows_and_moves(world, cast, client, at):
    client.force_login(cast["organiser"])
    with at(StageKind.PROBLEM_CALL):
        page = text_of(client.get(address("move_deadline", "problem_call")))
        assert "cannot be undone" in page and "problem_selection" in page and 'type="datetime-local"' in page
        answer = client.post(address("move_deadline", "problem_call"), {"to": "2026-02-15T16:00", "reason": "Palvelu oli alhaalla."})
        assert answer.status_code == 302 and answer.url == address("move_deadline", "problem_call")
        page = text_of(client.get(answer.url))
        assert "Another person of the organiser must confirm it." in page and "Confirm the new deadline" not in page
        assert client.post(address("confirm_deadline", "problem_call")).status_code == 403
        client.force_login(cast["registrar"])
        assert "Organiser asks that the deadline move to" in text_of(client.get(address()))
        assert "Confirm the new deadline" in text_of(client.get(answer.url))
        assert client.post(address("confirm_deadline", "problem_call")).url == address()
        assert client.post(address("confirm_deadline", "problem_call")).status_code == 404
    assert Stage.objects.get(kind="problem_call").closes_at.isoformat() == "2026-02-15T14:00:00+00:00"  # typed in Helsinki


@pytest.mark.parametrize(("to", "reason", "field", "told"), [
    ("2026-01-20T16:00", "Syy", "id_to", "A deadline can only move later"),
    ("2026-03-29T03:30", "Syy", "id_to", "Europe/Helsinki"),  # an hour that does not exist
    ("2026-10-25T03:30", "Syy", "id_to", "Europe/Helsinki"),  # an hour that comes twice
    ("huomenna", "Syy", "id_to", "Enter a valid date/time"),
    ("2026-02-15T16:00", "", "id_reason", "This field is required"),
    ("2026-02-15T16:00", " ", "id_reason", "This field is required"),
])
def test_move_deadline_shows_the_fault_at_its_field_and_keeps_what_was_typed(world, cast, client, at, to, reason, field, told):
    client.force_login(cast["organiser"])
    with at(StageKind.PROBLEM_CALL):
        page = text_of(client.post(address("move_deadline", "problem_call"), {"to": to, "reason": reason}))
    assert told in page and f'href="#{field}"' in page and f'value="{to}"' in page
    assert not StageChange.objects.exists()


def test_move_deadline_after_it_has_passed_is_told(world, cast, client, at):
    client.force_login(cast["organiser"])
    with at(StageKind.PROBLEM_SELECTION):
        answer = client.get(address("move_deadline", "problem_call"))
    assert answer.status_code == 403 and "The deadline has passed." in text_of(answer)


def test_a_request_is_taken_back_on_its_page(world, cast, client, at):
    client.force_login(cast["organiser"])
    with at(StageKind.PROBLEM_CALL):
        assert client.post(address("take_back_request", "problem_call")).status_code == 404
        client.post(address("move_deadline", "problem_call"), {"to": "2026-02-15T16:00", "reason": "Palvelu oli alhaalla."})
        client.logout()
        assert "asks that" not in text_of(client.get(address()))
        client.force_login(cast["registrar"])
        assert client.post(address("take_back_request", "problem_call")).url == address()
        assert "Ask for the new deadline" in text_of(client.get(address("move_deadline", "problem_call")))


@pytest.mark.parametrize("name", ["officer", "panellist", "juror", "outsider"])
def test_move_deadline_is_not_found_for_others(world, cast, client, at, name):
    client.force_login(cast[name])
    with at(StageKind.PROBLEM_CALL):
        assert client.get(address("move_deadline", "problem_call")).status_code == 404


def test_move_deadline_of_an_unknown_stage_is_not_found(world, cast, client):
    client.force_login(cast["organiser"])
    assert client.get(address("move_deadline", "nothing")).status_code == 404


def test_ribbon_tells_status_and_slip(moved):
    deadline = moved.stages[StageKind.PROBLEM_CALL].closes_at + timedelta(days=2)
    with translation.override("fi"):
        at_the_end = selectors.ribbon(moved.competition, deadline)
        after = selectors.ribbon(moved.competition, deadline + timedelta(milliseconds=1))
    assert (at_the_end[0]["status"], after[0]["status"]) == ("on", "done")
    assert at_the_end[0]["when"] == "12.1.–3.2.2026" and "12.1.–1.2.2026" in at_the_end[0]["slip"]
    assert at_the_end[-1] == {"title": "award", "when": "21.6.–11.7.2026", "status": "coming", "slip": ""}


def test_current_and_find_hide_drafts(world, cast):
    assert selectors.current(cast["outsider"]) == selectors.find(cast["outsider"], "klash-test") == world.competition
    type(world.competition).objects.update(state="draft")
    assert selectors.current(cast["outsider"]) is None and selectors.find(cast["outsider"], "klash-test") is None
    assert selectors.find(cast["organiser"], "klash-test") == world.competition


def test_register_is_that_of_the_first_day_of_the_call(world):
    assert selectors.day_of_register(world.competition).isoformat() == "2026-01-12"
    assert selectors.register(world.competition).count() == 4
