from collections.abc import Iterable
from typing import Any

from babel import Locale
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from klash.core.forms import LanguagesForm, spread
from klash.rules.knowhow import KNOW_HOW
from klash.teams.forms.members import names_in
from klash.teams.models import Conditions, EligibilityQuestion, NeededSkill, NoticeFacts, TeamRules

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
WORDS = {True: "yes", False: "no"}
OWN_NEEDS = 3
NEAR = ("FI", "SE", "EE", "NO", "DK", "IS", "LV", "LT", "DE")


def country_names() -> list[tuple[str, str]]:
    """Return the countries by code and name in the page's language, the near ones first."""
    names = {str(code): str(name) for code, name in Locale((get_language() or "fi")[:2]).territories.items()}
    others = [code for code in names if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES | set(NEAR)]
    return [(code, names[code]) for code in (*NEAR, *sorted(others, key=names.__getitem__))]


# Codes of CLDR that are groups of countries or reserved.
NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})


class NoticeFactsForm(forms.Form):
    country = forms.ChoiceField(label=_("Country of the team"), help_text=_("Where most of you work from."))
    size = forms.ChoiceField(
        label=_("Who stands behind the team?"),
        help_text=_("Small or medium-sized is an enterprise with fewer than 250 persons and a turnover of at most 50 million euros."),
        widget=forms.RadioSelect, choices=[
            (NoticeFacts.Size.NONE, _("no organisation: we are private persons")),
            (NoticeFacts.Size.SME, _("a micro, small or medium-sized enterprise")),
            (NoticeFacts.Size.LARGE, _("a larger enterprise or another organisation")),
        ],
    )

    def __init__(self, facts: NoticeFacts | None, data: Any = None) -> None:
        super().__init__(data, initial={"country": facts.country if facts else "FI", "size": facts.size if facts else None})
        self.fields["country"].choices = country_names()  # type: ignore[attr-defined]


class EligibilityForm(forms.Form):
    """The organiser's questions on who may take part, each answered yes or no."""

    def __init__(self, questions: Iterable[EligibilityQuestion], answers: dict[int, bool], data: Any = None) -> None:
        super().__init__(data)
        self.questions = list(questions)
        for question in self.questions:
            self.fields[question.code] = forms.ChoiceField(
                label=dict(names_in({"": question.text}))[""], choices=YES_NO, widget=forms.RadioSelect,
                initial=WORDS[answers[question.pk]] if question.pk in answers else None,
            )

    def answers(self) -> dict[str, bool]:
        return {question.code: self.cleaned_data[question.code] == "yes" for question in self.questions}


class RulesForm(forms.Form):
    one_team = forms.ChoiceField(label=_("In how many teams may one person be?"), widget=forms.RadioSelect, choices=[
        (TeamRules.OneTeam.COMPETITION, _("in one team of the whole competition")), (TeamRules.OneTeam.CHALLENGE, _("in one team of each challenge")),
    ])
    asks_declarations = forms.BooleanField(label=_("Each person and each organisation of a team confirms that no ground for exclusion exists"), required=False)

    def __init__(self, rules: TeamRules, data: Any = None) -> None:
        super().__init__(data, initial={"one_team": rules.one_team, "asks_declarations": rules.asks_declarations})


class QuestionForm(LanguagesForm):
    """A question on who may take part."""

    wanted = forms.ChoiceField(label=_("The answer that is needed"), choices=YES_NO, widget=forms.RadioSelect)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.add_text("text", _("Question"), help_text=_("It can be answered yes or no."), max_length=300)
        self.add_text("why", _("Why another answer bars from taking part"), rows=3, max_length=1000)
        self.add_text("onward", _("What one can do then"), rows=3, max_length=1000)

    def columns(self) -> dict[str, Any]:
        return {name: self.text(name) for name in ("text", "why", "onward")} | {"wanted": self.cleaned_data["wanted"] == "yes"}


class ConditionsForm(LanguagesForm):
    def __init__(self, conditions: Conditions | None, data: Any = None) -> None:
        super().__init__(data, initial=spread(text=conditions.text) if conditions else {})
        self.add_text("text", _("Conditions of taking part"), rows=12, max_length=20_000)


class NeedsForm(LanguagesForm):
    """Which know-how a challenge needs."""

    skills = forms.MultipleChoiceField(label=_("Which know-how does the challenge need?"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, needs: Iterable[NeededSkill], data: Any = None) -> None:
        own = {f"own{number}": need.name for number, need in enumerate([need for need in needs if need.name], 1)}
        super().__init__(data, initial={"skills": [need.code for need in needs if not need.name], **spread(**own)})
        self.fields["skills"].choices = names_in({code: dict(name) for code, name in KNOW_HOW.items()})  # type: ignore[attr-defined]
        for number in range(1, OWN_NEEDS + 1):
            self.add_text(f"own{number}", _("Something that the list does not have (%(number)s)") % {"number": number}, required=False, max_length=60)

    def columns(self) -> dict[str, Any]:
        own = [self.text(f"own{number}") for number in range(1, OWN_NEEDS + 1)]
        return {"skills": self.cleaned_data["skills"], "own": [name for name in own if name]}
