"""What mentors tell of themselves."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.mentoring.forms.shared import SECTORS, SHORT, text_of
from klash.mentoring.models import MentorProfile
from klash.mentoring.selectors.backgrounds import KINDS, LANGUAGES, SIZES


class ProfileForm(forms.Form):
    field_fi = forms.CharField(
        label=_("Fields of expertise in Finnish"), max_length=120,
        help_text=_("What you are good at, in a few words. For example: service design, procurement"),
    )
    field_sv = forms.CharField(label=_("Fields of expertise in Swedish"), max_length=120, required=False)
    sector = forms.ChoiceField(label=_("Sector"), choices=SECTORS)
    organisation_kind = forms.ChoiceField(label=_("Kind of your organisation"), choices=KINDS)
    organisation_size = forms.ChoiceField(label=_("Size of your organisation"), choices=SIZES)
    region = forms.ChoiceField(label=_("Region"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages in which you can mentor"), choices=list(LANGUAGES.items()), widget=forms.CheckboxSelectMultiple
    )
    text_fi = forms.CharField(
        label=_("About you in Finnish"), max_length=1000, required=False, widget=forms.Textarea(attrs=SHORT), help_text=_("Two or three sentences are enough."),
    )
    text_sv = forms.CharField(label=_("About you in Swedish"), max_length=1000, required=False, widget=forms.Textarea(attrs=SHORT))

    def __init__(self, data: Mapping[str, Any] | None = None, *, mentor: MentorProfile, regions: Mapping[str, str]) -> None:
        own = {name: getattr(mentor, name) for name in ("sector", "organisation_kind", "organisation_size", "region", "languages")}
        texts = {f"{name}_{code}": getattr(mentor, name).get(code, "") for name in ("field", "text") for code in ("fi", "sv")}
        super().__init__(data, initial={**own, **texts})
        self.fields["region"].choices = [("", _("not given")), *regions.items()]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ("sector", "organisation_kind", "organisation_size", "region", "languages")}
        return plain | {name: text_of(data, name) for name in ("field", "text")}
