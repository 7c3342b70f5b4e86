"""The letter of thanks to a mentor, as a tagged PDF in the mentor's language. Nothing in it depends on when it is made."""

import io
import zipfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from klash.core import show
from klash.core.pdf import typeset
from klash.mentoring.selectors import Deeds

FRAME = Path(__file__).parent / "thanks" / "thanks.typ"
_MOMENT = (1980, 1, 1, 0, 0, 0)  # of every file in a package, so that it is the same whenever it is made


def thanks_pdf(deeds: Deeds) -> bytes:
    """Return the letter as PDF. No query."""
    language = deeds.mentor.person.language
    with translation.override(language):
        return typeset(FRAME, _content(deeds, language))


def thanks_name(deeds: Deeds) -> str:
    """Return what the letter's file is called."""
    return f"{slugify(deeds.mentor.person.name) or 'mentor'}-{deeds.mentor.code[:6].lower()}.pdf"


def thanks_zip(rows: Sequence[Deeds]) -> bytes:
    """Return all letters in one package."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as package:
        for deeds in rows:
            package.writestr(zipfile.ZipInfo(thanks_name(deeds), _MOMENT), thanks_pdf(deeds))
    return whole.getvalue()


def _content(deeds: Deeds, language: str) -> dict[str, Any]:
    competition, title = deeds.mentor.competition, _("Thank you for mentoring")
    return {
        "lang": language, "title": title, "competition": competition.name, "footer": f"{title} · {competition.name}",
        "invented": _("Invented example") if competition.is_invented else "", "greeting": _("Dear %(name)s,") % {"name": deeds.mentor.person.name},
        "paragraphs": [
            _("Thank you for the time and the expertise that you gave to the teams of the challenge competition %(name)s.") % {"name": competition.name},
            _("You met them before their solutions were finished, asked questions and told them what you saw. This is what you did:"),
        ],
        "head": [_("Your work as a mentor"), _("In figures")],
        "rows": [
            [_("Days"), str(deeds.days)], [_("Teams that you met"), str(deeds.teams)], [_("Sessions held"), str(deeds.sessions)],
            [_("Hours with teams"), hours(deeds.length, language)], [_("Pieces of advice that you gave"), str(deeds.given)],
            [_("Of these, taken by the teams"), str(deeds.taken)],
        ],
        "closing": [
            _("Your last session was on %(day)s. The teams themselves say which advice they have taken.") % {"day": show.day(deeds.last, language)},
        ],
        "regards": _("With thanks"), "organiser": show.pick(competition.organiser.name, language),
    }


def hours(length: timedelta, language: str) -> str:
    """Return hours with a half or a quarter as they are: 3,75."""
    return show.number(round(length.total_seconds() / 3600, 2), language)
