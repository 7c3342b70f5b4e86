from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.reviewing.models import ExclusionKind

SIDES = ("left", "top", "right", "bottom")


class LeaveOutForm(forms.Form):
    """Something left out of a copy: words of the text, a spot or a region of a page of a file, or a file. seen: the hash of the copy that was looked at."""

    WORDS, SPOT, REGION, FILE = "words", "spot", "region", "file"

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    what = forms.ChoiceField(choices=[(name, name) for name in (WORDS, SPOT, REGION, FILE)], widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("Words to leave out"), max_length=1000, strip=False, required=False,
        help_text=_("Exactly as they stand in the copy. They go wherever they stand."),
    )
    number = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    page = forms.IntegerField(label=_("Page"), min_value=1, max_value=2000, required=False)
    start = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    end = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    left = forms.FloatField(label=_("From the left, % of the page’s width"), min_value=0, max_value=100, required=False)
    right = forms.FloatField(label=_("To, % of the page’s width"), min_value=0, max_value=100, required=False)
    top = forms.FloatField(label=_("From the top, % of the page’s height"), min_value=0, max_value=100, required=False)
    bottom = forms.FloatField(label=_("To, % of the page’s height"), min_value=0, max_value=100, required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("The team gets this when the winners are published, and anybody can read it then. Name nobody.")
    )

    NEEDED = {WORDS: ("words",), SPOT: ("number", "page", "start", "end"), REGION: ("number", "page", *SIDES), FILE: ("number",)}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in self.NEEDED.get(given.get("what", ""), ()):
            if given.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, _("This is needed."))
        return given

    def region(self) -> tuple[float, float, float, float]:
        left, top, right, bottom = (self.cleaned_data[name] / 100 for name in SIDES)
        return left, top, right, bottom


class ExclusionForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Why the copy is not judged"), choices=ExclusionKind.choices, widget=forms.RadioSelect, help_text=_("The jury is told this.")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The team gets this when the winners are published, and anybody can read it then. Name nobody."),
    )
