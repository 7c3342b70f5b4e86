from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.competitions.models import Theme
from klash.core.fields import Text
from klash.core.forms import LanguagesForm, WholeField
from klash.core.show import pick
from klash.core.texts import sentence
from klash.problems.models import Problem
from klash.rules.reasons import Reason


class MergeForm(forms.Form):
    """Which of two reports takes the other in, and why."""

    use_required_attribute = False

    main = forms.ChoiceField(
        label=_("Which report goes before the panel"), widget=forms.RadioSelect, help_text=_("The other becomes a part of it and keeps its own page."),
        error_messages={"required": _("Choose the report that goes on.")},
    )
    reason = WholeField(
        label=_("Why they are merged"), max_length=1000, widget=forms.Textarea({"rows": 3}),
        help_text=_("Everyone who writes either report reads this, and it is public on the page of the merged report."),
    )

    def __init__(self, one: Problem, other: Problem, language: str, data: Any = None) -> None:
        super().__init__(data)
        names = {row.code: f"{row.title} ({pick(row.municipality.name, language)})" for row in (one, other)}
        self.fields["main"].choices = list(names.items())  # type: ignore[attr-defined]


class GatherForm(LanguagesForm):
    """Which problems go under which theme: one that there is, or a new one by its name."""

    def __init__(self, themes: Sequence[Theme], language: str, data: Any = None) -> None:
        super().__init__(data)
        self.rows = {theme.code: theme for theme in themes}
        self.fields["theme"] = forms.ChoiceField(
            label=_("Theme that there is"), required=False,
            choices=[("", _("A new theme, named below")), *((code, pick(theme.name, language)) for code, theme in self.rows.items())],
        )
        self.add_text("name", _("Name of the new theme"), max_length=80, required=False, help_text=_("A few words that a citizen understands."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("theme"):
            for code in ("fi", "sv"):
                if not data.get(f"name_{code}"):
                    self.add_error(f"name_{code}", sentence(Reason.INCOMPLETE))
        return data

    def chosen(self) -> tuple[Theme | None, Text]:
        return self.rows.get(self.cleaned_data["theme"]), self.text("name")
