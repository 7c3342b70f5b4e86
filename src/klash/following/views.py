from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.competitions.selectors import find
from klash.core import access, show
from klash.core.feeds import ByOurClock
from klash.following import selectors, services
from klash.following.models import Follow, News
from klash.following.texts import SENTENCES
from klash.rules.news import Happening


def _told(row: News) -> dict[str, Any]:
    return {"row": row, "sentence": SENTENCES[Happening(row.happening)]}


@access.public
@require_safe
def news(request: HttpRequest, competition: str) -> HttpResponse:
    found = access.found(find(request.user, competition))
    thing = selectors.about("competitions", found.code)
    return render(request, "following/news.html", {
        "competition": found, "is_invented": found.is_invented, "rows": [_told(row) for row in selectors.news_of(thing)],
        "is_followed": selectors.follow_of(request.user, thing) is not None,
        "parents": [{"label": found.name, "url": reverse("portal:competition", args=[found.code])}],
    })


@access.public
@require_safe
def feed(request: HttpRequest, competition: str, kind: str, code: str) -> HttpResponse:
    """Answer the news of a thing as an Atom feed in the page's language."""
    found = access.found(selectors.find(request.user, competition, kind, code))
    language = (get_language() or "fi")[:2]
    made = ByOurClock(
        title=show.pick(found.title, language), link=request.build_absolute_uri(reverse(found.page, args=found.args)), description="", language=language,
        feed_url=request.build_absolute_uri(request.path),
    )
    for row in selectors.news_of(selectors.about(kind, code)):
        words = [str(SENTENCES[Happening(row.happening)]), show.pick(row.detail, language)]
        title, link = show.pick(row.title, language), request.build_absolute_uri(row.url)
        made.add_item(
            title=f"{_('Invented')}: {title}" if row.is_invented else title, link=link, description="\n\n".join(word for word in words if word),
            pubdate=row.at, updateddate=row.at, unique_id=f"{link}#{row.event}",
        )
    response = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    made.write(response, "utf-8")
    return response


@access.signed_in
@require_POST
def follow(request: HttpRequest, competition: str, kind: str, code: str) -> HttpResponse:
    """Begin or end to follow a thing, as the button says, and go back to its page."""
    found = access.found(selectors.find(request.user, competition, kind, code))
    thing, person = selectors.about(kind, code), access.person(request)
    if "stop" in request.POST:
        if (kept := selectors.follow_of(person, thing)) is not None:
            services.unfollow(follow=kept)
        messages.success(request, _("You get no more mail about this."))
    else:
        services.follow(actor=person, found=found, thing=thing)
        messages.success(request, _("You follow this now. When something happens, you get a mail in the morning, at most one a day."))
    return redirect(found.page, *found.args)


@access.signed_in
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    return render(request, "following/own.html", {"follows": selectors.follows(request.user)})


@access.public  # whoever has the mail may stop it; the code opens nothing else
def stop(request: HttpRequest, code: str) -> HttpResponse:
    found = access.found(Follow.objects.filter(code=code).select_related("competition").first())
    if request.method == "POST":
        services.unfollow(follow=found)
        messages.success(request, _("You get no more mail about this."))
        return redirect("following:own" if request.user.is_authenticated else "portal:front")
    return render(request, "following/stop.html", {"follow": found})
