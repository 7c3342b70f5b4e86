"""Reads of proposals. Before the opening only the team's own pages use them; nothing here returns a code name."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext

from klash.accounts.models import Invitation, Municipality, ReviewerHandle, RoleGrant
from klash.challenges.models import Challenge
from klash.challenges.selectors import shown
from klash.competitions.models import Stage, StageKind
from klash.core import audit, clock, texts
from klash.core.databases import reviewing as alias
from klash.core.fields import Text
from klash.files import services as files
from klash.files.intake import ENDINGS, Spot
from klash.files.models import StoredFile
from klash.interests import selectors as interests
from klash.mentoring.selectors import mentors_by_team
from klash.proposals.models import CopyNote, LateDecision, Opening, Proposal, ProposalFile, Substitution, TeamQuestion, Version
from klash.proposals.texts import removed_words
from klash.reviewing import selectors as reading
from klash.reviewing.models import Round
from klash.reviewing.selectors import find_round
from klash.rules.conflicts import Party
from klash.rules.questions import Kind
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import LateDecisionState, OpeningState, ProposalState, RoundState
from klash.teams import selectors as teams
from klash.teams.models import Team


def names_of_parts(proposal: Proposal) -> dict[str, str]:
    """Return what the title and each section are called in the active language, in order. One query, kept."""
    return {"title": gettext("Title"), **{section.code: shown(section.heading).text for section in proposal.sections()}}


def fingerprint(value: Any) -> str:
    """Return by what a page tells an answer that it showed from what is stored now."""
    return audit.sha256("klash/1/text", value if isinstance(value, str) else audit.canonical(value))[:32]


def carried(proposal: Proposal) -> dict[str, str]:
    """Return by section what the team's application said in the part that the section goes on from, where it said something. One query at most."""
    application = getattr(proposal.team, "application", None)
    if application is None:
        return {}
    rows = [row for row in proposal.sections() if row.carries and row.kind == Kind.TEXT]
    said = {row.code: str(application.answer(row.carries)).strip() for row in rows}
    return {code: text for code, text in said.items() if text}


def round_key(challenge: Challenge) -> str:
    """Return what this stage calls the jury's round of a challenge."""
    return f"proposals/{challenge.code}"


def round_of(challenge: Challenge) -> Round | None:
    """Return the jury's round of a challenge. One query, at the jury."""
    return find_round(round_key(challenge))


FEW = 5  # among fewer a juror may guess whose each is
STANDS = (ProposalState.SUBMITTED, ProposalState.LATE_ADMITTED, ProposalState.OPENED)
_ADMITTED = LateDecision.objects.filter(state=LateDecisionState.CONFIRMED, is_admitted=True)
_MAY_STAND = Q(is_late=False) | Q(pk__in=_ADMITTED.values("version"))


@dataclass(frozen=True)
class Late:
    """A version that came late. late: how much. has_other: another version of the team stands; decision: None while nobody has decided."""

    version: Version
    late: timedelta
    has_other: bool
    decision: LateDecision | None

    @property
    def is_open(self) -> bool:
        return not self.has_other and (self.decision is None or self.decision.state == LateDecisionState.PROPOSED)


def late_box(challenge: Challenge) -> list[Late]:
    """Return the versions that came late, in the order in which they came. Three queries, one if there are none."""
    found = Version.objects.filter(proposal__team__challenge=challenge, is_late=True).order_by("received_at", "pk")
    rows = list(found.select_related("proposal__team__challenge__competition"))
    if not rows:
        return []
    decisions = LateDecision.objects.filter(version__in=rows).exclude(state=LateDecisionState.TAKEN_BACK)
    held = {row.version_id: row for row in decisions.select_related("decided_by", "confirmed_by", "version__proposal__team__challenge__competition")}
    stands = {row.proposal_id: row.pk for row in fixed_set(challenge)}
    return [Late(row, row.received_at - row.deadline_at, stands.get(row.proposal_id, row.pk) != row.pk, held.get(row.pk)) for row in rows]


def undecided_late(opening: Opening) -> list[Late]:
    """Return the late versions that came before the opening was requested and still wait for a decision. What comes later holds up nothing."""
    return [row for row in late_box(opening.challenge) if row.is_open and row.version.received_at < opening.requested_at]


def decision_on(version: Version) -> LateDecision | None:
    """Return the decision in force on a version that came late. One query."""
    return LateDecision.objects.filter(version=version, state=LateDecisionState.CONFIRMED).first()


def standing_versions(proposals: QuerySet[Proposal]) -> QuerySet[Version]:
    """Return of each proposal that is not withdrawn the version that stands: the newest in time, else the late one that was admitted."""
    newest = Version.objects.filter(_MAY_STAND, proposal=OuterRef("proposal")).order_by("-number").values("pk")[:1]
    return Version.objects.filter(proposal__in=proposals.filter(state__in=STANDS), pk=Subquery(newest))


def fixed_set(challenge: Challenge) -> list[Version]:
    """Return the version that stands of each team that has not withdrawn, by team name: the newest in time, else the late one that was admitted. One query.

    After the deadline only a decision of two persons on a late one changes this set, and nothing once it is fixed.
    """
    standing = standing_versions(Proposal.objects.filter(team__challenge=challenge))
    return list(standing.select_related("proposal").order_by("proposal__team__name", "pk"))


def standing_version(proposal: Proposal) -> Version | None:
    """Return the version that takes part as things stand: the newest in time, unless withdrawn, or the late one that was admitted. One query."""
    if proposal.state not in STANDS:
        return None
    return Version.objects.filter(_MAY_STAND, proposal=proposal).order_by("-number").first()


@dataclass(frozen=True)
class Standing:
    """Where a team stands, in facts that a sentence is made of.

    kind: empty, draft, submitted, changed (submitted, and edited since), withdrawn, none (the deadline passed without one).
    """

    kind: str
    saved_at: datetime | None
    stands: Version | None
    late: tuple[Version, ...]
    versions: tuple[Version, ...]
    is_over: bool
    closes_at: datetime


def standing(proposal: Proposal, stage: Stage, now: datetime) -> Standing:
    """Return where the team's proposal stands at `now`. Two queries, three once something was submitted."""
    versions = list(Version.objects.filter(proposal=proposal).select_related("submitted_by").order_by("-number"))
    stands = standing_version(proposal)
    is_over = now > stage.closes_at
    kind = "none" if is_over else "draft" if proposal.saved_at else "empty"
    if stands is not None:
        kind = "changed" if not is_over and _is_changed(proposal, stands) else "submitted"
    elif proposal.state == ProposalState.WITHDRAWN:
        kind = "withdrawn"
    late = tuple(version for version in versions if version.is_late)
    return Standing(kind, proposal.saved_at, stands, late, tuple(versions), is_over, stage.closes_at)


def _is_changed(proposal: Proposal, stands: Version) -> bool:
    return any(stands.manifest[name] != value for name, value in manifest_of(proposal, proposal.held()).items())


@dataclass(frozen=True)
class Saved:
    """What a team has written and not submitted. written: (heading, words) of each section with a text; missing: headings of what is required and empty.

    too_long: (heading, words, limit). has_title, files: whether there is a title, how many files are attached.
    """

    at: datetime | None
    is_withdrawn: bool
    has_title: bool
    written: tuple[tuple[Text, int], ...]
    missing: tuple[Text, ...]
    too_long: tuple[tuple[Text, int, int], ...]
    files: int

    @property
    def is_ready(self) -> bool:
        return self.has_title and not self.missing and not self.too_long


def saved(proposal: Proposal) -> Saved:
    """Return what is only saved of a proposal, in words of no language. Two queries, none for one that was never started."""
    sections = [(section, proposal.words(section)) for section in proposal.asked()]
    lacking, long = proposal.missing(clock.now()), proposal.too_long()
    return Saved(
        proposal.saved_at, proposal.state == ProposalState.WITHDRAWN, bool(proposal.title.strip()),
        tuple((section.heading, words) for section, words in sections if proposal.text(section.code).strip()),
        tuple(section.heading for section, _ in sections if section.code in lacking),
        tuple((section.heading, proposal.words(section), section.hard_words or 0) for section in long),
        len(proposal.held()) if proposal.pk else 0,
    )


def manifest_of(proposal: Proposal, attached: Sequence[StoredFile]) -> dict[str, Any]:
    """Return the list of what a submission of the working copy holds, by size and fingerprint. No query."""
    sections = [{"part": name, **_measure(proposal.text(name).encode())} for name in proposal.parts()]
    # Like a file of which the jury gets nothing: sealed with the originals.
    apart = [
        {"part": f"answer/{number}", "name": shown(row.heading).text, **_measure(proposal.text(row.code).encode()), "blind": None}
        for number, row in enumerate(proposal.apart(), 1)
    ]
    attachments = [
        {
            "part": f"file/{number}", "name": file.name, "media_type": file.media_type, "pages": file.pages,
            "size_bytes": file.size_bytes, "sha256": file.sha256,
            "blind": {"size_bytes": file.clean_size_bytes, "sha256": file.clean_sha256} if file.rebuilt else None,
        }
        for number, file in enumerate(attached, 1)
    ]
    return {"language": proposal.team.language, "parts": [*sections, *apart, *attachments]}


@dataclass(frozen=True)
class FileRow:
    """A file on the team's page. removed, hidden: in words, what was left out of it and what it says that cannot be seen."""

    file: StoredFile
    reason: str
    removed: tuple[str, ...]
    hidden: tuple[Spot, ...]


def file_rows(proposal: Proposal) -> list[FileRow]:
    """Return the files of the working copy, refused ones too, with what became of each. No query where they are prefetched."""
    rows = [row.file for row in proposal.attachments.all()]
    return [FileRow(file, texts.sentence(Reason(file.reason)) if file.reason else "", removed_words(file.removed), _hidden(file)) for file in rows]


@dataclass(frozen=True)
class BlindFile:
    """A file as the jury gets it: by its number, made anew."""

    number: int
    name: str
    file: StoredFile


def blind_files(proposal: Proposal) -> list[BlindFile]:
    """Return the files that the blind copy of the working copy would hold, as the jury counts them. No query where they are prefetched."""
    made = [file for file in proposal.held() if file.rebuilt]
    return [BlindFile(number, f"{number}{ENDINGS[file.media_type]}", file) for number, file in enumerate(made, 1)]


def _hidden(file: StoredFile) -> tuple[Spot, ...]:
    return files.read_facts(file).hidden if file.reason == Reason.FILE_HIDDEN_TEXT else ()


def _measure(content: bytes) -> dict[str, Any]:
    return {"size_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def team_of(person: Any, competition: str, code: str) -> Team | None:
    """Return the person's own team with its challenge, members, application and proposal. Two queries."""
    if not person.is_authenticated:
        return None
    found = Team.objects.of(person).filter(code=code, challenge__competition__code=competition)
    return found.select_related("challenge__competition", "application").prefetch_related("memberships").first()


def proposal_of(person: Any, competition: str, code: str) -> Proposal | None:
    """Return the proposal of the person's own team with what its page needs. Three queries."""
    found = Proposal.objects.visible_to(person).filter(team__code=code, team__challenge__competition__code=competition)
    attached = Prefetch("attachments", queryset=ProposalFile.objects.select_related("file").order_by("position"))
    return found.select_related("team__challenge__competition", "team__application").prefetch_related("team__memberships", attached).first()


def receipt_of(person: Any, competition: str, code: str, receipt: str) -> Version | None:
    """Return one submission of the person's own team. One query."""
    own = Proposal.objects.visible_to(person).filter(team__code=code, team__challenge__competition__code=competition)
    return Version.objects.filter(proposal__in=own, receipt=receipt).select_related("proposal__team__challenge__competition", "submitted_by").first()


def questions_to(proposal: Proposal) -> list[TeamQuestion]:
    """Return what the jury asks the proposal's team. One query."""
    rows = list(TeamQuestion.objects.filter(proposal=proposal).select_related("answered_by"))
    for row in rows:
        row.proposal = proposal
    return rows


def question_to(proposal: Proposal, code: str) -> TeamQuestion | None:
    """Return one of the team's questions. One query."""
    return next((row for row in questions_to(proposal) if row.code == code), None)


def challenge_of(person: Any, competition: str, challenge: str) -> Challenge | None:
    """Return a challenge that the person may see, with its competition and its keys. One query."""
    found = Challenge.objects.visible_to(person).filter(competition__code=competition, code=challenge)
    return found.select_related("competition", "keys").first()


def is_opened(challenge: Challenge) -> bool:
    """Return whether the proposals were opened; what comes after that can no longer take part. One query."""
    return Opening.objects.filter(challenge=challenge, state=OpeningState.OPENED).exists()


def opening_of(challenge: Challenge) -> Opening | None:
    """Return the opening of a challenge. One query."""
    return Opening.objects.filter(challenge=challenge).select_related("requested_by", "confirmed_by", "challenge__competition").first()


@dataclass(frozen=True)
class Juror:
    name: str
    is_chair: bool
    state: str  # invited, accepted, absent


def jurors(round_: Round | None) -> list[Juror]:
    """Return who sits in the jury, by name; an address where the invitation is open. Two to five queries."""
    if round_ is None:
        return []
    seats = {seat.handle: seat for seat in round_.seats.using(round_._state.db).order_by("handle")}
    names = names_of(seats)
    rows = [Juror(names.get(handle, ""), seat.is_chair, "absent" if seat.is_absent else seat.state) for handle, seat in seats.items()]
    return sorted(rows, key=lambda row: (not row.is_chair, row.name))


def addresses_of(handles: Iterable[str]) -> dict[str, str]:
    """Return by handle the address of who sits there or is invited to. Two queries for each database that holds jurors."""
    wanted, found = list(handles), dict[str, str]()
    for using in ("default", alias()) if settings.KLASH_JURY_URL else ("default",):
        found.update(Invitation.objects.using(using).filter(handle__in=wanted).values_list("handle", "email"))
        found.update(ReviewerHandle.objects.using(using).filter(handle__in=wanted).values_list("handle", "person__email"))
    return found


def sides(challenge: Challenge) -> list[Party]:
    """Return those whom the challenge's jury must have no tie to: each admitted team with its mentors, and the pilot municipality. Nine queries."""
    admitted = list(Team.objects.admitted().filter(challenge=challenge).order_by("pk").values_list("pk", flat=True))
    mentors = mentors_by_team(admitted)
    found = [replace(side, mentors=tuple(map(interests.as_person, mentors[key]))) for key, side in teams.sides(admitted).items()]
    place = Municipality.objects.get(pk=challenge.pilot_municipality_id)
    return [*found, Party(municipalities=interests.places({"pilot": [place]})["pilot"])]


def substitutions(challenge: Challenge) -> tuple[int, int]:
    """Return how many deputies have stepped in and how many seats wait for one. One query."""
    taken = list(Substitution.objects.filter(challenge=challenge).values_list("taken_at", flat=True))
    return sum(at is not None for at in taken), taken.count(None)


def deputies(challenge: Challenge) -> list[str]:
    """Return who waits as a deputy, by name, and the addresses of those who are invited. One query."""
    named = RoleGrant.objects.filter(role=Role.DEPUTY, challenge=challenge.code, ended_at=None).values_list("standing__person__name", flat=True)
    open_ = Invitation.objects.filter(role=Role.DEPUTY, challenge=challenge.code, accepted_at=None, expires_at__gte=clock.now())
    return sorted(named.order_by().union(open_.order_by().values_list("email", flat=True), all=True))


def names_of(handles: Iterable[str]) -> dict[str, str]:
    """Return by handle who sits there: the person's name, or the address of an open invitation. One to four queries."""
    wanted = list(handles)
    names: dict[str, str] = {}
    # Where the jury's face runs by itself, its people and invitations lie in its own database.
    for using in ("default", alias()) if settings.KLASH_JURY_URL else ("default",):
        names.update(ReviewerHandle.objects.using(using).filter(handle__in=wanted).values_list("handle", "person__name"))
        if nameless := [handle for handle in wanted if handle not in names]:
            names.update(Invitation.objects.using(using).filter(handle__in=nameless, accepted_at=None).values_list("handle", "email"))
    return names


def copy_notes(proposal: Proposal) -> list[CopyNote]:
    """Return what the registrar did to the team's blind copy; nothing before the winners are published. One query."""
    return list(CopyNote.objects.filter(version__proposal=proposal))


@dataclass(frozen=True)
class OpeningSteps:
    """What the organiser's page tells. opened: how many are judged, uncleared: how many the registrar has still to clear; known only afterwards."""

    opening: Opening | None
    round: Round | None
    jurors: tuple[Juror, ...]
    stage: Stage
    is_over: bool
    is_opened: bool
    is_released: bool
    uncleared: int
    opened: int | None
    deputies: tuple[str, ...]
    stepped_in: int
    waiting: int


def opening_steps(challenge: Challenge, now: datetime) -> OpeningSteps:
    """Return where the opening stands; nothing about proposals before they are opened. At most eleven queries."""
    opening, round_ = opening_of(challenge), round_of(challenge)
    stage = challenge.competition.stage(StageKind.PROPOSALS)
    is_opened = opening is not None and opening.state == OpeningState.OPENED
    opened = round_.entry_count if round_ is not None and is_opened else None
    is_released = round_ is not None and round_.state != RoundState.DRAFT
    left = reading.uncleared(round_) if round_ is not None and is_opened and not is_released else 0
    waits, (stepped_in, waiting) = tuple(deputies(challenge)), substitutions(challenge)
    return OpeningSteps(opening, round_, tuple(jurors(round_)), stage, now > stage.closes_at, is_opened, is_released, left, opened, waits, stepped_in, waiting)
