"""The competition itself: calendar, partners, criteria, publication."""

from datetime import timedelta

from klash.accounts import services as accounts
from klash.accounts.models import Municipality, Organisation
from klash.competitions import services as competitions
from klash.competitions.models import Competition
from klash.core import audit, clock
from klash.replay.criteria import announced
from klash.replay.facts import NEEDED, OrganisationFact
from klash.replay.material import texts
from klash.replay.scene import Scene
from klash.rules.roles import Role
from klash.rules.states import CompetitionState

TAGLINE = {
    "fi": "Kunnat nimeävät ongelman. Kuka tahansa voi ratkaista sen.",
    "sv": "Kommunerna namnger ett problem. Vem som helst kan lösa det.",
    "en": "Municipalities name a problem. Anyone may solve it.",
}


def publish(scene: Scene) -> None:
    """Make the competition with its calendar, partners and criteria, and publish it."""
    clock.hold(scene.spans["problem_call"].opens_at - timedelta(days=1))
    accounts.load_register()
    organisations = {row.id: _organisation(row) for row in scene.facts.organisations}
    competition = Competition.objects.filter(code=scene.code).first() or _create(scene, organisations[scene.facts.competition.organiser])
    if competition.state != CompetitionState.DRAFT:
        return
    for person, role in ((scene.organiser, Role.ORGANISER), (scene.person("organiser.2"), Role.ORGANISER), (scene.registrar, Role.REGISTRAR)):
        accounts.grant_role(actor=audit.System(), person=person, role=role, competition=scene.code)
    for fact in scene.facts.organisations:
        competitions.add_partner(actor=scene.organiser, competition=competition, organisation=organisations[fact.id], roles=fact.roles)
    _announce(scene, competition)
    _gather(scene)
    competitions.publish_competition(actor=scene.organiser, competition=competition)
    scene.say(f"{competition.name}: published with {len(NEEDED)} stages and {len(organisations)} organisations")


def _organisation(fact: OrganisationFact) -> Organisation:
    kind = "association" if fact.id == "kuntaliitto" else "other"
    return Organisation.objects.get_or_create(code=fact.id, defaults={"name": fact.name, "kind": kind})[0]


def _create(scene: Scene, organiser: Organisation) -> Competition:
    facts, rules = scene.facts, scene.facts.phase("team_call").rules
    reserve = (facts.budget.get("r_and_d_phase") or {}).get("maximum", 0)
    return competitions.create_competition(
        actor=audit.System(), code=scene.code, name=facts.competition.name, summary=facts.competition.summary, tagline=TAGLINE, organiser=organiser,
        website=facts.competition.website, reserve_cents=reserve * 100, is_invented=True, team_size_min=rules.get("team_members_min", 3),
        team_size_max=rules.get("team_members_max", 5), teams_per_challenge_max=facts.phase("team_selection").rules.get("teams_per_challenge_max", 5), challenges_promised=len(facts.challenges),
        takes_questions=facts.phase("judging").rules.get("takes_questions", False),
    )


def _gather(scene: Scene) -> None:
    """Make the accounts of the first of each part, so that one can be them before it begins and stays so when the clock goes back."""
    challenge, mentor = scene.facts.challenges[0].id, scene.facts.mentors[0].id if scene.facts.mentors else "m1"
    parts = ("panellist.{}", "team.1.{}", f"juror.{challenge}.{{}}")
    for name in (*(part.format(number) for part in parts for number in (1, 2)), f"mentor.{mentor}"):
        scene.person(name)
    names = [row.name["fi"] for row in scene.facts.municipalities]
    for place in Municipality.objects.valid_on(clock.now().date()).filter(name_fi__in=names).order_by("code"):
        scene.person(f"officer.{place.code}", "sv" if place.languages.startswith("sv") else "fi")


def _announce(scene: Scene, competition: Competition) -> None:
    there = set(competition.stages_by_kind())
    for name in NEEDED:
        span = scene.spans[name]
        if name not in there:
            competitions.add_stage(
                actor=scene.organiser, competition=competition, kind=name, title=scene.facts.phase(name).title, opens_at=span.opens_at,
                closes_at=span.closes_at, planned_opens_at=span.planned_opens_at,
            )
    for row in texts("problems")["themes"]:
        competitions.add_theme(actor=scene.organiser, competition=competition, code=row["id"], name=row["name"])
    for group in scene.facts.criteria_sets:
        codes = [(row.id, row.name, row.weight) for row in group.criteria]
        competitions.set_criteria(actor=scene.organiser, competition=competition, stage_kind=group.used_in, criteria=announced(codes))
