from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.challenges.forms.brief import LANGUAGE_NAMES, LONGEST
from klash.core.fields import LANGUAGES
from klash.core.forms import WholeField, moment_field


class CommentForm(forms.Form):
    text = WholeField(label=_("Your comment"), max_length=2000, widget=forms.Textarea({"rows": 3}))

    use_required_attribute = False


class SuggestionForm(forms.Form):
    """Another wording: it begins as the text that stands in the language."""

    language = forms.ChoiceField(label=_("Language"), choices=[(code, LANGUAGE_NAMES[code]) for code in LANGUAGES], widget=forms.HiddenInput)
    text = WholeField(required=False)
    why = WholeField(label=_("Why"), required=False, max_length=500, widget=forms.TextInput)

    use_required_attribute = False

    def __init__(self, place: str, language: str, standing: str, data: Any = None) -> None:
        super().__init__(data, initial={"language": language, "text": standing}, prefix=language)
        widget = forms.Textarea({"rows": 6, "lang": language})
        self.fields["text"] = WholeField(label=_("Your wording"), required=False, max_length=LONGEST.get(place, 6000), widget=widget)


class DecisionForm(forms.Form):
    answer = WholeField(label=_("A word on the decision"), required=False, max_length=500, widget=forms.TextInput)

    use_required_attribute = False


class ScheduleForm(forms.Form):
    at = moment_field(_("Published on"))

    use_required_attribute = False


class ChangeForm(forms.Form):
    reason = WholeField(
        label=_("Why the brief changes"), max_length=500, widget=forms.Textarea({"rows": 3}),
        help_text=_("Everyone reads this: on the challenge’s page and in the mail to teams, applicants, panel and mentors."),
    )

    use_required_attribute = False
