"""Files that answer a question: taken in once, checked and made anew as every file is, and kept until another takes their place."""

from datetime import datetime
from typing import Any

from klash.competitions.models import AnswerFile, Competition, Question, StageForm
from klash.core.errors import Refused
from klash.files import blobs
from klash.files import services as files
from klash.files.intake import Outcome
from klash.files.models import StoredFile
from klash.rules.questions import Kind
from klash.rules.reasons import Reason


def file_question(form: StageForm, code: str, now: datetime) -> Question:
    """Return the question that a file answers. Raises Refused(ANSWER_DOES_NOT_FIT) for another kind or one that is asked no more, or is frozen by now."""
    found = next((row for row in form.asked if row.code == code and row.kind == Kind.FILE), None)
    if found is None or found.asked.is_frozen_at(now):
        raise Refused(Reason.ANSWER_DOES_NOT_FIT, code)
    return found


def take_in_answer(uploaded: Any, now: datetime) -> StoredFile:
    """Examine and store an uploaded file; call it outside of a transaction. Raises Refused with the reason why the file cannot be taken, DISK_FULL included."""
    blobs.ensure_room(uploaded.size)
    stored = files.take_in_upload(uploaded, now)
    if stored.outcome == Outcome.REFUSED:
        raise Refused(Reason(stored.reason))
    return stored


def keep_answer_file(*, competition: Competition, thing: str, question: str, stored: StoredFile) -> dict[str, str]:
    """Let a stored file answer the question in place of an earlier one; return the answer. Call it in the transaction that writes the answer."""
    drop_answer_file(thing=thing, question=question)
    stored.save()
    AnswerFile.objects.create(competition=competition, thing=thing, question=question, file=stored)
    return {"name": stored.name, "key": stored.key, "sha256": stored.sha256}


def drop_answer_file(*, thing: str, question: str) -> None:
    """Forget the file that answers a question, if there is one; its bytes go after commit."""
    for row in AnswerFile.objects.filter(thing=thing, question=question).select_related("file"):
        row.delete()
        files.discard(row.file)
