"""What is kept of a brief each time that it changes."""

from datetime import timedelta
from typing import Any

from klash.challenges.models import BriefVersion, Challenge, Content, hash_of
from klash.core import audit, clock

SITTING = timedelta(minutes=30)  # for so long one writer goes on in one version


def write(challenge: Challenge, content: Content, actor: Any, **columns: Any) -> bool:
    """Put a content into a locked challenge, keep it as a version and log its hash; return whether anything changed. What was scheduled no longer is.

    columns: others to save with it.
    """
    is_changed = hash_of(content) != hash_of(challenge.content())
    names = challenge.fill(content) if challenge.pending is None else ["pending"]
    if challenge.pending is not None:
        challenge.pending = content
    now = clock.now()
    columns["saved_at"] = now
    if is_changed and challenge.publishes_at:
        columns |= {"publishes_at": None, "scheduled_by": None}
    for name, value in columns.items():
        setattr(challenge, name, value)
    challenge.save(update_fields=[*names, *columns])
    if is_changed:
        version = keep(challenge, actor)
        body = {"hash": version.hash, "version": version.number, "notice": content["notice"]["reference"]}
        audit.record("challenge.saved", actor=actor, competition=challenge.chain, thing=f"challenge/{challenge.code}", body=body)
    return is_changed


def keep(challenge: Challenge, actor: Any) -> BriefVersion:
    """Keep the brief as it stands: in the last version while its author goes on in it, else in a new one."""
    now, content = clock.now(), challenge.content()
    last = challenge.versions.order_by("-number").first()
    if last is not None and _goes_on(last, actor):
        last.content, last.hash, last.saved_at = content, hash_of(content), now
        last.save(update_fields=["content", "hash", "saved_at"])
        return last
    return BriefVersion.objects.create(
        challenge=challenge, number=last.number + 1 if last else 1, content=content, hash=hash_of(content), author=actor, begun_at=now, saved_at=now
    )


def _goes_on(version: BriefVersion, actor: Any) -> bool:
    is_own = version.author_id == actor.pk and clock.now() - version.begun_at < SITTING
    return is_own and version.edition is None and not version.approvals.exists()
