"""Anybody asks about the challenges while the team call begins; the first answers go out to all the next day."""

from datetime import datetime, timedelta

from klash.accounts.models import User
from klash.challenges import services as challenges
from klash.challenges.models import Challenge, PublicQuestion
from klash.core import clock
from klash.replay.material import texts
from klash.replay.scene import Scene
from klash.rules.states import ChallengeState

FIRST, LAST = timedelta(hours=2), timedelta(days=7)  # after the opening of the call, before its end


def ask(scene: Scene) -> None:
    """Let people without a part ask about each challenge, the pilot municipality draft and the organiser release; nothing where somebody has begun by hand."""
    span = scene.spans["team_call"]
    for _, challenge in scene.challenges():
        if challenge.state == ChallengeState.PUBLISHED and challenge.questions_until is None:
            clock.hold(scene.reached(span.opens_at + FIRST))
            _ask(scene, challenge, max(span.closes_at - LAST, span.opens_at + 2 * FIRST))
            clock.hold(clock.now() + timedelta(hours=12))
            _answer(scene, challenge)


def _ask(scene: Scene, challenge: Challenge, until: datetime) -> None:
    challenges.set_question_time(actor=scene.organiser, challenge=challenge, until=until)
    said = texts("questions")
    challenges.save_information_session(actor=scene.organiser, challenge=challenge, title=said["session"], starts_at=clock.now() + timedelta(days=3))
    for number, row in enumerate(said["questions"], 1):
        challenges.ask_publicly(challenge=challenge, text=row["asked"], language="fi", asker=scene.person(f"asker.{number}"), is_invented=True)


def _answer(scene: Scene, challenge: Challenge) -> None:
    first, like, *rest = PublicQuestion.objects.filter(challenge=challenge).select_related("challenge__competition").order_by("pk")
    challenges.join_question(actor=scene.organiser, question=like, to=first)
    said = [row for row in texts("questions")["questions"] if "answer" in row]
    officer = _officer(scene, challenge)
    for question, row in zip((first, *rest), said, strict=True):
        challenges.draft_answer(actor=officer, question=question, wording=row["wording"], answer=row["answer"])
    challenges.release_answers(actor=scene.organiser, challenge=challenge)
    scene.say(f"{len(said)} questions answered: {challenge.title['fi']}")


def _officer(scene: Scene, challenge: Challenge) -> User:
    """Return who wrote the brief for the pilot municipality, or the organiser where nobody did."""
    approved = challenge.versions.filter(approvals__side="pilot").values("approvals__person")
    return User.objects.filter(pk__in=approved).order_by("pk").first() or scene.organiser
