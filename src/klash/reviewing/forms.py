from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.reviewing.models import ConflictKind, Criterion


class ReviewForm(forms.Form):
    """Scores by criterion and a comment; scores may be missing in a draft."""

    comment = forms.CharField(label=_("Your reasons"), required=False, max_length=5000, widget=forms.Textarea)

    def __init__(self, criteria: list[Criterion], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in criteria:
            self.fields[f"score_{criterion.code}"] = forms.IntegerField(min_value=criterion.scale_min, max_value=criterion.scale_max, required=False)

    def scores(self) -> dict[str, int]:
        """Return the scores given."""
        return {name.removeprefix("score_"): value for name, value in self.cleaned_data.items() if name.startswith("score_") and value is not None}


class RecusalForm(forms.Form):
    kind = forms.ChoiceField(label=_("Why"), choices=[
        (ConflictKind.EMPLOYMENT, _("I work or have worked for those concerned")), (ConflictKind.OWNERSHIP, _("I own a share in it")),
        (ConflictKind.FAMILY, _("Someone close to me is concerned")), (ConflictKind.CONTRACT, _("I have had a contract with them")),
        (ConflictKind.COOPERATION, _("I have worked with them within three years")),
        (ConflictKind.MENTOR, _("I have mentored them")), (ConflictKind.MUNICIPALITY, _("It is my own municipality")),
        (ConflictKind.OTHER, _("Another reason makes me partial")), (ConflictKind.COMPETENCE, _("I do not know enough of the subject")),
    ])
    reason = forms.CharField(label=_("In your own words"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class ReportForm(forms.Form):
    remarks = forms.CharField(label=_("Remarks of the body"), required=False, max_length=10000, widget=forms.Textarea)

    def __init__(self, codes: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in codes:
            self.fields[f"reason_{code}"] = forms.CharField(label=code, required=False, max_length=5000, widget=forms.Textarea)

    def reasons(self) -> dict[str, str]:
        """Return the reasons by entry code."""
        return {name.removeprefix("reason_"): value for name, value in self.cleaned_data.items() if name.startswith("reason_")}
