"""What is logged of a team."""

from typing import Any

from klash.core import audit
from klash.teams.models import Team


def record(what: str, actor: Any, team: Team, body: dict[str, Any] | None = None, *, kind: str = "team") -> None:
    audit.record(what, actor=actor, competition=team.chain, thing=f"{kind}/{team.code}", body=body)
