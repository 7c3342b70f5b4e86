"""The pages on which organiser and pilot municipality write a brief together, approve and publish it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from klash.challenges import selectors, services
from klash.challenges.forms import (
    INDICATOR_NAMES,
    NOTICE_NAMES,
    PLACE_NAMES,
    ChangeForm,
    CommentForm,
    DecisionForm,
    IndicatorForm,
    NoticeForm,
    ScheduleForm,
    SuggestionForm,
)
from klash.challenges.models import NEEDED, PLACES, TEXTS, BriefComment, Challenge, Suggestion, hash_of
from klash.challenges.views.common import page, parents, writable
from klash.core import access, paging, texts
from klash.core.errors import KlashError
from klash.core.fields import LANGUAGES
from klash.core.once import once
from klash.rules.permissions import Facts, Permission
from klash.rules.states import ChallengeState, SuggestionState

_reads = access.needs(Permission.DISCUSS_BRIEF, writable)


class _Part:
    """One part of a brief: its name, or the row of its table of measures, from 0."""

    def __init__(self, challenge: Challenge, place: Any) -> None:
        self.challenge, self.place = challenge, place

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.challenge.facts_for(actor, now)


def _back(found: Challenge, name: str = "brief", *words: Any) -> HttpResponse:
    return redirect(f"challenges:{name}", found.competition.code, found.code, *words)


@_reads
def brief(request: HttpRequest, found: Challenge) -> HttpResponse:
    fault = ""
    if request.method == "POST":
        try:
            services.approve_brief(actor=access.person(request), challenge=found, seen=request.POST.get("seen", ""))
            messages.success(request, _("You have approved the brief as it stands now. A change voids the approval."))
            return _back(found)
        except KlashError as error:
            fault = texts.sentence(error.reason)
    content, approvals = found.content(), selectors.approvals_of(found)
    sides = {row.side for row in approvals}
    return page(
        request, "brief", found, status=409 if fault else 200, fault=fault, parents=parents(found.competition, found), seen=hash_of(content),
        rows=[(row, PLACE_NAMES[row.place]) for row in selectors.places_of(found)], missing=found.missing(), approvals=approvals,
        is_published=found.state == ChallengeState.PUBLISHED, may_edit=access.may(request.user, Permission.EDIT_BRIEF, found),
        may_approve=access.may(request.user, Permission.APPROVE_BRIEF, found) and _own_side(request, found) not in sides,
        may_publish=found.competition.is_run_by(request.user) and not found.is_frozen, may_change=access.may(request.user, Permission.CHANGE_BRIEF, found),
        without_english=[PLACE_NAMES[name] for name in selectors.without_english(found)],
    )


def _own_side(request: HttpRequest, found: Challenge) -> str:
    return "organiser" if found.competition.is_run_by(request.user) else "pilot"


@_reads
def notice(request: HttpRequest, found: Challenge) -> HttpResponse:
    content, fault = found.content(), ""
    form = NoticeForm(content, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.save_notice(
                actor=access.person(request), challenge=found, is_invented=content["notice"]["is_invented"], seen=request.POST.get("seen", ""), **form.notice()
            )
            messages.success(request, _("The contest notice was saved."))
            return _back(found)
        except KlashError as error:
            fault = texts.sentence(error.reason)
            form.add_error(None, fault)
    theirs = [(NOTICE_NAMES[name], said) for name, said in found.content()["notice"].items() if said not in ("", None)] if fault else []
    seen = services.mark_of_row(found.content()["notice"]) if fault or not form.is_bound else request.POST.get("seen", "")
    return page(
        request, "notice", found, status=409 if fault else 200, form=form, seen=seen, theirs=theirs,
        may_edit=access.may(request.user, Permission.EDIT_BRIEF, found), missing=[NOTICE_NAMES[name] for place, name in found.missing() if place == "notice"],
    )


@once
@_reads
def measures(request: HttpRequest, found: Challenge) -> HttpResponse:
    return _measure(request, found, None)


def _measured(person: Any, competition: str, challenge: str, number: int) -> _Part | None:
    found = writable(person, competition, challenge)
    return _Part(found, number - 1) if found and 0 < number <= len(found.content()["indicators"]) else None


@once
@access.needs(Permission.DISCUSS_BRIEF, _measured)
def measure(request: HttpRequest, row: _Part) -> HttpResponse:
    return _measure(request, row.challenge, row.place)


def _measure(request: HttpRequest, found: Challenge, place: int | None) -> HttpResponse:
    standing, fault = found.content()["indicators"], ""
    row = None if place is None else standing[place]
    form = IndicatorForm(row, request.POST if request.method == "POST" else None)
    is_removal = place is not None and "remove" in request.POST
    if is_removal or form.is_valid():
        seen = request.POST.get("seen", "")
        try:
            if is_removal:
                services.remove_indicator(actor=access.person(request), challenge=found, place=place or 0, seen=seen)
            else:
                services.save_indicator(
                    actor=access.person(request), challenge=found, place=place, indicator=form.indicator(), seen=None if place is None else seen
                )
            messages.success(request, _("The table of measures was saved."))
            return _back(found, "measures")
        except KlashError as error:
            fault = texts.sentence(error.reason)
    return page(
        request, "measures", found, status=409 if fault else 200, form=form, fault=fault, place=place, names=INDICATOR_NAMES.values(),
        rows=found.content()["indicators"], seen=services.mark_of_row(row), may_edit=access.may(request.user, Permission.EDIT_BRIEF, found),
    )


def _placed(person: Any, competition: str, challenge: str, place: str) -> _Part | None:
    found = writable(person, competition, challenge)
    return _Part(found, place) if found and place in PLACES else None


@once
@access.needs(Permission.DISCUSS_BRIEF, _placed)
def talk(request: HttpRequest, at: _Part) -> HttpResponse:
    found, place, fault = at.challenge, at.place, ""
    comment, form = CommentForm(), None
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("act", ""))
        try:
            if act is not None and (form := act(request, found, place)) is None:
                return _back(found, "talk", place)
        except KlashError as error:
            fault = texts.sentence(error.reason)
    if isinstance(form, CommentForm):
        comment = form
    standing = found.content()["texts"].get(place, {})
    given = {form.prefix: form} if isinstance(form, SuggestionForm) else {}
    wordings = {code: given.get(code) or SuggestionForm(place, code, standing.get(code, "")) for code in LANGUAGES}
    return page(
        request, "talk", found, status=409 if fault else 200, fault=fault, place=place, name=PLACE_NAMES[place], comment=comment,
        wordings=[(code, standing.get(code, ""), form, code in NEEDED) for code, form in wordings.items()] if place in TEXTS else [],
        threads=selectors.threads_of(found, place), suggestions=[_with_standing(row, standing) for row in selectors.suggestions_of(found, place)],
        may_edit=access.may(request.user, Permission.EDIT_BRIEF, found), decision=DecisionForm(), is_frozen=found.is_frozen,
    )


def _with_standing(row: Suggestion, standing: dict[str, str]) -> tuple[Suggestion, str, str]:
    """Return a suggestion with the text that it would replace, and the mark of that."""
    is_open = row.state == SuggestionState.OPEN
    before = standing.get(row.language, "") if is_open else row.before
    return row, before, services.mark_of(before)


def _comment(request: HttpRequest, found: Challenge, place: str) -> CommentForm | None:
    form = CommentForm(request.POST)
    if not form.is_valid():
        return form
    parent = request.POST.get("parent", "")
    thread = access.found(_thread(found, place, parent)) if parent else None
    services.comment_brief(actor=access.person(request), challenge=found, place=place, text=form.cleaned_data["text"], parent=thread)
    return None


def _resolve(request: HttpRequest, found: Challenge, place: str) -> None:
    thread = access.found(_thread(found, place, request.POST.get("parent", "")))
    services.resolve_comment(actor=access.person(request), comment=thread, is_resolved="reopen" not in request.POST)


def _thread(found: Challenge, place: str, code: str) -> BriefComment | None:
    return BriefComment.objects.filter(challenge=found, place=place, parent=None, code=code).select_related("challenge__competition").first()


def _suggest(request: HttpRequest, found: Challenge, place: str) -> SuggestionForm | None:
    code = request.POST.get("of", "")
    form = SuggestionForm(place, code if code in LANGUAGES else "fi", "", request.POST)
    if not form.is_valid():
        return form
    services.suggest_text(actor=access.person(request), challenge=found, place=place, **form.cleaned_data)
    messages.success(request, _("Your suggestion was added. The other side is asked to accept or decline it."))
    return None


def _decide(request: HttpRequest, found: Challenge, place: str) -> None:
    rows = found.suggestions.filter(place=place, code=request.POST.get("suggestion", "")).select_related("challenge__competition")
    suggestion, actor, answer = access.found(rows.first()), access.person(request), request.POST.get("answer", "")[:500]
    if "accept" in request.POST:
        services.accept_suggestion(actor=actor, suggestion=suggestion, seen=request.POST.get("seen", ""), answer=answer)
    else:
        services.decline_suggestion(actor=actor, suggestion=suggestion, answer=answer)


_ACTS = {"comment": _comment, "resolve": _resolve, "suggest": _suggest, "decide": _decide}


@_reads
@require_safe
def versions(request: HttpRequest, found: Challenge) -> HttpResponse:
    at, count = paging.asked(request), found.versions.count()
    rows = selectors.versions_of(found, start=at * paging.PAGE, limit=paging.PAGE)
    before, after = _asked_version(request, found, "from"), _asked_version(request, found, "to")
    differences = selectors.compared(before.content, after.content) if before and after else []
    return page(
        request, "versions", found, rows=rows, before=before, after=after, differences=_named(differences), here=hash_of(found.content()),
        numbers=range(count, max(count - 200, 0), -1), links=paging.links(at, count),
    )


def _asked_version(request: HttpRequest, found: Challenge, name: str) -> Any:
    given = request.GET.get(name, "")
    return selectors.version(found, int(given)) if given.isascii() and given.isdecimal() and len(given) < 8 else None


def _named(rows: list[Any]) -> list[tuple[str, Any]]:
    return [(name_of(row), row) for row in rows]


def name_of(row: Any) -> str:
    """Return what a changed part of the brief is called, without its language."""
    number, _sep, part = row.part.partition("/")
    if row.place == "indicators":
        return f"{PLACE_NAMES[row.place]}, {int(number)}. {INDICATOR_NAMES[part]}"
    return f"{PLACE_NAMES[row.place]}: {NOTICE_NAMES[row.part]}" if row.place == "notice" else str(PLACE_NAMES[row.place])


@access.public
@require_safe
def edition(request: HttpRequest, competition: str, challenge: str, number: int) -> HttpResponse:
    found = access.found(selectors.find(request.user, competition, challenge))
    after, before = access.found(selectors.edition(found, number))
    differences = selectors.compared(before.content, after.content)
    return page(request, "edition", found, parents=parents(found.competition, found), after=after, differences=_named(differences))


def _to_publish(person: Any, competition: str, challenge: str) -> Challenge | None:
    found = writable(person, competition, challenge)
    return found if found and not found.is_frozen and found.competition.is_run_by(person) else None


@access.needs(Permission.EDIT_BRIEF, _to_publish)
def publish(request: HttpRequest, found: Challenge) -> HttpResponse:
    form, fault = ScheduleForm(), ""
    if request.method == "POST":
        try:
            if "schedule" not in request.POST:
                return _publish(request, found)
            form = ScheduleForm(request.POST)
            if form.is_valid():
                services.schedule_publication(actor=access.person(request), challenge=found, at=form.cleaned_data["at"])
                messages.success(request, _("The brief will be published at its time. A change before then takes that back."))
                return _back(found, "publish")
        except KlashError as error:
            fault = texts.sentence(error.reason)
    approvals = selectors.approvals_of(found)
    return page(
        request, "publish", found, status=409 if fault else 200, form=form, fault=fault, is_complete=found.is_complete(), approvals=approvals,
        is_approved=len(approvals) == 2, missing=sorted({PLACE_NAMES[place] for place, _name in found.missing()}, key=str), title=selectors.shown(found.title),
        without_english=[PLACE_NAMES[name] for name in selectors.without_english(found)], is_change=found.pending is not None,
        concerned=len(selectors.concerned(found)) if found.pending is not None else 0, frozen=selectors.frozen_criteria(found.competition),
        differences=_named(selectors.compared(found.public_content(), found.pending)) if found.pending is not None else [],
    )


def _publish(request: HttpRequest, found: Challenge) -> HttpResponse:
    actor = access.person(request)
    if "unschedule" in request.POST:
        services.unschedule_publication(actor=actor, challenge=found)
        return _back(found, "publish")
    if found.pending is not None:
        services.publish_change(actor=actor, challenge=found)
        messages.success(request, _("The new version is published, and everyone concerned is told of it by mail."))
        return _back(found, "challenge")
    unready = services.publish_challenge(actor=actor, challenge=found)
    messages.success(request, _("The challenge is published."))
    for reason in unready:
        messages.warning(request, texts.sentence(reason))
    return _back(found, "challenge")


def _changeable(person: Any, competition: str, challenge: str) -> Challenge | None:
    found = writable(person, competition, challenge)
    return found if found and found.state == ChallengeState.PUBLISHED and found.competition.is_run_by(person) else None


@access.needs(Permission.DISCUSS_BRIEF, _changeable)
def change(request: HttpRequest, found: Challenge) -> HttpResponse:
    form, fault = ChangeForm(request.POST if request.method == "POST" and "drop" not in request.POST else None), ""
    if request.method == "POST":
        try:
            if "drop" in request.POST:
                services.drop_change(actor=access.person(request), challenge=found)
                messages.success(request, _("The change was dropped. What is public stays as it is."))
                return _back(found)
            if form.is_valid():
                services.begin_change(actor=access.person(request), challenge=found, reason=form.cleaned_data["reason"])
                return _back(found, "edit")
        except KlashError as error:
            fault = texts.sentence(error.reason)
    return page(
        request, "change", found, status=409 if fault else 200, form=form, fault=fault, concerned=len(selectors.concerned(found)),
        is_begun=found.pending is not None,
    )
