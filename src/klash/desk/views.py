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
from klash.core import access, clock, texts
from klash.core.databases import reviewing
from klash.core.errors import Refused
from klash.desk import selectors, services
from klash.desk.events import WORDS
from klash.desk.forms import FAULTS, AbsenceForm, InvitationForm, JuryForm, LoadsForm, RosterForm, RoundForm
from klash.desk.selectors import Fault
from klash.interests.texts import WORDS as CONFLICTS
from klash.problems import services as problems
from klash.proposals import services as proposals
from klash.reviewing import selectors as reading
from klash.reviewing import services as reviews
from klash.reviewing.models import ConflictKind, Round, RoundKind
from klash.rules.conflicts import Kind
from klash.rules.permissions import Permission
from klash.rules.roles import Role, Side
from klash.rules.states import RoundState
from klash.teams import services as teams


def _fetch(user: Any, competition: str) -> Competition | None:
    return find(user, competition)


def _parents(competition: Competition) -> list[dict[str, str]]:
    return [
        {"label": competition.name, "url": reverse("portal:competition", args=[competition.code])},
        {"label": _("Desk"), "url": reverse("desk:home", args=[competition.code])},
    ]


def _show(request: HttpRequest, template: str, competition: Competition, **more: Any) -> HttpResponse:
    return render(request, f"desk/{template}.html", {"competition": competition, "parents": _parents(competition), **more})


@access.needs(Permission.RUN_COMPETITION, _fetch)
@require_safe
def home(request: HttpRequest, competition: Competition) -> HttpResponse:
    now = clock.now()
    found = selectors.desk(competition, now)
    return render(request, "desk/home.html", {
        "competition": competition, "parents": _parents(competition)[:1], "desk": found, "ribbon": ribbon(competition, now),
        "parts": selectors.parts(competition, found, now),
    })


@access.needs(Permission.RUN_COMPETITION, _fetch)
def people(request: HttpRequest, competition: Competition) -> HttpResponse:
    challenges = list(Challenge.objects.filter(competition=competition).order_by("number"))
    form = InvitationForm(request.POST or None, challenges=challenges, language=get_language() or "fi")
    if request.method == "POST" and form.is_valid():
        try:
            services.invite_person(actor=request.user, competition=competition, **form.cleaned_data)
        except Refused as error:
            form.add_error("email", texts.sentence(error.reason))
        else:
            messages.success(request, _("The invitation to %(email)s is on its way.") % {"email": form.cleaned_data["email"]})
            return redirect("desk:people", competition=competition.code)
    titles = {row.code: row.title for row in challenges}
    held, next_page = selectors.holders(competition, _number(request, "after"))
    holders = [
        {"holder": row, "role": ROLES[Role(row.role)], "side": SIDES[Side(row.side)], "challenge": titles.get(row.challenge, row.challenge)}
        for row in held
    ]
    invitations = [
        {"invitation": row, "role": ROLES[Role(row.role)]} for row in selectors.waiting_invitations(competition, clock.now())
    ]
    may_grant = access.may(request.user, Permission.GRANT_ROLE, competition)
    return _show(
        request, "people", competition, form=form, holders=holders, invitations=invitations, may_grant=may_grant,
        first_url="?" if "after" in request.GET else "", next_url=f"?after={next_page}" if next_page else "",
    )


@require_POST
@access.needs(Permission.GRANT_ROLE, _fetch)
def end(request: HttpRequest, competition: Competition) -> HttpResponse:
    person = get_object_or_404(User.objects.filter(standings__competition=competition.code), code=request.POST.get("person", ""))
    role, challenge = request.POST.get("role", ""), request.POST.get("challenge", "")
    if role not in set(Role) or person.pk == request.user.pk:
        raise Http404
    services.end_role(actor=request.user, competition=competition, person=person, role=Role(role), challenge=challenge)
    messages.success(request, _("The role has ended."))
    return redirect("desk:people", competition=competition.code)


def _number(request: HttpRequest, name: str) -> int | None:
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 18 else None


@access.needs(Permission.RUN_COMPETITION, _fetch)
@require_safe
def log(request: HttpRequest, competition: Competition) -> HttpResponse:
    found = selectors.log(competition, _number(request, "before"))
    events = [
        {"event": event, "actor": found.names.get(event.actor, event.actor), "words": WORDS.get(event.what, "")} for event in found.events
    ]
    return _show(request, "log", competition, log=found, events=events)


@access.needs(Permission.RUN_COMPETITION, _fetch)
@require_safe
def mail(request: HttpRequest, competition: Competition) -> HttpResponse:
    rows, older = selectors.mails(competition, _number(request, "before"))
    return _show(request, "mail", competition, mails=rows, older=older)


@access.needs(Permission.RUN_COMPETITION, _fetch)
def round_(request: HttpRequest, competition: Competition) -> HttpResponse:
    found = selectors.rounds(competition)
    forms = [(row, _round_form(request, row)) for row in selectors.startable(competition, found, clock.now())]
    shown: dict[str, Any] = {"rounds": found, "forms": forms, "panels": selectors.panels(competition, found)}
    if request.method == "POST":
        try:
            if _act(request, competition, **shown):
                return redirect("desk:round", competition=competition.code)
        except Refused as error:
            shown["fault"] = texts.sentence(error.reason)
    return _show(request, "round", competition, **shown)


def _act(
    request: HttpRequest, competition: Competition, *, rounds: list[selectors.Progress], forms: list[Any], panels: list[selectors.Panel]
) -> bool:
    """Do what the form asks for and return whether it was done; a form with faults is shown again."""
    action, code = request.POST.get("action", ""), request.POST.get("round", "")
    if action == "start":
        return _start(request, competition, forms)
    if action == "close" and code in {row.code for row in rounds if row.state == "open"}:
        reviews.complete_round(actor=request.user, round=_round(code))
        messages.success(request, _("The round is closed."))
        return True
    panel = next((panel for panel in panels if panel.round.code == code), None)
    if panel is None or action not in ("fill", "open"):
        raise Http404
    if action == "fill":
        chosen = set(request.POST.getlist("person"))
        people = [person for person in panel.candidates if person.code in chosen]
        services.fill_panel(actor=request.user, competition=competition, round=_round(code), people=people)
        messages.success(request, _("Seats given: %(number)s.") % {"number": len(people)})
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


def _fetch_round(user: Any, competition: str, round: str) -> selectors.RoundAtDesk | None:
    found = find(user, competition)
    return selectors.round_at_desk(found, round) if found else None


@access.needs(Permission.RUN_COMPETITION, _fetch_round)
def absence(request: HttpRequest, found: selectors.RoundAtDesk) -> HttpResponse:
    sittings = selectors.sittings(found.round)
    form = AbsenceForm(request.POST or None, sittings=sittings)
    if request.method == "POST" and form.is_valid():
        gone = next(row for row in sittings if row.key == form.cleaned_data["who"])
        reviews.record_absence(actor=request.user, seat=gone.seat, reason=form.cleaned_data["reason"])
        messages.success(request, _("The absence is recorded. The reviewer’s scores do not count."))
        return redirect("desk:round", competition=found.competition.code)
    return _show(
        request, "absence", found.competition, form=form, round=found.round, absent=[row for row in sittings if row.is_absent],
        consequences=_consequences(found.round), back=reverse("desk:round", args=[found.competition.code]),
    )


def _fetch_open_round(user: Any, competition: str, round: str) -> selectors.RoundAtDesk | None:
    # In a round without names everyone judges everything: the desk has no page that tells of its entries.
    found = _fetch_round(user, competition, round)
    return None if found is None or found.round.is_blind else found


@access.needs(Permission.RUN_COMPETITION, _fetch_open_round)
def assign(request: HttpRequest, found: selectors.RoundAtDesk) -> HttpResponse:
    """Show who reviews what and what the machine proposes; do what the button says. A refusal shows the page again."""
    round_, sittings = found.round, [row for row in selectors.sittings(found.round) if not row.is_absent]
    form = LoadsForm(request.POST if request.POST.get("action") == "suggest" else None, round=round_)
    is_file = request.POST.get("action") in ("check", "confirm")
    file_form = RosterForm(request.POST, request.FILES) if is_file else RosterForm()
    fault, lines = "", list[selectors.Line]()
    if request.method == "POST":
        try:
            if file_form.is_bound and file_form.is_valid():
                lines = selectors.roster(round_, file_form.cleaned_data["text"])
            if _take_over(request, round_, lines) or _deal(request, round_, sittings, form):
                return redirect("desk:assign", competition=found.competition.code, round=round_.code)
        except Refused as error:
            fault = texts.sentence(error.reason)
    names, keys = {row.seat.handle: row for row in sittings}, {row.seat.handle: row.key for row in sittings}
    rows = [{
        "key": selectors.key_of(row.code), "title": row.title, "unmet": row.unmet,
        "proposed": [(keys[one], names[one].name) for one in row.proposed if one in keys],
        "given": [(keys[one], names[one].name, begun) for one, begun in row.given if one in keys],
    } for row in reading.dealt(round_)]
    return _show(
        request, "assign", found.competition, form=form, round=round_, rows=rows, sittings=sittings, proposal=reading.suggestion_of(round_), fault=fault,
        bare=sum(not row["given"] for row in rows), **_barred(round_, rows, names), **_checked(file_form, lines),
    )


def _barred(round_: Round, rows: list[dict[str, Any]], names: dict[str, selectors.Sitting]) -> dict[str, Any]:
    """Return the reviewers to whom entries cannot be given, by entry, each with the kind of conflict."""
    titles, by_entry = {row["key"]: row["title"] for row in rows}, dict[str, list[tuple[str, Any]]]()
    for code, handle, kind in reading.found_conflicts(round_):
        if handle in names and selectors.key_of(code) in titles:
            by_entry.setdefault(selectors.key_of(code), []).append((names[handle].name, _kind(kind)))
    return {"barred": [(titles[key], people) for key, people in by_entry.items()]}


def _kind(kind: str) -> Any:
    return _("does not know the subject") if kind == ConflictKind.COMPETENCE else CONFLICTS[Kind(kind)]


def _checked(form: RosterForm, lines: list[selectors.Line]) -> dict[str, Any]:
    """Return what the page shows of a file: every row with its fault, and whether it can be taken over as it is."""
    told = [{"line": line, "fault": FAULTS[Fault(line.fault)] if line.fault else "", "kind": _kind(line.kind) if line.kind else ""} for line in lines]
    faulty, fresh = sum(bool(line.fault) for line in lines), sum(not line.is_there for line in lines)
    text = form.cleaned_data["text"] if lines else ""
    return {"file_form": form, "lines": told, "faulty": faulty, "is_sound": bool(lines) and not faulty, "fresh": fresh, "text": text}


def _take_over(request: HttpRequest, round_: Round, lines: list[selectors.Line]) -> bool:
    """Assign what a file says that has been seen and is sound; anything else is shown again."""
    if request.POST.get("action") != "confirm" or not lines or any(line.fault for line in lines):
        return False
    count = reviews.assign(actor=request.user, round=round_, pairs=[line.pair for line in lines if line.pair is not None])
    messages.success(request, ngettext("%(count)s review was assigned.", "%(count)s reviews were assigned.", count) % {"count": count})
    return True


def _deal(request: HttpRequest, round_: Round, sittings: list[selectors.Sitting], form: LoadsForm) -> bool:
    """Do what the assignment page asks for and return whether it was done."""
    handles, action = {row.key: row.seat.handle for row in sittings}, request.POST.get("action")
    codes = {selectors.key_of(code): code for code in reading.codes_of(round_)}
    words = [word.partition("|") for word in request.POST.getlist("pair")]
    pairs = [(codes[entry], handles[who]) for entry, _bar, who in words if entry in codes and who in handles]
    if action == "suggest":
        if not form.is_valid():
            return False
        if round_.state == RoundState.DRAFT:
            reviews.set_loads(actor=request.user, round=round_, **form.cleaned_data)
        reviews.suggest_assignment(actor=request.user, round=round_)
        messages.success(request, _("The proposal is ready. Nothing is assigned yet."))
    elif action == "apply":
        count = reviews.apply_suggestion(actor=request.user, round=round_, pairs=pairs)
        messages.success(request, ngettext("%(count)s review was assigned.", "%(count)s reviews were assigned.", count) % {"count": count})
    elif action == "remove":
        count = reviews.unassign(actor=request.user, round=round_, pairs=pairs)
        messages.success(request, ngettext("%(count)s review was taken back.", "%(count)s reviews were taken back.", count) % {"count": count})
    elif action == "give" and {request.POST.get("entry"), request.POST.get("who")} <= {*codes, *handles}:
        pair = codes.get(request.POST["entry"], ""), handles.get(request.POST["who"], "")
        count = reviews.assign(actor=request.user, round=round_, pairs=[pair])
        messages.success(request, ngettext("%(count)s review was assigned.", "%(count)s reviews were assigned.", count) % {"count": count})
    else:
        return False
    return True


def _consequences(round_: Round) -> list[str]:
    chair = [_("If the chair is absent, invite another chair: the report needs one.")] if round_.kind == RoundKind.PROPOSALS else []
    return [
        _("None of the reviewer’s scores count, not even those already submitted. The result is formed from the others’ reviews."),
        _("The reviewer can no longer read the entries or review them."),
        *chair,
        _("The absence, your name and the reason stay in the event log. They cannot be taken back."),
    ]


@access.needs(Permission.EDIT_COMPETITION, _fetch)
def publish(request: HttpRequest, competition: Competition) -> HttpResponse:
    missing = competition.missing()
    if request.method == "POST" and not missing:
        publish_competition(actor=request.user, competition=competition)
        messages.success(request, _("The competition has been published."))
        return redirect("desk:home", competition=competition.code)
    return _show(request, "publish", competition, missing=missing)
