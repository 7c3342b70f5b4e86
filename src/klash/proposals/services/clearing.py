"""From cleared copies to a jury that reads; and what the teams are told of the clearing once the winners are published.

The clearing itself is the jury side's (`reviewing.services.clearing`): it knows code names and no team.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from klash.challenges.models import Challenge
from klash.core import access, clock
from klash.core.errors import Refused
from klash.proposals.models import BlindLink, CopyNote, Opening
from klash.proposals.selectors import round_of
from klash.proposals.services import letters
from klash.proposals.services.conflicts import find_conflicts
from klash.reviewing import selectors as reading
from klash.reviewing import services as reviewing
from klash.reviewing.models import Round
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import RoundState


def release_copies(*, actor: Any, opening: Opening) -> Round:
    """Open the jury's round once every copy is cleared or excluded, all of them together, and tell the jurors. May be called again after a stop.

    Raises Denied (no registrar, the copies are not written), Refused(NOT_CLEARED), or Refused(NOT_COMPLETE) where no copy is left to judge.
    """
    opening.refresh_from_db()
    access.ensure(actor, Permission.RELEASE_COPIES, opening)
    round_ = round_of(opening.challenge)
    if round_ is None or not round_.entry_count:
        raise Refused(Reason.NOT_COMPLETE, "no copy is left to judge")
    if reading.uncleared(round_):
        raise Refused(Reason.NOT_CLEARED)
    find_conflicts(challenge=opening.challenge)  # the last time before the jury reads
    if round_.state == RoundState.DRAFT:
        reviewing.open_round(actor=actor, round=round_)
    with transaction.atomic():
        letters.tell_jurors(round_)
    return round_


@transaction.atomic
def tell_teams(*, challenge: Challenge) -> Sequence[CopyNote]:
    """Write down for each team what the registrar left out of its copy, or why the copy was excluded, and mail it. A second call adds nothing.

    Called when the winners are published: before the identities are open nobody can know whose copy it was.
    """
    round_ = round_of(challenge)
    found = reading.handled(round_) if round_ is not None else []
    versions = {row.entry_code: row.version for row in BlindLink.objects.filter(opening__challenge=challenge).select_related("version__proposal__team")}
    if not found or CopyNote.objects.filter(version__in=versions.values()).exists():
        return []
    now = clock.now()
    notes = CopyNote.objects.bulk_create(CopyNote(version=versions[row.entry_code], what=row.what, reason=row.reason, told_at=now) for row in found)
    for version in {note.version_id: note.version for note in notes}.values():
        letters.send_copy_notes(version, [note for note in notes if note.version_id == version.pk])
    return notes
