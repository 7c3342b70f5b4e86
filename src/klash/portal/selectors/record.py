"""The public record of a decided competition: what anyone needs to check it without Klash. docs/architecture/record.md has its form."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings

from klash.awards.models import Award
from klash.competitions.models import Competition
from klash.core import checkpoints, keys
from klash.core.databases import reviewing
from klash.core.models import AuditChain, AuditEvent, Checkpoint
from klash.proposals.models import Opening
from klash.proposals.selectors import round_of
from klash.reviewing import selectors as reading

# The bodies that the record tells; of all other events it has the hashes. None of these names a person, and a team only after the decision.
TOLD = frozenset({
    "challenge.published", "brief.changed", "answers.released",
    "stage.added", "stage.moved", "calendar.set", "keys.made", "proposal.submitted", "proposal.withdrawn", "proposal.late", "proposal.late_admitted",
    "opening.fixed", "opening.opened", "proposal.opened", "award.report_taken", "award.identities_requested", "award.identities_opened",
    "award.decided", "award.published", "award.corrected", "round.open", "round.counted", "round.complete", "review.submitted", "second_review.submitted",
    "review.recused", "entry.written", "entry.redacted", "entry.restored", "entry.cleared", "exclusion.proposed", "entry.excluded",
    "report.signed", "report.signature",
})


def decided(competitions: Iterable[Competition]) -> list[Competition]:
    """Return those of whose openings every one has ended in published winners. Two queries."""
    rows = list(competitions)
    published_ = set(Award.objects.published().filter(challenge__competition__in=rows).values_list("challenge", flat=True))
    opened: dict[int, list[bool]] = {}
    for competition, challenge in Opening.objects.filter(challenge__competition__in=rows).values_list("challenge__competition", "challenge"):
        opened.setdefault(competition, []).append(challenge in published_)
    return [row for row in rows if row.pk in opened and all(opened[row.pk])]


def record_of(competition: Competition) -> dict[str, Any] | None:
    """Return the record, up to the last checkpoint that covers both logs; None before the decision. Ten queries and three a challenge."""
    if not decided([competition]):
        return None
    trees = [tree for using in dict.fromkeys(["default", reviewing()]) if (tree := _tree(competition.code, using)) is not None]
    if len(trees) < 2:
        return None
    rounds = []
    for award in Award.objects.published().filter(challenge__competition=competition).select_related("challenge").order_by("challenge__number"):
        if (round_ := round_of(award.challenge)) is not None:
            rounds.append({"challenge": award.code, "round": round_.code, "reviews": reading.exported_reviews(round_, is_public=True)})
    return {
        "format": "klash-record/1", "competition": competition.code, "name": competition.name, "trees": trees, "rounds": rounds,
        "keys": {"log": sorted({row["key"] for tree in trees for row in tree["checkpoints"]}), "receipts": [keys.public(keys.RECEIPTS)]},
    }


def _tree(competition: str, using: str) -> dict[str, Any] | None:
    chain = AuditChain.objects.using(using).filter(competition=competition).exclude(revealed_at=None).first()
    if chain is None:
        return None
    points = list(Checkpoint.objects.using(using).filter(chain=chain).order_by("at"))
    events = AuditEvent.objects.using(using).filter(chain=chain, number__lte=points[-1].size).order_by("number")
    return {
        "origin": checkpoints.origin(competition, using), "checkpoints": [checkpoints.as_published(row, chain) for row in points],
        "events": [reading.exported_event(event, is_told=event.what in TOLD) for event in events.iterator(2000)],
    }


def published(competition: Competition) -> dict[str, Any]:
    """Return what is published of a competition's logs at any time: the checkpoints, blinded while it runs, and the public keys."""
    return {
        "format": "klash-checkpoints/1", "competition": competition.code, "every_minutes": settings.KLASH_CHECKPOINT_MINUTES,
        "keys": {"log": keys.public(keys.LOG), "receipts": keys.public(keys.RECEIPTS)}, "trees": checkpoints.published(competition.code),
    }
