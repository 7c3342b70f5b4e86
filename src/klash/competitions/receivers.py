"""What `verify` asks of competitions: that every stage opens and closes as was announced, that proposals were asked for as the form had been frozen,
that promises are those that were made or changed with a reason, and that decisions are those that were released; and what a body's report takes from
its decisions.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from klash.competitions import selectors
from klash.competitions.models import FormKind, Promise, Ruling, RulingLine, Stage, StageForm
from klash.core import audit
from klash.reviewing.models import Round
from klash.reviewing.selectors import giving_reasons
from klash.rules.states import RulingState


@receiver(giving_reasons)
def reasons_of_decisions(*, round: Round, **kwargs: Any) -> dict[str, str]:
    """Return by entry code the reasons written so far for what the body decides, so that its chair need not write them anew. One query."""
    return dict(RulingLine.objects.filter(ruling__key=round.key).exclude(reason="").order_by().values_list("entry_code", "reason"))


@receiver(audit.rechecking)
def faults_of_deadlines(**kwargs: Any) -> list[str]:
    """Return the stages whose opening or closing is not the last that the log knows."""
    logged: dict[str, dict[str, list[datetime]]] = {}
    for event, body in audit.told("stage.added", "calendar.set", "stage.moved"):
        competition, thing, what = event.chain.competition, event.thing, event.what
        spans = logged.setdefault(competition, {})
        if what == "calendar.set":
            logged[competition] = {f"stage/{competition}/{kind}": _instants(span) for kind, span in body.items()}
        elif what == "stage.added":
            spans[thing] = _instants([body["opens_at"], body["closes_at"]])
        else:
            spans[thing] = [spans[thing][0], *_instants([body["to"]])]
    return [
        f"stage/{stage.code}: it does not open and close as the log says"
        for stage in Stage.objects.select_related("competition").order_by("competition__code", "position")
        if [stage.opens_at, stage.closes_at] != logged.get(stage.competition.code, {}).get(f"stage/{stage.code}")
    ]


def _instants(words: Sequence[str]) -> list[datetime]:
    return [datetime.fromisoformat(word) for word in words]


@receiver(audit.rechecking)
def faults_of_forms(**kwargs: Any) -> list[str]:
    """Return the competitions whose form of a proposal is not the one that the log knows as frozen."""
    logged = {event.chain.competition: body["hash"] for event, body in audit.told("sections.frozen", "form.frozen")}
    faults = []
    for form in StageForm.objects.filter(kind=FormKind.PROPOSAL).select_related("competition").order_by("competition__code"):
        frozen = logged.pop(form.chain, "")
        if form.hash != frozen or frozen and selectors.hash_of_form(form) != frozen:
            faults.append(f"form/{form.chain}: it is not the one that was frozen when teams began to write")
    return faults + [f"form/{chain}: it was frozen and is gone" for chain in sorted(logged)]


@receiver(audit.rechecking)
def faults_of_rulings(**kwargs: Any) -> list[str]:
    """Return the bodies whose released decisions are not those that the log knows."""
    logged = {event.thing: body["hash"] for event, body in audit.told("ruling.released")}
    released = Ruling.objects.filter(state=RulingState.RELEASED).order_by("key")
    changed = [row.key for row in released if logged.get(f"ruling/{row.key}") != selectors.hash_of(row)]
    return [f"ruling/{key}: the decisions are not those that were released" for key in changed]


@receiver(audit.rechecking)
def faults_of_promises(**kwargs: Any) -> list[str]:
    """Return the promises that are not what was last promised, or not as they were marked, and those that are gone."""
    logged: dict[str, list[Any]] = {}
    for event, body in audit.told("promise.made", "promise.changed", "promise.marked", "promise.removed"):
        if event.what == "promise.removed":
            logged.pop(event.thing, None)
        elif event.what == "promise.marked":
            logged[event.thing][1:] = [body["is_kept"], body["evidence"]]
        else:
            logged[event.thing] = [{name: body[name] for name in ("text", "low", "high", "due_on")}, None, ""]
    faults = []
    for row in Promise.objects.select_related("competition").order_by("competition__code", "code"):
        thing = f"promise/{row.competition.code}/{row.code}"
        if logged.pop(thing, None) != [row.said(), row.is_kept, row.evidence]:
            faults.append(f"{thing}: it is not what was promised or marked")
    return faults + [f"{thing}: it was promised and is gone" for thing in sorted(logged)]
