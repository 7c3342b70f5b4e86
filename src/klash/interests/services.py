"""What people declare, and how the stages that know both sides hear of it."""

from django.db import transaction
from django.dispatch import Signal

from klash.accounts.models import Municipality, User
from klash.accounts.services import SITE
from klash.core import audit, clock
from klash.core.errors import Denied, Refused
from klash.interests.models import About, Declaration, Interest
from klash.interests.selectors import fingerprint
from klash.rules.conflicts import DECLARABLE, business_id
from klash.rules.names import one_line
from klash.rules.reasons import Reason

# Sent inside the transaction in which a person's interests change, with person; a stage that knows both sides looks for conflicts anew.
changed = Signal()


@transaction.atomic
def declare_interest(
    *, actor: User, kind: str, name: str = "", email: str = "", identifier: str = "", municipality: Municipality | None = None, about: str = About.ORGANISATION,
) -> Interest:
    """Declare one tie of one's own; what it bars is found at once.

    identifier: a business ID in any spelling. Raises Refused(INCOMPLETE) for an unknown kind, for nobody and nothing, or for a wrong business ID.
    """
    name, number = one_line(name), business_id(identifier)
    if about == About.MUNICIPALITY:
        name = email = number = identifier = ""
    else:
        municipality = None
    email, number = (email.strip().lower(), "") if about == About.PERSON else ("", number)
    if kind not in DECLARABLE or not (name or municipality) or (about == About.ORGANISATION and identifier.strip() and not number):
        raise Refused(Reason.INCOMPLETE)
    row = Interest.objects.create(
        person=actor, kind=kind, about=about, name=name, email=email, business_id=number, municipality=municipality, declared_at=clock.now()
    )
    audit.record("interest.declared", actor=actor, competition=SITE, thing=f"interest/{row.code}", body={"hash": fingerprint(row)})
    changed.send(Interest, person=actor)
    return row


@transaction.atomic
def remove_interest(*, actor: User, interest: Interest) -> None:
    """Take back what one declared; a conflict that was found because of it stays. Raises Denied(NOT_YOURS)."""
    if interest.person_id != actor.pk:
        raise Denied(Reason.NOT_YOURS)
    interest.delete()
    audit.record("interest.removed", actor=actor, competition=SITE, thing=f"interest/{interest.code}")
    changed.send(Interest, person=actor)


@transaction.atomic
def confirm_interests(*, actor: User) -> Declaration:
    """Say that everything is told, even if that is nothing."""
    row, _ = Declaration.objects.update_or_create(person=actor, defaults={"confirmed_at": clock.now()})
    audit.record("interests.confirmed", actor=actor, competition=SITE, thing=f"person/{actor.code}")
    return row
