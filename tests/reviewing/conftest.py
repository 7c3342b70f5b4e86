"""A round of three entries, two jurors and a chair, made through the services alone; no competition is needed."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from klash.accounts import services as accounts
from klash.accounts.models import ReviewerHandle, User
from klash.core import audit, chance, clock
from klash.core.databases import reviewing
from klash.reviewing import selectors, services
from klash.reviewing.models import Entry, Round, Seat
from klash.rules.roles import Role
from tests.clearing import clear_all

OPENS = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
CLOSES = datetime(2026, 3, 13, 14, 0, tzinfo=UTC)
MIDDLE = datetime(2026, 3, 7, 12, 2, tzinfo=UTC)
CHAIN = "klash-round"


def words(fi, sv, en):
    return {"fi": fi, "sv": sv, "en": en}


def criterion(code, weight, fi, sv, en):
    bands = [
        {"from": 0, "to": 3, "text": words("Hyöty on pieni.", "Nyttan är liten.", "The benefit is small.")},
        {"from": 4, "to": 6, "text": words("Hyöty on kohtalainen.", "Nyttan är måttlig.", "The benefit is fair.")},
        {"from": 7, "to": 10, "text": words("Hyöty on suuri.", "Nyttan är stor.", "The benefit is great.")},
    ]
    return {"code": code, "name": words(fi, sv, en), "meaning": words("", "", ""), "weight": weight, "scale_min": 0, "scale_max": 10, "bands": bands}


CRITERIA = [
    criterion("impact", 40, "Vaikuttavuus", "Effekt", "Impact"),
    criterion("innovativeness", 30, "Innovatiivisuus", "Innovativitet", "Innovativeness"),
    criterion("scalability", 30, "Skaalautuvuus", "Skalbarhet", "Scalability"),
]
CODES = ("K7-MESI", "R2-HAKA", "T9-LUMO")


def new_entry(code, **more):
    columns = {"title": f"Ratkaisu {code}", "author": "", "language": "fi", "sections": [
        {"heading": words("Mitä ratkaisu tekee", "Vad lösningen gör", "What the solution does"), "text": f"Teksti kohteesta {code}."}
    ]}
    return services.NewEntry(code=code, **{**columns, **more})


def full(value):
    return {row["code"]: value for row in CRITERIA}


@dataclass
class Body:
    """staff runs the competition. chair and jurors are seats; people holds the account of each handle."""

    staff: User
    round: Round
    chair: Seat
    jurors: list[Seat]
    people: dict[str, User] = field(default_factory=dict)

    @property
    def seats(self):
        return [self.chair, *self.jurors]

    def entry(self, code):
        return Entry.objects.using(reviewing()).get(round=self.round, code=code)

    def submit_all(self, value=lambda seat, code: 5, seats=None):
        for number, seat in enumerate(seats or self.seats):
            for code in self.codes:
                if selectors.own_review(seat, code) is None:  # a conflict bars the pair
                    continue
                given = value(number, code)
                services.submit_review(actor=seat, entry=self.entry(code), scores=given if isinstance(given, dict) else full(given), comment=f"Perustelu {code}.")

    @property
    def codes(self):
        return list(Entry.objects.using(reviewing()).filter(round=self.round).order_by("code").values_list("code", flat=True))

    def complete(self, **more):
        self.submit_all(**more)
        return services.complete_round(actor=self.staff, round=self.round)


def make_body(*, codes=CODES, is_blind=True, is_open=True, jurors=2, taken=True, **more):
    staff = accounts.create_account(email=f"staff-{chance.code()}@example.org", name="Järjestäjä", is_invented=True)
    accounts.grant_role(actor=audit.System(), person=staff, role=Role.ORGANISER, competition=CHAIN)
    round_ = services.make_round(**{
        "actor": staff, "key": f"proposals/{chance.code()}", "chain": CHAIN, "kind": "proposals", "competition_name": "Klash", "title": words("Haaste", "Utmaning", "Challenge"),
        "intro": words("Arvioi ratkaisut.", "Bedöm lösningarna.", "Score the solutions."), "is_blind": is_blind, "is_invented": True,
        "opens_at": OPENS, "closes_at": CLOSES, "criteria": CRITERIA, **more,
    })
    seats = [services.add_seat(actor=staff, round=round_, is_chair=number == 0) for number in range(jurors + 1)]
    body = Body(staff, round_, seats[0], seats[1:])
    for number, seat in enumerate(seats):
        person = accounts.create_account(email=f"juror-{number}-{chance.code()}@example.org", name=f"Tuomari {number}", is_invented=True)
        ReviewerHandle.objects.create(person=person, handle=seat.handle)
        body.people[seat.handle] = person
        if taken:
            services.take_seat(actor=seat, terms_hash=seat.round.terms_hash)
    services.write_entries(actor=staff, round=round_, entries=[new_entry(code) for code in codes])
    if is_blind:
        clear_all(round_)
    if is_open:
        services.open_round(actor=staff, round=round_)
    for seat in seats:
        seat.round = round_
    return body


@pytest.fixture(autouse=True)
def _static(settings, tmp_path):
    """Serve static files from where they are written: a test run collects none."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture
def middle():
    """Hold the clock in the middle of the round."""
    with clock.at(MIDDLE):
        yield MIDDLE


@pytest.fixture
def body(db, middle):
    return make_body()


@pytest.fixture
def late():
    """A context that holds the clock a millisecond after the round has closed."""
    return lambda: clock.at(CLOSES + timedelta(milliseconds=1))
