"""A team's own pages: its needs, the mentors it wishes for, when it cannot come, the slots that are left."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from klash.core import access, clock, texts
from klash.core.errors import Refused
from klash.core.once import once
from klash.mentoring import selectors, services
from klash.mentoring.forms import AbsencesForm, MentorWishesForm, NeedsForm, sector_label
from klash.mentoring.forms.times import CAN, CANNOT
from klash.mentoring.models import PlanRules, Session
from klash.mentoring.selectors import Free
from klash.mentoring.templatetags.slots import weekday, when
from klash.mentoring.views.pages import accepts, page, session_of
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import SessionState
from klash.teams.models import Team


def team_of(user: Any, competition: str, team: str) -> Team | None:
    return selectors.team_for(user, competition, team)


def _team_page(request: HttpRequest, template: str, team: Team, here: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    answer = page(request, template, team.challenge.competition, here, {"team": team, **context})
    answer.status_code = status
    return answer


@access.needs(Permission.TELL_NEEDS, team_of)
def needs(request: HttpRequest, team: Team) -> HttpResponse:
    form, theirs, status = NeedsForm(request.POST or None, needs=selectors.own_needs(team)), None, 200
    if request.method == "POST" and form.is_valid():
        try:
            services.save_needs(actor=request.user, team=team, **form.values())
        except Refused as refused:
            form.add_error(None, texts.sentence(refused.reason))
            theirs = selectors.own_needs(team) if refused.reason is Reason.TEXT_CHANGED else None
            form.seen, status = theirs.revision if theirs else form.seen, 409  # what is saved now was written with the other text in sight
        else:
            messages.success(request, _("The needs are saved. The organiser and the mentors whom you meet read them."))
            return redirect("mentoring:needs", team.chain, team.code)
    return _team_page(request, "needs", team, _("What you need help with"), {"form": form, "theirs": theirs}, status=status)


@access.needs(Permission.TELL_NEEDS, team_of)
def wishes(request: HttpRequest, team: Team) -> HttpResponse:
    mentors, names = selectors.mentors_of(team.challenge.competition), selectors.regions(get_language() or "fi")
    form = MentorWishesForm(request.POST or None, mentors=mentors, wished=[row.mentor for row in selectors.wishes_of(team)])
    if request.method == "POST" and form.is_valid():
        services.save_wishes(actor=request.user, team=team, **form.values())
        messages.success(request, _("Your wishes are saved. They are followed as far as they can be."))
        return redirect("mentoring:wishes", team.chain, team.code)
    cards = [(mentor, sector_label(mentor.sector), selectors.background_of(mentor, names)) for mentor in mentors]
    return _team_page(request, "wishes", team, _("Mentors whom you wish to meet"), {"form": form, "mentors": cards})


@access.needs(Permission.TELL_NEEDS, team_of)
def absences(request: HttpRequest, team: Team) -> HttpResponse:
    form = AbsencesForm(request.POST or None, days=selectors.absences_of(team, clock.now()), auto_id="absences_%s")
    if accepts(request, form, lambda: services.tell_absences(actor=request.user, team=team, **form.values())):
        messages.success(request, _("Your times are saved. You can change them until the timetable is made."))
        return redirect(request.path)
    return _team_page(request, "absences", team, _("When you cannot come"), {
        "form": form, "fills": [(CANNOT, _("We cannot come on this day")), (CAN, _("We can come the whole day"))],
    })


@once
@access.needs(Permission.BOOK_SESSION, team_of)
def free(request: HttpRequest, team: Team) -> HttpResponse:
    competition = team.challenge.competition
    rules = selectors.rules_of(competition) or PlanRules(competition=competition)
    vacancies, fault = selectors.vacancies_for(team, rules), ""
    left = list(vacancies.free(clock.now()))
    if request.method == "POST":
        wanted = _wanted(left, request.POST.get("slot", ""))
        try:
            session = _book(request, team, wanted)
        except Refused as refused:
            fault = texts.sentence(refused.reason)
        else:
            sentence = _("The session is booked: %(when)s. The mentor and the team’s leader get a mail about it.")
            messages.success(request, sentence % {"when": when(session.slot)})
            return redirect("mentoring:timetable", competition.code)
    days = _by_day(left)
    shown = _day_of(days, request.GET.get("day", ""))
    filters = [
        {"label": weekday(one["day"].on), "url": f"?day={one['day'].number}", "count": len(one["free"]), "is_current": one is shown} for one in days
    ]
    return _team_page(request, "free", team, _("Free slots"), {
        "fault": fault, "is_published": vacancies.is_published, "one": shown, "filters": filters if len(days) > 1 else [],
    }, status=409 if fault else 200)


def _day_of(days: list[dict[str, Any]], number: str) -> dict[str, Any] | None:
    """Return the day that was asked for, or else the first on which something can be booked."""
    asked = [one for one in days if str(one["day"].number) == number]
    return next(iter([*asked, *(one for one in days if one["free"]), *days]), None)


def _wanted(left: list[Free], words: str) -> Free | None:
    return next((one for one in left if f"{one.slot.pk}/{one.mentor.code}" == words), None)


def _book(request: HttpRequest, team: Team, wanted: Free | None) -> Session:
    if wanted is None:
        raise Refused(Reason.NOT_FREE)
    return services.book_slot(actor=request.user, team=team, slot=wanted.slot, mentor=wanted.mentor)


def _by_day(left: list[Free]) -> list[dict[str, Any]]:
    """Return the days with what is left of each: what can be booked, and what a rule hinders with its sentence; not again whom the team meets anyway."""
    days: dict[int, dict[str, Any]] = {}
    for one in left:
        if one.hindrance is Reason.MEETS_ALREADY:
            continue
        day = days.setdefault(one.slot.day_id, {"day": one.slot.day, "free": [], "hindered": []})
        day["hindered" if one.hindrance else "free"].append((one, sector_label(one.mentor.sector), texts.sentence(one.hindrance) if one.hindrance else ""))
    return list(days.values())


def own_session_of(user: Any, competition: str, code: str) -> Session | None:
    """Return a session that the person may cancel alone: a mentor's own, or one that the own team booked."""
    found = session_of(user, competition, code)
    return found if found and found.side_of(user) and found.state == SessionState.PLANNED else None


@access.needs(Permission.CANCEL_SESSION, own_session_of)
def give_up(request: HttpRequest, found: Session) -> HttpResponse:
    if request.method == "POST":
        services.cancel_session(actor=request.user, session=found)
        messages.success(request, _("The session is cancelled. The team and the mentor get a mail about it."))
        return redirect("mentoring:timetable", found.chain)
    title = _("Cancel the session %(when)s") % {"when": when(found.slot)}
    return page(request, "leave", found.slot.day.competition, title, {
        "title": title, "text": f"{found.team.name} – {found.mentor.person.name}", "button": _("Cancel the session"), "is_danger": True,
        "consequences": [_("The slot becomes free for others."), _("The mentor and the team’s leader get a mail at once.")],
        "back": reverse("mentoring:timetable", args=[found.chain]),
    })
