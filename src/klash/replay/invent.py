"""An invented competition of any size, in the form of a competition file."""

from datetime import date, timedelta
from typing import Any

from klash.replay.facts import BrokenFile, File
from klash.replay.material import Material, texts

DEFAULTS = {"problems": 77, "challenges": 3, "teams": 9, "mentors": 10, "seed": 1}
PLACES = ("Janakkala", "Joensuu", "Vantaa", "Oulu", "Kuopio", "Pori", "Vaasa", "Lahti", "Kotka", "Rauma", "Salo", "Kemi", "Raahe", "Forssa", "Loimaa", "Kuusamo")
TITLES = {
    "problem_call": ("Kunnat ilmoittavat ongelmia", "Kommunerna anmäler problem", "Municipalities report problems"),
    "problem_selection": ("Raati valitsee ongelmat", "Expertpanelen väljer problem", "Panel chooses problems"),
    "challenge_shaping": ("Ongelmat muotoillaan haasteiksi", "Problemen formuleras till utmaningar", "Problems are shaped into challenges"),
    "team_call": ("Tiimihaku", "Teamansökan", "Teams apply"),
    "team_selection": ("Raadit valitsevat tiimit", "Expertpanelerna väljer team", "Panels choose teams"),
    "mentoring": ("Mentorointi", "Mentorskap", "Mentoring"),
    "proposals": ("Ratkaisuehdotukset", "Lösningsförslag", "Solution proposals"),
    "judging": ("Tuomaristo arvioi", "Juryn bedömer", "Jury judges"),
    "award": ("Voittajat julki", "Vinnarna offentliggörs", "Winners announced"),
}


def sizes(text: str) -> dict[str, int]:
    """Return the sizes of `problems=500,challenges=10,…`. Raises BrokenFile naming the word."""
    found = dict(DEFAULTS)
    for part in text.split(","):
        name, _, value = part.partition("=")
        if name not in DEFAULTS or not value.isdecimal():
            raise BrokenFile(f"--invent: {part!r} is not understood; write {', '.join(f'{key}=NUMBER' for key in DEFAULTS)}.")
        found[name] = int(value)
    most = min(len(PLACES), found["problems"])
    if not 1 <= found["challenges"] <= most:
        why = f"; each is made of a problem, and there are {most}: write problems=NUMBER" if most < len(PLACES) else ""
        raise BrokenFile(f"--invent: challenges must lie between 1 and {most}{why}.")
    for name, least, limit in (("problems", 1, 20_000), ("teams", 1, 20 * found["challenges"]), ("mentors", 1, 1_000)):
        if not least <= found[name] <= limit:
            raise BrokenFile(f"--invent: {name} must lie between {least} and {limit}.")
    return found


def invent(text: str) -> tuple[File, int]:
    """Return an invented competition of these sizes and its seed."""
    size = sizes(text)
    material, first = Material(f"invent/{size['seed']}"), date(2027, 1, 11)
    ids = [f"h{i}" for i in range(1, size["challenges"] + 1)]
    days = [first + timedelta(days=30 * i) for i in range(len(TITLES) + 1)]
    phases: list[dict[str, Any]] = [
        {"id": name, "title": dict(zip(("fi", "sv", "en"), title, strict=True)), "start": {"value": days[i]}, "end": {"value": days[i] + timedelta(days=28)}}
        for i, (name, title) in enumerate(TITLES.items())
    ]
    # Five a challenge is the rule; a rehearsal of more teams sets its own.
    phases[4]["rules"] = {"teams_per_challenge_max": max(5, -(-size["teams"] // size["challenges"]))}
    phases[7]["rules"] = {"takes_questions": True}
    phases[0]["result"] = {"problems": size["problems"], "municipalities": min(300, max(size["challenges"], size["problems"] * 5 // 6))}
    chosen = material.random.sample([row for row in texts("problems")["problems"] if "only_in" not in row], size["challenges"])
    even, rest = divmod(size["teams"], size["challenges"])
    meetings = days[5] + timedelta(days=1)
    criteria = {"problem_selection": ("suitability", "impact", "scalability", "commitment"), "team_selection": ("many_sided_know_how",),
                "judging": ("impact", "innovativeness", "scalability")}
    names = {"suitability": ("soveltuvuus", "lämplighet", "suitability"), "impact": ("vaikuttavuus", "effekt", "impact"),
             "scalability": ("skaalautuvuus", "skalbarhet", "scalability"), "commitment": ("sitoutuminen", "engagemang", "commitment"),
             "many_sided_know_how": ("monipuolinen osaaminen", "mångsidigt kunnande", "many-sided know-how"),
             "innovativeness": ("innovatiivisuus", "innovativitet", "innovativeness")}
    return File.model_validate({
        "competition": {"id": f"rehearsal-{size['seed']}", "name": f"Harjoitus {size['seed']}", "organiser": "organiser", "summary": {
            "fi": "Keksitty kilpailu harjoittelua varten.", "sv": "En påhittad tävling för övning.", "en": "An invented competition for rehearsal."}},
        "organisations": [{"id": "organiser", "name": {"fi": "Keksitty järjestäjä", "sv": "En påhittad arrangör"}, "roles": ["organiser"]}],
        "phases": phases, "municipalities": [{"id": i, "name": {"fi": place, "sv": place}} for i, place in zip(ids, PLACES, strict=False)],
        "criteria_sets": [{"id": kind, "used_in": kind, "criteria": [
            {"id": code, "name": dict(zip(("fi", "sv", "en"), names[code], strict=True))} for code in codes]} for kind, codes in criteria.items()],
        "problems": [{"id": f"p-{i}", "municipality": i, "became": i, "summary": row["summary"]} for i, row in zip(ids, chosen, strict=True)],
        "challenges": [{"id": i, "number": n, "pilot_municipality": i, "from_problem": f"p-{i}", "official_title": row["title"], "description": row["summary"]}
                       for n, (i, row) in enumerate(zip(ids, chosen, strict=True), 1)],
        "teams_count": {"total": size["teams"], "by_challenge": {i: even + (n < rest) for n, i in enumerate(ids)}},
        "mentors_count": {"total": size["mentors"]}, "mentors": [{"id": f"m{i}", "sessions": []} for i in range(1, size["mentors"] + 1)],
        "mentoring_sessions": [{"id": f"s{n}", "date": meetings + timedelta(days=n), "place": "Etäyhteys", "for": [i],
                                "mentors": [f"m{k + 1}" for k in range(size["mentors"]) if k % len(ids) == n - 1] or ["m1"]} for n, i in enumerate(ids, 1)],
        "promises": _promises(size["challenges"], days),
    }), size["seed"]


def _promises(challenges: int, days: list[date]) -> list[dict[str, Any]]:
    """Return what an invented organiser promises: one of a number, one of feedback, and one of which nobody tells how it went."""
    rows = [
        ("challenges", days[3], ("Ongelmista muotoillaan haasteita.", "Av problemen formuleras utmaningar.", "Challenges are shaped from the problems.")),
        ("feedback_problems", days[2], ("Jokainen ilmoittaja saa palautteen.", "Alla som anmäler får återkoppling.", "Everyone who reports gets feedback.")),
        ("other", days[2], ("Ilmoittajille pidetään tilaisuus.", "För dem som anmäler hålls ett möte.", "A meeting is held for those who report.")),
    ]
    numbers = {"challenges": {"low": challenges, "high": challenges + 1}}
    return [
        {"id": kind, "kind": kind, "due": due, "promised": days[0], "text": dict(zip(("fi", "sv", "en"), text, strict=True)), **numbers.get(kind, {})}
        for kind, due, text in rows
    ]

