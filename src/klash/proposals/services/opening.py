"""The opening: two persons close the set, then blind copies go to the jury, all at once and shuffled."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction

from klash.challenges.models import Challenge
from klash.core import access, audit, chance, clock, workflow
from klash.core.errors import IllegalMove, Refused
from klash.core.fields import Text
from klash.files import services as files
from klash.files.models import StoredFile
from klash.proposals.bridge import language_of
from klash.proposals.code_words import WORDS
from klash.proposals.models import PROPOSAL_SECTIONS, BlindLink, Opening, Proposal, Version
from klash.proposals.selectors import fixed_set, headings, round_of
from klash.proposals.services import letters
from klash.proposals.services.conflicts import find_conflicts
from klash.proposals.services.writing import hold_deadline
from klash.reviewing import services as reviewing
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import OpeningState, ProposalState, RoundState

# Half of what `chance.code_name` can draw from the words; beyond it two words make a name.
FEW = 20 * 8 * len(WORDS) // 2


def request_opening(*, actor: Any, challenge: Challenge) -> Opening:
    """Ask for the opening of a challenge's proposals; another person confirms it. A second call finds the first.

    Raises Denied: no staff, or the deadline has not passed.
    """
    with transaction.atomic():
        stage = hold_deadline(challenge, is_closing=True)
        now = clock.now()
        opening = Opening(challenge=challenge, requested_by=actor, requested_at=now)
        access.ensure(actor, Permission.REQUEST_OPENING, opening, now)
        try:
            with transaction.atomic():
                opening.save(force_insert=True)
        except IntegrityError:
            return Opening.objects.get(challenge=challenge)
        audit.record(
            "opening.requested", actor=actor, competition=opening.chain, thing=f"opening/{opening.code}", body={"deadline": stage.closes_at}, at=now
        )
    return opening


def confirm_opening(*, actor: Any, opening: Opening) -> Opening:
    """Fix the set that will be opened: of each team that has not withdrawn, the newest version that came in time.

    Takes the deadline alone, so that no submission is half way in. The event names the set by the hashes that the teams'
    receipts hold. Raises Denied (no staff, too early, the person who asked) or IllegalMove.
    """
    with transaction.atomic():
        hold_deadline(opening.challenge, is_closing=True)
        now = clock.now()
        manifests = sorted(version.manifest_sha256 for version in fixed_set(opening.challenge))
        with clock.at(now):
            workflow.move(
                opening, to=OpeningState.FIXED, actor=actor, save={"confirmed_by": actor, "confirmed_at": now},
                body={"proposals": len(manifests), "manifests": manifests},
            )
    return opening


def open_proposals(*, actor: Any, opening: Opening) -> Opening:
    """Write the blind copies to the jury and open its round. May be called again after a stop at any point; nothing doubles.

    Steps, each in one transaction: code names drawn and kept here; entries written at the jury, shuffled; proposals and
    opening marked as opened; the round opened. The jury gets title, texts, the language of the texts and files: no name, no time.
    Raises Denied, IllegalMove (not confirmed) or Refused(NOT_COMPLETE): no round, or no proposal to open.
    """
    opening.refresh_from_db()
    round_ = round_of(opening.challenge)
    access.ensure(actor, Permission.OPEN_PROPOSALS, opening)
    if opening.state == OpeningState.REQUESTED:
        raise IllegalMove(Reason.WRONG_STATE, "the opening is not confirmed")
    if round_ is None:
        raise Refused(Reason.NOT_COMPLETE, "the jury's round is not prepared")
    find_conflicts(challenge=opening.challenge)  # the last time before the jury reads
    links = _draw_code_names(opening)
    if opening.state == OpeningState.FIXED:
        is_invented = opening.challenge.competition.is_invented
        written = reviewing.write_entries(actor=actor, round=round_, entries=_entries(links, is_invented=is_invented))
        if len(written) != len(links):
            raise RuntimeError(f"the jury's round holds {len(written)} entries, the opening {len(links)}")
        _mark_opened(actor, opening, links, round_.code)
    if round_.state == RoundState.DRAFT:
        reviewing.open_round(actor=actor, round=round_)
    with transaction.atomic():
        letters.tell_jurors(round_)
    return opening


@transaction.atomic
def _draw_code_names(opening: Opening) -> list[BlindLink]:
    workflow.lock(opening)
    if not BlindLink.objects.filter(opening=opening).exists():
        versions = fixed_set(opening.challenge)
        if not versions:
            raise Refused(Reason.NOT_COMPLETE, "no proposal stands")
        # Codes are unique over all rounds: a name met twice would link two of them.
        taken = set(BlindLink.objects.values_list("entry_code", flat=True))
        rows = [BlindLink(opening=opening, version=version, entry_code=_code_name(taken)) for version in chance.shuffled(versions)]
        BlindLink.objects.bulk_create(rows)
    return list(BlindLink.objects.filter(opening=opening).select_related("version__proposal").order_by("entry_code"))


def _code_name(taken: set[str]) -> str:
    words: Sequence[str] = WORDS if len(taken) < FEW else [f"{one}-{other}" for one in WORDS for other in WORDS]
    name = chance.code_name(taken, words)
    taken.add(name)
    return name


def _entries(links: Sequence[BlindLink], *, is_invented: bool) -> list[reviewing.NewEntry]:
    titles = headings()
    keys = {key for link in links for key in link.version.file_keys}
    stored = {file.key: file for file in StoredFile.objects.filter(key__in=keys)}
    return [_entry(link, titles, stored, is_invented) for link in links]


def _entry(link: BlindLink, titles: dict[str, Text], stored: dict[str, StoredFile], is_invented: bool) -> reviewing.NewEntry:
    content = link.version.content
    attached = [stored[key] for key in link.version.file_keys]
    return reviewing.NewEntry(
        code=link.entry_code, title=content["title"], author="", language=language_of(content), is_invented=is_invented,
        sections=[{"heading": titles[name], "text": content["sections"][name]} for name in PROPOSAL_SECTIONS],
        files=tuple(reviewing.NewFile(file.media_type, file.pages, files.read(file)) for file in attached),
    )


@transaction.atomic
def _mark_opened(actor: Any, opening: Opening, links: Sequence[BlindLink], round_code: str) -> None:
    opened: list[Version] = [link.version for link in links]
    proposals = list(Proposal.objects.filter(pk__in=[version.proposal_id for version in opened]).order_by("team__name", "pk"))
    # The proposals are locked before the log, as by a team whose late one arrives meanwhile: crosswise, one of the two would be broken off.
    workflow.lock_all(proposals)
    now = clock.now()
    with clock.at(now):
        workflow.move(
            opening, to=OpeningState.OPENED, actor=actor, save={"opened_at": now, "round_code": round_code}, body={"proposals": len(links)}
        )
        for proposal in proposals:
            workflow.move(proposal, to=ProposalState.OPENED, actor=actor)
