"""What the form of a competition file cannot say: names that lead nowhere, codes that stand twice, sizes and dates that do not fit."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from importlib import resources
from typing import Any

from klash.replay.calendar import spans
from klash.replay.facts import NEEDED, File
from klash.rules import calendar
from klash.rules.names import holds_address, one_line
from klash.rules.reasons import Reason

Fault = tuple[tuple[Any, ...], str]  # the steps to the place in the file, and the reason
JUDGED = ("problem_selection", "team_selection", "judging")
SAYS = {
    Reason.CLOSES_TOO_EARLY: "ends before it starts",
    Reason.OUT_OF_ORDER: "starts before the phase ahead of it",
    Reason.INPUT_STILL_OPEN: "decides on what can still be handed in when it starts",
}


def faults(facts: File) -> list[Fault]:
    """Return every fault of a file whose form is right. Reads the municipality register that ships, no database."""
    missing = [name for name in NEEDED if name not in {phase.id for phase in facts.phases}]
    if missing:
        return [(("phases",), f"phases lack {', '.join(missing)}")]
    return [*_doubles(facts), *_references(facts), *_dates(facts), *_criteria(facts), *_places(facts), *_sizes(facts), *_names(facts), *_choices(facts)]


def _doubles(facts: File) -> Iterator[Fault]:
    for name in ("organisations", "phases", "municipalities", "problems", "challenges", "teams", "mentors", "mentoring_sessions"):
        yield from _repeated((name,), [row.id for row in getattr(facts, name)], "id")
    for i, group in enumerate(facts.criteria_sets):
        yield from _repeated(("criteria_sets", i, "criteria"), [row.id for row in group.criteria], "id")
    yield from _repeated(("criteria_sets",), [row.used_in for row in facts.criteria_sets], "used_in")
    yield from _repeated(("challenges",), [row.number for row in facts.challenges], "number")
    yield from _repeated(("challenges",), [row.from_problem for row in facts.challenges], "from_problem")
    yield from _repeated(("teams",), [(row.challenge, row.name) for row in facts.teams], "name")


def _repeated(steps: tuple[Any, ...], codes: list[Any], key: str) -> Iterator[Fault]:
    for i, code in enumerate(codes):
        if code in codes[:i]:
            yield (*steps, i, key), f"{key} {code if not isinstance(code, tuple) else code[-1]} stands twice"


def _references(facts: File) -> Iterator[Fault]:
    organisations, places = {row.id for row in facts.organisations}, {row.id for row in facts.municipalities}
    problems, challenges = {row.id for row in facts.problems}, {row.id for row in facts.challenges}
    teams, mentors = {row.id: row for row in facts.teams}, {row.id for row in facts.mentors}
    yield from _unknown(("competition", "organiser"), [facts.competition.organiser], organisations, "organisations")
    for i, problem in enumerate(facts.problems):
        yield from _unknown(("problems", i, "municipality"), [problem.municipality], places, "municipalities")
    for i, challenge in enumerate(facts.challenges):
        yield from _unknown(("challenges", i, "from_problem"), [challenge.from_problem], problems, "problems")
        yield from _unknown(("challenges", i, "pilot_municipality"), [challenge.pilot_municipality], places, "municipalities")
    for i, team in enumerate(facts.teams):
        yield from _unknown(("teams", i, "challenge"), [team.challenge], challenges, "challenges")
    yield from _unknown(("teams_count", "by_challenge"), facts.teams_count.by_challenge, challenges, "challenges")
    for i, day in enumerate(facts.mentoring_sessions):
        yield from _unknown(("mentoring_sessions", i, "for"), day.for_, challenges, "challenges")
        yield from _unknown(("mentoring_sessions", i, "mentors"), day.mentors, mentors, "mentors")
    for i, winner in enumerate(facts.winners):
        yield from _unknown(("winners", i, "challenge"), [winner.challenge], challenges, "challenges")
        yield from _unknown(("winners", i, "team"), [winner.team], teams, "teams")
        if winner.team in teams and winner.challenge in challenges and teams[winner.team].challenge != winner.challenge:
            yield ("winners", i, "team"), f"team {winner.team} belongs to {teams[winner.team].challenge}, not to {winner.challenge}"


def _unknown(steps: tuple[Any, ...], names: Iterable[str], known: Iterable[str], where: str) -> Iterator[Fault]:
    for name in names:
        if name not in known:
            yield steps, f"{name} is not among the {where} of the file"


def _dates(facts: File) -> Iterator[Fault]:
    for i, phase in enumerate(facts.phases):
        days = [str(when.value) for when in (phase.start, phase.end) if when is not None]
        if phase.id in NEEDED and len(days) == 2 and days[1] < days[0][: len(days[1])]:
            yield ("phases", i, "end"), f"{phase.id} {SAYS[Reason.CLOSES_TOO_EARLY]}"
            return
    index = {phase.id: i for i, phase in enumerate(facts.phases)}
    planned = {name: (span.opens_at, span.closes_at) for name, span in spans(facts).items()}
    for name, reason in calendar.faults(planned).items():
        yield ("phases", index[name], "start"), f"{name} {SAYS[reason]}"
    first, last = spans(facts)["mentoring"].opens_at.date(), spans(facts)["mentoring"].closes_at.date()
    for i, day in enumerate(facts.mentoring_sessions):
        if not first <= day.date <= last:
            yield ("mentoring_sessions", i, "date"), f"{day.date} lies outside the mentoring, {first} to {last}"


def _criteria(facts: File) -> Iterator[Fault]:
    for i, group in enumerate(facts.criteria_sets):
        weights = [row.weight for row in group.criteria]
        if any(weights) and (sum(weights) != 100 or not all(weights)):
            yield ("criteria_sets", i, "criteria"), f"the weights of {group.id} are {' + '.join(map(str, weights))}; write whole numbers above 0 that add up to 100, or none"
        if group.used_in not in NEEDED:
            yield ("criteria_sets", i, "used_in"), f"{group.used_in} is no phase; choose one of {', '.join(JUDGED)}"
    if missing := [name for name in JUDGED if name not in {row.used_in for row in facts.criteria_sets}]:
        yield ("criteria_sets",), f"no criteria are used in {', '.join(missing)}"


def _places(facts: File) -> Iterator[Fault]:
    day = spans(facts)["problem_call"].opens_at.date()
    register = _register(day)
    for i, row in enumerate(facts.municipalities):
        if row.name["fi"] not in register:
            yield ("municipalities", i, "name"), f"{row.name['fi']} is no municipality in the register of {day}"
    wanted = facts.phase("problem_call").result.get("municipalities", 0)
    if isinstance(wanted, int) and wanted > len(register):
        yield _in_phase(facts, "problem_call", "result", "municipalities"), f"the register of {day} has {len(register)} municipalities"


def _register(day: date) -> set[str]:
    with resources.files("klash.accounts").joinpath("data/municipalities.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {row["name_fi"] for row in rows if row["valid_from"] <= day.isoformat() and (not row["valid_to"] or row["valid_to"] >= day.isoformat())}


def _sizes(facts: File) -> Iterator[Fault]:
    numbers = _numbers(facts)
    for steps, value, least, most in numbers:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield steps, f"{steps[-1]} is {value!r}; write a whole number from {least} to {most}"
    if any(not isinstance(value, int) for _, value, _, _ in numbers):
        return
    rules = facts.phase("team_call").rules
    low, high = rules.get("team_members_min", 3), rules.get("team_members_max", 5)
    for i, team in enumerate(facts.teams):
        if not low <= team.members_count <= high:
            yield ("teams", i, "members_count"), f"team {team.id} has {team.members_count} members; a team has {low} to {high}"
    most = facts.phase("team_selection").rules.get("teams_per_challenge_max", 5)
    count = facts.teams_count
    for name, places in count.by_challenge.items():
        known = sum(team.challenge == name for team in facts.teams)
        if not known <= places <= most:
            yield ("teams_count", "by_challenge", name), f"{name} admits {places} teams; the file names {known}, and a challenge takes at most {most}"
    if sum(count.by_challenge.values()) != count.total:
        yield ("teams_count", "total"), f"total is {count.total}, the challenges together admit {sum(count.by_challenge.values())}"


def _names(facts: File) -> Iterator[Fault]:
    for i, team in enumerate(facts.teams):
        if team.name != (line := one_line(team.name)):
            yield ("teams", i, "name"), f"{team.name!r} would be kept as {line!r}; write it so"
        if holds_address(team.name):
            yield ("teams", i, "name"), f"{team.name} holds a web or e-mail address; write the name without it"


def _choices(facts: File) -> Iterator[Fault]:
    asks = facts.phase("judging").rules.get("takes_questions", False)
    if not isinstance(asks, bool):
        yield _in_phase(facts, "judging", "rules", "takes_questions"), f"takes_questions is {asks!r}; write true or false"


def _numbers(facts: File) -> list[tuple[tuple[Any, ...], Any, int, int]]:
    """Return the numbers that stand among free notes: where, what, the least and the most that make sense."""
    call, rules, choice = facts.phase("problem_call").result, facts.phase("team_call").rules, facts.phase("team_selection").rules
    body = next((i for i, row in enumerate(facts.bodies) if row.get("id") == "expert_panel_2018" and "size" in row), None)
    found: list[tuple[tuple[Any, ...], Any, int, int]] = [
        (_in_phase(facts, "problem_call", "result", "problems"), call.get("problems", len(facts.problems)), len(facts.problems), 5000),
        (_in_phase(facts, "problem_call", "result", "municipalities"), call.get("municipalities", len(facts.municipalities)), len(facts.municipalities), 500),
        (_in_phase(facts, "team_call", "rules", "team_members_min"), rules.get("team_members_min", 3), 1, 50),
        (_in_phase(facts, "team_call", "rules", "team_members_max"), rules.get("team_members_max", 5), 1, 50),
        (_in_phase(facts, "team_selection", "rules", "teams_per_challenge_max"), choice.get("teams_per_challenge_max", 5), 1, 500),
        (("mentors_count", "total"), facts.mentors_count.get("total", len(facts.mentors)), len(facts.mentors), 1000),
        (("budget", "r_and_d_phase", "maximum"), (facts.budget.get("r_and_d_phase") or {}).get("maximum", 0), 0, 10**12),
    ]
    if body is not None:
        size = facts.bodies[body]["size"]
        found.append((("bodies", body, "size"), size.get("value") if isinstance(size, dict) else size, 1, 100))
    return found


def _in_phase(facts: File, name: str, *steps: str) -> tuple[Any, ...]:
    return ("phases", next(i for i, phase in enumerate(facts.phases) if phase.id == name), *steps)
