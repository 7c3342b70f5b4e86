"""One competition lived twice with other hands behind the same proposals, and all that a reader gets of it."""

import base64
import hashlib
import random
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.apps import apps
from django.db import connections, transaction
from django.db.models import BigAutoField

from klash.accounts import services as accounts
from klash.awards import services as awards
from klash.competitions.models import StageKind
from klash.core import chance, clock
from klash.files import services as files
from klash.files.models import StoredFile
from klash.post.models import Message
from klash.problems.models import Problem
from klash.proposals import selectors, services
from klash.proposals.models import Proposal, Version
from klash.reviewing import services as reviewing
from klash.reviewing.models import Entry
from tests.blind.crawl import Reply, addresses, client_of, crawl
from tests.proposals.pdf import upload

READERS = {"juror": "fi", "chair": "sv", "deputy": "en", "nobody": "fi"}
# In order. At those of `SEARCHED` everybody looks round, and the juror tries every address there is; else who has a part follows the links.
MOMENTS = ("invited", "half", "arrived", "closed", "written", "reading", "scored", "complete", "signing", "requested")
SEARCHED = ("half", "reading", "requested")
CHAIRED = ("written", "complete", "signing")


@dataclass(frozen=True)
class Text:
    """What is judged, whoever wrote it."""

    title: str
    sections: dict[str, str]
    pages: int


TEXTS = {
    "X": Text("Kyydit kylille", {
        "solution": "Kyyti tilataan puhelimella ja se on perillä tunnissa. Katso [esite](http://kyydit.invalid/esite) ja **kartta**.",
        "impact": "Matkat lyhenevät, kun autot eivät aja tyhjinä.", "novelty": "Uutta on, että tilaus ja maksu ovat samassa paikassa.",
        "spreading": "Muut kunnat saavat ohjeet ja voivat aloittaa heti.",
    }, 1),
    "Y": Text("Byarnas skjuts", {
        "solution": "Den som behöver skjuts ringer ett nummer och får en plats i en bil som redan är på väg.",
        "impact": "Det blir färre tomma bilar och fler kan bo kvar i byn.", "novelty": "Det nya är att bilen inte ägs av någon.",
        "spreading": "Alla kommuner har telefoner och kan börja med en by.",
    }, 2),
    "Z": Text("Yhteinen auto", {
        "solution": "Kylällä on yksi auto, joka seisoo kaupan pihassa, ja sen avain on puhelimessa.",
        "impact": "Asukkaat pääsevät lääkäriin, vaikka linja-auto ei kulje.", "novelty": "Autoa ei omista kukaan, vaan kylä vuokraa sen.",
        "spreading": "Malli sopii jokaiseen kylään, jossa on kauppa tai koulu.",
    }, 3),
}


@dataclass(frozen=True)
class Arrival:
    """A team's proposal: which text, how long before the deadline, under which file name, in how many submissions."""

    team: str
    text: str
    hours: float
    file: str
    tries: int = 1
    late: bool = False


KAARNA_FIRST = (
    Arrival("Kaarna", "X", 90.37, "Virtanen_Oy_tarjous.pdf"), Arrival("Luoto", "Y", 50.61, "Luodon suunnitelma.pdf"),
    Arrival("Myrsky", "Z", 9.83, "proposal.pdf", tries=2),
)
LUOTO_LATER = (
    Arrival("Myrsky", "Y", 70.29, "Ström & Co anbud.pdf", tries=3), Arrival("Kaarna", "Z", 30.77, "proposal.pdf", late=True),
    Arrival("Luoto", "X", 2.41, "förslag-2.pdf", tries=2),
)
NOBODY_YET: tuple[Arrival, ...] = ()


class Coupled(random.Random):
    """Chance that shuffles by what a thing says instead of where it stood.

    A fair shuffle stays fair after a sort, so what a reader gets has equal odds in two worlds if it is equal under this source.
    """

    def sample(self, population, k, **more):
        return super().sample(sorted(population, key=_content), k, **more)


def _content(item) -> str:
    if isinstance(item, Version):
        return str(item.manifest["parts"][0]["sha256"])
    return str(item[0] if isinstance(item, tuple) else getattr(item, "title", item))


@contextmanager
def chance_of(step: str):
    """Draw the same in every world inside one step."""
    before, chance._source = chance._source, Coupled(f"two worlds/{step}")
    try:
        yield
    finally:
        chance._source = before


class Undo(Exception):
    """Take the world back."""


def undone(act: Callable):
    """Return what the act returns, with every row of both databases as it was before."""
    found = []
    try:
        with transaction.atomic(), transaction.atomic(using="reviewing"):
            found.append(act())
            raise Undo
    except Undo:
        return found[0]


def propose(contest, arrival: Arrival) -> list[Version]:
    """Write, attach and submit as the team would, each try a little later."""
    text, person, versions = TEXTS[arrival.text], contest.people[arrival.team], []
    for number in range(arrival.tries):
        with clock.at(contest.deadline - timedelta(hours=arrival.hours - 0.5 * number)):
            proposal = services.start_proposal(actor=person, team=contest.teams[arrival.team])
            if not number:
                content = upload(arrival.file, pages=text.pages)
                services.attach_file(actor=person, proposal=proposal, uploaded=content)
            services.save_proposal(actor=person, proposal=proposal, texts={"title": text.title, **text.sections}, revision=proposal.revision)
            versions.append(services.submit_proposal(actor=person, proposal=Proposal.objects.get(pk=proposal.pk), idempotency_key=f"{arrival.team}-{number}"))
    return versions


def live(contest, arrivals, look: Callable[[str], None], until: str = MOMENTS[-1], invite: Callable[[], None] | None = None) -> None:
    """Walk from the jury's invitation to the moment before identities are opened; `look` is called at each moment with its name.

    invite: how the jury comes to its seats, where not by the services of this process.
    """
    for moment, when, step in _steps(contest, arrivals, invite):
        with clock.at(when), chance_of(moment):
            step()
        with clock.at(when + timedelta(minutes=30)):
            look(moment)
        if moment == until:
            return


def _steps(contest, arrivals, invite=None):
    """Yield each moment with its time and what happens just before it."""
    deadline, cast = contest.deadline, contest.cast
    opens, hour = deadline + timedelta(days=1), timedelta(hours=1)

    def arrive(latest: float, earliest: float) -> Callable[[], None]:
        return lambda: [propose(contest, row) for row in sorted(arrivals, key=lambda row: -row.hours) if latest <= row.hours < earliest] and None

    def jury() -> None:
        services.prepare_jury(actor=cast["organiser"], challenge=contest.challenge, opens_at=opens, closes_at=opens + timedelta(days=10))
        services.seat_juror(actor=cast["organiser"], challenge=contest.challenge, person=cast["juror"])
        invitation, _ = services.invite_juror(actor=cast["organiser"], challenge=contest.challenge, email=cast["chair"].email, is_chair=True, language="sv")
        accounts.accept_invitation(actor=cast["chair"], invitation=invitation)

    def fix() -> None:
        services.confirm_opening(actor=cast["registrar"], opening=services.request_opening(actor=cast["organiser"], challenge=contest.challenge))

    def close() -> None:
        for row in arrivals:
            if row.late:
                person, proposal = contest.people[row.team], Proposal.objects.get(team=contest.teams[row.team])
                services.submit_proposal(actor=person, proposal=proposal, idempotency_key="late")

    def open_() -> None:
        services.open_proposals(actor=cast["registrar"], opening=selectors.opening_of(contest.challenge))
        contest.release()

    yield "invited", deadline - 100 * hour, invite or jury
    yield "half", deadline - 20 * hour, arrive(20, 100)
    yield "arrived", deadline - hour, arrive(0, 20)
    yield "closed", deadline + hour, close
    yield "written", deadline + 3 * hour, lambda: fix() or open_()
    yield "reading", opens + hour, lambda: take_seats(contest)
    yield "scored", opens + 24 * hour, lambda: score(contest, ["juror"])
    yield "complete", opens + 48 * hour, lambda: score(contest, ["chair"]) or complete(contest)
    yield "signing", opens + 49 * hour, lambda: report(contest)
    yield "requested", opens + 51 * hour, lambda: sign(contest) or request(contest)


def seat_of(contest, name):
    return next(seat for seat in contest.seats() if seat.is_chair == (name == "chair"))


def take_seats(contest) -> None:
    for seat in contest.seats():
        reviewing.take_seat(actor=seat, terms_hash=seat.round.terms_hash)


def score(contest, names) -> None:
    points = {"Kyydit kylille": 9, "Byarnas skjuts": 6, "Yhteinen auto": 3}
    for name in names:
        seat = seat_of(contest, name)
        for entry in Entry.objects.using("reviewing").filter(round=seat.round).order_by("title"):
            scores = dict.fromkeys(("impact", "innovativeness", "scalability"), points[entry.title])
            reviewing.submit_review(actor=seat, entry=entry, scores=scores, comment=f"Perusteltu: {entry.title}.")


def complete(contest) -> None:
    reviewing.complete_round(actor=contest.cast["organiser"], round=selectors.round_of(contest.challenge))


def report(contest) -> None:
    round_, chair = selectors.round_of(contest.challenge), seat_of(contest, "chair")
    reasons = {entry.code: f"Perustelu: {entry.title}" for entry in round_.entries.using("reviewing").all()}
    reviewing.send_for_signing(actor=chair, report=reviewing.draft_report(actor=chair, round=round_, reasons=reasons))


def sign(contest) -> None:
    round_ = selectors.round_of(contest.challenge)
    for seat in contest.seats():
        reviewing.sign_report(actor=seat, report=round_.report, report_hash=round_.report.hash)


def request(contest) -> None:
    award = awards.take_report(actor=contest.cast["organiser"], challenge=contest.challenge)
    awards.request_identities(actor=contest.cast["organiser"], award=award)


# ------------------------------------------------------------------ what a reader gets

def objects(contest) -> dict[str, list[str]]:
    """Return the arguments of addresses that exist in every world: the public side's, and the jury's as its database holds them."""
    round_ = selectors.round_of(contest.challenge)
    codes = [entry.code for entry in round_.entries.using("reviewing").order_by("code")] if round_ else []
    return {
        "competition": ["klash-test"], "challenge": ["kyyti"], "team": sorted(contest.teams[name].code for name in ("Kaarna", "Luoto")),
        "problems:code": list(Problem.objects.values_list("code", flat=True)), "reviewing:code": [round_.code] if round_ else [], "mentoring:code": ["nothing"],
        "entry_code": codes, "number": ["1"], "sheet": ["1"], "kind": StageKind.values[:1], "token": ["nothing"], "key": ["nothing"], "form": ["csv"], "language": ["fi"], "receipt": ["nothing"], "member": ["nothing"],
    }


def pages(contest, name: str, is_search: bool = True) -> dict[str, Reply]:
    """Return what a reader gets by following links, with is_search by asking for every address, the person's language throughout."""
    language = READERS.get(name, "fi")
    person = None if name == "nobody" else contest.cast.get(name) or contest.people[name]
    home = "/" if language == "fi" else f"/{language}/"
    return crawl(client_of(person), [home, f"{home}review/", *(addresses(objects(contest), language) if is_search else [])], language)


def mails(to: str) -> list[tuple[str, ...]]:
    """Return the mails to an address in both databases, as they leave."""
    return [
        (using, row.event, row.language, row.subject, row.body, row.message_id, str(row.queued_at))
        for using in ("default", "reviewing") for row in Message.objects.using(using).filter(to=to).order_by("pk")
    ]


def _plain(value):
    return bytes(value) if isinstance(value, memoryview) else value


def reviewing_rows() -> dict[str, list[dict]]:
    """Return every row of every table of the jury's database."""
    connection, found = connections["reviewing"], {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in cursor.description]
            found[table] = [dict(zip(columns, map(_plain, row), strict=True)) for row in cursor.fetchall()]
    return found


def observe(contest, moment: str, readers=tuple(READERS), *, is_short: bool = False) -> dict[str, dict]:
    """Return what the readers get at this moment, and the jury's database. is_short: by following links alone."""
    here = readers if moment in SEARCHED or is_short else [name for name in readers if name == "juror" or name == "chair" and moment in CHAIRED]
    found: dict[str, dict] = {name: dict(pages(contest, name, name == "juror" and moment in SEARCHED and not is_short)) for name in here}
    found |= {f"mail to {name}": dict(enumerate(mails(contest.cast[name].email))) for name in readers if name != "nobody"}
    return {**found, "database": reviewing_rows()}


@dataclass
class World:
    """What was seen, by moment and reader, and what a reader must not find in it.

    secrets: what names a team or comes from it; keys: every primary key; hashes: of the files; codes: code name -> title.
    """

    seen: dict[str, dict]
    secrets: set[str]
    keys: set[int]
    hashes: set[str]
    codes: dict[str, str]

    def replies(self, reader: str, moment: str, *, is_blind: bool = True) -> list[Reply]:
        """Return a reader's answers, on the blind side those of the jury's pages and the person's own."""
        rows = self.seen[moment][reader].values()
        return [row for row in rows if not is_blind or "/review/" in row.where or row.where.endswith(("/tasks/", "/profile/"))]


def watch(contest, arrivals, moments=MOMENTS, readers=tuple(READERS), *, is_short: bool = False) -> World:
    """Live a world, take it back, and return what was seen at each of the moments."""
    world = World({}, set(), set(), set(), {})

    def look(moment: str) -> None:
        if moment in moments:
            world.seen[moment] = observe(contest, moment, readers, is_short=is_short)
            world.secrets |= secrets(contest, arrivals)
            world.keys |= keys()
            world.hashes |= hashes()
            world.codes |= dict(Entry.objects.using("reviewing").values_list("code", "title"))

    undone(lambda: live(contest, arrivals, look, until=max(moments, key=MOMENTS.index)))
    return world


def secrets(contest, arrivals) -> set[str]:
    """Return what names a team, a member or a file of theirs, and the handles that the identity side gives to these."""
    found = set(contest.teams) | {team.code for team in contest.teams.values()}
    for person in (*contest.people.values(), contest.cast["member"]):
        found |= {person.email, person.code}
    found |= {row.file for row in arrivals if row.file != "proposal.pdf"} | {row.file.split("_")[0] for row in arrivals if "_" in row.file}
    found |= set(Proposal.objects.values_list("code", flat=True)) | set(StoredFile.objects.values_list("key", flat=True))
    for receipt, key, commitment in Version.objects.values_list("receipt", "idempotency_key", "commitment"):
        found |= {receipt, key, commitment}
    return found


def keys() -> set[int]:
    """Return every primary key of both databases that an order could be read from."""
    found: set[int] = set()
    for model in apps.get_models():
        if isinstance(model._meta.pk, BigAutoField):
            for using in ("default", "reviewing"):
                if model._meta.db_table in connections[using].introspection.table_names():
                    found |= set(model._base_manager.using(using).values_list("pk", flat=True))
    return found


def hashes() -> set[str]:
    """Return the hashes that a team could reckon out: of every file as it was uploaded, and as the team sees it made anew."""
    found = set()
    kept = [stored for stored in StoredFile.objects.order_by("pk") if stored.rebuilt]
    for content in [read(stored) for stored in kept for read in (files.read, files.read_clean)]:
        for name in ("md5", "sha1", "sha256"):
            digest = hashlib.new(name, content).digest()
            found |= {digest.hex(), base64.b64encode(digest).decode().rstrip("="), base64.urlsafe_b64encode(digest).decode().rstrip("=")}
    return found
