"""What the panel's round does when a person's interests change, and what `verify` asks of the tallies."""

from collections import Counter
from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from klash.accounts.models import Invitation, User
from klash.accounts.selectors import describe_offers
from klash.accounts.services import accepted
from klash.competitions.models import Competition, FormKind, PromiseChange, PromiseKind, Stage, StageChange, StageForm, StageKind
from klash.competitions.selectors import counting_answers
from klash.competitions.services import deadline_moved, promise_changed, tell_changed, tell_moved
from klash.core import audit
from klash.core.models import AuditEvent
from klash.following.selectors import Followed, followable
from klash.interests.services import changed
from klash.problems import selectors
from klash.problems.models import Problem, Support, Writer, WriterInvitation
from klash.problems.services import find_conflicts, fingerprint, join_writers
from klash.reviewing.models import RoundKind
from klash.reviewing.selectors import seats_of
from klash.rules.states import ProblemState


@receiver(deadline_moved)
def tell_the_reporters(*, sender: Any, stage: Stage, change: StageChange, **kwargs: Any) -> None:
    """Tell everyone who has a problem before the call, drafts included."""
    if stage.kind == StageKind.PROBLEM_CALL:
        problems = Problem.objects.filter(competition=stage.competition)
        people = Q(pk__in=problems.values("officer")) | Q(pk__in=Writer.objects.filter(problem__in=problems).values("person"))
        tell_moved(change, User.objects.filter(people).order_by("pk"))


@receiver(promise_changed)
def tell_of_the_promise(*, sender: Any, change: PromiseChange, **kwargs: Any) -> None:
    """Tell everyone who has a problem before the call of what was promised otherwise; what was promised to teams alone is not among it."""
    if change.promise.kind not in (PromiseKind.TEAMS, PromiseKind.FEEDBACK_TEAMS):
        problems = Problem.objects.filter(competition=change.promise.competition)
        tell_changed(change, User.objects.filter(pk__in=problems.values("officer")).order_by("pk"))


@receiver(changed)
def look_again(*, sender: Any, person: User, **kwargs: Any) -> None:
    """Look for conflicts where the person sits in a panel or has a problem before one."""
    chains = {seat.round.chain for seat in seats_of(person) if seat.round.kind == RoundKind.PROBLEMS}
    chains |= set(Problem.objects.own(person).exclude(entry_code=None).values_list("competition__code", flat=True))
    chains |= set(Support.objects.filter(person=person).values_list("problem__competition__code", flat=True))
    for competition in Competition.objects.filter(code__in=chains).order_by("pk"):
        find_conflicts(competition=competition)


@receiver(counting_answers)
def count_answers(*, sender: Any, form: StageForm, **kwargs: Any) -> Counter[str]:
    """Return by a question's code how many problems answer it, drafts included. One query."""
    rows = Problem.objects.filter(competition=form.competition).exclude(answers={}).order_by() if form.kind == FormKind.PROBLEM else Problem.objects.none()
    return Counter(code for answers in rows.values_list("answers", flat=True).iterator() for code in answers)


@receiver(accepted)
def join_after_acceptance(*, sender: Any, invitation: Invitation, person: User, **kwargs: Any) -> None:
    """Write along or take over in the transaction that takes the invitation: both or neither."""
    offered = WriterInvitation.objects.filter(invitation=invitation).select_related("problem", "municipality").first()
    if offered is not None:
        join_writers(actor=person, offered=offered)


@describe_offers
def describe_writing(invitation: Invitation) -> dict[str, Any] | None:
    """Return what an invitation to a problem concerns. One query."""
    offered = WriterInvitation.objects.filter(invitation=invitation).select_related("problem__competition", "municipality").first()
    if offered is None:
        return None
    place, title = offered.municipality.name, offered.problem.title
    return {"competition": {"fi": offered.problem.competition.name}, "matter": {code: f"{name}: {title}" if title else name for code, name in place.items()}}


@receiver(audit.rechecking)
def faults_of_tallies(**kwargs: Any) -> list[str]:
    """Return the competitions whose problems are other in number than their pages tell."""
    rows = Competition.objects.order_by("code")
    return [f"competition/{row.code}: the tallies are not the number of its problems" for row in rows if selectors.counted(row) != selectors.tallied(row)]


@receiver(audit.rechecking)
def faults_of_problems(**kwargs: Any) -> list[str]:
    """Return the problems whose text is not the one that the log took in last, and those merged into another than the log tells."""
    logged, into = dict[str, str](), dict[str, str]()
    kinds = ["problem.submitted", "more_information.answered", "problem.merged"]
    for what, thing, body in AuditEvent.objects.filter(what__in=kinds).order_by("chain", "number").values_list("what", "thing", "body").iterator(2000):
        if what == "problem.merged":
            into[thing] = (body or {}).get("into", "")
        else:
            logged[(body or {}).get("of", thing)] = (body or {}).get("fingerprint", "")
    faults = []
    for row in Problem.objects.public().select_related("theme", "reported_theme", "merge__into").order_by("pk").iterator(500):
        thing, merge = f"problem/{row.code}", getattr(row, "merge", None)
        if logged.get(thing) != fingerprint(row):
            faults.append(f"{thing}: the text is not the one that was submitted")
        if (merge.into.code if merge else None) != (into.get(thing) if row.state == ProblemState.MERGED else None):
            faults.append(f"{thing}: it is merged into another report than the log tells")
    return faults


@followable("problems")
def followed_problem(person: Any, competition: str, code: str) -> Followed | None:
    """Return a public problem as what can be followed. Two queries."""
    found = selectors.visible(person, competition, code)
    if found is None or not selectors.is_public(found):
        return None
    return Followed(found.competition, {found.language: found.title}, "problems:problem", [competition, code], found.is_invented)
