"""Teams are founded and apply; a panel a challenge scores the applications and the best are admitted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from klash.accounts import services as accounts
from klash.accounts.models import User
from klash.challenges.models import Challenge
from klash.competitions import selectors as sheets
from klash.competitions import services as competitions
from klash.core import clock
from klash.post.services import digest_of
from klash.replay.acts import bodies, questions
from klash.replay.acts.problems import swedish_share
from klash.replay.facts import TeamFact
from klash.replay.material import texts, words
from klash.replay.scene import Scene
from klash.reviewing import selectors as reading
from klash.reviewing import services as reviewing
from klash.rules.knowhow import KNOW_HOW, ROLES
from klash.rules.states import ApplicationState, RoundState
from klash.teams import selectors
from klash.teams import services as teams
from klash.teams.models import Application, Membership, Team

KINDS = {"janakkala": "mobility", "joensuu": "participation", "vantaa": "study_path"}
REJECTED = 2  # invented applications a challenge above those that are admitted
PLACES = 3  # in a challenge that the file does not know
PANEL = 5
REVIEWS_EACH = 3  # of an application; of a body of five this leaves two in reserve


@dataclass(frozen=True)
class Plan:
    number: int
    kind: str  # of the challenge, in the invented texts
    challenge: Challenge
    name: str
    size: int
    language: str
    is_invented: bool


def kind_of(name: str) -> str:
    """Return which invented texts suit a challenge of this id."""
    return KINDS.get(name, "general")


def places(scene: Scene, name: str) -> int:
    """Return how many teams of a challenge the file knows to be admitted."""
    return scene.facts.teams_count.by_challenge.get(name, PLACES)


def apply(scene: Scene) -> None:
    """Let people ask, leaders found teams, members join, and applications come in."""
    questions.ask(scene)
    span, plan = scene.spans["team_call"], _plan(scene)
    with scene.moments(span.opens_at + timedelta(days=1), span.closes_at - timedelta(minutes=10), len(plan)) as tick:
        for row in plan:
            tick()
            _apply(scene, row)
            scene.say(f"{row.name} applied: {row.challenge.title['fi']}")


def _plan(scene: Scene) -> list[Plan]:
    asked = [
        (name, challenge, fact, place < places(scene, name))
        for name, challenge in scene.challenges() for place, fact in enumerate(_known_first(scene, name))
    ]
    invented = [(number, is_inside) for number, (_, _, fact, is_inside) in enumerate(asked, 1) if fact is None]
    swedish, names = _swedish(scene, invented), {language: _names(scene, language) for language in ("fi", "sv")}
    plan: list[Plan] = []
    for number, (name, challenge, fact, _) in enumerate(asked, 1):
        language = "sv" if number in swedish else "fi"
        title = fact.name if fact else next(names[language])
        size = fact.members_count if fact else scene.draw("team size", number).random.randint(3, 5)
        plan.append(Plan(number, kind_of(name), challenge, title, size, language, fact is None))
    return plan


def _known_first(scene: Scene, name: str) -> list[TeamFact | None]:
    """Return the teams of a challenge that the file knows, then None for each invented one; as many as there are places come in."""
    known = [team for team in scene.facts.teams if team.challenge == name]
    return [*known, *([None] * (places(scene, name) + REJECTED - len(known)))]


def _swedish(scene: Scene, invented: list[tuple[int, bool]]) -> set[int]:
    """Return which invented teams write Swedish: as large a part of them as of the reports come from where it is spoken, one that comes in for certain.

    invented: number of the team, and whether it comes in. The known teams write the language that they wrote.
    """
    draw = scene.draw("swedish teams").random
    order = draw.sample([number for number, _ in invented], len(invented))
    inside = {number for number, is_inside in invented if is_inside}
    first = next((number for number in order if number in inside), 0)
    return set(sorted(order, key=lambda number: number != first)[:max(1, round(swedish_share(scene) * len(order)))])


def _names(scene: Scene, language: str) -> Iterator[str]:
    """Yield invented names in a language without end, each with a number once all are used."""
    names = texts("teams")["team_names"][language]
    drawn = scene.draw("team names", language).random.sample(names, len(names))
    return (f"{name} {again}" if again > 1 else name for again in count(1) for name in drawn)


def _apply(scene: Scene, row: Plan) -> None:
    team = Team.objects.filter(challenge=row.challenge, name=row.name).select_related("challenge__competition").first() or scene.someone(
        f"team.{row.number}.1", lambda person: teams.found_team(
            actor=person, challenge=row.challenge, name=row.name, language=row.language, is_invented=row.is_invented,
        ), row.language,
    )
    application = Application.objects.select_related("team__challenge__competition").get(team=team)
    if application.state != ApplicationState.DRAFT:
        return
    leader = leader_of(team)
    for number in range(2, row.size + 1):
        if team.memberships.count() < number:
            scene.someone(f"team.{row.number}.{number}", lambda person: _join(leader, team, person), row.language)
    _tell_parts(scene, row, team)
    sections = scene.draw("application", row.number).pick(texts("teams")["application_sections"][row.kind])
    given = {key: application.answer(key) or words(sections[key], team.language) for key in (row.code for row in application.form.asked)}
    teams.save_application(actor=leader, application=application, summary=team.summary or given["idea"], answers=given)
    teams.submit_application(actor=leader, application=application)


def _tell_parts(scene: Scene, row: Plan, team: Team) -> None:
    """Let each member say a part and some know-how, and the leader what the result notice asks; the people are invented, and so is what they say."""
    draw = scene.draw("parts in a team", row.number).random
    fresh = Team.objects.select_related("challenge__competition").get(pk=team.pk)
    for member in Membership.objects.filter(team=team).select_related("person").order_by("pk"):
        skills = draw.sample(list(KNOW_HOW), 3)
        teams.tell_role(actor=member.person, team=fresh, role=draw.choice(list(ROLES)), own_role="", skills=skills, own_skills="")
        if member.is_leader:
            teams.tell_notice_facts(actor=member.person, team=fresh, country="FI", size=draw.choice(["none", "sme"]))


def _join(leader: User, team: Team, person: User) -> None:
    if team.memberships.filter(person=person).exists():
        return
    invitation, _ = teams.invite_member(actor=leader, team=team, email=person.email)
    accounts.accept_invitation(actor=person, invitation=invitation)
    teams.join_team(actor=person, team=team)


def leader_of(team: Team) -> User:
    """Return who leads the team. One query."""
    return Membership.objects.select_related("person").get(team=team, is_leader=True).person


def admit(scene: Scene) -> None:
    """Let a panel per challenge score the applications; admit the known places, decline the rest with reasons."""
    for name, challenge in scene.each(scene.challenges()):
        sent = Application.objects.filter(team__challenge=challenge).exclude(submitted_at=None).exclude(state=ApplicationState.WITHDRAWN)
        rows = list(sent.select_related("team__challenge__competition").order_by("pk"))
        if rows:
            _admit(scene, name, challenge, rows)


def _admit(scene: Scene, name: str, challenge: Challenge, rows: list[Application]) -> None:
    span = scene.span("team_selection")
    clock.hold(span.opens_at + timedelta(hours=1))
    inside = _inside(scene, name, challenge, rows)
    round_ = reading.find_round(teams.round_key(challenge))
    if round_ is None or round_.state == RoundState.DRAFT:
        round_ = teams.open_team_round(actor=scene.organiser, challenge=challenge, closes_at=span.closes_at - timedelta(days=5))
        rows = list(Application.objects.filter(pk__in=[row.pk for row in rows]).select_related("team__challenge__competition").order_by("pk"))
    if round_.state != RoundState.COMPLETE:
        bodies.seat(
            scene, round_, f"panel.{name}.{{}}", PANEL,
            lambda person, is_chair: teams.seat_panellist(actor=scene.organiser, challenge=challenge, person=person, is_chair=is_chair),
        )
        friend = leader_of(rows[-1].team)
        bodies.declare(scene, round_, {2: {"kind": "family", "about": "person", "name": friend.name, "email": friend.email}})
        bodies.deal(scene, round_, REVIEWS_EACH)
        best = {str(row.entry_code) for row in rows if row.pk in inside}
        bodies.judge(scene, round_, best, "application_comments", span.opens_at + timedelta(hours=2), span.closes_at - timedelta(days=6))
        clock.hold(span.closes_at - timedelta(days=4, hours=4))
        reviewing.complete_round(actor=scene.organiser, round=bodies.fresh(round_))
    if not sheets.ruling_of(challenge.competition, round_).released_at:
        bodies.meet(scene, round_, span.closes_at - timedelta(days=4, hours=3), span.closes_at - timedelta(days=4, hours=1))
    _decide(scene, challenge, rows, inside)
    bodies.approve(scene, round_)


def _inside(scene: Scene, name: str, challenge: Challenge, rows: list[Application]) -> set[int]:
    """Return who is admitted: teams that a person founded, so that it can go on with them, then known ones, then invented ones."""
    known = {team.name for team in scene.facts.teams}
    by_hand = [row for row in rows if not row.team.is_invented and row.team.name not in known]
    limit = challenge.competition.teams_per_challenge_max
    wanted = min(places(scene, name) + len(by_hand), limit)
    order = sorted(rows, key=lambda row: (row.state != ApplicationState.ADMITTED, row.team.name not in known, row not in by_hand, row.pk))
    return {row.pk for row in order[:wanted] if row.state != ApplicationState.DECLINED}


def _decide(scene: Scene, challenge: Challenge, rows: list[Application], inside: set[int]) -> None:
    clock.hold(scene.span("team_selection").closes_at - timedelta(days=4))
    competition, round_ = challenge.competition, teams.judged_round(challenge)
    found = sheets.sheet(competition, round_)
    by_entry = {row.entry_code: row for row in rows}
    reserve = count(1)
    for turn, decided in enumerate([] if found.is_released else found.rows):
        row = by_entry[decided.place.entry_code]
        is_taken = row.pk in inside if decided.line.is_taken is None else decided.line.is_taken
        kind = "admitted" if is_taken else "declined"
        reason = words(scene.draw("decisions", challenge.code, kind).deal(texts("feedback")["application_reasons"][kind], turn), row.team.language)
        competitions.save_decision(
            actor=scene.organiser, competition=competition, round=round_, entry_code=decided.place.entry_code, is_taken=is_taken,
            reserve_place=None if is_taken else next(reserve), reason=decided.line.reason or reason, feedback=decided.line.feedback, is_invented=True,
        )
    if not found.is_released:
        bodies.say_why_fewer(scene, competition, round_)
        seen = digest_of(teams.write_letters(challenge, selectors.verdicts(challenge, sheets.sheet(competition, round_))))
        teams.release_admissions(actor=scene.organiser, challenge=challenge, seen=seen)
    for row in Application.objects.filter(pk__in=[row.pk for row in rows], state=ApplicationState.ADMITTED).select_related("team").order_by("pk"):
        scene.say(f"{row.team.name} admitted: {challenge.title['fi']}")
