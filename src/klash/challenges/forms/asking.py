from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from klash.challenges.models import InformationSession, PublicQuestion
from klash.challenges.services import LONGEST_QUESTION
from klash.core.forms import LanguagesForm, WholeField, moment_field, spread
from klash.core.show import ZONE


class AskForm(forms.Form):
    """A question of anybody. `website` is for programs that fill in everything: people do not see it."""

    text = WholeField(
        label=_("Your question"), max_length=LONGEST_QUESTION, widget=forms.Textarea({"rows": 4}),
        help_text=_("The organiser words it anew for all before it is answered. Nobody is told who asked."),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"), max_length=254, widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=_("A link is sent there; the question counts once you open it. The answer comes to the same address."),
    )
    website = forms.CharField(label=_("Leave this empty"), required=False, widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}))

    use_required_attribute = False

    def __init__(self, person: Any, data: Any = None) -> None:
        super().__init__(data)
        if person.is_authenticated:
            del self.fields["email"]


class AnswerForm(LanguagesForm):
    """The question as all will read it, and its answer, in three languages side by side."""

    def __init__(self, question: PublicQuestion, data: Any = None) -> None:
        super().__init__(data, initial=spread(wording=question.wording or {question.language: question.text}, answer=question.answer))
        self.add_text(
            "wording", _("The question for all"), rows=4, max_length=2000, required=False,
            help_text=_("Leave out what tells who asked: names, places, plans of one team."),
        )
        self.add_text("answer", _("Answer"), rows=6, max_length=4000, required=False, help_text=_("Finnish and Swedish are needed before the answer goes out."))


class QuestionTimeForm(forms.Form):
    until = moment_field(_("Questions are taken until"))

    use_required_attribute = False


class RoundTimeForm(forms.Form):
    at = moment_field(_("Answers go out on"))

    use_required_attribute = False


class InformationSessionForm(LanguagesForm):
    """A webinar or a meeting: its title, when, and where to follow it, then and afterwards."""

    def __init__(self, session: InformationSession | None, data: Any = None) -> None:
        links = {name: getattr(session, name) for name in ("url", "recording_url", "material_url")} if session else {}
        times = {"starts_at": session.starts_at.astimezone(ZONE).replace(tzinfo=None)} if session else {}
        super().__init__(data, initial={**(spread(title=session.title) if session else {}), **links, **times})
        self.add_text("title", _("Title"), max_length=150)
        self.fields["starts_at"] = moment_field(_("Begins"))
        for name, label in (("url", _("Link to take part")), ("recording_url", _("Recording")), ("material_url", _("Material"))):
            self.fields[name] = forms.URLField(label=label, required=False, max_length=200, assume_scheme="https")

    def links(self) -> list[Any]:
        """Return the fields beside the title as they are drawn."""
        return [self[name] for name in ("starts_at", "url", "recording_url", "material_url")]

    def session(self) -> dict[str, Any]:
        """Return what `save_information_session` takes."""
        return {"title": self.text("title"), **{name: self.cleaned_data[name] for name in ("starts_at", "url", "recording_url", "material_url")}}
