"""Reads of public questions. None of them selects who asked, but the one that counts."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from klash.challenges.models import AnswerRound, Challenge, InformationSession, PublicQuestion
from klash.competitions.models import Competition
from klash.core import clock, search
from klash.core.fields import LANGUAGES
from klash.rules.states import PublicQuestionState

PAGE = 50


@dataclass(frozen=True)
class Answered:
    """One page of what was answered, newest round first. total: how many match."""

    rows: Sequence[PublicQuestion]
    total: int


def _shown(challenge: Challenge) -> QuerySet[PublicQuestion]:
    return challenge.questions.defer("asker", "email", "search")


def answered(challenge: Challenge, words: str = "", *, start: int = 0) -> Answered:
    """Return the answers that are out, in which all the words occur in whatever form. Two queries."""
    rows = answered_all(challenge, words)
    return Answered(list(rows[start:start + PAGE]), rows.count())


def answered_all(challenge: Challenge, words: str = "") -> QuerySet[PublicQuestion]:
    """Return all answers that are out, as `answered` shows them a page at a time."""
    rows = _shown(challenge).filter(state=PublicQuestionState.RELEASED, joined_to=None)
    for word in search.query_words(words):
        rows = rows.filter(search__holds=sorted({pattern for code in LANGUAGES for pattern in search.patterns(word, code)}))
    return rows.select_related("round").order_by("-round__number", "pk")


def rounds_of(challenge: Challenge) -> list[AnswerRound]:
    """Return the rounds with the number of their answers, newest first. One query."""
    counted = Count("questions", filter=Q(questions__joined_to=None))
    return list(challenge.answer_rounds.annotate(answers=counted).order_by("-number"))


def waiting(challenge: Challenge, *, start: int = 0, limit: int = PAGE) -> tuple[list[PublicQuestion], int]:
    """Return the questions that wait for an answer, oldest first, with how many were joined to each, and how many wait. Two queries."""
    rows = _shown(challenge).filter(state=PublicQuestionState.ASKED, confirmed_at__isnull=False)
    page = rows.annotate(like=Count("joined")).order_by("pk")[start:start + limit]
    return list(page), rows.count()


def left_out(challenge: Challenge) -> list[PublicQuestion]:
    """Return the questions that were left out or joined to one that waits, newest first. One query."""
    rows = _shown(challenge).filter(state__in=[PublicQuestionState.DISMISSED, PublicQuestionState.JOINED]).select_related("joined_to")
    return list(rows.order_by("-pk")[:PAGE])


def question(challenge: Challenge, code: str) -> PublicQuestion | None:
    """Return one confirmed question. One query."""
    rows = _shown(challenge).filter(code=code, confirmed_at__isnull=False).select_related("joined_to", "round", "challenge__competition")
    return rows.first()


def joinable(question: PublicQuestion) -> list[PublicQuestion]:
    """Return the other questions of the challenge that wait, to one of which this may be joined. One query."""
    return list(_shown(question.challenge).filter(state=PublicQuestionState.ASKED, confirmed_at__isnull=False).exclude(pk=question.pk).order_by("pk")[:200])


def information_sessions(challenge: Challenge) -> list[InformationSession]:
    """Return the webinars and meetings, oldest first. One query."""
    return list(challenge.information_sessions.order_by("starts_at", "pk"))


@dataclass(frozen=True)
class Asked:
    """How many questions of a challenge were answered, and of whom; whoever shows figures of it must not give away who asked what."""

    answered: int
    by_person: Counter[int]
    is_over: bool


def asked_by_person(competition: Competition) -> dict[int, Asked]:
    """Return by challenge how many answered questions each person had asked; is_over: nobody can ask any more and none waits. Two queries."""
    rows = PublicQuestion.objects.filter(challenge__competition=competition, state=PublicQuestionState.RELEASED).order_by()
    counts: dict[int, Counter[int]] = defaultdict(Counter)
    totals: Counter[int] = Counter()
    for challenge, asker, number in rows.values_list("challenge", "asker").annotate(number=Count("pk")):
        totals[challenge] += number
        if asker is not None:
            counts[challenge][asker] = number
    waits = Q(questions__state__in=[PublicQuestionState.ASKED, PublicQuestionState.JOINED], questions__confirmed_at__isnull=False)
    open_ = set(competition.challenges.filter(waits | Q(questions_until__gte=clock.now())).values_list("pk", flat=True))
    return {challenge: Asked(total, counts[challenge], challenge not in open_) for challenge, total in totals.items()}
