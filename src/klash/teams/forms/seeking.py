from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.core.fields import Text
from klash.core.forms import WholeField
from klash.core.texts import sentence
from klash.rules.names import holds_address
from klash.rules.reasons import Reason
from klash.teams.forms.members import names_in
from klash.teams.forms.team import LANGUAGES


class AdForm(forms.Form):
    """Whom a team looks for, or what a person could bring to one."""

    use_required_attribute = False

    skills = forms.MultipleChoiceField(label=_("Know-how"), required=False, widget=forms.CheckboxSelectMultiple)
    text = WholeField(
        label=_("In your own words"), max_length=600, widget=forms.Textarea({"rows": 4}),
        help_text=_("It is public. Write no name and no address: who answers reaches you through this service."),
    )
    language = forms.ChoiceField(label=_("Language of the text"), choices=LANGUAGES)

    def __init__(self, names: Mapping[str, Text], data: Any = None, *, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(initial))
        self.fields["skills"].choices = names_in(names)  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if holds_address(text):
            raise forms.ValidationError(sentence(Reason.HOLDS_ADDRESS), code="address")
        return text


class AdAnswerForm(forms.Form):
    text = WholeField(
        label=_("What you want to say"), max_length=2000, widget=forms.Textarea({"rows": 5}),
        help_text=_("Who looks gets this by e-mail with your name and e-mail address, so that you can agree on the rest. Nobody else sees it."),
    )
