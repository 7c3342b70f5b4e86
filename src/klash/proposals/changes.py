"""Reads of what mentoring changed: for the team its own sections beside the advice it took, for the organiser figures over several teams."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from klash.challenges.models import Challenge
from klash.competitions.models import Competition, StageKind
from klash.core.fields import Text
from klash.mentoring.models import Advice
from klash.mentoring.selectors import advice_of, has_met
from klash.proposals.models import Baseline, Measure, Proposal, Version
from klash.proposals.selectors import carried, standing_version, standing_versions
from klash.rules.change import AT_LEAST, Change, change, tellable


def before(proposal: Proposal) -> dict[str, str]:
    """Return the sections as a baseline keeps them: the draft's, and where it has nothing, what the application said. One query at most."""
    said = carried(proposal)
    return {section.code: proposal.text(section.code) or said.get(section.code, "") for section in proposal.sections()}


def changes(proposal: Proposal, before: Mapping[str, str]) -> dict[str, Change]:
    """Return how each section of the working copy differs from what it was before. No query where the sections are kept."""
    return {section.code: change(before.get(section.code, ""), proposal.text(section.code)) for section in proposal.sections()}


@dataclass(frozen=True)
class SectionChange:
    """What became of one section since the team first met a mentor, and the advice that the team says it took there."""

    heading: Text
    change: Change
    taken: tuple[Advice, ...]


@dataclass(frozen=True)
class Changed:
    """What mentoring changed, for the team. sections: () while it has met nobody or written nothing. version: what was measured, None for the working copy.

    advice: what is not shown with a section, by the team's answer ("" for none yet). given, taken: how many points in all.
    """

    sections: tuple[SectionChange, ...]
    version: Version | None
    advice: dict[str, list[Advice]]
    given: int
    taken: int


def changed(proposal: Proposal, now: datetime) -> Changed:
    """Return what mentoring changed in a proposal: in the version that stands once the stage is over, in the working copy before. At most eight queries."""
    team, sections = proposal.team, {section.code: section for section in proposal.sections()}
    points = advice_of(team)
    by_section = {code: tuple(one for one in points if one.answer == Advice.Answer.TAKEN and one.section == code) for code in sections}
    shown = {one.pk for rows in by_section.values() for one in rows}
    answers = ("", *Advice.Answer)
    rest = {answer: [one for one in points if one.answer == answer and one.pk not in shown] for answer in answers}
    version, figures = _measured(proposal, now)
    rows = [SectionChange(section.heading, figures[code], by_section[code]) for code, section in sections.items() if code in figures]
    return Changed(tuple(rows), version, rest, len(points), sum(one.answer == Advice.Answer.TAKEN for one in points))


def _measured(proposal: Proposal, now: datetime) -> tuple[Version | None, dict[str, Change]]:
    if proposal.saved_at is None:
        return None, {}
    if now > proposal.competition.stage(StageKind.PROPOSALS).closes_at and (version := standing_version(proposal)) is not None:
        found = Measure.objects.filter(version=version).first()
        return version, _read(found) if found else {}
    baseline = Baseline.objects.filter(proposal=proposal).first()
    if baseline is None and not has_met(proposal.team, now):
        return None, {}
    return None, changes(proposal, baseline.texts if baseline else before(proposal))


def _read(measure: Measure) -> dict[str, Change]:
    return {code: Change(*words) for code, words in measure.sections.items()}


@dataclass(frozen=True)
class ShareOfChange:
    """How much of the sections the teams changed. shares: by the section's code the mean over the teams, in per cent; {} where it is not told."""

    challenge: Challenge | None
    teams: int
    shares: dict[str, int]


def shares_of_change(competition: Competition, challenges: Sequence[Challenge], now: datetime) -> list[ShareOfChange]:
    """Return how much of each section was changed in what stands, challenge by challenge, and of all last; [] until the deadline has passed.

    Told of three teams at least, and of no challenge whose figures would give away those of fewer (`rules.change.tellable`). Two queries.
    """
    if now <= competition.stage(StageKind.PROPOSALS).closes_at:
        return []
    standing = standing_versions(Proposal.objects.filter(team__challenge__in=challenges))
    found: dict[int, list[dict[str, Change]]] = {challenge.pk: [] for challenge in challenges}
    for row in Measure.objects.filter(version__in=standing).select_related("version__proposal__team"):
        found[row.version.proposal.team.challenge_id].append(_read(row))
    told = tellable({str(key): len(rows) for key, rows in found.items()})
    every = [row for rows in found.values() for row in rows]
    return [
        *(ShareOfChange(one, len(found[one.pk]), _means(found[one.pk]) if str(one.pk) in told else {}) for one in challenges),
        ShareOfChange(None, len(every), _means(every) if len(every) >= AT_LEAST else {}),
    ]


def _means(rows: Sequence[dict[str, Change]]) -> dict[str, int]:
    return {code: round(100 * sum(row[code].share for row in rows if code in row) / len(rows)) for code in rows[0]}
