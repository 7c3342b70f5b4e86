from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from klash.accounts.models import Municipality
from klash.competitions.models import Competition
from klash.competitions.selectors import register
from klash.core.forms import InviteeInput, LineField, WholeField
from klash.core.show import pick


class PlaceForm(forms.Form):
    """A form about one municipality. code: of the one that is offered first."""

    municipality = forms.ChoiceField(label=_("Municipality"), error_messages={"required": _("Choose your municipality.")})

    def __init__(self, rows: Iterable[Municipality], data: Any = None, *, code: str = "") -> None:
        super().__init__(data, initial={"municipality": code})
        self.rows = {row.code: row for row in rows}
        language = (get_language() or "fi")[:2]
        names = sorted(((code, pick(row.name, language)) for code, row in self.rows.items()), key=lambda choice: choice[1])
        self.fields["municipality"].choices = [("", _("Choose")), *names]  # type: ignore[attr-defined]

    def clean_municipality(self) -> Municipality:
        return self.rows[self.cleaned_data["municipality"]]


class SupportForm(PlaceForm):
    prefix = "support"
    word = WholeField(
        label=_("Why your municipality has the same problem"), max_length=500, widget=forms.Textarea({"rows": 3}),
        help_text=_("A sentence or two. The text is public together with the municipality’s name; your own name is not."),
    )


class AskForm(PlaceForm):
    prefix = "ask"
    word = WholeField(
        label=_("Why you want to report it together"), max_length=500, widget=forms.Textarea({"rows": 3}),
        help_text=_("The leading officer reads this and answers. It does not become public."),
    )


class WriterForm(PlaceForm):
    email = forms.EmailField(
        label=_("E-mail of the colleague"), help_text=_("The person gets a link that works once and only for this address."), max_length=200,
        widget=InviteeInput,
    )


class FileForm(PlaceForm):
    language = forms.ChoiceField(label=_("Language of the report"), choices=[("fi", "Suomi"), ("sv", "Svenska")])
    in_name_of = LineField(
        label=_("Who reported it"), max_length=120, help_text=_("Name or office of the person in the municipality. Only those who write and the staff see it."),
    )
    source = WholeField(
        label=_("How it came to you"), max_length=1000, widget=forms.Textarea({"rows": 3}),
        help_text=_("For example a letter, a call or a meeting, with the day."),
    )

    def __init__(self, competition: Competition, data: Any = None) -> None:
        super().__init__(register(competition), data)


class OfferForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail of the municipality’s officer"), max_length=200, widget=InviteeInput,
        help_text=_("The person gets a link that works once and only for this address. Whoever accepts first leads the report."),
    )
