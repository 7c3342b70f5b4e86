"""How the announced methods and tie rules are told to people."""

from typing import Any

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from klash.core import show

METHODS: dict[str, Promise] = {
    "mean": _("The announced method is the weighted mean over criteria and reviewers, counted in exact fractions."),
    "median": _("The announced method is the median of the reviewers’ weighted means, counted in exact fractions; of an even number, halfway between the two middle ones."),
    "borda": _("The announced method is Borda: each reviewer’s points put the entries in an order, and an entry gets the mean share of the others that it leaves behind. Level ones count half."),
}
SHORT_METHODS: dict[str, Promise] = {"mean": _("Weighted mean"), "median": _("Median"), "borda": _("Borda")}
TIE_RULES: dict[str, Promise] = {
    "shared": _("Equal points share a place."),
    "criteria": _("Of entries with equal points the one with the higher mean on the heaviest criterion goes first, then on the next one. What is still level shares a place."),
    "lot": _("Between entries with equal points a recorded lot decides. Its seed is drawn and its hash logged when the round opens; the order comes of the seed and all reviews together."),
}
OPTIONAL: Promise = _(
    "An optional criterion that a reviewer left empty does not count in that review: its mean is over the weights of the others. Optional criteria break no ties."
)


def called(code: str, title: str) -> str:
    """Return how a sentence calls an entry: by its title, or by its code name where no title is given because the round is without names."""
    return gettext("“%(title)s”") % {"title": title} if title else code


def as_chair(name: str) -> str:
    """Return how a list of the body's members calls its chair."""
    return f"{name} ({gettext('chair')})"


def for_the_minutes(firm: Any) -> list[str]:
    """Return in plain sentences how firm a result is; firm: selectors.Hinges."""
    first, others = _listed(firm.winners), []
    if firm.second is not None:
        others += [*_close(firm), _gap(firm, first)]
    others.append(_without(firm))
    others += [_by(firm, method) for method in METHODS if method != firm.method]
    move = firm.weight_move_percent
    others.append(
        gettext("No other weights of the criteria would change which entry is first.") if move is None
        else gettext("At least %(share)s %% of the weight would have to move between the criteria before another entry is level.") % {"share": move}
    )
    return others


def _listed(names: list[str]) -> str:
    return get_text_list(names, gettext("and"))


def _close(firm: Any) -> list[str]:
    if firm.is_close is None:
        return []
    if firm.is_close:
        return [gettext("The lead over the second is smaller than the reviewers’ disagreement about it.")]
    return [gettext("The lead over the second is larger than the reviewers’ disagreement about it.")]


def _gap(firm: Any, first: str) -> str:
    told = {"winners": first, "second": firm.second, "gap": show.fraction(firm.gap, (get_language() or "fi")[:2], 2)}
    if firm.method == "borda":
        return gettext("%(winners)s leads %(second)s by %(gap)s of the other entries left behind.") % told
    return gettext("%(winners)s leads %(second)s by %(gap)s points.") % told


def _without(firm: Any) -> str:
    if firm.hangs_on:
        told = {"number": firm.hangs_on, "reviewers": firm.reviewers}
        return gettext("For %(number)s of the %(reviewers)s reviewers, leaving that one out would put another entry first or level.") % told
    return gettext("The first stays first whichever one of the %(reviewers)s reviewers is left out.") % {"reviewers": firm.reviewers}


def _by(firm: Any, method: str) -> str:
    found = {"mean": firm.by_mean, "median": firm.by_median, "borda": firm.by_borda}[method]
    if set(found) == set(firm.winners):
        return {
            "mean": gettext("By the weighted mean the first is the same."), "median": gettext("By the median of the reviewers the first is the same."),
            "borda": gettext("By the reviewers’ own orders (Borda) the first is the same."),
        }[method]
    told = {"codes": _listed(found)}
    if len(found) > 1:
        return {
            "mean": gettext("By the weighted mean these would share the first place: %(codes)s."),
            "median": gettext("By the median of the reviewers these would share the first place: %(codes)s."),
            "borda": gettext("By the reviewers’ own orders (Borda) these would share the first place: %(codes)s."),
        }[method] % told
    return {
        "mean": gettext("By the weighted mean the first would be %(codes)s."), "median": gettext("By the median of the reviewers the first would be %(codes)s."),
        "borda": gettext("By the reviewers’ own orders (Borda) the first would be %(codes)s."),
    }[method] % told


CONFLICTS: dict[str, Promise] = {
    "employment": _("Conflicts of interest because of employment"), "ownership": _("Conflicts of interest because of ownership"),
    "family": _("Conflicts of interest because of family"), "cooperation": _("Conflicts of interest because of cooperation"),
    "contract": _("Conflicts of interest because of a contract"),
    "mentor": _("Conflicts of interest because of mentoring"), "municipality": _("Conflicts of interest because of the own municipality"),
    "organisation": _("Conflicts of interest because of a shared organisation"), "other": _("Conflicts of interest for another reason"),
    "recognised": _("Stepped aside because the author was recognised"),
    "competence": _("Declined because of lack of knowledge of the subject"),
}
