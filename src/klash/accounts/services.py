"""What people do with accounts, roles and invitations."""

import csv
import hashlib
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.db import IntegrityError, transaction
from django.dispatch import Signal
from django.urls import reverse

from klash.accounts.models import Invitation, Municipality, ReviewerHandle, RoleGrant, Standing, User
from klash.core import audit, chance, clock
from klash.core.errors import Denied, Refused
from klash.rules.names import holds_address, one_line
from klash.rules.reasons import Reason
from klash.rules.roles import SIDE_OF, Role, Side, side_after

INVITATION_DAYS = 14
SIGN_UP_HOURS = 48
SITE = "accounts"  # the audit chain of what belongs to no competition
_SALT = "klash.accounts.sign_up"

# Sent inside the transaction of what a mail tells about, with to, language, template, context and event; `post` queues it.
letter = Signal()
# Sent inside the transaction in which an invitation is taken, with invitation and person.
accepted = Signal()


def create_account(*, email: str, name: str, password: str | None = None, language: str = "fi", is_invented: bool = False, using: str = "default") -> User:
    """Create a person's account; without a password it can be entered only through a reset or an invitation."""
    user = User(email=email.strip().lower(), name=one_line(name), language=language, is_invented=is_invented, joined_at=clock.now())
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    with transaction.atomic(using=using):
        user.save(using=using)
        audit.record("account.created", actor=user, competition=SITE, thing=f"person/{user.code}", using=using)
    return user


@transaction.atomic
def make_operator(*, email: str, name: str = "") -> tuple[User, str]:
    """Let a person found competitions; returns the person and, while no password is set, the link that sets one.

    Called from the machine itself, never by a page: nobody becomes an operator through the web.
    """
    email = email.strip().lower()
    person = User.objects.filter(email=email).first() or create_account(email=email, name=name or email)
    if not person.is_operator:
        person.is_operator = True
        person.save(update_fields=["is_operator"])
        audit.record("account.operator_made", actor=audit.System(), competition=SITE, thing=f"person/{person.code}")
    if person.has_usable_password():
        return person, ""
    path = reverse("accounts:reset_confirm", args=[person.code, default_token_generator.make_token(person)])
    return person, f"{settings.KLASH_URL}{path}"


@transaction.atomic
def grant_role(*, actor: Any, person: User, role: Role, competition: str, challenge: str = "") -> RoleGrant:
    """Give a person a role, on the one side that the person stands on in this competition.

    Raises Refused(OTHER_SIDE) if the person stands on another side. The database refuses it too. Equal grants are one.
    """
    standing, _ = Standing.objects.get_or_create(person=person, competition=competition, defaults={"side": SIDE_OF[role].value})
    standing = Standing.objects.select_for_update().get(pk=standing.pk)
    side = side_after(Side(standing.side), role)
    if side is None:
        raise Refused(Reason.OTHER_SIDE)
    if side.value != standing.side:
        Standing.objects.filter(pk=standing.pk).update(side=side.value)
    grant, is_new = RoleGrant.objects.get_or_create(
        standing=standing, role=role.value, challenge=challenge,
        defaults={"side": SIDE_OF[role].value, "granted_at": clock.now(), "granted_by": actor.pseudonym},
    )
    if is_new:
        audit.record("role.granted", actor=actor, competition=competition, thing=f"person/{person.code}", body={"role": role.value, "challenge": challenge})
    elif grant.ended_at is not None:
        RoleGrant.objects.filter(pk=grant.pk).update(ended_at=None)
        audit.record("role.renewed", actor=actor, competition=competition, thing=f"person/{person.code}", body={"role": role.value, "challenge": challenge})
    person.forget_roles()
    return grant


@transaction.atomic
def end_role(*, actor: Any, person: User, role: Role, competition: str, challenge: str = "") -> None:
    """End a role; the side stays, since what was seen cannot be unseen."""
    ended = RoleGrant.objects.filter(
        standing__person=person, standing__competition=competition, role=role.value, challenge=challenge, ended_at=None
    ).update(ended_at=clock.now())
    if ended:
        audit.record("role.ended", actor=actor, competition=competition, thing=f"person/{person.code}", body={"role": role.value, "challenge": challenge})
    person.forget_roles()


def side_of(person: User, competition: str) -> Side | None:
    """Return the side a person stands on, or None. One query."""
    side = Standing.objects.filter(person=person, competition=competition).values_list("side", flat=True).first()
    return Side(side) if side else None


def invite(
    *, actor: Any, email: str, role: Role, competition: str, challenge: str = "", handle: str = "", team: str = "", right: str = "",
    days: int = INVITATION_DAYS, using: str = "default",
) -> tuple[Invitation, str]:
    """Make a single-use invitation bound to an address; returns it with the token that goes into the link.

    right: what the person may do in the team. days: for so long the link works.
    Raises Refused(OTHER_SIDE) if the address belongs to a person who stands on another side.
    """
    email = email.strip().lower()
    person = User.objects.filter(email=email).first()
    if person is not None and (side := side_of(person, competition)) is not None and side_after(side, role) is None:
        raise Refused(Reason.OTHER_SIDE)
    token = chance.key()
    now = clock.now()
    with transaction.atomic(using=using):
        invitation = Invitation(
            token_hash=_hash(token), email=email, competition=competition, challenge=challenge, role=role.value, handle=handle,
            team=team, right=right, sent_at=now, expires_at=now + timedelta(days=days),
        )
        invitation.save(using=using)
        thing = f"invitation/{invitation.token_hash[:16]}"
        audit.record("invitation.sent", actor=actor, competition=competition, thing=thing, body={"role": role.value}, using=using)
    return invitation, token


def find_invitation(token: str, using: str = "default") -> Invitation | None:
    """Return the invitation behind a token while it can be accepted. One query."""
    found = Invitation.objects.using(using).filter(token_hash=_hash(token), accepted_at=None).first()
    return found if found and found.expires_at >= clock.now() else None


def accept_invitation(*, actor: User, invitation: Invitation) -> Invitation:
    """Take the role that an invitation offers; a reviewer's handle becomes linked to the account.

    Raises Denied(OTHER_ADDRESS) for another person's invitation, Refused(INVITATION_VOID) if it is used or too old,
    Refused(OTHER_SIDE) if the person stands on another side.
    """
    using = invitation._state.db or "default"
    with transaction.atomic(using=using):
        locked = Invitation.objects.using(using).select_for_update().get(pk=invitation.pk)
        if locked.email != actor.email:
            raise Denied(Reason.OTHER_ADDRESS)
        if locked.accepted_at is not None or locked.expires_at < clock.now():
            raise Refused(Reason.INVITATION_VOID)
        if settings.KLASH_FACE != "jury":
            # In the jury's face the role was granted on the other side when the invitation was written.
            grant_role(actor=actor, person=actor, role=Role(locked.role), competition=locked.competition, challenge=locked.challenge)
        if locked.handle:
            ReviewerHandle.objects.using(using).get_or_create(handle=locked.handle, defaults={"person": actor})
        locked.accepted_at, locked.accepted_by = clock.now(), actor
        locked.save(using=using, update_fields=["accepted_at", "accepted_by"])
        audit.record("invitation.accepted", actor=actor, competition=locked.competition, thing=f"invitation/{locked.token_hash[:16]}", using=using)
        accepted.send(Invitation, invitation=locked, person=actor)
    return locked


@transaction.atomic
def ask_to_join(*, email: str, language: str, onward: str = "") -> None:
    """Send a mail to the address: a link that makes an account, or the news that there is one already.

    Whoever asks learns nothing about the address. The link is void once the account exists. onward: the page to go to after that.
    """
    person = User.objects.filter(email=email).first()
    until = (clock.now() + timedelta(hours=SIGN_UP_HOURS)).isoformat()
    token = signing.dumps({"email": email, "until": until, "onward": onward}, salt=_SALT)
    template = "accounts_known" if person else "accounts_sign_up"
    letter.send(
        User, to=email, language=person.language if person else language, template=template,
        context={"name": person.name if person else "", "token": token, "hours": SIGN_UP_HOURS}, event=f"account.asked/{chance.key()}",
    )


def onward_of(token: str) -> str:
    """Return the page of this site to which a sign-up link leads in the end."""
    return str(signing.loads(token, salt=_SALT).get("onward", ""))


def address_of(token: str) -> str | None:
    """Return the address that a sign-up link proves, while it has no account. One query."""
    try:
        found = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    if datetime.fromisoformat(found["until"]) < clock.now() or User.objects.filter(email=found["email"]).exists():
        return None
    return str(found["email"])


def confirm_account(*, token: str, name: str, password: str, language: str) -> User:
    """Create the account of the address that the link proves. Raises Refused(INVITATION_VOID) on a second use, or Refused(NAME_IS_ADDRESS)."""
    email = address_of(token)
    if email is None:
        raise Refused(Reason.INVITATION_VOID)
    try:
        with transaction.atomic():
            return create_account(email=email, name=own_name(name), password=password, language=language)
    except IntegrityError:
        raise Refused(Reason.INVITATION_VOID) from None


@transaction.atomic
def join_by_invitation(*, invitation: Invitation, name: str, password: str, language: str) -> User:
    """Create the account of the invited address and take what is offered, both or neither. Raises as `accept_invitation`, or Refused(NAME_IS_ADDRESS)."""
    person = create_account(email=invitation.email, name=own_name(name), password=password, language=language)
    accept_invitation(actor=person, invitation=invitation)
    return person


@transaction.atomic
def ask_for_reset(*, email: str, language: str) -> None:
    """Send a mail to the address: a link that sets a new password, or the news that there is no account."""
    person = User.objects.filter(email=email, is_active=True).first()
    token = default_token_generator.make_token(person or User(email=email))
    context = {"name": person.name, "code": person.code, "token": token} if person else {}
    letter.send(
        User, to=email, language=person.language if person else language, template="accounts_reset" if person else "accounts_unknown",
        context=context, event=f"account.reset_asked/{chance.key()}",
    )


def own_name(name: str) -> str:
    """Return a name as a person or a team may call itself. Raises Refused(NAME_IS_ADDRESS): a mail program would make a link of it."""
    name = one_line(name)
    if holds_address(name):
        raise Refused(Reason.NAME_IS_ADDRESS)
    return name


def find_reset(code: str, token: str) -> User | None:
    """Return the person whose password a reset link may set. One query."""
    person = User.objects.filter(code=code, is_active=True).first()
    return person if person and default_token_generator.check_token(person, token) else None


@transaction.atomic
def reset_password(*, actor: User, token: str, password: str) -> None:
    """Set a new password by a reset link; ends all sessions. Raises Refused(INVITATION_VOID) on a second use."""
    person = User.objects.select_for_update().get(pk=actor.pk)
    if not default_token_generator.check_token(person, token):
        raise Refused(Reason.INVITATION_VOID)
    person.set_password(password)
    person.save(update_fields=["password"])
    audit.record("account.password_changed", actor=person, competition=SITE, thing=f"person/{person.code}")


@transaction.atomic
def save_profile(*, actor: User, name: str, language: str) -> None:
    """Change the actor's own name and the language of the mails. Raises Refused(NAME_IS_ADDRESS)."""
    actor.name, actor.language = own_name(name), language
    actor.save(update_fields=["name", "language"])
    audit.record("account.changed", actor=actor, competition=SITE, thing=f"person/{actor.code}")


@transaction.atomic
def load_register() -> int:
    """Fill the municipality register from the file that ships; returns the rows added. A second run adds none."""
    if Municipality.objects.exists():
        return 0
    with resources.files("klash.accounts").joinpath("data/municipalities.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    made = {row["code"]: _municipality(row) for row in rows}
    Municipality.objects.bulk_create(made.values())
    for row in rows:
        if row["successor_code"]:
            Municipality.objects.filter(pk=made[row["code"]].pk).update(successor=made[row["successor_code"]])
    return len(rows)


def _municipality(row: dict[str, str]) -> Municipality:
    numbers = {name: float(row[name]) for name in ("lat", "lon", "x", "y")}
    texts = {name: row[name] for name in ("code", "name_fi", "name_sv", "region_code", "region_fi", "region_sv", "grouping", "languages")}
    return Municipality(
        **texts, **numbers, population=int(row["population"]), valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
