from collections.abc import Iterable
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from klash.accounts.models import Municipality
from klash.competitions.forms import AnswersForm
from klash.competitions.models import Competition, Theme
from klash.competitions.selectors import register
from klash.core.forms import LineField, WholeField, revision_seen
from klash.core.show import pick
from klash.problems.models import Problem


def _name(row: Any) -> str:
    return pick(row.name, _language())


def _language() -> str:
    return (get_language() or "fi")[:2]


def _by_region(rows: Iterable[Municipality]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the municipalities as choices under their region, both by name in the language of the page."""
    column = "region_sv" if _language() == "sv" else "region_fi"
    ordered = sorted(rows, key=lambda row: (getattr(row, column), _name(row)))
    return [(region, [(row.code, _name(row)) for row in group]) for region, group in groupby(ordered, key=lambda row: getattr(row, column))]


class NamedChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return _name(obj)


class StartForm(forms.Form):
    municipality = forms.ChoiceField(
        label=_("Your municipality"), help_text=_("The municipality on whose behalf you report. It leads if several report together."),
        error_messages={"required": _("Choose your municipality.")},
    )
    language = forms.ChoiceField(
        label=_("Language of the report"), choices=[("fi", "Suomi"), ("sv", "Svenska")],
        help_text=_("The panel and the public read the report in this language."),
    )

    def __init__(self, competition: Competition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {row.code: row for row in register(competition)}
        names = sorted(((code, _name(row)) for code, row in self.rows.items()), key=lambda choice: choice[1])
        self.fields["municipality"].choices = [("", _("Choose")), *names]  # type: ignore[attr-defined]

    def clean_municipality(self) -> Municipality:
        chosen: Municipality = self.rows[self.cleaned_data["municipality"]]
        return chosen


class ProblemForm(AnswersForm):
    """A problem. A draft may lack anything; submitting asks for what is missing."""

    title = LineField(
        label=_("Title"), help_text=_("Short, and clear to somebody who does not know the municipality. At most 150 characters."), max_length=150
    )
    theme = NamedChoice(label=_("Theme"), queryset=Theme.objects.none(), empty_label=_("Choose"))
    summary = WholeField(
        label=_("The problem in brief"), help_text=_("Two or three sentences. The list of problems shows them."), max_length=1000,
        widget=forms.Textarea({"rows": 4, "data-counter": "count_summary"}),
    )
    group = forms.MultipleChoiceField(
        label=_("Municipalities that report this together"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("The panel scores a joint report as a whole. Agree on it with the others first."),
    )
    revision = forms.CharField(widget=forms.HiddenInput, required=False)
    writer = forms.CharField(widget=forms.HiddenInput, max_length=32, required=False)

    def __init__(self, problem: Problem, now: datetime, data: Any = None, *, writer: str = "") -> None:
        initial: dict[str, Any] = {name: getattr(problem, name) for name in ("title", "theme", "summary", "revision")}
        super().__init__(data, initial={**initial, "group": [row.code for row in problem.group.all()], "writer": writer})
        known = list(register(problem.competition))
        self.rows = {row.code: row for row in known if row.pk != problem.municipality_id}
        self.fields["group"].choices = _by_region(self.rows.values())  # type: ignore[attr-defined]
        self.fields["theme"].queryset = problem.competition.themes.order_by("pk")  # type: ignore[attr-defined]
        for name in ("title", "summary"):
            self.fields[name].widget.attrs["lang"] = problem.language
        self.ask(
            problem.form, problem.answers, now=now, lang=problem.language, places=known,
            file_url=lambda code: reverse("problems:attach", args=[problem.chain, problem.code, code]),
        )

    def regions(self) -> list[tuple[str, list[BoundWidget]]]:
        """Return the municipalities to report with, as checkboxes under their region."""
        options = iter(self["group"])
        return [(region, list(islice(options, len(rows)))) for region, rows in self.fields["group"].choices]  # type: ignore[attr-defined]

    def chosen(self) -> list[str]:
        return [option.choice_label for option in self["group"] if option.data["selected"]]

    def lacking_allowed(self) -> list[str]:
        return ["title", "theme", "summary", *super().lacking_allowed()]

    def columns(self) -> dict[str, Any]:
        """Return what `save_problem` takes."""
        columns = {name: self.cleaned_data[name] for name in ("title", "theme", "summary", "group", "revision", "writer")}
        return {**columns, "answers": self.answers()}

    def clean_revision(self) -> int:
        return revision_seen(self.cleaned_data["revision"])

    def clean_group(self) -> list[Municipality]:
        return [self.rows[code] for code in self.cleaned_data["group"]]
