from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.competitions import set_up_file
from klash.core.forms import LineField


class SetUpFileForm(forms.Form):
    """The text of a set-up file: chosen as a file, or written here."""

    file = forms.FileField(
        label=_("File"), required=False, widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.txt"}),
        help_text=_("Its text comes into the field below, where you can mend it."),
    )
    text = forms.CharField(
        label=_("Text of the file"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "code"})
    )

    use_required_attribute = False

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if file := data.get("file"):
            if file.size > 4 * set_up_file.LONGEST:
                raise forms.ValidationError(_("The file is too large; at most 2 MB."))
            try:
                data["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                raise forms.ValidationError(_("The file is not UTF-8 text. Save it as UTF-8 and choose it again.")) from None
        if not data.get("text", "").strip():
            raise forms.ValidationError(_("Choose a file, or paste its text."))
        return data


class CopyForm(forms.Form):
    """What is new in the next competition."""

    name = LineField(label=_("Name of the competition"), max_length=120)
    code = forms.SlugField(
        label=_("Address"), max_length=60, help_text=_("The last part of the competition’s web address, for example klash-2027. It cannot be changed later."),
        error_messages={"invalid": _("An address may hold only the letters a–z, digits, hyphens and underscores.")},
    )
    first = forms.DateField(
        label=_("First day of the calendar"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Every time moves by the same number of days. Look at weekends and holidays afterwards."),
    )

    use_required_attribute = False
