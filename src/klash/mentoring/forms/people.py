"""What people type about mentors."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from klash.core.forms import InviteeInput
from klash.mentoring.forms.shared import SECTORS, SHORT, text_of


class MentorForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), help_text=_("The invitation is sent to this address."), widget=InviteeInput)
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=settings.LANGUAGES)
    sector = forms.ChoiceField(label=_("Sector"), choices=SECTORS)
    field_fi = forms.CharField(label=_("Field in Finnish"), max_length=120, help_text=_("For example: service design in health care"))
    field_sv = forms.CharField(label=_("Field in Swedish"), max_length=120, required=False)
    text_fi = forms.CharField(label=_("Background in Finnish"), max_length=1000, required=False, widget=forms.Textarea(attrs=SHORT))
    text_sv = forms.CharField(label=_("Background in Swedish"), max_length=1000, required=False, widget=forms.Textarea(attrs=SHORT))

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        data = self.cleaned_data
        return {name: data[name] for name in ("email", "language", "sector")} | {name: text_of(data, name) for name in ("field", "text")}
