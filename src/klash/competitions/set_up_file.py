"""What was set up of a competition as one text file: a person reads it, reviews it, keeps it, and begins the next competition from it.

It holds no word of people and nothing that happened. Later stages add what is theirs (`Part`), for example what teams are asked.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

import yaml
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, create_model

from klash.accounts.models import Organisation
from klash.competitions.models import Competition, FormKind, Question, StageKind
from klash.competitions.selectors import criteria_by_stage, sections_of
from klash.core import texts, yaml_file
from klash.core.fields import LANGUAGES
from klash.core.fields import Text as AnyText
from klash.core.show import ZONE
from klash.rules import calendar
from klash.rules.questions import Kind, hangs_wrongly

FORMAT = "klash/set-up/1"
LONGEST = 500_000  # characters of a file
# What stands above each part of the file, for who reads it.
ABOVE = {
    "format": gettext_lazy("What was set up of a competition in Klash. It holds nothing about people and nothing that happened."),
    "stages": gettext_lazy("The calendar, in Finnish time."),
    "criteria": gettext_lazy("What panels and juries judge by, with weights."),
    "forms": gettext_lazy("What is asked in each stage, where it is not the usual form."),
}


def _sound(text: AnyText) -> AnyText:
    if unknown := set(text) - set(LANGUAGES):
        raise ValueError(_("languages are fi, sv and en, not %(found)s") % {"found": ", ".join(sorted(unknown))})
    if any("\0" in said or len(said) > 5000 for said in text.values()):
        raise ValueError(_("a text has at most 5,000 characters"))
    return {code: text[code] for code in LANGUAGES if code in text}


def _named(text: AnyText) -> AnyText:
    if not text.get("fi", "").strip():
        raise ValueError(_("the Finnish text (fi) is missing"))
    return text


def _in_zone(value: Any) -> Any:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).ljust(16))  # a day alone has no time
    except ValueError:
        raise ValueError(_("write a day and a time: 2027-04-11 16:00")) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def _told(moment: datetime) -> str:
    return moment.astimezone(ZONE).replace(tzinfo=None).isoformat(" ").removesuffix(":00")


def _address(value: str) -> str:
    try:
        return value and (URLValidator(["http", "https"])(value) or value)
    except ValidationError:
        raise ValueError(_("write an address that begins with https://")) from None


Text = Annotated[AnyText, AfterValidator(_sound)]
Name = Annotated[AnyText, AfterValidator(_sound), AfterValidator(_named)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Moment = Annotated[datetime, BeforeValidator(_in_zone), PlainSerializer(_told, when_used="json")]
Number = Annotated[int, Field(ge=0, le=32000)]


class Told(BaseModel):
    """A part of the file; what it does not know is a fault of who wrote it."""

    model_config = ConfigDict(extra="forbid")


class Limits(Told):
    team_size_min: int = Field(ge=1, le=50)
    team_size_max: int = Field(ge=1, le=50)
    teams_per_challenge_max: int = Field(ge=1, le=500)
    challenges_promised: int = Field(ge=1, le=500)
    reserve_cents: int = Field(default=0, ge=0, le=10**15)
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"
    takes_questions: bool = False


class StageTold(Told):
    kind: StageKind
    title: Name
    opens: Moment
    closes: Moment


class CriterionTold(Told):
    code: Code
    name: Name
    meaning: Text = {}
    weight: int = Field(ge=1, le=1000)
    is_required: bool = True
    scale_min: Number = 0
    scale_max: Number = 10
    bands: list[dict[str, Any]] = Field(default=[], max_length=50)


class ThemeTold(Told):
    code: Code
    name: Name


class PartnerTold(Told):
    code: Annotated[str, Field(min_length=1, max_length=60)]
    name: Name
    kind: Literal[tuple(Organisation.Kind.values)] = "other"  # type: ignore[valid-type]
    roles: list[Literal["organiser", "contracting_entity", "funder", "partner"]] = []


class QuestionTold(Told):
    code: Code
    kind: Kind = Kind.TEXT
    heading: Name
    help: Text = {}
    soft_words: Annotated[int, Field(ge=1, le=32000)] | None = None
    hard_words: Annotated[int, Field(ge=1, le=32000)] | None = None
    options: list[dict[str, Any]] = Field(default=[], max_length=200)
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"
    is_required: bool = True
    required_from: Moment | None = None
    frozen_from: Moment | None = None
    depends_on: str = Field(default="", max_length=40)
    values: list[str] = Field(default=[], max_length=200)
    is_for_reviewers: bool = True
    is_identifying: bool = False
    carries: str = Field(default="", max_length=40)


class SectionTold(Told):
    code: Code
    heading: Text = {}
    help: Text = {}
    questions: list[QuestionTold] = Field(default=[], max_length=100)


class SetUp(Told):
    """The whole file but for the parts of later stages."""

    format: Literal["klash/set-up/1"]
    name: Annotated[str, Field(min_length=1, max_length=120)]
    tagline: Text = {}
    summary: Text = {}
    website: Annotated[str, AfterValidator(_address)] = ""
    limits: Limits
    stages: list[StageTold] = Field(default=[], max_length=len(StageKind))
    criteria: dict[StageKind, Annotated[list[CriterionTold], Field(min_length=1, max_length=50)]] = {}
    themes: list[ThemeTold] = Field(default=[], max_length=200)
    partners: list[PartnerTold] = Field(default=[], max_length=200)
    forms: dict[FormKind, Annotated[list[SectionTold], Field(min_length=1, max_length=20)]] = {}


@dataclass(frozen=True)
class Part:
    """What a later stage adds to the file under its name. told: what is set up; put: set it up in a draft that has nothing of it yet, or replace it."""

    name: str
    form: type[Told]
    told: Callable[[Competition], Any]
    put: Callable[..., None]


PARTS: dict[str, Part] = {}


def add_part(part: Part) -> None:
    PARTS[part.name] = part


def form_of_file() -> type[SetUp]:
    """Return the form of the whole file."""
    return create_model("WholeSetUp", __base__=SetUp, **{part.name: (part.form, part.form()) for part in PARTS.values()})  # type: ignore[call-overload, no-any-return]


def read(text: str) -> SetUp:
    """Return what a file tells. Raises yaml_file.Faulty with the line of each fault."""
    if len(text) > LONGEST:
        raise yaml_file.Faulty([yaml_file.Fault(1, _("the file is too long; at most 500,000 characters"))])
    return yaml_file.read(text, form_of_file(), _faults)


def _faults(told: SetUp) -> Iterable[tuple[yaml_file.Steps, str]]:
    """Yield what the form of the file cannot see."""
    places = {row.kind: at for at, row in enumerate(told.stages)}
    for kind, reason in calendar.faults({row.kind: (row.opens, row.closes) for row in told.stages}).items():
        yield ("stages", places[StageKind(kind)]), texts.sentence(reason)
    if told.limits.team_size_min > told.limits.team_size_max:
        yield ("limits", "team_size_min"), _("is more than team_size_max")
    lists: list[tuple[yaml_file.Steps, list[str]]] = [(("stages",), [*places]), (("themes",), [row.code for row in told.themes])]
    if len(places) < len(told.stages):
        yield ("stages",), _("one stage stands twice")
    for kind, rows in told.criteria.items():
        lists.append((("criteria", kind.value), [row.code for row in rows]))
        for at, row in enumerate(rows):
            if row.scale_min >= row.scale_max:
                yield ("criteria", kind.value, at), _("scale_min is not less than scale_max")
            elif not _are_bands(row.bands, row.scale_min, row.scale_max):
                yield ("criteria", kind.value, at, "bands"), _("bands have from, to and text, and cover the scale once and without a gap")
    for kind, sections in told.forms.items():
        lists.append((("forms", kind.value), [row.code for row in sections]))
        lists.append((("forms", kind.value), [row.code for section in sections for row in section.questions]))
        yield from _of_form(kind.value, sections)
    for steps, codes in lists:
        if double := next((code for code in codes if codes.count(code) > 1), None):
            yield steps, _("the code %(code)s stands twice") % {"code": double}


def _are_bands(bands: list[dict[str, Any]], low: int, high: int) -> bool:
    if not bands:
        return True
    if any(set(band) - {"from", "to", "text", "is_inferred"} or not isinstance(band.get("text"), dict) for band in bands):
        return False
    spans = [(band.get("from"), band.get("to")) for band in bands]
    return all(type(end) is int for span in spans for end in span) and calendar.bands_fault(spans, low, high) is None  # type: ignore[arg-type]


def _of_form(kind: str, sections: list[SectionTold]) -> Iterable[tuple[yaml_file.Steps, str]]:
    for at, section in enumerate(sections):
        for number, row in enumerate(section.questions):
            steps = ("forms", kind, at, "questions", number)
            if row.soft_words and row.hard_words and row.soft_words > row.hard_words:
                yield (*steps, "soft_words"), _("is more than hard_words")
            if not all(_is_option(one) for one in row.options):
                yield (*steps, "options"), _("an option has a code and a text")
                return
    rows = [row for section in sections for row in section.questions]
    if not rows:
        yield ("forms", kind), _("a form asks at least one question")
    for code in hangs_wrongly([Question(**row.model_dump()).asked for row in rows]):
        yield ("forms", kind), _("the question %(code)s could never be shown") % {"code": code}


def _is_option(one: dict[str, Any]) -> bool:
    return not set(one) - {"code", "text", "is_removed"} and isinstance(one.get("code"), str) and isinstance(one.get("text"), dict)


def told_of(competition: Competition) -> SetUp:
    """Return what is set up. A form that is the usual one is left out."""
    limits = {name: getattr(competition, name) for name in Limits.model_fields}
    stages = [
        {"kind": row.kind, "title": row.title, "opens": row.opens_at, "closes": row.closes_at} for row in competition.stages_by_kind().values()
    ]
    criteria = {
        kind: [{name: row[name] for name in CriterionTold.model_fields if name in row} for row in rows]
        for kind, rows in criteria_by_stage(competition).items()
    }
    partners = [
        {"code": row.organisation.code, "name": row.organisation.name, "kind": row.organisation.kind, "roles": row.roles}
        for row in competition.partners.select_related("organisation").order_by("pk")
    ]
    return form_of_file().model_validate({
        "format": FORMAT, "name": competition.name, "tagline": competition.tagline, "summary": competition.summary, "website": competition.website,
        "limits": limits, "stages": stages, "criteria": criteria, "themes": list(competition.themes.order_by("pk").values("code", "name")),
        "partners": partners, "forms": {kind: _sections(competition, kind) for kind in FormKind.values if competition.form(kind).pk},
        **{part.name: part.told(competition) for part in PARTS.values()},
    })


def _sections(competition: Competition, kind: str) -> list[dict[str, Any]]:
    form = competition.form(kind)
    return [
        {
            "code": section.code, "heading": section.heading, "help": section.help,
            "questions": [{name: getattr(row, name) for name in QuestionTold.model_fields} for row in form.asked if row.section_id == section.pk],
        }
        for section in sections_of(form)
    ]


class _Dumper(yaml.SafeDumper):
    """Long texts stand as blocks, so that a change of one line is one line in a comparison."""


def _string(dumper: yaml.SafeDumper, said: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", said, style="|" if "\n" in said else None)


_Dumper.add_representer(str, _string)


def write(told: SetUp) -> str:
    """Return the text of the file, in the same order each time, with a comment above what needs one in the language of who asks."""
    parts = []
    for name, value in told.model_dump(mode="json", exclude_defaults=True).items():
        above = f"\n# {ABOVE[name]}\n" if name in ABOVE else ""
        parts.append(above + yaml.dump({name: value}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120))
    return "".join(parts).lstrip("\n")


def moved(told: SetUp, first: date) -> SetUp:
    """Return the same with every time moved by the same number of days, so that the calendar begins on a day; hours stay as people read them."""
    begins = min((row.opens.astimezone(ZONE).date() for row in told.stages), default=first)

    def move(moment: datetime | None) -> datetime | None:
        if moment is None:
            return None
        local = moment.astimezone(ZONE)
        return datetime.combine(local.date() + timedelta(days=(first - begins).days), local.time(), ZONE)

    data = told.model_dump()
    for stage in data["stages"]:
        stage |= {"opens": move(stage["opens"]), "closes": move(stage["closes"])}
    for question in (row for sections in data["forms"].values() for section in sections for row in section["questions"]):
        question |= {name: move(question[name]) for name in ("required_from", "frozen_from")}
    return type(told).model_validate(data)
