"""A proposal's texts and files to the detectors of languages and of names. The only file here that knows both sides."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from klash.algo.language import language_of_text
from klash.algo.leaks import Finding, OwnNames, around, replace, scan
from klash.challenges.models import Challenge
from klash.core import audit
from klash.files import services as files
from klash.files.models import StoredFile
from klash.proposals.models import Proposal
from klash.rules.conflicts import employer_domain
from klash.rules.questions import TEXTS
from klash.teams import selectors as teams
from klash.teams.models import Team

PDF = "application/pdf"
BRIEF = ("title", "lead", "goal", "background", "constraints", "measures")


@dataclass(frozen=True)
class Suspicion:
    """Words that could tell whose a proposal is, with the place where they stand and what the machine makes of them.

    part: the title's or a section's code, or empty. file, page: a file instead; page 0 is its name. start: code points into that text.
    name: what the same name has in common, wherever it stands. mark: the same words in the same place, for a team that has looked at them.
    """

    part: str
    file: StoredFile | None
    page: int
    start: int
    before: str
    words: str
    after: str
    kind: str
    layer: str
    p: float
    suggestion: str
    name: str
    mark: str


def language_of(content: Mapping[str, Any]) -> str:
    """Return the language in which a version is written. It is asked of the texts alone: the team's own language would tell teams apart."""
    return language_of_text("\n".join([content["title"], *content["sections"].values()]))


def language_of_copy(proposal: Proposal) -> str:
    """Return the language in which the working copy is written."""
    return language_of({"title": proposal.title, "sections": {name: proposal.text(name) for name in proposal.parts()[1:]}})


def suspicions(proposal: Proposal) -> list[Suspicion]:
    """Return what in the working copy could tell whose it is: title and sections, then what its files show, then their names.

    Six queries and a read of each file's facts; a second for some 50,000 words. It only suggests: the team decides.
    """
    check = _Check(proposal)
    found = [*check.texts()]
    for file in proposal.held():
        pages = files.read_facts(file).texts
        for page, text in enumerate(pages, 1):
            found += check.of(text, file=file, page=page)
        found += check.of(file.name.rpartition(".")[0], file=file)
    return found


def suspicions_in(proposal: Proposal, text: str) -> list[Suspicion]:
    """Return what in an answer to the jury could tell whose the proposal is, as `suspicions` does in the working copy. Six queries."""
    return list(_Check(proposal, language_of_text(text)).of(text))


@dataclass(frozen=True)
class Unread:
    """A file that shows more than the machine reads. pages: those, counted from one, on which no text can be read; none for a picture."""

    name: str
    pages: tuple[int, ...]


def unread(proposal: Proposal) -> list[Unread]:
    """Return the pictures among the files, and the documents with pages that hold no text: words in pictures are not read. A read of each document's facts."""
    found = []
    for file in proposal.held():
        bare = tuple(page for page, text in enumerate(files.read_facts(file).texts, 1) if not text.strip()) if file.media_type == PDF else ()
        if bare or file.media_type.startswith("image/"):
            found.append(Unread(file.name, bare))
    return found


def without(proposal: Proposal, place: str, *, everywhere: bool) -> dict[str, str]:
    """Return the texts in which a neutral word stands at the place ("solution:12"), or wherever the same name stands. Empty if nothing is found there."""
    check = _Check(proposal)
    found = list(check.texts())
    chosen = next((one for one in found if f"{one.part}:{one.start}" == place), None)
    if chosen is None:
        return {}
    starts = {(one.part, one.start) for one in found if one is chosen or (everywhere and one.name == chosen.name)}
    return {
        part: replace(proposal.text(part), [one for one in check.scan(proposal.text(part)) if (part, one.start) in starts])
        for part in _written(proposal) if any(part == where for where, _ in starts)
    }


class _Check:
    """One proposal's check: its language, its team's names, and the words that are ordinary in its challenge."""

    def __init__(self, proposal: Proposal, language: str = "") -> None:
        self._proposal = proposal
        self._language = language or language_of_copy(proposal)
        self._own, self._allow = own_names(proposal.team), _ordinary(proposal.team.challenge)

    def scan(self, text: str) -> list[Finding]:
        return scan(text, language=self._language, own=self._own, allow=self._allow)

    def texts(self) -> Iterator[Suspicion]:
        for part in _written(self._proposal):
            yield from self.of(self._proposal.text(part), part=part)

    def of(self, text: str, *, part: str = "", file: StoredFile | None = None, page: int = 0) -> Iterator[Suspicion]:
        for one in self.scan(text):
            words, (before, after) = text[one.start : one.end], around(text, one)
            yield Suspicion(
                part, file, page, one.start, before, words, after, one.kind, one.layer, one.p, one.suggestion,
                one.suggestion if one.layer == "own" else words.casefold(), audit.sha256("klash/1/suspicion", part, file.key if file else "", str(page), words),
            )


def _written(proposal: Proposal) -> list[str]:
    """Return the codes of what the team wrote itself: the title and the texts. What is chosen from a list is nobody's own words."""
    texts = {row.code for row in proposal.sections() if row.kind in TEXTS}
    return [part for part in proposal.parts() if part == "title" or part in texts]


def own_names(team: Team) -> OwnNames:
    """Return what a team calls itself: its members, itself and the firms behind it, and the domains of their addresses; not its mentors. Five queries."""
    side = teams.sides([team.pk])[team.pk]
    return OwnNames(
        people=_each(person.name for person in side.people), organisations=_each([team.name, *(firm.name for firm in side.firms)]),
        domains=_each(employer_domain(person.email) for person in side.people),
    )


def _ordinary(challenge: Challenge) -> frozenset[str]:
    """Return the words that are nobody's in this challenge: the pilot municipality's name and those of the brief."""
    place = challenge.pilot_municipality
    return frozenset([place.name_fi, place.name_sv, *(text for name in BRIEF for text in getattr(challenge, name).values())])


def _each(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
