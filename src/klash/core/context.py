"""What every page gets. Nothing here grows with the competition."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix
from django.utils.translation import get_language_from_path

from klash.core import clock, navigation, show
from klash.core.fields import LANGUAGES

NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}


def page(request: HttpRequest) -> dict[str, Any]:
    """Return languages, navigation and whether this is the demo; no query."""
    current, addresses = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE), addresses_of(request)
    return {
        "languages": [
            {"code": code, "name": NAMES[code], "url": addresses[code], "is_current": code == current}
            for code in LANGUAGES
        ],
        "navigation": navigation.links(request),
        "demo": settings.KLASH_DEMO,
        "face": settings.KLASH_FACE,
        "now": clock.now(),
        "units": json.dumps(show.UNITS[current]),
    }


def addresses_of(request: HttpRequest) -> dict[str, str]:
    """Return the address of the same page in each language; the first has no prefix. Holds for an address that names nothing, too."""
    start, language = get_script_prefix(), get_language_from_path(request.path_info)
    rest = request.get_full_path().removeprefix(start)
    rest = rest.removeprefix(f"{language}/") if language else rest
    return {code: f"{start}{rest}" if code == settings.LANGUAGE_CODE else f"{start}{code}/{rest}" for code in LANGUAGES}
