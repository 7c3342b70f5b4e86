from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.accounts.models import User
from klash.accounts.selectors import ROLES, SIDES
from klash.challenges.models import Challenge
from klash.competitions.models import Competition
from klash.competitions.selectors import find, ribbon
from klash.competitions.services import publish_competition
from klash.core import access, clock, sheets, texts
from klash.core.databases import reviewing
from klash.core.errors import Denied, Refused
from klash.core.fields import Text
from klash.core.models import AuditEvent
from klash.core.once import once
from klash.core.show import pick
from klash.desk import selectors, services
from klash.desk.events import WORDS
from klash.desk.forms import AbsenceForm, InvitationForm, JuryForm, RehearsalForm, RoundForm, SetUpForm
from klash.files.models import Scrub
from klash.interests.texts import WORDS as CONFLICTS
from klash.post.models import Message
from klash.post.services import digest_of
from klash.problems import services as problems
from klash.proposals import services as proposals
from klash.reviewing import bridge, showing
from klash.reviewing import selectors as reading
from klash.reviewing import services as reviews
from klash.reviewing.models import Round, RoundKind
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.roles import Role, Side
from klash.rules.states import RoundState
from klash.teams import services as teams


def _fetch(user: Any, competition: str) -> Competition | None:
    return find(user, competition)


def parents(competition: Competition) -> list[dict[str, str]]:
    """Return the way down to the desk's pages, as the breadcrumb draws it."""
    return [
        {"label": competition.name, "url": reverse("portal:competition", args=[competition.code])},
        {"label": _("Desk"), "url": reverse("desk:home", args=[competition.code])},
    ]


def show(request: HttpRequest, template: str, competition: Competition, *, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, f"desk/{template}.html", {"competition": competition, "parents": parents(competition), **more}, status=status)


def under_rounds(competition: Competition) -> list[dict[str, str]]:
    """Return the way down to the pages of one round."""
    return [*parents(competition), {"label": _("Review rounds"), "url": reverse("desk:round", args=[competition.code])}]


def show_round(request: HttpRequest, template: str, found: selectors.RoundAtDesk, *, status: int = 200, **more: Any) -> HttpResponse:
    return show(request, template, found.competition, status=status, **{"parents": under_rounds(found.competition), "round": found.round, **more})


@access.needs(Permission.RUN_COMPETITION, _fetch)
@require_safe
def home(request: HttpRequest, competition: Competition) -> HttpResponse:
    now = clock.now()
    found = selectors.desk(competition, now)
    return render(request, "desk/home.html", {
        "may_copy": access.may(request.user, Permission.COPY_COMPETITION, competition),
        "competition": competition, "parents": parents(competition)[:1], "desk": found, "ribbon": ribbon(competition, now),
        "parts": selectors.parts(competition, found, now), "scrub": Scrub.objects.first(), "has_time": competition.has_time(now),
    })


@once
@access.needs(Permission.RUN_COMPETITION, _fetch)
def people(request: HttpRequest, competition: Competition) -> HttpResponse:
    challenges = list(Challenge.objects.filter(competition=competition).order_by("number"))
    form = InvitationForm(request.POST or None, challenges=challenges, language=get_language() or "fi")
    conflicts = _conflicts_first(request, competition, form)
    if request.method == "POST" and form.is_valid() and not conflicts:
        try:
            services.invite_person(actor=request.user, competition=competition, **form.cleaned_data)
        except Refused as error:
            form.add_error("email", texts.sentence(error.reason))
        else:
            messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": form.cleaned_data["email"]})
            return redirect("desk:people", competition=competition.code)
    titles = {row.code: row.title for row in challenges}
    if file := sheets.asked(request, f"{competition.code} {_('People')}", _people_columns(titles), lambda: selectors.all_holders(competition)):
        return file
    held, next_page = selectors.holders(competition, _number(request, "after"))
    holders = [
        {"holder": row, "role": ROLES[Role(row.role)], "side": SIDES[Side(row.side)], "challenge": titles.get(row.challenge, row.challenge)}
        for row in held
    ]
    invitations = [
        {"invitation": row, "role": ROLES[Role(row.role)]} for row in selectors.waiting_invitations(competition, clock.now())
    ]
    may_grant = access.may(request.user, Permission.GRANT_ROLE, competition)
    return show(
        request, "people", competition, form=form, conflicts=conflicts, holders=holders, invitations=invitations, may_grant=may_grant,
        first_url="?" if "after" in request.GET else "", next_url=f"?after={next_page}" if next_page else "",
    )


def _people_columns(titles: Mapping[str, Text]) -> list[sheets.Column[selectors.Holder]]:
    column = sheets.Column[selectors.Holder]
    return [
        column(_("Name"), lambda row: row.person.name, 24), column(_("E-mail address"), lambda row: row.person.email, 30),
        column(_("Role"), lambda row: str(ROLES[Role(row.role)]), 24),
        column(_("Challenge"), lambda row: pick(titles.get(row.challenge, {"fi": row.challenge})), 30),
        column(_("Side"), lambda row: str(SIDES[Side(row.side)]), 20), column(_("Since"), lambda row: row.granted_at, 18),
        column(_("Invented"), lambda row: _("yes") if row.person.is_invented else _("no")),
    ]


def _conflicts_first(request: HttpRequest, competition: Competition, form: InvitationForm) -> list[tuple[Any, int]]:
    """Return what is to be seen before a panellist is invited: kinds of conflict in words, each with the number of entries that it bars."""
    if "conflicts_seen" in request.POST or not form.is_valid() or form.cleaned_data["role"] != Role.PANELLIST:
        return []
    return [(CONFLICTS[kind], count) for kind, count in selectors.conflicts_of(competition, form.cleaned_data["email"])]


@require_POST
@access.needs(Permission.GRANT_ROLE, _fetch)
def end(request: HttpRequest, competition: Competition) -> HttpResponse:
    person = get_object_or_404(User.objects.filter(standings__competition=competition.code), code=request.POST.get("person", ""))
    role, challenge = request.POST.get("role", ""), request.POST.get("challenge", "")
    if role not in set(Role) or person.pk == request.user.pk:
        raise Http404
    try:
        services.end_role(actor=request.user, competition=competition, person=person, role=Role(role), challenge=challenge)
    except Refused as error:
        messages.error(request, texts.sentence(error.reason))
    else:
        messages.success(request, _("The role has ended."))
    return redirect("desk:people", competition=competition.code)


def _number(request: HttpRequest, name: str) -> int | None:
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 18 else None


def _log_columns() -> list[sheets.Column[tuple[AuditEvent, str]]]:
    column = sheets.Column[tuple[AuditEvent, str]]
    return [
        column(_("Number"), lambda row: row[0].number), column(_("When"), lambda row: row[0].at, 18), column(_("Who"), lambda row: row[1], 24),
        column(_("What"), lambda row: str(WORDS.get(row[0].what, "")), 40), column(_("Event"), lambda row: row[0].what, 24),
        column(_("Concerns"), lambda row: row[0].thing, 30),
    ]


@access.needs(Permission.RUN_COMPETITION, _fetch)
@require_safe
def log(request: HttpRequest, competition: Competition) -> HttpResponse:
    if file := sheets.asked(request, f"{competition.code} {_('Audit log')}", _log_columns(), lambda: selectors.all_events(competition)):
        return file
    found = selectors.log(competition, _number(request, "before"))
    events = [
        {"event": event, "actor": found.names.get(event.actor, event.actor), "words": WORDS.get(event.what, "")} for event in found.events
    ]
    return show(request, "log", competition, log=found, events=events)


@access.needs(Permission.RUN_COMPETITION, _fetch)
@require_safe
def mail(request: HttpRequest, competition: Competition) -> HttpResponse:
    columns = [
        sheets.Column[Message](_("Subject"), lambda row: row.subject, 60), sheets.Column[Message](_("Receiver"), lambda row: row.to, 30),
        sheets.Column[Message](_("Queued"), lambda row: row.queued_at, 18), sheets.Column[Message](_("Sent"), lambda row: row.sent_at, 18),
    ]
    if file := sheets.asked(request, f"{competition.code} {_('Mail')}", columns, lambda: selectors.all_mails(competition).iterator(2000)):
        return file
    rows, older = selectors.mails(competition, _number(request, "before"))
    return show(request, "mail", competition, mails=rows, older=older)


@access.needs(Permission.RUN_COMPETITION, _fetch)
def round_(request: HttpRequest, competition: Competition) -> HttpResponse:
    found, now = selectors.rounds(competition), clock.now()
    forms = [(row, _round_form(request, row)) for row in selectors.startable(competition, found, now)]
    shown: dict[str, Any] = {"rounds": found, "forms": forms, "panels": selectors.panels(competition, found)}
    if request.method == "POST":
        try:
            if _act(request, competition, **shown):
                return redirect("desk:round", competition=competition.code)
        except (Denied, Refused) as error:
            shown["fault"] = texts.sentence(error.reason)
    return show(request, "round", competition, has_time=competition.has_time(now), **shown)


def _act(
    request: HttpRequest, competition: Competition, *, rounds: list[selectors.Progress], forms: list[Any], panels: list[selectors.Panel]
) -> bool:
    """Do what the form asks for and return whether it was done; a form with faults is shown again."""
    action, code = request.POST.get("action", ""), request.POST.get("round", "")
    if action == "start":
        return _start(request, competition, forms)
    if action == "close" and code in {row.code for row in rounds if row.state in ("open", "discussing")}:
        reviews.complete_round(actor=request.user, round=_round(code))
        messages.success(request, _("The round is closed."))
        return True
    if action == "discuss" and code in {row.code for row in rounds if row.state == "open"}:
        reviews.open_discussion(actor=request.user, round=_round(code))
        messages.success(request, _("The discussion is open."))
        return True
    panel = next((panel for panel in panels if panel.round.code == code), None)
    if panel is None or action not in ("fill", "open"):
        raise Http404
    if action == "fill":
        chosen = set(request.POST.getlist("person"))
        people = [person for person in panel.candidates if person.code in chosen]
        chair = next((person for person in people if person.code == request.POST.get("chair")), None)
        services.fill_panel(actor=request.user, competition=competition, round=_round(code), people=people, chair=chair)
        messages.success(request, _("Seats given: %(number)s. Those who got one are told by e-mail.") % {"number": len(people)})
    else:
        services.open_panel(actor=request.user, competition=competition, round=_round(code))
        messages.success(request, _("The round is open. Its reviewers have been told."))
    return True


def _round(code: str) -> Round:
    return Round.objects.using(reviewing()).get(code=code)


def _round_form(request: HttpRequest, row: selectors.Startable) -> RoundForm:
    kind = JuryForm if row.action == "jury" else RoundForm
    prefix = f"{row.action}-{row.challenge}"
    data = request.POST if request.POST.get("start") == prefix else None
    return kind(data, prefix=prefix, initial={"opens_at": row.opens_at, "closes_at": row.closes_at})


def _start(request: HttpRequest, competition: Competition, forms: list[tuple[selectors.Startable, RoundForm]]) -> bool:
    chosen = next(((row, form) for row, form in forms if form.is_bound), None)
    if chosen is None:
        raise Http404
    row, form = chosen
    if not form.is_valid():
        return False
    if row.action == "panel":
        problems.open_panel_round(actor=request.user, competition=competition, **form.cleaned_data)
    else:
        challenge = Challenge.objects.get(competition=competition, code=row.challenge)
        act = proposals.prepare_jury if row.action == "jury" else teams.open_team_round
        act(actor=request.user, challenge=challenge, **form.cleaned_data)
    messages.success(request, _("The round is ready."))
    return True


def fetch_round(user: Any, competition: str, round: str) -> selectors.RoundAtDesk | None:
    found = find(user, competition)
    return selectors.round_at_desk(found, round) if found else None


@access.needs(Permission.RUN_COMPETITION, fetch_round)
def absence(request: HttpRequest, found: selectors.RoundAtDesk) -> HttpResponse:
    sittings = selectors.sittings(found.round)
    form = AbsenceForm(request.POST or None, sittings=sittings)
    if request.method == "POST" and form.is_valid():
        gone = next(row for row in sittings if row.key == form.cleaned_data["who"])
        reviews.record_absence(actor=request.user, seat=gone.seat, reason=form.cleaned_data["reason"])
        messages.success(request, _("The absence is recorded. The reviewer’s scores do not count."))
        return redirect("desk:round", competition=found.competition.code)
    return show_round(
        request, "absence", found, form=form, absent=[row for row in sittings if row.is_absent],
        consequences=_consequences(found.round), back=reverse("desk:round", args=[found.competition.code]),
    )


@access.needs(Permission.RUN_COMPETITION, fetch_round)
def set_up(request: HttpRequest, found: selectors.RoundAtDesk) -> HttpResponse:
    """Set up a round until it opens; afterwards show what was announced and let the terms change."""
    round_, fault = found.round, ""
    form = SetUpForm(request.POST or None, round=round_)
    if request.method == "POST" and form.is_valid():
        try:
            if round_.state == RoundState.DRAFT:
                reviews.set_up_round(actor=request.user, round=round_, **form.columns())
            reviews.change_terms(actor=request.user, round=round_, terms=form.text("terms"))
            is_new = round_.state == RoundState.DRAFT
            messages.success(request, _("The round is set up.") if is_new else _("The terms are saved. Reviewers accept them before they go on."))
            return redirect("desk:set_up", competition=found.competition.code, round=round_.code)
        except Refused as error:
            fault = texts.sentence(error.reason)
    criteria = reading.criteria_of(round_)
    return show_round(
        request, "set_up", found, form=form, fault=fault, criteria=showing.with_shares(criteria), whole=sum(row.weight for row in criteria),
        proposal=reading.suggestion_of(round_) if round_.is_blind else None,
    )


@once
@access.needs(Permission.RUN_COMPETITION, fetch_round)
def follow(request: HttpRequest, found: selectors.RoundAtDesk) -> HttpResponse:
    """Show who is waited for; remind those who are ticked, after their mails were seen."""
    rows = selectors.following(found.round, clock.now())
    chosen = [row for row in rows if row.key in request.POST.getlist("who")]
    letters = services.reminders(competition=found.competition, round=found.round, chosen=chosen)
    fault = _("Tick at least one reviewer who has an account.") if request.method == "POST" and not letters else ""
    if request.method == "POST" and letters and request.POST.get("action") == "send":
        try:
            count = services.remind(actor=request.user, competition=found.competition, round=found.round, chosen=chosen, seen=request.POST.get("seen", ""))
            messages.success(request, ngettext("%(count)s reminder is on its way.", "%(count)s reminders are on their way.", count) % {"count": count})
            return redirect("desk:follow", competition=found.competition.code, round=found.round.code)
        except Refused as error:
            fault = texts.sentence(error.reason)
    return show_round(
        request, "follow", found, rows=rows, letters=letters, chosen={row.key for row in chosen}, fault=fault,
        seen=digest_of([letter for _, letter in letters]), ticked=[row.key for row in chosen], can_remind=any(row.is_waited_for for row in rows),
    )


def _consequences(round_: Round) -> list[str]:
    chair = [_("If the chair is absent, invite another chair: the report needs one.")] if round_.kind == RoundKind.PROPOSALS else []
    return [
        _("None of the reviewer’s scores count, not even those already submitted. The result is formed from the others’ reviews."),
        _("The reviewer can no longer read the entries or review them."),
        *chair,
        _("The absence, your name and the reason stay in the event log. They cannot be taken back."),
    ]


@access.needs(Permission.RUN_COMPETITION, fetch_round)
@require_safe
def rehearse(request: HttpRequest, found: selectors.RoundAtDesk) -> HttpResponse:
    """Tell what a set-up of the body could tell apart. Nothing is kept."""
    form = RehearsalForm(request.GET if "entries" in request.GET else None, initial=_set_up(found.round))
    rows, planned, has_quota = [], 0, False
    if form.is_bound and form.is_valid():
        asked = dict(form.cleaned_data)
        planned, has_quota = asked.pop("reviews"), asked["quota"] > 1  # of one that goes on, both say the same
        rows = bridge.rehearse(planned=planned, **asked)
    shown: dict[str, Any] = {
        "form": form, "has_quota": has_quota,
        "drawn": [{"at": row.reviews, "values": (row.best, row.within) if has_quota else (row.best,)} for row in rows],
        "names": [_("Chance that the best one wins"), *([_("Share of the right ones that go on")] if has_quota else [])],
        "planned": next((row for row in rows if row.reviews == planned), None),
    }
    if getattr(request, "htmx", False):
        return render(request, "desk/_rehearsal.html", shown)
    return show_round(request, "rehearse", found, **shown)


def _set_up(round_: Round) -> dict[str, int]:
    """Return the round's own numbers to begin with; of a round without names not how many entries it has."""
    criteria = reading.criteria_of(round_)
    low, high = reading.scale_of(criteria)
    reviewers = round_.seats.using(reviewing()).filter(is_absent=False).count() or 5
    entries = 10 if round_.is_blind or round_.entry_count < 2 else round_.entry_count
    return {
        "entries": entries, "reviewers": reviewers, "reviews": min(round_.reviews_per_entry or reviewers, reviewers), "quota": min(round_.quota, entries),
        "criteria": len(criteria) or 1, "low": low, "high": high,
    }


@access.needs(Permission.EDIT_COMPETITION, _fetch)
def publish(request: HttpRequest, competition: Competition) -> HttpResponse:
    reason = access.reason_against(request.user, Permission.PUBLISH_COMPETITION, competition)
    if request.method == "POST" and reason is None:
        publish_competition(actor=request.user, competition=competition)
        messages.success(request, _("The competition has been published."))
        return redirect("desk:home", competition=competition.code)
    return show(request, "publish", competition, missing=competition.missing(), fault=texts.sentence(reason) if reason is Reason.CALL_HAS_ENDED else "")
