"""Materials: a mentor gives them to one team, and with one tap to all of its challenge."""

from typing import Any

from django.db import transaction

from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.mentoring.models import Material, Session
from klash.mentoring.services.sessions import ensure_takes_part
from klash.post.services import queue
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.teams.models import Membership, Team


@transaction.atomic
def give_material(*, actor: Any, session: Session, title: str, text: str = "", link: str = "") -> Material:
    """Give the team of a session something to read or use. The audit entry never holds it.

    link: an https address. Raises Denied, or Refused(INCOMPLETE) without a title, without both text and link, or with another kind of address.
    """
    ensure_takes_part(actor, session, "mentor")
    access.ensure(actor, Permission.GIVE_MATERIAL, session)
    title, text, link = title.strip(), text.strip(), link.strip()
    if not title or not (text or link) or link and not link.startswith("https://"):
        raise Refused(Reason.INCOMPLETE)
    material = Material.objects.create(session=session, title=title, text=text, link=link, given_at=clock.now())
    _record("given", actor, material)
    return material


@transaction.atomic
def offer_to_all(*, actor: Any, material: Material) -> Material:
    """Let every team of the challenge have a material; the leaders of the other teams get one mail. A second call changes nothing. Raises Denied."""
    session = workflow.lock(material).session
    ensure_takes_part(actor, session, "mentor")
    access.ensure(actor, Permission.GIVE_MATERIAL, session)
    if material.offered_at is not None:
        return material
    material.offered_at = clock.now()
    material.save(update_fields=["offered_at"])
    _record("offered", actor, material)
    others = Team.objects.told().filter(challenge=session.team.challenge_id).exclude(pk=session.team_id)
    for row in Membership.objects.filter(team__in=others, is_leader=True).select_related("person", "team").order_by("pk"):
        queue(
            to=row.person.email, language=row.person.language, template="mentoring_material", event=f"material.offered/{material.code}/{row.team.code}",
            context={"competition": session.slot.day.competition, "material": material},
        )
    return material


def _record(what: str, actor: Any, material: Material) -> None:
    audit.record(f"material.{what}", actor=actor, competition=material.session.chain, thing=f"material/{material.code}")
