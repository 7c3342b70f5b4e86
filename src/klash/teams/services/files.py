"""Files that answer a question of an application."""

from datetime import datetime
from typing import Any

from django.db import transaction

from klash.accounts.models import User
from klash.competitions.services import drop_answer_file, file_question, keep_answer_file, take_in_answer
from klash.core import access, arrival, clock, workflow
from klash.files import services as files
from klash.rules.permissions import Permission
from klash.teams.models import Application
from klash.teams.services.records import record


def attach_to_application(*, actor: User, application: Application, code: str, uploaded: Any, arrived_at: datetime | None = None) -> Application:
    """Answer a question of the application with a file, in place of an earlier one.

    Raises Denied as `save_application` does, Refused(ANSWER_DOES_NOT_FIT), or Refused with the reason why the file cannot be taken.
    """
    now = arrival.received(arrived_at, clock.judged())
    access.ensure(actor, Permission.EDIT_APPLICATION, application, now)
    file_question(application.form, code, now)
    stored = take_in_answer(uploaded, now)
    competition = application.team.challenge.competition
    try:
        with transaction.atomic():
            workflow.lock(application)
            access.ensure(actor, Permission.EDIT_APPLICATION, application, arrival.received(arrived_at, clock.judged()))
            value = keep_answer_file(competition=competition, thing=f"application/{application.code}", question=code, stored=stored)
            application.answers = {**application.answers, code: value}
            application.save(update_fields=["answers"])
            record("application.file_attached", actor, application.team, {"question": code, "sha256": stored.sha256}, kind="application")
    except Exception:
        files.forget(stored)
        raise
    return application


@transaction.atomic
def detach_from_application(*, actor: User, application: Application, code: str) -> Application:
    """Take the file off again. Raises as `attach_to_application` does."""
    workflow.lock(application)
    now = clock.judged()
    access.ensure(actor, Permission.EDIT_APPLICATION, application, now)
    file_question(application.form, code, now)
    drop_answer_file(thing=f"application/{application.code}", question=code)
    application.answers = {name: value for name, value in application.answers.items() if name != code}
    application.save(update_fields=["answers"])
    record("application.file_detached", actor, application.team, {"question": code}, kind="application")
    return application
