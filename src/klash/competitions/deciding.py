"""The page on which a body decides, as the stages that own its entries show it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from klash.competitions.models import Competition
from klash.competitions.selectors import Decided
from klash.competitions.services import give_reason_for_fewer, save_decision
from klash.core import sheets, texts
from klash.core.errors import Refused
from klash.core.forms import revision_seen
from klash.reviewing.models import Round
from klash.rules.reasons import Reason

VERDICTS = {"yes": True, "no": False, "": None}
WORDS = {verdict: word for word, verdict in VERDICTS.items()}
LONGEST = {"reason": 3000, "feedback": 5000}


@dataclass(frozen=True)
class About:
    """What the stage knows of an entry. key: what stands for it in the form; sections: [{heading, text}] where no other page shows them."""

    key: str
    title: str
    language: str
    url: str = ""
    is_invented: bool = False
    sections: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Row:
    """An entry as the form shows it: what is saved, or what was typed and refused."""

    about: About
    decided: Decided
    taken: str
    reserve: str
    reason: str
    feedback: str
    fault: str = ""

    @property
    def params(self) -> str:
        return ",".join(f"{name}-{self.about.key}" for name in ("taken", "reserve", "reason", "feedback", "revision"))


@dataclass
class Typed:
    """What a form sent: for which entries something was refused, and why."""

    posted: Mapping[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


def rows_of(decided: tuple[Decided, ...], about: Mapping[str, About], typed: Typed | None = None) -> list[Row]:
    """Return the entries as the form shows them. about: by entry code. No query."""
    return [_row(row, about[row.place.entry_code], typed or Typed()) for row in decided if row.place.entry_code in about]


def _row(decided: Decided, about: About, typed: Typed) -> Row:
    line = decided.line
    saved = {"taken": WORDS[line.is_taken], "reserve": str(line.reserve_place or ""), "reason": line.reason, "feedback": decided.feedback}
    fault = typed.faults.get(about.key, "")
    shown = {name: _text(typed.posted, name, about.key, value) if fault else value for name, value in saved.items()}
    return Row(about, decided, **shown, fault=fault)


def columns(taken_word: str, declined_word: str) -> list[sheets.Column[Row]]:
    """Return the columns of a table of decisions. taken_word, declined_word: what the body calls its verdicts."""
    column = sheets.Column[Row]
    words = {"yes": taken_word, "no": declined_word, "": ""}
    return [
        column(_("Rank"), lambda row: row.decided.place.place), column(_("Title"), lambda row: row.about.title, 40),
        column(_("Points"), lambda row: row.decided.place.points), column(_("Decision"), lambda row: words[row.taken], 24),
        column(_("Place on the reserve list"), lambda row: row.decided.line.reserve_place), column(_("Reason"), lambda row: row.reason, 50),
        column(_("Feedback"), lambda row: row.feedback, 50), column(_("Invented"), lambda row: _("yes") if row.about.is_invented else _("no")),
    ]


def sent(rows: list[Row], posted: Mapping[str, str]) -> Row | None:
    """Return the entry for which a part of the form was sent by itself, None for what is about all of them. Raises Http404 for one of another page."""
    if "one" not in posted:
        return None
    row = next((row for row in rows if row.about.key == posted["one"]), None)
    if row is None:
        raise Http404  # nothing was saved, and nothing may say so
    return row


def save_posted(*, actor: Any, competition: Competition, round: Round, rows: list[Row], posted: Mapping[str, str]) -> Typed:
    """Save what was changed in the form, entry by entry; what is refused is told with its sentence and lost nowhere.

    Raises Denied as `save_decision` does.
    """
    typed = Typed(posted)
    for row in rows:
        try:
            _save(actor, competition, round, row, posted)
        except Refused as error:
            typed.faults[row.about.key] = texts.sentence(error.reason)
    if "fewer_reason" in posted:
        give_reason_for_fewer(actor=actor, competition=competition, round=round, reason=posted["fewer_reason"][:LONGEST["reason"]])
    return typed


def _save(actor: Any, competition: Competition, round: Round, row: Row, posted: Mapping[str, str]) -> None:
    key, line = row.about.key, row.decided.line
    if not any(f"{name}-{key}" in posted for name in ("taken", "reserve", *LONGEST)):
        return
    taken = VERDICTS.get(_text(posted, "taken", key, row.taken))
    reason, feedback = (_text(posted, name, key, getattr(row, name))[:most].strip() for name, most in LONGEST.items())
    feedback = line.feedback if feedback == row.decided.feedback else feedback  # the comments as they stand are not copied
    place = _place(_text(posted, "reserve", key, row.reserve)) if taken is False else None
    if (taken, place, reason, feedback) == (line.is_taken, line.reserve_place, line.reason, line.feedback):
        return
    kept = {"revision": revision_seen(posted.get(f"revision-{key}")), "reason": reason, "feedback": feedback, "reserve_place": place}
    save = {"actor": actor, "competition": competition, "round": round, "entry_code": line.entry_code, "is_invented": line.is_invented, **kept}
    try:
        save_decision(is_taken=taken, **save)
    except Refused as error:
        if error.reason != Reason.QUOTA_FULL:
            raise
        save_decision(is_taken=line.is_taken, **save)  # the texts are kept all the same
        raise


def _place(text: str) -> int | None:
    text = text.strip()
    return int(text) or None if text.isascii() and text.isdecimal() and len(text) < 4 else None


def _text(posted: Mapping[str, str], name: str, key: str, otherwise: str) -> str:
    return posted.get(f"{name}-{key}", otherwise).replace("\r\n", "\n")


