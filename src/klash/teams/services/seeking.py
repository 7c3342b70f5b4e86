"""Teams that look for members and people who look for a team find one another; nobody's name is public."""

from collections.abc import Sequence

from django.db import transaction

from klash.accounts.models import User
from klash.challenges.models import Challenge
from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.post.services import queue
from klash.rules.names import holds_address
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.teams import selectors
from klash.teams.models import Ad, AdAnswer, Seeking, Team


@transaction.atomic
def seek_members(*, actor: User, team: Team, skills: Sequence[str], text: str, language: str, is_invented: bool = False) -> Ad:
    """Tell in public, without the team's name, whom a team looks for; an earlier ad of the team is replaced.

    Raises Denied (not the leader, outside the call), Refused(INCOMPLETE) without a text or for an unknown code, Refused(HOLDS_ADDRESS, TEAM_TOO_LARGE).
    """
    workflow.lock(team)
    access.ensure(actor, Permission.SEEK_MEMBERS, team)
    if team.memberships.count() >= team.challenge.competition.team_size_max:
        raise Refused(Reason.TEAM_TOO_LARGE)
    return _publish(actor, team.challenge, team, skills, text, language, is_invented)


@transaction.atomic
def seek_team(*, actor: User, challenge: Challenge, skills: Sequence[str], text: str, language: str, is_invented: bool = False) -> Ad:
    """Tell in public, without one's name, what one could bring to a team; an earlier ad of the person is replaced.

    Raises Denied(OTHER_SIDE, DEADLINE_PASSED, NOT_OPEN_YET), Refused(OTHER_SIDE) for who is in a team already, Refused(INCOMPLETE, HOLDS_ADDRESS).
    """
    workflow.lock(challenge)
    access.ensure(actor, Permission.SEEK_TEAM, Seeking(challenge))
    if selectors.team_in_the_way(actor, challenge) is not None:
        raise Refused(Reason.OTHER_SIDE)
    return _publish(actor, challenge, None, skills, text, language, is_invented)


def _publish(actor: User, challenge: Challenge, team: Team | None, skills: Sequence[str], text: str, language: str, is_invented: bool) -> Ad:
    known = selectors.skill_names(selectors.needs_of(challenge))
    if not text.strip() or not set(skills) <= set(known):
        raise Refused(Reason.INCOMPLETE)
    if holds_address(text):
        raise Refused(Reason.HOLDS_ADDRESS)
    now = clock.now()
    own = {"team": team} if team else {"team": None, "person": actor}
    Ad.objects.filter(challenge=challenge, closed_at=None, **own).update(closed_at=now)
    row = Ad.objects.create(
        challenge=challenge, team=team, person=actor, skills=[code for code in known if code in skills], text=text.strip(), language=language,
        is_invented=is_invented, published_at=now,
    )
    _record("ad.published", actor, row, {"skills": row.skills, "hash": audit.sha256("klash/1/ad", row.code, row.text)})
    return row


@transaction.atomic
def close_ad(*, actor: User, ad: Ad) -> Ad:
    """Take an ad off; an organiser may take off anybody's, and its owner is told. A second call finds it taken off. Raises Denied(NOT_YOURS)."""
    workflow.lock(ad)
    access.ensure(actor, Permission.CLOSE_AD, ad)
    if ad.closed_at is None:
        ad.closed_at = clock.now()
        ad.save(update_fields=["closed_at"])
        _record("ad.closed", actor, ad, {})
        if (owner := _owner(ad)).pk != actor.pk:
            _mail(ad, owner, "teams_ad_closed", f"ad.closed/{ad.code}")
    return ad


@transaction.atomic
def answer_ad(*, actor: User, ad: Ad, text: str) -> AdAnswer:
    """Write to whoever looks; the owner of the ad gets the text with the sender's name and address, nobody else does.

    Raises Denied(OTHER_SIDE, DEADLINE_PASSED, FROZEN once the ad is taken off), Refused(NOBODY_TO_WRITE) for the own ad or from no leader to who looks
    for a team, Refused(INCOMPLETE) without a text, Refused(ANSWERED_BEFORE) for a second answer.
    """
    workflow.lock(ad)
    access.ensure(actor, Permission.ANSWER_AD, ad)
    own = selectors.own_team(actor, ad.challenge.competition, ad.challenge)
    leads = own if own is not None and own.challenge_id == ad.challenge_id and own.memberships.filter(person=actor, is_leader=True).exists() else None
    if actor.pk == _owner(ad).pk or (ad.team is None and leads is None):
        raise Refused(Reason.NOBODY_TO_WRITE)
    if not text.strip():
        raise Refused(Reason.INCOMPLETE)
    if ad.answers.filter(person=actor).exists():
        raise Refused(Reason.ANSWERED_BEFORE)
    row = AdAnswer.objects.create(ad=ad, person=actor, team=leads if ad.team is None else None, text=text.strip(), sent_at=clock.now())
    _record("ad.answered", actor, ad, {})
    _mail(ad, _owner(ad), "teams_ad_answered", f"ad.answered/{ad.code}/{actor.code}", answer=row, sender=actor)
    return row


def _owner(ad: Ad) -> User:
    return ad.team.memberships.select_related("person").get(is_leader=True).person if ad.team else ad.person


def _mail(ad: Ad, to: User, template: str, event: str, **more: object) -> None:
    context = {"ad": ad, "challenge": ad.challenge, "competition": ad.challenge.competition, **more}
    queue(to=to.email, language=to.language, template=template, context=context, event=event)


def _record(what: str, actor: User, ad: Ad, body: dict[str, object]) -> None:
    audit.record(what, actor=actor, competition=ad.chain, thing=f"ad/{ad.code}", body=body)
