"""What a reviewer has submitted changes through no door, not even past the services (A27, A28, I18)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from klash.core import clock
from klash.core.databases import reviewing
from klash.reviewing import selectors, services
from klash.reviewing.models import Review, SecondReview
from tests.guards import unguard
from tests.reviewing.conftest import full
from tests.reviewing.test_discussion import ENTRY, second_all, talking  # noqa: F401

pytestmark = pytest.mark.django_db(databases="__all__", transaction=False)

EDITS = {
    "the scores": lambda rows: rows.update(scores=full(10)),
    "one score in SQL": lambda rows: in_sql(rows, "scores = '{\"impact\": 1}'"),
    "the comment": lambda rows: rows.update(comment="Muu."),
    "the points": lambda rows: rows.update(points=1),
    "the time": lambda rows: rows.update(submitted_at=clock.now() + timedelta(days=1)),
    "drawn back": lambda rows: rows.update(state="draft", submitted_at=None),
    "deleted": lambda rows: rows._raw_delete(rows.db),
    "deleted in SQL": lambda rows: in_sql(rows),
}


def in_sql(rows, change=""):
    table = rows.model._meta.db_table
    with connections[rows.db].cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {change} WHERE state = 'submitted'" if change else f"DELETE FROM {table} WHERE state = 'submitted'")


@pytest.mark.parametrize("model", [Review, SecondReview])
@pytest.mark.parametrize("edit", EDITS)
def test_the_database_refuses_to_change_what_is_submitted(talking, model, edit):  # noqa: F811
    second_all(talking)
    rows = model.objects.using(reviewing()).filter(state="submitted")
    count = rows.count()
    with pytest.raises(IntegrityError, match="final is final"), transaction.atomic(using=reviewing()):
        EDITS[edit](rows)
    assert (rows.count(), selectors.verify_results()) == (count, [])


def test_without_the_guard_the_edit_goes_through_and_verify_tells(talking):  # noqa: F811
    second_all(talking)
    unguard(Review.objects.using(reviewing()).filter(seat=talking.chair)).update(scores=full(10))
    assert selectors.verify_results() != []


def test_stepping_aside_leaves_what_was_given_and_a_draft_stays_free(talking):  # noqa: F811
    services.save_second(actor=talking.chair, entry=talking.entry(ENTRY), scores=full(2), comment="")
    services.save_second(actor=talking.chair, entry=talking.entry(ENTRY), scores=full(3), comment="Luonnos.")
    services.recuse(actor=talking.jurors[1], entry=talking.entry(ENTRY), kind="family", reason="Tunnen tekijän.")
    row = Review.objects.using(reviewing()).filter(seat=talking.jurors[1], entry__code=ENTRY)
    assert row.get().scores != {}
    if row.get().state == "recused":
        with pytest.raises(IntegrityError, match="final is final"), transaction.atomic(using=reviewing()):
            row.update(scores={})
