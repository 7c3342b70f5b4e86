"""A round, its reviewers, what they read and what they give."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import Promise

from klash.core import audit
from klash.core.audit import System
from klash.core.fields import TextInLanguages
from klash.reviewing import words
from klash.rules.permissions import Facts
from klash.rules.roles import STAFF
from klash.rules.states import ReviewState, RoundState, SeatState


class RoundKind(models.TextChoices):
    PROBLEMS = "problems"
    APPLICATIONS = "applications"
    PROPOSALS = "proposals"


class PeerView(models.TextChoices):
    """What reviewers see of each other's reviews once all have submitted: nothing before the result, or all of it in a discussion."""

    NOTHING = "nothing"
    DISCUSSION = "discussion"


class Method(models.TextChoices):
    """How the points of an entry come of its reviewers' weighted means."""

    MEAN = "mean"
    MEDIAN = "median"
    BORDA = "borda"


class TieRule(models.TextChoices):
    """What is done where the method leaves entries level."""

    SHARED = "shared"
    CRITERIA = "criteria"
    LOT = "lot"


# How much each view of who suits what weighs in the machine's proposal: the reviewers' own words, the topics they ticked, what they wish.
MATCH_WEIGHTS = {"text": 40, "topics": 30, "preferences": 30}


class Round(models.Model):
    """One body judges one set of entries on one set of criteria. Carries its texts and dates as they were announced."""

    lifecycle = "round"

    code = models.CharField(max_length=32, unique=True)
    key = models.CharField(max_length=120, unique=True)  # what the stage calls it; makes a second making find the first
    chain = models.CharField(max_length=60)  # the competition's audit chain
    kind = models.CharField(max_length=20, choices=RoundKind)
    competition_name = models.CharField(max_length=120)
    title = TextInLanguages()
    intro = TextInLanguages()
    is_blind = models.BooleanField()
    is_invented = models.BooleanField(default=False)
    takes_questions = models.BooleanField(default=False)  # reviewers may put questions to whoever wrote an entry, as was announced
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    criteria_hash = models.CharField(max_length=64)
    method = models.CharField(max_length=10, choices=Method, default=Method.MEAN)
    tie_rule = models.CharField(max_length=10, choices=TieRule, default=TieRule.SHARED)
    announced_hash = models.CharField(max_length=64, blank=True)  # of criteria, method, tie rule; written when the round opens
    lot_seed = models.CharField(max_length=32, blank=True)  # drawn when the round opens, told to nobody before it is complete
    quota = models.PositiveSmallIntegerField(default=1)  # how many of the entries go on
    reviews_per_entry = models.PositiveSmallIntegerField(null=True)  # None: everyone reviews everything
    load_min = models.PositiveSmallIntegerField(default=0)
    load_max = models.PositiveSmallIntegerField(null=True)  # entries a reviewer at most; None: as many as it takes
    scorings = models.PositiveSmallIntegerField(default=1)  # 2: after the discussion each reviewer scores again, beside the first time
    peer_view = models.CharField(max_length=12, choices=PeerView, default=PeerView.NOTHING)
    screening = TextInLanguages()  # a question answered with yes or no beside the scores; empty: none is asked
    topics = models.JSONField(default=list)  # [{code, name: {fi, sv, en}}] of its entries, from which reviewers tick what they know
    match_weights = models.JSONField(default=dict)  # as MATCH_WEIGHTS; what is missing weighs as there
    terms = TextInLanguages()  # of secrecy; a changed text is asked for again
    entry_count = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12, choices=[(s.value, s.value) for s in RoundState], default=RoundState.DRAFT)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(opens_at__lt=F("closes_at")), name="round_opens_before_it_closes"),
            models.CheckConstraint(condition=Q(load_max=None) | Q(load_min__lte=F("load_max")), name="load_min_within_max"),
            models.CheckConstraint(condition=Q(reviews_per_entry=None) | Q(reviews_per_entry__gt=0), name="reviews_per_entry_above_zero"),
            models.CheckConstraint(condition=Q(scorings=1) | Q(scorings=2, peer_view="discussion"), name="second_scoring_after_a_discussion"),
        ]

    @property
    def terms_hash(self) -> str:
        return audit.sha256("klash/1/terms", audit.canonical(self.terms))

    @property
    def has_discussion(self) -> bool:
        return self.peer_view == PeerView.DISCUSSION

    @property
    def is_scored_again(self) -> bool:
        """Whether the second scoring runs."""
        return self.state == RoundState.DISCUSSING and self.scorings == 2

    @property
    def weights_of_match(self) -> dict[str, int]:
        return {name: self.match_weights.get(name, usual) for name, usual in MATCH_WEIGHTS.items()}

    @property
    def takes_preferences(self) -> bool:
        """Return whether reviewers may say what they would like: until it opens, where entries are dealt out and their names are no secret."""
        return self.state == RoundState.DRAFT and not self.is_blind and self.reviews_per_entry is not None

    def is_asking(self, now: datetime) -> bool:
        """Return whether questions may be put to those who wrote the entries."""
        return self.takes_questions and self.state == RoundState.OPEN and self.opens_at <= now <= self.closes_at

    def takes(self, scores: Mapping[str, int]) -> bool:
        """Return whether the scores make a whole review: every required criterion, and something to take a mean of. One query."""
        return bool(scores) and {row.code for row in self.criteria.all() if row.is_required} <= set(scores)

    @property
    def method_in_words(self) -> Promise:
        return words.METHODS[self.method]

    @property
    def tie_rule_in_words(self) -> Promise:
        return words.TIE_RULES[self.tie_rule]

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        # A reviewer is never told, not even by the reason of a refusal, whether the others are ready.
        is_counted = self.state == RoundState.COMPLETE or (not isinstance(actor, Seat) and not self.missing_reviews())
        return Facts(
            is_signed_in=actor.is_authenticated, roles=STAFF if isinstance(actor, System) else actor.roles_in(self.chain), state=self.state,
            is_open=self.state == RoundState.OPEN and self.opens_at <= now <= self.closes_at, has_begun=self.opens_at <= now,
            is_complete=self._is_next_step_due(), all_submitted=is_counted, has_discussion=self.has_discussion,
        )

    def _is_next_step_due(self) -> bool:
        # A round that announced a discussion is not completed without it.
        return not self.has_discussion if self.state == RoundState.OPEN else self.entry_count > 0

    def missing_reviews(self) -> int:
        """Return how many reviews are not submitted yet, second ones too where they are due; an entry that nobody reviews lacks one. Two queries."""
        using = self._state.db
        waiting = Review.objects.using(using).filter(seat__is_absent=False, entry__is_excluded=False, state=ReviewState.DRAFT)
        if self.is_scored_again:
            given = Review.objects.using(using).filter(entry__round=self, entry__is_excluded=False, seat__is_absent=False, state=ReviewState.SUBMITTED)
            return given.exclude(second__state=ReviewState.SUBMITTED).count()
        bare = self.entries.using(using).filter(is_excluded=False, review_count=0).exclude(Exists(waiting.filter(entry=OuterRef("pk"))))
        return waiting.filter(entry__round=self).count() + bare.count()


class Criterion(models.Model):
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="criteria")
    code = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()
    name = TextInLanguages()
    meaning = TextInLanguages()
    weight = models.PositiveSmallIntegerField()
    is_required = models.BooleanField(default=True)  # an optional one may be left empty; it then does not count for that review
    scale_min = models.PositiveSmallIntegerField(default=0)
    scale_max = models.PositiveSmallIntegerField(default=10)
    bands = models.JSONField()  # [{from, to, text: {fi, sv, en}}]

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "code"], name="one_criterion_a_code"),
            models.CheckConstraint(condition=Q(scale_min__lt=F("scale_max")), name="scale_min_below_max"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="weight_above_zero"),
        ]


class Sector(models.TextChoices):
    """What a reviewer comes from; an entry's reviewers should not all come from the same."""

    UNKNOWN = ""
    MUNICIPALITY = "municipality"
    STATE = "state"
    BUSINESS = "business"
    THIRD = "third"
    RESEARCH = "research"
    OTHER = "other"


class Seat(models.Model):
    """A reviewer in a round: a random handle, never an account of elsewhere."""

    lifecycle = "seat"

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="seats")
    handle = models.CharField(max_length=32, unique=True)
    is_chair = models.BooleanField(default=False)
    is_absent = models.BooleanField(default=False)  # a recorded decision; removes all scores of the seat from the tally
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in SeatState], default=SeatState.INVITED)
    accepted_at = models.DateTimeField(null=True)
    terms_hash = models.CharField(max_length=64, blank=True)  # of the terms that were accepted
    note = models.TextField(blank=True)  # why the task was declined
    ended_at = models.DateTimeField(null=True)  # when its holder lost the role after the result; the scores stand, the access is gone
    letter = models.CharField(max_length=2, blank=True)  # drawn when the discussion opens; what the others call this reviewer
    reminded_at = models.DateTimeField(null=True)
    load_max = models.PositiveSmallIntegerField(null=True)  # the smaller load that the reviewer accepted
    sector = models.CharField(max_length=14, choices=Sector, blank=True, default="")
    expertise = models.TextField(blank=True)  # in the reviewer's own words; entries are matched with it
    topics = models.JSONField(default=list)  # codes of the round's topics that the reviewer knows
    assigned_count = models.PositiveIntegerField(default=0)  # kept in the transaction that assigns or recuses
    submitted_count = models.PositiveIntegerField(default=0)  # kept in the transaction that submits a review
    second_count = models.PositiveIntegerField(default=0)  # likewise, of the second scoring

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round"], condition=Q(is_chair=True, is_absent=False), name="one_chair_a_round")]

    @property
    def code(self) -> str:
        return self.handle

    @property
    def chain(self) -> str:
        return self.round.chain

    @property
    def pseudonym(self) -> str:
        return self.handle

    @property
    def is_ready(self) -> bool:
        """Whether the task and its terms, as they stand now, are accepted: without it nothing is shown."""
        return self.state == SeatState.ACCEPTED and self.terms_hash == self.round.terms_hash and not self.is_absent

    @property
    def done_count(self) -> int:
        """How many reviews are submitted of those that are due now: in a second scoring, the second ones."""
        return self.second_count if self.round.is_scored_again else self.submitted_count

    is_authenticated = True

    def roles_in(self, competition: str, challenge: str = "") -> frozenset[Any]:
        return frozenset()

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        round_ = self.round
        return Facts(
            is_signed_in=True, is_owner=getattr(actor, "handle", None) == self.handle, state=self.state, is_open=round_.takes_preferences,
            has_begun=round_.state != RoundState.DRAFT, is_complete=self.is_ready,
        )


class Entry(models.Model):
    """The frozen snapshot that a reviewer reads, under a random code."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="entries")
    code = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=200)
    author = models.CharField(max_length=200, blank=True)  # written only in open rounds
    language = models.CharField(max_length=2)
    sections = models.JSONField()  # [{heading: {fi, sv, en}, text: str}]
    topics = models.JSONField(default=list)  # codes of the round's topics that it is about
    is_invented = models.BooleanField(default=False)
    is_excluded = models.BooleanField(default=False)
    cleared_hash = models.CharField(max_length=64, blank=True)  # of what the registrar let through; empty until then, and again once something is left out
    # Sums kept in the transaction that submits a review, and the place in the one that completes the round: a list with scores needs no aggregate.
    review_count = models.PositiveIntegerField(default=0)
    points = models.BigIntegerField(default=0)
    is_divided = models.BooleanField(default=False)  # of the whole round's entries the one about which reviewers disagree most; written with the place
    place = models.PositiveIntegerField(null=True)
    value = models.CharField(max_length=200, blank=True)  # the method's value as "numerator/denominator", written with the place

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["round", "place", "code"], name="entry_place"), models.Index(fields=["round", "code"], name="entry_round_code")]

    def __str__(self) -> str:
        return self.code

    @property
    def chain(self) -> str:
        return self.round.chain

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        roles = STAFF if isinstance(actor, System) else actor.roles_in(self.chain)
        return Facts(is_signed_in=actor.is_authenticated, roles=roles, is_frozen=self.round.state != RoundState.DRAFT)


SUFFIXES = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


class EntryFile(models.Model):
    """A file of an entry, named by the entry's code; its bytes lie in the row so that no file tells a time."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="files")
    number = models.PositiveSmallIntegerField()
    media_type = models.CharField(max_length=40)
    pages = models.PositiveIntegerField(default=0)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["entry", "number"], name="one_entry_file_a_number")]

    @property
    def name(self) -> str:
        return f"{self.entry.code}-{self.number}.{SUFFIXES.get(self.media_type, 'pdf')}"


class Review(models.Model):
    """One entry assigned to one seat, and what the seat gives it: scores and a comment."""

    lifecycle = "review"

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="reviews")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="reviews")
    place = models.PositiveIntegerField(null=True)  # 1, 2, ... in the seat's own order; None once the seat has stepped aside
    scores = models.JSONField(default=dict)  # criterion code -> whole points
    passes = models.BooleanField(null=True)  # the answer to the round's screening question
    comment = models.TextField(blank=True)
    points = models.PositiveIntegerField(default=0)  # sum of weight * score once submitted
    weight = models.PositiveIntegerField(default=0)  # sum of the weights of the criteria that were scored; points / weight is the review's mean
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ReviewState], default=ReviewState.DRAFT)
    saved_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "seat"], name="one_review_a_reviewer_and_entry"),
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at=None) | Q(state="submitted", submitted_at__isnull=False) | Q(state="recused"), name="submitted_when"
            ),
        ]
        indexes = [models.Index(fields=["seat", "place"], name="review_own_order"), models.Index(fields=["seat", "state", "place"], name="review_own_state")]

    @property
    def code(self) -> str:
        return f"{self.entry.code}/{self.seat.handle}"

    @property
    def chain(self) -> str:
        return self.seat.round.chain

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        round_ = self.seat.round
        open_now = round_.state == RoundState.OPEN and round_.opens_at <= now <= round_.closes_at
        return Facts(
            is_signed_in=True, has_seat=getattr(actor, "pk", None) == self.seat_id and isinstance(actor, Seat), state=self.state,
            is_open=open_now, has_begun=round_.opens_at <= now, is_complete=self.is_whole,
            is_in_session=open_now or round_.state == RoundState.DISCUSSING,
            roles=STAFF if isinstance(actor, System) else frozenset(),  # it finds conflicts; nobody else writes in another's review
        )

    @property
    def is_whole(self) -> bool:
        """Return whether nothing is missing that a submitted review needs. One query."""
        round_ = self.seat.round
        return round_.takes(self.scores) and (self.passes is not None or not any(round_.screening.values()))


class SecondReview(models.Model):
    """What the seat gives the entry after the discussion; the first review stays as it was beside it."""

    lifecycle = "second_review"

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="second")
    scores = models.JSONField(default=dict)
    comment = models.TextField(blank=True)
    points = models.PositiveIntegerField(default=0)
    weight = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ReviewState], default=ReviewState.DRAFT)
    saved_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at=None) | Q(state="submitted", submitted_at__isnull=False), name="second_submitted_when"
            ),
        ]

    @property
    def code(self) -> str:
        return self.review.code

    @property
    def chain(self) -> str:
        return self.review.chain

    def facts_for(self, actor: Any, now: datetime) -> Facts:
        review, round_ = self.review, self.review.seat.round
        return Facts(
            is_signed_in=True, has_seat=getattr(actor, "pk", None) == review.seat_id and isinstance(actor, Seat), state=self.state,
            is_open=round_.state == RoundState.DISCUSSING and round_.scorings == 2, has_begun=True, is_complete=round_.takes(self.scores),
        )


class Remark(models.Model):
    """What a reviewer says about an entry in the discussion, under the letter that was drawn for it."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="remarks")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="remarks")
    text = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["made_at", "pk"]


class ConflictKind(models.TextChoices):
    EMPLOYMENT = "employment"
    OWNERSHIP = "ownership"
    FAMILY = "family"
    CONTRACT = "contract"
    COOPERATION = "cooperation"
    MENTOR = "mentor"
    MUNICIPALITY = "municipality"
    ORGANISATION = "organisation"
    RECOGNISED = "recognised"  # in a blind round: the reviewer thinks to know whose it is
    OTHER = "other"
    COMPETENCE = "competence"  # not a conflict: the reviewer cannot judge this


class Conflict(models.Model):
    """Why a seat does not judge an entry: found by the stage that knows both, or said by the reviewer."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="conflicts")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="conflicts")
    kind = models.CharField(max_length=20, choices=ConflictKind)
    reason = models.TextField(blank=True)
    is_declared = models.BooleanField()  # said by the reviewer; else found
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "seat"], name="one_conflict_a_reviewer_and_entry")]


class Wish(models.TextChoices):
    WANT = "want"
    CAN = "can"
    RELUCTANT = "reluctant"


class Preference(models.Model):
    """What a reviewer would like to review, said before the entries are dealt out. It bars nothing: that is what a conflict does."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="preferences")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="preferences")
    wish = models.CharField(max_length=10, choices=Wish)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "seat"], name="one_preference_a_reviewer_and_entry")]


class Suggestion(models.Model):
    """Who could review what, as the machine proposes it; nothing is assigned until a person applies it."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="suggestion")
    content = models.JSONField()  # as `bridge.suggest` returns it
    made_at = models.DateTimeField()
