"""What forms of mentoring share."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from klash.core import show
from klash.core.fields import Text
from klash.mentoring.models import MentorProfile, Sector

SECTORS = [
    (Sector.BUSINESS, _("business")), (Sector.PUBLIC, _("public sector")), (Sector.THIRD_SECTOR, _("third sector")),
    (Sector.RESEARCH, _("research")), (Sector.UNKNOWN, _("other or not told")),
]

LONG, SHORT = {"rows": 8}, {"rows": 4}
SHORT_NUMBER = forms.NumberInput(attrs={"class": "short"})


def in_language(text: Text) -> str:
    """Return the text in the language of the page, else in one that there is."""
    return show.pick(text, (get_language() or "fi")[:2])


def sector_label(sector: str) -> str:
    """Return the sector in words."""
    return str(dict(SECTORS)[Sector(sector)])


def mentor_label(mentor: MentorProfile) -> str:
    """Return the mentor's name with the field."""
    field = in_language(mentor.field)
    return f"{mentor.person.name}, {field}" if field else mentor.person.name


def text_of(data: Mapping[str, Any], name: str) -> Text:
    return {language: data[f"{name}_{language}"].strip() for language in ("fi", "sv") if data[f"{name}_{language}"].strip()}
