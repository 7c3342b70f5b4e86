"""Who runs a competition's rounds."""

from typing import Any

from klash.core import audit
from klash.core.errors import Denied
from klash.rules.reasons import Reason
from klash.rules.roles import STAFF


def ensure_staff(actor: Any, chain: str) -> None:
    # Before a round exists it has no facts to ask; afterwards its facts speak of opening it only.
    if not isinstance(actor, audit.System) and not actor.roles_in(chain) & STAFF:
        raise Denied(Reason.NO_ROLE)
