"""What `verify` asks of interests: that they are those that their owners declared."""

from typing import Any

from django.dispatch import receiver

from klash.core import audit
from klash.interests.models import Interest
from klash.interests.selectors import fingerprint


@receiver(audit.rechecking)
def faults_of_interests(**kwargs: Any) -> list[str]:
    """Return the interests that are not as their event has them, and those that are gone though nobody removed them."""
    logged: dict[str, str] = {}
    for event, body in audit.told("interest.declared", "interest.removed"):
        logged[event.thing] = body.get("hash", "")
    faults = []
    for row in Interest.objects.select_related("municipality").order_by("code").iterator(2000):
        if logged.pop(f"interest/{row.code}", "") != fingerprint(row):
            faults.append(f"interest {row.code}: it is not what its owner declared")
    return faults + [f"{thing}: the log knows it, the row is gone" for thing, kept in sorted(logged.items()) if kept]
