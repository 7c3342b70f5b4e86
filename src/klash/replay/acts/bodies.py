"""Panels and juries: invented people take the seats and score, the known best clearly ahead."""

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count, groupby
from operator import itemgetter
from typing import Any

from klash.accounts.models import User
from klash.accounts.selectors import handles_of
from klash.competitions import selectors as sheets
from klash.competitions import services as competitions
from klash.competitions.models import Competition, Ruling
from klash.core import clock
from klash.core.databases import reviewing as alias
from klash.interests import selectors as interests
from klash.interests import services as declaring
from klash.replay.material import level_of, texts, words
from klash.replay.scene import Scene
from klash.reviewing import agenda
from klash.reviewing import selectors as reading
from klash.reviewing import services as reviewing
from klash.reviewing.hashes import minutes_hash
from klash.reviewing.models import Entry, Review, Round, Seat, Sector
from klash.rules.states import MeetingState, ReviewState, RoundState, SeatState

SCALE_MAX = 10
SeatPerson = Callable[[User, bool], Seat]


def fresh(round_: Round) -> Round:
    """Return the round as it is stored now."""
    return Round.objects.using(alias()).get(pk=round_.pk)


def people_of(round_: Round) -> list[tuple[User, Seat]]:
    """Return who sits in a round, absent ones left out, by address."""
    seats = {seat.handle: seat for seat in Seat.objects.using(alias()).filter(round=round_, is_absent=False).select_related("round")}
    rows = User.objects.filter(handles__handle__in=list(seats)).distinct().order_by("email")
    return [(person, seats[handle]) for person in rows for handle in handles_of(person) if handle in seats]


def seat(scene: Scene, round_: Round, name: str, size: int, sit: SeatPerson) -> None:
    """Fill the body up to its size, one of them its chair. name: of each person, with {} for the number.

    A seat that was offered and not taken is recorded as absent, as the organiser would: it would hold up the round for ever.
    """
    taken = {one.handle for _, one in people_of(round_)}
    for one in Seat.objects.using(alias()).filter(round=round_, is_absent=False).select_related("round"):
        if one.handle not in taken:
            reviewing.record_absence(actor=scene.organiser, seat=one, reason="Kutsua ei hyväksytty ennen arviointia.")
    for number in count(1):
        seated = [one for _, one in people_of(round_)]
        has_chair = any(one.is_chair for one in seated)
        if len(seated) >= size and has_chair:
            return
        scene.someone(name.format(number), lambda person: sit(person, not has_chair))  # noqa: B023 (called at once)


def accept(scene: Scene, round_: Round) -> None:
    """Let everyone invited accept the task and its terms, and say what they know and where they come from."""
    asks = fresh(round_).reviews_per_entry is not None
    for person, one in people_of(round_):
        if one.state == SeatState.INVITED:
            material = scene.draw("expertise", person.email)
            said = {"expertise": words(material.pick(texts("feedback")["expertise"]), "fi"), "sector": material.pick(Sector.values[1:])} if asks else {}
            if asks and (topics := [row["code"] for row in one.round.topics]):
                said["topics"] = material.random.sample(topics, min(len(topics), material.random.randint(2, 4)))
            reviewing.take_seat(actor=one, terms_hash=one.round.terms_hash, **said)


def declare(scene: Scene, round_: Round, ties: Mapping[int, Mapping[str, Any]]) -> None:
    """Let everyone in a body declare their interests before it reads; a person's own declaration stays as it is.

    ties: the place in the body, by address, to what that person declares; all others have nothing to tell.
    """
    for place, (person, _) in enumerate(people_of(round_)):
        if not interests.has_declared(person):
            if place in ties:
                declaring.declare_interest(actor=person, **ties[place])
                scene.say(f"{person.name} declared an interest: {round_.title['fi']}")
            declaring.confirm_interests(actor=person)


def deal(scene: Scene, round_: Round, per_entry: int) -> None:
    """Let the machine deal the entries out, so many reviews each, and apply its proposal whole; a round that is open stays as it is."""
    round_ = fresh(round_)
    if round_.state == RoundState.DRAFT:
        reviewing.set_up_round(actor=scene.organiser, round=round_, reviews_per_entry=per_entry)
        accept(scene, round_)
        wish(scene, round_)
        kept = reviewing.suggest_assignment(actor=scene.organiser, round=round_).content
        count = reviewing.apply_suggestion(actor=scene.organiser, round=round_)
        scene.say(f"{count} reviews assigned, {kept['least']} to {kept['most']} a reviewer: {round_.title['fi']}")
        scene.say(f"{kept['granted']} of {kept['wanted']} wishes met, {kept['against']} reviews against a wish: {round_.title['fi']}")


def wish(scene: Scene, round_: Round) -> None:
    """Let everyone who may say which entries would suit: most of the own topics, few of the others. Who has said something is left alone."""
    if not round_.takes_preferences:
        return
    entries = dict(round_.entries.using(alias()).filter(is_excluded=False).order_by("code").values_list("code", "topics"))
    barred = reading.barred(round_)
    for _, one in people_of(round_):
        if reading.count_wishes(one)[1]:
            continue
        material, said = scene.draw("wishes", one.handle), {}
        for code, topics in entries.items():
            kinds = ("want", "want", "can", "") if set(topics) & set(one.topics) else ("", "", "", "can", "reluctant")
            said[code] = material.pick(kinds)
        reviewing.state_preferences(actor=one, wishes={code: kind for code, kind in said.items() if kind and (code, one.handle) not in barred})


def judge(scene: Scene, round_: Round, best: set[str], comments: str, first: datetime, last: datetime) -> None:
    """Open the round and let every seat submit every review that is missing; a person's draft keeps what is in it."""
    round_ = fresh(round_)
    if round_.state == RoundState.DRAFT:
        reviewing.open_round(actor=scene.organiser, round=round_)
    entries = list(Entry.objects.using(alias()).filter(round=round_, is_excluded=False).order_by("code"))
    quality = {row.code: _quality(scene, row.code, row.code in best) for row in entries}
    accept(scene, round_)
    people, criteria, turns = people_of(round_), [row.code for row in reading.criteria_of(round_)], _turns(round_)
    drafts: dict[int, list[Review]] = {one.pk: [] for _, one in people}
    for row in Review.objects.using(alias()).filter(seat__in=list(drafts), state=ReviewState.DRAFT).select_related("entry").order_by("entry__code"):
        drafts[row.seat_id].append(row)
    first, last = max(first, round_.opens_at), min(last, round_.closes_at)
    with scene.moments(min(first, last), last, sum(len(own) + 1 for own in drafts.values())) as tick:
        for person, one in people:
            tick()
            for draft in drafts[one.pk]:
                tick()
                code = draft.entry.code
                said = scene.draw("comments", code).deal(texts("feedback")[comments][level_of(quality[code])], turns[code, one.handle])
                _review(scene, one, draft, criteria, quality[code], words(said, draft.entry.language))
            scene.say(f"{person.name} scored {len(drafts[one.pk])}: {round_.title['fi']}")


def _turns(round_: Round) -> dict[tuple[str, str], int]:
    """Return how many of an entry's other reviewers come before each, by entry and handle, so that no two say the same. One query."""
    rows = Review.objects.using(alias()).filter(seat__round=round_).order_by("entry__code", "seat__handle").values_list("entry__code", "seat__handle")
    return {(code, handle): turn for code, own in groupby(rows, key=itemgetter(0)) for turn, (_, handle) in enumerate(own)}


def discuss(scene: Scene, round_: Round, first: datetime, last: datetime) -> None:
    """Open the discussion that the round announced, let each say something, and score a second time, mostly as before."""
    round_ = fresh(round_)
    if not round_.has_discussion:
        return
    clock.hold(first)
    if round_.state == RoundState.OPEN:
        reviewing.open_discussion(actor=scene.organiser, round=round_)
    given = Review.objects.using(alias()).filter(seat__round=round_, seat__is_absent=False, state=ReviewState.SUBMITTED)
    rows = list(given.exclude(second__state=ReviewState.SUBMITTED).select_related("seat__round", "entry").order_by("seat__handle", "entry__code"))
    turns, remarks = _turns(round_), texts("feedback")["remarks"]
    with scene.moments(first, last, 2 * len(rows)) as tick:
        for row in rows:
            code, handle = row.entry.code, row.seat.handle
            material, pool = scene.draw("second", handle, code), remarks[level_of(sum(row.scores.values()) / len(row.scores))]
            tick()
            reviewing.write_remark(actor=row.seat, entry=row.entry, text=words(scene.draw("remarks", code).deal(pool, turns[code, handle]), "fi"))
            if round_.scorings == 2:
                tick()
                scores = {code: value + material.random.choice((0, 0, 0, 1)) * (value < SCALE_MAX) for code, value in row.scores.items()}
                reviewing.submit_second(actor=row.seat, entry=row.entry, scores=scores, comment=row.comment)
    scene.say(f"the body discussed {len({row.entry_id for row in rows})} entries and scored them again: {round_.title['fi']}")


def _quality(scene: Scene, code: str, is_best: bool) -> float:
    random = scene.draw("quality", code).random
    return random.uniform(8.4, 9.3) if is_best else random.uniform(2.5, 6.8)


def _review(scene: Scene, seat: Seat, draft: Review, criteria: list[str], quality: float, comment: str) -> None:
    scores = scene.draw("review", seat.handle, draft.entry.code).scores(criteria, quality)
    reviewing.submit_review(actor=seat, entry=draft.entry, scores={**scores, **draft.scores}, comment=draft.comment or comment)


def say_why_fewer(scene: Scene, competition: Competition, round_: Round) -> None:
    """Give the reason where fewer go on than was promised and nobody has given one."""
    found = sheets.sheet(competition, round_)
    if found.is_fewer and not found.ruling.fewer_reason:
        reason = "Muut kohteet jäivät selvästi jälkeen, eikä niiden jatko olisi ollut perusteltu."
        competitions.give_reason_for_fewer(actor=scene.organiser, competition=competition, round=round_, reason=reason)


def meet(scene: Scene, round_: Round, first: datetime, last: datetime) -> None:
    """Let the body meet on its complete round: every entry in turn, the best ones with a note. A meeting that a person began goes on."""
    round_ = fresh(round_)
    held, people = agenda.meeting_of(round_), people_of(round_)
    if held is None:
        clock.hold(first)
        present = {one.handle: True for one in Seat.objects.using(alias()).filter(round=round_, is_absent=False)}
        held = reviewing.start_meeting(actor=scene.organiser, round=round_, present=present, place="Kuntatalo, Helsinki")
    if held.state != MeetingState.RUNNING:
        return
    items = [row for row in agenda.agenda(held).items if row.left is None or row.position == held.turn]
    with scene.moments(first, last, len(items) + 1) as tick:
        for row in items:
            tick()
            reviewing.turn_to(actor=scene.organiser, meeting=held, position=row.position)
            if row.place and row.place <= round_.quota and not row.note:
                entry = Entry.objects.using(alias()).get(code=row.code)
                reviewing.write_note(actor=scene.organiser, meeting=held, entry=entry, text="Raati keskusteli kohteesta ja piti sitä vahvana.")
        tick()
        reviewing.end_meeting(actor=scene.organiser, meeting=held)
    scene.say(f"{len(people)} sat in the meeting: {round_.title['fi']}")


def approve(scene: Scene, round_: Round) -> None:
    """Let the organiser approve the minutes of a meeting that has ended."""
    held = agenda.meeting_of(fresh(round_))
    if held is None or held.state != MeetingState.ENDED:
        return
    ruling = Ruling.objects.get(key=round_.key)
    decisions = {line.entry_code: agenda.Decision(line.is_taken, line.reason) for line in ruling.lines.all()}
    why, quota = ruling.fewer_reason, ruling.quota
    seen = minutes_hash(agenda.minutes_of(agenda.agenda(held), decisions, fewer_reason=why, quota=quota))
    reviewing.approve_minutes(actor=scene.organiser, meeting=held, seen=seen, decisions=decisions, fewer_reason=why, quota=quota)
