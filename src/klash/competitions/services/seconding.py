"""A step that two persons take: when the first has asked, whoever could be the second is told."""

from typing import Any

from klash.accounts.selectors import staff_of
from klash.competitions.models import Competition
from klash.core.fields import Text
from klash.post.services import queue


def tell_seconds(*, asker: Any, competition: Competition, step: str, about: Text, page: str, of: str, event: str) -> None:
    """Queue word to all others who run the competition that a step waits for one of them. One query and two a person.

    step: deadline, late, questions, opening or identities. about: the stage or challenge that it concerns. page, of: where it is confirmed, as the name of
    the page and its second argument.
    """
    context = {"competition": competition, "step": step, "about": about, "page": page, "of": of, "asker": asker.name}
    for person in staff_of(competition.code):
        if person.pk != asker.pk:
            queue(to=person.email, language=person.language, template="competitions_second", context=context, event=event)
