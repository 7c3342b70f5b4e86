"""Addresses of meetings and materials: plain links, whoever runs what stands behind them."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

_is_address = URLValidator(schemes=["https"])


def check_link(link: str) -> None:
    """Raise ValidationError unless the link is an https address that carries no user name and no password."""
    try:
        _is_address(link)
        parts = urlsplit(link)
    except (forms.ValidationError, ValueError):
        raise forms.ValidationError(_("The link is not an address that begins with https://. Copy it whole from the meeting’s invitation.")) from None
    if parts.username is not None or parts.password is not None:
        raise forms.ValidationError(_("The link holds a user name or a password before the @ sign. Take them away."))


class LinkField(forms.CharField):
    """A link to a meeting (Teams, Zoom, Jitsi or another)."""

    def __init__(self, **kwargs: Any) -> None:
        plain = forms.TextInput({"inputmode": "url", "autocomplete": "off", "spellcheck": "false"})
        super().__init__(max_length=500, validators=[check_link], widget=plain, **kwargs)
