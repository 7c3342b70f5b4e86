from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.challenges import selectors as challenges
from klash.challenges.models import Challenge
from klash.competitions.models import StageKind
from klash.core import access, clock, paging, texts
from klash.core.errors import KlashError
from klash.core.once import once
from klash.rules.permissions import Permission
from klash.rules.states import ChallengeState
from klash.teams import selectors, services
from klash.teams.forms import AdAnswerForm, AdForm
from klash.teams.models import Ad, Seeking, Team
from klash.teams.views.common import frame, own


def _published(person: Any, competition: str, challenge: str) -> Challenge | None:
    found = challenges.find(person, competition, challenge)
    return found if found is not None and found.state == ChallengeState.PUBLISHED else None


@access.public
@require_safe
def people(request: HttpRequest, competition: str, challenge: str) -> HttpResponse:
    """Show who looks for whom while the team call is open."""
    found = access.found(_published(request.user, competition, challenge))
    stage = found.competition.stages_by_kind().get(StageKind.TEAM_CALL)
    names = selectors.skill_names(selectors.needs_of(found))
    skill, kind, number = request.GET.get("skill", ""), request.GET.get("kind", ""), paging.asked(request)
    is_open = stage is not None and stage.is_open(clock.now())
    of_teams = {"teams": True, "people": False}.get(kind)
    skill, listed = skill if skill in names else "", selectors.Ads([], 0)
    if is_open:
        listed = selectors.open_ads(found, skill=skill, of_teams=of_teams, start=number * selectors.ADS_PAGE)
    ways = [("", _("All")), ("teams", _("Teams that look for members")), ("people", _("People who look for a team"))]
    own_team = selectors.own_team(request.user, found.competition, found)
    return render(request, "teams/people.html", frame(
        found, is_open=is_open, skill=names.get(skill),
        rows=[(row, [(code, names.get(code, {"fi": code})) for code in row.skills]) for row in listed.rows], total=listed.total,
        filters=[{"label": label, "count": None, "is_current": value == kind, "url": f"?kind={value}" if value else "?"} for value, label in ways],
        own_team=own_team if own_team and own_team.challenge_id == found.pk else None, own_ad=selectors.ad_of_person(request.user, found),
        may_seek=is_open and own_team is None, is_staff=found.competition.is_run_by(request.user), pages=paging.links(number, listed.total, selectors.ADS_PAGE),
    ))


def _seeking(person: Any, competition: str, challenge: str) -> Seeking | None:
    found = _published(person, competition, challenge)
    return Seeking(found) if found else None


@once
@access.needs(Permission.SEEK_TEAM, _seeking)
def seek_team(request: HttpRequest, place: Seeking) -> HttpResponse:
    """Write, change or take off the own ad; read the answers to it."""
    found, person = place.challenge, access.person(request)
    there = redirect("teams:people", found.competition.code, found.code)
    return _ad_page(request, found, selectors.ad_of_person(person, found), None, there)


@once
@access.needs(Permission.SEEK_MEMBERS, own)
def seek(request: HttpRequest, team: Team) -> HttpResponse:
    """Write, change or take off the team's ad; read the answers to it."""
    return _ad_page(request, team.challenge, selectors.ad_of_team(team), team, redirect("teams:show", team.code))


def _ad_page(request: HttpRequest, challenge: Challenge, ad: Ad | None, team: Team | None, there: HttpResponse) -> HttpResponse:
    initial = {"skills": ad.skills, "text": ad.text, "language": ad.language} if ad else {"language": team.language if team else request.LANGUAGE_CODE}
    names = selectors.skill_names(selectors.needs_of(challenge))
    form = AdForm(names, request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            if team:
                services.seek_members(actor=access.person(request), team=team, **form.cleaned_data)
            else:
                services.seek_team(actor=access.person(request), challenge=challenge, **form.cleaned_data)
            messages.success(request, _("The notice is public now, without your name. Who answers reaches you by e-mail."))
            return there
        except KlashError as error:
            form.add_error(None, texts.sentence(error.reason))
    return render(request, "teams/seek.html", frame(
        challenge, team, form=form, ad=ad, answers=selectors.answers_to(ad) if ad else [], is_of_team=team is not None,
    ), status=422 if form.errors else 200)


def _ad(person: Any, code: str) -> Ad | None:
    found = selectors.find_ad(code)
    return found if found and found.challenge.state == ChallengeState.PUBLISHED else None


@once
@access.needs(Permission.ANSWER_AD, _ad)
def answer_ad(request: HttpRequest, ad: Ad) -> HttpResponse:
    """Write to whoever looks."""
    form = AdAnswerForm(request.POST if request.method == "POST" else None)
    there = [ad.challenge.competition.code, ad.challenge.code]
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_ad(actor=access.person(request), ad=ad, text=form.cleaned_data["text"])
            messages.success(request, _("Your answer is on its way."))
            return redirect("teams:people", *there)
        except KlashError as error:
            form.add_error(None, texts.sentence(error.reason))
    names = selectors.skill_names(selectors.needs_of(ad.challenge))
    return render(request, "teams/answer_ad.html", frame(
        ad.challenge, ad=ad, form=form, skills=[names.get(code, {"fi": code}) for code in ad.skills], back=reverse("teams:people", args=there),
    ), status=409 if form.errors else 200)


@access.needs(Permission.CLOSE_AD, _ad)
@require_POST
def close_ad(request: HttpRequest, ad: Ad) -> HttpResponse:
    """Take an ad off."""
    services.close_ad(actor=access.person(request), ad=ad)
    messages.success(request, _("The notice is no longer public."))
    return redirect("teams:people", ad.challenge.competition.code, ad.challenge.code)
