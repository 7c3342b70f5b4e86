"""How the announced methods and tie rules are told to people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

METHODS: dict[str, Promise] = {
    "mean": _("The announced method is the weighted mean over criteria and reviewers, counted in exact fractions."),
    "median": _("The announced method is the median of the reviewers’ weighted means, counted in exact fractions; of an even number, halfway between the two middle ones."),
    "borda": _("The announced method is Borda: each reviewer’s points put the entries in an order, and an entry gets the mean share of the others that it leaves behind. Level ones count half."),
}
SHORT_METHODS: dict[str, Promise] = {"mean": _("Weighted mean"), "median": _("Median"), "borda": _("Borda")}
TIE_RULES: dict[str, Promise] = {
    "shared": _("Equal points share a place."),
    "criteria": _("Of entries with equal points the one with the higher mean on the heaviest criterion goes first, then on the next one. What is still level shares a place."),
    "lot": _("Between entries with equal points a recorded lot decides. Its seed was drawn and its hash logged when the round opened; the order comes of the seed and all reviews together."),
}
