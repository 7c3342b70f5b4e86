"""Reads of people and the register."""

from datetime import date

from klash.accounts.models import Municipality, ReviewerHandle, User


def handles_of(person: User) -> list[str]:
    """Return the reviewer handles of a person. One query."""
    return list(ReviewerHandle.objects.using(person._state.db).filter(person=person).values_list("handle", flat=True))


def municipalities_on(day: date) -> list[Municipality]:
    """Return the municipalities valid on a day, by Finnish name. One query."""
    return list(Municipality.objects.valid_on(day))
