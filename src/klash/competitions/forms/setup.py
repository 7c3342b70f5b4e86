from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from klash.accounts.models import Organisation
from klash.competitions.models import Competition, Stage, StageKind
from klash.core import texts
from klash.core.fields import LANGUAGES, Text
from klash.core.forms import LanguagesForm, LineField, moment_field, put_in, spread
from klash.rules import calendar
from klash.rules.reasons import Reason

KINDS: dict[str, Promise] = {
    Organisation.Kind.ASSOCIATION: _("association"), Organisation.Kind.COMPANY: _("company"), Organisation.Kind.FOUNDATION: _("foundation"),
    Organisation.Kind.PUBLIC: _("public body"), Organisation.Kind.OTHER: _("other organisation"),
}
PARTS: dict[str, Promise] = {
    "contracting_entity": _("contracting entity"), "funder": _("funder"), "partner": _("partner"),
}
BANDS = 5
WORDS_MAX = 5000


class DeadlineForm(forms.Form):
    """The new deadline in Finnish time; an instant that the change of the clocks skips or doubles is refused."""

    to = moment_field(_("New deadline"), help_text=_("Day and time in Finland. It must be later than the deadline in force."))
    reason = forms.CharField(
        label=_("Reason"), help_text=_("Everyone can read this in the calendar."), max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )


class FoundForm(forms.Form):
    """A new competition: whose it is, and who fills it."""

    name = LineField(label=_("Name of the competition"), max_length=120)
    code = forms.SlugField(
        label=_("Address"), max_length=60, help_text=_("The last part of the competition’s web address, for example klash-2027. It cannot be changed later."),
        error_messages={"invalid": _("An address may hold only the letters a–z, digits, hyphens and underscores.")},
    )
    organisation = LineField(label=_("Organiser"), max_length=120, help_text=_("The organisation that runs the competition."))
    kind = forms.ChoiceField(label=_("Kind of organisation"), choices=list(KINDS.items()))
    email = forms.EmailField(
        label=_("E-mail address of the first organiser"), max_length=254, help_text=_("This person gets an invitation and fills in the rest."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=[("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")])

    use_required_attribute = False


LIMITS = ("name", "website", "team_size_min", "team_size_max", "challenges_promised", "teams_per_challenge_max", "takes_questions")


class TextsForm(LanguagesForm):
    """Name, texts and limits of a draft."""

    name = LineField(label=_("Name of the competition"), max_length=120)
    website = forms.URLField(
        label=_("Website"), required=False, assume_scheme="https", error_messages={"invalid": _("Write the whole address, for example https://klash.fi.")}
    )
    team_size_min = forms.IntegerField(label=_("Members in a team at least"), min_value=1, max_value=50)
    team_size_max = forms.IntegerField(label=_("Members in a team at most"), min_value=1, max_value=50)
    challenges_promised = forms.IntegerField(label=_("Problems that become challenges"), min_value=1, max_value=500)
    teams_per_challenge_max = forms.IntegerField(label=_("Teams in a challenge at most"), min_value=1, max_value=500)
    reserve = forms.IntegerField(
        label=_("Reserve for contracts, in euros"), min_value=0, max_value=10**12,
        help_text=_("A ceiling for contracts with the winners, not a prize. 0 if there is none.")
    )
    takes_questions = forms.BooleanField(
        label=_("The jury may put questions to teams"), required=False, help_text=_(
            "They go by code name, and neither side learns who the other is. But while questions are allowed, whoever runs the server could find out "
            "which team a code name belongs to. The challenges and the teams’ pages say so."
        ),
    )

    def __init__(self, competition: Competition, data: Any = None) -> None:
        limits = {name: getattr(competition, name) for name in LIMITS}
        written = spread(tagline=competition.tagline, summary=competition.summary)
        super().__init__(data, initial={**limits, **written, "reserve": competition.reserve_cents // 100})
        self.add_text("tagline", _("The competition in one sentence"), help_text=_("Shown first on the front page."), max_length=200)
        hint = _("Two or three sentences: who may do what, and what follows from it.")
        self.add_text("summary", _("What it is about"), help_text=hint, rows=4, max_length=2000)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("team_size_min", 0) > data.get("team_size_max", 50):
            self.add_error("team_size_max", _("The largest size must be at least the smallest."))
        return data

    def columns(self) -> dict[str, Any]:
        """Return what `save_texts` takes."""
        limits = {name: self.cleaned_data[name] for name in LIMITS}
        return {**limits, "tagline": self.text("tagline"), "summary": self.text("summary"), "reserve_cents": self.cleaned_data["reserve"] * 100}


class CalendarForm(LanguagesForm):
    """All stages at once: when each opens and closes, and what it is called."""

    def __init__(self, stages: dict[str, Stage], names: dict[str, Text], data: Any = None) -> None:
        initial: dict[str, Any] = {}
        for kind in StageKind.values:
            stage = stages.get(kind)
            initial |= spread(**{f"{kind}_title": stage.title if stage else names[kind]})
            if stage:
                initial |= {f"{kind}_opens": stage.opens_at, f"{kind}_closes": stage.closes_at}
        super().__init__(data, initial=initial)
        self.saved = {} if self.is_bound else stages
        for kind in StageKind.values:
            part = StageKind(kind).label
            self.fields[f"{kind}_opens"] = put_in(moment_field(_("Opens")), part)
            self.fields[f"{kind}_closes"] = put_in(moment_field(_("Closes")), part)
            self.add_text(f"{kind}_title", _("Name of the stage"), max_length=80, part=part)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = {kind: (data.get(f"{kind}_opens"), data.get(f"{kind}_closes")) for kind in StageKind.values}
        whole = {kind: (opens, closes) for kind, (opens, closes) in given.items() if opens and closes}
        for kind, reason in calendar.faults(whole).items():
            self.add_error(f"{kind}_closes" if reason == "closes_too_early" else f"{kind}_opens", texts.sentence(reason))
        return data

    def rows(self) -> list[dict[str, Any]]:
        """Return the stages as they are drawn."""
        titles = {group["name"]: group for group in self.groups()}
        return [
            {
                "kind": kind, "label": StageKind(kind).label, "opens": self[f"{kind}_opens"], "closes": self[f"{kind}_closes"],
                "title": titles[f"{kind}_title"], "saved": self.saved.get(kind),
            }
            for kind in StageKind.values
        ]

    def stages(self) -> dict[str, Any]:
        """Return what `set_calendar` takes."""
        return {
            kind: (self.text(f"{kind}_title"), self.cleaned_data[f"{kind}_opens"], self.cleaned_data[f"{kind}_closes"]) for kind in StageKind.values
        }


class CriterionForm(LanguagesForm):
    """One criterion with its weight, its scale and what the points mean."""

    weight = forms.IntegerField(
        label=_("Weight"), min_value=1, max_value=1000, error_messages={"min_value": texts.REASONS[Reason.NO_WEIGHT]},  # type: ignore[dict-item]
        help_text=_("Weights are compared with each other; they need not add up to 100. The list of criteria shows the share of each beside its weight."),
    )
    is_optional = forms.BooleanField(
        label=_("Optional"), required=False,
        help_text=_("A reviewer may leave it empty. It then does not count in that review: the mean is over the weights of the others."),
    )
    scale_min = forms.IntegerField(label=_("Lowest points"), min_value=0, max_value=100, initial=0)
    scale_max = forms.IntegerField(label=_("Highest points"), min_value=1, max_value=100, initial=10)

    def __init__(self, criterion: dict[str, Any] | None, data: Any = None) -> None:
        super().__init__(data, initial=self._initial(criterion) if criterion else None)
        self.add_text("name", _("Name"), max_length=80)
        self.add_text("meaning", _("What is asked"), help_text=_("One or two sentences that the reviewer reads beside the points."), rows=3, max_length=1000)
        for number in range(BANDS):
            part = _("Band %(number)s") % {"number": number + 1}
            self.fields[f"band{number}_from"] = put_in(forms.IntegerField(label=_("From"), required=False, min_value=0, max_value=100), part)
            self.fields[f"band{number}_to"] = put_in(forms.IntegerField(label=_("To"), required=False, min_value=0, max_value=100), part)
            self.add_text(f"band{number}_text", _("What they mean"), rows=2, max_length=500, required=False, part=part)

    @staticmethod
    def _initial(row: dict[str, Any]) -> dict[str, Any]:
        initial = {**spread(name=row["name"], meaning=row["meaning"]), **{name: row[name] for name in ("weight", "scale_min", "scale_max")}}
        initial["is_optional"] = not row.get("is_required", True)
        for number, band in enumerate(row["bands"][:BANDS]):
            initial |= {f"band{number}_from": band["from"], f"band{number}_to": band["to"], **spread(**{f"band{number}_text": band["text"]})}
        return initial

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("scale_min", 0) >= data.get("scale_max", 100):
            self.add_error("scale_max", _("The highest points must be above the lowest."))
        for number in range(BANDS):
            self._check_band(data, number)
        spans = [(band["from"], band["to"]) for band in self._bands(data)]
        if spans and not self.errors and (fault := calendar.bands_fault(spans, data["scale_min"], data["scale_max"])):
            self.add_error("band0_from", texts.sentence(fault))
        return data

    def _check_band(self, data: dict[str, Any], number: int) -> None:
        ends = [data.get(f"band{number}_{end}") for end in ("from", "to")]
        written = [data.get(f"band{number}_text_{code}", "").strip() for code in ("fi", "sv")]
        if any(end is not None for end in ends) or any(written):
            if None in ends:
                self.add_error(f"band{number}_from", _("Give both ends of the band."))
            if not all(written):
                self.add_error(f"band{number}_text_fi", _("Say in Finnish and in Swedish what these points mean."))

    def _bands(self, data: dict[str, Any]) -> list[dict[str, Any]]:
        found = []
        for number in range(BANDS):
            first, last = data.get(f"band{number}_from"), data.get(f"band{number}_to")
            if first is not None and last is not None:
                text = {code: data[f"band{number}_text_{code}"].strip() for code in LANGUAGES if data.get(f"band{number}_text_{code}", "").strip()}
                found.append({"from": first, "to": last, "text": text})
        return sorted(found, key=lambda band: band["from"])

    def bands(self) -> list[dict[str, Any]]:
        """Return the bands as they are drawn."""
        groups = {group["name"]: group for group in self.groups()}
        return [
            {
                "number": number + 1, "from": self[f"band{number}_from"], "to": self[f"band{number}_to"], "text": groups[f"band{number}_text"],
                "is_given": self[f"band{number}_from"].value() not in (None, ""),
            }
            for number in range(BANDS)
        ]

    def own_groups(self) -> list[dict[str, Any]]:
        """Return the criterion's own texts, those of its bands left out."""
        return [group for group in self.groups() if group["name"] in ("name", "meaning")]

    def columns(self) -> dict[str, Any]:
        """Return what `save_criterion` takes."""
        given = {name: self.cleaned_data[name] for name in ("weight", "scale_min", "scale_max")}
        given |= {"is_required": not self.cleaned_data["is_optional"], "bands": self._bands(self.cleaned_data)}
        return {**given, "name": self.text("name"), "meaning": self.text("meaning")}


class ThemeForm(LanguagesForm):
    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="theme")
        self.add_text("name", _("Theme"), max_length=80)


class PartnerForm(forms.Form):
    organisation = LineField(label=_("Organisation"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind of organisation"), choices=list(KINDS.items()))
    roles = forms.MultipleChoiceField(label=_("Part in the competition"), choices=list(PARTS.items()), widget=forms.CheckboxSelectMultiple)

    use_required_attribute = False
