"""The forms with which an organiser makes the form of a stage."""

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from klash.competitions.answers import YES_NO
from klash.competitions.forms.answering import AnswersForm, language
from klash.competitions.forms.setup import WORDS_MAX
from klash.competitions.models import FormKind, FormSection, Question, StageForm
from klash.competitions.selectors import fingerprint_of
from klash.core import audit
from klash.core.fields import LANGUAGES, Text
from klash.core.forms import LanguagesForm, moment_field, spread
from klash.core.show import pick
from klash.rules.questions import CHOICES, DECIDING, NO, YES, Kind

OPTIONS_MAX, OPTION_SIGNS_MAX = 60, 200
KINDS: dict[str, Any] = {
    Kind.TEXT: _("long text"), Kind.LINE: _("short text, one line"), Kind.NUMBER: _("number"), Kind.MONEY: _("amount of money"), Kind.DATE: _("day"),
    Kind.ONE: _("one of a list"), Kind.MANY: _("several of a list"), Kind.YES_NO: _("yes or no"),
    Kind.MUNICIPALITY: pgettext_lazy("kind of answer", "municipality"),
    Kind.ORGANISATION: _("organisation"), Kind.PEOPLE: _("table of people"),
    Kind.FILE: _("file"),
}
CURRENCIES = ("EUR", "SEK", "NOK", "DKK", "USD", "GBP")
REQUIRED, OPTIONAL, LATER = "required", "optional", "later"


class QuestionForm(LanguagesForm):
    """One question of a form. options: a line each, the same line in each language."""

    kind = forms.ChoiceField(label=_("Kind of answer"), choices=list(KINDS.items()))
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES], required=False)
    soft_words = forms.IntegerField(
        label=_("Recommended words"), required=False, min_value=1, max_value=WORDS_MAX,
        help_text=_("The page says when a text is longer, and takes it all the same. Leave it empty if you recommend nothing."),
    )
    hard_words = forms.IntegerField(
        label=_("Words at most"), required=False, min_value=1, max_value=WORDS_MAX,
        help_text=_("A longer text can be saved as a draft, but not submitted. A word is what stands between spaces and has a letter or a digit in it."),
    )
    need = forms.ChoiceField(
        label=_("Is an answer required?"), widget=forms.RadioSelect,
        choices=[(REQUIRED, _("required")), (OPTIONAL, _("may be left empty")), (LATER, _("required from a moment on"))],
    )
    required_from = moment_field(_("Required from"), required=False)
    shown_if = forms.MultipleChoiceField(
        label=_("Shown only if it is answered so"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose answers to one question. With no choice the question is always shown."),
    )
    frozen_from = moment_field(_("The answer can change until"), required=False)
    is_for_reviewers = forms.BooleanField(
        label=_("Reviewers see the answer"), required=False, help_text=_("An answer that reviewers do not see is not public either.")
    )
    is_identifying = forms.BooleanField(
        label=_("The answer tells who answers"), required=False,
        help_text=_("It never stands in a blind copy nor on a public page. In a proposal, people and organisations always count as such."),
    )
    carries = forms.ChoiceField(
        label=_("Goes on from the application"), required=False,
        help_text=_("A team can bring into this answer what it wrote in that part of its application."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, form: StageForm, row: Question, data: Any = None) -> None:
        super().__init__(data, initial=self._initial(row))
        self.stage_form, self.row = form, row
        self.add_text("heading", _("Question"), max_length=120)
        self.add_text("help", _("Help"), help_text=_("What is to be told here; it stands above the field."), rows=3, max_length=600, required=False)
        lines = _("One on each line, in the same order in each language. English may be left empty.")
        self.add_text("options", _("Answers to choose from"), help_text=lines, rows=5, max_length=OPTIONS_MAX * OPTION_SIGNS_MAX, required=False)
        deciding = [other for other in form.asked if other.kind in DECIDING and other.code != row.code]
        self.fields["shown_if"].choices = [choice for other in deciding for choice in _answers_of(other)]  # type: ignore[attr-defined]
        if form.kind == FormKind.PROPOSAL:
            parts = [(other.code, pick(other.heading, language())) for other in form.competition.form(FormKind.APPLICATION).asked if other.kind == Kind.TEXT]
            self.fields["carries"].choices = [("", _("from no part of it")), *parts]  # type: ignore[attr-defined]
        else:
            del self.fields["carries"]
        if form.kind == FormKind.PROPOSAL:  # its files are attached to the whole, and cleared of names
            self.fields["kind"].choices = [(kind, name) for kind, name in KINDS.items() if kind != Kind.FILE]  # type: ignore[attr-defined]

    @staticmethod
    def _initial(row: Question) -> dict[str, Any]:
        names = ("kind", "currency", "soft_words", "hard_words", "required_from", "frozen_from", "is_for_reviewers", "is_identifying", "carries")
        offered = [option["text"] for option in row.options if not option.get("is_removed")]
        lines = {code: "\n".join(text.get(code, "") for text in offered).strip() for code in LANGUAGES}
        return {
            **{name: getattr(row, name) for name in names}, **spread(heading=row.heading, help=row.help, options=lines),
            "need": REQUIRED if row.is_required else LATER if row.required_from else OPTIONAL,
            "shown_if": [f"{row.depends_on}:{value}" for value in row.values], "seen": fingerprint_of(row) if row.pk else "",
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("soft_words") or 0) > (data.get("hard_words") or WORDS_MAX):
            self.add_error("soft_words", gettext("The recommendation may be at most as large as the limit."))
        if data.get("need") == LATER and not data.get("required_from"):
            self.add_error("required_from", gettext("Tell the moment from which on an answer is required."))
        if len({choice.partition(":")[0] for choice in data.get("shown_if") or []}) > 1:
            self.add_error("shown_if", gettext("Choose answers to one question only."))
        if data.get("kind") in CHOICES:
            self._clean_options(data)
        return data

    def _clean_options(self, data: dict[str, Any]) -> None:
        lines = {code: _lines(data.get(f"options_{code}", "")) for code in LANGUAGES}
        if len(lines["fi"]) < 2:
            self.add_error("options_fi", gettext("Write at least two answers, one on each line."))
        if len(lines["fi"]) > OPTIONS_MAX or any(len(line) > OPTION_SIGNS_MAX for one in lines.values() for line in one):
            self.add_error("options_fi", gettext("At most 60 answers of at most 200 signs each."))
        for code in ("sv", "en"):
            if len(lines[code]) != len(lines["fi"]) and (lines[code] or code == "sv"):
                self.add_error(f"options_{code}", gettext("Write as many lines as in Finnish."))

    def columns(self) -> dict[str, Any]:
        """Return what `save_question` takes of the question itself."""
        data = self.cleaned_data
        is_text, shown_if = data["kind"] in (Kind.LINE, Kind.TEXT), [choice.partition(":") for choice in data["shown_if"]]
        return {
            "kind": data["kind"], "heading": self.text("heading"), "help": self.text("help"), "options": self._options(),
            "currency": data["currency"] or self.row.currency, "soft_words": data["soft_words"] if is_text else None,
            "hard_words": data["hard_words"] if is_text else None, "is_required": data["need"] == REQUIRED,
            "required_from": data["required_from"] if data["need"] == LATER else None, "frozen_from": data["frozen_from"],
            "depends_on": shown_if[0][0] if shown_if else "", "values": [value for _code, _colon, value in shown_if],
            "is_for_reviewers": data["is_for_reviewers"], "is_identifying": data["is_identifying"], "carries": data.get("carries", ""),
        }

    def _options(self) -> list[dict[str, Any]]:
        """Return the options as they are written now. One keeps its code while its Finnish text stays, or its line while there are as many lines."""
        if self.cleaned_data["kind"] not in CHOICES:
            return []
        lines = {code: _lines(self.cleaned_data[f"options_{code}"]) for code in LANGUAGES}
        texts: list[Text] = [{code: lines[code][place] for code in LANGUAGES if place < len(lines[code])} for place in range(len(lines["fi"]))]
        before = [option for option in self.row.options if not option.get("is_removed")]
        by_text = {option["text"].get("fi", ""): option["code"] for option in self.row.options}
        found, taken = [], {option["code"] for option in self.row.options}
        for place, text in enumerate(texts):
            code = by_text.pop(text["fi"], None)
            if code is None and len(texts) == len(before) and before[place]["text"].get("fi", "") in by_text:
                code = by_text.pop(before[place]["text"]["fi"])
            if code is None:
                code = _option_code(text, taken)
                taken.add(code)
            found.append({"code": code, "text": text})
        return found

    def draft(self) -> Question:
        """Return the question as it would be with what is written now, as far as that can be understood; nothing is saved."""
        self.full_clean()
        kind = self.data.get("kind", "")
        row = Question(form=self.stage_form, section=self.row.section, code=self.row.code or "new", kind=kind if kind in set(Kind) else Kind.TEXT)
        if self.is_valid():
            for name, value in self.columns().items():
                setattr(row, name, value)
            return row
        row.heading, row.help = ({code: self.data.get(f"{name}_{code}", "")[:600] for code in LANGUAGES} for name in ("heading", "help"))
        row.is_required = self.data.get("need") == REQUIRED
        lines = _lines(self.data.get(f"options_{language()}", "") or self.data.get("options_fi", ""))[:OPTIONS_MAX]
        row.options = [{"code": f"o{place}", "text": {language(): line}} for place, line in enumerate(lines)]
        return row


class PreviewForm(AnswersForm):
    """A form as those see it who fill it in; it keeps nothing."""


class FormSectionForm(LanguagesForm):
    def __init__(self, row: FormSection | None, data: Any = None) -> None:
        super().__init__(data, initial=spread(heading=row.heading, help=row.help) if row else None)
        self.add_text("heading", _("Heading"), max_length=80)
        self.add_text("help", _("Help"), rows=2, max_length=600, required=False)


class MoveForm(forms.Form):
    """place: where a question goes, as in "section:0"; of a section only the number."""

    place = forms.RegexField(r"^[-a-zA-Z0-9_]{0,40}:\d{1,3}$")

    def target(self) -> tuple[str, int]:
        section, _colon, to = self.cleaned_data["place"].partition(":")
        return section, int(to)


def _answers_of(other: Question) -> list[tuple[str, str]]:
    heading = pick(other.heading, language())
    if other.kind == Kind.YES_NO:
        named: list[tuple[str, Text]] = [(YES, YES_NO[True]), (NO, YES_NO[False])]
    else:
        named = [(option["code"], option["text"]) for option in other.options if not option.get("is_removed")]
    return [(f"{other.code}:{code}", f"{heading} – {pick(text, language())}") for code, text in named]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _option_code(text: Text, taken: set[str]) -> str:
    """Return a code for a new option that tells nothing and is never used again for another."""
    start = audit.sha256("klash/1/option", text["fi"])[:8]
    return next(code for code in (start, *(f"{start}{number}" for number in range(2, 200))) if code not in taken)
