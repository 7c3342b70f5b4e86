"""Comments and suggestions of those who write a brief together."""

from copy import deepcopy
from typing import Any

from django.db import transaction

from klash.challenges.models import PLACES, TEXTS, BriefComment, Challenge, Suggestion
from klash.challenges.services.briefs import mark_of
from klash.challenges.services.versions import write
from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.core.fields import LANGUAGES
from klash.rules.names import one_line
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import SuggestionState


@transaction.atomic
def comment_brief(*, actor: Any, challenge: Challenge, place: str, text: str, parent: BriefComment | None = None) -> BriefComment:
    """Comment one part of the brief, or answer a comment on it; an answer opens a resolved thread again.

    Raises Denied(NO_ROLE) or Refused(INCOMPLETE) without a text or with a place that is none.
    """
    workflow.lock(challenge)
    access.ensure(actor, Permission.DISCUSS_BRIEF, challenge)
    if not text.strip() or place not in PLACES:
        raise Refused(Reason.INCOMPLETE)
    comment = BriefComment.objects.create(challenge=challenge, place=place, parent=parent, text=text.strip(), author=actor, written_at=clock.now())
    if parent is not None and parent.resolved_at is not None:
        _set_resolved(parent, None)
    _record("brief.commented", actor, challenge, place)
    return comment


@transaction.atomic
def resolve_comment(*, actor: Any, comment: BriefComment, is_resolved: bool = True) -> BriefComment:
    """Mark a thread as settled, or open it again. Raises Denied(NO_ROLE)."""
    workflow.lock(comment.challenge)
    access.ensure(actor, Permission.DISCUSS_BRIEF, comment.challenge)
    if is_resolved != (comment.resolved_at is not None):
        _set_resolved(comment, actor if is_resolved else None)
        _record("brief.thread_settled" if is_resolved else "brief.thread_opened", actor, comment.challenge, comment.place)
    return comment


def _set_resolved(comment: BriefComment, actor: Any) -> None:
    comment.resolved_by, comment.resolved_at = actor, clock.now() if actor else None
    comment.save(update_fields=["resolved_by", "resolved_at"])


@transaction.atomic
def suggest_text(*, actor: Any, challenge: Challenge, place: str, language: str, text: str, why: str = "") -> Suggestion:
    """Suggest another wording for one text in one language.

    Raises Denied(NO_ROLE, FROZEN), or Refused(INCOMPLETE) for what is no text of the brief, or is the same.
    """
    workflow.lock(challenge)
    access.ensure(actor, Permission.DISCUSS_BRIEF, challenge)
    if challenge.is_frozen:
        raise Refused(Reason.FROZEN)
    text = one_line(text) if place == "title" else text.strip()
    if place not in TEXTS or language not in LANGUAGES or text == (before := challenge.content()["texts"][place].get(language, "")):
        raise Refused(Reason.INCOMPLETE)
    suggestion = Suggestion.objects.create(
        challenge=challenge, place=place, language=language, before=before, text=text, why=why.strip(), author=actor, made_at=clock.now()
    )
    _record("brief.suggested", actor, challenge, f"{place}_{language}")
    return suggestion


@transaction.atomic
def accept_suggestion(*, actor: Any, suggestion: Suggestion, seen: str, answer: str = "") -> Suggestion:
    """Put a suggestion into the brief. seen: `mark_of` the text that it replaces, as the actor has seen it.

    Raises Denied(NO_ROLE, FROZEN), IllegalMove once it is decided, or Refused(TEXT_CHANGED) where the text is another by now.
    """
    challenge = workflow.lock(suggestion.challenge)
    _decide(suggestion, SuggestionState.ACCEPTED, actor, answer)
    content, key = deepcopy(challenge.content()), f"{suggestion.place}_{suggestion.language}"
    texts = content["texts"][suggestion.place]
    if mark_of(texts.get(suggestion.language, "")) != seen:
        raise Refused(Reason.TEXT_CHANGED)
    texts[suggestion.language] = suggestion.text
    content["texts"][suggestion.place] = {code: text for code, text in texts.items() if text}
    write(challenge, content, actor, writers={**challenge.writers, key: actor.pseudonym})
    return suggestion


@transaction.atomic
def decline_suggestion(*, actor: Any, suggestion: Suggestion, answer: str) -> Suggestion:
    """Decline a suggestion with a word why. Raises Denied(NO_ROLE, FROZEN), IllegalMove once it is decided, or Refused(NO_REASON_GIVEN)."""
    if not answer.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    workflow.lock(suggestion.challenge)
    return _decide(suggestion, SuggestionState.DECLINED, actor, answer)


def _decide(suggestion: Suggestion, to: SuggestionState, actor: Any, answer: str) -> Suggestion:
    return workflow.move(suggestion, to=to, actor=actor, save={"answer": answer.strip(), "decided_by": actor, "decided_at": clock.now()})


def _record(what: str, actor: Any, challenge: Challenge, place: str) -> None:
    audit.record(what, actor=actor, competition=challenge.chain, thing=f"challenge/{challenge.code}", body={"place": place})
