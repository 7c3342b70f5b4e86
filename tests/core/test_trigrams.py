"""The index of the search column follows what is written, changed and deleted, also past the services."""

import pytest
from django.db import connection

from klash.core.trigrams import by_key
from klash.problems.models import Problem
from tests.problems.test_list import make, titles

pytestmark = pytest.mark.django_db(databases="__all__")


def test_the_index_follows_the_rows(world, cast):
    row = make(world, cast["officer"], "Valaistus puuttuu")
    assert titles(world, words="valaistus") == ["Valaistus puuttuu"]
    Problem.objects.filter(pk=row.pk).update(search=" 1melu 1meluisa ")
    assert titles(world, words="valaistus") == []
    assert titles(world, words="melu") == ["Valaistus puuttuu"]
    row.delete()
    make(world, cast["officer"], "Pysäkki katosi")  # may get the key of the deleted row
    assert titles(world, words="melu") == []


def test_a_search_reads_no_row_that_it_does_not_list(world, cast):
    rows = Problem.objects.filter(search__holds=[" 1melu"]).order_by()
    if connection.vendor == "sqlite":
        assert "VIRTUAL TABLE" in rows.explain()
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert "problems_problem_search" in rows.explain()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL weighs it anew for every word")
def test_the_first_hits_are_found_without_the_others(world, cast):
    make(world, cast["officer"], "Meluinen tie")
    plan = by_key(Problem.objects.public().filter(competition=world.competition), "search", [[" 1melu"], ["tie"]])[:2].explain()
    assert "SCAN problems_problem_search VIRTUAL TABLE" in plan.splitlines()[0] and "USING INTEGER PRIMARY KEY" in plan.splitlines()[1]
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("word", ['"', 'a"b OR c', "melu*", "NEAR(melu", "%", "_", "\\"])
def test_what_is_typed_is_never_read_as_a_query(world, cast, word):
    make(world, cast["officer"], "Meluinen tie")
    assert set(titles(world, words=word)) <= {"Meluinen tie"}
