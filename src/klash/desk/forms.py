from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klash.accounts.selectors import ROLES
from klash.challenges.models import Challenge
from klash.core.forms import InviteeInput, LanguagesForm, moment_field, spread
from klash.core.show import pick
from klash.desk.selectors import Fault, Sitting, decode
from klash.desk.services import INVITED_HERE, OF_A_CHALLENGE
from klash.reviewing.models import PeerView, Round
from klash.reviewing.services import SET_UP
from klash.reviewing.words import SHORT_METHODS, TIE_RULES
from klash.rules.roles import Role
from klash.rules.states import RoundState

LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")]


class AbsenceForm(forms.Form):
    who = forms.ChoiceField(label=_("Who is absent"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Those who check the competition read it in the event log. Do not write about a person’s health; “prevented” is enough."),
    )

    def __init__(self, *args: Any, sittings: Iterable[Sitting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [(row.key, _label(row)) for row in sittings if not row.is_absent]  # type: ignore[attr-defined]


def _label(row: Sitting) -> str:
    name = row.name or gettext("a reviewer")
    return gettext("%(name)s, chair") % {"name": name} if row.is_chair else name


MATCH_WORDS = {
    "text": _("Weight of the reviewer’s own words"), "topics": _("Weight of the topics"), "preferences": _("Weight of the reviewers’ wishes"),
}
MATCH_HELP = {
    "text": _("How near the entry’s text is to what the reviewer has written of their own expertise."),
    "topics": _("Whether the reviewer has ticked the entry’s topic."),
    "preferences": _("What the reviewer would like to review. 0 leaves it out; only the proportions of the three count."),
}


class LoadsForm(forms.Form):
    reviews_per_entry = forms.IntegerField(
        label=_("Reviews per entry"), min_value=1, max_value=100, required=False, help_text=_("Leave it empty if everyone reviews everything.")
    )
    load_min = forms.IntegerField(label=_("Entries per reviewer at least"), min_value=0, max_value=10000, required=False)
    load_max = forms.IntegerField(
        label=_("Entries per reviewer at most"), min_value=1, max_value=10000, required=False, help_text=_("Leave it empty to share the entries evenly.")
    )

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        names, self.usual = ("reviews_per_entry", "load_min", "load_max"), round.weights_of_match
        weights = {f"weight_{name}": weight for name, weight in self.usual.items()}
        super().__init__(*args, **{"initial": {**{name: getattr(round, name) for name in names}, **weights}, **kwargs})
        for name, label in MATCH_WORDS.items():
            self.fields[f"weight_{name}"] = forms.IntegerField(label=label, min_value=0, max_value=100, required=False, help_text=MATCH_HELP[name])
        if round.state != RoundState.DRAFT:  # announced with the opening
            for name in names:
                self.fields[name].disabled = True

    def clean_load_min(self) -> int:
        return self.cleaned_data["load_min"] or 0

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("load_max") is not None and (data.get("load_min") or 0) > data["load_max"]:
            self.add_error("load_max", _("The largest load must be at least the smallest."))
        if not any(self.weights().values()):
            self.add_error("weight_text", _("At least one of the three must weigh something."))
        return data

    def loads(self) -> dict[str, Any]:
        """Return what `set_up_round` takes of it."""
        return {name: self.cleaned_data[name] for name in ("reviews_per_entry", "load_min", "load_max")}

    def weights(self) -> dict[str, int]:
        """Return what `suggest_assignment` takes; an empty field stays as it was."""
        given = {name: self.cleaned_data.get(f"weight_{name}") for name in self.usual}
        return {name: usual if given[name] is None else int(given[name] or 0) for name, usual in self.usual.items()}


class SetUpForm(LanguagesForm):
    """What a round announces when it opens; afterwards only the terms can change."""

    opens_at = moment_field(_("Reviewers may read from"))
    closes_at = moment_field(_("Reviews are in by"))
    quota = forms.IntegerField(label=_("How many go on"), min_value=1, max_value=1000, help_text=_("The result tells how sure it is who is among them."))
    reviews_per_entry = forms.IntegerField(
        label=_("Reviews per entry"), min_value=1, max_value=100, required=False, help_text=_("Leave it empty if everyone reviews everything.")
    )
    load_min = forms.IntegerField(label=_("Entries per reviewer at least"), min_value=0, max_value=10000, required=False)
    load_max = forms.IntegerField(
        label=_("Entries per reviewer at most"), min_value=1, max_value=10000, required=False, help_text=_("Leave it empty to share the entries evenly.")
    )
    method = forms.ChoiceField(label=_("How the result is counted"), widget=forms.RadioSelect, choices=list(SHORT_METHODS.items()))
    tie_rule = forms.ChoiceField(label=_("If points are level"), widget=forms.RadioSelect, choices=list(TIE_RULES.items()))
    peer_view = forms.ChoiceField(label=_("What reviewers see of each other’s reviews"), widget=forms.RadioSelect, choices=[
        (PeerView.NOTHING, _("Nothing before the result")),
        (PeerView.DISCUSSION, _("Once all have submitted: everything, under letters drawn by lot, with a discussion on each entry")),
    ])
    scorings = forms.TypedChoiceField(label=_("Scorings"), coerce=int, widget=forms.RadioSelect, choices=[
        (1, _("One")), (2, _("Two: after the discussion each reviewer scores again, and the second scores count")),
    ])

    def __init__(self, data: Any = None, *, round: Round) -> None:
        initial = {name: getattr(round, name) for name in SET_UP if name != "screening"}
        super().__init__(data, initial={**initial, **spread(screening=round.screening, terms=round.terms)})
        self.add_text("screening", _("Screening question"), required=False, help_text=_(
            "Answered with yes or no, apart from the scores. Leave it empty if none is asked."
        ))
        self.add_text("terms", _("Terms of secrecy"), help_text=_("A changed text is asked for again before anything more is shown."), rows=5, max_length=5000)
        self.fields["terms_en"].required = True
        if round.state != RoundState.DRAFT:  # announced with the opening
            for name, drawn in self.fields.items():
                drawn.disabled = not name.startswith("terms_")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["load_min"] = data.get("load_min") or 0
        if data.get("opens_at") and data.get("closes_at") and data["opens_at"] >= data["closes_at"]:
            self.add_error("closes_at", _("The end must be later than the beginning."))
        if data.get("load_max") is not None and data["load_min"] > data["load_max"]:
            self.add_error("load_max", _("The largest load must be at least the smallest."))
        if data.get("scorings") == 2 and data.get("peer_view") != PeerView.DISCUSSION:
            self.add_error("scorings", _("A second scoring needs the discussion before it."))
        given = [bool(data.get(f"screening_{code}")) for code in ("fi", "sv", "en")]
        if any(given) and not all(given):
            self.add_error("screening_fi", _("Write the question in all three languages, or leave it empty."))
        return data

    def columns(self) -> dict[str, Any]:
        """Return what was given, as `set_up_round` takes it."""
        return {name: self.text(name) if name == "screening" else self.cleaned_data[name] for name in SET_UP}


class RehearsalForm(forms.Form):
    """A set-up to rehearse; nothing of it is kept."""

    entries = forms.IntegerField(label=_("Number of entries"), min_value=2, max_value=500)
    reviewers = forms.IntegerField(label=_("Number of reviewers"), min_value=1, max_value=100)
    reviews = forms.IntegerField(label=_("Reviews per entry"), min_value=1, max_value=100)
    quota = forms.IntegerField(label=_("How many go on"), min_value=1, max_value=500)
    criteria = forms.IntegerField(label=_("Number of criteria"), min_value=1, max_value=20)
    low = forms.IntegerField(label=_("Lowest points"), min_value=0, max_value=100)
    high = forms.IntegerField(label=_("Highest points"), min_value=1, max_value=100)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("reviews", 0) > data.get("reviewers", 100):
            self.add_error("reviews", _("An entry cannot have more reviews than there are reviewers."))
        if data.get("quota", 0) > data.get("entries", 500):
            self.add_error("quota", _("No more can go on than there are entries."))
        if data.get("low", 0) >= data.get("high", 101):
            self.add_error("high", _("The highest points must be above the lowest."))
        return data


FAULTS: dict[Fault, Any] = {
    Fault.COLUMNS: _("A row needs the reviewer’s address and the entry."),
    Fault.REVIEWER: _("Nobody with this address reviews in this round."),
    Fault.ENTRY: _("No entry of this round has this title or code."),
    Fault.SEVERAL: _("Several entries have this title. Write the code instead."),
    Fault.CONFLICT: _("A conflict of interest bars this reviewer from the entry."),
    Fault.DOUBLED: _("An earlier row says the same."),
    Fault.LOAD: _("The reviewer would get more entries than the largest load."),
    Fault.TOO_MANY: _("The file has too many rows. Divide it."),
}
ROSTER_BYTES = 1_000_000


class RosterForm(forms.Form):
    """A file of who reviews what, or its text as it was checked."""

    file = forms.FileField(
        label=_("CSV file"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}), error_messages={"required": _("Choose a file first.")},
        help_text=_("Two columns: the reviewer’s e-mail address, and the entry’s title or the code in the address of its page."),
    )
    text = forms.CharField(widget=forms.HiddenInput, required=False, strip=False, max_length=ROSTER_BYTES)

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.fields["file"].required = not (data or {}).get("text")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (file := data.get("file")) is not None:
            content = file.read() if file.size <= ROSTER_BYTES else b""
            if not content:
                self.add_error("file", _("The file is larger than 1 MB. Divide it."))
            elif b"\0" in content:
                self.add_error("file", _("This is not a CSV file. Save the table as CSV in the spreadsheet program, and choose that file."))
            else:
                data["text"] = decode(content)
        return data


class HandForm(forms.Form):
    """One entry for one reviewer. entries: [(key, title)]."""

    entry = forms.ChoiceField(label=_("Entry"))
    who = forms.ChoiceField(label=_("Reviewer"), help_text=_("The number tells how many entries the reviewer has now."))

    def __init__(self, data: Any = None, *, entries: Iterable[tuple[str, str]], sittings: Iterable[Sitting]) -> None:
        super().__init__(data)
        self.fields["entry"].choices = list(entries)  # type: ignore[attr-defined]
        self.fields["who"].choices = [(row.key, f"{_label(row)} ({row.seat.assigned_count})") for row in sittings]  # type: ignore[attr-defined]


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254, widget=InviteeInput)
    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, ROLES[role]) for role in INVITED_HERE])
    challenge = forms.ChoiceField(label=_("Challenge"), required=False, help_text=_("Only for an officer of a pilot municipality."))
    language = forms.ChoiceField(label=_("Language of the mail"), choices=LANGUAGES)

    def __init__(self, *args: Any, challenges: Iterable[Challenge], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(row.code, pick(row.title, language) or row.code) for row in challenges]
        self.fields["challenge"].choices = [("", "–"), *rows]  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        needs_challenge = data.get("role") in OF_A_CHALLENGE
        if needs_challenge and not data.get("challenge"):
            self.add_error("challenge", _("Choose the challenge of the pilot municipality."))
        if not needs_challenge:
            data["challenge"] = ""
        if "role" in data:
            data["role"] = Role(data["role"])
        return data


def _moment(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, input_formats=["%Y-%m-%dT%H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class RoundForm(forms.Form):
    """Until when the reviewers have time; times are Helsinki's."""

    closes_at = _moment(_("Reviews are in by"))


class JuryForm(RoundForm):
    opens_at = _moment(_("The jury begins"))
    field_order = ["opens_at", "closes_at"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "opens_at" in data and "closes_at" in data and data["opens_at"] >= data["closes_at"]:
            self.add_error("closes_at", _("The end must be later than the beginning."))
        return data
