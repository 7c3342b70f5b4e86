from django import forms
from django.utils.translation import gettext_lazy as _


class LateForm(forms.Form):
    is_admitted = forms.TypedChoiceField(
        label=_("Does it take part?"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", _("It takes part")), ("no", _("It does not take part"))],
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The team gets this by mail, and after the decision on the winners anybody can read it. Name nobody."),
    )
