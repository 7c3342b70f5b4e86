"""What every page gets. Nothing here grows with the competition."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url

from klash.core import clock, navigation
from klash.core.fields import LANGUAGES

NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}


def page(request: HttpRequest) -> dict[str, Any]:
    """Return languages, navigation and whether this is the demo; no query."""
    current = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    return {
        "languages": [
            {"code": code, "name": NAMES[code], "url": translate_url(request.get_full_path(), code), "is_current": code == current}
            for code in LANGUAGES
        ],
        "navigation": navigation.links(request),
        "demo": settings.KLASH_DEMO,
        "face": settings.KLASH_FACE,
        "now": clock.now(),
    }
