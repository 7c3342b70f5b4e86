"""The reviewer's own seat and entry, or the one 404 for whatever is not found, not yours or not now."""

from django.http import Http404, HttpRequest

from klash.core import clock
from klash.reviewing import selectors
from klash.reviewing.models import Review, Seat
from klash.rules.states import RoundState


def own_seat(request: HttpRequest, code: str) -> Seat:
    seat = selectors.seat_in(request.user, code)
    if seat is None:
        raise Http404
    return seat


def reading(request: HttpRequest, code: str, entry_code: str) -> tuple[Seat, Review]:
    """Return seat and its own review with the entry, or the one 404 for not found, not yours and not now."""
    seat = own_seat(request, code)
    review = selectors.own_review(seat, entry_code)
    if review is None or not seat.is_ready or seat.round.state == RoundState.DRAFT or clock.now() < seat.round.opens_at:
        raise Http404
    return seat, review
