"""What `verify` asks of rounds: that entries, seats and reviews are those that the log knows; and what the jury's face does when a juror joins."""

from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.dispatch import receiver

from klash.accounts.models import Invitation, User
from klash.accounts.services import accepted
from klash.core import audit
from klash.core.databases import reviewing as alias
from klash.reviewing.hashes import answer_hash, entry_hash, minutes_hash, question_hash
from klash.reviewing.models import AnswerText, Entry, Meeting, Question, Review, Seat
from klash.reviewing.services import tell_latecomer
from klash.rules.states import MeetingState


def tell_who_joins(*, sender: Any, invitation: Invitation, person: User, **kwargs: Any) -> None:
    """Tell a juror who accepts after the opening; only in the jury's face, since elsewhere conflicts are looked for before."""
    tell_latecomer(handle=invitation.handle, person=person, using=invitation._state.db or "default")


if settings.KLASH_FACE == "jury":
    accepted.connect(tell_who_joins)


@receiver(audit.rechecking)
def faults_of_entries(**kwargs: Any) -> list[str]:
    """Return the entries that are not what was written, what was left out of them included, and the written ones that are gone."""
    logged: dict[str, str] = {}
    excluded = set()
    for event, body in audit.told("entry.written", "entry.redacted", "entry.restored", "entry.excluded", using=alias()):
        if event.what == "entry.excluded":
            excluded.add(event.thing)
        else:
            logged[event.thing] = body["content" if event.what == "entry.written" else "after"]
    faults = []
    for entry in Entry.objects.using(alias()).order_by("code").iterator(200):
        contents = [bytes(file.content) for file in entry.files.using(alias()).order_by("number")]
        content = entry_hash(entry.title, entry.sections, contents)
        if entry.is_excluded != (f"entry/{entry.code}" in excluded):
            faults.append(f"entry {entry.code}: whether it is excluded is not what the log knows")
        if logged.pop(f"entry/{entry.code}", None) != content:
            faults.append(f"entry {entry.code}: title, texts or files are not those that were written")
    return faults + [f"{thing}: the log knows it, the row is gone" for thing in sorted(logged)]


@receiver(audit.rechecking)
def faults_of_seats(**kwargs: Any) -> list[str]:
    """Return the seats whose absence or chair the log does not know."""
    logged: dict[str, dict[str, bool]] = {}
    for event, body in audit.told("seat.added", "seat.absent", "seat.recused", "seat.declined", using=alias()):
        known = logged.setdefault(event.thing, {"is_chair": False, "is_absent": False})
        known.update({"is_absent": True} if event.what != "seat.added" else {"is_chair": body["is_chair"]})
    return [
        f"seat {seat.handle}: its part is not the one that the log knows" for seat in Seat.objects.using(alias()).order_by("handle").iterator(2000)
        if {"is_chair": seat.is_chair, "is_absent": seat.is_absent} != logged.get(f"seat/{seat.handle}")
    ]


@receiver(audit.rechecking)
def faults_of_assignments(**kwargs: Any) -> list[str]:
    """Return the reviews that the log never assigned, and the assigned ones that are gone."""
    logged: set[tuple[str, str]] = set()
    for event, body in audit.told("round.assigned", "round.unassigned", using=alias()):
        pairs = {(code, handle) for code, handle in body["pairs"]}
        logged = logged | pairs if event.what == "round.assigned" else logged - pairs
    kept = set(Review.objects.using(alias()).values_list("entry__code", "seat__handle"))
    return [f"review {code}/{handle}: the log did not assign it" for code, handle in sorted(kept - logged)] + [
        f"review {code}/{handle}: the log knows it, the row is gone" for code, handle in sorted(logged - kept)
    ]


@receiver(audit.rechecking)
def faults_of_minutes(**kwargs: Any) -> list[str]:
    """Return the meetings whose approved minutes are not those that the log knows."""
    logged = {event.thing: body["hash"] for event, body in audit.told("meeting.approved", using=alias())}
    approved = Meeting.objects.using(alias()).filter(state=MeetingState.APPROVED).select_related("round").order_by("pk")
    changed = [row.code for row in approved if logged.get(f"meeting/{row.code}") != minutes_hash(row.minutes or {})]
    return [f"meeting/{code}: the minutes are not those that were approved" for code in changed]


@receiver(audit.rechecking)
def faults_of_questions(**kwargs: Any) -> list[str]:
    """Return the questions and answers in the minutes that are not those that the log knows, and those that are gone."""
    asked = {event.thing: body["hash"] for event, body in audit.told("question.asked", using=alias())}
    answered: dict[str, list[str]] = {}
    for event, body in audit.told("question.answered", "question.redacted", using=alias()):
        answered.setdefault(event.thing, []).append(body["hash" if event.what == "question.answered" else "after"])
    cleared = {event.thing: body["hash"] for event, body in audit.told("question.cleared", using=alias())}
    faults = []
    written = Prefetch("answers", queryset=AnswerText.objects.using(alias()).defer("text").order_by("number"))
    rows = Question.objects.using(alias()).select_related("entry").prefetch_related(written).order_by("code")
    for row in rows.iterator(200):
        thing = f"question/{row.code}"
        if asked.pop(thing, None) != question_hash(row.entry.code, row.text):
            faults.append(f"{thing}: the question is not the one that was asked")
        if [text.hash for text in row.answers.all()] != answered.pop(thing, []):
            faults.append(f"{thing}: the answers are not those that the log knows")
        if (answer_hash(row.code, row.answer) if row.answer else None) != cleared.pop(thing, None):
            faults.append(f"{thing}: the answer that the jury reads is not the one that was cleared")
    return faults + [f"{thing}: the log knows it, the row is gone" for thing in sorted({**asked, **answered, **cleared})]
