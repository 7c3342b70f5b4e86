"""Chosen problems become challenges: a brief, a pilot municipality, a contest notice."""

from datetime import timedelta
from typing import Any

from klash.challenges import services as challenges
from klash.challenges.models import BRIEF_SECTIONS, Challenge
from klash.core import clock
from klash.core.fields import Text
from klash.problems.models import Problem
from klash.replay.facts import ChallengeFact
from klash.replay.material import texts
from klash.replay.scene import Scene
from klash.rules.states import ChallengeState, ProblemState


def shape(scene: Scene) -> None:
    """Let organiser and pilot municipalities write and publish the briefs."""
    clock.hold(scene.spans["challenge_shaping"].opens_at + timedelta(days=3))
    facts = {problem.pk: fact for fact in scene.facts.challenges for name, problem in scene.known_problems().items() if name == fact.id}
    chosen = Problem.objects.filter(competition__code=scene.code, state=ProblemState.CHOSEN).select_related("municipality", "competition", "theme", "officer")
    for problem in sorted(chosen, key=lambda row: (facts[row.pk].number if row.pk in facts else len(facts) + 1, row.pk)):
        _write(scene, problem, facts.get(problem.pk))
    clock.hold(scene.spans["team_call"].opens_at + timedelta(minutes=5))
    for _, challenge in scene.challenges():
        if challenge.state == ChallengeState.DRAFT:
            challenges.publish_challenge(actor=scene.organiser, challenge=challenge)
        scene.say(f"challenge published: {challenge.title['fi']}")


def _write(scene: Scene, problem: Problem, fact: ChallengeFact | None) -> None:
    challenge = Challenge.objects.filter(problem=problem).select_related("competition").first() or _create(scene, problem, fact)
    if challenge.state != ChallengeState.DRAFT:
        return
    # What a person has written in a brief stays; a brief with no section of its own is still what the problem gave it.
    kept = {name: getattr(challenge, name) for name in ("title", "lead", *BRIEF_SECTIONS)} if challenge.goal else {}
    columns: dict[str, Any] = {name: {**text, **kept.get(name, {})} for name, text in _brief(problem, fact).items()}
    officer = scene.someone(
        f"officer.{problem.municipality.code}",
        lambda person: challenges.name_pilot_officer(actor=scene.organiser, challenge=challenge, person=person) or person,
    )
    notice = challenge.notice_reference or f"HILMA {scene.code}/{challenge.number}"
    challenges.save_brief(
        actor=officer, challenge=challenge, notice_reference=notice, notice_is_invented=challenge.notice_is_invented or not challenge.notice_reference, **columns
    )


def _create(scene: Scene, problem: Problem, fact: ChallengeFact | None) -> Challenge:
    taken = set(Challenge.objects.filter(competition=problem.competition).values_list("number", flat=True))
    number = fact.number if fact and fact.number not in taken else max(taken | {len(scene.facts.challenges)}) + 1
    name = fact.id if fact else str(number)
    code = name if scene.code == "klash-2019" else f"{scene.code}-{name}"
    return challenges.create_challenge(actor=scene.organiser, problem=problem, code=code, number=number)


def _brief(problem: Problem, fact: ChallengeFact | None) -> dict[str, Text]:
    """Return title, lead and sections: of the known challenge, else the invented ones of the problem's theme."""
    shaping: dict[str, Any] = texts("briefs")
    theme = problem.theme.code if problem.theme else ""
    general = next((row for row in shaping["general"] if row["theme"] == theme), shaping["general"][0])
    sections = shaping[fact.id] if fact and fact.id in shaping else general
    title, lead = _lead(problem, fact)
    return {"title": title, "lead": lead, **{name: sections[name] for name in BRIEF_SECTIONS}}


def _lead(problem: Problem, fact: ChallengeFact | None) -> tuple[Text, Text]:
    if fact is None:  # a problem chosen by hand; its text is in one language, which stands for the other until it is translated
        return {"fi": problem.title, "sv": problem.title}, {"fi": problem.summary, "sv": problem.summary}
    english = {"en": fact.title_en["value"]} if fact.title_en.get("value") else {}
    return {**fact.official_title, **english}, {language: text.strip() for language, text in fact.description.items()}
