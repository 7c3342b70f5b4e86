from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from klash.competitions.forms import AnswersForm, DraftField, register_for
from klash.core.forms import InviteeInput, NameField, revision_seen
from klash.proposals.models import TITLE_SIGNS_MAX, Proposal
from klash.proposals.selectors import fingerprint


class ProposalForm(AnswersForm):
    """The working copy. What is missing is asked for in the summary."""

    title = DraftField(
        label=_("Title"), max_length=TITLE_SIGNS_MAX,
        help_text=_(
            "A name that tells what the solution does. Leave out the names of the team, its members and firms: the jury reads the proposal without names."
        ),
    )
    revision = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, proposal: Proposal, now: datetime, data: Any = None) -> None:
        super().__init__(data)
        self.ask(proposal.form, proposal.texts, now=now, lang=proposal.team.language, places=register_for(proposal.form))
        self.initial.update({"title": proposal.title, "revision": proposal.revision, **seen_in(values_of(proposal))})
        self.parts = ["title", *(row.code for row in self.questions)]
        for part in self.parts:
            self.fields[f"seen_{part}"] = forms.CharField(widget=forms.HiddenInput, required=False)
        self.order_fields([*self.parts, "revision"])

    def lacking_allowed(self) -> list[str]:
        return ["title", *super().lacking_allowed()]

    def texts(self) -> dict[str, Any]:
        """Return the title and the answers, texts with the line ends of the database."""
        found = {"title": self.cleaned_data["title"], **{row.code: self.cleaned_data[row.code] for row in self.questions}}
        return {name: value.replace("\r\n", "\n") if isinstance(value, str) else "" if value in (None, []) else value for name, value in found.items()}

    def seen(self) -> dict[str, str] | None:
        """Return the fingerprints of the answers that the writer had before; None where the form carries none and its revision must do."""
        found = {name: self.cleaned_data[f"seen_{name}"] for name in self.parts}
        return found if any(found.values()) else None

    def sections(self) -> list[BoundField]:
        """Return the fields of the questions, in order."""
        return [self[row.code] for row in self.stage_form.asked]

    def hidden(self) -> list[BoundField]:
        """Return what tells the answers that the writer had before."""
        return [self["revision"], *(self[f"seen_{name}"] for name in self.parts)]

    def clean_revision(self) -> int:
        return revision_seen(self.cleaned_data["revision"])


def values_of(proposal: Proposal) -> dict[str, Any]:
    """Return the title and the answers that the working copy holds to what is asked."""
    return {name: proposal.answer(name) for name in ("title", *(row.code for row in proposal.sections()))}


def seen_in(values: Mapping[str, Any]) -> dict[str, str]:
    """Return what the form carries of the answers that its writer has before them."""
    return {f"seen_{name}": fingerprint(value) for name, value in values.items()}


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once, each as Django gives it. An empty one is taken along: it is refused by name like any other."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        if not data:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return list(data)


class FileForm(forms.Form):
    file = FilesField(
        label=_("Files"), widget=FilesInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        help_text=_(
            "PDF, PNG or JPEG, at most 20 MB each; 8 files, 60 MB and 400 pages together. The jury gets each file made anew, without the names that its "
            "properties, comments and layers tell. What can be seen on a page stays: leave names out of it."
        ),
        error_messages={"required": _("Choose a file first.")},
    )


class ReplaceForm(forms.Form):
    place = forms.RegexField(r"^[a-z0-9_]{1,40}:\d{1,6}$", widget=forms.HiddenInput)
    revision = forms.CharField(widget=forms.HiddenInput, required=False)
    everywhere = forms.BooleanField(required=False)

    def clean_revision(self) -> int:
        return revision_seen(self.cleaned_data["revision"])


class SettleForm(forms.Form):
    mark = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    again = forms.BooleanField(required=False)


class SubmitForm(forms.Form):
    key = forms.RegexField(r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    confirmed = forms.BooleanField(
        label=_("I have looked at the blind copy, and its contents have survived"),
        error_messages={"required": _("Look at the proposal as the jury sees it and tick that its contents have survived.")},
    )


class JurorForm(forms.Form):
    name = NameField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), max_length=254, widget=InviteeInput)
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=[("fi", "suomi"), ("sv", "svenska"), ("en", "English")])
    is_chair = forms.BooleanField(label=_("Chairs the jury"), required=False)
    is_deputy = forms.BooleanField(
        label=_("Waits as a deputy"), required=False, help_text=_("A deputy steps in by itself when a juror leaves because of a conflict of interest.")
    )

    def __init__(self, *args: Any, is_released: bool = False, **kwargs: Any) -> None:
        """is_released: the jury reads already, so that only deputies can still be invited."""
        super().__init__(*args, **kwargs)
        if is_released:
            del self.fields["is_chair"]
            self.fields["is_deputy"].required = True
            self.fields["is_deputy"].initial = True
