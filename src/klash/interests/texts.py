"""What the kinds of conflict are called to the organiser."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from klash.rules.conflicts import Kind

WORDS: dict[Kind, Promise] = {
    Kind.OWNERSHIP: _("ownership"), Kind.EMPLOYMENT: _("employment or position of trust"), Kind.FAMILY: _("family or another close person"),
    Kind.CONTRACT: _("an earlier contract"), Kind.COOPERATION: _("cooperation within three years"), Kind.MENTOR: _("mentor of the team"),
    Kind.MUNICIPALITY: _("own municipality"), Kind.ORGANISATION: _("the same organisation"), Kind.OTHER: _("another tie"),
}
