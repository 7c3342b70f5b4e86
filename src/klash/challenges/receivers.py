"""What `verify` asks of challenges: that the brief which everybody reads is the one that the log knows."""

from typing import Any

from django.dispatch import receiver

from klash.challenges.models import Challenge, hash_of
from klash.core import audit
from klash.rules.states import ChallengeState


@receiver(audit.rechecking)
def faults_of_briefs(**kwargs: Any) -> list[str]:
    """Return the published challenges whose public brief is not the one that was published last."""
    logged = {event.thing: body["hash"] for event, body in audit.told("challenge.published", "brief.changed") if "hash" in body}
    published = Challenge.objects.filter(state=ChallengeState.PUBLISHED).order_by("code")
    changed = [row.code for row in published if logged.get(f"challenge/{row.code}", "") not in ("", hash_of(row.public_content()))]
    return [f"challenge/{code}: the brief is not the one that was published" for code in changed]
