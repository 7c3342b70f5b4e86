"""What teams do when an invitation is accepted, and what they show on a challenge's page."""

from collections import Counter
from typing import Any

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from klash.accounts.models import Invitation, User
from klash.accounts.services import accepted
from klash.challenges.models import Challenge
from klash.challenges.selectors import Block, show_on_challenge
from klash.competitions.models import FormKind, PromiseChange, PromiseKind, Stage, StageChange, StageForm, StageKind
from klash.competitions.selectors import counting_answers
from klash.competitions.services import deadline_moved, promise_changed, tell_changed, tell_moved
from klash.core import access, audit, clock
from klash.core.models import AuditEvent
from klash.interests.services import changed
from klash.reviewing.models import RoundKind
from klash.reviewing.selectors import seats_of
from klash.rules.permissions import Permission
from klash.teams import selectors
from klash.teams.models import WRITABLE, Application, Membership, Needs, Team
from klash.teams.services import find_conflicts, join_team


@receiver(accepted)
def join_after_acceptance(*, sender: Any, invitation: Invitation, person: User, **kwargs: Any) -> None:
    """Join the team in the transaction that takes the invitation: both or neither."""
    team = Team.objects.filter(code=invitation.team).first() if invitation.team else None
    if team is not None:
        join_team(actor=person, team=team)


@receiver(deadline_moved)
def tell_the_teams(*, sender: Any, stage: Stage, change: StageChange, **kwargs: Any) -> None:
    """Tell every member of every team from the team call on until its proposals are due."""
    if stage.kind in (StageKind.TEAM_CALL, StageKind.MENTORING, StageKind.PROPOSALS):
        members = Membership.objects.filter(team__challenge__competition=stage.competition)
        tell_moved(change, User.objects.filter(pk__in=members.values("person")).order_by("pk"))


@receiver(changed)
def look_again(*, sender: Any, person: User, **kwargs: Any) -> None:
    """Look for conflicts where the person sits in a panel or in a team."""
    keys = [seat.round.key for seat in seats_of(person) if seat.round.kind == RoundKind.APPLICATIONS]
    codes = {key.partition("/")[2] for key in keys} | set(Team.objects.of(person).values_list("challenge__code", flat=True))
    for challenge in Challenge.objects.filter(code__in=codes).order_by("pk"):
        find_conflicts(challenge=challenge)


@receiver(counting_answers)
def count_answers(*, sender: Any, form: StageForm, **kwargs: Any) -> Counter[str]:
    """Return by a question's code how many applications answer it, drafts included. One query."""
    rows = Application.objects.filter(team__challenge__competition=form.competition).exclude(answers={})
    found = rows.values_list("answers", flat=True).iterator() if form.kind == FormKind.APPLICATION else ()
    return Counter(code for answers in found for code in answers)


@show_on_challenge
def teams_on_challenge(challenge: Challenge, person: Any) -> Block:
    """Return the admitted teams, the person's own team, and the way to found one while the call is open. Five queries at most."""
    stage = challenge.competition.stages_by_kind().get(StageKind.TEAM_CALL)
    is_open = bool(stage and stage.is_open(clock.now()))
    own = selectors.own_team(person, challenge.competition, challenge)
    action = None
    if own is not None and own.challenge_id == challenge.pk:
        action = {"label": _("Open your team’s page"), "url": reverse("teams:show", args=[own.code])}
    elif is_open and (own is None or selectors.team_in_the_way(person, challenge) is None):
        action = {"label": _("Found a team"), "url": reverse("teams:found", args=[challenge.competition.code, challenge.code])}
    teams = selectors.public_teams(challenge)
    return {
        "order": 10, "template": "teams/_on_challenge.html", "teams": teams, "stage": stage, "is_open": is_open, "action": action,
        "successions": selectors.successions(challenge),
        "needs": selectors.needs_of(challenge), "may_set_needs": access.may(person, Permission.SET_NEEDS, Needs(challenge)),
    }


@receiver(promise_changed)
def tell_of_the_promise(*, sender: Any, change: PromiseChange, **kwargs: Any) -> None:
    """Tell every member of every team of what was promised otherwise; what was promised to reporters alone is not among it."""
    if change.promise.kind != PromiseKind.FEEDBACK_PROBLEMS:
        members = Membership.objects.filter(team__challenge__competition=change.promise.competition)
        tell_changed(change, User.objects.filter(pk__in=members.values("person")).order_by("pk"))


@receiver(audit.rechecking)
def faults_of_applications(**kwargs: Any) -> list[str]:
    """Return the applications whose text is not the one that the log took in last."""
    logged = dict[str, str]()
    kinds = ["application.submitted", "more_information.answered"]
    for thing, body in AuditEvent.objects.filter(what__in=kinds).order_by("chain", "number").values_list("thing", "body").iterator(2000):
        told = body or {}
        logged[told.get("of", thing)] = told.get("fingerprint") or told.get("hash", "")
    rows = Application.objects.exclude(state__in=WRITABLE).select_related("team").order_by("pk")
    return [
        f"application/{row.code}: the text is not the one that was submitted"
        for row in rows.iterator(500) if logged.get(f"application/{row.code}") != selectors.fingerprint(row)
    ]
