"""Municipalities report problems; the panel scores them all and chooses."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from klash.accounts.models import Municipality
from klash.competitions import selectors as sheets
from klash.competitions import services as competitions
from klash.competitions.models import Competition, FormKind
from klash.core import clock
from klash.post.services import digest_of
from klash.problems import selectors
from klash.problems import services as problems
from klash.problems.models import JoinRequest, Problem, Support
from klash.replay.acts import bodies
from klash.replay.facts import ProblemFact
from klash.replay.material import Material, texts, words
from klash.replay.scene import Scene
from klash.reviewing import selectors as reading
from klash.reviewing import services as reviewing
from klash.reviewing.models import Round
from klash.rules.states import ProblemState, RoundState

PANEL = 15
REVIEWS_EACH = 5
THEMES = {"janakkala": "public_transport", "vantaa": "marginalisation", "joensuu": "participation"}
# Only the summary of a known problem has come down to us; the other sections say so.
NOT_KEPT = {
    "situation": {
        "fi": "Kunta on kuvannut tilanteen hakemuksessaan. Alkuperäinen teksti ei ole tallessa, joten tämä kohta on kirjoitettu harjoitusta varten.",
        "sv": "Kommunen beskrev läget i sin ansökan. Originaltexten finns inte bevarad, så detta avsnitt är skrivet för övningen.",
    },
    "affected": {
        "fi": "Ongelma koskee kunnan asukkaita, ja sama ongelma tunnetaan laajasti muissakin kunnissa.",
        "sv": "Problemet berör kommunens invånare, och samma problem är välkänt också i andra kommuner.",
    },
    "tried": {"fi": "Valmista ratkaisua ei ole löytynyt Suomesta eikä ulkomailta.", "sv": "Någon färdig lösning har inte hittats i Finland eller utomlands."},
    "goal": {
        "fi": "Ratkaisu on käytössä pilottikunnassa ja sen voi ottaa käyttöön muuallakin.",
        "sv": "Lösningen används i pilotkommunen och kan tas i bruk också på andra håll.",
    },
    "commitment": {
        "fi": "Kunta on nimennyt asialle vastuuhenkilön, joka käyttää siihen yhden työpäivän viikossa. Kokeilulle on paikka ja käyttäjät.",
        "sv": "Kommunen har utsett en ansvarig person som arbetar med frågan en dag i veckan. Det finns en plats och användare för försöket.",
    },
}


@dataclass(frozen=True)
class Report:
    """What an officer will write. text: the sections in both languages, and the theme's code."""

    place: Municipality
    text: dict[str, Any]

    @property
    def language(self) -> str:
        """The majority's: in it the officer writes."""
        return "sv" if self.place.languages.startswith("sv") else "fi"

    @property
    def title(self) -> str:
        return words(self.text["title"], self.language)


def report(scene: Scene) -> None:
    """Let officers report the known problems and the invented ones."""
    competition, span, reports = scene.competition, scene.spans["problem_call"], _plan(scene)
    there = Counter(Problem.objects.public().filter(competition=competition).values_list("municipality", "title"))
    with scene.moments(span.opens_at + timedelta(hours=1), span.closes_at - timedelta(minutes=5), len(reports)) as tick:
        for row in reports:
            tick()
            if there[row.place.pk, row.title]:
                there[row.place.pk, row.title] -= 1
            else:
                _send(scene, competition, row)
    _join(scene, competition, reports)
    scene.say(f"{len(reports)} problems reported by {len({row.place.pk for row in reports})} municipalities")


def _join(scene: Scene, competition: Competition, reports: list[Report]) -> None:
    """Let as many municipalities as there are more problems than municipalities join another's report, and as many support one; whose is invented."""
    if JoinRequest.objects.filter(problem__competition=competition).exists():
        return
    draw, places = scene.draw("together"), sorted({row.place for row in reports}, key=lambda place: place.code)
    known = {problem.pk for problem in scene.known_problems().values()}
    invented = [row for row in Problem.objects.public().filter(competition=competition).order_by("pk") if row.pk not in known]
    count = min(max(len(reports) - len(places), 1), len(invented))
    clock.hold(scene.spans["problem_call"].closes_at - timedelta(minutes=4))
    for problem in draw.random.sample(invented, count):
        joining, supporting = draw.random.sample([place for place in places if place.pk != problem.municipality_id], 2)
        _ask(scene, problem, joining, draw)
        word = words(draw.pick(texts("together")["supports"]), problem.language)
        support = partial(_support, problem=problem, municipality=supporting, word=word, language=problem.language, is_invented=True)
        scene.someone(f"officer.{supporting.code}", support)
    scene.say(f"{count} municipalities joined another’s report, and {count} supported one")


def _ask(scene: Scene, problem: Problem, place: Municipality, draw: Material) -> None:
    word, answer = (words(draw.pick(texts("together")[name]), problem.language) for name in ("requests", "answers"))
    request = scene.someone(f"officer.{place.code}", lambda officer: problems.ask_to_co_own(actor=officer, problem=problem, municipality=place, word=word))
    problems.accept_co_owner(actor=problem.officer, request=request, answer=answer)


def _support(officer: Any, **words_of: Any) -> Support:
    return problems.support_problem(actor=officer, **words_of)


def _plan(scene: Scene) -> list[Report]:
    """Return who reports what, in the order of arrival; municipalities are drawn by size, and no text twice before all are used."""
    facts, call, draw = scene.facts, scene.facts.phase("problem_call").result, scene.draw("reports")
    register = list(Municipality.objects.valid_on(scene.spans["problem_call"].opens_at.date()))
    by_name = {row.name_fi: row for row in register}
    place_of = {row.id: by_name[row.name["fi"]] for row in facts.municipalities}
    wanted = call.get("problems", len(facts.problems))
    others = draw.municipalities([row for row in register if row not in place_of.values()], call.get("municipalities", len(place_of)) - len(place_of))
    queue: list[tuple[Municipality, ProblemFact | None]] = [(place_of[fact.municipality], fact) for fact in facts.problems]
    queue += [(place, None) for place in others]
    queue += [(draw.pick(others or place_of.values()), None) for _ in range(wanted - len(queue))]
    used: set[str] = set()
    reports = []
    for place, fact in draw.random.sample(queue[:wanted], len(queue[:wanted])):
        invented = draw.problem(place, used)
        reports.append(Report(place, _known(scene, fact) if fact else invented))
    return reports


def swedish_share(scene: Scene) -> float:
    """Return how many of the reports come from municipalities where Swedish is spoken, of all."""
    rows = _plan(scene)
    return sum("sv" in row.place.languages for row in rows) / len(rows)


def _known(scene: Scene, fact: ProblemFact) -> dict[str, Any]:
    invented = next((row for row in texts("problems")["problems"] if row["summary"] == fact.summary), None)
    if invented is not None:
        return dict(invented)
    challenge = next((row for row in scene.facts.challenges if row.from_problem == fact.id), None)
    return {**NOT_KEPT, "summary": fact.summary, "title": challenge.official_title if challenge else fact.summary, "theme": THEMES.get(fact.municipality, "")}


def _send(scene: Scene, competition: Competition, row: Report) -> None:
    def start(officer: Any) -> Problem:
        return problems.start_problem(actor=officer, competition=competition, municipality=row.place, language=row.language, is_invented=True)

    problem = scene.someone(f"officer.{row.place.code}", start, row.language)
    title, summary = (words(row.text[name], row.language) for name in ("title", "summary"))
    answers = {question.code: words(row.text[question.code], row.language) for question in competition.form(FormKind.PROBLEM).asked}
    theme = competition.themes.filter(code=row.text["theme"]).first()
    problems.save_problem(
        actor=problem.officer, problem=problem, title=title, summary=summary, answers=answers, theme=theme, group=[]
    )
    problems.submit_problem(actor=problem.officer, problem=problem)
    scene.say(f"{row.place.name_fi}: {row.title}")


def choose(scene: Scene) -> None:
    """Let the panel score every problem, choose the known ones, and release feedback to all."""
    competition, span = scene.competition, scene.span("problem_selection")
    clock.hold(span.opens_at + timedelta(minutes=1))
    round_ = reading.find_round(problems.panel_key(competition))
    if round_ is None:
        _screen(scene, competition)
    if round_ is None or round_.state == RoundState.DRAFT:
        round_ = problems.open_panel_round(actor=scene.organiser, competition=competition, closes_at=span.closes_at - timedelta(days=2))
    if round_.state != RoundState.COMPLETE:
        bodies.seat(
            scene, round_, "panellist.{}", _panel_size(scene),
            lambda person, is_chair: problems.seat_panellist(actor=scene.organiser, competition=competition, person=person, is_chair=is_chair),
        )
        places = [problem.municipality for problem in scene.known_problems().values()]
        ties = zip(("municipality", "employment", "contract"), places, strict=False)
        own = {2 * number + 1: {"kind": kind, "about": "municipality", "municipality": place} for number, (kind, place) in enumerate(ties)}
        bodies.declare(scene, round_, own)
        bodies.deal(scene, round_, REVIEWS_EACH)
        best = {str(problem.entry_code) for problem in scene.known_problems().values()}
        bodies.judge(scene, round_, best, "panel_comments", span.opens_at + timedelta(hours=2), span.closes_at - timedelta(days=3))
        clock.hold(span.closes_at - timedelta(days=1))
        reviewing.complete_round(actor=scene.organiser, round=bodies.fresh(round_))
    if not sheets.ruling_of(competition, round_).released_at:
        bodies.meet(scene, round_, span.closes_at - timedelta(hours=23), span.closes_at - timedelta(hours=20))
    clock.hold(span.closes_at + timedelta(minutes=1))
    _decide(scene, competition, bodies.fresh(round_))
    bodies.approve(scene, round_)


def _screen(scene: Scene, competition: Competition) -> None:
    """Ask every problem the usual questions; what nobody has screened by hand passes."""
    problems.add_usual_questions(actor=scene.organiser, competition=competition)
    waiting = list(Problem.objects.filter(competition=competition, state=ProblemState.SUBMITTED, screening=None).select_related("competition"))
    passed = problems.pass_problems(actor=scene.organiser, competition=competition, problems=waiting)
    scene.say(f"{passed} problems passed the screening")


def _panel_size(scene: Scene) -> int:
    return next((int(body["size"]["value"]) for body in scene.facts.bodies if body.get("id") == "expert_panel_2018" and "size" in body), PANEL)


def _decide(scene: Scene, competition: Competition, round_: Round) -> None:
    found = sheets.sheet(competition, round_)
    if not found.is_released:
        rows = selectors.before_panel([row.place.entry_code for row in found.rows])
        taken = _to_take(scene, found)
        for decided in found.rows:
            problem = rows[decided.place.entry_code]
            is_taken = decided.place.entry_code in taken if decided.line.is_taken is None else decided.line.is_taken
            level = "chosen" if is_taken else "near" if decided.place.place <= len(found.rows) // 3 else "far"
            draw = scene.draw("feedback", problem.municipality_id, problem.title)
            text, reason = draw.pick(texts("feedback")["problem_feedback"][level]), draw.pick(texts("feedback")["problem_reasons"][level])
            competitions.save_decision(
                actor=scene.organiser, competition=competition, round=round_, entry_code=decided.place.entry_code, is_taken=is_taken, is_invented=True,
                reason=decided.line.reason or words(reason, problem.language), feedback=decided.line.feedback or words(text, problem.language),
            )
        bodies.say_why_fewer(scene, competition, round_)
        verdicts = selectors.verdicts(competition, sheets.sheet(competition, round_))
        seen = digest_of(problems.write_letters(competition, verdicts))
        problems.release_decisions(actor=scene.organiser, competition=competition, seen=seen)
    public = Problem.objects.public().filter(competition=competition)
    chosen = list(public.filter(state=ProblemState.CHOSEN))
    for problem in chosen:
        scene.say(f"the panel chose {problem.title}")
    scene.say(f"{len(chosen)} problems were chosen, and {public.count()} reporters got feedback")


def _to_take(scene: Scene, found: sheets.Sheet) -> set[str]:
    """Return the entries that become challenges: those that a person chose, then the known ones, or else the best, as far as the quota goes."""
    known = [str(problem.entry_code) for problem in scene.known_problems().values()]
    order = known or [row.place.entry_code for row in found.rows][: len(scene.facts.challenges)]
    decided = {row.place.entry_code for row in found.rows if row.line.is_taken is not None}
    free = [code for code in order if code not in decided]
    return set(free[: max(found.ruling.quota - found.taken, 0)])
