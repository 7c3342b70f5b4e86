"""Chosen problems become challenges: a brief, a pilot municipality, a contest notice."""

from datetime import datetime, timedelta
from typing import Any

from klash.accounts.models import User
from klash.challenges import services as challenges
from klash.challenges.models import BRIEF_SECTIONS, TEXTS, Challenge, hash_of
from klash.core import clock
from klash.core.fields import Text
from klash.core.show import ZONE
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
    opens_at = scene.spans["team_call"].opens_at + timedelta(minutes=5)
    for problem in sorted(chosen, key=lambda row: (facts[row.pk].number if row.pk in facts else len(facts) + 1, row.pk)):
        _write(scene, problem, facts.get(problem.pk), opens_at)
    clock.hold(opens_at)
    challenges.publish_due()
    for _, challenge in scene.challenges():
        scene.say(f"challenge published: {challenge.title['fi']}")


def _write(scene: Scene, problem: Problem, fact: ChallengeFact | None, opens_at: datetime) -> None:
    challenge = Challenge.objects.filter(problem=problem).select_related("competition").first() or _create(scene, problem, fact)
    if challenge.state != ChallengeState.DRAFT:
        return
    # What a person has written in a brief stays; a brief with no section of its own is still what the problem gave it.
    kept = {name: getattr(challenge, name) for name in TEXTS} if challenge.goal else {}
    brief = {name: {**text, **kept.get(name, {})} for name, text in _brief(problem, fact).items()}
    officer = scene.someone(
        f"officer.{problem.municipality.code}",
        lambda person: challenges.name_pilot_officer(actor=scene.organiser, challenge=challenge, person=person) or person,
    )
    _discuss(scene, challenge, officer, brief)
    challenges.save_brief(actor=officer, challenge=challenge, texts=brief)
    if not challenge.indicators:
        for indicator in texts("briefs")["indicators"]:
            challenges.save_indicator(actor=officer, challenge=challenge, place=None, indicator=indicator)
    if challenge.missing():
        challenges.save_notice(actor=scene.organiser, challenge=challenge, **_notice(scene, challenge, opens_at))
    for person in (officer, scene.organiser):
        challenges.approve_brief(actor=person, challenge=challenge, seen=hash_of(challenge.content()))
    challenges.schedule_publication(actor=scene.organiser, challenge=challenge, at=opens_at)


def _discuss(scene: Scene, challenge: Challenge, officer: User, brief: dict[str, Text]) -> None:
    """Let the organiser ask about a first wording, which the officer then takes back for a better one."""
    if challenge.goal:
        return
    words = texts("briefs")["talk"]
    challenges.save_brief(actor=officer, challenge=challenge, texts={"goal": words["first_goal"]})
    comment = challenges.comment_brief(actor=scene.organiser, challenge=challenge, place="goal", text=words["comment"])
    suggestion = challenges.suggest_text(actor=scene.organiser, challenge=challenge, place="goal", language="fi", text=brief["goal"]["fi"], why=words["why"])
    challenges.accept_suggestion(actor=officer, suggestion=suggestion, seen=challenges.mark_of(words["first_goal"]["fi"]), answer=words["word"])
    challenges.resolve_comment(actor=officer, comment=comment)
    challenge.refresh_from_db()


def _notice(scene: Scene, challenge: Challenge, opens_at: datetime) -> dict[str, Any]:
    """Return what the notice says: of the real ones it is known that a contract may follow; number and date are invented."""
    follow_up = scene.facts.competition.legal_form.get("follow_up", "direct_award_to_winner_or_winners") == "direct_award_to_winner_or_winners"
    return {
        "reference": challenge.notice_reference or f"HILMA {scene.code}/{challenge.number}", "on": opens_at.astimezone(ZONE).date(), "jury_binds": True,
        "follow_up": follow_up, "least": 2, "most": max(2, challenge.competition.teams_per_challenge_max),
        "is_invented": challenge.notice_is_invented or not challenge.notice_reference,
    }


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
    sections = {**shaping["common"], **(shaping[fact.id] if fact and fact.id in shaping else general)}
    title, lead = _lead(problem, fact)
    return {"title": title, "lead": lead, **{name: sections[name] for name in BRIEF_SECTIONS}}


def _lead(problem: Problem, fact: ChallengeFact | None) -> tuple[Text, Text]:
    if fact is None:  # a problem chosen by hand; its text is in one language, which stands for the other until it is translated
        return {"fi": problem.title, "sv": problem.title}, {"fi": problem.summary, "sv": problem.summary}
    english = {"en": fact.title_en["value"]} if fact.title_en.get("value") else {}
    return {**fact.official_title, **english}, {language: text.strip() for language, text in fact.description.items()}
