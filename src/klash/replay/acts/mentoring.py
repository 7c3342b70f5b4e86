"""Mentoring days: who meets whom, a note and feedback both ways."""

from datetime import timedelta
from typing import Any

from klash.competitions.models import Competition
from klash.core import clock
from klash.core.fields import Text
from klash.mentoring import services as mentoring
from klash.mentoring.bridge import suggest_timetable
from klash.mentoring.models import MentoringDay, MentorProfile, Session, SessionFeedback
from klash.replay.acts.teams import leader_of
from klash.replay.calendar import at
from klash.replay.facts import DayFact
from klash.replay.material import texts, words
from klash.replay.scene import Scene
from klash.rules.states import SessionState
from klash.teams.models import Team

FIRST_HOUR, HOURS, LUNCH = 9, 9, 3


def meet(scene: Scene) -> None:
    """Hold the mentoring days: sessions without double bookings, a note and feedback both ways."""
    competition = scene.competition
    clock.hold(scene.spans["team_selection"].closes_at + timedelta(hours=1))
    profiles = _mentors(scene, competition)
    extra = list(profiles.values())[len(scene.facts.mentors):]
    for number, fact in enumerate(scene.facts.mentoring_sessions, 1):
        day = _day(scene, competition, number, fact)
        for slot, team, mentor in suggest_timetable(day, [profiles[name] for name in fact.mentors] + extra):
            mentoring.plan_session(actor=scene.organiser, slot=slot, team=team, mentor=mentor)
    _hold(scene)
    _give_badges(scene, competition)


def _mentors(scene: Scene, competition: Competition) -> dict[str, MentorProfile]:
    facts, backgrounds = scene.facts, texts("mentoring")["backgrounds"]
    total = facts.mentors_count.get("total", len(facts.mentors))
    sectors = {fact.id: fact.sector for fact in facts.mentors}
    names = [*sectors, *(f"m{number}" for number in range(len(sectors) + 1, total + 1))]
    found: dict[str, MentorProfile] = {}
    for number, name in enumerate(names):
        row = backgrounds[number % len(backgrounds)]
        sector = sectors.get(name, "unknown")
        columns: dict[str, Any] = {"sector": row["sector"] if sector == "unknown" else sector, "field": row["field"], "text": row["text"]}
        found[name] = scene.someone(
            f"mentor.{name}", lambda person: mentoring.add_mentor(actor=scene.organiser, competition=competition, person=person, **columns)  # noqa: B023
        )
    scene.say(f"{len(found)} mentors are ready")
    return found


def _day(scene: Scene, competition: Competition, number: int, fact: DayFact) -> MentoringDay:
    days = MentoringDay.objects.filter(competition=competition)
    if (found := days.filter(on=fact.date, place=fact.place).first()) is not None:
        return found
    taken = set(days.values_list("number", flat=True))
    slots = [(at(fact.date, FIRST_HOUR + i), at(fact.date, FIRST_HOUR + i, 45)) for i in range(HOURS) if i != LUNCH]
    return mentoring.add_day(
        actor=scene.organiser, competition=competition, number=number if number not in taken else max(taken) + 1, on=fact.date, place=fact.place,
        topic=topic_of(fact), challenges=[challenge for name, challenge in scene.challenges() if name in fact.for_], slots=slots,
    )


def topic_of(fact: DayFact) -> Text:
    """Return the topic of a day, translated where the file has it in English only."""
    return next((dict(row) for row in texts("mentoring")["topics"] if row["en"] == fact.topic.get("en")), fact.topic)


def _hold(scene: Scene) -> None:
    rows = Session.objects.filter(slot__day__competition__code=scene.code).exclude(state=SessionState.CANCELLED)
    sessions = list(
        rows.select_related("slot__day__competition", "team__challenge__competition", "mentor__person").order_by("slot__starts_at", "team__name", "pk")
    )
    for number, session in enumerate(sessions, 1):
        clock.hold(session.slot.ends_at)
        _meet(scene, session)
        scene.say(f"{session.team.name} met {session.mentor.person.name} in {session.slot.day.place}")
        scene.step(number / len(sessions))


def _meet(scene: Scene, session: Session) -> None:
    mentor, language, material = session.mentor.person, session.team.language, texts("mentoring")
    draw = scene.draw("session", session.slot.starts_at, session.team.name)
    if session.state == SessionState.PLANNED:
        if not session.note:
            mentoring.write_note(actor=mentor, session=session, text=words(draw.pick(material["notes"]), language))
        mentoring.hold_session(actor=mentor, session=session)
    given = set(SessionFeedback.objects.filter(session=session).values_list("side", flat=True))
    for side, person in (("mentor", mentor), ("team", leader_of(session.team))):
        text = words(draw.pick(material[f"{side}_feedback"]), language)
        mark = draw.random.randint(3, 5)
        if side not in given:
            mentoring.give_feedback(actor=person, session=session, mark=mark, text=text)


def _give_badges(scene: Scene, competition: Competition) -> None:
    """Offer the open badge; the leader of each team that has met a mentor takes one."""
    mentoring.offer_badges(actor=scene.organiser, competition=competition)
    for team in Team.objects.admitted().filter(challenge__competition=competition, sessions__state=SessionState.HELD).distinct().order_by("pk"):
        mentoring.take_badge(actor=leader_of(team), competition=competition)
