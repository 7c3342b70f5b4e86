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


def person(who: str) -> User:
    """Return a member of the cast, made before its part begins if need be."""
    return Scene(moves.klash(), moves.SEED, lambda line: None, lambda share: None).person(who)
