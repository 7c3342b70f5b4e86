"""What mentoring changed in a proposal: what it was before, and how far what was submitted lies from that."""

from dataclasses import astuple
from datetime import datetime

from klash.mentoring.selectors import has_met
from klash.proposals.changes import before, changes
from klash.proposals.models import Baseline, Measure, Proposal, Version


def keep_baseline(proposal: Proposal, now: datetime) -> Baseline | None:
    """Keep the sections as they are, if the team has met a mentor and changes them for the first time since; None while it has met nobody.

    The caller holds the proposal's lock and has not changed the texts yet. At most four queries.
    """
    found = Baseline.objects.filter(proposal=proposal).first()
    if found is not None or not has_met(proposal.team, now):
        return found
    return Baseline.objects.create(proposal=proposal, texts=before(proposal), taken_at=now)


def measure(version: Version, proposal: Proposal) -> Measure | None:
    """Note how far the sections of a version that is being received lie from the baseline; None for a team that has met nobody."""
    baseline = keep_baseline(proposal, version.received_at)
    if baseline is None:
        return None
    return Measure.objects.create(version=version, sections={code: astuple(one) for code, one in changes(proposal, baseline.texts).items()})
