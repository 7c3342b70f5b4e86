from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from klash.accounts.drawing import draw
from klash.competitions import selectors as competitions
from klash.core import access, sheets
from klash.core.show import pick
from klash.problems import selectors
from klash.problems.views.common import page
from klash.rules.permissions import Permission


@access.public
@require_safe
def themes(request: HttpRequest, competition: str) -> HttpResponse:
    found = access.found(competitions.find(request.user, competition))
    rows, language = selectors.themes(found), request.LANGUAGE_CODE
    column = sheets.Column[selectors.Reported]
    columns = [
        column(_("Code"), lambda row: row.theme.code, 24), column(_("Theme"), lambda row: pick(row.theme.name, language), 40),
        column(_("Problems"), lambda row: row.problems), column(_("Chosen as challenges"), lambda row: row.chosen),
    ]
    if file := sheets.asked(request, f"{found.code} {_('Themes')}", columns, lambda: rows):
        return file
    return page(
        request, "themes", found, rows=rows, most=max((row.problems for row in rows), default=0),
        may_run=request.user.is_authenticated and access.may(request.user, Permission.RUN_COMPETITION, found),
    )


@access.public
@require_safe
def theme(request: HttpRequest, competition: str, theme: str) -> HttpResponse:
    found = access.found(competitions.find(request.user, competition))
    row = access.found(selectors.find_theme(found, theme))
    language = request.LANGUAGE_CODE
    reported = selectors.reporters_of(row.theme)
    parents = [
        {"label": found.name, "url": reverse("portal:competition", args=[found.code])},
        {"label": _("Problems"), "url": reverse("problems:list", args=[found.code])},
        {"label": _("Themes"), "url": reverse("problems:themes", args=[found.code])},
    ]
    return page(
        request, "theme", found, parents=parents, row=row, theme=row.theme, map=draw(selectors.dots(found, reported, language)), reporters=reported,
        regions=selectors.regions(reported, language), newest=selectors.newest(found, row.theme, language),
        chosen=selectors.chosen(found, row.theme, language) if row.chosen else [],
    )
