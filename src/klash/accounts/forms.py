from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from klash.accounts.models import User
from klash.core.fields import LANGUAGES
from klash.core.forms import NameField

LANGUAGE_NAMES = [(code, name) for code, name in (("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")) if code in LANGUAGES]


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"})
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


class SignInForm(EmailForm):
    password = forms.CharField(
        label=_("Password"), max_length=200, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "email" in data and "password" in data:
            self.user = authenticate(self.request, username=data["email"], password=data["password"])
            if self.user is None:
                raise forms.ValidationError(
                    _("The e-mail address and the password do not belong together. Check both, or ask for a new password."), code="wrong"
                )
        return data


# Django has no Finnish for some of these; by the code of its fault.
WEAK = {
    "password_too_short": _("The password is too short. Write at least 12 characters."),
    "password_too_common": _("The password is common and easy to guess. Write another."),
    "password_too_similar": _("The password is too much like your name or your e-mail address."),
}


class NewPasswordForm(forms.Form):
    """A password that passes the validators; `person` is whom it is for, so that it may not resemble the name or address."""

    password = forms.CharField(
        label=_("New password"), max_length=200, strip=False,
        help_text=_("At least 12 characters. Several words in a row are easy to remember and hard to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if password := data.get("password"):
            try:
                password_validation.validate_password(password, self.person)
            except forms.ValidationError as error:
                self.add_error("password", [forms.ValidationError(WEAK[str(fault.code)], code=fault.code) for fault in error.error_list])
        return data


class JoinForm(NewPasswordForm):
    """Name and password of a new account; the address was proved by the link."""

    name = NameField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ["name", "password"]

    def clean_name(self) -> str:
        self.person.name = str(self.cleaned_data["name"])
        return self.person.name


class ProfileForm(forms.Form):
    name = NameField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(
        label=_("Language of mails"), choices=LANGUAGE_NAMES, widget=forms.RadioSelect,
        help_text=_("Mails come in this language. You change the language of the pages at the top of each page."),
    )
