"""The mail that tells a reviewer that a round waits. It holds what the round announced, so that the jury's face can write it too."""

from django.conf import settings

from klash.accounts.models import User
from klash.core.databases import reviewing as alias
from klash.post.services import queue
from klash.reviewing.models import Round, Seat
from klash.rules.states import RoundState


def tell_task(*, round: Round, person: User) -> None:
    """Queue word to a person who has a seat before the round opens, in time to answer and to say what suits; a second call adds nothing."""
    context = {"round": round, "review_url": settings.KLASH_URL}
    queue(to=person.email, language=person.language, template="reviewing_task", context=context, event=f"round.task/{round.code}")


def tell_open(*, round: Round, person: User, using: str = "default") -> None:
    """Queue word to a reviewer that the round is open; a second call adds nothing. using: where the person's account lies."""
    template = "reviewing_judging" if round.is_blind else "reviewing_round"
    url = settings.KLASH_JURY_URL or settings.KLASH_URL if round.is_blind else settings.KLASH_URL
    context = {"round": round, "review_url": url}
    queue(to=person.email, language=person.language, template=template, context=context, event=f"round.opened/{round.code}", using=using)


def tell_latecomer(*, handle: str, person: User, using: str = "default") -> None:
    """Tell a person who took this seat after the round opened what the others were told at the opening. One query."""
    seat = Seat.objects.using(alias()).filter(handle=handle, is_absent=False).select_related("round").first()
    if seat is not None and seat.round.state == RoundState.OPEN:
        tell_open(round=seat.round, person=person, using=using)
