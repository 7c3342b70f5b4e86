from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from klash.competitions.models import Competition


def page(
    request: HttpRequest, template: str, competition: Competition, *, below: bool = True, extra: Sequence[dict[str, str]] = (), status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Render a page of problems with its breadcrumb. below: whether it lies under the list. extra: what lies between."""
    parents = [{"label": competition.name, "url": reverse("portal:competition", args=[competition.code])}]
    if below:
        parents.append({"label": _("Problems"), "url": reverse("problems:list", args=[competition.code])})
    parents += extra
    own = {"competition": competition, "is_invented": competition.is_invented, "parents": parents}
    return render(request, f"problems/{template}.html", {**own, **context}, status=status)
