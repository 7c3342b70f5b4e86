"""The pages of a meeting and of its minutes, as the desk and a blind round's chair show them.

names: what the page calls each seat of the round, by handle, in the order in which the page lists them.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.http import HttpRequest

from klash.core import access, texts
from klash.core.databases import reviewing as alias
from klash.core.errors import IllegalMove, Refused
from klash.core.forms import revision_seen
from klash.core.paging import PAGE, links
from klash.core.paging import asked as page_asked
from klash.reviewing import agenda, selectors, services
from klash.reviewing.hashes import key_of, minutes_hash
from klash.reviewing.models import AgendaItem, Entry, Meeting, Round
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import MeetingState


@dataclass(frozen=True)
class Member:
    """One of the body. name: as the page may call the member."""

    key: str
    name: str
    handle: str
    is_present: bool = True
    reason: str = ""


@dataclass(frozen=True)
class Matter:
    """An entry on the agenda with names in the place of handles."""

    key: str
    item: agenda.Item
    out: list[str]
    is_turn: bool


def members_of(round_: Round, names: Mapping[str, str]) -> list[Member]:
    """Return who can be at the meeting. One query."""
    handles = set(round_.seats.using(alias()).filter(is_absent=False).values_list("handle", flat=True))
    return [Member(key_of(handle), name, handle) for handle, name in names.items() if handle in handles]


def hold(request: HttpRequest, *, actor: Any, round: Round, meeting: Meeting | None, names: Mapping[str, str]) -> tuple[Meeting | None, str]:
    """Do what the page of a meeting posted; return the meeting and the fault in words, "" if there is none."""
    try:
        if meeting is None:
            return start(actor=actor, round=round, names=names, posted=request.POST), ""
        return act(actor=actor, meeting=meeting, posted=request.POST), ""
    except (Refused, IllegalMove) as error:
        return meeting, texts.sentence(error.reason)


def host_page(request: HttpRequest, *, actor: Any, round: Round, meeting: Meeting | None, names: Mapping[str, str], fault: str) -> dict[str, Any]:
    """Return what a meeting's host sees, before it is started and after. At most six queries."""
    shown: dict[str, Any] = {"round": round, "fault": fault}
    if meeting is None:
        return {**shown, "members": members_of(round, names), "is_over": agenda.is_over(round)}
    noted = request.POST.get("entry", "") if getattr(request, "htmx", False) else ""
    return {
        **shown, **page(meeting, names, asked(request), noted), **ending(meeting, actor, request),
        "may_note": access.may(actor, Permission.WRITE_MINUTES, meeting), "typed": request.POST.get("note") if fault else None,
    }


def start(*, actor: Any, round: Round, names: Mapping[str, str], posted: Any) -> Meeting:
    """Start the meeting with those who are ticked. Raises as `start_meeting` does."""
    members = members_of(round, names)
    there = set(posted.getlist("present"))
    return services.start_meeting(
        actor=actor, round=round, place=posted.get("place", ""), present={row.handle: row.key in there for row in members},
        reasons={row.handle: posted.get(f"why-{row.key}", "") for row in members},
    )


def act(*, actor: Any, meeting: Meeting, posted: Mapping[str, str]) -> Meeting:
    """Do what the page of a meeting asks for: note, turn, presence, end, resumption. Raises as the services do, Refused(INCOMPLETE) for anything else.

    A note that is sent along is saved before whatever else the button does.
    """
    entries = {key_of(row.code): row for row in Entry.objects.using(alias()).filter(round=meeting.round).only("code", "round")}
    if (entry := entries.get(posted.get("entry", ""))) is not None:
        text = posted.get("note", "").replace("\r\n", "\n")
        services.write_note(actor=actor, meeting=meeting, entry=entry, text=text, revision=revision_seen(posted.get("revision")))
    if (position := _number(posted.get("turn", ""))) is not None:
        return services.turn_to(actor=actor, meeting=meeting, position=position)
    if "member" in posted:
        handles = {key_of(handle): handle for handle in meeting.round.seats.using(alias()).values_list("handle", flat=True)}
        handle, is_present = handles.get(posted["member"], ""), posted.get("is_present") == "yes"
        services.mark_presence(actor=actor, meeting=meeting, handle=handle, is_present=is_present, reason=posted.get("why", ""))
    elif "end" in posted:
        return services.end_meeting(actor=actor, meeting=meeting)
    elif "resume" in posted:
        return services.resume_meeting(actor=actor, meeting=meeting, reason=posted.get("why", ""))
    elif entry is None:
        raise Refused(Reason.INCOMPLETE)
    return meeting


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else None


def asked(request: HttpRequest) -> int | None:
    """Return the page of the agenda that the address asks for, or None."""
    return page_asked(request) if "page" in request.GET else None


def page(meeting: Meeting, names: Mapping[str, str], number: int | None = None, noted: str = "") -> dict[str, Any]:
    """Return what the page of a meeting shows its host: the matter in turn, and 50 of the agenda. Four queries, five with `noted`.

    number: the page of the agenda, 0 the first; without it the one on which the matter in turn stands.
    noted: key of the matter to show in the place of the one in turn, on whichever page of the agenda it stands.
    """
    number = (meeting.turn - 1) // PAGE if number is None else number
    shown = range(number * PAGE + 1, (number + 1) * PAGE + 1)
    position = _position(meeting, noted) if noted else meeting.turn
    found = agenda.agenda(meeting, [*shown, position])
    at_meeting = (found.present | found.absent.keys()) - found.gone
    members = [
        Member(key_of(handle), name, handle, handle in found.present, found.absent.get(handle, "")) for handle, name in names.items() if handle in at_meeting
    ]
    return {
        "meeting": meeting, "agenda": found, "matter": matter(found, found.at(position), names), "members": members, "count": found.count,
        "text": Entry.objects.using(alias()).filter(round=meeting.round, code=found.at(position).code).first(),
        "matters": [matter(found, item, names) for item in found.items if item.position in shown],
        **links(number, found.count), "first_url": "?page=1" if number else "",
        "going_out": _named(found.going_out, names), "coming_back": _named(found.coming_back, names), "is_running": meeting.state == MeetingState.RUNNING,
        "previous": meeting.turn - 1, "next": meeting.turn + 1 if meeting.turn < found.count else 0,
    }


def ending(meeting: Meeting, actor: Any, request: HttpRequest) -> dict[str, Any]:
    """Return what the page shows before the meeting is ended, how many matters were not dealt with, and once it has, whether it may be resumed.

    One query at most, none while it runs and nobody asks to end it.
    """
    if meeting.state == MeetingState.ENDED:
        return {"may_resume": access.may(actor, Permission.RESUME_MEETING, meeting) and not agenda.is_over(meeting.round)}
    if "end" not in request.GET or meeting.state != MeetingState.RUNNING:
        return {}
    return {"is_ending": True, "untouched": AgendaItem.objects.using(alias()).filter(meeting=meeting, left__isnull=True).count()}


def matter(found: agenda.Agenda, item: agenda.Item, names: Mapping[str, str]) -> Matter:
    return Matter(key_of(item.code), item, _named(item.out, names), item.position == found.meeting.turn)


def _position(meeting: Meeting, key: str) -> int:
    """Return where on the agenda the matter of this key stands; the position in turn for no key of the agenda. One query."""
    codes = AgendaItem.objects.using(alias()).filter(meeting=meeting).values_list("entry__code", "position")
    return next((position for code, position in codes if key_of(code) == key), meeting.turn)


def _named(handles: Container[str], names: Mapping[str, str]) -> list[str]:
    return [name for handle, name in names.items() if handle in handles]


def write(request: HttpRequest, *, actor: Any, meeting: Meeting, decisions: Mapping[str, agenda.Decision], **more: Any) -> str:
    """Do what the page of the minutes posted, the addition or the approval; return the fault in words, "" if there is none."""
    try:
        if "approve" in request.POST:
            services.approve_minutes(actor=actor, meeting=meeting, seen=request.POST.get("seen", ""), decisions=decisions, **more)
        else:
            services.add_to_minutes(actor=actor, meeting=meeting, text=request.POST.get("addition", "").replace("\r\n", "\n")[:10000])
    except (Refused, IllegalMove) as error:
        return texts.sentence(error.reason)
    return ""


def minutes_page(
    found: agenda.Agenda, names: Mapping[str, str], decisions: Mapping[str, agenda.Decision], *, hidden: frozenset[str] = frozenset(), **more: Any
) -> dict[str, Any]:
    """Return what the page of the minutes shows: as approved, or as they stand. hidden: codes of entries of which the reader learns nothing."""
    meeting = found.meeting
    content = meeting.minutes or agenda.minutes_of(found, decisions, **more)
    languages = {item.code: item.language for item in found.items}
    items = [
        {
            **row, "points": Fraction(row["points"]) if row["points"] else None, "left": _named(row["left"], names), "is_hidden": row["entry"] in hidden,
            "language": languages[row["entry"]],
        }
        for row in content["items"]
    ]
    absent = content["absent"]
    return {
        "meeting": meeting, "minutes": content, "items": items, "seen": minutes_hash(content), "taken": sum(row["is_taken"] is True for row in items),
        "present": _named(content["present"], names), "absent": [(name, absent[handle]) for handle, name in names.items() if handle in absent],
        "movements": [
            {**row, "name": names[row["seat"]], "at": agenda.moment(row["at"])}
            for row in content.get("movements", ())  # minutes that were approved before they told of these have none
        ],
        "breaks": [
            {**row, **{name: agenda.moment(row[name]) for name in ("ended_at", "resumed_at")}} for row in content.get("breaks", ())
        ],
        "firmness": _firmness(meeting.round, content.get("firmness", {}), hidden, {row["entry"]: row["title"] for row in content["items"]}),
        "started_at": agenda.moment(content["started_at"]), "ended_at": agenda.moment(content["ended_at"]),
        "is_approved": meeting.state == MeetingState.APPROVED, "is_ended": meeting.state == MeetingState.ENDED,
        "is_decided": any(row["is_taken"] is not None or row["reason"] for row in items),
    }


def _firmness(round_: Round, told: Mapping[str, Any], hidden: frozenset[str], titles: dict[str, str]) -> list[str]:
    """Return in sentences how firm the result is; none for a reader who may learn nothing of an entry that they name."""
    found = selectors.hinges_told(told, {} if round_.is_blind else titles)
    named = {told["second"], *(code for name in ("winners", "by_mean", "by_median", "by_borda") for code in told[name])} if found else set()
    return found.sentences if found and not named & hidden else []
