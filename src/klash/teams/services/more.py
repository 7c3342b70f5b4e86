"""More information on an application that was handed in: the staff asks, the team completes named fields until a time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from klash.accounts.models import User
from klash.competitions.models import SUMMARY, MoreInformation, StageKind
from klash.competitions.services import check_more, close_answered, hold_stage, open_fields, tell_more
from klash.core import access, workflow
from klash.core.errors import Denied, Refused
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.rules.states import ApplicationState
from klash.teams import selectors
from klash.teams.models import Application
from klash.teams.services.panel import is_fixed


@transaction.atomic
def ask_for_more(*, actor: User, application: Application, fields: Sequence[str], text: str, until: datetime) -> MoreInformation:
    """Open named fields of a submitted application to the team's writers, until the panel's entries are fixed.

    Raises Denied(NO_ROLE, FROZEN), Refused(WRONG_STATE), and Refused as `competitions.open_fields` does.
    """
    _hold(application)
    if application.state != ApplicationState.SUBMITTED:
        raise Refused(Reason.WRONG_STATE)
    competition = application.team.challenge.competition
    row = open_fields(actor=actor, of=application, competition=competition, form=application.form, fields=fields, text=text, until=until)
    tell_more(row, "teams_more_asked", _members(application), team=application.team)
    return row


@transaction.atomic
def give_more(*, actor: User, application: Application, row: MoreInformation, given: Mapping[str, Any]) -> Application:
    """Complete the fields that are open; every member gets a receipt.

    given: field -> answer; what is not open is dropped. Raises Denied(NOT_YOURS, READS_ONLY, DEADLINE_PASSED, FROZEN), IllegalMove, or Refused as
    `competitions.check_more` does.
    """
    row.of = application
    access.ensure(actor, Permission.ANSWER_MORE, row)
    _hold(application)
    if application.state != ApplicationState.SUBMITTED:
        raise Denied(Reason.FROZEN)
    team = application.team
    kept = check_more(application.form, row, application.answers, given)
    before = {code: team.summary if code == SUMMARY else application.answer(code) for code in row.fields}
    application.answers = kept
    application.save(update_fields=["answers"])
    if SUMMARY in row.fields and SUMMARY in given:
        team.summary = str(given[SUMMARY]).strip()
    fingerprint = selectors.fingerprint(application)
    close_answered(actor=actor, row=row, before=before, fingerprint=fingerprint)
    # The log is locked before the team, as by a member who joins meanwhile: crosswise, one of the two would be broken off.
    team.save(update_fields=["summary"])
    tell_more(row, "teams_more_given", _members(application), team=team, fingerprint=fingerprint)
    return application


def _hold(application: Application) -> None:
    """Lock as handing in does, so that the making of the panel's round waits. Raises Denied(FROZEN) once it is made."""
    hold_stage(application.team.challenge.competition_id, StageKind.TEAM_CALL)
    workflow.lock(application)
    if is_fixed(application.team.challenge):
        raise Denied(Reason.FROZEN)


def _members(application: Application) -> list[User]:
    return [row.person for row in application.team.memberships.select_related("person").order_by("pk")]
