"""The opening: two persons close the set, then blind copies are written at the jury, shuffled; the registrar clears them before anybody reads."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction

from klash.challenges.models import Challenge
from klash.competitions.services import tell_seconds
from klash.core import access, arrival, audit, chance, clock, workflow
from klash.core.errors import Denied, IllegalMove, Refused
from klash.proposals.bridge import language_of
from klash.proposals.code_words import WORDS
from klash.proposals.models import Opening, Proposal, SealedLink, Version
from klash.proposals.selectors import fixed_set, round_of, undecided_late
from klash.proposals.services.sealing import Opened, open_versions, seal_links
from klash.proposals.services.writing import hold_deadline
from klash.reviewing import selectors as reading
from klash.reviewing import services as reviewing
from klash.reviewing.models import Round
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import OpeningState, ProposalState

# Half of what `chance.code_name` can draw from the words; beyond it two words make a name.
FEW = 20 * 8 * len(WORDS) // 2


def request_opening(*, actor: Any, challenge: Challenge) -> Opening:
    """Ask for the opening of a challenge's proposals; another person confirms it, and those who can are told. A second call finds the first.

    Raises Denied: no staff, or the deadline has not passed.
    """
    with transaction.atomic():
        stage = hold_deadline(challenge, is_closing=True)
        now = clock.judged()
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
        tell_seconds(
            asker=actor, competition=challenge.competition, step="opening", about=challenge.title, page="proposals:opening", of=challenge.code,
            event=f"opening.requested/{opening.code}",
        )
    return opening


def confirm_opening(*, actor: Any, opening: Opening) -> Opening:
    """Fix the set that will be opened: of each team that has not withdrawn, the newest version that came in time, else the late one that was admitted.

    Takes the deadline alone, so that no submission is half way in. The event names the set by the commitments that the
    teams' receipts hold. Raises Denied (no staff, too early, the person who asked), IllegalMove, or
    Refused(LATE_UNDECIDED) while a late one that came before the request waits for a decision.
    """
    with transaction.atomic():
        deadline = hold_deadline(opening.challenge, is_closing=True).closes_at
        now = clock.judged()
        if now <= deadline + arrival.settling():  # what had arrived in time may still be on its way through us
            raise Denied(Reason.NOT_OPEN_YET)
        if opening.state == OpeningState.REQUESTED and undecided_late(opening):
            raise Refused(Reason.LATE_UNDECIDED)
        commitments = sorted(version.commitment for version in fixed_set(opening.challenge))
        with clock.at(now):
            workflow.move(
                opening, to=OpeningState.FIXED, actor=actor, save={"confirmed_by": actor, "confirmed_at": now},
                body={"proposals": len(commitments), "commitments": commitments},
            )
    return opening


def open_proposals(*, actor: Any, opening: Opening) -> Opening:
    """Let the holder of the key open the set and write the blind copies at the jury. May be called again after a stop at any point.

    Steps: the parts opened in memory; code names drawn, and whose they are sealed here; entries written at the jury in one transaction,
    shuffled; proposals and opening marked as opened. The jury's side gets title, texts, the language of the texts and files: no name, no
    time. Its round stays shut until the copies are cleared and released.
    Raises Denied, IllegalMove (not confirmed), Refused(NOT_COMPLETE): no round, or no proposal to open; KEYS_NOT_READY or
    KEYS_REFUSED: the holder of the keys does not answer, or refuses.
    """
    opening.refresh_from_db()
    round_ = round_of(opening.challenge)
    access.ensure(actor, Permission.OPEN_PROPOSALS, opening)
    if opening.state == OpeningState.REQUESTED:
        raise IllegalMove(Reason.WRONG_STATE, "the opening is not confirmed")
    if round_ is None:
        raise Refused(Reason.NOT_COMPLETE, "the jury's round is not prepared")
    if opening.state == OpeningState.FIXED:
        _hand_over(actor, opening, round_)
    return opening


def _hand_over(actor: Any, opening: Opening, round_: Round) -> None:
    versions = fixed_set(opening.challenge)
    if not versions:
        raise Refused(Reason.NOT_COMPLETE, "no proposal stands")
    if not reading.codes_of(round_):
        opened = open_versions(opening, versions)
        names, draw = _draw_code_names(opening, versions, round_)
        entries = [_entry(code, version, opened[version.pk], opening) for code, version in names.items()]
        # Between the drawing and this lock another run may have drawn anew: then its names are sealed here, and these reach nobody.
        with transaction.atomic():
            workflow.lock(opening)
            if not reading.codes_of(round_):
                if not SealedLink.objects.filter(opening=opening, draw=draw).exists():
                    raise IllegalMove(Reason.WRONG_STATE, "another run has drawn the code names anew and is writing the copies")
                reviewing.write_entries(actor=actor, round=round_, entries=entries)
    with transaction.atomic():
        workflow.lock(opening)
        if opening.state == OpeningState.FIXED:
            _mark_opened(actor, opening, versions, round_)


@transaction.atomic
def _draw_code_names(opening: Opening, versions: Sequence[Version], round_: Round) -> tuple[dict[str, Version], str]:
    """Return code name -> version and the drawing's mark; nothing if another run has written the entries: their links must stay."""
    workflow.lock(opening)
    if reading.codes_of(round_):
        return {}, ""
    taken = reading.all_codes()  # unique over all rounds: a name met twice would link two of them
    names = {_code_name(taken): version for version in chance.shuffled(versions)}
    return names, seal_links(opening, names)


def _code_name(taken: set[str]) -> str:
    words: Sequence[str] = WORDS if len(taken) < FEW else [f"{one}-{other}" for one in WORDS for other in WORDS]
    name = chance.code_name(taken, words)
    taken.add(name)
    return name


def _entry(code: str, version: Version, opened: Opened, opening: Opening) -> reviewing.NewEntry:
    content, competition = opened.content, opening.challenge.competition
    attached, texts = [row for row in version.manifest["parts"] if row.get("blind")], content["sections"]
    return reviewing.NewEntry(
        code=code, title=content["title"], author="", language=language_of(content), is_invented=competition.is_invented,
        sections=[{"heading": row.heading, "text": texts[row.code]} for row in competition.sections() if row.code in texts],
        files=tuple(reviewing.NewFile(row["media_type"], row["pages"], opened.files[row["part"]]) for row in attached),
    )


def _mark_opened(actor: Any, opening: Opening, opened: Sequence[Version], round_: Round) -> None:
    count = len(reading.codes_of(round_))
    if count != len(opened):
        raise RuntimeError(f"the jury's round holds {count} entries, the set {len(opened)}")
    proposals = list(Proposal.objects.filter(pk__in=[version.proposal_id for version in opened]).order_by("team__name", "pk"))
    # The proposals are locked before the log, as by a team whose late one arrives meanwhile: crosswise, one of the two would be broken off.
    workflow.lock_all(proposals)
    now = clock.now()
    with clock.at(now):
        workflow.move(
            opening, to=OpeningState.OPENED, actor=actor, save={"opened_at": now, "round_code": round_.code},
            body={"proposals": count, "round": round_.code},
        )
        for proposal in proposals:
            workflow.move(proposal, to=ProposalState.OPENED, actor=actor)
