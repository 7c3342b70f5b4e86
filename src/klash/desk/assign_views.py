"""The organiser's page of who reviews what: by the machine's proposal, from a file, by hand."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from klash.core import access, texts
from klash.core.errors import Refused
from klash.desk import selectors
from klash.desk.forms import FAULTS, HandForm, LoadsForm, RosterForm
from klash.desk.selectors import Fault, Sitting
from klash.desk.views import fetch_round, show_round
from klash.interests.texts import WORDS as CONFLICTS
from klash.reviewing import selectors as reading
from klash.reviewing import services as reviews
from klash.reviewing.hashes import key_of
from klash.reviewing.models import ConflictKind, Round
from klash.rules.conflicts import Kind
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import RoundState


def _fetch(user: Any, competition: str, round: str) -> selectors.RoundAtDesk | None:
    # In a round without names everyone judges everything: the desk has no page that tells of its entries.
    found = fetch_round(user, competition, round)
    return None if found is None or found.round.is_blind else found


@access.needs(Permission.RUN_COMPETITION, _fetch)
def assign(request: HttpRequest, found: selectors.RoundAtDesk) -> HttpResponse:
    """Show who reviews what and what the machine proposes; do what the button says. A refusal shows the page again."""
    round_, sittings = found.round, [row for row in selectors.sittings(found.round) if not row.is_absent]
    action, entries = request.POST.get("action"), reading.dealt(round_)
    form = LoadsForm(request.POST if action == "suggest" else None, round=round_)
    hand = HandForm(request.POST if action == "give" else None, entries=[(key_of(row.code), row.title) for row in entries], sittings=sittings)
    file_form = RosterForm(request.POST, request.FILES) if action in ("check", "confirm") else RosterForm()
    fault, lines = "", list[selectors.Line]()
    if request.method == "POST":
        try:
            if file_form.is_bound and file_form.is_valid():
                lines = selectors.roster(round_, file_form.cleaned_data["text"])
            if _take_over(request, round_, lines) or _give(request, round_, sittings, hand) or _deal(request, round_, sittings, form):
                return redirect("desk:assign", competition=found.competition.code, round=round_.code)
        except Refused as error:
            fault = _sentence(error.reason)
    return show_round(request, "assign", found, fault=fault, form=form, hand=hand, **_shown(round_, sittings, entries), **_checked(file_form, lines))


def _sentence(reason: Reason) -> str:
    if reason is Reason.CONFLICT:  # elsewhere it is told to the reviewer
        return _("A conflict of interest bars the reviewer from the entry. Nothing was assigned. Choose somebody else, or make a new proposal.")
    return texts.sentence(reason)


def _shown(round_: Round, sittings: list[Sitting], entries: list[reading.Dealt]) -> dict[str, Any]:
    """Return what the page shows of a round: its entries with their reviewers, the proposal, and who is barred from what."""
    names, keys = {row.seat.handle: row.name for row in sittings}, {row.seat.handle: row.key for row in sittings}
    rows: list[dict[str, Any]] = [{
        "key": key_of(row.code), "title": row.title, "language": row.language, "unmet": row.unmet,
        "proposed": [(keys[one], names[one]) for one in row.proposed if one in keys],
        "given": [(keys[one], names[one], begun) for one, begun in row.given if one in keys],
    } for row in entries]
    return {
        "rows": rows, "sittings": sittings, "proposal": reading.suggestion_of(round_), "bare": sum(not row["given"] for row in rows),
        "short": sum(0 < len(row["given"]) < (round_.reviews_per_entry or 0) for row in rows),
        "can_remove": any(not begun for row in rows for _key, _name, begun in row["given"]),
        "blocks": _blocks(round_, rows, names), "barred": _barred(round_, rows, names), **_fares(round_, rows, sittings),
    }


def _fares(round_: Round, rows: list[dict[str, Any]], sittings: list[Sitting]) -> dict[str, Any]:
    """Return which entry fares worst in the proposal, by its title, and how much each reviewer gets."""
    proposal = reading.suggestion_of(round_) or {}
    loads, worst = proposal.get("loads", {}), key_of(proposal.get("worst_entry", ""))
    return {
        "worst": next((row for row in rows if row["key"] == worst), None),
        "loads": [(row.name, loads[row.seat.handle]) for row in sittings if row.seat.handle in loads],
    }


def _barred(round_: Round, rows: list[dict[str, Any]], names: dict[str, str]) -> list[tuple[dict[str, Any], list[tuple[str, Any]]]]:
    """Return the entries that cannot be given to somebody, each with these reviewers and the kinds of conflict."""
    by_key, found = {row["key"]: row for row in rows}, dict[str, list[tuple[str, Any]]]()
    for code, handle, kind in reading.found_conflicts(round_):
        if handle in names and key_of(code) in by_key:
            found.setdefault(key_of(code), []).append((names[handle], _kind(kind)))
    return [(by_key[key], people) for key, people in found.items()]


def _kind(kind: str) -> Any:
    own = {ConflictKind.COMPETENCE: _("does not know the subject"), ConflictKind.RECOGNISED: _("recognised the author")}
    return own[ConflictKind(kind)] if kind in own else CONFLICTS[Kind(kind)]


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
    _tell_assigned(request, reviews.assign(actor=request.user, round=round_, pairs=[line.pair for line in lines if line.pair is not None]))
    return True


def _tell_assigned(request: HttpRequest, count: int) -> None:
    messages.success(request, ngettext("%(count)s review was assigned.", "%(count)s reviews were assigned.", count) % {"count": count})


def _blocks(round_: Round, rows: list[dict[str, Any]], names: dict[str, str]) -> list[dict[str, Any]]:
    """Return in words why the proposal lacks reviewers; an entry as its row, a reviewer by name."""
    proposal, by_key = reading.suggestion_of(round_) or {}, {row["key"]: row for row in rows}
    return [{
        "entries": [by_key[key_of(code)] for code in block["entries"] if key_of(code) in by_key],
        **{part: ", ".join(sorted(names.get(handle) or _("a reviewer") for handle in block[part])) for part in ("full", "barred")},
    } for block in proposal.get("blocking", [])]


def _give(request: HttpRequest, round_: Round, sittings: list[Sitting], form: HandForm) -> bool:
    """Assign one entry by hand; what is refused stays in the form."""
    if not (form.is_bound and form.is_valid()):
        return False
    entry, who = form.cleaned_data["entry"], form.cleaned_data["who"]
    pair = (_codes(round_)[entry], next(row.seat.handle for row in sittings if row.key == who))
    try:
        _tell_assigned(request, reviews.assign(actor=request.user, round=round_, pairs=[pair]))
    except Refused as error:
        form.add_error("who", _sentence(error.reason))
        return False
    return True


def _codes(round_: Round) -> dict[str, str]:
    return {key_of(code): code for code in reading.codes_of(round_)}


def _deal(request: HttpRequest, round_: Round, sittings: list[Sitting], form: LoadsForm) -> bool:
    """Make a proposal, apply it, or take back what is assigned, and return whether it was done."""
    action = request.POST.get("action")
    if action == "suggest":
        return form.is_valid() and _suggest(request, round_, form)
    handles, codes = {row.key: row.seat.handle for row in sittings}, _codes(round_)
    words = [word.partition("|") for word in request.POST.getlist("pair")]
    pairs = [(codes[entry], handles[who]) for entry, _bar, who in words if entry in codes and who in handles]
    if action == "apply":
        _tell_assigned(request, reviews.apply_suggestion(actor=request.user, round=round_, pairs=pairs))
    elif action == "remove":
        count = reviews.unassign(actor=request.user, round=round_, pairs=pairs)
        messages.success(request, ngettext("%(count)s review was taken back.", "%(count)s reviews were taken back.", count) % {"count": count})
    else:
        return False
    return True


def _suggest(request: HttpRequest, round_: Round, form: LoadsForm) -> bool:
    if round_.state == RoundState.DRAFT:
        reviews.set_up_round(actor=request.user, round=round_, **form.loads())
    reviews.suggest_assignment(actor=request.user, round=round_, weights=form.weights())
    messages.success(request, _("The proposal is ready. Nothing is assigned yet."))
    return True
