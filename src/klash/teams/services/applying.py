"""What a team does with its application."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from klash.accounts.models import User
from klash.competitions.answers import check_answers, frozen_codes
from klash.competitions.models import StageKind
from klash.competitions.services import hold_stage, use_late_code
from klash.core import access, arrival, clock, workflow
from klash.core.errors import Denied, Refused
from klash.post import services as post
from klash.rules.permissions import Permission
from klash.rules.questions import with_answers
from klash.rules.reasons import Reason
from klash.rules.states import ApplicationState
from klash.teams import selectors
from klash.teams.models import Application
from klash.teams.services.panel import is_fixed
from klash.teams.services.records import record


@transaction.atomic
def save_application(
    *, actor: User, application: Application, answers: Mapping[str, Any], summary: str = "", seen: datetime | None = None
) -> Application:
    """Save the draft of the application; every member may, nothing is required yet.

    answers: a question's code -> answer; of a question that is not among them the answer stays as it is stored, as
    that of a frozen one does; an empty one is taken away.
    seen: the `saved_at` of the text that the writer started from, None asks for no comparison; what another member saved since is never overwritten unread.
    Raises Denied (not a member, submitted, outside the call) or Refused(ANSWER_DOES_NOT_FIT, TEXT_CHANGED).
    """
    workflow.lock(application)
    access.ensure(actor, Permission.EDIT_APPLICATION, application)
    if seen is not None and seen != application.saved_at and selectors.last_writer(application) not in ("", actor.pseudonym):
        raise Refused(Reason.TEXT_CHANGED)
    team, before = application.team, selectors.fingerprint(application)
    check_answers(application.form, answers)
    application.answers = with_answers(application.answers, answers, frozen=frozen_codes(application.form, clock.now()))
    application.saved_at, team.summary = clock.now(), summary.strip()
    application.save(update_fields=["answers", "saved_at"])
    if (after := selectors.fingerprint(application)) != before:
        record("application.saved", actor, team, {"hash": after}, kind="application")
    # The log is locked before the team, as by a member who joins meanwhile: crosswise, one of the two would be broken off.
    team.save(update_fields=["summary"])
    return application


@transaction.atomic
def submit_application(*, actor: User, application: Application, arrived_at: datetime | None = None) -> Application:
    """Submit the application before the deadline; every member gets a receipt by mail.

    arrived_at: when the request had arrived, where that is known; it counts until the panel's entries are fixed.
    Raises Denied(NOT_YOURS, TEAM_TOO_SMALL, TEAM_TOO_LARGE, INCOMPLETE, NOT_OPEN_YET, DEADLINE_PASSED) or IllegalMove.
    """
    hold_stage(application.team.challenge.competition_id, StageKind.TEAM_CALL)
    workflow.lock(application)
    if arrived_at is not None and is_fixed(application.team.challenge):
        arrived_at = None
    received_at = arrival.received(arrived_at, clock.judged())
    body = {"hash": selectors.fingerprint(application), "received_at": received_at}
    workflow.move(application, to=ApplicationState.SUBMITTED, actor=actor, save={"submitted_at": received_at}, body=body, arrived_at=received_at)
    stage = application.team.challenge.competition.stage(StageKind.TEAM_CALL)
    if not stage.is_open(received_at):
        if is_fixed(application.team.challenge):
            raise Denied(Reason.DEADLINE_PASSED)
        use_late_code(actor=actor, stage=stage, person=actor, thing=application.team.thing, at=received_at)
    tell_team(application, "teams_received", f"application.submitted/{application.code}/{application.submitted_at}")
    return application


def withdraw_application(*, actor: User, application: Application) -> Application:
    """Withdraw the application while the call runs; it can be written on and submitted again."""
    return workflow.move(application, to=ApplicationState.WITHDRAWN, actor=actor)


def tell_team(application: Application, template: str, event: str) -> None:
    team = application.team
    context = {"team": team, "application": application, "challenge": team.challenge.title, "competition": team.challenge.competition.name}
    for membership in team.memberships.select_related("person").order_by("pk"):
        post.queue(to=membership.person.email, language=membership.person.language, template=template, context=context, event=event)
