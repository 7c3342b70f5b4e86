from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from klash.challenges import selectors, services
from klash.challenges.forms import NAMES, BriefForm
from klash.challenges.models import BRIEF_SECTIONS, Challenge
from klash.competitions import selectors as competitions
from klash.competitions.models import Competition
from klash.core import access, clock, texts
from klash.core.errors import KlashError
from klash.core.forms import moment_seen
from klash.core.once import once
from klash.following import selectors as following
from klash.problems.models import Problem
from klash.rules.permissions import Permission
from klash.rules.states import ChallengeState, ProblemState


def _parents(competition: Competition, challenge: Challenge | None = None) -> list[dict[str, Any]]:
    rows = [
        {"label": competition.name, "url": reverse("portal:competition", args=[competition.code])},
        {"label": _("Challenges"), "url": reverse("challenges:list", args=[competition.code])},
    ]
    if challenge is not None:
        rows.append({"label": selectors.shown(challenge.title).text, "url": reverse("challenges:challenge", args=[competition.code, challenge.code])})
    return rows


@access.public
@require_safe
def browse(request: HttpRequest, competition: str) -> HttpResponse:
    found = access.found(competitions.find(request.user, competition))
    rows = Challenge.objects.visible_to(request.user).filter(competition=found).select_related("pilot_municipality").order_by("number")
    return render(request, "challenges/list.html", {
        "competition": found, "is_invented": found.is_invented, "parents": _parents(found)[:1],
        "rows": [(row, selectors.shown(row.title), selectors.shown(row.lead)) for row in rows],
        "may_shape": access.may(request.user, Permission.RUN_COMPETITION, found),
    })


@access.public
@require_safe
def show(request: HttpRequest, competition: str, challenge: str) -> HttpResponse:
    found = access.found(selectors.find(request.user, competition, challenge))
    owner = found.competition
    stages = owner.stages_by_kind()
    is_published = found.state == ChallengeState.PUBLISHED
    return render(request, "challenges/challenge.html", {
        "competition": owner, "challenge": found, "is_invented": owner.is_invented, "parents": _parents(owner),
        "title": selectors.shown(found.title), "lead": selectors.shown(found.lead),
        "sections": [(NAMES[name], selectors.shown(getattr(found, name))) for name in BRIEF_SECTIONS],
        "criteria": selectors.judging_criteria(owner), "stages": [stages[kind] for kind in selectors.CALENDAR if kind in stages],
        "blocks": selectors.blocks_of(found, request.user) if is_published else [], "is_published": is_published, "now": clock.now(),
        "follow": following.follow_of(request.user, following.about("challenge", challenge)) if is_published else None,
        "may_edit": access.may(request.user, Permission.EDIT_BRIEF, found),
    })


def _draft(person: Any, competition: str, challenge: str) -> Challenge | None:
    found = selectors.find(person, competition, challenge)
    return found if found and found.state == ChallengeState.DRAFT else None


@access.needs(Permission.EDIT_BRIEF, _draft)
def edit(request: HttpRequest, found: Challenge) -> HttpResponse:
    if request.method == "POST":
        return _save(request, found)
    return _edit_page(request, found, BriefForm(found))


def _save(request: HttpRequest, found: Challenge) -> HttpResponse:
    form, fault = BriefForm(found, request.POST), ""
    if form.is_valid():
        try:
            services.save_brief(
                actor=access.person(request), challenge=found, notice_is_invented=found.notice_is_invented, seen=moment_seen(request.POST), **form.brief()
            )
        except KlashError as error:
            fault = texts.sentence(error.reason)
            form.add_error(None, fault)
    if getattr(request, "htmx", False):
        seen = form["seen"].value() if form.errors else _seen(found)
        return render(request, "challenges/_saved.html", {"challenge": found, "form": form, "seen": seen})
    if form.is_valid():
        messages.success(request, _("The brief was saved. It is public only after it is published."))
        wanted = "challenges:publish" if "publish" in request.POST else "challenges:edit"
        return redirect(wanted, found.competition.code, found.code)
    return _edit_page(request, found, form, theirs=found if fault else None)


def _seen(found: Challenge) -> str:
    return found.saved_at.isoformat() if found.saved_at else ""


def _edit_page(request: HttpRequest, found: Challenge, form: BriefForm, theirs: Challenge | None = None) -> HttpResponse:
    competition = found.competition
    return render(request, "challenges/edit.html", {
        "competition": competition, "challenge": found, "form": form, "parents": _parents(competition, found),
        # What is saved after a clash was written with the other text in sight.
        "seen": _seen(found) if theirs or not form.is_bound else form["seen"].value(),
        "theirs": [(NAMES[name], getattr(theirs, name)) for name in NAMES] if theirs else [],
        "may_publish": competition.is_run_by(request.user), "is_invented": competition.is_invented,
    }, status=409 if theirs else 200)


def _to_publish(person: Any, competition: str, challenge: str) -> Challenge | None:
    found = _draft(person, competition, challenge)
    return found if found and found.competition.is_run_by(person) else None


@access.needs(Permission.EDIT_BRIEF, _to_publish)
def publish(request: HttpRequest, found: Challenge) -> HttpResponse:
    competition = found.competition
    fault = ""
    if request.method == "POST":
        try:
            unready = services.publish_challenge(actor=access.person(request), challenge=found)
            messages.success(request, _("The challenge is published."))
            for reason in unready:
                messages.warning(request, texts.sentence(reason))
            return redirect("challenges:challenge", competition.code, found.code)
        except KlashError as error:
            fault = texts.sentence(error.reason)
    missing = [group for group in BriefForm(found).groups() if any(part["is_missing"] for part in group["fields"])]
    return render(request, "challenges/publish.html", {
        "competition": competition, "challenge": found, "title": selectors.shown(found.title), "missing": missing, "is_complete": found.is_complete(),
        "parents": _parents(competition, found), "fault": fault, "is_invented": competition.is_invented,
    }, status=409 if fault else 200)


def _staffed(person: Any, competition: str) -> Competition | None:
    found = competitions.find(person, competition)
    return found if found and found.is_run_by(person) else None


@once
@access.needs(Permission.RUN_COMPETITION, _staffed)
def shape(request: HttpRequest, competition: Competition) -> HttpResponse:
    chosen = Problem.objects.filter(competition=competition, state=ProblemState.CHOSEN).select_related("municipality", "competition")
    rows = chosen.order_by("title", "code")
    if request.method == "POST":
        problem = access.found(rows.filter(code=request.POST.get("problem", "")).first())
        challenge = services.create_challenge(actor=access.person(request), problem=problem)
        return redirect("challenges:edit", competition.code, challenge.code)
    made = {row.problem_id: row for row in competition.challenges.order_by("number")}
    return render(request, "challenges/shape.html", {
        "competition": competition, "is_invented": competition.is_invented, "parents": _parents(competition),
        "rows": [(row, made.get(row.pk)) for row in rows],
    })
