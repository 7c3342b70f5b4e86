"""Files that come in chunks from the page's script. Every answer is JSON: how much is held, what is wrong, and the list of files once one is in."""

import re
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST

from klash.core import access, arrival, texts
from klash.core.errors import Denied, KlashError
from klash.files import uploads
from klash.files.models import StoredFile, Upload
from klash.proposals import selectors, services
from klash.proposals.models import Proposal
from klash.proposals.services.attaching import owner_of
from klash.rules.reasons import TOLD, Reason

STATUS = {Reason.UPLOAD_OUT_OF_PLACE: 409, Reason.DISK_FULL: 507}
_OFFSET = re.compile(r"\d{1,9}", re.ASCII)


class UploadForm(forms.Form):
    name = forms.CharField(max_length=1000)
    size = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", required=False)


@access.signed_in
@require_POST
def begin_upload(request: HttpRequest, competition: str, team: str) -> HttpResponse:
    proposal, form = _own(request, competition, team), UploadForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"fault": texts.sentence(Reason.UPLOAD_CHANGED)}, status=422)
    told = form.cleaned_data
    try:
        upload = services.begin_upload(actor=request.user, proposal=proposal, name=told["name"], size_bytes=told["size"], sha256=told["sha256"])
    except KlashError as error:
        return _fault(error)
    url = reverse("proposals:upload", args=[competition, team, upload.key])
    return JsonResponse({"url": url, "offset": upload.held_bytes})


@access.signed_in
def upload(request: HttpRequest, competition: str, team: str, key: str) -> HttpResponse:
    """Tell how much is held; take a chunk. What is whole is examined, and a request without a byte asks for that again."""
    proposal = _own(request, competition, team)
    found = uploads.find(access.person(request), owner_of(proposal), key)
    if found is None:
        return _done(request, proposal, next((row.file for row in proposal.attachments.all() if row.file.key == key), None))
    if request.method != "POST":
        return JsonResponse({"offset": found.held_bytes})
    try:
        return _taken(request, proposal, found)
    except KlashError as error:
        return _fault(error, offset=found.held_bytes)


def _taken(request: HttpRequest, proposal: Proposal, found: Upload) -> HttpResponse:
    length, offset = request.META.get("CONTENT_LENGTH") or "0", request.headers.get("Upload-Offset", "")
    if not _OFFSET.fullmatch(offset) or not _OFFSET.fullmatch(length):
        return JsonResponse({"offset": found.held_bytes, "fault": texts.sentence(Reason.UPLOAD_OUT_OF_PLACE)}, status=400)
    if int(length) > uploads.CHUNK_BYTES_MAX:
        return JsonResponse({"offset": found.held_bytes}, status=413)
    given: dict[str, Any] = {"actor": request.user, "proposal": proposal, "upload": found}
    services.add_chunk(**given, offset=int(offset), data=request.body, arrived_at=arrival.moment(request))
    if not found.is_whole:
        return JsonResponse({"offset": found.held_bytes})
    stored = services.finish_upload(**given)
    return _done(request, proposal, stored) if stored is not None else JsonResponse({"offset": found.held_bytes}, status=202)


def _done(request: HttpRequest, proposal: Proposal, stored: StoredFile | None) -> HttpResponse:
    """Answer with what became of a file, and with the list of files as it is now."""
    stored = access.found(stored)
    proposal = _own(request, proposal.team.challenge.competition.code, proposal.team.code)
    rows = selectors.file_rows(proposal)
    context = {"rows": rows, "team": proposal.team, "competition": proposal.team.challenge.competition}
    reason = next((row.reason for row in rows if row.file.key == stored.key), "")
    return JsonResponse({
        "offset": stored.size_bytes, "outcome": stored.outcome, "reason": reason, "files": render_to_string("proposals/_files.html", context, request),
    })


def _fault(error: KlashError, **more: int) -> HttpResponse:
    if isinstance(error, Denied) and error.reason not in TOLD:
        raise Http404
    status = 403 if isinstance(error, Denied) else STATUS.get(error.reason, 422)
    return JsonResponse({**more, "fault": texts.sentence(error.reason)}, status=status)


def _own(request: HttpRequest, competition: str, team: str) -> Proposal:
    return access.found(selectors.proposal_of(request.user, competition, team))
