"""The plan of the timetable: made by the planner, changed by hand, published."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.competitions.models import Competition
from klash.core import access, show
from klash.core.errors import Refused
from klash.core.forms import revision_seen
from klash.core.texts import sentence
from klash.mentoring import bridge, selectors, services, texts
from klash.mentoring.bridge import Board, Found, TeamFigures
from klash.mentoring.forms import MeetingForm, MoveForm, sector_label
from klash.mentoring.models import MentoringDay, MentorProfile, Plan, PlannedMeeting, PlanRun, RunFault, Sector, Slot
from klash.mentoring.views.pages import accepts, competition_of, page
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason


@access.needs(Permission.PLAN_MENTORING, competition_of)
@require_safe
def plan(request: HttpRequest, competition: Competition) -> HttpResponse:
    return _plan_page(request, competition)


def _plan_page(request: HttpRequest, competition: Competition, *, told: str = "", fault: str = "") -> HttpResponse:
    """Draw the draft, else what was published last. told, fault: what a change by the script came to."""
    run = selectors.last_run_of(competition)
    is_running = run is not None and selectors.is_running(run)
    context: dict[str, Any] = {"run": run, "is_running": is_running, "told": told, "fault": fault}
    if not is_running:
        draft, published = selectors.draft_of(competition), selectors.published_of(competition)
        shown = draft or published
        context |= {
            "draft": draft, "published": published, "leaves": selectors.leaves_unplanned(competition), "run_fault": _fault_of(run, published),
            **(_board_of(bridge.board_of(shown)) if shown else {"days_count": competition.mentoring_days.count()}),
        }
    answer = page(request, "plan", competition, _("Plan the mentoring"), context)
    answer.status_code = 422 if fault else 200
    return answer


def _fault_of(run: PlanRun | None, published: Plan | None) -> str:
    """Return what stopped the last run, until something is published after it."""
    if run is None or not run.fault or run.ended_at is None:
        return ""
    is_past = published is not None and published.published_at is not None and published.published_at > run.ended_at
    return "" if is_past else str(texts.FAULTS[RunFault(run.fault)])


def _board_of(board: Board) -> dict[str, Any]:
    figures, columns = bridge.figures_of(board), bridge.page_of(board)
    slots = [[line.slot for line in column.lines] for column in columns]
    cures = figures.cures if not figures.is_by_hand else ()
    return {
        "shown": board.plan, "columns": columns, "figures": figures, "meetings": len(board.meetings), "is_outdated": _is_outdated(board),
        "share": _percent(figures.share, 1) if figures.share is not None else "", "diversity": _percent(figures.diversity, 0),
        "teams": [_of_team(row) for row in figures.teams], "legend": _legend(board.instance.mentors),
        "lacks": texts.lacks(cures), "cures": texts.cure_sentences(cures, slots), "days_count": len(columns),
        "breaches": _breaches(bridge.breaches_of(board)) if board.plan.published_at is None else [],
    }


def _percent(share: float, places: int) -> str:
    """Return a share in per cent, rounded down, so that what is not quite all is not told as all."""
    return show.fraction(Fraction(int(share * 100 * 10**places), 10**places), texts.language(), places)


def _of_team(row: TeamFigures) -> dict[str, Any]:
    """Return what the table of teams shows of one: the sector of each mentor whom it meets, and a gap for each session that it lacks."""
    mix = row.mix.get("sector") or {Sector.UNKNOWN.value: row.meetings}
    boxes = [sector.value for sector in Sector for _one in range(mix.get(sector, 0))]
    return {"row": row, "diversity": _percent(row.diversity, 0), "boxes": boxes, "gaps": range(row.short)}


def _legend(mentors: Sequence[MentorProfile]) -> list[tuple[str, str]]:
    sectors = {mentor.sector for mentor in mentors}
    return [(sector.value, sector_label(sector)) for sector in Sector if sector in sectors]


def _is_outdated(board: Board) -> bool:
    return board.plan.published_at is None and board.plan.told.get("stands") != board.instance.stands()


def _breaches(found: tuple[Found, ...]) -> list[str]:
    """Return each breach with when it is."""
    when = [f"{texts.day_words(one.day)}: " if one.day else "" for one in found]
    return list(dict.fromkeys(f"{at}{texts.breach(one)}" for at, one in zip(when, found, strict=True)))


def _done(request: HttpRequest, competition: Competition, act: Callable[[], Any], told: str) -> HttpResponse:
    """Do what changes a draft. A script gets the page as it is now, others go to it."""
    try:
        act()
    except Refused as refused:
        if request.htmx:  # type: ignore[attr-defined]
            return _plan_page(request, competition, fault=sentence(refused.reason))
        messages.error(request, sentence(refused.reason))
    else:
        if request.htmx:  # type: ignore[attr-defined]
            return _plan_page(request, competition, told=told)
        messages.success(request, told)
    return redirect("mentoring:plan", competition.code)


def _seen(request: HttpRequest) -> int:
    return revision_seen(request.POST.get("revision"))


@require_POST
@access.needs(Permission.PLAN_MENTORING, competition_of)
def make_plan(request: HttpRequest, competition: Competition) -> HttpResponse:
    try:
        services.start_in_background(services.ask_to_plan(actor=request.user, competition=competition, keeps="keeps" in request.POST))
    except Refused as refused:
        messages.error(request, sentence(refused.reason))
    return redirect("mentoring:plan", competition.code)


@require_POST
@access.needs(Permission.PLAN_MENTORING, competition_of)
def start_draft(request: HttpRequest, competition: Competition) -> HttpResponse:
    told = _("The draft is started from the sessions as they are.")
    return _done(request, competition, lambda: services.start_draft(actor=request.user, competition=competition), told)


@require_POST
@access.needs(Permission.PLAN_MENTORING, competition_of)
def renew_draft(request: HttpRequest, competition: Competition) -> HttpResponse:
    def act() -> None:
        services.renew_draft(actor=request.user, plan=_draft(competition), revision=_seen(request))

    return _done(request, competition, act, _("The draft follows the sessions and times as they are now."))


def _draft(competition: Competition) -> Plan:
    """Return the draft; somebody may have published or discarded it meanwhile."""
    if (draft := selectors.draft_of(competition)) is None:
        raise Refused(Reason.PAGE_CHANGED)
    return draft


@access.needs(Permission.PLAN_MENTORING, competition_of)
def discard_plan(request: HttpRequest, competition: Competition) -> HttpResponse:
    if request.method != "POST":
        return page(request, "discard", competition, _("Discard the draft"), {"draft": selectors.draft_of(competition)}, below="plan")

    def act() -> None:
        services.discard_plan(actor=request.user, plan=_draft(competition), revision=_seen(request))

    return _done(request, competition, act, _("The draft is discarded. The sessions stand as they were."))


def meeting_of(user: Any, competition: str, code: str) -> PlannedMeeting | None:
    return selectors.meeting_for(user, competition, code)


@access.needs(Permission.PLAN_MENTORING, meeting_of)
def move(request: HttpRequest, meeting: PlannedMeeting) -> HttpResponse:
    competition = meeting.plan.competition
    board = bridge.board_of(meeting.plan)
    own = next(row for row in board.meetings if row.pk == meeting.pk)
    moves = bridge.moves_for(board, own)
    form = MoveForm(request.POST or None, slots=[one.slot for one in moves])
    if request.method == "POST" and form.is_valid():
        slot = form.chosen()
        told = _("%(team)s and %(mentor)s meet now %(day)s at %(hours)s.") % {
            "team": meeting.team.name, "mentor": meeting.mentor.person.name, "day": texts.day_words(slot.day), "hours": texts.hours(slot, slot),
        }
        return _done(request, competition, lambda: services.place_meeting(actor=request.user, meeting=meeting, slot=slot, revision=_seen(request)), told)
    by_day: dict[int, tuple[MentoringDay, list[Any]]] = {}
    barred: list[tuple[bridge.Move, str]] = []
    for one in moves:
        state, words = texts.move(one)
        if state == "barred":
            barred.append((one, words))
        else:
            by_day.setdefault(one.slot.day_id, (one.slot.day, []))[1].append((one, state, words, one.slot.pk == meeting.slot_id))
    return page(request, "move", competition, f"{meeting.team.name} – {meeting.mentor.person.name}", {
        "meeting": meeting, "form": form, "days": list(by_day.values()), "barred": barred, "revision": meeting.plan.revision,
    }, below="plan")


@access.needs(Permission.PLAN_MENTORING, meeting_of)
@require_safe
def moves(request: HttpRequest, meeting: PlannedMeeting) -> HttpResponse:
    """Tell for each slot how a move there stands, for the script that drags."""
    board = bridge.board_of(meeting.plan)
    own = next(row for row in board.meetings if row.pk == meeting.pk)
    return JsonResponse({str(one.slot.pk): texts.move(one) for one in bridge.moves_for(board, own)})


@require_POST
@access.needs(Permission.PLAN_MENTORING, meeting_of)
def pin(request: HttpRequest, meeting: PlannedMeeting) -> HttpResponse:
    pinned = not meeting.is_pinned
    told = _("The meeting is pinned. Planning again leaves it where it is.") if pinned else _("The meeting is no longer pinned.")

    def act() -> None:
        services.pin_meeting(actor=request.user, meeting=meeting, is_pinned=pinned, revision=_seen(request))

    return _done(request, meeting.plan.competition, act, told)


@require_POST
@access.needs(Permission.PLAN_MENTORING, meeting_of)
def remove_meeting(request: HttpRequest, meeting: PlannedMeeting) -> HttpResponse:
    def act() -> None:
        services.remove_meeting(actor=request.user, meeting=meeting, revision=_seen(request))

    return _done(request, meeting.plan.competition, act, _("The meeting is taken out of the draft."))


@access.needs(Permission.PLAN_MENTORING, competition_of)
def add_meeting(request: HttpRequest, competition: Competition) -> HttpResponse:
    draft = selectors.draft_of(competition)
    if draft is None:
        return redirect("mentoring:plan", competition.code)
    instance = bridge.instance_of(competition)
    slots = [(slot, f"{texts.day_words(slot.day)} {texts.hours(slot, slot)}, {slot.day.place}") for slot in _ahead(instance)]
    form = MeetingForm(request.POST or None, slots=slots, teams=instance.teams, mentors=instance.mentors)
    if accepts(request, form, lambda: services.add_meeting(actor=request.user, plan=draft, revision=_seen(request), **form.values())):
        messages.success(request, _("The meeting is added to the draft."))
        return redirect("mentoring:plan", competition.code)
    return page(request, "add_meeting", competition, _("Add a meeting"), {"form": form, "revision": draft.revision}, below="plan")


def _ahead(instance: bridge.Instance) -> list[Slot]:
    return [slot for row in instance.grid for slot in row if slot and not instance.has_begun(slot)]


@access.needs(Permission.PLAN_MENTORING, competition_of)
def publish_plan(request: HttpRequest, competition: Competition) -> HttpResponse:
    draft, fault = selectors.draft_of(competition), ""
    if request.method == "POST":
        try:
            services.publish_plan(actor=request.user, plan=_draft(competition), revision=_seen(request), accepts_breaches="accepts" in request.POST)
        except Refused as refused:
            fault, draft = sentence(refused.reason), selectors.draft_of(competition)
        else:
            messages.success(request, _("The timetable is published. Those whom a change concerns get a mail."))
            return redirect("mentoring:plan", competition.code)
    if draft is None:
        return redirect("mentoring:plan", competition.code)
    board = bridge.board_of(draft)
    changes = bridge.difference_of(board)
    return page(request, "publish", competition, _("Publish the timetable"), {
        "draft": draft, "fault": fault, "difference": {kind: [one for one in changes if one.kind == kind] for kind in ("new", "moved", "gone", "stays")},
        "breaches": _breaches(bridge.breaches_of(board)), "is_outdated": _is_outdated(board), "letters": services.letters_of(draft, changes),
    }, below="plan")


@access.needs(Permission.PLAN_MENTORING, competition_of)
@require_safe
def versions(request: HttpRequest, competition: Competition) -> HttpResponse:
    return page(request, "versions", competition, _("Versions of the timetable"), {"plans": selectors.plans_of(competition)}, below="plan")
