import json
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from klash.challenges import selectors, services
from klash.challenges.forms import NAMES, BriefForm
from klash.challenges.models import BRIEF_SECTIONS, Challenge
from klash.challenges.views.common import parents, writable
from klash.competitions import selectors as competitions
from klash.competitions.models import Competition
from klash.core import access, clock, texts
from klash.core.errors import Denied
from klash.core.fields import LANGUAGES
from klash.core.once import once
from klash.problems.models import Problem
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import ChallengeState, ProblemState


@access.public
@require_safe
def browse(request: HttpRequest, competition: str) -> HttpResponse:
    found = access.found(competitions.find(request.user, competition))
    rows = Challenge.objects.visible_to(request.user).filter(competition=found).select_related("pilot_municipality").order_by("number")
    return render(request, "challenges/list.html", {
        "competition": found, "is_invented": found.is_invented, "parents": parents(found)[:1],
        "rows": [(row, selectors.shown(row.title), selectors.shown(row.lead)) for row in rows],
        "may_shape": access.may(request.user, Permission.RUN_COMPETITION, found),
    })


@access.public
@require_safe
def show(request: HttpRequest, competition: str, challenge: str) -> HttpResponse:
    found = access.found(selectors.find(request.user, competition, challenge))
    owner = found.competition
    stages = owner.stages_by_kind()
    is_published, criteria = found.state == ChallengeState.PUBLISHED, selectors.judging_criteria(owner)
    return render(request, "challenges/challenge.html", {
        "competition": owner, "challenge": found, "is_invented": owner.is_invented, "parents": parents(owner),
        "title": selectors.shown(found.title), "lead": selectors.shown(found.lead),
        "sections": [(NAMES[name], selectors.shown(getattr(found, name))) for name in BRIEF_SECTIONS],
        "takes_questions": found.takes_questions(clock.now()),
        "measures_name": NAMES["measures"], "indicators": selectors.shown_indicators(found), "jury": found.notice_jury.splitlines(),
        "editions": selectors.editions_of(found) if is_published else [],
        "frozen": criteria[0].criteria_set if criteria and criteria[0].criteria_set.hash else None,
        "criteria": criteria, "stages": [stages[kind] for kind in selectors.CALENDAR if kind in stages],
        "blocks": selectors.blocks_of(found, request.user) if is_published else [], "is_published": is_published, "now": clock.now(),
        "may_write": selectors.may_read_drafts(request.user, found),
    })


@access.needs(Permission.DISCUSS_BRIEF, writable)
def edit(request: HttpRequest, found: Challenge) -> HttpResponse:
    if request.method == "POST":
        return _save(request, found)
    if not access.may(request.user, Permission.EDIT_BRIEF, found):
        return redirect("challenges:brief", found.competition.code, found.code)
    return _edit_page(request, found, BriefForm(found), _marks(found))


def _save(request: HttpRequest, found: Challenge) -> HttpResponse:
    form, clashes, fault = BriefForm(found, request.POST), list[str](), ""
    seen = _marks_seen(request)
    if form.is_valid() and "seen" not in request.POST:  # nobody knows what its writer has read
        clashes = [key for key, mark in _marks(found).items() if services.mark_of(str(form.cleaned_data[key])) != mark]
    elif form.is_valid():
        try:
            clashes = services.save_brief(actor=access.person(request), challenge=found, texts=form.texts(), seen=seen)
            seen |= {key: services.mark_of(str(form.cleaned_data[key])) for key in _marks(found) if key not in clashes}
        except Denied as error:
            if error.reason is not Reason.FROZEN:
                raise
            # Published meanwhile: what was typed stays on the page.
            fault = texts.sentence(error.reason)
            form.add_error(None, fault)
    for key in clashes:
        form.add_error(key, _("Somebody else changed this text meanwhile. Both are on the page; what you save next stands."))
    if getattr(request, "htmx", False):
        return render(request, "challenges/_saved.html", {"challenge": found, "form": form, "seen": json.dumps(seen)})
    if form.is_valid():
        messages.success(request, _("The brief was saved. It is public only after it is published."))
        return redirect("challenges:brief" if "onward" in request.POST else "challenges:edit", found.competition.code, found.code)
    # What is saved after a clash was written with the other text in sight.
    seen |= {key: mark for key, mark in _marks(found).items() if key in clashes}
    return _edit_page(request, found, form, seen, clashes, status=409 if clashes or fault else 200)


def _marks(found: Challenge) -> dict[str, str]:
    standing = found.content()["texts"]
    return {f"{name}_{code}": services.mark_of(standing[name].get(code, "")) for name in NAMES for code in LANGUAGES}


def _marks_seen(request: HttpRequest) -> dict[str, str]:
    """Return from which texts the writer started; where the form does not tell, from none, so that any other text is a clash."""
    try:
        told = json.loads(request.POST.get("seen", "{}"))
    except ValueError:
        return {}
    return {str(key): str(mark) for key, mark in told.items()} if isinstance(told, dict) else {}


def _edit_page(
    request: HttpRequest, found: Challenge, form: BriefForm, seen: dict[str, str], clashes: Sequence[str] = (), status: int = 200
) -> HttpResponse:
    competition, standing = found.competition, found.content()["texts"]
    theirs = [(NAMES[name], code, standing[name].get(code, "")) for name, _sep, code in (key.rpartition("_") for key in clashes)]
    return render(request, "challenges/edit.html", {
        "competition": competition, "challenge": found, "form": form, "parents": parents(competition, found), "seen": json.dumps(seen), "theirs": theirs,
        "is_invented": competition.is_invented, "may_edit": access.may(request.user, Permission.EDIT_BRIEF, found),
    }, status=status)


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
        "competition": competition, "is_invented": competition.is_invented, "parents": parents(competition),
        "rows": [(row, made.get(row.pk)) for row in rows],
    })
