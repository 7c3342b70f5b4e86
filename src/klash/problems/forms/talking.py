from django import forms
from django.utils.translation import gettext_lazy as _

from klash.core.forms import WholeField


class MessageForm(forms.Form):
    text = WholeField(
        label=_("Message"), max_length=4000, widget=forms.Textarea({"rows": 5}),
        help_text=_("Everyone in this talk gets it by e-mail with your name, and answers here. Nobody else reads it."),
    )
