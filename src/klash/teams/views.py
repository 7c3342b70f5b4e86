from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.accounts import services as accounts
from klash.accounts.models import User
from klash.challenges import selectors as challenges
from klash.challenges.models import Challenge
from klash.competitions import deciding
from klash.competitions import selectors as competitions
from klash.competitions.models import Stage, StageKind
from klash.core import access, arrival, clock, paging, texts
from klash.core.errors import KlashError, Refused
from klash.core.forms import moment_seen
from klash.core.once import once
from klash.post.services import digest_of
from klash.reviewing import selectors as reviewing
from klash.rules.permissions import Facts, Permission
from klash.rules.reasons import Reason
from klash.rules.states import ApplicationState, ChallengeState, RoundState
from klash.teams import bridge, selectors, services
from klash.teams.forms import ApplicationForm, FirmForm, FoundForm, InviteForm
from klash.teams.models import APPLICATION_SECTIONS, Application, Membership, Team
from klash.teams.texts import HEADINGS


def _page(challenge: Challenge, team: Team | None = None, **more: Any) -> dict[str, Any]:
    """Return what every page here shows: competition, challenge, the call's stage, breadcrumb; and the team."""
    competition = challenge.competition
    title = challenges.shown(challenge.title)
    parents = [
        {"label": competition.name, "url": reverse("portal:competition", args=[competition.code])},
        {"label": title.text, "url": reverse("challenges:challenge", args=[competition.code, challenge.code])},
    ]
    if team is not None and more.pop("is_below_team", True):
        parents.append({"label": team.name, "url": reverse("teams:show", args=[team.code])})
    stage = competition.stages_by_kind().get(StageKind.TEAM_CALL) if more.pop("shows_stage", True) else None
    found = {"competition": competition, "challenge": challenge, "challenge_title": title, "stage": stage, "parents": parents, "team": team}
    return {**found, "is_invented": competition.is_invented or bool(team and team.is_invented), **more}


@dataclass(frozen=True)
class _Founding:
    """A challenge in which a team is founded; the facts are those of the team call."""

    challenge: Challenge
    stage: Stage

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.stage.facts_for(actor, now)


def _founding(person: Any, competition: str, challenge: str) -> _Founding | None:
    found = challenges.find(person, competition, challenge)
    if found is None or found.state != ChallengeState.PUBLISHED:
        return None
    stage = found.competition.stages_by_kind().get(StageKind.TEAM_CALL)
    return _Founding(found, stage) if stage else None


@once
@access.needs(Permission.FOUND_TEAM, _founding)
def found(request: HttpRequest, founding: _Founding) -> HttpResponse:
    challenge = founding.challenge
    person = access.person(request)
    own = selectors.own_team(person, challenge.competition)
    form = FoundForm(request.POST or None, initial={"language": person.language})
    if request.method == "POST" and form.is_valid():
        try:
            team = services.found_team(actor=person, challenge=challenge, **form.cleaned_data)
            return redirect("teams:show", team.code)
        except KlashError as error:
            form.refuse(error.reason)
    return render(request, "teams/found.html", _page(challenge, form=form, own=own))


def _visible(person: Any, team: str) -> Team | None:
    rows = Team.objects.visible_to(person).filter(code=team).select_related("challenge__competition", "application")
    return _whole(rows.prefetch_related("memberships__person").first())


def _own(person: Any, team: str) -> Team | None:
    rows = Team.objects.of(person).filter(code=team).select_related("challenge__competition", "application")
    return _whole(rows.prefetch_related("memberships__person").first())


def _whole(team: Team | None) -> Team | None:
    if team is not None:
        team.application.team = team  # one team in memory, so that its members are read once
    return team


@access.signed_in
@require_safe
def show(request: HttpRequest, team: str) -> HttpResponse:
    found = access.found(_visible(request.user, team))
    return _team_page(request, found, InviteForm())


def _team_page(request: HttpRequest, found: Team, form: InviteForm, firm_form: FirmForm | None = None, status: int = 200) -> HttpResponse:
    application, person = found.application, request.user
    may_edit_team = access.may(person, Permission.EDIT_TEAM, found)
    is_writable = application.state in services.WRITABLE
    return render(request, "teams/team.html", _page(
        found.challenge, found, is_below_team=False, application=application, form=form, memberships=_in_order(found),
        told_state=application.told_state, invitations=selectors.open_invitations(found, clock.now()) if may_edit_team else [],
        firms=list(found.firms.all()), firm_form=firm_form or FirmForm(), may_name_firms=access.may(person, Permission.NAME_FIRMS, found),
        is_own=found.membership_of(person) is not None, may_edit_team=may_edit_team, may_remove=may_edit_team and is_writable,
        is_small=len(found.memberships.all()) < found.challenge.competition.team_size_min,
        is_full=len(found.memberships.all()) >= found.challenge.competition.team_size_max,
        may_write=access.may(person, Permission.EDIT_APPLICATION, application),
        may_withdraw=application.state == ApplicationState.SUBMITTED and access.may(person, Permission.WITHDRAW_APPLICATION, application),
    ), status=status)


@once
@access.needs(Permission.NAME_FIRMS, _own)
@require_POST
def firms(request: HttpRequest, found: Team) -> HttpResponse:
    """Add the firm of the form, or remove the one that the button names."""
    person, gone = access.person(request), found.firms.filter(code=request.POST.get("firm", "")).first()
    form = FirmForm(request.POST)
    if gone is not None:
        gone.team = found
        services.remove_firm(actor=person, firm=gone)
    elif form.is_valid():
        services.add_firm(actor=person, team=found, **form.cleaned_data)
    else:
        return _team_page(request, found, InviteForm(), form, status=409)
    messages.success(request, _("The firms of the team have been saved."))
    return redirect("teams:show", found.code)


def _in_order(team: Team) -> list[Membership]:
    return sorted(team.memberships.all(), key=lambda row: (not row.is_leader, row.person.name, row.pk))


@once
@access.needs(Permission.EDIT_TEAM, _own)
@require_POST
def invite(request: HttpRequest, found: Team) -> HttpResponse:
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            services.invite_member(actor=access.person(request), team=found, email=form.cleaned_data["email"])
            messages.success(request, _("The invitation is on its way."))
            return redirect("teams:show", found.code)
        except KlashError as error:
            form.add_error("email", texts.sentence(error.reason))
    return _team_page(request, found, form, status=409)


@dataclass(frozen=True)
class _Leaving:
    """A member who is to be removed; the facts are the team's."""

    team: Team
    person: User

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.team.facts_for(actor, now)


def _leaving(person: Any, team: str, member: str) -> _Leaving | None:
    found = _own(person, team)
    rows = found.memberships.all() if found else []
    return next((_Leaving(found, row.person) for row in rows if found and row.person.code == member and not row.is_leader), None)


@access.needs(Permission.EDIT_TEAM, _leaving)
def remove(request: HttpRequest, leaving: _Leaving) -> HttpResponse:
    found, fault = leaving.team, ""
    if request.method == "POST":
        try:
            services.remove_member(actor=access.person(request), team=found, person=leaving.person)
            messages.success(request, _("The member was removed from the team."))
            return redirect("teams:show", found.code)
        except KlashError as error:
            fault = texts.sentence(error.reason)
    return render(request, "teams/remove.html", _page(found.challenge, found, leaving=leaving.person, fault=fault), status=409 if fault else 200)


@once
@access.public
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Show a team's invitation to the person it was sent to; only the button joins, since mail scanners open links."""
    invitation = accounts.find_invitation(token)
    rows = Team.objects.filter(code=invitation.team) if invitation and invitation.team else Team.objects.none()
    team = rows.select_related("challenge__competition").prefetch_related("memberships__person").first()
    if invitation is None or team is None:
        raise Http404
    if not request.user.is_authenticated:  # that page signs in, or makes the account of the invited address
        return redirect(f"{reverse('accounts:invitation', args=[token])}?next={reverse('teams:show', args=[team.code])}")
    person = access.person(request)
    is_own, fault = person.email == invitation.email, ""
    if request.method == "POST":
        try:
            accounts.accept_invitation(actor=person, invitation=invitation)  # the receiver joins the team in the same transaction
            return redirect("teams:show", team.code)
        except KlashError as error:
            fault = texts.sentence(error.reason)
    context = {"invitation": invitation, "fault": fault, "is_own": is_own, "parents": []}
    if is_own:
        context = {**_page(team.challenge, team, is_below_team=False), **context, "memberships": _in_order(team)}
    return render(request, "teams/join.html", context, status=409 if fault else 200)


def _application(person: Any, team: str) -> Application | None:
    found = _own(person, team)
    return found.application if found else None


def _mine(request: HttpRequest, team: str) -> Application:
    return access.found(_application(request.user, team))


@access.signed_in
def write(request: HttpRequest, team: str) -> HttpResponse:
    """Write the application. What comes too late is refused with the text still on the page, so that nothing typed is lost."""
    found = _mine(request, team)
    if request.method == "POST":
        return _save(request, found)
    if not access.may(request.user, Permission.EDIT_APPLICATION, found):
        return redirect("teams:show", team)
    return _write_page(request, found, ApplicationForm(found))


def _save(request: HttpRequest, found: Application) -> HttpResponse:
    form, refused = ApplicationForm(found, request.POST), None
    if form.is_valid():
        try:
            services.save_application(actor=access.person(request), application=found, seen=moment_seen(request.POST), **form.texts())
        except KlashError as error:
            refused = error.reason
            form.add_error(None, texts.sentence(error.reason))
    if getattr(request, "htmx", False):
        seen = form["seen"].value() if form.errors else _seen(found)
        return render(request, "teams/_saved.html", {"application": found, "form": form, "seen": seen})
    if form.is_valid():
        messages.success(request, _("The draft was saved. The application has not been submitted yet."))
        return redirect("teams:summary" if "summary_page" in request.POST else "teams:application", found.team.code)
    return _write_page(request, found, form, refused)


def _seen(found: Application) -> str:
    return found.saved_at.isoformat() if found.saved_at else ""


def _write_page(request: HttpRequest, found: Application, form: ApplicationForm, refused: Reason | None = None) -> HttpResponse:
    is_clash = refused is Reason.TEXT_CHANGED
    theirs = [(HEADINGS[name], getattr(found, name)) for name in APPLICATION_SECTIONS] if is_clash else []
    return render(request, "teams/write.html", _page(
        found.team.challenge, found.team, application=found, form=form, theirs=theirs, their_summary=found.team.summary if is_clash else "",
        # What is saved after a clash was written with the other text in sight.
        seen=_seen(found) if is_clash or not form.is_bound else form["seen"].value(),
    ), status=409 if refused else 200)


def _sections(found: Application) -> list[dict[str, Any]]:
    return [{"code": name, "heading": HEADINGS[name], "text": getattr(found, name)} for name in APPLICATION_SECTIONS]


@access.signed_in
def summary(request: HttpRequest, team: str) -> HttpResponse:
    """Show what would be submitted; the button submits."""
    found, fault = _mine(request, team), ""
    if request.method == "POST":
        try:
            services.submit_application(actor=access.person(request), application=found, arrived_at=arrival.moment(request))
            return redirect("teams:receipt", team)
        except KlashError as error:
            fault = texts.sentence(error.reason)
    elif found.state not in services.WRITABLE:
        return redirect("teams:receipt", team)
    own = _mine(request, team) if fault else found
    against = access.reason_against(request.user, Permission.SUBMIT_APPLICATION, own) if own.state in services.WRITABLE else Reason.WRONG_STATE
    return render(request, "teams/summary.html", _page(
        own.team.challenge, own.team, application=own, sections=_sections(own), memberships=_in_order(own.team), fault=fault,
        may_submit=against is None, is_leader=against is not Reason.NOT_YOURS, hindrance=texts.sentence(against) if against else "",
        may_write=access.may(request.user, Permission.EDIT_APPLICATION, own),
    ), status=409 if fault else 200)


@access.signed_in
@require_safe
def receipt(request: HttpRequest, team: str) -> HttpResponse:
    found = _mine(request, team)
    if found.submitted_at is None:
        raise Http404
    may_withdraw = found.state == ApplicationState.SUBMITTED and access.may(request.user, Permission.WITHDRAW_APPLICATION, found)
    return render(request, "teams/receipt.html", _page(
        found.team.challenge, found.team, application=found, sections=_sections(found), memberships=_in_order(found.team),
        fingerprint=selectors.receipt_of(found), may_withdraw=may_withdraw,
    ))


@access.needs(Permission.WITHDRAW_APPLICATION, _application)
def withdraw(request: HttpRequest, found: Application) -> HttpResponse:
    code = found.team.code
    if found.state != ApplicationState.SUBMITTED:
        return redirect("teams:show", code)
    if request.method == "POST":
        services.withdraw_application(actor=access.person(request), application=found)
        messages.success(request, _("The application was withdrawn. You can submit it again until the deadline."))
        return redirect("teams:show", code)
    return render(request, "teams/withdraw.html", _page(found.team.challenge, found.team, application=found))


@dataclass(frozen=True)
class _Admissions:
    """A challenge as its competition's staff decides on it; the facts are the competition's."""

    challenge: Challenge

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return self.challenge.competition.facts_for(actor, now)


def _admissions(person: Any, competition: str, challenge: str) -> _Admissions | None:
    found = challenges.find(person, competition, challenge)
    return _Admissions(found) if found and found.state == ChallengeState.PUBLISHED and found.competition.is_run_by(person) else None


@access.needs(Permission.RUN_COMPETITION, _admissions)
def admissions(request: HttpRequest, desk: _Admissions) -> HttpResponse:
    """Show what is decided on each application, pending until all is released; save what was typed."""
    challenge, round_ = desk.challenge, reviewing.find_round(services.round_key(desk.challenge))
    if round_ is None or round_.state != RoundState.COMPLETE:
        return render(request, "teams/admissions.html", _page(challenge, round=round_, progress=reviewing.progress(round_) if round_ else (0, 0)))
    number, typed = paging.asked(request), None
    shown = {"start": number * paging.FORM_PAGE, "limit": paging.FORM_PAGE}
    sheet = competitions.part_of_sheet(challenge.competition, round_, **shown)
    about = _about(challenge, sheet)
    if request.method == "POST":
        rows = deciding.rows_of(sheet.rows, about)
        posted = request.POST.dict()
        typed = deciding.save_posted(actor=access.person(request), competition=challenge.competition, round=round_, rows=rows, posted=posted)
        sheet = competitions.part_of_sheet(challenge.competition, round_, **shown)
    rows = deciding.rows_of(sheet.rows, about, typed)
    if getattr(request, "htmx", False):
        return render(request, "competitions/_decision_saved.html", {"row": deciding.sent(rows, request.POST), "sheet": sheet, "is_answer": True})
    if typed and not typed.faults:
        messages.success(request, _("The decisions are saved. No team has been told."))
        there = redirect("teams:release", challenge.competition.code, challenge.code)
        return there if "preview" in request.POST else redirect(request.get_full_path())
    return render(request, "teams/admissions.html", _page(
        challenge, shows_stage=False, round=round_, sheet=sheet, rows=rows, pages=paging.links(number, sheet.entries, paging.FORM_PAGE),
        faults=[row for row in rows if row.fault], alike=bridge.alike(selectors.names_in(challenge)),
        may_decide=access.may(request.user, Permission.DECIDE, sheet.ruling), may_answer=access.may(request.user, Permission.GIVE_FEEDBACK, sheet.ruling),
    ), status=409 if typed else 200)


def _about(challenge: Challenge, sheet: competitions.Part) -> dict[str, deciding.About]:
    """Return what the page says of each application of the sheet, by the code of its entry. One query."""
    codes = [row.place.entry_code for row in sheet.rows]
    return {
        entry: deciding.About(row.team.code, row.team.name, row.team.language, is_invented=row.team.is_invented, sections=tuple(_sections(row)))
        for entry, row in selectors.applicants(challenge, codes).items()
    }


@access.needs(Permission.RUN_COMPETITION, _admissions)
def release(request: HttpRequest, desk: _Admissions) -> HttpResponse:
    """Show every mail as it will go out; the button releases exactly these."""
    challenge, fault = desk.challenge, ""
    round_, there = reviewing.find_round(services.round_key(challenge)), [challenge.competition.code, challenge.code]
    if round_ is None or round_.state != RoundState.COMPLETE:
        return redirect("teams:admissions", *there)
    if request.method == "POST":
        try:
            services.release_admissions(actor=access.person(request), challenge=challenge, seen=request.POST.get("seen", ""))
            messages.success(request, _("Every team was told, and the admitted teams are public."))
            return redirect("teams:admissions", *there)
        except Refused as error:
            fault = texts.sentence(error.reason)
    sheet, back = competitions.sheet(challenge.competition, round_), reverse("teams:admissions", args=there)
    letters = services.write_letters(challenge, selectors.verdicts(challenge, sheet)) if sheet.is_ready and not sheet.is_released else []
    page = _page(challenge, shows_stage=False, sheet=sheet, letters=letters, seen=digest_of(letters), fault=fault, back=back, consequences=[
        _("Every member of every team gets the decision, its reason and the panel’s feedback by e-mail at the same time."),
        _("The names and summaries of the admitted teams become public on the page of the challenge."), _("This cannot be taken back."),
    ])
    page["parents"].append({"label": _("Admission of teams"), "url": back})
    return render(request, "teams/release.html", page, status=409 if fault else 200)
