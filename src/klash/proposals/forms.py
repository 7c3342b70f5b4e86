from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from klash.competitions.models import Section
from klash.core.forms import InviteeInput, NameField, revision_seen
from klash.core.templatetags.show import number, pick
from klash.proposals.models import SECTION_SIGNS_MAX, TITLE_SIGNS_MAX, Proposal
from klash.proposals.selectors import fingerprint
from klash.rules.words import Limits


class DraftField(forms.CharField):
    """A text that is required to submit, not to save."""

    words: Limits | None = None  # draws a counter

    def validate(self, value: Any) -> None:
        return


class ProposalForm(forms.Form):
    """The working copy. What is missing is asked for in the summary."""

    use_required_attribute = False

    title = DraftField(
        label=_("Title"), max_length=TITLE_SIGNS_MAX,
        help_text=_(
            "A name that tells what the solution does. Leave out the names of the team, its members and firms: the jury reads the proposal without names."
        ),
    )
    revision = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, sections: Sequence[Section], data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.parts = ["title", *(section.code for section in sections)]
        for section in sections:
            self.fields[section.code] = _field(section)
        for part in self.parts:
            self.fields[f"seen_{part}"] = forms.CharField(widget=forms.HiddenInput, required=False)
        self.order_fields([*self.parts, "revision"])

    def texts(self) -> dict[str, str]:
        """Return the texts with the line ends of the database."""
        return {name: self.cleaned_data[name].replace("\r\n", "\n") for name in self.parts}

    def seen(self) -> dict[str, str] | None:
        """Return the fingerprints of the texts that the writer had before; None where the form carries none and its revision must do."""
        found = {name: self.cleaned_data[f"seen_{name}"] for name in self.parts}
        return found if any(found.values()) else None

    def sections(self) -> list[BoundField]:
        """Return the fields of the sections, in order."""
        return [self[name] for name in self.parts[1:]]

    def hidden(self) -> list[BoundField]:
        """Return what tells the texts that the writer had before."""
        return [self["revision"], *(self[f"seen_{name}"] for name in self.parts)]

    def clean_revision(self) -> int:
        return revision_seen(self.cleaned_data["revision"])


def seen_in(texts: Mapping[str, str]) -> dict[str, str]:
    """Return what the form carries of the texts that its writer has before them."""
    return {f"seen_{name}": fingerprint(text) for name, text in texts.items()}


def _field(section: Section) -> DraftField:
    # A length on the field itself would let the browser cut off what is pasted, without a word.
    field = DraftField(
        label=pick(section.heading), help_text=f"{pick(section.help)} {_limits(section.limits)}".strip(), required=section.is_required, strip=False,
        widget=forms.Textarea(attrs={"rows": 9}), validators=[MaxLengthValidator(SECTION_SIGNS_MAX)],
    )
    field.words = section.limits
    return field


def _limits(limits: Limits) -> str:
    told = {"soft": number(limits.soft or 0), "hard": number(limits.hard)}
    return (_("About %(soft)s words are enough; at most %(hard)s.") if limits.soft else _("At most %(hard)s words.")) % told


def form_of(proposal: Proposal) -> ProposalForm:
    """Return the form with the working copy in it."""
    texts = {name: proposal.text(name) for name in proposal.parts()}
    return ProposalForm(proposal.sections(), initial={**texts, **seen_in(texts), "revision": proposal.revision})


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
