"""What becomes of a place that a team gives up."""

from django.db import transaction
from django.dispatch import Signal

from klash.accounts.models import RoleGrant, User
from klash.core import clock, workflow
from klash.core.errors import Refused
from klash.post import services as post
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from klash.rules.states import ApplicationState
from klash.teams import selectors
from klash.teams.models import Application, Succession
from klash.teams.services.panel import count_admitted

# Sent inside the transaction in which an admitted team has given up its place, with team and actor; later stages end what the team has there.
resigned = Signal()


@transaction.atomic
def resign_team(*, actor: User, application: Application) -> Application:
    """Give up the team's place, or its place on the reserve list; the organisers are told who is next.

    Raises Denied (not the leader; RESERVE_LAPSED once proposals are due) or IllegalMove.
    """
    challenge = workflow.lock(application.team.challenge)
    was_admitted = workflow.lock(application).state == ApplicationState.ADMITTED
    workflow.move(application, to=ApplicationState.RESIGNED, actor=actor)
    if was_admitted:
        resigned.send(Application, team=application.team, actor=actor)
    count_admitted(challenge)
    following = selectors.next_on_reserve(challenge)
    context = {
        "team": application.team, "challenge": challenge.title, "competition": challenge.competition.name, "next": following.team if following else None,
    }
    held = RoleGrant.objects.filter(role=Role.ORGANISER, ended_at=None, standing__competition=challenge.chain)
    for person in User.objects.filter(pk__in=held.values("standing__person")).order_by("pk"):
        post.queue(to=person.email, language=person.language, template="teams_resigned", context=context, event=f"application.resigned/{application.code}")
    return application


@transaction.atomic
def admit_reserve(*, actor: User, application: Application, reason: str) -> Succession:
    """Admit the first of the reserve list into a place that is free; its members are told, and the reason is public.

    Raises Denied(NO_ROLE, RESERVE_LAPSED, NOT_NEXT, CHALLENGE_FULL), IllegalMove, or Refused(NO_REASON_GIVEN).
    """
    challenge = workflow.lock(application.team.challenge)  # one place at a time
    if not reason.strip():
        raise Refused(Reason.NO_REASON_GIVEN)
    workflow.move(application, to=ApplicationState.ADMITTED, actor=actor, body={"reason": reason.strip(), "reserve_place": application.reserve_place})
    made = Succession.objects.create(application=application, reason=reason.strip(), decided_by=actor, decided_at=clock.now())
    count_admitted(challenge)
    team = application.team
    context = {"team": team, "challenge": challenge.title, "competition": challenge.competition.name, "reason": made.reason}
    for row in team.memberships.select_related("person").order_by("pk"):
        post.queue(
            to=row.person.email, language=row.person.language, template="teams_admitted", context=context, event=f"application.succeeded/{application.code}"
        )
    return made
