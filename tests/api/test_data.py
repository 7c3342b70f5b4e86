"""What a competition gives as data is what its public pages show, each field defined, in a form that programs and spreadsheets read."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from klash.api.selectors import DATASETS
from klash.competitions.models import StageKind
from klash.problems.models import Problem
from tests.problems.conftest import make_draft, make_submitted

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def now(at):
    with at(StageKind.PROBLEM_CALL):
        yield


def body(answer):
    return b"".join(answer.streaming_content).decode()


def there(name, form="json", competition="klash-test"):
    return reverse(f"api:{form}", args=[competition, name])


@pytest.fixture
def submitted(world, cast):
    make_draft(world, cast["officer"], title="Luonnos")
    return make_submitted(world, cast["officer"], group=["Vantaa"], title="=2+3 <b>Kyyti</b>")


@pytest.mark.parametrize("name", DATASETS)
def test_each_set_is_json_with_its_definition_and_every_field(client, submitted, name):
    answer = client.get(there(name))
    found = json.loads(body(answer))
    assert (answer["Access-Control-Allow-Origin"], answer["Content-Type"]) == ("*", "application/json; charset=utf-8")
    assert found["definition"] and found["licence"] and found["fields"].keys() == {field.name for field in DATASETS[name].fields}
    assert all(row.keys() == found["fields"].keys() for row in found["rows"])


def test_a_problem_is_given_once_it_is_public_and_its_feedback_once_it_is_told(client, submitted):
    Problem.objects.filter(pk=submitted.pk).update(feedback="Kanelia", reason="Syy")
    rows = json.loads(body(client.get(there("problems"))))["rows"]
    assert [(row["code"], row["title"], row["municipality"], row["together_with"], row["feedback"], row["reason"]) for row in rows] == [
        (submitted.code, "=2+3 <b>Kyyti</b>", submitted.municipality.code, [one.code for one in submitted.group.all()], None, None),
    ]


def test_a_table_has_a_column_for_each_language_and_no_formula(client, submitted):
    rows = list(csv.reader(io.StringIO(body(client.get(there("problems", "csv"))).lstrip("\ufeff")), delimiter=";"))
    assert rows[1][rows[0].index("title")] == "'=2+3 <b>Kyyti</b>"
    head = body(client.get(there("municipalities", "csv"))).lstrip("\ufeff").splitlines()[0]
    assert '"name_fi";"name_sv";"name_en"' in head


def test_a_draft_competition_and_a_set_that_is_none_are_not_found(client, world):
    assert client.get(there("nothing")).status_code == 404
    assert client.get(there("problems", competition="none")).status_code == 404


@pytest.mark.parametrize("name", DATASETS)
def test_each_set_costs_the_same_at_one_and_at_thirty_rows(world, cast, client, submitted, name):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            body(client.get(there(name)))
        return len(queries)

    cost()
    one = cost()
    for number in range(10):
        make_submitted(world, cast["officer"], title=f"Ongelma {number}")
    assert cost() == one
