"""What is asked of teams beside the application: the organiser asks, the team answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from klash.accounts.models import User
from klash.challenges.models import Challenge
from klash.competitions.models import Competition
from klash.core import access, audit, clock, workflow
from klash.core.errors import Refused
from klash.core.fields import Text
from klash.rules import grounds
from klash.rules.knowhow import KNOW_HOW
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason
from klash.teams import selectors
from klash.teams.models import (
    Acceptance,
    Conditions,
    Declaration,
    EligibilityAnswer,
    EligibilityQuestion,
    NeededSkill,
    Needs,
    NoticeFacts,
    Team,
    TeamFirm,
    TeamRules,
)
from klash.teams.services.records import record


@transaction.atomic
def save_team_rules(*, actor: Any, competition: Competition, one_team: str, asks_declarations: bool) -> TeamRules:
    """Set the rules of the team call. Raises Denied(NO_ROLE; FROZEN once the call has begun)."""
    workflow.lock(competition)
    rules = selectors.rules_of(competition)
    access.ensure(actor, Permission.SET_TEAM_RULES, rules)
    rules.one_team, rules.asks_declarations = one_team, asks_declarations
    rules.save()
    body = {"one_team": one_team, "asks_declarations": asks_declarations}
    audit.record("team_rules.saved", actor=actor, competition=competition.code, thing=f"competition/{competition.code}", body=body)
    return rules


@transaction.atomic
def add_eligibility_question(*, actor: Any, competition: Competition, text: Text, wanted: bool, why: Text, onward: Text) -> EligibilityQuestion:
    """Add a question on who may take part. Raises Denied(NO_ROLE; FROZEN once the call has begun)."""
    access.ensure(actor, Permission.SET_TEAM_RULES, selectors.rules_of(competition))
    question = EligibilityQuestion.objects.create(competition=competition, text=text, wanted=wanted, why=why, onward=onward)
    audit.record(
        "eligibility.added", actor=actor, competition=competition.code, thing=f"eligibility/{question.code}", body={"text": text, "wanted": wanted}
    )
    return question


@transaction.atomic
def remove_eligibility_question(*, actor: Any, question: EligibilityQuestion) -> None:
    """Remove a question on who may take part. Raises Denied(NO_ROLE; FROZEN once the call has begun)."""
    access.ensure(actor, Permission.SET_TEAM_RULES, selectors.rules_of(question.competition))
    code = question.code
    question.delete()
    audit.record("eligibility.removed", actor=actor, competition=question.competition.code, thing=f"eligibility/{code}")


@transaction.atomic
def publish_conditions(*, actor: Any, competition: Competition, text: Text) -> Conditions:
    """Publish a new version of the conditions, which every team that has not been decided on accepts anew. An equal text is no new version.

    Raises Denied(NO_ROLE).
    """
    access.ensure(actor, Permission.PUBLISH_CONDITIONS, competition)
    workflow.lock(competition)
    newest = selectors.conditions_of(competition)
    if newest is not None and newest.text == text:
        return newest
    number = newest.number + 1 if newest else 1
    made = Conditions.objects.create(competition=competition, number=number, text=text, published_at=clock.now())
    body = {"number": number, "hash": audit.sha256("klash/1/conditions", audit.canonical(text))}
    audit.record("conditions.published", actor=actor, competition=competition.code, thing=f"conditions/{competition.code}", body=body)
    return made


@transaction.atomic
def set_needs(*, actor: Any, challenge: Challenge, skills: Sequence[str], own: Sequence[Text] = ()) -> None:
    """Set which know-how a challenge needs: of the list, and such as the list does not have.

    Raises Denied(NO_ROLE; FROZEN once the call has begun) or Refused(INCOMPLETE) for a code that is not in the list.
    """
    access.ensure(actor, Permission.SET_NEEDS, Needs(challenge))
    if not set(skills) <= set(KNOW_HOW):
        raise Refused(Reason.INCOMPLETE)
    workflow.lock(challenge)
    NeededSkill.objects.filter(challenge=challenge).delete()
    wanted: list[tuple[str, Text]] = [(code, {}) for code in KNOW_HOW if code in skills]
    wanted += [(f"own-{number}", name) for number, name in enumerate(own, 1)]
    NeededSkill.objects.bulk_create(NeededSkill(challenge=challenge, code=code, name=name) for code, name in wanted)
    body = {"skills": [code for code, _ in wanted], "own": list(own)}
    audit.record("challenge.needs_set", actor=actor, competition=challenge.chain, thing=f"challenge/{challenge.code}", body=body)


@transaction.atomic
def answer_eligibility(*, actor: User, team: Team, answers: Mapping[str, bool]) -> None:
    """Save a team's answers on whether it may take part; a wrong answer is kept too, and its team cannot apply.

    answers: a question's code -> the answer. Raises Denied (not a writer, outside the call).
    """
    access.ensure(actor, Permission.ANSWER_ELIGIBILITY, team)
    workflow.lock(team)
    for question in selectors.eligibility_of(team.challenge.competition):
        if question.code in answers:
            EligibilityAnswer.objects.update_or_create(
                team=team, question=question, defaults={"answer": answers[question.code], "answered_at": clock.now()}
            )
    record("team.eligibility_answered", actor, team, {"answers": dict(answers)})


@transaction.atomic
def accept_conditions(*, actor: User, team: Team, number: int) -> Acceptance:
    """Accept a version of the conditions for the team.

    Raises Denied (not the leader, outside the call) or Refused(PAGE_CHANGED) for a version that is not the newest.
    """
    access.ensure(actor, Permission.ACCEPT_CONDITIONS, team)
    newest = selectors.conditions_of(team.challenge.competition)
    if newest is None or newest.number != number:
        raise Refused(Reason.PAGE_CHANGED)
    found, is_new = Acceptance.objects.get_or_create(team=team, conditions=newest, defaults={"person": actor, "accepted_at": clock.now()})
    if is_new:
        record("team.conditions_accepted", actor, team, {"number": number})
    return found


@transaction.atomic
def declare_grounds(*, actor: User, team: Team, firms: Sequence[TeamFirm] = ()) -> None:
    """Confirm for oneself, and for organisations of the team that one may answer for, that no ground for exclusion exists; once each.

    Raises Denied (not a member, outside the call).
    """
    access.ensure(actor, Permission.DECLARE_GROUNDS, team)
    now = clock.now()
    own = Declaration.objects.get_or_create(team=team, person=actor, firm=None, version=grounds.VERSION, defaults={"declared_at": now})
    declared = [("person", actor.code)] if own[1] else []
    for firm in firms:
        _, is_new = Declaration.objects.get_or_create(
            team=team, firm=firm, version=grounds.VERSION, defaults={"person": actor, "declared_at": now}
        )
        declared += [("firm", firm.code)] if is_new else []
    if declared:
        record("team.grounds_declared", actor, team, {"version": grounds.VERSION, "of": declared})


@transaction.atomic
def tell_notice_facts(*, actor: User, team: Team, country: str, size: str) -> NoticeFacts:
    """Tell what the result notice asks of the team. Raises Denied(NOT_YOURS)."""
    access.ensure(actor, Permission.TELL_NOTICE_FACTS, team)
    facts, _ = NoticeFacts.objects.update_or_create(team=team, defaults={"country": country, "size": size, "told_at": clock.now()})
    record("team.notice_facts_told", actor, team, {"hash": audit.sha256("klash/1/notice", team.code, country, size)})
    return facts
