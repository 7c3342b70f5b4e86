"""An invented competition of any size, written in bulk.

The only code beside migrations that writes rows past the services: what they take hours for is wanted in seconds. It keeps the columns as
the services would: sums, counts, places, hashes of the report and of the log. The reviews' own events are left out; no page reads them.

`python -m bench.fill SIZE` fills the databases of the settings and prints the pages, each with the session that opens it, as JSON.
"""

import json
import os
import random
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import count
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klash.config.settings")
    django.setup()

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from klash.accounts.models import Municipality, Organisation, ReviewerHandle, RoleGrant, Standing, User
from klash.accounts.services import load_register
from klash.awards.models import Award, Placing
from klash.challenges.models import BRIEF_SECTIONS, Challenge
from klash.competitions.models import Competition, CriteriaSet, Criterion, Partner, Ruling, RulingLine, Stage, StageKind, Theme
from klash.competitions.selectors import as_announced
from klash.competitions.usual_forms import CODES, PROPOSAL
from klash.core import audit, chance, clock, merkle, search
from klash.core.databases import reviewing
from klash.core.models import AuditChain, AuditEvent
from klash.mentoring.models import MentoringDay, MentorProfile, Session, Slot
from klash.post.models import Message
from klash.problems.models import Problem
from klash.problems.services import recount
from klash.proposals.models import Opening, Proposal, Version
from klash.reviewing import hashes
from klash.reviewing.models import AgendaItem, Attendance, Entry, Meeting, Report, Review, Round, Seat
from klash.reviewing.models import Criterion as RoundCriterion
from klash.reviewing.selectors import as_text
from klash.rules.roles import SIDE_OF, Role
from klash.rules.states import (
    ApplicationState,
    AwardState,
    ChallengeState,
    CompetitionState,
    OpeningState,
    ProblemState,
    ProposalState,
    ReportState,
    ReviewState,
    RoundState,
    SeatState,
)
from klash.teams.models import Application, Membership, Team

CODE, SEED, PIECE, WAITING = "bench", 7, 2000, 400
NOBODY = "!"  # a password that no one has
WEIGHTS = {"impact": 40, "innovativeness": 30, "scalability": 30}
SUBJECTS = ("kyyti", "kirjasto", "yksinäisyys", "tyhjät tilat", "etätyö", "nuorten työ", "lähiruoka", "palvelut kylillä", "melu", "osallisuus")
SENTENCE = "Asukkaat kertovat, että arki on hankalaa ja ratkaisuja on kokeiltu vain siellä täällä, eikä kunta yksin pääse asiassa eteenpäin. "
BANDS = [
    {"from": first, "to": last, "text": {"fi": f"Hyöty on {word}.", "sv": f"Nyttan är {word}.", "en": f"The benefit is {word}."}}
    for first, last, word in ((0, 3, "pieni"), (4, 6, "kohtalainen"), (7, 10, "suuri"))
]


@dataclass
class Filled:
    """size: proposals, problems and entries of each round. sessions: who -> cookie; codes: what a page's address needs."""

    size: int
    reviewers: int
    sessions: dict[str, str] = field(default_factory=dict)
    codes: dict[str, Any] = field(default_factory=dict)


def fill(size: int, *, reviewers: int = 10) -> Filled:
    """Write a competition with `size` problems and proposals, and two rounds of `size` entries with `reviewers` reviews each; return where it is.

    Challenge 1 is being written for: `size` teams with a submitted proposal each. The jury of challenge 2 judges: all but the last 400
    entries (a fifth of fewer) have been reviewed by everyone. The round of challenge 3 is complete and its chair begins the report.
    Challenge 4 has its winner. The panel's round on the problems is complete too, of three reviewers; they meet, and all is decided but not told.
    """
    made = _Making(size, reviewers, random.Random(SEED), clock.now())
    with transaction.atomic(), transaction.atomic(using=reviewing()), chance.seeded(SEED):
        for step in (
            made.competition, made.people, made.problems, made.challenges, made.teams, made.proposals, made.rounds, made.award, made.mentoring, made.mails,
            made.events,
        ):
            step()
    made.enter()
    return Filled(size, reviewers, made.sessions, made.codes)


class _Making:
    def __init__(self, size: int, reviewers: int, drawn: random.Random, now: datetime) -> None:
        self.size, self.reviewers, self.drawn, self.now = size, reviewers, drawn, now
        self.sessions: dict[str, str] = {}
        self.codes: dict[str, Any] = {}
        self.named: dict[str, User] = {}
        self.happened: list[tuple[str, str, str, dict[str, Any]]] = []

    def competition(self) -> None:
        load_register()
        now, organiser = self.now, Organisation.objects.create(code=CODE, name={"fi": "Kuntien liitto", "sv": "Kommunförbundet", "en": "Association"})
        self.bench = Competition.objects.create(
            code=CODE, name="Klash Bench", tagline={"fi": "Kunnat nimeävät ongelman."}, summary={"fi": SENTENCE}, organiser=organiser,
            is_invented=True, state=CompetitionState.PUBLISHED, published_at=now - timedelta(days=99), teams_per_challenge_max=30_000,
        )
        Partner.objects.create(competition=self.bench, organisation=organiser, roles=["organiser"])
        self.themes = [Theme.objects.create(competition=self.bench, code=f"theme-{number}", name={"fi": name}) for number, name in enumerate(SUBJECTS)]
        is_open = (StageKind.PROBLEM_CALL, StageKind.PROPOSALS, StageKind.JUDGING)
        for position, kind in enumerate(StageKind.values):
            opens, closes = now - timedelta(days=90 - position), now + timedelta(days=30) if kind in is_open else now - timedelta(days=9 - position)
            Stage.objects.create(
                competition=self.bench, kind=kind, position=position, title={"fi": kind, "sv": kind, "en": kind}, opens_at=opens, closes_at=closes,
                planned_opens_at=opens, planned_closes_at=closes,
            )
        for kind in (StageKind.JUDGING, StageKind.PROBLEM_SELECTION):
            group = CriteriaSet.objects.create(competition=self.bench, stage_kind=kind, frozen_at=now, hash="0" * 64)
            for position, (code, weight) in enumerate(WEIGHTS.items()):
                name = {"fi": code, "sv": code, "en": code}
                Criterion.objects.create(criteria_set=group, code=code, position=position, name=name, meaning={"fi": SENTENCE}, weight=weight, bands=BANDS)
        self.criteria = list(Criterion.objects.filter(criteria_set__stage_kind=StageKind.JUDGING).order_by("position"))
        self.municipalities = list(Municipality.objects.filter(valid_to=None).order_by("code"))

    def _people(self, names: Iterable[str], role: Role, challenge: str = "") -> list[User]:
        people = User.objects.bulk_create([
            User(email=f"{name}@bench.invalid", name=f"Henkilö {name}", password=NOBODY, is_invented=True, joined_at=self.now) for name in names
        ], PIECE)
        standings = Standing.objects.bulk_create([Standing(person=person, competition=CODE, side=SIDE_OF[role].value) for person in people], PIECE)
        RoleGrant.objects.bulk_create([
            RoleGrant(standing=row, role=role.value, side=SIDE_OF[role].value, challenge=challenge, granted_at=self.now, granted_by="system")
            for row in standings
        ], PIECE)
        return people

    def people(self) -> None:
        self.organisers = self._people(["organiser", "organiser-2"], Role.ORGANISER)
        self.officers = self._people([f"officer-{number}" for number in range(min(self.size, 2 * len(self.municipalities)))], Role.OFFICER)
        self.mentors = self._people([f"mentor-{number}" for number in range(50)], Role.MENTOR)
        self.panel = self._people([f"panellist-{number}" for number in range(3)], Role.PANELLIST)
        self.jurors = self._people([f"juror-{number}" for number in range(self.reviewers)], Role.JUROR)
        self.leaders = self._people([f"leader-{number}" for number in range(self.size)], Role.TEAM_LEADER, f"{CODE}-1")
        self.members = self._people([f"member-{number}" for number in range(2 * self.size)], Role.TEAM_MEMBER, f"{CODE}-1")
        self.named = {"organiser": self.organisers[0], "officer": self.officers[0], "mentor": self.mentors[5], "juror": self.jurors[0]}
        self.named |= {"leader": self.leaders[0], "leader_2": self.leaders[1]}

    def problems(self) -> None:
        rows = [self._problem(number) for number in range(self.size)]
        self.problem_rows = Problem.objects.bulk_create(rows, PIECE)
        Problem.group.through.objects.bulk_create([
            Problem.group.through(problem=row, municipality=self.drawn.choice(self.municipalities)) for row in self.problem_rows[::5]
        ], PIECE)
        self.happened += [("problem.submitted", row.officer.code, f"problem/{row.code}", {}) for row in self.problem_rows]

    def _problem(self, number: int) -> Problem:
        place, subject = self.drawn.choice(self.municipalities), self.drawn.randrange(len(SUBJECTS))
        title = f"{SUBJECTS[subject].capitalize()} huolettaa, {place.name_fi} {number}"
        answers = dict.fromkeys(CODES["problem_call"], SENTENCE * 4)
        return Problem(
            competition=self.bench, officer=self.officers[number % len(self.officers)], municipality=place, theme=self.themes[subject], title=title,
            summary=SENTENCE, answers=answers, search=search.index(f"{title} {place.name_sv} {SENTENCE}", "fi"), is_invented=True, state=ProblemState.SUBMITTED,
            submitted_at=self.now, saved_at=self.now, revision=1, entry_code=f"P{number}",
            feedback=SENTENCE, feedback_released_at=self.now,
        )

    def challenges(self) -> None:
        self.challenge_rows = []
        for number in range(1, 5):
            problem = self.problem_rows[number]
            Problem.objects.filter(pk=problem.pk).update(state=ProblemState.CHOSEN)
            texts = {name: {"fi": SENTENCE * 3, "sv": SENTENCE * 3} for name in BRIEF_SECTIONS}
            self.challenge_rows.append(Challenge.objects.create(
                code=f"{CODE}-{number}", competition=self.bench, number=number, problem=problem, pilot_municipality=problem.municipality,
                title={"fi": f"Haaste {number}", "sv": f"Utmaning {number}", "en": f"Challenge {number}"}, lead={"fi": SENTENCE, "sv": SENTENCE}, **texts,
                notice_reference="1/2026", state=ChallengeState.PUBLISHED, published_at=self.now,
            ))
        recount(self.bench)

    def teams(self) -> None:
        self.team_rows = self._teams(self.challenge_rows[0], "Tiimi", self.size)
        Membership.objects.bulk_create([
            Membership(team=team, person=person, is_leader=person is self.leaders[number], joined_at=self.now)
            for number, team in enumerate(self.team_rows) for person in (self.leaders[number], *self.members[2 * number: 2 * number + 2])
        ], PIECE)

    def _teams(self, challenge: Challenge, name: str, size: int) -> list[Team]:
        teams = Team.objects.bulk_create([
            Team(challenge=challenge, name=f"{name} {number}", summary=SENTENCE, is_invented=True, founded_at=self.now) for number in range(size)
        ], PIECE)
        told = {"state": ApplicationState.ADMITTED, "submitted_at": self.now, "decided_at": self.now, "released_at": self.now, "reason": SENTENCE}
        answers = dict.fromkeys(("know_how", "idea", "motivation"), SENTENCE)
        Application.objects.bulk_create([Application(team=team, answers=answers, **told) for team in teams], PIECE)
        Challenge.objects.filter(pk=challenge.pk).update(admitted_teams=size, admitted_persons=3 * size if challenge.number == 1 else 0)
        return teams

    def proposals(self) -> None:
        texts = dict.fromkeys((row["code"] for row in PROPOSAL), SENTENCE * 8)
        self.proposal_rows = Proposal.objects.bulk_create([
            Proposal(team=team, texts={**texts, "title": f"Ratkaisu {number}"}, revision=1, state=ProposalState.SUBMITTED, saved_at=self.now)
            for number, team in enumerate(self.team_rows)
        ], PIECE)
        closes_at = self.bench.stage(StageKind.PROPOSALS).closes_at
        versions = [
            Version(
                receipt=chance.code(16), proposal=row, number=1, idempotency_key="1", submitted_by=leader, received_at=self.now, deadline_at=closes_at,
                is_late=False, commitment=f"{number:064}", document={"manifest": {"language": "fi", "parts": []}, "signature": "0" * 128},
            ) for number, (row, leader) in enumerate(zip(self.proposal_rows, self.leaders, strict=True))
        ]
        Version.objects.bulk_create(versions, PIECE)
        self.codes |= {"team": self.team_rows[0].code, "team_2": self.team_rows[1].code, "receipt": versions[0].receipt}
        for row, leader in zip(self.proposal_rows, self.leaders, strict=True):
            self.happened += [(f"proposal.{what}", leader.code, f"proposal/{row.code}", {}) for what in ("started", "saved", "submitted")]

    def rounds(self) -> None:
        waiting = WAITING if self.size > 5 * WAITING else self.size // 5
        panel = self._round("problems", f"problems/{CODE}", self.panel, [row.entry_code or "" for row in self.problem_rows], is_complete=True)
        self._decisions(panel)
        judging = self._round("proposals", f"proposals/{CODE}-2", self.jurors, [f"B{number}" for number in range(self.size)], waiting=waiting)
        judged = self._round("proposals", f"proposals/{CODE}-3", self.jurors, [f"C{number}" for number in range(self.size)], is_complete=True)
        self._report(judged, [])
        self.codes["panel"] = panel.code
        self.codes |= {"judging": judging.code, "judged": judged.code, "entry": "B0", "waiting": [f"B{n}" for n in range(self.size - waiting, self.size)]}
        for challenge, row in ((self.challenge_rows[1], judging), (self.challenge_rows[2], judged)):
            self._opening(challenge, row)

    def _decisions(self, round_: Round) -> None:
        """Let the panel be in the middle of its meeting, and all be decided but not released."""
        using, now = reviewing(), self.now
        entries = list(round_.entries.using(using).order_by("place", "code").only("code"))
        half = len(entries) // 2
        meeting = Meeting.objects.using(using).create(
            round=round_, place="Kuntatalo, Helsinki", started_at=now - timedelta(hours=1), turn=half + 1, came_from=half or None
        )
        Attendance.objects.using(using).bulk_create([Attendance(meeting=meeting, seat=seat, is_present=True) for seat in round_.seats.using(using).all()])
        AgendaItem.objects.using(using).bulk_create([
            AgendaItem(meeting=meeting, entry=entry, position=place, note=SENTENCE if place <= half else "", left=[] if place <= half else None)
            for place, entry in enumerate(entries, 1)
        ], PIECE)
        ruling = Ruling.objects.create(key=round_.key, competition=self.bench, quota=round_.quota)
        RulingLine.objects.bulk_create([
            RulingLine(ruling=ruling, entry_code=entry.code, is_taken=place < ruling.quota, reason=SENTENCE, revision=1, saved_at=now, is_invented=True)
            for place, entry in enumerate(entries)
        ], PIECE)

    def _opening(self, challenge: Challenge, round_: Round) -> None:
        one, other = self.organisers
        Opening.objects.create(
            challenge=challenge, requested_by=one, requested_at=self.now, confirmed_by=other, confirmed_at=self.now, opened_at=self.now,
            round_code=round_.code, state=OpeningState.OPENED,
        )

    def _round(self, kind: str, key: str, people: list[User], codes: list[str], *, is_complete: bool = False, waiting: int = 0) -> Round:
        using, now = reviewing(), self.now
        announced = [as_announced(row) for row in self.criteria]
        row = Round.objects.using(using).create(
            code=chance.code(12), key=key, chain=CODE, kind=kind, competition_name=self.bench.name, title={"fi": key, "sv": key, "en": key},
            intro={"fi": SENTENCE}, is_blind=kind == "proposals", is_invented=True, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=30),
            criteria_hash=hashes.criteria_hash(announced), entry_count=len(codes), state=RoundState.COMPLETE if is_complete else RoundState.OPEN,
            completed_at=now if is_complete else None,
        )
        RoundCriterion.objects.using(using).bulk_create([RoundCriterion(round=row, position=place, **given) for place, given in enumerate(announced)])
        done = len(codes) - waiting
        seats = Seat.objects.using(using).bulk_create([
            Seat(
                round=row, handle=chance.key(), is_chair=number == 0, state=SeatState.ACCEPTED, accepted_at=now, terms_hash=row.terms_hash,
                assigned_count=len(codes), submitted_count=done
            )
            for number, _ in enumerate(people)
        ])
        ReviewerHandle.objects.bulk_create([ReviewerHandle(person=person, handle=seat.handle) for person, seat in zip(people, seats, strict=True)])
        scores = [[{code: self.drawn.randint(0, 10) for code in WEIGHTS} for _ in seats] if number < done else [] for number in range(len(codes))]
        points = [[sum(WEIGHTS[code] * value for code, value in given.items()) for given in rows] for rows in scores]
        places = _places([sum(row) for row in points]) if is_complete else [None] * len(codes)
        entries = Entry.objects.using(using).bulk_create([
            Entry(
                round=row, code=code, title=f"Ratkaisu {code}", author="" if row.is_blind else "Janakkala", language="fi", is_invented=True,
                sections=[{"heading": row["heading"], "text": SENTENCE * 8} for row in PROPOSAL],
                review_count=len(points[number]), points=sum(points[number]), place=places[number],
                value=as_text(Fraction(sum(points[number]), 100 * len(points[number]))) if is_complete else "",
            ) for number, code in enumerate(codes)
        ], PIECE)
        Review.objects.using(using).bulk_create((
            Review(
                entry=entry, seat=seat, place=place, scores=given, comment="Selkeä.", points=total, weight=sum(WEIGHTS.values()),
                state=ReviewState.SUBMITTED, saved_at=now, submitted_at=now,
            )
            for place, (entry, all_given, totals) in enumerate(zip(entries, scores, points, strict=True), 1)
            for seat, given, total in zip(seats, all_given, totals, strict=False)
        ), PIECE)
        waits = list(enumerate(entries, 1))[done:]
        Review.objects.using(using).bulk_create((Review(entry=entry, seat=seat, place=place) for place, entry in waits for seat in seats), PIECE)
        return row

    def _report(self, round_: Round, ranking: list[dict[str, Any]], **columns: Any) -> Report:
        report = Report(round=round_, ranking=ranking, **columns)
        report.hash = hashes.report_hash(report)
        report.save(using=reviewing())
        return report

    def award(self) -> None:
        """Let challenge 4 be over, with three teams."""
        challenge, (one, other) = self.challenge_rows[3], self.organisers
        teams = self._teams(challenge, "Voittaja", 3)
        codes = [f"D{number}" for number in range(3)]
        round_ = self._round("proposals", f"proposals/{challenge.code}", self.jurors, codes, is_complete=True)
        self._opening(challenge, round_)
        rows = list(round_.entries.using(reviewing()).order_by("place", "code"))
        ranking = [{"place": row.place, "entry": row.code, "points": row.value} for row in rows]
        report = self._report(round_, ranking, reasons=dict.fromkeys(codes, SENTENCE), state=ReportState.SIGNED, signed_at=self.now)
        award = Award.objects.create(
            challenge=challenge, report_hash=report.hash, requested_by=one, requested_at=self.now, opened_by=other, opened_at=self.now, decision=SENTENCE,
            decided_by=one, decided_at=self.now, published_at=self.now, state=AwardState.PUBLISHED,
        )
        Placing.objects.bulk_create([
            Placing(
                award=award, team=team, entry_code=row.code, place=row.place or 0, points=ranking[place]["points"], reasons=SENTENCE, is_winner=not place
            ) for place, (row, team) in enumerate(zip(rows, teams, strict=True))
        ])

    def mentoring(self) -> None:
        profiles = MentorProfile.objects.bulk_create([
            MentorProfile(competition=self.bench, person=person, field={"fi": SUBJECTS[number % 10]}, text={"fi": SENTENCE})
            for number, person in enumerate(self.mentors)
        ])
        teams = self.team_rows[:500]
        for number in range(1, 6):
            starts = self.now - timedelta(days=40 - number)
            day = MentoringDay.objects.create(competition=self.bench, number=number, on=starts.date(), place="Hämeenlinna", topic={"fi": "Alku"})
            day.challenges.add(self.challenge_rows[0])
            slots = Slot.objects.bulk_create([
                Slot(day=day, starts_at=starts + timedelta(minutes=30 * place), ends_at=starts + timedelta(minutes=30 * place + 25)) for place in range(4)
            ])
            planned = Session.objects.bulk_create([
                Session(slot=slot, team=team, mentor=profile, changed_at=slot.starts_at)
                for place, slot in enumerate(slots) for team, profile in zip(teams[place * 25: place * 25 + 25], profiles[number * 5:] + profiles, strict=False)
            ])
            self.codes.setdefault("session", planned[0].code)

    def mails(self) -> None:
        Message.objects.bulk_create([
            Message(
                event=f"proposal.submitted/{row.code}", to=person.email, language="fi", subject="Ratkaisuehdotus vastaanotettu", body=SENTENCE,
                message_id=f"<{number}@bench.invalid>", queued_at=self.now, sent_at=self.now,
            ) for number, (row, person) in enumerate(zip(self.proposal_rows, self.leaders, strict=True))
        ], PIECE)

    def events(self) -> None:
        chain, frontier, rows = AuditChain.objects.create(competition=CODE), list[bytes](), []
        for number, (what, actor, thing, body) in zip(count(1), self.happened, strict=False):
            event = AuditEvent(chain=chain, number=number, at=self.now, actor=actor, what=what, thing=thing, body=body, salt=chance.key())
            event.body_hash = audit._body_hash(event)
            event.leaf = audit.leaf_of(event).hex()
            frontier = merkle.appended(frontier, number - 1, bytes.fromhex(event.leaf))
            rows.append(event)
        AuditEvent.objects.bulk_create(rows, PIECE)
        whole = "".join(part.hex() for part in frontier)
        AuditChain.objects.filter(pk=chain.pk).update(head=merkle.root(frontier).hex(), frontier=whole, length=len(rows))

    def enter(self) -> None:
        """Sign everybody of `named` in."""
        for name, person in self.named.items():
            session = SessionStore()
            session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = person.get_session_auth_hash()
            session.save()
            self.sessions[name] = str(session.session_key)
        listed = sorted((row.title, row.code) for row in self.problem_rows)
        self.codes |= {"problem": self.problem_rows[0].code, "last_problem": listed[max(self.size - 50, 0)][1]}
        self.codes |= {"pages": -(-self.size // 50), "form_pages": -(-self.size // 30)}


def _places(sums: list[int]) -> list[int]:
    """Return each sum's place, 1 for the highest; equal sums share one."""
    first: dict[int, int] = {}
    for place, value in enumerate(sorted(sums, reverse=True), 1):
        first.setdefault(value, place)
    return [first[value] for value in sums]


def main(size: int) -> None:
    """Fill and print what was made."""
    print(json.dumps(asdict(fill(size))))


if __name__ == "__main__":
    main(int(sys.argv[1]))
