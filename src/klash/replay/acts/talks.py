"""The sessions of the mentoring are held: check-in, note, advice, materials, feedback; what teams make of it in the evening; badges at the end."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby

from klash.competitions.models import Competition
from klash.core import clock
from klash.mentoring import services as mentoring
from klash.mentoring.models import Advice, DiaryEntry, Material, MentoringDay, Session, SessionFeedback
from klash.replay.acts.teams import leader_of
from klash.replay.material import texts, words
from klash.replay.scene import Scene
from klash.rules.states import SessionState
from klash.teams.models import Team

EVENING = timedelta(hours=2)  # after the day's last session
ADVICE, ANSWERS = 2, ["taken"] * 6 + ["later"] * 2 + ["not_taken"] * 2 + [""]
MANY = 10  # of so many sessions a team forgets one


def hold(scene: Scene, competition: Competition) -> None:
    """Hold all planned sessions day by day; of many, one is missed."""
    sessions = list(_sessions(competition))
    missed = sessions[len(sessions) // 2].pk if len(sessions) >= MANY else 0
    done = 0
    for day, own in groupby(sessions, key=lambda session: session.slot.day):
        of_day, here = list(own), set[int]()
        _wish(scene, of_day)
        for slot, at_once in groupby(of_day, key=lambda session: session.slot):
            held = list(at_once)
            clock.hold(slot.starts_at)
            _check_in(day, held, here)
            clock.hold(slot.ends_at)
            for session in held:
                (_miss if session.pk == missed else _meet)(scene, session)
            done += len(held)
            scene.step(done / len(sessions))
        clock.hold(of_day[-1].slot.ends_at + EVENING)
        _think(scene, competition, day)
    _give_badges(scene, competition)


def _sessions(competition: Competition) -> Iterator[Session]:
    rows = Session.objects.filter(slot__day__competition=competition).exclude(state=SessionState.CANCELLED)
    rows = rows.select_related("slot__day__competition", "team__challenge__competition", "mentor__person")
    yield from rows.order_by("slot__day__on", "slot__day__number", "slot__starts_at", "team__name", "pk")


def _wish(scene: Scene, sessions: list[Session]) -> None:
    """In the morning each team writes what it wants to talk about."""
    clock.hold(sessions[0].slot.starts_at - timedelta(minutes=15))
    for session in sessions:
        if session.state == SessionState.PLANNED and not session.wish:
            text = words(scene.draw("wish", session.slot.starts_at, session.team.name).pick(texts("mentoring")["wishes"]), session.team.language)
            mentoring.write_wish(actor=leader_of(session.team), session=session, text=text)


def _check_in(day: MentoringDay, sessions: list[Session], here: set[int]) -> None:
    """Let those check in whose first session of the day begins. here: who has."""
    planned = [session for session in sessions if session.state == SessionState.PLANNED]
    for person in [person for session in planned for person in (session.mentor.person, leader_of(session.team))]:
        if person.pk not in here:
            mentoring.check_in(actor=person, day=day)
            here.add(person.pk)


def _miss(scene: Scene, session: Session) -> None:
    if session.state == SessionState.PLANNED:
        mentoring.miss_session(actor=session.mentor.person, session=session, missing="team")
        scene.say(f"{session.team.name} did not come to {session.mentor.person.name}")


def _meet(scene: Scene, session: Session) -> None:
    mentor, language, material = session.mentor.person, session.team.language, texts("mentoring")
    draw = scene.draw("session", session.slot.starts_at, session.team.name)
    if session.state == SessionState.PLANNED:
        if not session.note:
            mentoring.write_note(actor=mentor, session=session, text=words(draw.pick(material["notes"]), language))
        mentoring.hold_session(actor=mentor, session=session)
        scene.say(f"{session.team.name} met {mentor.name} in {session.slot.day.place}")
    if not session.advice.exists():
        for row in draw.random.sample(material["advice"], ADVICE):
            mentoring.give_advice(actor=mentor, session=session, text=words(row, language))
    given = set(SessionFeedback.objects.filter(session=session).values_list("side", flat=True))
    if "mentor" not in given:
        needs = words(draw.pick(material["mentor_needs"]), language)
        text = words(draw.pick(material["mentor_feedback"]), language)
        mentoring.give_feedback(actor=mentor, session=session, mark=draw.random.randint(3, 5), text=text, needs=needs)
    if "team" not in given:
        mark, frankness = draw.random.randint(3, 5), draw.random.randint(2, 5)
        text = words(draw.pick(material["team_feedback"]), language)
        mentoring.give_feedback(actor=leader_of(session.team), session=session, mark=mark, frankness=frankness, text=text)


def _think(scene: Scene, competition: Competition, day: MentoringDay) -> None:
    """Let teams answer the day's advice and write in their diaries in the evening, and the first mentor of the day give all of a challenge a material."""
    held = Session.objects.filter(slot__day=day, state=SessionState.HELD)
    rows = list(held.select_related("slot__day__competition", "team__challenge__competition", "mentor__person").order_by("slot__starts_at", "pk"))
    if rows and not Material.objects.filter(session__slot__day=day).exists():
        row = scene.draw("material", day.number).pick(texts("mentoring")["materials"])
        title, text = (words(row[name], rows[0].team.language) for name in ("title", "text"))
        material = mentoring.give_material(actor=rows[0].mentor.person, session=rows[0], title=title, text=text)
        mentoring.offer_to_all(actor=rows[0].mentor.person, material=material)
    for session in rows:
        _answer(scene, competition, session)
    for session in {session.team_id: session for session in rows}.values():
        if not DiaryEntry.objects.filter(team=session.team, session__slot__day=day).exists():
            text = words(scene.draw("diary", day.number, session.team.name).pick(texts("mentoring")["diary"]), session.team.language)
            mentoring.write_entry(actor=leader_of(session.team), team=session.team, text=text, session=session)


def _answer(scene: Scene, competition: Competition, session: Session) -> None:
    sections = ["", *(section.code for section in competition.sections())]
    for advice in Advice.objects.filter(session=session, answer="").order_by("number"):
        draw = scene.draw("answer", session.slot.starts_at, session.team.name, advice.number)
        if answer := draw.pick(ANSWERS):
            advice.session = session
            why = words(draw.pick(texts("mentoring")["answers"][answer]), session.team.language)
            section = draw.pick(sections) if answer == Advice.Answer.TAKEN else ""
            mentoring.answer_advice(actor=leader_of(session.team), advice=advice, answer=answer, why=why, section=section)


def _give_badges(scene: Scene, competition: Competition) -> None:
    """Offer the open badge; the leader of each team that has met a mentor takes one."""
    mentoring.offer_badges(actor=scene.organiser, competition=competition)
    for team in Team.objects.admitted().filter(challenge__competition=competition, sessions__state=SessionState.HELD).distinct().order_by("pk"):
        mentoring.take_badge(actor=leader_of(team), competition=competition)
