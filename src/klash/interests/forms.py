from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from klash.accounts.models import Municipality
from klash.core import clock
from klash.core.forms import LineField
from klash.interests.models import About
from klash.rules.conflicts import Kind, business_id

KINDS: dict[Kind, Promise] = {
    Kind.EMPLOYMENT: _("I work there or for them, or have a position of trust"),
    Kind.OWNERSHIP: _("I own a share"),
    Kind.FAMILY: _("Family, or someone else close to me"),
    Kind.COOPERATION: _("We have worked together within three years"),
    Kind.CONTRACT: _("We have had a contract"),
    Kind.MUNICIPALITY: _("My own municipality"),
    Kind.OTHER: _("Another tie"),
}
ABOUTS: dict[About, Promise] = {About.PERSON: _("A person"), About.ORGANISATION: _("A firm or an organisation"), About.MUNICIPALITY: _("A municipality")}


class InterestForm(forms.Form):
    """One tie; which of the fields are needed hangs on what it is about."""

    use_required_attribute = False

    about = forms.ChoiceField(label=_("Whom or what does the tie concern"), choices=list(ABOUTS.items()), widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("What kind of tie"), choices=[("", "–"), *KINDS.items()])
    name = LineField(label=_("Name"), max_length=200, required=False, help_text=_("Of the person, the firm or the organisation."))
    email = forms.EmailField(label=_("E-mail of the person"), max_length=254, required=False, help_text=_("If you know it. No mail is sent there."))
    identifier = forms.CharField(
        label=_("Business ID"), max_length=14, required=False, help_text=_("Of the firm, such as 0112038-9. With it the firm is found under any name.")
    )
    municipality = forms.ModelChoiceField(label=_("Municipality"), queryset=Municipality.objects.none(), to_field_name="code", required=False, empty_label="–")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = Municipality.objects.valid_on(clock.now().date())  # type: ignore[attr-defined]

    def clean_identifier(self) -> str:
        text = str(self.cleaned_data["identifier"]).strip()
        if text and not business_id(text):
            raise forms.ValidationError(_("The business ID has a wrong check digit. Check it, or leave it empty."))
        return business_id(text)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("about") == About.MUNICIPALITY and not data.get("municipality"):
            self.add_error("municipality", _("Choose the municipality."))
        if data.get("about") in (About.PERSON, About.ORGANISATION) and not data.get("name"):
            self.add_error("name", _("Write the name."))
        return data
