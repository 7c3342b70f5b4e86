from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.competitions.forms.answering import field_of
from klash.competitions.models import SUMMARY, StageForm
from klash.core.forms import NEVER, WholeField, moment_field
from klash.core.show import pick
from klash.rules.questions import Kind


class AskMoreForm(forms.Form):
    """Which fields are opened, what is asked, until when."""

    use_required_attribute = False

    fields_open = forms.MultipleChoiceField(
        label=_("What they may complete"), widget=forms.CheckboxSelectMultiple, help_text=_("Only these fields are open again; all others stay as they are."),
        error_messages={"required": _("Tick at least one field.")},
    )
    text = WholeField(
        label=_("What you ask"), max_length=2000, widget=forms.Textarea({"rows": 4}),
        help_text=_("Everyone who writes it gets this by e-mail. It does not become public."),
    )
    until = moment_field(label=_("Until"), help_text=_("After this the fields are closed again, answered or not."))

    def __init__(self, form: StageForm, summary: Any, language: str, data: Any = None, *, until: datetime | None = None) -> None:
        super().__init__(data, initial={"until": until})
        choices = [(SUMMARY, summary), *((row.code, pick(row.heading, language)) for row in form.asked if row.kind != Kind.FILE)]
        self.fields["fields_open"].choices = choices  # type: ignore[attr-defined]


class MoreForm(forms.Form):
    """The fields that are open again, with what stands there now."""

    use_required_attribute = False

    def __init__(
        self, form: StageForm, fields: Sequence[str], values: Mapping[str, Any], summary: Any, data: Any = None, *, now: datetime, lang: str,
        places: Iterable[Any] = (),
    ) -> None:
        super().__init__(data, initial=dict(values))
        if SUMMARY in fields:
            self.fields[SUMMARY] = WholeField(label=summary, max_length=1000, widget=forms.Textarea({"rows": 4, "lang": lang}))
        for row in form.asked:
            if row.code in fields:
                # What was frozen is open here: it was opened by name.
                field = field_of(row, values.get(row.code), now=NEVER, lang=lang, places=places)
                field.required = row.asked.is_required_at(now)
                self.fields[row.code] = field

    def answers(self) -> dict[str, Any]:
        return dict(self.cleaned_data)
