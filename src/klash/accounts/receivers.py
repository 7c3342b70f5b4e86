"""What `verify` asks of accounts: that every role was given by an event, and nobody stands on two sides."""

from typing import Any

from django.db.models import F
from django.dispatch import receiver

from klash.accounts.models import RoleGrant
from klash.core import audit
from klash.rules.roles import Side


@receiver(audit.rechecking)
def faults_of_roles(**kwargs: Any) -> list[str]:
    logged: dict[tuple[str, ...], bool] = {}
    for event, body in audit.told("role.granted", "role.renewed", "role.ended"):
        logged[event.chain.competition, event.thing, body["role"], body["challenge"]] = event.what != "role.ended"
    rows = RoleGrant.objects.values_list("standing__competition", "standing__person__code", "role", "challenge", "ended_at")
    held = {(competition, f"person/{code}", role, challenge): ended is None for competition, code, role, challenge, ended in rows.iterator(2000)}
    crossed = RoleGrant.objects.exclude(side=Side.NEUTRAL).exclude(side=F("standing__side")).order_by("pk").select_related("standing__person")
    faults = [f"{row.standing.competition} person/{row.standing.person.code}: stands on two sides" for row in crossed]
    return faults + [
        f"{competition} {thing}: the role {role} in {challenge or 'all challenges'} does not follow from the log"
        for competition, thing, role, challenge in sorted({*logged, *held}) if logged.get(key := (competition, thing, role, challenge)) != held.get(key)
    ]
