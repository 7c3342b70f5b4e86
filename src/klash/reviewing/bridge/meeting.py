"""The order in which a meeting takes up its matters."""

from collections.abc import Collection

from django.db.models import F

from klash.algo.meeting import order
from klash.reviewing import agenda
from klash.reviewing.models import Round


def order_of_business(round_: Round, present: Collection[str]) -> list[str]:
    """Return the codes of a round's entries in the order in which the fewest of those present pass the door. Three queries.

    Where nothing else decides, the best entry comes first in a complete round, else they stand by code.
    """
    entries = round_.entries.using(round_._state.db).filter(is_excluded=False)
    codes = list(entries.order_by(F("place").asc(nulls_last=True), "code").values_list("code", flat=True))
    outside = agenda.outside(round_)
    found = order([frozenset(outside.get(code, frozenset()) & set(present)) for code in codes])
    return [codes[at] for at in found.sequence]
