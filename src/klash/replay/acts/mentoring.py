"""The month of mentoring is prepared: who brings what and can when, days with rooms, a timetable that is published, and one mentor who cannot come."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from klash.competitions.models import Competition
from klash.core import clock
from klash.core.errors import Refused
from klash.core.fields import Text
from klash.mentoring import selectors
from klash.mentoring import services as mentoring
from klash.mentoring.models import MentoringDay, MentorLeave, MentorProfile, Plan, Session, TeamNeeds
from klash.mentoring.services import JointWords
from klash.post.services import digest_of
from klash.replay.acts import talks
from klash.replay.acts.teams import leader_of
from klash.replay.calendar import at
from klash.replay.facts import DayFact
from klash.replay.material import texts, words
from klash.replay.scene import Scene
from klash.rules.reasons import Reason
from klash.rules.states import SessionState
from klash.teams.models import Team

FIRST_HOUR, HOURS, LUNCH, MINUTES = 9, 9, 3, 45
SUBSTITUTES = 4  # mentors of a day, so that one of them can stay away and the others step in
NEEDS = 3
# Of which kinds of organisations mentors of a sector come, of which sizes, and from where; all invented.
KINDS = {"business": ("company", "self"), "public": ("municipality", "state", "welfare"), "third_sector": ("association",), "research": ("school",)}
SIZES = ("2-49", "50-249", "250-")
REGIONS = ("Uusimaa", "Pirkanmaa", "Pohjois-Karjala", "Kanta-Häme", "Pohjanmaa")


def meet(scene: Scene) -> None:
    """Plan the mentoring days, publish, replace a mentor who leaves one, and hold the sessions."""
    competition, opens_at = scene.competition, scene.spans["team_selection"].closes_at + timedelta(hours=1)
    clock.hold(opens_at)
    profiles = _mentors(scene, competition)
    days = [_day(scene, competition, number, fact) for number, fact in enumerate(scene.facts.mentoring_sessions, 1)]
    if selectors.published_of(competition) is None:
        _tell(scene, competition, profiles, days)
        _plan(scene, competition)
    clock.hold(opens_at + timedelta(hours=2))
    _leave(scene, competition)
    talks.hold(scene, competition)


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
    slots = [(at(fact.date, FIRST_HOUR + i), at(fact.date, FIRST_HOUR + i, MINUTES)) for i in range(HOURS) if i != LUNCH]
    day = mentoring.add_day(
        actor=scene.organiser, competition=competition, number=number if number not in taken else max(taken) + 1, on=fact.date, place=fact.place,
        topic=topic_of(fact), challenges=[challenge for name, challenge in scene.challenges() if name in fact.for_], slots=slots,
        rooms=[(f"Huone {room}", "") for room in range(1, len(fact.mentors) + len(_roaming(scene)) + 1)],
    )
    if len(fact.for_) > 1:  # all teams together: they begin the day so
        title = topic_of(fact) or texts("mentoring")["joint"]
        mentoring.add_joint_session(actor=scene.organiser, day=day, words=JointWords(*slots[0], title, fact.place))
    return day


def topic_of(fact: DayFact) -> Text:
    """Return the topic of a day, translated where the file has it in English only."""
    return next((dict(row) for row in texts("mentoring")["topics"] if row["en"] == fact.topic.get("en")), fact.topic)


def _roaming(scene: Scene) -> list[str]:
    """Return the mentors of whom the file does not tell on which days they were: they come on all."""
    total = scene.facts.mentors_count.get("total", len(scene.facts.mentors))
    return [f"m{number}" for number in range(len(scene.facts.mentors) + 1, total + 1)]


# What both sides tell before anything is planned.

def _tell(scene: Scene, competition: Competition, profiles: dict[str, MentorProfile], days: Sequence[MentoringDay]) -> None:
    letters = mentoring.letters_for_times(competition)
    mentoring.ask_for_times(actor=scene.organiser, competition=competition, seen=digest_of(letters))
    roaming = _roaming(scene)
    for name, profile in profiles.items():
        facts = [(day, fact) for day, fact in zip(days, scene.facts.mentoring_sessions, strict=True) if name in (*fact.mentors, *roaming)]
        _tell_mentor(scene, profile, {day: name in fact.remote for day, fact in facts})
    for team in _teams(competition):
        _tell_team(scene, team, list(profiles.values()))
    scene.say("mentors and teams have told their times, needs and wishes")


def _tell_mentor(scene: Scene, mentor: MentorProfile, days: dict[MentoringDay, bool]) -> None:
    draw, person = scene.draw("background", mentor.person.email), mentor.person
    if mentor.saved_at is None:
        kind = draw.pick(KINDS[mentor.sector])
        mentoring.save_profile(
            actor=person, mentor=mentor, sector=mentor.sector, organisation_kind=kind, organisation_size="1" if kind == "self" else draw.pick(SIZES),
            languages=["fi", "sv"] if draw.random.random() < 0.3 else ["fi"], region=draw.pick(REGIONS), field=mentor.field, text=mentor.text,
        )
    if mentor.times_at is None:
        own = Session.objects.filter(mentor=mentor, state=SessionState.PLANNED).select_related("slot")  # by hand, maybe on other days
        times = {session.slot_id: session.is_online for session in own}
        times |= {slot.pk: is_online for day, is_online in days.items() for slot in day.slots.all()}
        mentoring.tell_times(actor=person, mentor=mentor, times=times)


def _teams(competition: Competition) -> list[Team]:
    return list(Team.objects.told().filter(challenge__competition=competition).select_related("challenge__competition").order_by("pk"))


def _tell_team(scene: Scene, team: Team, mentors: Sequence[MentorProfile]) -> None:
    draw, material, leader = scene.draw("needs", team.name), texts("mentoring"), leader_of(team)
    if not TeamNeeds.objects.filter(team=team, saved_at__isnull=False).exists():
        needs = [words(row, team.language) for row in draw.random.sample(material["needs"], NEEDS)]
        mentoring.save_needs(actor=leader, team=team, needs=needs, avoid=words(draw.pick(material["avoid"]), team.language), revision=0)
    if not team.mentor_wishes.exists():
        mentoring.save_wishes(actor=leader, team=team, mentors=draw.random.sample(mentors, min(3, len(mentors))))


# The timetable.

def _plan(scene: Scene, competition: Competition) -> None:
    """Plan and publish. What was planned by hand stays where it is."""
    mentoring.save_rules(actor=scene.organiser, competition=competition, values={"sessions_per_team": 5, "team_gap": 1})
    if (plan := _planned(scene, competition, keeps=Session.objects.filter(slot__day__competition=competition).exists())) is not None:
        scene.say(f"a timetable of {plan.meetings.count()} sessions is published")


def _planned(scene: Scene, competition: Competition, *, keeps: bool) -> Plan | None:
    """Let the planner work and publish what it suggests; None where there is nothing to plan."""
    try:
        run = mentoring.run_plan(mentoring.ask_to_plan(actor=scene.organiser, competition=competition, keeps=keeps))
    except Refused as refused:
        if refused.reason != Reason.NOTHING_TO_PLAN:
            raise
        return None
    if run.plan is None:
        raise RuntimeError(f"the planner ended with {run.fault}")
    return mentoring.publish_plan(actor=scene.organiser, plan=run.plan, revision=run.plan.revision, accepts_breaches=True)


def _leave(scene: Scene, competition: Competition) -> None:
    """Let one mentor of the last day with enough others stay away; the timetable is planned anew, and little moves."""
    if MentorLeave.objects.filter(mentor__competition=competition).exists():
        return
    for day in MentoringDay.objects.filter(competition=competition).order_by("-on", "-number"):
        mentors = competition.mentors.filter(times__slot__day=day).distinct()
        planned = Session.objects.filter(slot__day=day, state=SessionState.PLANNED)
        busy = mentors.filter(pk__in=planned.values("mentor")).select_related("person", "competition").order_by("pk")
        if mentors.count() >= SUBSTITUTES and busy:
            mentor = scene.draw("leave", day.number).pick(busy)
            mentoring.leave_day(actor=mentor.person, mentor=mentor, day=day)
            _planned(scene, competition, keeps=True)
            scene.say(f"{mentor.person.name} cannot come on {day.on}; the timetable is planned anew and published")
            return
