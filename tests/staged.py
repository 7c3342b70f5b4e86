"""One small invented competition, kept as it stood at each stage, for tests that look at every stage.

The rehearsal runs once a test session, in a process of its own (about ten seconds), and is shared by all xdist workers. In a
conftest write `from tests.staged import staged  # noqa: F401`; then

    with staged.at("judging+") as state:
        page = state.client("juror").get(state.url("reviewing:round", code="jury_round"))

Inside the block the process's connections hold a fresh copy of that state in memory, the clock is held at its instant, and
`settings.KLASH_HOME` is a folder with its files. Nothing that is done there is seen elsewhere; loading takes a few milliseconds.
`with staged.shared("judging+") as state` enters a copy that the process keeps, with clients that stay signed in: for many short
looks; write nothing there but inside `with state.undone():`. Do not use the `db` fixture beside either.

STAGES, in the order of time:
    setup           the competition is a draft
    <kind>          the nine stages, two hours after their opening, as the rehearsal reached them
    <kind>+         a day later, with the stage's own work under way (see `_BEGIN`): drafts, seats taken, a round half judged
    end             the winners are published

PEOPLE: `state.people` is name -> address. A person whose account does not exist yet in a state gets one without any role.
The second `other_*` person is of another team, problem, challenge or competition. `state.things` is name -> public code: what
the cast owns there, or will own, so that an address of a later stage is asked before its time, too.
To serve a state (browser, gunicorn): `staged.copy(state, folder)` makes a KLASH_HOME of it.
"""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.test import Client, override_settings
from django.urls import reverse

from klash.accounts import services as accounts
from klash.accounts.models import Organisation, ReviewerHandle, RoleGrant, User
from klash.accounts.selectors import handles_of
from klash.awards import services as awards
from klash.challenges import services as challenges
from klash.challenges.models import INDICATOR, Challenge, InformationSession, PublicQuestion, hash_of
from klash.competitions import services as competitions
from klash.competitions.models import Competition, Partner, StageKind, Theme
from klash.competitions.selectors import register
from klash.competitions.usual_forms import CODES
from klash.core import audit, chance, clock, sheets
from klash.mentoring import services as mentoring
from klash.mentoring.models import Advice, Badge, DiaryEntry, JointSession, Material, MentorProfile, PlannedMeeting, Session
from klash.problems import services as problems
from klash.problems.models import PUBLIC_STATES, EligibilityQuestion, Filing, Problem, ProblemImport, Talk
from klash.problems.selectors import columns
from klash.proposals import services as proposals
from klash.proposals.models import Opening, Proposal, ProposalFile, TeamQuestion
from klash.proposals.models import Version as Submission
from klash.replay.engine import Play
from klash.replay.invent import invent
from klash.reviewing import services as reviewing
from klash.reviewing.models import Criterion, Entry, Question, QuestionBatch, Round, Seat
from klash.rules.roles import Role
from klash.teams import services as teams
from klash.teams.models import Ad, Membership, Team
from tests.clearing import clear_all
from tests.migrated import FILES, alone, copy, is_sqlite, run, shared
from tests.proposals.pdf import upload

INVENTED = "problems=8,challenges=2,teams=4,mentors=4,seed=7"
CODE, OTHER = "rehearsal-7", "other-competition"
KINDS = list(StageKind.values)
BEFORE = datetime(2027, 1, 4, 10, tzinfo=UTC)  # a week before the first stage of an invented competition
TEXT = {"fi": "Keksitty teksti."}

Loaded = dict[str, Any]  # alias -> connection to a copy in memory


# -- using it ------------------------------------------------------------------------------------------------------------


@dataclass
class State:
    """One loaded state. people: name -> address; things: name -> public code; at: the instant at which the clock is held."""

    name: str
    at: datetime
    people: dict[str, str]
    things: dict[str, Any]
    clients: dict[str, Client] = field(default_factory=dict)

    def person(self, who: str) -> User:
        address = self.people[who]
        return User.objects.filter(email=address).first() or accounts.create_account(email=address, name=who.replace("_", " ").title())

    def client(self, who: str) -> Client:
        """Return a client of this person, always the same, signed in anew if a request ended the session; `nobody` is not signed in."""
        if who not in self.clients:
            self.clients[who] = client = Client(raise_request_exception=False)
            if who != "nobody":
                client.force_login(self.person(who))
            client.initial = dict(client.cookies)
        client = self.clients[who]
        client.cookies.clear()
        client.cookies.update(client.initial)
        return client

    def url(self, name: str, **words: Any) -> str:
        """Return a page's address; a word that names one of the `things` stands for it."""
        return reverse(name, kwargs={key: self.things.get(word, word) for key, word in words.items()})

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Take back what the block writes into either database. What waits for a commit never runs."""
        with ExitStack() as stack:
            for alias in connections:
                stack.enter_context(transaction.atomic(using=alias))
            yield
            for alias in connections:
                transaction.set_rollback(True, using=alias)


@dataclass(frozen=True)
class Staged:
    """All kept states. names in the order of time; facts is what `build` noted of each."""

    folder: Path
    home: Path
    facts: dict[str, Any]
    blocker: Any
    kept: dict[str, tuple[Loaded, State]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return list(self.facts["states"])

    @contextmanager
    def at(self, name: str) -> Iterator[State]:
        """Load a fresh copy of a state for the block."""
        with self.blocker.unblock():
            loaded = _load(self.folder / name)
        try:
            with self._inside(loaded, state := self._state(name)):
                yield state
        finally:
            _close(loaded)

    @contextmanager
    def shared(self, name: str) -> Iterator[State]:
        """Enter the one copy of a state that this process keeps with its clients signed in. Undo whatever is written."""
        if name not in self.kept:
            with self.blocker.unblock():
                self.kept[name] = _load(self.folder / name), self._state(name)
        loaded, state = self.kept[name]
        with self._inside(loaded, state):
            yield state

    def _state(self, name: str) -> State:
        facts = self.facts["states"][name]
        return State(name, datetime.fromisoformat(facts["at"]), self.facts["people"], facts["things"])

    @contextmanager
    def _inside(self, loaded: Loaded, state: State) -> Iterator[None]:
        before = {alias: connections[alias] for alias in connections}
        with self.blocker.unblock(), override_settings(KLASH_HOME=self.home), clock.at(state.at):
            try:
                for alias, connection in loaded.items():
                    connections[alias] = connection
                yield
            finally:
                for alias, connection in before.items():
                    connections[alias] = connection

    def copy(self, name: str, home: Path) -> None:
        """Make a KLASH_HOME of a state, with the demo's clock at its instant."""
        home.mkdir(parents=True, exist_ok=True)
        for alias, file in FILES.items():
            shutil.copy(self.folder / name / f"{alias}.sqlite3", home / file)
        _copy_folders(self.folder, home)
        offset = datetime.fromisoformat(self.facts["states"][name]["at"]) - datetime.now(UTC)
        (home / "clock.json").write_text(json.dumps({"offset_s": offset.total_seconds()}))


@pytest.fixture(scope="session")
def staged(request: Any, tmp_path_factory: Any, django_db_blocker: Any) -> Iterator[Staged]:
    if not is_sqlite():
        pytest.skip("the kept states are SQLite files")
    folder = shared(tmp_path_factory, "staged")
    with alone(folder):
        if not (folder / "facts.json").exists():
            run("from tests.staged import build; build()", copy(request.getfixturevalue("migrated"), folder), KLASH_DEMO="1")
    home = tmp_path_factory.getbasetemp() / "staged-home"
    _copy_folders(folder, home)
    found = Staged(folder, home, json.loads((folder / "facts.json").read_text()), django_db_blocker)
    yield found
    for loaded, _ in found.kept.values():
        _close(loaded)


def _copy_folders(source: Path, home: Path) -> None:
    for name in ("files", "keys"):
        shutil.copytree(source / name, home / name, dirs_exist_ok=True)


def _load(folder: Path) -> Loaded:
    loaded = {}
    for alias in connections:
        old = connections[alias]
        loaded[alias] = type(old)({**old.settings_dict, "NAME": ":memory:"}, alias)
        loaded[alias].ensure_connection()
        with closing(sqlite3.connect(folder / f"{alias}.sqlite3")) as source:
            source.backup(loaded[alias].connection)
    return loaded


def _close(loaded: Loaded) -> None:
    for connection in loaded.values():
        connection.connection.close()  # Django never closes a database in memory


# -- building it, in a process of its own --------------------------------------------------------------------------------


def build() -> None:
    """Run the rehearsal in KLASH_HOME and keep every state of it there."""
    folder, states = Path(settings.KLASH_HOME), {}

    def keep(name: str) -> None:
        (folder / name).mkdir()
        _snapshot(name)
        states[name] = {"at": clock.now().replace(second=0, microsecond=0).isoformat()}

    for alias in connections:
        with connections[alias].cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
    with clock.at(BEFORE), chance.seeded(0):
        _draft(OTHER, "other_organiser")
        accounts.make_operator(email=_address("operator"))
        accounts.create_account(email=_address("outsider"), name="Olli Ulkopuolinen")
        keep("base")
        _draft(CODE, "organiser")
        keep("setup")
    _go_to("base")
    facts, seed = invent(INVENTED)
    Play(facts, seed, lambda line: None, keep=keep).run()
    keep("end")
    del states["base"]
    people = _people()
    with clock.at(datetime.fromisoformat(states["end"]["at"])), chance.seeded(99):
        _Work(people).talk()
    _snapshot("end")
    things = _things(people)
    for number, (kind, begin) in enumerate(_BEGIN.items(), 1):
        _go_to(kind)
        with clock.at(datetime.fromisoformat(states[kind]["at"]) + timedelta(days=1)), chance.seeded(number):
            begin(_Work(people))
            keep(f"{kind}+")
    order = ["setup", *(name for kind in KINDS for name in (kind, f"{kind}+") if name in states), "end"]
    for number, name in enumerate(order, 100):
        _go_to(name)
        with clock.at(datetime.fromisoformat(states[name]["at"])), chance.seeded(number):
            states[name]["things"] = {**things, **_things(people), **_invite(people)}
            _snapshot(name)
    (folder / "files").mkdir(exist_ok=True)
    (folder / "facts.json").write_text(json.dumps({"people": people, "states": {name: states[name] for name in order}}, indent=1))


def _snapshot(name: str) -> None:
    for alias in connections:
        with closing(sqlite3.connect(Path(settings.KLASH_HOME) / name / f"{alias}.sqlite3")) as target:
            connections[alias].connection.backup(target)


def _go_to(name: str) -> None:
    for alias in connections:
        with closing(sqlite3.connect(Path(settings.KLASH_HOME) / name / f"{alias}.sqlite3")) as source:
            source.backup(connections[alias].connection)


def _address(name: str) -> str:
    return f"{name}.{CODE}@klash.invalid"


def _draft(code: str, name: str) -> None:
    system = audit.System()
    organisation = Organisation.objects.create(code=f"{code}-host", name={"fi": "Keksitty järjestäjä"}, kind="association", is_invented=True)
    competition = competitions.create_competition(
        actor=system, code=code, name=f"Kilpailu {code}", tagline={"fi": "Keksitty."}, summary={"fi": "Keksitty."}, organiser=organisation, is_invented=True
    )
    people = {Role.ORGANISER: name, Role.REGISTRAR: name.replace("organiser", "registrar")}
    for role, who in people.items():
        person = accounts.create_account(email=_address(who), name=who.title(), is_invented=True)
        accounts.grant_role(actor=system, person=person, role=role, competition=code)
    organiser = User.objects.get(email=_address(name))
    for number, kind in enumerate(KINDS):
        opens = BEFORE + timedelta(days=7 + 30 * number)
        competitions.add_stage(actor=organiser, competition=competition, kind=kind, title={"fi": kind}, opens_at=opens, closes_at=opens + timedelta(days=28))
    competitions.add_theme(actor=organiser, competition=competition, code="public_transport", name=TEXT)
    partner = Organisation.objects.create(code=f"{code}-partner", name=TEXT, kind="other", is_invented=True)
    competitions.add_partner(actor=organiser, competition=competition, organisation=partner, roles=["partner"])
    criterion = {"code": "impact", "name": TEXT, "meaning": TEXT, "weight": 1}
    competitions.set_criteria(actor=organiser, competition=competition, stage_kind="judging", criteria=[criterion])


def _people() -> dict[str, str]:
    """Return the cast's addresses, as the finished competition knows them."""
    first, second = Challenge.objects.order_by("number")
    own, other = Team.objects.admitted().filter(challenge=first, sessions__isnull=False).distinct().order_by("pk")[:2]
    reported = Problem.objects.filter(state="not_chosen").order_by("requests", "pk")  # one that another municipality joined comes first
    officers = list(dict.fromkeys(reported.reverse().values_list("officer__email", flat=True)))
    officers = [one for one in officers if one not in {first.problem.officer.email, second.problem.officer.email}]
    return {
        "organiser": _holders(Role.ORGANISER)[0], "registrar": _holders(Role.REGISTRAR)[0], "officer": officers[0], "other_officer": officers[1],
        "pilot_officer": first.problem.officer.email, "leader": _members(own)[0], "member": _members(own)[1], "other_leader": _members(other)[0],
        "panellist": _holders(Role.PANELLIST)[1], "team_panellist": _holders(Role.PANELLIST, first.code)[1],
        "mentor": own.sessions.order_by("pk")[0].mentor.person.email,
        "juror": _holders(Role.JUROR, first.code)[0], "other_juror": _holders(Role.JUROR, second.code)[0], "chair": _holders(Role.CHAIR, first.code)[0],
        "operator": _address("operator"), "outsider": _address("outsider"), "other_organiser": _address("other_organiser"), "nobody": "",
    }


def _holders(role: Role, challenge: str = "") -> list[str]:
    rows = RoleGrant.objects.filter(role=role, challenge=challenge, standing__competition=CODE).order_by("pk")
    return list(rows.values_list("standing__person__email", flat=True))


def _members(team: Team) -> list[str]:
    return list(Membership.objects.filter(team=team).order_by("-is_leader", "pk").values_list("person__email", flat=True))


def _things(people: dict[str, str]) -> dict[str, Any]:
    """Return the public codes of what exists in this state and belongs to the cast."""
    team = Team.objects.filter(memberships__person__email=people["leader"]).first()
    proposal = Proposal.objects.filter(team=team).first() if team else None
    session = Session.objects.filter(team=team, mentor__person__email=people["mentor"]).order_by("pk").first() if team else None
    asked = Question.objects.filter(entry__round__key__in=[f"proposals/{row.code}" for row in Challenge.objects.order_by("number")[:1]]).order_by("state", "code")
    found: dict[str, Any] = {
        "competition": CODE, "other_competition": OTHER, "promise": "other",
        "theme": Theme.objects.filter(competition__code=CODE).order_by("pk").values_list("code", flat=True).first(),
        "problem_import": ProblemImport.objects.filter(competition__code=CODE, imported_at=None).values_list("code", flat=True).first(),
        "eligibility_question": EligibilityQuestion.objects.filter(competition__code=CODE).values_list("code", flat=True).first(),
        "partner": Partner.objects.filter(competition__code=CODE).order_by("-pk").values_list("organisation__code", flat=True).first(),
        "problem": Problem.objects.filter(officer__email=people["officer"]).order_by("pk").values_list("code", flat=True).first(),
        "other_problem": Problem.objects.filter(competition__code=CODE, state__in=PUBLIC_STATES).exclude(officer__email=people["officer"]).order_by("pk").values_list("code", flat=True).first(),
        "talk": Talk.objects.filter(competition__code=CODE).values_list("code", flat=True).first(),
        "filed": Filing.objects.order_by("pk").values_list("problem__code", flat=True).first(),
        "challenge": Challenge.objects.order_by("number").values_list("code", flat=True).first(),
        "public_question": PublicQuestion.objects.filter(confirmed_at__isnull=False).order_by("challenge__number", "state", "-pk").values_list("code", flat=True).first(),
        "information_session": InformationSession.objects.order_by("challenge__number").values_list("code", flat=True).first(),
        "ad": Ad.objects.filter(team=team).values_list("code", flat=True).first() if team else None,
        "team": team.code if team else None,
        "member_code": User.objects.filter(email=people["member"]).values_list("code", flat=True).first(),
        "session": session.code if session else None,
        "day": session.slot.day.number if session else None,
        "check_in": session.slot.day.check_in_code if session else None,
        "advice": Advice.objects.filter(session=session).values_list("code", flat=True).first() if session else None,
        "material": Material.objects.filter(session=session).values_list("code", flat=True).first() if session else None,
        "diary_entry": DiaryEntry.objects.filter(author__email=people["member"]).values_list("code", flat=True).first(),
        "mentor_code": MentorProfile.objects.filter(person__email=people["mentor"]).values_list("code", flat=True).first(),
        "badge": Badge.objects.filter(person__email=people["leader"]).values_list("code", flat=True).first(),
        "joint_session": JointSession.objects.filter(day=session.slot.day).values_list("code", flat=True).first() if session else None,
        "meeting": PlannedMeeting.objects.filter(plan__competition__code=CODE, plan__state="draft").values_list("code", flat=True).first(),
        "file": ProposalFile.objects.filter(proposal=proposal).values_list("file__key", flat=True).first() if proposal else None,
        "team_question": TeamQuestion.objects.filter(proposal=proposal).values_list("code", flat=True).first() if proposal else None,
        "question": asked.values_list("code", flat=True).first(),  # one that waits, where there is one
        "batch": QuestionBatch.objects.filter(questions__in=asked).order_by("pk").values_list("code", flat=True).first(),
        "receipt": Submission.objects.filter(proposal=proposal).values_list("receipt", flat=True).first() if proposal else None,
    }
    for name, kind in (("panel", "problems"), ("team_panel", "applications"), ("jury", "proposals")):
        round_ = Round.objects.filter(kind=kind, chain=CODE).order_by("key").first()
        handles = ReviewerHandle.objects.filter(person__email=people.get(f"{name}list", "")).values_list("handle", flat=True)
        entries = Entry.objects.filter(round=round_).order_by("code")
        own = entries.filter(reviews__seat__handle__in=list(handles), reviews__place__isnull=False)
        entry = own.first() or entries.first() if round_ else None
        found |= {f"{name}_round": round_.code if round_ else None, f"{name}_entry": entry.code if entry else None}
    return {name: value for name, value in found.items() if value is not None}


def _invite(people: dict[str, str]) -> dict[str, str]:
    """Invite the outsider to help and, where there is a team, into the team; returns the tokens of the links, the mentor's calendar among them."""
    invite = partial(accounts.invite, actor=audit.System(), email=people["outsider"], competition=CODE)
    found = {"invitation": invite(role=Role.MENTOR)[1]}
    team = Team.objects.filter(memberships__person__email=people["leader"]).select_related("challenge").first()
    if team:
        found["team_invitation"] = invite(role=Role.TEAM_MEMBER, challenge=team.challenge.code, team=team.code)[1]
    for mentor in MentorProfile.objects.filter(competition__code=CODE, person__email=people["mentor"]).select_related("person", "competition"):
        found["calendar"] = mentoring.make_feed(actor=mentor.person, competition=mentor.competition)[1]
    return found


# -- what people have begun ----------------------------------------------------------------------------------------------

class _Work:
    """The work of a stage, half done, through the services."""

    def __init__(self, people: dict[str, str]) -> None:
        self.people = people
        self.competition = Competition.objects.get(code=CODE)
        self.organiser, self.registrar = self.person("organiser"), self.person("registrar")

    def person(self, who: str) -> User:
        address = self.people.get(who) or _address(who)
        return User.objects.filter(email=address).first() or accounts.create_account(email=address, name=who.replace("_", " ").title(), is_invented=True)

    @property
    def challenge(self) -> Challenge:
        return Challenge.objects.select_related("competition").order_by("number")[0]

    def closes_at(self, days: int = 2) -> datetime:
        return clock.now() + timedelta(days=days)

    # Each stage

    def problem_call(self) -> None:
        """The officer has a draft; another has submitted."""
        places = list(register(self.competition)[:2])
        for who, place in zip(("officer", "other_officer"), places, strict=True):
            officer = self.person(who)
            problem = problems.start_problem(actor=officer, competition=self.competition, municipality=place, is_invented=True)
            texts = {"title": "Keksitty teksti.", "summary": "Keksitty teksti.", "answers": dict.fromkeys(CODES["problem_call"], "Keksitty teksti.")}
            problems.save_problem(actor=officer, problem=problem, theme=self.competition.themes.first(), group=[], **texts)
            if who == "other_officer":
                problems.submit_problem(actor=officer, problem=problem)
        problems.add_usual_questions(actor=self.organiser, competition=self.competition)
        self.report_together(problem)

    def report_together(self, reported: Problem) -> None:
        """A municipality supports what was reported and another asks to join; a colleague is invited to the draft; the staff files one."""
        places, officer, supporter = list(register(self.competition)[2:5]), self.person("officer"), self.person("pilot_officer")
        problems.support_problem(actor=supporter, problem=reported, municipality=places[0], word="Keksitty syy.", is_invented=True)
        problems.ask_to_co_own(actor=supporter, problem=reported, municipality=places[1], word="Keksitty pyyntö.")
        draft = Problem.objects.select_related("competition", "municipality").get(officer=officer)
        problems.invite_writer(actor=officer, problem=draft, email=_address("kollega"), municipality=draft.municipality)
        filed = problems.file_problem(
            actor=self.organiser, competition=self.competition, municipality=places[2], in_name_of="Keksitty ilmoittaja", source="Keksitty kirje.", is_invented=True,
        )
        problems.offer_problem(actor=self.organiser, filing=filed.filing, email=_address("vastaanottaja"))
        row = {"municipality": places[0].name_fi, "language": "fi", "theme": self.competition.themes.first().code}
        words = {code: row.get(code, "" if code == "group" else "Keksitty taulukossa.") for code in columns(self.competition)}
        table = sheets.Table(tuple(words), (sheets.Line(2, tuple(words.values())),))
        problems.check_import(actor=self.organiser, competition=self.competition, table=table)

    def problem_selection(self) -> None:
        """The screening is done and the panel reads; one review is in, one is a draft."""
        problems.add_usual_questions(actor=self.organiser, competition=self.competition)
        own = Problem.objects.filter(officer=self.person("officer"), state="submitted").order_by("pk").first()
        others = list(Problem.objects.filter(officer=self.person("other_officer"), state="submitted"))
        problems.begin_talk(actor=self.person("officer"), problem=own, others=others, text="Keksitty viesti.", is_invented=True)
        problems.pass_problems(actor=self.organiser, competition=self.competition, problems=list(Problem.objects.filter(competition=self.competition, state="submitted")))
        round_ = problems.open_panel_round(actor=self.organiser, competition=self.competition, closes_at=self.closes_at())
        for who in ("panel_chair", "panellist", "third_panellist"):
            problems.seat_panellist(actor=self.organiser, competition=self.competition, person=self.person(who), is_chair=who == "panel_chair")
        self.read(round_, "panellist", "panel_chair")

    def challenge_shaping(self) -> None:
        """A chosen problem is being rewritten into a brief."""
        problem = Problem.objects.select_related("competition", "municipality").get(officer__email=self.people["pilot_officer"], state="chosen")
        challenge = challenges.create_challenge(actor=self.organiser, problem=problem, code=f"{CODE}-h1", number=1)
        challenges.name_pilot_officer(actor=self.organiser, challenge=challenge, person=problem.officer)
        texts = dict.fromkeys(challenges.TEXTS, TEXT)
        challenges.save_brief(actor=problem.officer, challenge=challenge, texts=texts)
        challenges.save_indicator(actor=problem.officer, challenge=challenge, place=None, indicator=dict.fromkeys(INDICATOR, TEXT))
        challenges.save_notice(actor=self.organiser, challenge=challenge, reference="", jury="Keksitty Nimi", is_invented=True)
        comment = challenges.comment_brief(actor=self.organiser, challenge=challenge, place="goal", text="Keksitty kommentti.")
        challenges.comment_brief(actor=problem.officer, challenge=challenge, place="goal", text="Keksitty vastaus.", parent=comment)
        challenges.suggest_text(actor=self.organiser, challenge=challenge, place="goal", language="fi", text="Keksitty parempi teksti.", why="Keksitty syy.")

    def team_call(self) -> None:
        """One team writes its application with two members; another has submitted. The brief has changed once."""
        for who, others in (("leader", ["member", "team_third"]), ("other_leader", ["other_member", "other_third"])):
            leader = self.person(who)
            team = teams.found_team(actor=leader, challenge=self.challenge, name=f"Tiimi {who}", is_invented=True)
            for other in others:
                person = self.person(other)
                invitation, _ = teams.invite_member(actor=leader, team=team, email=person.email)
                accounts.accept_invitation(actor=person, invitation=invitation)
                teams.join_team(actor=person, team=team)
            team = Team.objects.select_related("challenge__competition", "application").get(pk=team.pk)
            application = teams.save_application(actor=leader, application=team.application, answers=dict.fromkeys(("know_how", "idea", "motivation"), "Keksitty."))
            if who == "other_leader":
                teams.submit_application(actor=leader, application=application)
        ad = teams.seek_members(actor=self.person("leader"), team=Team.objects.get(name="Tiimi leader"), skills=["municipal"], text="Keksitty haku.", language="fi", is_invented=True)
        outsider = self.person("outsider")
        teams.seek_team(actor=outsider, challenge=self.challenge, skills=["data"], text="Keksitty tarjous.", language="fi", is_invented=True)
        teams.answer_ad(actor=outsider, ad=ad, text="Keksitty vastaus.")
        self.change_brief()
        self.ask_publicly()

    def ask_publicly(self) -> None:
        """Three have asked of the brief; one answer is out, one is a draft, one question waits. Anybody may still ask."""
        challenge, officer = self.challenge, self.person("pilot_officer")
        challenges.set_question_time(actor=self.organiser, challenge=challenge, until=self.closes_at(10))
        for who in ("leader", "other_leader"):
            challenges.ask_publicly(challenge=challenge, text=f"Keksitty kysymys ({who})?", language="fi", asker=self.person(who), is_invented=True)
        challenges.ask_publicly(challenge=challenge, text="Keksitty kysymys ilman tiliä?", language="sv", email="kysyja@klash.invalid", is_invented=True)
        first, second, third = PublicQuestion.objects.filter(challenge=challenge).select_related("challenge__competition").order_by("pk")
        challenges.confirm_question(question=third)
        both = {"fi": "Keksitty vastaus.", "sv": "Ett påhittat svar."}
        challenges.draft_answer(actor=officer, question=first, wording=both, answer=both)
        challenges.release_answers(actor=self.organiser, challenge=challenge)
        challenges.draft_answer(actor=officer, question=second, wording=TEXT, answer=TEXT)
        challenges.save_information_session(
            actor=officer, challenge=challenge, title=both, starts_at=self.closes_at(3), url="https://kokous.invalid/1"
        )

    def change_brief(self) -> None:
        """A second edition of the brief; a third is begun."""
        challenge, officer = self.challenge, self.person("pilot_officer")
        for text in ("Keksitty uusi tausta.", "Keksitty vielä uudempi tausta."):
            challenges.begin_change(actor=self.organiser, challenge=challenge, reason="Keksitty muutoksen syy.")
            challenges.save_brief(actor=officer, challenge=challenge, texts={"background": {"fi": text, "sv": text}})
            if challenge.versions.filter(edition=2).exists():
                return
            for person in (officer, self.organiser):
                challenges.approve_brief(actor=person, challenge=challenge, seen=hash_of(challenge.content()))
            challenges.publish_change(actor=self.organiser, challenge=challenge)

    def team_selection(self) -> None:
        """The challenge's panel reads the applications."""
        round_ = teams.open_team_round(actor=self.organiser, challenge=self.challenge, closes_at=self.closes_at())
        for who in ("team_panel_chair", "team_panellist"):
            teams.seat_panellist(actor=self.organiser, challenge=self.challenge, person=self.person(who), is_chair=who == "team_panel_chair")
        self.read(round_, "team_panellist", "team_panel_chair")

    def mentoring(self) -> None:
        """One session is planned for tomorrow, and the team has told what it wishes; after it a joint one; the pair must meet; a draft is begun."""
        competition, challenge, team = self.competition, self.challenge, Team.objects.get(memberships__person__email=self.people["leader"])
        profile = mentoring.add_mentor(actor=self.organiser, competition=competition, person=self.person("mentor"), sector="public", field=TEXT, text=TEXT)
        starts = clock.now() + timedelta(days=1)
        day = mentoring.add_day(
            actor=self.organiser, competition=competition, number=1, on=starts.date(), place="Etäyhteys", topic=TEXT, challenges=[challenge],
            slots=[(starts, starts + timedelta(minutes=45))], rooms=[("Huone 1", "https://kokous.invalid/1")],
        )
        joint = mentoring.JointWords(starts + timedelta(hours=1), starts + timedelta(hours=2), TEXT)
        mentoring.add_joint_session(actor=self.organiser, day=day, words=joint)
        mentoring.set_pair(actor=self.organiser, team=team, mentor=profile, kind="must")
        mentoring.tell_times(actor=profile.person, mentor=profile, times={day.slots.get().pk: False})
        leader = self.person("leader")
        mentoring.save_needs(actor=leader, team=team, needs=["Keksitty tarve", "Toinen keksitty tarve"], avoid="Keksitty raja.", revision=0)
        mentoring.save_wishes(actor=leader, team=team, mentors=[profile])
        session = mentoring.plan_session(actor=self.organiser, slot=day.slots.get(), team=team, mentor=profile)
        mentoring.write_wish(actor=leader, session=session, text="Keksitty toive.")
        mentoring.start_draft(actor=self.organiser, competition=competition)

    def proposals(self) -> None:
        """One team has submitted and writes on; another has a draft. The first has looked at what its mentor gave it."""
        self.talk()
        for who in ("leader", "other_leader"):
            leader = self.person(who)
            team = Team.objects.select_related("challenge__competition").get(memberships__person=leader)
            proposal = proposals.start_proposal(actor=leader, team=team)
            texts = dict.fromkeys(("title", "solution", "impact", "novelty", "spreading"), "Keksitty teksti.")
            proposals.save_proposal(actor=leader, proposal=proposal, texts=texts, revision=proposal.revision)
            proposals.attach_file(actor=leader, proposal=proposal, uploaded=upload("liite.pdf"))
            if who == "leader":
                proposals.submit_proposal(actor=leader, proposal=Proposal.objects.get(pk=proposal.pk), idempotency_key="begun")

    def talk(self) -> None:
        """The held session has two advice points, one of them answered, a material for all and an entry in the team's diary."""
        mentor, member = self.person("mentor"), self.person("member")
        held = Session.objects.filter(team__memberships__person=member, mentor__person=mentor, state="held").select_related("slot__day__competition", "team")
        session = held.order_by("pk")[0]
        first, _second = (mentoring.give_advice(actor=mentor, session=session, text=f"{word} keksitty neuvo.") for word in ("Yksi", "Toinen"))
        mentoring.answer_advice(actor=member, advice=first, answer="taken", why="Keksitty syy.", section="solution")
        mentoring.offer_to_all(actor=mentor, material=mentoring.give_material(actor=mentor, session=session, title="Keksitty opas", text="Keksitty."))
        mentoring.write_entry(actor=member, team=session.team, session=session, text="Keksitty merkintä.")

    def judging(self) -> None:
        """The proposals are opened, and the jury reads the blind copies."""
        now = clock.now()
        proposals.prepare_jury(actor=self.organiser, challenge=self.challenge, opens_at=now, closes_at=self.closes_at())
        for who in ("chair", "juror"):
            proposals.seat_juror(actor=self.organiser, challenge=self.challenge, person=self.person(who), is_chair=who == "chair")
        opening = proposals.request_opening(actor=self.registrar, challenge=self.challenge)
        opening = proposals.confirm_opening(actor=self.organiser, opening=opening)
        opening = proposals.open_proposals(actor=self.registrar, opening=opening)
        clear_all(Round.objects.get(key=f"proposals/{self.challenge.code}"), self.registrar)
        proposals.release_copies(actor=self.registrar, opening=opening)
        self.read(Round.objects.get(key=f"proposals/{self.challenge.code}"), "juror", "chair")
        self.ask(opening)

    def award(self) -> None:
        """The registrar has asked that identities be opened."""
        award = awards.take_report(actor=self.organiser, challenge=self.challenge)
        awards.request_identities(actor=self.registrar, award=award)

    def ask(self, opening: Opening) -> None:
        """The jury has asked about every entry, and one more question waits for the registrar."""
        round_ = Round.objects.get(key=f"proposals/{self.challenge.code}")
        seat = Seat.objects.select_related("round").get(round=round_, handle__in=handles_of(self.person("juror")))
        entries = list(Entry.objects.filter(round=round_).order_by("code"))
        for entry in entries:
            reviewing.ask_question(actor=seat, entry=entry, text="Keksitty kysymys?")
        times = {"answers_by": clock.now() + timedelta(hours=12), "releases_at": clock.now() + timedelta(days=1)}
        batch = proposals.propose_questions(actor=self.registrar, opening=opening, **times)
        proposals.send_questions(actor=self.organiser, opening=opening, batch=batch)
        reviewing.ask_question(actor=seat, entry=entries[0], text="Toinen keksitty kysymys?")

    def read(self, round_: Round, done: str, doing: str) -> None:
        """Let one reviewer submit a review and another save one; whoever else sits in the round has not accepted."""
        round_.refresh_from_db()
        if round_.state == "draft":
            reviewing.open_round(actor=self.organiser, round=round_)
        scores = {row.code: row.scale_max - 1 for row in Criterion.objects.filter(round=round_)}
        for who, act in ((done, reviewing.submit_review), (doing, reviewing.save_review)):
            seat = Seat.objects.select_related("round").get(round=round_, handle__in=handles_of(self.person(who)))
            reviewing.take_seat(actor=seat, terms_hash=round_.terms_hash)
            act(actor=seat, entry=Entry.objects.filter(round=round_).order_by("code")[0], scores=scores, comment="Keksitty arvio.")


_BEGIN = {kind: getattr(_Work, kind) for kind in KINDS if hasattr(_Work, kind)}
