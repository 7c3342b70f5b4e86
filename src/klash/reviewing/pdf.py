"""The body's report as a tagged PDF (PDF/UA-1). The same report in the same language gives the same bytes."""

import re
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from klash.core import show
from klash.core.bridge import language_of
from klash.core.pdf import typeset
from klash.core.sheets import file_name
from klash.reviewing import selectors, words
from klash.reviewing.models import Criterion, Report, Round
from klash.reviewing.selectors import Ranked, Signer

LANGUAGES = ("fi", "sv")
SOURCES = Path(__file__).parent / "report"


def report_pdf(report: Report, language: str) -> bytes:
    """Return the report as PDF. Nine queries.

    It tells how many stepped aside and why, never who; in a round without names entries have their code names alone.
    """
    with translation.override(language):
        return typeset(SOURCES / "report.typ", _content(report, language))


def name_of(report: Report, language: str) -> str:
    """Return the name under which the report in that language is saved."""
    with translation.override(language):
        return file_name(f"{_('Report')} {show.pick(report.round.title, language)}", "pdf")


def _content(report: Report, language: str) -> dict[str, Any]:
    """Return what the page's frame prints, every word in the language that is active."""
    round_, ranking, criteria = report.round, selectors.ranking(report.round), selectors.criteria_of(report.round)
    title = f"{_('Report')}: {show.pick(round_.title, language)}"
    return {
        "lang": language, "title": title, "competition": round_.competition_name, "lead": f"{round_.competition_name}. {_state(report, language)}",
        "invented": str(_("Invented example")) if round_.is_invented else "", "footer": f"{title} · {_version(report)} · {report.hash[:16]}",
        "words": {
            "ranking": _("Ranking"), "criteria": _("Criteria"), "firmness": _("How firm the result is"), "reasons": _("Reasons"),
            "clarify": _("To be clarified"), "remarks": _("Remarks of the body"),
            "circumstances": _("Absences and conflicts of interest"), "signatures": _("Signatures"),
        },
        "ranking_head": [_("Rank"), _("Code name") if round_.is_blind else _("Author"), _("Title"), _("Points")],
        "ranking": [
            {"place": f"{row.place}.", "label": row.label, "title": row.title, "lang": row.language, "points": show.fraction(row.points, language, 2)}
            for row in ranking
        ],
        "method": [f"{round_.method_in_words} {round_.tie_rule_in_words}", *_optional(criteria), *_seed(round_)],
        "criteria_head": [_("Criterion"), _("Weight")],
        "criteria": [[_criterion(row, language), str(row.weight)] for row in criteria],
        "firmness": hinges.sentences if (hinges := selectors.hinges_of(report)) else [],
        "entries": [_entry(report, row, language) for row in ranking], "remarks": _said(report.remarks, language),
        "circumstances": circumstances(round_), "version": [f"{_('Version %(version)s, fingerprint') % {'version': report.version}} {report.hash}"],
        "signatures": [_signer(row, language) for row in selectors.signers(report)],
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _criterion(row: Criterion, language: str) -> str:
    name = _capital(show.pick(row.name, language))
    return name if row.is_required else f"{name} ({pgettext('criterion', 'optional')})"


def _optional(criteria: list[Criterion]) -> list[str]:
    return [] if all(row.is_required for row in criteria) else [str(words.OPTIONAL)]


def _answers(round_: Round, row: Ranked, language: str) -> list[str]:
    if not any(round_.screening.values()):
        return []
    told = f"{show.pick(round_.screening, language)}: {_('%(yes)s yes, %(no)s no') % {'yes': row.yes, 'no': row.no}}"
    return [f"{told} ({_('somebody said no')})" if row.no else told]


def _seed(round_: Round) -> list[str]:
    return [_("Seed of the lot: %(seed)s") % {"seed": round_.lot_seed}] if round_.tie_rule == "lot" else []


def _version(report: Report) -> str:
    return _("Version %(version)s") % {"version": report.version}


def _state(report: Report, language: str) -> str:
    if report.signed_at is None:
        return _("Not signed by everyone yet.")
    return _("Signed by everyone %(at)s.") % {"at": show.moment(report.signed_at, language)}


def _entry(report: Report, row: Ranked, language: str) -> dict[str, Any]:
    points = show.fraction(row.points, language, 2)
    return {
        "place": f"{row.place}. {row.label}", "title": row.title, "lang": row.language, "points": f"({points})",
        "screening": _answers(report.round, row, language),
        "reasons": _said(report.reasons.get(row.entry_code, ""), row.language),
        "clarify": _said(report.clarify.get(row.entry_code, ""), row.language),
    }


def _said(text: str, otherwise: str) -> dict[str, Any]:
    """Return what a person wrote with the language in which it is read aloud. otherwise: where its words do not tell."""
    return {"lang": language_of(text, otherwise), "paragraphs": _paragraphs(text)}


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n|\n(?=[-*] )", text.replace("\r\n", "\n")) if part.strip()]


def circumstances(round_: Round) -> list[str]:
    """Return in sentences how many were absent and which conflicts there were, by kind; never whose, never of which entry. Three queries."""
    found = selectors.circumstances(round_)
    absent = ngettext("%(count)s reviewer was absent or stepped aside.", "%(count)s reviewers were absent or stepped aside.", found.absent)
    told = [absent % {"count": found.absent}] if found.absent else [] if found.left else [_("Nobody was absent.")]
    kinds = [f"{words.CONFLICTS[kind]}: {count}" for kind, count in found.conflicts]
    if found.left:
        kinds.insert(0, ngettext(
            "%(count)s reviewer left the whole round because of a conflict of interest.",
            "%(count)s reviewers left the whole round because of a conflict of interest.", found.left,
        ) % {"count": found.left})
    return [*told, *(kinds or [_("No conflict of interest was declared or found.")])]


def _signer(row: Signer, language: str) -> str:
    name = _("Reviewer %(number)s") % {"number": row.number}
    who = words.as_chair(name) if row.is_chair else name
    return f"{who}: {_('signed')} {show.moment(row.signed_at, language)}" if row.signed_at else f"{who}: {_('not yet')}"
