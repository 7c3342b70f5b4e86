from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from klash.challenges.models import BRIEF_SECTIONS, Challenge
from klash.core.fields import LANGUAGES, Text
from klash.core.forms import LineField, WholeField, put_in

NAMES: dict[str, Promise] = {
    "title": _("Title"), "lead": _("The challenge in brief"), "goal": _("Goal"), "background": _("Background"), "constraints": _("Constraints"),
    "measures": _("Measures of success"), "gains": _("What is in it for the teams"), "rights": _("Rights and licence terms"), "data": _("Data available"),
    "contacts": _("Contacts"),
}
HELP: dict[str, Promise] = {
    "title": _("A short title that tells what should change."),
    "lead": _("One or two sentences. They are shown in the list of challenges and on the front page."),
    "goal": _("What is different when the challenge is solved, and for whom?"),
    "background": _("What happens now, what has been tried, and what the pilot municipality brings with it."),
    "constraints": _("What a solution has to respect: laws, systems, money, time."),
    "measures": _("How the municipality sees that the solution works. Single measures with their baseline have a table of their own."),
    "gains": _("What a team gets of taking part, and what may follow for the winner."),
    "rights": _("Who owns what is made, and under which terms the municipalities may use it."),
    "data": _("Which data the teams can use, from where, and on which terms."),
    "contacts": _("Who helps with practical matters. Questions about the challenge are asked on its page, so that all get the same answer."),
}
LANGUAGE_NAMES: dict[str, Any] = {"fi": _("in Finnish"), "sv": _("in Swedish"), "en": _("in English")}
REQUIRED = ("fi", "sv")
LONGEST = {"title": 120, "lead": 600}


class DraftField(WholeField):
    """A text that the last step asks for, though a draft may be saved without it; so its label does not call it optional."""

    def validate(self, value: Any) -> None:
        """Let an empty text be saved."""


class BriefForm(forms.Form):
    """Every section in three languages side by side; Finnish and Swedish are needed for publication, not for saving."""

    use_required_attribute = False

    def __init__(self, challenge: Challenge, data: Any = None) -> None:
        texts = challenge.content()["texts"]
        super().__init__(data, initial={f"{name}_{code}": texts[name].get(code, "") for name in NAMES for code in LANGUAGES})
        for name in NAMES:
            for code in LANGUAGES:
                self.fields[f"{name}_{code}"] = self._field(name, code)

    def _field(self, name: str, code: str) -> forms.CharField:
        attrs = {"lang": code, "aria-describedby": f"help-{name}", "class": "hds-text-input__input"}
        widget = forms.TextInput(attrs) if name == "title" else forms.Textarea({**attrs, "rows": 5, "data-counter": f"count-{name}-{code}"})
        kind = LineField if name == "title" else WholeField
        return put_in(kind(label=LANGUAGE_NAMES[code], required=False, max_length=LONGEST.get(name, 6000), widget=widget), NAMES[name])

    def groups(self) -> list[dict[str, Any]]:
        """Return per section its name, help and three fields, each with the id of its counter and whether publication still needs it."""
        return [
            {"code": name, "name": NAMES[name], "help": HELP[name], "fields": [self._shown(name, code) for code in LANGUAGES]}
            for name in ("title", "lead", *BRIEF_SECTIONS)
        ]

    def _shown(self, name: str, code: str) -> dict[str, Any]:
        field = self[f"{name}_{code}"]
        is_empty = not str(field.value() or "").strip()
        counter = "" if name == "title" else f"count-{name}-{code}"
        return {"field": field, "counter": counter, "is_missing": is_empty and code in REQUIRED, "is_empty": is_empty}

    def texts(self) -> dict[str, Text]:
        """Return what `save_brief` takes."""
        return {name: {code: self.cleaned_data[f"{name}_{code}"] for code in LANGUAGES} for name in NAMES}
