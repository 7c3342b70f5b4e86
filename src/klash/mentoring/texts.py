"""Sentences about a timetable: what breaks which rule, and what would cure what is short."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from klash.algo.timetable import Rule
from klash.core import show
from klash.core.texts import sentence
from klash.mentoring.bridge import Addition, Cure, Found, Move
from klash.mentoring.models import MentoringDay, RunFault, Sector, Slot

BREACHES = {
    Rule.TEAM_FREE: _("The team %(team)s cannot come then."),
    Rule.MENTOR_FREE: _("%(mentor)s has not given that time."),
    Rule.ALLOWED: _("The team %(team)s and %(mentor)s must not meet."),
    Rule.PAIR_ONCE: _("The team %(team)s and %(mentor)s meet twice."),
    Rule.TEAM_ONCE: _("The team %(team)s has another session then."),
    Rule.MENTOR_ONCE: _("%(mentor)s has another session then."),
    Rule.PLACES: _("No room is free then."),
    Rule.TEAM_GAP: _("The team %(team)s gets no pause between its sessions."),
    Rule.MENTOR_RUN: _("%(mentor)s gets too many sessions in a row."),
    Rule.TEAM_PER_DAY: _("The team %(team)s gets too many sessions that day."),
    Rule.MENTOR_PER_DAY: _("%(mentor)s gets too many sessions that day."),
    Rule.MENTOR_TOTAL: _("%(mentor)s gets too many sessions in all."),
}
FAULTS = {
    RunFault.STOPPED: _("The planning stopped before it was ready. Nothing was changed. Plan again."),
    RunFault.CHANGED: _("While the plan was made, a meeting, a session or somebody’s times changed. Nothing was lost. Plan again."),
    RunFault.NOTHING: _("There was nothing left to plan. Check the days and the times that have been told."),
    RunFault.FAILED: _("The planning failed. Nothing was changed. Plan again, and tell the operator if it fails again."),
}


def letter(sector: str) -> str:
    """Return the letter that stands for a sector beside its colour."""
    letters = {
        Sector.BUSINESS: pgettext("letter of business", "B"), Sector.PUBLIC: pgettext("letter of the public sector", "P"),
        Sector.THIRD_SECTOR: pgettext("letter of the third sector", "T"), Sector.RESEARCH: pgettext("letter of research", "R"),
    }
    return letters.get(Sector(sector), "–")


def language() -> str:
    """Return the language of the page."""
    return (get_language() or "fi")[:2]


def breach(found: Found) -> str:
    """Return a breach of a rule as a sentence."""
    return str(BREACHES[found.rule]) % {"team": found.team.name if found.team else "", "mentor": found.mentor.person.name if found.mentor else ""}


def move(one: Move) -> tuple[str, str]:
    """Return how a move stands ("free", "breaks" or "barred") and in words what bars it, else what it would break; "" for nothing."""
    if one.refusal is not None:
        return "barred", next((breach(found) for found in one.breaches if found.is_hard), sentence(one.refusal))
    words = " ".join(dict.fromkeys(breach(found) for found in one.breaches))
    return ("breaks" if words else "free"), words


def day_words(day: MentoringDay) -> str:
    """Return ti 24.9."""
    return show.WEEKDAYS[language()][day.on.weekday()] + show.NBSP + (f"{day.on.day}.{day.on.month}." if language() != "en" else show.day(day.on, "en"))


def hours(first: Slot, last: Slot) -> str:
    """Return 10.00–12.00, from the beginning of one slot to the end of another."""
    return f"{show.hour(first.starts_at, language())}–{show.hour(last.ends_at, language())}"


@dataclass(frozen=True)
class Lack:
    """What a team lacks, and why, as one sentence."""

    team: str
    missing: int
    why: str


def lacks(cures: Iterable[Cure]) -> list[Lack]:
    """Return what each team lacks."""
    return [Lack(cure.team.name, cure.missing, ", ".join(str(OBSTACLES[rule]) for rule in cure.why[:2])) for cure in cures]


OBSTACLES = {
    Rule.TEAM_FREE: _("the team cannot come"), Rule.MENTOR_FREE: _("the mentors are not free"),
    Rule.ALLOWED: _("it must not meet those who are free"), Rule.PAIR_ONCE: _("it meets those already who are free"),
    Rule.TEAM_ONCE: _("it has other sessions then"), Rule.MENTOR_ONCE: _("the mentors have other sessions then"),
    Rule.PLACES: _("no room is free"), Rule.TEAM_GAP: _("it needs a pause between sessions"),
    Rule.MENTOR_RUN: _("the mentors would have too many in a row"), Rule.TEAM_PER_DAY: _("it has its sessions of the day"),
    Rule.MENTOR_PER_DAY: _("the mentors have their sessions of the day"), Rule.MENTOR_TOTAL: _("the mentors have all their sessions"),
}


def cure_sentences(cures: Sequence[Cure], slots: Sequence[Sequence[Slot]]) -> list[str]:
    """Return what would fill what is short, neighbouring slots joined to spans. slots: of each day, in order."""
    groups: dict[tuple[Any, ...], list[Addition]] = {}
    for one in (one for cure in cures for one in cure.additions):
        groups.setdefault((one.rule, one.team, one.mentor, one.day), []).append(one)
    found = []
    for alike in groups.values():
        at = Counter(one.slot.pk for one in alike if one.slot)
        found += [_cure(alike[0], span, count) for span, count in _spans(slots, at)] if at else [_cure(alike[0], None, len(alike))]
    return found


def _spans(slots: Sequence[Sequence[Slot]], at: Mapping[int, int]) -> Iterator[tuple[tuple[Slot, Slot], int]]:
    """Join slots that follow one another and lack as much: (first, last) and how much."""
    for of_day in slots:
        run: list[Slot] = []
        for slot in (*of_day, None):
            if slot is not None and slot.pk in at and (not run or at[run[0].pk] == at[slot.pk]):
                run.append(slot)
                continue
            if run:
                yield (run[0], run[-1]), at[run[0].pk]
            run = [slot] if slot is not None and slot.pk in at else []


def _cure(one: Addition, span: tuple[Slot, Slot] | None, count: int) -> str:
    words: dict[str, Any] = {
        "count": count, "team": one.team.name if one.team else "", "mentor": one.mentor.person.name if one.mentor else "",
        "day": day_words(one.day) if one.day else "", "hours": hours(*span) if span else "",
    }
    if one.rule == Rule.PLACES:
        return ngettext("%(day)s at %(hours)s: %(count)s more room is needed.", "%(day)s at %(hours)s: %(count)s more rooms are needed.", count) % words
    if one.rule == Rule.MENTOR_FREE and one.mentor is None:
        return ngettext("%(day)s at %(hours)s: %(count)s more mentor is needed.", "%(day)s at %(hours)s: %(count)s more mentors are needed.", count) % words
    return str(CURES[one.rule]) % words


CURES = {
    Rule.MENTOR_FREE: _("%(day)s at %(hours)s: %(mentor)s would have to be free."),
    Rule.TEAM_FREE: _("%(day)s at %(hours)s: the team %(team)s would have to come."),
    Rule.TEAM_PER_DAY: _("The limit of sessions a day of the team %(team)s would have to be %(count)s higher."),
    Rule.MENTOR_PER_DAY: _("The limit of sessions a day of %(mentor)s would have to be %(count)s higher."),
    Rule.MENTOR_TOTAL: _("The limit of sessions in all of %(mentor)s would have to be %(count)s higher."),
}
