"""The page on which a file is attached to one question, and the file as it is handed out: one for problems and applications."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from klash.competitions.models import AnswerFile, Question
from klash.core import texts
from klash.core.errors import KlashError
from klash.files import services as files


class AttachForm(forms.Form):
    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}), error_messages={"required": _("Choose a file first.")},
        help_text=_("A PDF, or a picture as PNG or JPEG, at most 20 MB. What others get is made anew from what it shows, without hidden data."),
    )


def attached(request: HttpRequest, attach: Callable[[Any], Any], remove: Callable[[], Any]) -> tuple[AttachForm, bool]:
    """Do what the page's form asks for; return the form with its faults, and whether something was done."""
    form = AttachForm(request.POST, request.FILES) if request.method == "POST" and "remove" not in request.POST else AttachForm()
    if request.method != "POST":
        return form, False
    try:
        if "remove" in request.POST:
            remove()
            return form, True
        if form.is_valid():
            attach(form.cleaned_data["file"])
            return form, True
    except KlashError as error:
        form = AttachForm(request.POST, request.FILES)
        form.add_error("file", texts.sentence(error.reason))
    return form, False


def handed_out(thing: str, question: Question | None, *, is_whole: bool) -> HttpResponse:
    """Answer with the file that answers a question. is_whole: as it was received, for who writes it and the staff; others get what was made anew from it.

    Raises Http404 where there is none, or none that may go out.
    """
    row = AnswerFile.objects.filter(thing=thing, question=question.code).select_related("file").first() if question else None
    if row is None or not (is_whole or row.file.rebuilt):
        raise Http404
    return files.serve(row.file, is_clean=not is_whole)
