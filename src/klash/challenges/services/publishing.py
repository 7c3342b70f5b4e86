"""A brief is approved by both sides, published at its time, and changed afterwards only with a reason that everyone concerned is told."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.dispatch import Signal

from klash.challenges import selectors
from klash.challenges.models import Approval, BriefVersion, Challenge, Side, hash_of
from klash.challenges.services.news import tell_followers
from klash.challenges.services.versions import keep
from klash.core import access, audit, clock, workflow
from klash.core.errors import KlashError, Refused
from klash.core.fields import LANGUAGES
from klash.post.services import queue
from klash.rules.news import Happening
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import ChallengeState

# Sent with `challenge` and `actor` once a challenge is published; whoever prepares what it needs answers why that is not ready, or None.
published = Signal()


@transaction.atomic
def approve_brief(*, actor: Any, challenge: Challenge, seen: str) -> Approval:
    """Approve the brief as it stands, for the side on which the actor writes. A second approval of the side finds the first.

    seen: the hash of what the actor has read. Raises Denied(NO_ROLE, FROZEN, INCOMPLETE), or Refused(TEXT_CHANGED) where it is another by now.
    """
    workflow.lock(challenge)
    access.ensure(actor, Permission.APPROVE_BRIEF, challenge)
    if seen != hash_of(challenge.content()):
        raise Refused(Reason.TEXT_CHANGED)
    version = _last(challenge, actor)
    side = Side.ORGANISER if Role.ORGANISER in actor.roles_in(challenge.chain, challenge.code) else Side.PILOT
    approval, is_new = Approval.objects.get_or_create(version=version, side=side, defaults={"person": actor, "given_at": clock.now()})
    if is_new:
        _record("brief.approved", actor, challenge, version, side=side.value)
    return approval


def publish_challenge(*, actor: Any, challenge: Challenge, at: datetime | None = None) -> list[Reason]:
    """Publish the brief with its contest notice; from here it stays as it is. Return why something that the contest needs is not ready yet.

    at: the time for which it was scheduled; None publishes whatever was scheduled.
    Raises Denied(NO_ROLE; INCOMPLETE while Finnish or Swedish text or the notice is missing; NOT_APPROVED before both sides approve), IllegalMove
    once it is published, or Refused(WRONG_STATE) where it is no longer scheduled for this time.
    """
    with transaction.atomic():
        workflow.lock(challenge)
        if at is not None and challenge.publishes_at != at:
            raise Refused(Reason.WRONG_STATE)
        now, frozen = clock.now(), selectors.frozen_criteria(challenge.competition)
        body = {"notice": challenge.notice_reference, "hash": hash_of(challenge.content()), "criteria": frozen.hash if frozen else ""}
        workflow.move(
            challenge, to=ChallengeState.PUBLISHED, actor=actor, save={"published_at": now, "publishes_at": None, "scheduled_by": None}, body=body
        )
        _mark_edition(challenge, actor, now)
        tell_followers(challenge, Happening.CHALLENGE_PUBLISHED, f"challenge.published/{challenge.code}")
    return [Reason(answer) for _, answer in published.send(sender=Challenge, challenge=challenge, actor=actor) if answer]


@transaction.atomic
def schedule_publication(*, actor: Any, challenge: Challenge, at: datetime) -> None:
    """Let the brief be published at a time. A change before then takes this back with the approvals.

    Raises Denied as `publish_challenge` does, Refused(WRONG_STATE) once it is published, or Refused(TOO_EARLY) for a time that has passed.
    """
    workflow.lock(challenge)
    if challenge.state != ChallengeState.DRAFT:
        raise Refused(Reason.WRONG_STATE)
    access.ensure(actor, Permission.PUBLISH_CHALLENGE, challenge)
    if at <= clock.now():
        raise Refused(Reason.TOO_EARLY)
    challenge.publishes_at, challenge.scheduled_by = at, actor
    challenge.save(update_fields=["publishes_at", "scheduled_by"])
    audit.record("challenge.scheduled", actor=actor, competition=challenge.chain, thing=f"challenge/{challenge.code}", body={"at": at})


@transaction.atomic
def unschedule_publication(*, actor: Any, challenge: Challenge) -> None:
    """Take a scheduled publication back; without one nothing happens. Raises Denied(NO_ROLE, FROZEN)."""
    workflow.lock(challenge)
    access.ensure(actor, Permission.EDIT_BRIEF, challenge)
    if challenge.publishes_at is not None:
        challenge.publishes_at = challenge.scheduled_by = None
        challenge.save(update_fields=["publishes_at", "scheduled_by"])
        audit.record("challenge.unscheduled", actor=actor, competition=challenge.chain, thing=f"challenge/{challenge.code}")


def publish_due() -> int:
    """Publish the briefs whose time has come, each once however many of these run; return how many. Who scheduled one publishes it.

    Where that person no longer may, the time is taken back.
    """
    due = Challenge.objects.filter(state=ChallengeState.DRAFT, publishes_at__lte=clock.now()).select_related("competition", "scheduled_by").order_by("pk")
    return sum(_publish_scheduled(challenge) for challenge in due)


def _publish_scheduled(challenge: Challenge) -> bool:
    at, actor = challenge.publishes_at, challenge.scheduled_by
    try:
        publish_challenge(actor=actor, challenge=challenge, at=at)
    except KlashError:
        _drop_schedule(challenge, at)
        return False
    return True


@transaction.atomic
def _drop_schedule(challenge: Challenge, at: datetime | None) -> None:
    workflow.lock(challenge)
    if challenge.state == ChallengeState.DRAFT and challenge.publishes_at == at:
        challenge.publishes_at = challenge.scheduled_by = None
        challenge.save(update_fields=["publishes_at", "scheduled_by"])
        audit.record("challenge.unscheduled", actor=audit.System(), competition=challenge.chain, thing=f"challenge/{challenge.code}")


@transaction.atomic
def begin_change(*, actor: Any, challenge: Challenge, reason: str) -> Challenge:
    """Begin a change of a published brief, with the reason that everyone will read. What is public stays until the change is published.

    Raises Denied(NO_ROLE, WRONG_STATE; ALREADY_REQUESTED while another change is begun) or Refused(NO_REASON_GIVEN).
    """
    workflow.lock(challenge)
    access.ensure(actor, Permission.CHANGE_BRIEF, challenge)
    if not reason.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    challenge.pending, challenge.pending_reason, challenge.writers = challenge.public_content(), reason.strip(), {}
    challenge.save(update_fields=["pending", "pending_reason", "writers"])
    audit.record("brief.change_begun", actor=actor, competition=challenge.chain, thing=f"challenge/{challenge.code}", body={"reason": challenge.pending_reason})
    return challenge


@transaction.atomic
def drop_change(*, actor: Any, challenge: Challenge) -> None:
    """Drop a change that was begun; what is public stays as it is. Raises Denied(NO_ROLE, FROZEN) or Refused(WRONG_STATE) before publication."""
    _ensure_change(challenge, actor, Permission.EDIT_BRIEF)
    challenge.pending, challenge.pending_reason = None, ""
    challenge.save(update_fields=["pending", "pending_reason"])
    keep(challenge, actor)
    audit.record("brief.change_dropped", actor=actor, competition=challenge.chain, thing=f"challenge/{challenge.code}")


@transaction.atomic
def publish_change(*, actor: Any, challenge: Challenge) -> BriefVersion:
    """Publish a change as the next edition; everyone concerned is told of it and of its reason by mail in the same transaction.

    Raises Denied(NO_ROLE, INCOMPLETE, NOT_APPROVED), or Refused(WRONG_STATE) without a change.
    """
    _ensure_change(challenge, actor, Permission.PUBLISH_CHALLENGE)
    if challenge.pending == challenge.public_content():
        raise Refused(Reason.WRONG_STATE)
    now, reason = clock.now(), challenge.pending_reason
    names = challenge.fill(challenge.content())
    challenge.pending, challenge.pending_reason = None, ""
    challenge.save(update_fields=[*names, "pending", "pending_reason"])
    version = _mark_edition(challenge, actor, now, reason)
    _record("brief.changed", actor, challenge, version, edition=version.edition, reason=reason)
    context = {"challenge": challenge, "competition": challenge.competition, "version": version}
    event = f"brief.changed/{challenge.code}/{version.edition}"
    for person in selectors.concerned(challenge):
        queue(to=person.email, language=person.language, template="challenges_changed", context=context, event=event)
    tell_followers(challenge, Happening.CHALLENGE_CHANGED, event, dict.fromkeys(LANGUAGES, reason))
    return version


def _ensure_change(challenge: Challenge, actor: Any, permission: Permission) -> None:
    workflow.lock(challenge)
    access.ensure(actor, permission, challenge)
    if challenge.pending is None:
        raise Refused(Reason.WRONG_STATE)


def _last(challenge: Challenge, actor: Any) -> BriefVersion:
    """Return the version of what stands now; whoever made the challenge another way has none yet."""
    last = challenge.versions.order_by("-number").first()
    return last if last is not None and last.hash == hash_of(challenge.content()) else keep(challenge, actor)


def _mark_edition(challenge: Challenge, actor: Any, now: datetime, reason: str = "") -> BriefVersion:
    version = _last(challenge, actor)
    edition = (challenge.versions.aggregate(last=Max("edition"))["last"] or 0) + 1
    version.edition, version.published_at, version.reason = edition, now, reason
    version.save(update_fields=["edition", "published_at", "reason"])
    return version


def _record(what: str, actor: Any, challenge: Challenge, version: BriefVersion, **more: Any) -> None:
    body = {"hash": version.hash, "version": version.number, **more}
    audit.record(what, actor=actor, competition=challenge.chain, thing=f"challenge/{challenge.code}", body=body)
