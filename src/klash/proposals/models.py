from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from klash.accounts.models import User
from klash.challenges.models import Challenge
from klash.competitions.answers import in_words
from klash.competitions.models import Competition, FormKind, Question, StageForm, StageKind
from klash.core import chance
from klash.core.fields import EncryptedJSON
from klash.files.models import StoredFile
from klash.rules import questions
from klash.rules.permissions import Facts
from klash.rules.states import LateDecisionState, OpeningState, ProposalState
from klash.rules.words import count_words
from klash.teams.models import Membership, Team

TITLE_SIGNS_MAX = 150


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, person: Any) -> ProposalQuerySet:
        """The team's own only. Nobody else has a page that shows one before its opening."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(team__in=Membership.objects.filter(person=person).values("team"))


class Proposal(models.Model):
    """The team's working copy and where it stands. What was submitted lies in Version, unchangeable."""

    lifecycle = "proposal"

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    team = models.OneToOneField(Team, on_delete=models.PROTECT, related_name="proposal")
    texts = EncryptedJSON(default=dict)  # {"title" or a question's code: answer}
    files = models.ManyToManyField(StoredFile, through="ProposalFile", related_name="proposals")
    settled = EncryptedJSON(default=list)  # marks of findings of the identity check that the team has called no problem
    revision = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=13, choices=[(s.value, s.value) for s in ProposalState], default=ProposalState.DRAFT)
    saved_at = models.DateTimeField(null=True)

    objects = ProposalQuerySet.as_manager()

    @property
    def chain(self) -> str:
        return self.team.chain

    @property
    def competition(self) -> Competition:
        return self.team.challenge.competition

    @property
    def title(self) -> str:
        return self.text("title")

    @property
    def form(self) -> StageForm:
        return self.competition.form(FormKind.PROPOSAL)

    def sections(self) -> list[Question]:
        """Return the questions that the competition's form asks, in order. Two queries, kept with the competition."""
        return self.competition.sections()

    def asked(self) -> list[Question]:
        """Return the questions that are asked of a team that answers so."""
        codes = {asked.code for asked in questions.shown(self.form.rules(), self.texts)}
        return [row for row in self.sections() if row.code in codes]

    def parts(self) -> list[str]:
        """Return the codes of what the jury gets: the title, then in order what is asked, but nothing that identifies or is not for reviewers."""
        return ["title", *(row.code for row in self.asked() if row.is_public)]

    def apart(self) -> list[Question]:
        """Return the questions whose answers a submission takes along for after the opening of identities only."""
        return [row for row in self.asked() if not row.is_public and questions.is_answer(self.answer(row.code))]

    def answer(self, name: str) -> Any:
        """Return the title or an answer as it was saved last, an empty text where there is none."""
        return self.texts.get(name, "")

    def text(self, name: str) -> str:
        """Return the title or an answer in words, in the team's language."""
        question = next((row for row in self.sections() if row.code == name), None)
        return in_words(question, self.answer(name), self.team.language) if question else str(self.answer(name))

    def held(self) -> list[StoredFile]:
        """Return the files that a submission takes along, in order; of a refused one only the row is there."""
        return [row.file for row in self.attachments.all() if row.file.is_held]

    def words(self, section: Question) -> int:
        """Return how many words an answer has as it was saved last."""
        return count_words(self.text(section.code))

    def missing(self, now: datetime) -> list[str]:
        """Return the codes of what is required at this instant and not there, the title first."""
        return [*(["title"] if not self.title.strip() else []), *questions.missing(self.form.rules(), self.texts, now)]

    def is_complete(self, now: datetime) -> bool:
        return not self.missing(now)

    def too_long(self) -> list[Question]:
        """Return the questions that are answered with more words than they may be."""
        codes = questions.too_long(self.form.rules(), self.texts)
        return [row for row in self.sections() if row.code in codes]

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        stage = self.competition.stage(StageKind.PROPOSALS)
        return Facts(
            is_signed_in=actor.is_authenticated, roles=actor.roles_in(self.competition.code, self.team.challenge.code),
            is_member=self.team.membership_of(actor) is not None, state=self.state, is_open=stage.is_open(now),
            has_begun=stage.opens_at <= now, is_complete=self.is_complete(now), is_within_limits=not self.too_long(),
        )


class ProposalFile(models.Model):
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["proposal", "file"], name="one_attachment_a_file")]


class Baseline(models.Model):
    """The sections as they were before the team first met a mentor, kept when it first changes them after that. For the team's own eyes, as the draft is.

    texts: {a section's code: text}; where the draft had nothing, what the application said in the part that the section goes on from.
    """

    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="baseline")
    texts = EncryptedJSON()
    taken_at = models.DateTimeField()


class ChallengeKeys(models.Model):
    """The public halves of the keys to which a challenge's proposals are sealed. What opens them lies with the keys' holder."""

    challenge = models.OneToOneField(Challenge, on_delete=models.PROTECT, related_name="keys")
    opening = models.CharField(max_length=64)  # opens blind copies, after the deadline
    map = models.CharField(max_length=64)  # opens originals and whose they are, after the signed report
    made_at = models.DateTimeField()
    rehearsed_at = models.DateTimeField(null=True)  # when the holder last showed that it can open

    @property
    def code(self) -> str:
        return self.challenge.code


class Version(models.Model):
    """One submission with its receipt. Never changed, never deleted; late ones are kept and marked. What it holds is sealed in its parts."""

    receipt = models.CharField(max_length=32, unique=True)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    idempotency_key = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT)
    received_at = models.DateTimeField()  # what the deadline judges
    arrived_at = models.DateTimeField(null=True)  # when the request had first arrived, where that is known otherwise than by the clock after the lock
    deadline_at = models.DateTimeField()
    is_late = models.BooleanField()
    commitment = models.CharField(max_length=64, unique=True)  # hash of competition, both nonces and manifest
    document = EncryptedJSON()  # the receipt as the team got it, manifest, nonces and signature included

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="one_version_a_number"),
            models.UniqueConstraint(fields=["proposal", "idempotency_key"], name="one_version_a_key"),
            models.CheckConstraint(
                condition=Q(is_late=False, received_at__lte=F("deadline_at")) | Q(is_late=True, received_at__gt=F("deadline_at")), name="late_is_after_deadline"
            ),
        ]

    @property
    def manifest(self) -> dict[str, Any]:
        """{language, confirmed_blind, parts: [{part, size_bytes, sha256, name, blind: {size_bytes, sha256}}]}; name and blind of files only.

        confirmed_blind: whether its sender had looked at the blind copy. blind is None for a file that could not be made anew: the blind copy lacks it.
        """
        found: dict[str, Any] = self.document["manifest"]
        return found

    def context(self, envelope: str, part: str) -> str:
        """Return where a sealed part belongs: it opens nowhere else."""
        return f"{self.proposal.chain}/{self.receipt}/{envelope}/{part}"


class Measure(models.Model):
    """How far the sections of a version lie from the baseline: what the version says lies sealed, so it is measured when it is received.

    sections: {a section's code: [words kept, added, removed]}.
    """

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="measure")
    sections = EncryptedJSON()


class Envelope(models.TextChoices):
    BLIND = "blind"  # what the jury gets, sealed to the opening key
    ORIGINAL = "original"  # files as they were received, sealed to the map key


class SealedPart(models.Model):
    """A part of a version, encrypted under a key of its own that lies in a box."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="parts")
    envelope = models.CharField(max_length=8, choices=Envelope.choices)
    part = models.CharField(max_length=20)
    box = models.BinaryField()
    blob = models.CharField(max_length=32)  # where the ciphertext lies
    sha256 = models.CharField(max_length=64)  # of the ciphertext

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["version", "envelope", "part"], name="one_sealed_part")]


class FirstPage(models.Model):
    """The picture of a submitted file's first page, which the team's receipt shows whatever becomes of the file. It lies as drafts do."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="first_pages")
    part = models.CharField(max_length=20)
    blob = models.CharField(max_length=32)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["version", "part"], name="one_first_page")]


class LateDecision(models.Model):
    """Whether a version that came late takes part. One person decides, another confirms; in force it stays, else it is taken back."""

    lifecycle = "late_decision"

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="late_decisions")
    is_admitted = models.BooleanField()
    reason = models.CharField(max_length=1000)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in LateDecisionState], default=LateDecisionState.PROPOSED)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["version"], condition=~Q(state="taken_back"), name="one_late_decision_a_version"),
            models.CheckConstraint(condition=~Q(reason=""), name="late_decision_has_reason"),
            models.CheckConstraint(condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("decided_by")), name="late_decision_by_two_persons"),
        ]

    @property
    def chain(self) -> str:
        return self.version.proposal.chain

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        challenge = self.version.proposal.team.challenge
        stage, opening = challenge.competition.stage(StageKind.PROPOSALS), Opening.objects.filter(challenge=challenge).first()
        return Facts(
            is_signed_in=actor.is_authenticated, roles=actor.roles_in(self.chain, challenge.code), state=self.state, is_open=stage.is_open(now),
            has_begun=stage.opens_at <= now, is_frozen=opening is not None and opening.state != OpeningState.REQUESTED,
            is_same_person=getattr(actor, "pk", None) == self.decided_by_id,
        )


class Opening(models.Model):
    """The opening of one challenge's proposals, by two persons; ends with blind copies at the jury."""

    lifecycle = "opening"

    challenge = models.OneToOneField(Challenge, on_delete=models.PROTECT, related_name="opening")
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    round_code = models.CharField(max_length=32, blank=True, default="")
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in OpeningState], default=OpeningState.REQUESTED)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("requested_by")), name="opening_by_two_persons")]

    @property
    def code(self) -> str:
        return self.challenge.code

    @property
    def chain(self) -> str:
        return self.challenge.competition.code

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        stage = self.challenge.competition.stage(StageKind.PROPOSALS)
        return Facts(
            is_signed_in=actor.is_authenticated, roles=actor.roles_in(self.chain, self.challenge.code), state=self.state,
            is_open=stage.is_open(now), has_begun=stage.opens_at <= now, is_same_person=getattr(actor, "pk", None) == self.requested_by_id,
        )


class CopyNote(models.Model):
    """What the registrar did to a team's blind copy and why, as the team is told when the winners are published."""

    EXCLUDED, TEXT, FILE = "excluded", "text", "file"

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="copy_notes")
    what = models.CharField(max_length=8, choices=[(name, name) for name in (EXCLUDED, TEXT, FILE)])
    reason = models.CharField(max_length=1000)
    told_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class Substitution(models.Model):
    """A seat that a juror left for a conflict, and the deputy's that replaces it. It knows the two seats, never a team or an entry."""

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="substitutions")
    handle = models.CharField(max_length=32, unique=True)  # of the seat that was left: a second deputy for it cannot be
    is_chair = models.BooleanField(default=False)
    left_at = models.DateTimeField()
    deputy_handle = models.CharField(max_length=32, unique=True, null=True)  # None: the seat waits for a deputy
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="seat_taken_by_and_when", condition=Q(deputy_handle=None, taken_at=None) | Q(deputy_handle__isnull=False, taken_at__isnull=False)
            )
        ]


class SealedLink(models.Model):
    """A blind copy's code name and the commitment of its version, sealed to the map key; in no order, and written before the jury gets anything."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="sealed_links")
    draw = models.CharField(max_length=32)  # one drawing of code names; a drawing that broke off before the jury had them is replaced
    ciphertext = models.BinaryField()
    box = models.BinaryField()

    class Meta:
        ordering = ["pk"]


class TeamQuestion(models.Model):
    """A question of the jury as its team has it, and the answer. Nothing in it names the blind copy; the way back is encrypted, and erased once carried."""

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="questions")
    batch = models.CharField(max_length=32, db_index=True)  # the jury's code of the batch
    text = EncryptedJSON()
    route = EncryptedJSON()  # {"question": the jury's code}; empty once it is carried
    sent_at = models.DateTimeField()
    answers_by = models.DateTimeField()
    releases_at = models.DateTimeField()
    answer = EncryptedJSON()
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    is_carried = models.BooleanField(default=False)

    class Meta:
        ordering = ["sent_at", "code"]
        constraints = [
            models.CheckConstraint(
                name="question_answered_by_and_when", condition=Q(answered_by=None, answered_at=None) | Q(answered_by__isnull=False, answered_at__isnull=False)
            )
        ]

    @property
    def chain(self) -> str:
        return self.proposal.chain

    @property
    def question(self) -> str:
        return str(self.text["text"])

    @property
    def state(self) -> str:
        return "answered" if self.answered_at else "over" if self.is_carried else "asked"

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        return Facts(
            is_signed_in=actor.is_authenticated, is_member=self.proposal.team.membership_of(actor) is not None, state=self.state,
            is_open=now <= self.answers_by, has_begun=True,
        )


class BlindLink(models.Model):
    """The map from a blind copy to its version. It exists only from the opening of identities on; until then see SealedLink."""

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="links")
    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="blind_link")
    entry_code = models.CharField(max_length=32, unique=True)
