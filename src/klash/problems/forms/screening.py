from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.core.forms import LanguagesForm, WholeField
from klash.core.show import pick
from klash.problems.models import EligibilityQuestion, Problem
from klash.problems.texts import OUTCOMES
from klash.rules.reasons import Reason
from klash.rules.screening import Outcome

YES, NO = "yes", "no"


class QuestionForm(LanguagesForm):
    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="question")
        self.add_text("text", _("Question"), help_text=_("Ask so that yes lets the problem pass."), max_length=300)


class ScreenForm(forms.Form):
    """The eligibility questions, what they lead to, and why."""

    use_required_attribute = False

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[(one.value, OUTCOMES[one]) for one in Outcome], widget=forms.RadioSelect,
        error_messages={"required": _("Choose the outcome.")},
    )
    reason = WholeField(
        label=_("Reason"), required=False, max_length=3000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Needed unless the problem passes. Why a problem is not eligible is told to its reporter with all decisions, and is public then."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, problem: Problem, questions: Sequence[EligibilityQuestion], language: str, data: Any = None) -> None:
        kept = getattr(problem, "screening", None)
        initial: dict[str, Any] = {"revision": kept.revision if kept else 0}
        if kept:
            initial.update(outcome=kept.outcome, reason=kept.reason, **{f"answer_{code}": YES if holds else NO for code, holds in kept.answers.items()})
        super().__init__(data, initial=initial)
        self.codes = [question.code for question in questions]
        for question in questions:
            self.fields[f"answer_{question.code}"] = forms.ChoiceField(
                label=pick(question.text, language), choices=[(YES, _("yes")), (NO, _("no"))], widget=forms.RadioSelect, required=False
            )
        self.fields["reason"].widget.attrs["lang"] = problem.language

    def questions(self) -> list[Any]:
        return [self[f"answer_{code}"] for code in self.codes]

    def answers(self) -> dict[str, bool]:
        given = {code: self.cleaned_data.get(f"answer_{code}") for code in self.codes}
        return {code: value == YES for code, value in given.items() if value}


FIELD_OF = {Reason.NO_REASON_GIVEN: "reason", Reason.SCREENING_NOT_YES: "outcome"}
