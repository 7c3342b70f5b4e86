"""What every page of mentoring begins with."""

from collections.abc import Callable, Sequence
from typing import Any

from django.forms import BooleanField, BoundField, Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from klash.competitions.models import Competition
from klash.core import clock, texts
from klash.core.errors import Refused
from klash.mentoring import selectors
from klash.mentoring.models import JointSession, MentoringDay, Session
from klash.teams.models import Team


def competition_of(user: Any, competition: str) -> Competition | None:
    return selectors.competition_for(user, competition)


def session_of(user: Any, competition: str, code: str) -> Session | None:
    return selectors.session_for(user, competition, code)


def to_session(session: Session, part: str = "") -> HttpResponse:
    """Lead back to a session's page. part: the id of the section to show."""
    where = reverse("mentoring:session", args=[session.chain, session.code])
    return redirect(f"{where}#{part}" if part else where)


def team_of(user: Any, competition: str) -> Team | None:
    return selectors.own_team(user, competition)


def day_of(user: Any, competition: str, number: int) -> MentoringDay | None:
    return selectors.day_for(user, competition, number)


def chosen_day(days: Sequence[MentoringDay], number: str) -> MentoringDay | None:
    """Return the day that was asked for, else the first that is not over, else the last."""
    today = timezone.localdate(clock.now())
    asked = [day for day in days if str(day.number) == number]
    return next(iter(asked or [day for day in days if day.on >= today] or days[-1:]), None)


def joint_session_of(user: Any, competition: str, number: int, code: str) -> JointSession | None:
    day = day_of(user, competition, number)
    return selectors.joint_session_for(day, code) if day else None


def accepts(request: HttpRequest, form: Form, act: Callable[[], Any]) -> bool:
    """Do what a form that was sent asks for; return whether it is done. A fault of the form or a refusal stands with the form then."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except Refused as refused:
        form.add_error(None, texts.sentence(refused.reason))
        return False
    return True


def seen_in(request: HttpRequest, revision: int) -> int:
    """Return the revision that the writer of a form started from; the one there is where the form does not say."""
    said = request.POST.get("seen", "")
    return int(said) if said.isdecimal() and len(said) < 10 else revision


def of_others(form: Form, seen: int, revision: int) -> list[tuple[Any, str]]:
    """Return the label of each field in which a form differs from what somebody else has saved since, and what that is."""
    if seen == revision:
        return []
    return [(form[name].label, _in_words(form[name])) for name in form.changed_data]


def _in_words(field: BoundField) -> str:
    if choices := getattr(field.field, "choices", None):
        return ", ".join(str(label) for code, label in choices if code in (field.initial or ()))
    if isinstance(field.field, BooleanField):
        return _("yes") if field.initial else _("no")
    return str(field.field.widget.format_value(field.initial) or "–")


def page(request: HttpRequest, template: str, competition: Competition, here: str, context: dict[str, Any], *, below: str = "") -> HttpResponse:
    """Render a page of mentoring with its breadcrumb. below: the name of the page that it lies under."""
    labels = {
        "plan": _("Plan the mentoring"), "days": _("Mentoring days"), "rules": _("Rules of the timetable"), "times": _("Times and needs"),
        "mentors": _("Mentors"), "diary": _("Diary"),
    }
    parents = [{"label": competition.name, "url": reverse("portal:competition", args=[competition.code])}]
    if template not in ("timetable", "own"):
        parents.append({"label": _("Mentoring"), "url": reverse("mentoring:timetable", args=[competition.code])})
    for name in ("plan", below) if below in ("days", "rules", "times") else (below,) if below else ():
        parents.append({"label": labels[name], "url": reverse(f"mentoring:{name}", args=[competition.code])})
    own = {"competition": competition, "is_invented": competition.is_invented, "parents": parents, "here": here}
    return render(request, f"mentoring/{template}.html", {**own, **context})
