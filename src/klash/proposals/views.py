import time
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from klash.competitions.models import StageKind
from klash.core import access, arrival, audit, chance, clock, texts
from klash.core.downloads import attachment
from klash.core.errors import Denied, Refused
from klash.core.once import FIELD
from klash.core.templatetags.show import pick
from klash.files import services as files
from klash.files import uploads
from klash.files.intake import Outcome
from klash.files.models import StoredFile
from klash.proposals import findings, selectors, services
from klash.proposals.bridge import language_of_copy, suspicions, unread
from klash.proposals.forms import FileForm, ProposalForm, ReplaceForm, SettleForm, SubmitForm, seen_in, values_of
from klash.proposals.models import Proposal, Version
from klash.proposals.services.attaching import owner_of
from klash.rules.permissions import Permission
from klash.rules.reasons import TOLD, Reason
from klash.rules.states import ApplicationState
from klash.teams.models import Team

CHUNK_BYTES = 1024 * 1024  # what the page's script sends at a time


def _own(request: HttpRequest, competition: str, team: str) -> Proposal:
    return access.found(selectors.proposal_of(request.user, competition, team))


def _team(request: HttpRequest, competition: str, team: str) -> Team:
    return access.found(selectors.team_of(request.user, competition, team))


def _context(request: HttpRequest, proposal: Proposal) -> dict[str, Any]:
    """Return what every page of the team shows: where things stand, and what may be done now."""
    now, team = clock.now(), proposal.team
    stage = team.challenge.competition.stage(StageKind.PROPOSALS)
    why_not = access.reason_against(request.user, Permission.SUBMIT_PROPOSAL, proposal, now)
    standing = selectors.standing(proposal, stage, now)
    return {
        "proposal": proposal, "team": team, "challenge": team.challenge, "competition": team.challenge.competition, "stage": stage,
        "standing": standing, "attachments": proposal.held(),
        "is_invented": team.challenge.competition.is_invented, "can_edit": access.may(request.user, Permission.EDIT_PROPOSAL, proposal, now),
        "can_submit": why_not is None, "is_late": why_not is Reason.DEADLINE_PASSED and _may_come_late(proposal),
        "can_withdraw": standing.kind in ("submitted", "changed") and not standing.is_over,
    }


def _may_come_late(proposal: Proposal) -> bool:
    return proposal.is_complete(clock.now()) and not proposal.too_long() and not selectors.is_opened(proposal.team.challenge)


def _edit_page(request: HttpRequest, proposal: Proposal, form: ProposalForm, **more: Any) -> HttpResponse:
    said = selectors.carried(proposal)
    context = {
        **_context(request, proposal), "form": form, "file_form": FileForm(), "rows": selectors.file_rows(proposal),
        "blocks": [{**block, "rows": [{**row, "said": said.get(row["question"].code, "")} for row in block["rows"]]} for block in form.blocks()],
        "beside": request.GET.get("beside", ""),
        "waiting": uploads.waiting(access.person(request), owner_of(proposal)), "chunk_bytes": CHUNK_BYTES, **more,
    }
    faulty = form.is_bound and bool(form.errors) or more.get("stored") is not None or more.get("fault")
    return render(request, "proposals/edit.html", context, status=409 if more.get("stored") else 422 if faulty else 200)


@access.signed_in
def edit(request: HttpRequest, competition: str, team: str) -> HttpResponse:
    proposal = selectors.proposal_of(request.user, competition, team)
    if proposal is None:
        return _not_started(request, _team(request, competition, team))
    if request.method != "POST":
        if not access.may(request.user, Permission.EDIT_PROPOSAL, proposal):
            return render(request, "proposals/closed.html", {
                **_context(request, proposal), "sections": _sections(proposal), "notes": selectors.copy_notes(proposal),
            })
        return _edit_page(request, proposal, ProposalForm(proposal, clock.now()))
    form = ProposalForm(proposal, clock.now(), request.POST)
    if not form.is_valid():
        return _edit_page(request, proposal, form)
    try:
        if request.POST.get("carry") in form.parts[1:] and form.seen() is not None:
            return _carry(request, proposal, form, request.POST["carry"])
        services.save_proposal(actor=request.user, proposal=proposal, texts=form.texts(), revision=form.cleaned_data["revision"], seen=form.seen())
    except (Refused, Denied) as error:
        return _kept(request, competition, team, form, error.reason)
    return redirect("proposals:summary" if "summary" in request.POST else "proposals:edit", competition, team)


def _carry(request: HttpRequest, proposal: Proposal, form: ProposalForm, code: str) -> HttpResponse:
    """Save with what the application said in one section; where something stands already, show it beside."""
    is_put = services.carry_over(actor=request.user, proposal=proposal, code=code, texts=form.texts(), seen=form.seen() or {})
    return redirect(f"{request.path}#id_{code}" if is_put else f"{request.path}?beside={code}#said_{code}")


def _kept(request: HttpRequest, competition: str, team: str, sent: ProposalForm, reason: Reason) -> HttpResponse:
    """Show the form again with what was typed; after a clash beside what somebody else saved meanwhile."""
    if reason not in TOLD:
        raise Http404
    proposal = _own(request, competition, team)
    if reason is not Reason.TEXT_CHANGED:
        sent.add_error(None, texts.sentence(reason))
        return _edit_page(request, proposal, sent)
    stored, seen = values_of(proposal), sent.seen() or {}
    # What this writer has not touched is shown as it is stored; what both changed stands here and there.
    mine = {name: stored.get(name, "") if selectors.fingerprint(value) == seen.get(name) else value for name, value in sent.texts().items()}
    form = ProposalForm(proposal, clock.now(), sent.as_data({**mine, **seen_in(stored), "revision": str(proposal.revision)}))
    form.is_valid()
    form.add_error(None, texts.sentence(reason))
    differing = [(form[name], proposal.text(name)) for name, value in stored.items() if value != mine.get(name, value)]
    return _edit_page(request, proposal, form, stored=stored, differing=differing)


def _not_started(request: HttpRequest, team: Team) -> HttpResponse:
    now = clock.now()
    reason = access.reason_against(request.user, Permission.EDIT_PROPOSAL, Proposal(team=team), now)
    stage = team.challenge.competition.stage(StageKind.PROPOSALS)
    application = getattr(team, "application", None)
    # Before the admissions are released nothing here may tell of them.
    is_known = application is not None and (application.released_at is not None or now >= stage.opens_at)
    is_admitted = is_known and application is not None and application.state == ApplicationState.ADMITTED
    return render(request, "proposals/start.html", {
        "team": team, "challenge": team.challenge, "competition": team.challenge.competition, "stage": stage, "is_admitted": is_admitted,
        "can_start": reason is None and is_admitted, "is_over": now > stage.closes_at,
    })


@access.signed_in
@require_POST
def start(request: HttpRequest, competition: str, team: str) -> HttpResponse:
    services.start_proposal(actor=request.user, team=_team(request, competition, team))
    return redirect("proposals:edit", competition, team)


@access.signed_in
@require_POST
def save(request: HttpRequest, competition: str, team: str) -> HttpResponse:
    """Save as one types; the answer is the line that says where things stand."""
    proposal = _own(request, competition, team)
    form = ProposalForm(proposal, clock.now(), request.POST)
    fault: Any = ""
    is_clash = False
    if not form.is_valid():
        fault = _("The draft was not saved. Check the fields and press Save.")
    else:
        try:
            services.save_proposal(actor=request.user, proposal=proposal, texts=form.texts(), revision=form.cleaned_data["revision"], seen=form.seen())
        except (Refused, Denied) as error:
            if error.reason not in TOLD:
                raise Http404 from None
            is_clash = error.reason is Reason.TEXT_CHANGED
            fault = _("Someone else saved this text meanwhile.") if is_clash else texts.sentence(error.reason)
    stored = _own(request, competition, team)
    context = {**_context(request, stored), "fault": fault, "is_clash": is_clash}
    if not fault:
        context |= _saved(stored, form)
    # The browser keeps the text until it hears 200.
    return render(request, "proposals/_saved.html", context, status=422 if fault else 200)


def _saved(stored: Proposal, form: ProposalForm) -> dict[str, Any]:
    """Return what the page must know after it was saved: the texts that it has in common with what is stored, and where others wrote meanwhile."""
    sent, names = form.texts(), selectors.names_of_parts(stored)
    same = {name: value for name, value in sent.items() if stored.answer(name) == value}
    return {"hidden": {"revision": stored.revision, **seen_in(same)}, "elsewhere": [label for name, label in names.items() if name not in same]}


@access.signed_in
@require_POST
def attach(request: HttpRequest, competition: str, team: str) -> HttpResponse:
    """Take in each file by itself, in a transaction of its own: `once`, which holds one around a view, would let everyone wait for the examinations."""
    proposal = _own(request, competition, team)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _edit_page(request, proposal, ProposalForm(proposal, clock.now()), file_form=form, fault=True)
    arrived_at, until = arrival.moment(request), time.monotonic() + uploads.SECONDS
    try:
        for number, uploaded in enumerate(form.cleaned_data["file"]):
            services.attach_file(
                actor=request.user, proposal=proposal, uploaded=uploaded, key=_key_of(request, proposal, number, uploaded), arrived_at=arrived_at,
                seconds=max(until - time.monotonic(), 0),
            )
    except Refused as error:
        form.add_error("file", texts.sentence(error.reason))
        proposal = _own(request, competition, team)
        return _edit_page(request, proposal, ProposalForm(proposal, clock.now()), file_form=form, fault=True)
    return redirect(f"{_path(request, proposal)}#files")


def _key_of(request: HttpRequest, proposal: Proposal, number: int, uploaded: Any) -> str:
    """Return the key of a file of a form that carries one (`{% once %}`): the same file of the same form has the same."""
    given = request.POST.get(FIELD, "")
    content = audit.sha256(*uploaded.chunks())
    return audit.sha256("klash/1/attached", proposal.code, given, str(number), content)[:32] if given else ""


def _path(request: HttpRequest, proposal: Proposal) -> str:
    return request.path.removesuffix("files/")


def _file(proposal: Proposal, key: str) -> StoredFile:
    """Return a file of the working copy. What was submitted is sealed: it cannot be taken out again."""
    return access.found(next((row.file for row in proposal.attachments.all() if row.file.key == key), None))


@access.signed_in
@require_safe
def file(request: HttpRequest, competition: str, team: str, key: str) -> Any:
    found = _file(_own(request, competition, team), key)
    if not found.is_held:
        raise Http404
    return files.serve(found)


@access.signed_in
@require_safe
def file_picture(request: HttpRequest, competition: str, team: str, key: str) -> HttpResponse:
    return _picture(files.read_picture(_file(_own(request, competition, team), key)))


@access.signed_in
@require_POST
def detach(request: HttpRequest, competition: str, team: str, key: str) -> HttpResponse:
    proposal = _own(request, competition, team)
    services.detach_file(actor=request.user, proposal=proposal, file=_file(proposal, key))
    return redirect("proposals:edit", competition, team)


# What could tell whose the proposal is.

def _identity_page(request: HttpRequest, proposal: Proposal, fault: str = "") -> HttpResponse:
    parts = selectors.names_of_parts(proposal)
    found = [findings.told(one, parts) for one in suspicions(proposal)]
    context = {
        **_context(request, proposal), "open": [row for row in found if row.mark not in proposal.settled],
        "settled": [row for row in found if row.mark in proposal.settled], "fault": fault,
        "unread": unread(proposal),
    }
    return render(request, "proposals/identity.html", context, status=409 if fault else 200)


@access.signed_in
@require_safe
def identity(request: HttpRequest, competition: str, team: str) -> HttpResponse:
    return _identity_page(request, _own(request, competition, team))


@access.signed_in
@require_POST
def replace_name(request: HttpRequest, competition: str, team: str) -> HttpResponse:
    proposal, form = _own(request, competition, team), ReplaceForm(request.POST)
    if form.is_valid():
        try:
            services.replace_name(actor=request.user, proposal=proposal, **form.cleaned_data)
        except Refused as error:
            return _identity_page(request, _own(request, competition, team), texts.sentence(error.reason))
    return redirect("proposals:identity", competition, team)


@access.signed_in
@require_POST
def settle_finding(request: HttpRequest, competition: str, team: str) -> HttpResponse:
    proposal, form = _own(request, competition, team), SettleForm(request.POST)
    if form.is_valid():
        services.settle_finding(actor=request.user, proposal=proposal, mark=form.cleaned_data["mark"], is_settled=not form.cleaned_data["again"])
    return redirect("proposals:identity", competition, team)


# As the jury will see it.

@access.signed_in
@require_safe
def blind(request: HttpRequest, competition: str, team: str) -> HttpResponse:
    proposal = _own(request, competition, team)
    return render(request, "proposals/blind.html", {
        **_context(request, proposal), "language": language_of_copy(proposal), "files": selectors.blind_files(proposal),
        "sections": [{"heading": row.heading, "text": proposal.text(row.code)} for row in proposal.asked() if row.is_public],
        "lacking": [file for file in proposal.held() if not file.rebuilt],
    })


@access.signed_in
@require_safe
def blind_file(request: HttpRequest, competition: str, team: str, number: int) -> HttpResponse:
    found = access.found(next((row for row in selectors.blind_files(_own(request, competition, team)) if row.number == number), None))
    return attachment(files.read_clean(found.file), found.file.media_type, found.name, Content_Security_Policy="sandbox")


def _sections(proposal: Proposal) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [{"name": "title", "label": _("Title"), "text": proposal.title, "is_required": True}]
    now = clock.now()
    for section in proposal.asked():
        words, limits = proposal.words(section), section.limits
        rows.append({
            "name": section.code, "label": pick(section.heading), "text": proposal.text(section.code), "is_required": section.asked.is_required_at(now),
            "is_apart": not section.is_public,
            **({"words": words, "limits": limits, "excess": limits.excess(words), "is_long": limits.is_long(words)} if limits else {}),
        })
    return [{**row, "is_empty": not row["text"].strip()} for row in rows]


@access.signed_in
def summary(request: HttpRequest, competition: str, team: str) -> HttpResponse:
    proposal = _own(request, competition, team)
    form = SubmitForm(request.POST if request.method == "POST" else None, initial={"key": chance.key()})
    if request.method == "POST" and form.is_valid():
        try:
            key, arrived_at = form.cleaned_data["key"], arrival.moment(request)
            version = services.submit_proposal(actor=request.user, proposal=proposal, idempotency_key=key, arrived_at=arrived_at, confirmed_blind=True)
        except (Refused, Denied) as error:
            if error.reason not in TOLD:
                raise Http404 from None
            form = SubmitForm({"key": chance.key(), "confirmed": True})
            form.is_valid()
            form.add_error(None, texts.sentence(error.reason))
        else:
            return redirect("proposals:receipt", competition, team, version.receipt)
    sections = _sections(proposal)
    context = {**_context(request, proposal), "form": form, "sections": sections}
    context["missing"] = [row for row in sections if row["is_empty"] and row["is_required"]]
    context["too_long"] = [row for row in sections if row.get("excess")]
    context["kept"] = [file for file in context["attachments"] if file.outcome == Outcome.KEPT]
    return render(request, "proposals/summary.html", context, status=422 if form.errors else 200)


@access.signed_in
def withdraw(request: HttpRequest, competition: str, team: str) -> HttpResponse:
    proposal = _own(request, competition, team)
    context = _context(request, proposal)
    if request.method == "POST":
        services.withdraw_proposal(actor=request.user, proposal=proposal)
        return redirect("proposals:edit", competition, team)
    if not context["can_withdraw"]:
        raise Http404
    return render(request, "proposals/withdraw.html", context)


def _receipt(request: HttpRequest, competition: str, team: str, receipt: str) -> Version:
    return access.found(selectors.receipt_of(request.user, competition, team, receipt))


@access.signed_in
@require_safe
def receipt(request: HttpRequest, competition: str, team: str, receipt: str) -> HttpResponse:
    version = _receipt(request, competition, team, receipt)
    proposal = version.proposal
    return render(request, "proposals/receipt.html", {
        "version": version, "proposal": proposal, "team": proposal.team, "challenge": proposal.team.challenge,
        "competition": proposal.team.challenge.competition, "stands": selectors.standing_version(proposal), "parts": _parts(version),
        "decision": selectors.decision_on(version) if version.is_late else None,
    })


def _parts(version: Version) -> list[dict[str, Any]]:
    """Return the parts of a version with their names; a file of which there is a picture has its number."""
    labels, shown = selectors.names_of_parts(version.proposal), {page.part for page in version.first_pages.all()}
    return [
        {**row, "label": labels.get(row["part"], row.get("name", row["part"])), "number": row["part"].partition("/")[2] if row["part"] in shown else ""}
        for row in version.manifest["parts"]
    ]


@access.signed_in
@require_safe
def receipt_picture(request: HttpRequest, competition: str, team: str, receipt: str, number: int) -> HttpResponse:
    return _picture(services.read_first_page(_receipt(request, competition, team, receipt), f"file/{number}"))


def _picture(content: bytes) -> HttpResponse:
    if not content:
        raise Http404
    return HttpResponse(content, content_type="image/png", headers={"X-Content-Type-Options": "nosniff"})


@access.signed_in
@require_safe
def receipt_json(request: HttpRequest, competition: str, team: str, receipt: str) -> HttpResponse:
    version = _receipt(request, competition, team, receipt)
    answer = JsonResponse(version.document, json_dumps_params={"indent": 2, "ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="receipt-{version.receipt}.json"'
    return answer
