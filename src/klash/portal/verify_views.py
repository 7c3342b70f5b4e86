"""Anyone checks a decided competition, and one's own receipt, here or with a programme that needs nothing of ours."""

import json
from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from klash.competitions.models import Competition
from klash.competitions.selectors import find
from klash.core import access
from klash.core.downloads import attachment
from klash.portal import verifier
from klash.portal.selectors import record

RECEIPT_BYTES_MAX = 100_000
OUTCOMES = {
    "stood": _("The version of this receipt was in the sealed set and was opened to the jury."),
    "replaced": _("The version of this receipt came in time, but it was not in the sealed set: a newer one took its place, or it was withdrawn."),
    "late": _("The version of this receipt came after the deadline and was not in the sealed set."),
    "late, admitted": _("The version of this receipt came after the deadline and was let into the set by a decision with a reason."),
}


class VerifyForm(forms.Form):
    competition = forms.ChoiceField(label=_("Competition"))
    receipt = forms.FileField(
        label=_("Your own receipt (JSON file)"), required=False, widget=forms.ClearableFileInput(attrs={"accept": "application/json,.json"}),
        help_text=_("Only if you have one. It is read for this check and not kept."),
    )

    def __init__(self, decided: list[Competition], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["competition"].choices = [(row.code, row.name) for row in decided]  # type: ignore[attr-defined]

    def clean_receipt(self) -> Any:
        if (given := self.cleaned_data["receipt"]) is None:
            return None
        try:
            found = json.loads(given.read(RECEIPT_BYTES_MAX + 1)[:RECEIPT_BYTES_MAX])
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or found.get("format") != "klash-receipt/1":
            raise forms.ValidationError(_("This is not a receipt of Klash. Choose the JSON file that you downloaded from the receipt’s page."))
        return found


@access.public
def verify(request: HttpRequest) -> HttpResponse:
    shown = list(Competition.objects.visible_to(request.user).order_by("code"))
    decided = record.decided(shown)
    form = VerifyForm(decided, request.POST, request.FILES) if request.method == "POST" else VerifyForm(decided)
    context: dict[str, Any] = {"decided": decided, "shown": shown, "form": form}
    if form.is_valid():
        chosen = next(row for row in decided if row.code == form.cleaned_data["competition"])
        context |= {"chosen": chosen, **_checked(chosen, form.cleaned_data["receipt"])}
    return render(request, "portal/verify.html", context, status=422 if form.errors else 200)


def _checked(competition: Competition, receipt: dict[str, Any] | None) -> dict[str, Any]:
    """Return what holds of a competition's record, read as anyone would read the file, and what became of a receipt's version."""
    made = record.record_of(competition)
    try:
        told = json.loads(json.dumps(made))
        holds = verifier.check(told)
        outcome = OUTCOMES[verifier.check_receipt(receipt, told)] if receipt is not None else ""
    except (verifier.Doubt, KeyError, RecursionError, StopIteration, TypeError, ValueError) as doubt:
        return {"doubt": str(doubt)}
    return {"holds": holds, "outcome": outcome}


def _found(request: HttpRequest, code: str) -> Competition:
    return access.found(find(request.user, code))


@access.public
@require_safe
def record_file(request: HttpRequest, competition: str) -> HttpResponse:
    made = access.found(record.record_of(_found(request, competition)))
    return attachment(json.dumps(made, ensure_ascii=False).encode(), "application/json", f"{competition}-record.json")


@access.public
@require_safe
def checkpoints_file(request: HttpRequest, competition: str) -> HttpResponse:
    return JsonResponse(record.published(_found(request, competition)), json_dumps_params={"indent": 1})


@access.public
@require_safe
def verifier_file(request: HttpRequest) -> HttpResponse:
    return attachment(Path(verifier.__file__).read_bytes(), "text/x-python", "klash_verifier.py")
