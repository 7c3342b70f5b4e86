from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.awards import selectors, services
from klash.awards.forms import CorrectionForm, DecisionForm
from klash.awards.models import Award
from klash.challenges.models import Challenge
from klash.competitions.models import Competition, StageKind
from klash.competitions.selectors import find
from klash.core import access, clock, paging, show, texts
from klash.core.errors import Refused
from klash.core.feeds import ByOurClock
from klash.core.once import once
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import AwardState, RoundState

# ------------------------------------------------------------------ the public

def _language() -> str:
    return (get_language() or "fi")[:2]


def _competition(request: HttpRequest, code: str) -> Competition:
    return access.found(find(request.user, code))


@access.public
@require_safe
def results(request: HttpRequest, competition: str) -> HttpResponse:
    found = _competition(request, competition)
    return render(request, "awards/results.html", {
        "competition": found, "awards": selectors.published(found), "waiting": selectors.waiting(found), "is_invented": found.is_invented,
        "stage": found.stages_by_kind().get(StageKind.AWARD),
    })


@access.public
@require_safe
def result(request: HttpRequest, competition: str, challenge: str) -> HttpResponse:
    found = _competition(request, competition)
    award = access.found(next((award for award in selectors.published(found) if award.challenge.code == challenge), None))
    return render(request, "awards/result.html", {"competition": found, "award": award, "challenge": award.challenge, "is_invented": found.is_invented})


if TYPE_CHECKING:
    _Feed = Feed[Award, Competition]
else:
    _Feed = Feed


class WinnersFeed(_Feed):
    feed_type = ByOurClock

    def get_object(self, request: HttpRequest, competition: str) -> Competition:
        return _competition(request, competition)

    def title(self, obj: Competition) -> str:
        return _("Winners of %(competition)s") % {"competition": obj.name}

    def subtitle(self, obj: Competition) -> str:
        return show.pick(obj.tagline, _language())

    def link(self, obj: Competition) -> str:
        return reverse("awards:results", args=[obj.code])

    def feed_url(self, obj: Competition) -> str:
        return reverse("awards:feed", args=[obj.code])

    def items(self, obj: Competition) -> list[Award]:
        return sorted(selectors.published(obj), key=lambda award: award.published_at or clock.now(), reverse=True)

    def item_title(self, item: Award) -> str:
        names = ", ".join(row.team.name for row in item.winners)  # type: ignore[attr-defined]
        title = f"{show.pick(item.challenge.title, _language())}: {names}"
        return f"{_('Corrected')}: {title}" if item.past.all() else title

    def item_description(self, item: Award) -> str:
        told = f"{_('Invented')}: {item.decision}" if item.decision_is_invented else item.decision
        reasons = [f"{_('Reason for the correction:')} {row.reason}" for row in item.past.all()[:1]]
        return "\n\n".join([*reasons, told])

    def item_link(self, item: Award) -> str:
        return reverse("awards:result", args=[item.challenge.competition.code, item.challenge.code])

    def item_pubdate(self, item: Award) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Award) -> datetime | None:
        return item.decided_at if item.past.all() else item.published_at


_feed = WinnersFeed()


@access.public
@require_safe
def feed(request: HttpRequest, competition: str) -> HttpResponse:
    return _feed(request, competition=competition)


# ------------------------------------------------------------------ the organiser

_staffed = access.needs(Permission.RUN_COMPETITION, selectors.staffed_challenge)


def _page(request: HttpRequest, challenge: Challenge, form: DecisionForm | None = None) -> HttpResponse:
    page = paging.asked(request)
    way = selectors.way(challenge, page)
    thing = way.award or Award(challenge=challenge)
    may = {permission: access.may(request.user, permission, thing) for permission in (Permission.OPEN_IDENTITIES, Permission.DECIDE_AWARD)}
    is_decidable = thing.state == AwardState.IDENTITIES_OPENED and may[Permission.DECIDE_AWARD]
    firsts = selectors.firsts(thing) if is_decidable else []
    return render(request, "awards/award.html", {
        "may_negotiate": challenge.may_negotiate(), "no_negotiation": texts.sentence(Reason.NO_FOLLOW_UP),
        "challenge": challenge, "competition": challenge.competition, "way": way, "award": way.award,
        **paging.links(page, way.round.entry_count if way.rows and way.round else 0),
        "is_invented": challenge.competition.is_invented,
        "spread": [{"label": row.entry_code, "points": row.seat_points, "mean": row.mean} for row in (one.ranked for one in way.rows)],
        "can_close": way.round is not None and way.round.state == RoundState.OPEN and way.wanted > 0 and way.submitted >= way.wanted,
        "can_request": way.now == "identities" and thing.state == AwardState.AWAITING_REPORT,
        "can_open": thing.state == AwardState.IDENTITIES_REQUESTED and may[Permission.OPEN_IDENTITIES],
        "is_requester": thing.state == AwardState.IDENTITIES_REQUESTED and thing.requested_by_id == request.user.pk,
        "form": (form or DecisionForm(teams=firsts, initial={"winners": [firsts[0].code] if len(firsts) == 1 else []})) if is_decidable else None,
        "can_correct": access.may(request.user, Permission.CORRECT_AWARD, thing),
        "can_publish": thing.state == AwardState.DECIDED and may[Permission.DECIDE_AWARD],
        "is_opened": bool(way.award and way.award.opened_at),
        "stage": None if thing.state == AwardState.PUBLISHED else challenge.competition.stages_by_kind().get(StageKind.AWARD),
    }, status=422 if form is not None else 200)


@_staffed
@require_safe
def award(request: HttpRequest, challenge: Challenge) -> HttpResponse:
    return _page(request, challenge)


def _back(challenge: Challenge) -> HttpResponse:
    return redirect("awards:award", challenge.competition.code, challenge.code)


def _award(challenge: Challenge) -> Award:
    found: Award | None = getattr(challenge, "award", None)
    return access.found(found)


@_staffed
@require_POST
def close(request: HttpRequest, challenge: Challenge) -> HttpResponse:
    services.close_judging(actor=request.user, challenge=challenge)
    return _back(challenge)


@_staffed
@require_POST
def request_identities(request: HttpRequest, challenge: Challenge) -> HttpResponse:
    taken = services.take_report(actor=request.user, challenge=challenge)
    services.request_identities(actor=request.user, award=taken)
    return _back(challenge)


@_staffed
@require_POST
def open_identities(request: HttpRequest, challenge: Challenge) -> HttpResponse:
    services.open_identities(actor=request.user, award=_award(challenge))
    return _back(challenge)


@_staffed
@require_POST
def decide(request: HttpRequest, challenge: Challenge) -> HttpResponse:
    found = _award(challenge)
    form = DecisionForm(request.POST, teams=selectors.firsts(found))
    if form.is_valid():
        try:
            services.decide_award(actor=request.user, award=found, decision=form.cleaned_data["decision"], winners=form.chosen())
        except Refused as error:
            form.add_error(None, texts.sentence(error.reason))
        else:
            return _back(challenge)
    return _page(request, challenge, form)


@_staffed
@require_POST
def publish(request: HttpRequest, challenge: Challenge) -> HttpResponse:
    services.publish_winners(actor=request.user, award=_award(challenge))
    return _back(challenge)


@once
@access.needs(Permission.CORRECT_AWARD, selectors.award_of)
def correct(request: HttpRequest, found: Award) -> HttpResponse:
    """Tell what a correction means, and take it."""
    challenge, standing = found.challenge, selectors.winners_of(found)
    initial = {"winners": [team.code for team in standing], "decision": found.decision}
    form = CorrectionForm(request.POST if request.method == "POST" else None, teams=selectors.firsts(found), initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.correct_award(actor=request.user, award=found, decision=given["decision"], winners=form.chosen(), reason=given["reason"])
        except Refused as error:
            form.add_error(None, texts.sentence(error.reason))
        else:
            return redirect("awards:result", challenge.competition.code, challenge.code)
    return render(request, "awards/correct.html", {
        "form": form, "award": found, "challenge": challenge, "competition": challenge.competition, "is_invented": challenge.competition.is_invented,
    }, status=422 if form.errors else 200)
