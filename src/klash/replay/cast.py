"""The persons that one may be in the demo. All are invented."""

from django.utils.translation import gettext_lazy as _

from klash.accounts.models import User
from klash.replay import moves
from klash.replay.scene import Scene

CAST = [
    ("organiser", _("Organiser")),
    ("organiser.2", _("Second organiser")),
    ("registrar", _("Registrar")),
    ("officer.165", _("Municipality officer, Janakkala")),
    ("officer.092", _("Municipality officer, Vantaa")),
    ("panellist.1", _("Panellist, chair")),
    ("panellist.2", _("Panellist")),
    ("team.1.1", _("Team leader")),
    ("team.1.2", _("Team member")),
    ("mentor.m1", _("Mentor")),
    ("juror.janakkala.1", _("Chair of the jury")),
    ("juror.janakkala.2", _("Juror")),
]

_PANEL = _("The organiser invites the members of the panel when the choosing of problems begins.")
_JURY = _("The organiser invites the members of the jury when the judging of the proposals begins.")
INVITED = {
    "panellist.1": _PANEL, "panellist.2": _PANEL,
    "team.1.2": _("The team leader invites the members of the team while the team call is open."),
    "mentor.m1": _("The organiser invites the mentors when the mentoring begins."),
    "juror.janakkala.1": _JURY, "juror.janakkala.2": _JURY,
}


def address(who: str) -> str:
    """Return the address of a member of the cast."""
    return f"{who}.{moves.CODE}@klash.invalid"


def person(who: str) -> User:
    """Return a member of the cast, made before its part begins if need be."""
    return Scene(moves.klash(), moves.SEED, lambda line: None, lambda share: None).person(who)
