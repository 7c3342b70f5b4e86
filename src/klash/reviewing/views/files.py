"""The files of an entry, as they are and as pictures with their words."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from klash.core import access
from klash.core.downloads import attachment
from klash.reviewing import sheets
from klash.reviewing.models import EntryFile
from klash.reviewing.views.common import reading


@access.signed_in
@require_safe
def file(request: HttpRequest, code: str, entry_code: str, number: int) -> HttpResponse:
    stored = _file(request, code, entry_code, number)
    return attachment(bytes(stored.content), stored.media_type, stored.name, Content_Security_Policy="sandbox")


@access.signed_in
@require_safe
def read(request: HttpRequest, code: str, entry_code: str, number: int) -> HttpResponse:
    """Show the pages of a file as pictures with their words."""
    stored = _file(request, code, entry_code, number)
    return render(request, "reviewing/sheets.html", {
        "file": stored, "name": stored.name, "entry": stored.entry, "round": stored.entry.round, "sheets": sheets.sheets(stored),
    })


@access.signed_in
@require_safe
def picture(request: HttpRequest, code: str, entry_code: str, number: int, sheet: int) -> HttpResponse:
    found = sheets.picture(_file(request, code, entry_code, number), sheet)
    if found is None:
        raise Http404
    walls = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
    return HttpResponse(found[0], content_type=found[1], headers=walls)


def _file(request: HttpRequest, code: str, entry_code: str, number: int) -> EntryFile:
    own = reading(request, code, entry_code)[1]
    stored = EntryFile.objects.using(own._state.db).filter(entry=own.entry, number=number).select_related("entry__round").first()
    if stored is None:
        raise Http404
    return stored
