from django import forms
from django.utils.translation import gettext_lazy as _


class DeadlineForm(forms.Form):
    """The new deadline in Finnish time; an instant that the change of the clocks skips or doubles is refused."""

    to = forms.DateTimeField(
        label=_("New deadline"), help_text=_("Day and time in Finland. It must be later than the deadline in force."),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H.%M", "%d.%m.%Y klo %H.%M", "%d.%m.%Y %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(
        label=_("Reason"), help_text=_("Everyone can read this in the calendar."), max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )
