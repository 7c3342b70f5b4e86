"""What the two sides of a session type."""

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.mentoring.forms.shared import LONG, SHORT

MARKS = [
    (1, _("1 – of no use")), (2, _("2 – of little use")), (3, _("3 – of some use")), (4, _("4 – useful")), (5, _("5 – very useful")),
]


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note to the team"), max_length=5000, widget=forms.Textarea(attrs=LONG),
        help_text=_("What you talked about, what you advised and what the team should do next. The team reads this."),
    )


FRANKNESS = [
    (1, _("1 – not frank at all")), (2, _("2 – not very frank")), (3, _("3 – somewhat frank")), (4, _("4 – frank")), (5, _("5 – very frank")),
]
_SEEN_LATER = _("The other side sees your feedback when it has given its own.")


class FeedbackForm(forms.Form):
    mark = forms.TypedChoiceField(label=_("How useful was the session?"), choices=MARKS, coerce=int, widget=forms.RadioSelect)


class TeamFeedbackForm(FeedbackForm):
    frankness = forms.TypedChoiceField(
        label=_("How frankly did the mentor say what he or she sees?"), choices=FRANKNESS, coerce=int, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("In your own words"), max_length=2000, required=False, widget=forms.Textarea(attrs=SHORT), help_text=_SEEN_LATER
    )


class MentorFeedbackForm(FeedbackForm):
    text = forms.CharField(label=_("What was strong?"), max_length=2000, required=False, widget=forms.Textarea(attrs=SHORT))
    needs = forms.CharField(
        label=_("What does the team need next?"), max_length=2000, required=False, widget=forms.Textarea(attrs=SHORT), help_text=_SEEN_LATER
    )
