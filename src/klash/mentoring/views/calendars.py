"""One's own sessions in one's own calendar program."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from klash.core import access
from klash.mentoring import selectors, services
from klash.mentoring.selectors import Part
from klash.mentoring.views.pages import competition_of, page


@access.public
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a calendar program; it cannot sign in, so that whoever knows the address may read."""
    found = access.found(selectors.feed_for(token))
    return HttpResponse(selectors.write_feed(found), content_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private, no-store"})


@access.signed_in
def calendar(request: HttpRequest, competition: str) -> HttpResponse:
    """Make, renew or revoke the address. A new one is shown in the answer to the form and never again."""
    person, found = access.person(request), competition_of(request.user, competition)
    if found is None or selectors.part_of(person, found) not in (Part.MENTOR, Part.TEAM):
        raise Http404
    address = ""
    if request.method == "POST" and "revoke" in request.POST:
        services.revoke_feed(actor=person, competition=found)
        messages.success(request, _("The address is revoked. Calendar programs can read nothing from it any more."))
        return redirect("mentoring:calendar", competition)
    if request.method == "POST":
        address = settings.KLASH_URL + reverse("mentoring:feed", args=[services.make_feed(actor=person, competition=found)[1]])
    return page(request, "calendar", found, _("Sessions in your calendar"), {
        "address": address, "subscribe": f"webcal://{address.partition('://')[2]}" if address else "", "feed": selectors.feed_of(person, found),
    })
