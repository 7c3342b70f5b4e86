"""Run a competition file through the services, stage by stage, with invented people for what is not known.

Nothing here writes a row of its own: what a person would do goes through the service that the person would use, at the
moment at which it would happen. A stage that was run is noted in the home folder and not run again.
"""

import io
import json
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter

from klash.accounts import services as accounts
from klash.accounts.models import Municipality, Organisation, User
from klash.accounts.selectors import handles_of
from klash.awards import services as awards
from klash.awards.models import Placing
from klash.challenges import services as challenges
from klash.challenges.models import Challenge
from klash.competitions import services as competitions
from klash.competitions.models import Competition
from klash.core import audit, chance, clock
from klash.core.databases import reviewing as reviewing_alias
from klash.mentoring import services as mentoring
from klash.mentoring.bridge import suggest_timetable
from klash.mentoring.models import MentorProfile, Session
from klash.problems import services as problems
from klash.problems.models import Problem
from klash.proposals import services as proposals
from klash.proposals.models import Proposal
from klash.replay.calendar import at, spans
from klash.replay.criteria import CRITERIA
from klash.replay.facts import NEEDED, File
from klash.replay.material import Material, texts, words
from klash.reviewing import selectors as reading
from klash.reviewing import services as reviewing
from klash.reviewing.models import Entry, Review, Round, Seat
from klash.rules.roles import Role
from klash.rules.states import ApplicationState, ProblemState, RoundState, SeatState
from klash.teams import services as teams
from klash.teams.models import Application, Membership, Team

Say = Callable[[str], None]
KINDS = {"janakkala": "mobility", "joensuu": "participation", "vantaa": "study_path"}
REJECTED = 2  # invented applications a challenge above those that are admitted


class Play:
    """One run of one file. `say` gets a line for each thing done, `step` the progress from 0 to 1."""

    def __init__(
        self, facts: File, seed: int, say: Say, step: Callable[[float], None] = lambda share: None, keep: Callable[[str], None] | None = None
    ) -> None:
        self.facts, self.seed, self.say, self.step, self.keep = facts, seed, say, step, keep
        self.spans = spans(facts)
        self.code = facts.competition.id
        self.seconds: dict[str, float] = {}
        self.material = Material(f"{seed}")

    # -- running ---------------------------------------------------------------------------------------------------

    def run(self, until: str = "") -> None:
        """Run the stages that have not been run, up to the opening of `until` (which is left to be done by hand)."""
        names = ["setup", *NEEDED]
        for i, name in enumerate(names):
            if name == until:
                break
            if name not in self.done():
                if name in self.spans:
                    self._begin(name)
                self._run_stage(name)
            self.step((i + 1) / len(names))
        if until:
            self._begin(until)
        else:
            clock.set_demo(self.spans[NEEDED[-1]].closes_at + timedelta(hours=3))

    def _begin(self, stage: str) -> None:
        """Let the demo's clock stand at the opening of a stage and keep a snapshot, where snapshots are kept."""
        clock.hold(None)
        clock.set_demo(self.spans[stage].opens_at + timedelta(hours=2))
        if self.keep:
            self.keep(stage)

    def _run_stage(self, name: str) -> None:
        self.material = Material(f"{self.seed}/{name}")
        started = time.perf_counter()
        try:
            with chance.seeded(random.Random(f"{self.seed}/chance/{name}").getrandbits(64)):
                getattr(self, name)()
        finally:
            clock.hold(None)
        self.seconds[name] = round(time.perf_counter() - started, 3)
        self._note({**self.done(), name: self.seconds[name]})

    def done(self) -> dict[str, float]:
        """Return the stages that were run in this home, with their seconds."""
        path = self._path()
        return dict(json.loads(path.read_text())[self.code]) if path.exists() and self.code in json.loads(path.read_text()) else {}

    def _note(self, stages: dict[str, float]) -> None:
        path = self._path()
        kept = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps({**kept, self.code: stages}, indent=1))

    def _path(self) -> Path:
        return Path(settings.KLASH_HOME) / "replay.json"

    @contextmanager
    def moments(self, first: datetime, last: datetime, count: int) -> Iterator[Callable[[], datetime]]:
        """Give `count` instants spread over a span; each call moves the clock to the next."""
        gap, number = (last - first) / (count + 1), 0

        def tick() -> datetime:
            nonlocal number
            number += 1
            moment = first + gap * number
            clock.hold(moment)
            return moment

        clock.hold(first)
        yield tick

    # -- people ----------------------------------------------------------------------------------------------------

    def person(self, name: str, language: str = "fi") -> User:
        return self.material.person(f"{name}.{self.code}", language)

    @property
    def organiser(self) -> User:
        return self.person("organiser")

    @property
    def registrar(self) -> User:
        return self.person("registrar")

    @property
    def competition(self) -> Competition:
        return Competition.objects.get(code=self.code)

    # -- stages ----------------------------------------------------------------------------------------------------

    def setup(self) -> None:
        """Make the competition with its calendar, partners and criteria, and publish it."""
        clock.hold(self.spans["problem_call"].opens_at - timedelta(days=1))
        accounts.load_register()
        facts = self.facts
        organisations = {
            row.id: Organisation.objects.get_or_create(code=row.id, defaults={"name": row.name, "kind": "association" if row.id == "kuntaliitto" else "other"})[0]
            for row in facts.organisations
        }
        operator = audit.System()
        rules = facts.phase("team_call").rules
        reserve = (facts.budget.get("r_and_d_phase") or {}).get("maximum", 0)
        competition = competitions.create_competition(
            actor=operator, code=self.code, name=facts.competition.name, summary=facts.competition.summary,
            tagline={
                "fi": "Kunnat nimeävät ongelman. Kuka tahansa voi ratkaista sen.", "sv": "Kommunerna namnger ett problem. Vem som helst kan lösa det.",
                "en": "Municipalities name a problem. Anyone may solve it.",
            },
            organiser=organisations[facts.competition.organiser], website=facts.competition.website, reserve_cents=reserve * 100, is_invented=True,
            team_size_min=rules.get("team_members_min", 3), team_size_max=rules.get("team_members_max", 5),
            teams_per_challenge_max=facts.phase("team_selection").rules.get("teams_per_challenge_max", 5),
        )
        for person, role in ((self.organiser, Role.ORGANISER), (self.person("organiser.2"), Role.ORGANISER), (self.registrar, Role.REGISTRAR)):
            accounts.grant_role(actor=operator, person=person, role=role, competition=self.code)
        for row in facts.organisations:
            competitions.add_partner(actor=self.organiser, competition=competition, organisation=organisations[row.id], roles=row.roles)
        for name in NEEDED:
            span = self.spans[name]
            competitions.add_stage(
                actor=self.organiser, competition=competition, kind=name, title=facts.phase(name).title, opens_at=span.opens_at,
                closes_at=span.closes_at, planned_opens_at=span.planned_opens_at,
            )
        for row in texts("problems")["themes"]:
            competitions.add_theme(actor=self.organiser, competition=competition, code=row["id"], name=row["name"])
        for group in facts.criteria_sets:
            codes = [(row.id, row.name, row.weight) for row in group.criteria]
            competitions.set_criteria(actor=self.organiser, competition=competition, stage_kind=group.used_in, criteria=CRITERIA.rows(codes))
        competitions.publish_competition(actor=self.organiser, competition=competition)
        self.say(f"{facts.competition.name}: published with {len(NEEDED)} stages and {len(facts.organisations)} organisations")

    def problem_call(self) -> None:
        """Let officers report the known problems and the invented ones."""
        competition, span, call = self.competition, self.spans["problem_call"], self.facts.phase("problem_call")
        known = {row.id: row for row in self.facts.municipalities}
        register = list(Municipality.objects.valid_on(span.opens_at.date()))
        by_name = {row.name_fi: row for row in register}
        wanted_places = call.result.get("municipalities", len(known))
        wanted = call.result.get("problems", len(self.facts.problems))
        fixed = [by_name[row.name["fi"]] for row in known.values()]
        others = self.material.municipalities([row for row in register if row not in fixed], max(0, wanted_places - len(fixed)))
        queue: list[tuple[Municipality, Any]] = [(by_name[known[row.municipality].name["fi"]], row) for row in self.facts.problems]
        queue += [(place, None) for place in others]
        queue += [(self.material.pick(others or fixed), None) for _ in range(wanted - len(queue))]
        order = self.material.random.sample(queue[:wanted], min(wanted, len(queue)))
        used: set[str] = set()
        themes = {theme.code: theme for theme in competition.themes.all()}
        with self.moments(span.opens_at + timedelta(hours=1), span.closes_at - timedelta(minutes=5), len(order)) as tick:
            for place, fact in order:
                tick()
                self._report(competition, place, fact, used, themes)
        self.say(f"{len(order)} problems reported by {wanted_places} municipalities")

    def _report(self, competition: Competition, place: Municipality, fact: Any, used: set[str], themes: dict[str, Any]) -> None:
        language = self.material.language_of(place)
        officer = self.person(f"officer.{place.code}", language)
        problem = problems.start_problem(actor=officer, competition=competition, municipality=place, language=language, is_invented=True)
        row = self.material.problem(place, used)
        sections: Any = {name: words(row[name], language) for name in ("title", "summary", "situation", "affected", "tried", "goal")}
        if fact is not None:
            challenge = next((one for one in self.facts.challenges if one.from_problem == fact.id), None)
            sections["title"] = words(challenge.official_title, language) if challenge else sections["title"]
            row = {"theme": {"janakkala": "public_transport", "vantaa": "marginalisation", "joensuu": "participation"}.get(fact.municipality, row["theme"])}
            sections.update({name: words(KNOWN[name], language) for name in KNOWN}, summary=words(fact.summary, language))
        problems.save_problem(actor=officer, problem=problem, theme=themes.get(row["theme"]), group=[], **sections)
        problems.submit_problem(actor=officer, problem=problem)

    def _chosen(self, competition: Competition) -> dict[str, Problem]:
        """Return the known problems that become challenges, by challenge id."""
        by_place = {row.id: row.name["fi"] for row in self.facts.municipalities}
        found = {}
        for challenge in self.facts.challenges:
            fact = next(row for row in self.facts.problems if row.id == challenge.from_problem)
            rows = Problem.objects.filter(competition=competition, municipality__name_fi=by_place[fact.municipality]).select_related("municipality", "competition")
            wanted = set(fact.summary.values())
            found[challenge.id] = next(row for row in rows if row.summary in wanted)
        return found

    def problem_selection(self) -> None:
        """Let the panel score every problem, choose the known ones, and release feedback to all."""
        competition, span = self.competition, self.spans["problem_selection"]
        clock.hold(span.opens_at + timedelta(minutes=1))
        round_ = problems.open_panel_round(actor=self.organiser, competition=competition, closes_at=span.closes_at - timedelta(days=2))
        size = next((body["size"]["value"] for body in self.facts.bodies if body.get("id") == "expert_panel_2018" and "size" in body), 15)
        for number in range(1, size + 1):
            if len(self._people_of(round_)) < number:
                problems.seat_panellist(actor=self.organiser, competition=competition, person=self.person(f"panellist.{number}"), is_chair=number == 1)
        chosen = self._chosen(competition)
        best = {problem.entry_code for problem in Problem.objects.filter(pk__in=[row.pk for row in chosen.values()])}
        self._judge(round_, best, "panel_comments", span.opens_at + timedelta(hours=2), span.closes_at - timedelta(days=3))
        clock.hold(span.closes_at - timedelta(days=1))
        reviewing.complete_round(actor=self.organiser, round=round_)
        clock.hold(span.closes_at + timedelta(minutes=1))
        problems.choose_problems(actor=self.organiser, competition=competition, chosen=list(chosen.values()))
        place = {row.entry_code: row.place for row in reading.ranking(reading.find_round(round_.key) or round_)}
        feedback = texts("feedback")["problem_feedback"]
        for problem in Problem.objects.filter(competition=competition).exclude(entry_code=None).select_related("competition").order_by("code"):
            level = "chosen" if problem.state == ProblemState.CHOSEN else "near" if place[str(problem.entry_code)] <= len(place) // 3 else "far"
            problems.write_feedback(actor=self.organiser, problem=problem, text=words(self.material.pick(feedback[level]), problem.language), is_invented=True)
        count = problems.release_feedback(actor=self.organiser, competition=competition)
        self.say(f"the panel of {size} chose {len(chosen)} problems; {count} reporters got feedback")

    def challenge_shaping(self) -> None:
        """Let organiser and pilot municipalities write and publish the briefs."""
        competition, span, shaping = self.competition, self.spans["challenge_shaping"], texts("briefs")
        clock.hold(span.opens_at + timedelta(days=3))
        made = []
        for fact in self.facts.challenges:
            problem = self._chosen(competition)[fact.id]
            challenge = challenges.create_challenge(actor=self.organiser, problem=problem, code=self._challenge_code(fact.id), number=fact.number)
            challenges.name_pilot_officer(actor=self.organiser, challenge=challenge, person=problem.officer)
            known = fact.id in shaping
            text = shaping[fact.id] if known else shaping["general"][fact.number % len(shaping["general"])]
            titles = {**fact.official_title, **({"en": fact.title_en["value"]} if fact.title_en.get("value") else {})}
            challenges.save_brief(
                actor=problem.officer, challenge=challenge, title=titles, lead={k: v.strip() for k, v in fact.description.items()},
                notice_reference=f"HILMA {competition.code}/{fact.number}", notice_is_invented=True,
                **{name: text[name] for name in ("goal", "background", "constraints", "measures")},
            )
            made.append(challenge)
        clock.hold(self.spans["team_call"].opens_at + timedelta(minutes=5))
        for challenge in made:
            challenges.publish_challenge(actor=self.organiser, challenge=challenge)
        self.say(f"{len(made)} challenges published with their contest notices")

    def _challenge_code(self, name: str) -> str:
        return name if self.code == "klash-2019" else f"{self.code}-{name}"

    def _challenges(self) -> list[tuple[str, Challenge]]:
        rows = {row.code: row for row in Challenge.objects.filter(competition__code=self.code).select_related("competition")}
        return [(fact.id, rows[self._challenge_code(fact.id)]) for fact in self.facts.challenges]

    def team_call(self) -> None:
        """Let leaders found teams, members join, and applications come in."""
        span, total, names = self.spans["team_call"], 0, self.material.random.sample(texts("teams")["team_names"], 90)
        plan: list[tuple[str, Challenge, Any]] = []
        for name, challenge in self._challenges():
            known = [team for team in self.facts.teams if team.challenge == name]
            count = self.facts.teams_count.by_challenge.get(name, 0) + REJECTED
            plan += [(name, challenge, known[i] if i < len(known) else None) for i in range(count)]
        with self.moments(span.opens_at + timedelta(days=1), span.closes_at - timedelta(minutes=10), len(plan)) as tick:
            for number, (name, challenge, fact) in enumerate(plan, 1):
                tick()
                title = fact.name if fact else names[number % 90] + (f" {number // 90 + 1}" if number >= 90 else "")
                self._apply(name, challenge, number, title, fact)
                total += 1
        self.say(f"{total} teams applied")

    def _apply(self, name: str, challenge: Challenge, number: int, title: str, fact: Any) -> None:
        leader = self.person(f"team.{number}.1")
        team = teams.found_team(actor=leader, challenge=challenge, name=title, is_invented=fact is None)
        for member in range(2, (fact.members_count if fact else self.material.random.randint(3, 5)) + 1):
            person = self.person(f"team.{number}.{member}")
            invitation, _ = teams.invite_member(actor=leader, team=team, email=person.email)
            accounts.accept_invitation(actor=person, invitation=invitation)
            teams.join_team(actor=person, team=team)
        sections = self.material.pick(texts("teams")["application_sections"][KINDS.get(name, "general")])
        application = Application.objects.select_related("team__challenge__competition").get(team=team)
        given: Any = {key: words(sections[key], team.language) for key in ("know_how", "idea", "motivation")}
        teams.save_application(actor=leader, application=application, summary=given["idea"], **given)
        teams.submit_application(actor=leader, application=application)

    def team_selection(self) -> None:
        """Let a panel per challenge score the applications; admit the known places, decline the rest with reasons."""
        span, reasons, admitted_all = self.spans["team_selection"], texts("feedback")["application_reasons"], 0
        for name, challenge in self._challenges():
            clock.hold(span.opens_at + timedelta(hours=1))
            round_ = teams.open_team_round(actor=self.organiser, challenge=challenge, closes_at=span.closes_at - timedelta(days=5))
            for number in range(1, 6):
                teams.seat_panellist(actor=self.organiser, challenge=challenge, person=self.person(f"panel.{name}.{number}"), is_chair=number == 1)
            rows = list(Application.objects.filter(team__challenge=challenge, state=ApplicationState.SUBMITTED).select_related("team__challenge__competition").order_by("pk"))
            known = {team.name for team in self.facts.teams}
            places = self.facts.teams_count.by_challenge.get(name, 0)
            inside = sorted(rows, key=lambda row: row.team.name not in known)[:places]
            self._judge(round_, {row.entry_code for row in inside}, "application_comments", span.opens_at + timedelta(hours=2), span.closes_at - timedelta(days=6))
            clock.hold(span.closes_at - timedelta(days=4))
            reviewing.complete_round(actor=self.organiser, round=round_)
            for row in rows:
                act, kind = (teams.admit_team, "admitted") if row in inside else (teams.decline_team, "declined")
                act(actor=self.organiser, application=row, reason=words(self.material.pick(reasons[kind]), row.team.language))
            teams.release_admissions(actor=self.organiser, challenge=challenge)
            admitted_all += len(inside)
        self.say(f"{admitted_all} teams admitted to {len(self.facts.challenges)} challenges")

    def mentoring(self) -> None:
        """Hold the mentoring days: sessions without double bookings, a note and feedback both ways."""
        competition, material = self.competition, texts("mentoring")
        clock.hold(self.spans["team_selection"].closes_at + timedelta(hours=1))
        profiles: dict[str, MentorProfile] = {}
        total = (self.facts.mentors_count or {}).get("total", len(self.facts.mentors))
        names = [fact.id for fact in self.facts.mentors] + [f"m{i}" for i in range(len(self.facts.mentors) + 1, total + 1)]
        sectors = {fact.id: fact.sector for fact in self.facts.mentors}
        for i, name in enumerate(names):
            row = material["backgrounds"][i % len(material["backgrounds"])]
            sector = sectors.get(name, row["sector"])
            profiles[name] = mentoring.add_mentor(
                actor=self.organiser, competition=competition, person=self.person(f"mentor.{name}"), sector=row["sector"] if sector == "unknown" else sector,
                field=row["field"], text=row["text"],
            )
        by_id = dict(self._challenges())
        extra = [profiles[name] for name in names[len(self.facts.mentors):]]
        held = 0
        for number, fact in enumerate(self.facts.mentoring_sessions, 1):
            slots = [(at(fact.date, 9 + i), at(fact.date, 9 + i, 45)) for i in range(9) if i != 3]
            day = mentoring.add_day(
                actor=self.organiser, competition=competition, number=number, on=fact.date, place=fact.place, topic=fact.topic,
                challenges=[by_id[name] for name in fact.for_], slots=slots,
            )
            for slot, team, mentor in suggest_timetable(day, [profiles[name] for name in fact.mentors] + extra):
                mentoring.plan_session(actor=self.organiser, slot=slot, team=team, mentor=mentor)
            rows = Session.objects.filter(slot__day=day).select_related("slot__day__competition", "team__challenge__competition", "mentor__person").order_by("slot__starts_at", "pk")
            for session in rows:
                clock.hold(session.slot.ends_at)
                self._meet(session, material)
                held += 1
        self.say(f"{len(profiles)} mentors held {held} sessions on {len(self.facts.mentoring_sessions)} days")

    def _meet(self, session: Session, material: Any) -> None:
        mentor, leader, language = session.mentor.person, self._leader(session.team), session.team.language
        mentoring.write_note(actor=mentor, session=session, text=words(self.material.pick(material["notes"]), language))
        mentoring.hold_session(actor=mentor, session=session)
        for person, kind in ((mentor, "mentor_feedback"), (leader, "team_feedback")):
            text = words(self.material.pick(material[kind]), language)
            mentoring.give_feedback(actor=person, session=session, mark=self.material.random.randint(3, 5), text=text)

    def _leader(self, team: Team) -> User:
        return Membership.objects.select_related("person").get(team=team, is_leader=True).person

    def proposals(self) -> None:
        """Let every admitted team write, attach and submit, some of them twice."""
        span = self.spans["proposals"]
        rows = list(Team.objects.admitted().filter(challenge__competition__code=self.code).select_related("challenge__competition").order_by("pk"))
        ids = {challenge.pk: name for name, challenge in self._challenges()}
        order = self.material.random.sample(rows, len(rows))
        used: set[int] = set()
        with self.moments(span.opens_at + timedelta(days=1), span.closes_at - timedelta(minutes=2), len(order)) as tick:
            for number, team in enumerate(order):
                tick()
                pool = texts("proposals")[KINDS.get(ids[team.challenge_id], "general")]
                row = next((one for one in self.material.random.sample(pool, len(pool)) if id(one) not in used), pool[number % len(pool)])
                used.add(id(row))
                self._propose(team, row, number)
        self.say(f"{len(order)} teams submitted their proposals and got receipts")

    def _propose(self, team: Team, row: Any, number: int) -> None:
        leader = self._leader(team)
        proposal = proposals.start_proposal(actor=leader, team=team)
        sections = {name: words(row["sections"][name], team.language) for name in ("solution", "impact", "novelty", "spreading")}
        proposals.save_proposal(actor=leader, proposal=proposal, title=words(row["title"], team.language), revision=proposal.revision, **sections)
        proposals.attach_file(actor=leader, proposal=proposal, uploaded=SimpleUploadedFile(f"liite-{number}.pdf", blank_pdf(), "application/pdf"))
        for attempt in range(1 + number % 2):
            proposals.submit_proposal(actor=leader, proposal=Proposal.objects.get(pk=proposal.pk), idempotency_key=f"{self.seed}-{team.code}-{attempt}")

    def judging(self) -> None:
        """Open the proposals by two persons, judge the blind copies, and sign the reports."""
        span, closes = self.spans["judging"], self.spans["judging"].closes_at
        winners = {row.challenge: next(team.name for team in self.facts.teams if team.id == row.team) for row in self.facts.winners}
        for name, challenge in self._challenges():
            clock.hold(span.opens_at + timedelta(hours=1))
            round_ = proposals.prepare_jury(actor=self.organiser, challenge=challenge, opens_at=span.opens_at + timedelta(hours=2), closes_at=closes - timedelta(days=10))
            for number in range(1, 6):
                proposals.seat_juror(actor=self.organiser, challenge=challenge, person=self.person(f"juror.{name}.{number}"), is_chair=number == 1)
            opening = proposals.request_opening(actor=self.registrar, challenge=challenge)
            opening = proposals.confirm_opening(actor=self.organiser, opening=opening)
            proposals.open_proposals(actor=self.registrar, opening=opening)
            best = set(
                opening.links.filter(version__proposal__team__name=winners[name]).values_list("entry_code", flat=True)
            ) if name in winners else set()
            round_ = reading.find_round(round_.key) or round_
            self._judge(round_, best, "jury_comments", span.opens_at + timedelta(hours=3), closes - timedelta(days=11))
            clock.hold(closes - timedelta(days=9))
            reviewing.complete_round(actor=self.organiser, round=round_)
            self._report_on(reading.find_round(round_.key) or round_, closes - timedelta(days=8))
        self.say(f"{len(self.facts.challenges)} juries judged without names and signed their reports")

    def _report_on(self, round_: Round, when: datetime) -> None:
        clock.hold(when)
        seats, reasons = [seat for _, seat in self._people_of(round_)], texts("feedback")["report_reasons"]
        chair = next(seat for seat in seats if seat.is_chair)
        given = {row.entry_code: words(self.material.pick(reasons["winner" if row.place == 1 else "placed"]), "fi") for row in reading.ranking(round_)}
        report = reviewing.draft_report(actor=chair, round=round_, reasons=given)
        report = reviewing.send_for_signing(actor=chair, report=report)
        for seat in seats:
            reviewing.sign_report(actor=seat, report=report, report_hash=report.hash)

    def award(self) -> None:
        """Open identities by two persons, decide, and publish the winners."""
        span = self.spans["award"]
        for name, challenge in self._challenges():
            clock.hold(span.opens_at + timedelta(minutes=10))
            award = awards.take_report(actor=self.organiser, challenge=challenge)
            awards.request_identities(actor=self.registrar, award=award)
            awards.open_identities(actor=self.organiser, award=award)
            first = Placing.objects.filter(award=award, place=1).select_related("team").order_by("team__name").first()
            if first is None:
                raise RuntimeError(f"no placing in {name}")
            decision = words(self.material.pick(texts("feedback")["decision_reasons"]), "fi")
            awards.decide_award(actor=self.organiser, award=award, decision=decision, winners=[first.team], is_invented=True)
            clock.hold(span.opens_at + timedelta(hours=1))
            awards.publish_winners(actor=self.organiser, award=award)
            self.say(f"{challenge.title['fi']}: {first.team.name} wins")

    # -- judging by invented people ----------------------------------------------------------------------------------

    def _people_of(self, round_: Round) -> list[tuple[User, Seat]]:
        seats = {seat.handle: seat for seat in Seat.objects.using(reviewing_alias()).filter(round=round_).select_related("round").order_by("handle")}
        rows = User.objects.filter(handles__handle__in=list(seats)).distinct().order_by("email")
        return [(person, seats[handle]) for person in rows for handle in handles_of(person) if handle in seats]

    def _judge(self, round_: Round, best: set[Any], comments: str, first: datetime, last: datetime) -> None:
        """Open the round and let every seat submit every review, the best entries clearly ahead."""
        round_ = reading.find_round(round_.key) or round_
        if round_.state == RoundState.DRAFT:
            reviewing.open_round(actor=self.organiser, round=round_)
        seats = [seat for _, seat in self._people_of(round_)]
        entries = list(Entry.objects.using(reviewing_alias()).filter(round=round_).order_by("code"))
        criteria = [row.code for row in reading.criteria_of(round_)]
        quality = {entry.code: self.material.random.uniform(8.4, 9.3) if entry.code in best else self.material.random.uniform(2.5, 6.8) for entry in entries}
        done = set(Review.objects.using(reviewing_alias()).filter(entry__round=round_, state="submitted").values_list("entry__code", "seat__handle"))
        pool = texts("feedback")[comments]
        with self.moments(max(first, round_.opens_at), min(last, round_.closes_at), len(seats) * (len(entries) + 1)) as tick:
            for seat in seats:
                seat.round = round_
                tick()
                if seat.state == SeatState.INVITED:
                    reviewing.take_seat(actor=seat)
                for entry in entries:
                    tick()
                    if (entry.code, seat.handle) in done:
                        continue
                    text = words(self.material.pick(pool[self.material.level(quality[entry.code])]), entry.language)
                    reviewing.submit_review(actor=seat, entry=entry, scores=self.material.scores(criteria, quality[entry.code]), comment=text)

    # -- result ------------------------------------------------------------------------------------------------------

    def result(self) -> dict[str, Any]:
        """Return counts, rankings, winners, log heads and seconds of this competition."""
        rounds = Round.objects.using(reviewing_alias()).filter(chain=self.code).order_by("kind", "key")
        by_round = {row.key: reading.progress(row)[0] for row in rounds}
        rows = dict(self._challenges()) if Challenge.objects.filter(competition__code=self.code).exists() else {}
        ranking = {}
        for name, challenge in rows.items():
            found = reading.find_round(f"proposals/{challenge.code}")
            ranking[name] = [row.entry_code for row in reading.ranking(found)] if found else []
        winners = {name: list(Placing.objects.filter(award__challenge=row, is_winner=True).values_list("team__name", flat=True)) for name, row in rows.items()}
        reported = Problem.objects.public().filter(competition__code=self.code)
        return {
            "counts": {
                "municipalities": reported.values("municipality").distinct().count(), "problems": reported.count(), "challenges": len(rows),
                "applications": Application.objects.filter(team__challenge__competition__code=self.code).exclude(submitted_at=None).count(),
                "teams": Team.objects.admitted().filter(challenge__competition__code=self.code).count(),
                "mentors": MentorProfile.objects.filter(competition__code=self.code).count(),
                "sessions": Session.objects.filter(slot__day__competition__code=self.code).count(),
                "proposals": Proposal.objects.filter(team__challenge__competition__code=self.code).exclude(versions=None).count(), "reviews": by_round,
            },
            "ranking": ranking, "winners": {name: names[0] for name, names in winners.items() if names},
            "log": {using: {v.competition: {"head": v.head, "length": v.length} for v in audit.verify(using)} for using in settings.DATABASES},
            "seconds": {**self.done(), "total": round(sum(self.done().values()), 3)}, "seed": self.seed,
        }


KNOWN = {
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
}


def blank_pdf() -> bytes:
    """Return a PDF of one empty page, without a time or a name in it."""
    out, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(width=595, height=842)
    writer.metadata = None
    writer.write(out)
    return out.getvalue()
