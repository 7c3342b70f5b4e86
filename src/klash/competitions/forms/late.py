"""Leave for one address to hand something in after the deadline."""

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.competitions.models import CALLS
from klash.core.forms import InviteeInput, WholeField, moment_field

USES_MAX = 50


class LateCodeForm(forms.Form):
    kind = forms.ChoiceField(label=_("What may be handed in"), choices=[(CALLS[0].value, _("problems")), (CALLS[1].value, _("an application of a team"))])
    email = forms.EmailField(
        label=_("E-mail address"), max_length=200, widget=InviteeInput,
        help_text=_("It works only for the account with this address; of a team, its leader’s."),
    )
    expires_at = moment_field(_("Works until"), help_text=_("Day and time in Finland, after the deadline of all."))
    uses_max = forms.IntegerField(label=_("How many entries"), min_value=1, max_value=USES_MAX, initial=1)
    note = WholeField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Only those who run the competition read this."))

    use_required_attribute = False
