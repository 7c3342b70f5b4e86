from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.core import sheets
from klash.core.errors import Refused
from klash.core.texts import sentence


class TableForm(forms.Form):
    """A CSV file or an Excel workbook, read into rows."""

    file = forms.FileField(
        label=_("Table of problems"), widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}), error_messages={"required": _("Choose a file first.")},
        help_text=_("CSV or Excel (.xlsx), one problem a row, at most 5,000 rows and 20 MB."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            return sheets.read(file.read() if file.size <= sheets.FILE_BYTES_MAX else bytes(sheets.FILE_BYTES_MAX + 1))
        except Refused as error:
            raise forms.ValidationError(sentence(error.reason))
