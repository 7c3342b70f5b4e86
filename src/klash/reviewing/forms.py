from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from klash.core.bridge import language_of
from klash.core.forms import WholeField
from klash.core.show import pick
from klash.reviewing.models import QUESTION_SIGNS_MAX, ConflictKind, Criterion, Round, Sector, Wish
from klash.reviewing.selectors import Ranked, Wished
from klash.rules.states import RoundState


class ReviewForm(forms.Form):
    """Scores by criterion and a comment; scores may be missing in a draft."""

    comment = forms.CharField(label=_("Your reasons"), required=False, max_length=5000, widget=forms.Textarea)
    passes = forms.ChoiceField(choices=[("", ""), ("yes", _("yes")), ("no", _("no"))], required=False)

    def __init__(self, criteria: list[Criterion], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in criteria:
            self.fields[f"score_{criterion.code}"] = forms.IntegerField(min_value=criterion.scale_min, max_value=criterion.scale_max, required=False)

    def said(self, round: Round) -> dict[str, Any]:
        """Return the comment, and the answer to the screening question where the round asks one in the first scoring."""
        asks = round.state != RoundState.DISCUSSING and any(round.screening.values())
        answer = {"passes": {"yes": True, "no": False}.get(self.cleaned_data["passes"])} if asks else {}
        return {"comment": self.cleaned_data["comment"], **answer}

    def scores(self) -> dict[str, int]:
        """Return the scores given."""
        return {name.removeprefix("score_"): value for name, value in self.cleaned_data.items() if name.startswith("score_") and value is not None}


WISHES = [("", _("nothing said")), (Wish.WANT, _("I would like to review it")), (Wish.CAN, _("I can review it")), (Wish.RELUCTANT, _("I would rather not"))]


class PreferencesForm(forms.Form):
    """What a reviewer wishes of the entries of one page."""

    def __init__(self, rows: list[Wished], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in rows:
            self.fields[f"wish_{row.code}"] = forms.ChoiceField(label=row.title, choices=WISHES, required=False, initial=row.wish)

    def wishes(self) -> dict[str, str]:
        """Return the wishes that were changed, by entry code."""
        return {name.removeprefix("wish_"): self.cleaned_data[name] for name in self.changed_data}


class TakeForm(forms.Form):
    """What a reviewer answers when accepting; a smaller load and one's expertise are asked only where entries are dealt out."""

    expertise = forms.CharField(
        label=_("What do you know well?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("In your own words. Entries are matched with them when they are dealt out."),
    )
    topics = forms.MultipleChoiceField(
        label=_("Which of these topics do you know?"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick as many as you like. An entry on a topic that you know goes to you more readily."),
    )
    sector = forms.ChoiceField(label=_("What kind of organisation do you come from?"), required=False, choices=[
        (Sector.UNKNOWN, _("I do not want to say")), (Sector.MUNICIPALITY, _("A municipality or a wellbeing services county")), (Sector.STATE, _("The state")),
        (Sector.BUSINESS, _("A company")), (Sector.THIRD, _("The third sector")), (Sector.RESEARCH, _("Research or education")), (Sector.OTHER, _("Elsewhere")),
    ], help_text=_("An entry gets reviewers of different backgrounds where that is possible."))
    load_max = forms.IntegerField(
        label=_("I can review at most"), required=False,
    )
    terms = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if round.reviews_per_entry is None:
            del self.fields["expertise"], self.fields["topics"], self.fields["sector"], self.fields["load_max"]
        else:
            self.fields["topics"].choices = [(row["code"], pick(row["name"], (get_language() or "fi")[:2])) for row in round.topics]  # type: ignore[attr-defined]
            if not round.topics:
                del self.fields["topics"]
            load: Any = self.fields["load_max"]
            load.min_value, load.max_value = max(round.load_min, 1), round.load_max
            load.validators = [MinValueValidator(load.min_value), *([MaxValueValidator(round.load_max)] if round.load_max else [])]
            load.help_text = _most_words(round.load_max) % {"least": load.min_value, "most": round.load_max}
            load.widget.attrs.update({"min": load.min_value, **({"max": round.load_max} if round.load_max else {})})


def _most_words(load_max: int | None) -> Any:
    if load_max:
        return _("From %(least)s to %(most)s entries. Leave it empty if the number that the round asks for suits you.")
    return _("At least %(least)s. Leave it empty if the number that the round asks for suits you.")


class DeclineForm(forms.Form):
    reason = forms.CharField(label=_("Why you decline"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class RemarkForm(forms.Form):
    text = forms.CharField(label=_("What you say to the others"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))


class QuestionForm(forms.Form):
    text = WholeField(
        label=_("Your question"), max_length=QUESTION_SIGNS_MAX, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ask only what the proposal leaves open. Do not ask anything that would make the team tell who it is."),
    )


RECUSALS = [
    (ConflictKind.EMPLOYMENT, _("I work or have worked for those concerned")), (ConflictKind.OWNERSHIP, _("I own a share in the business concerned")),
    (ConflictKind.FAMILY, _("Someone close to me is concerned")), (ConflictKind.CONTRACT, _("I have had a contract with them")),
    (ConflictKind.COOPERATION, _("I have worked with them within three years")),
    (ConflictKind.MENTOR, _("I have mentored them")), (ConflictKind.MUNICIPALITY, _("It is my own municipality")),
    (ConflictKind.OTHER, _("Another reason makes me partial")), (ConflictKind.COMPETENCE, _("I do not know enough of the subject")),
]


class RecusalForm(forms.Form):
    kind = forms.ChoiceField(label=_("Why"))
    reason = forms.CharField(label=_("In your own words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, is_blind: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = [*([(ConflictKind.RECOGNISED, _("I think I know whose this is"))] if is_blind else []), *RECUSALS]


_FILLED = _("This is the reason of the decision. Edit it as you like; it is in the report once you save.")


class ReportForm(forms.Form):
    remarks = forms.CharField(label=_("Remarks of the body"), required=False, max_length=10000, widget=forms.Textarea)

    def __init__(self, ranking: list[Ranked], *args: Any, filled: frozenset[str], **kwargs: Any) -> None:
        """Make two fields for each entry. filled: codes of the entries whose reasons come from the decisions and are not of the report yet."""
        super().__init__(*args, **kwargs)
        self.filled = filled
        for row in ranking:
            self.fields[f"reason_{row.entry_code}"] = self._text("reason", row, _FILLED if row.entry_code in filled else "")
            self.fields[f"clarify_{row.entry_code}"] = self._text("clarify", row, rows=3)

    def _text(self, part: str, row: Ranked, help_text: Any = "", **attrs: Any) -> forms.CharField:
        name, language = f"{row.place}. {row.label} – {row.title}", language_of(self.initial.get(f"{part}_{row.entry_code}", ""), row.language)
        widget = forms.Textarea(attrs={"lang": language, **attrs})
        return forms.CharField(label=name, required=False, max_length=5000, widget=widget, help_text=help_text)

    def reasons(self) -> dict[str, str]:
        """Return the reasons by entry code."""
        return self._by_entry("reason_")

    def mark_missing(self) -> None:
        """Mark the entries that lack a reason, which a report needs before it is sent for signing."""
        for code, text in self.reasons().items():
            if not text.strip():
                self.add_error(f"reason_{code}", _("Write the reasons for this entry."))

    def clarify(self) -> dict[str, str]:
        """Return the points to clarify by entry code."""
        return self._by_entry("clarify_")

    def _by_entry(self, prefix: str) -> dict[str, str]:
        return {name.removeprefix(prefix): value for name, value in self.cleaned_data.items() if name.startswith(prefix)}
