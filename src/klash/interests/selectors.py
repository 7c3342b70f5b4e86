"""Descriptions of people for the rule that finds conflicts. What was declared leaves here only in these, and to its owner."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from django.dispatch import Signal

from klash.accounts.models import Affiliation, Municipality, ReviewerHandle, User
from klash.core import audit
from klash.interests.models import About, Interest
from klash.rules.conflicts import OWN, Firm, Kind, Party, Person, Tie, is_same_firm, today

Key = TypeVar("Key")
# Sent by `parties`; a later stage returns the contracts of the last three years that it knows of, each as (firm, municipality).
telling_contracts = Signal()


def own(person: User) -> list[Interest]:
    """Return what a person declared, in order. One query."""
    return list(Interest.objects.filter(person=person).select_related("municipality").order_by("pk"))


def has_declared(person: User) -> bool:
    """Return whether a person has confirmed that everything is told. One query."""
    return User.objects.filter(pk=person.pk, declaration__isnull=False).exists()


def parties(people: Iterable[User], successors: dict[str, str] | None = None) -> dict[int, Party]:
    """Return what is known of each person, by primary key. Four queries, however many people; three with `successors`.

    Who acts for one party of an earlier contract is tied to the other.
    """
    people, successors = list(people), all_successors() if successors is None else successors
    ties: dict[int, list[Tie]] = {person.pk: [] for person in people}
    firms: dict[int, list[Firm]] = {person.pk: [] for person in people}
    places: dict[int, set[str]] = {person.pk: set() for person in people}
    offices: dict[int, set[str]] = {person.pk: set() for person in people}
    for row in Interest.objects.filter(person__in=people).select_related("municipality").order_by("pk"):
        tie = _tie(row, successors)
        ties[row.person_id].append(tie)
        if tie.firm is not None and tie.kind in OWN:
            firms[row.person_id].append(tie.firm)
        if tie.municipality and tie.kind is Kind.MUNICIPALITY:
            places[row.person_id].add(tie.municipality)
    for acting in Affiliation.objects.filter(person__in=people).select_related("municipality", "organisation").order_by("pk"):
        if acting.municipality is not None:
            offices[acting.person_id].add(today(acting.municipality.code, successors))
        if (organisation := acting.organisation) is not None:
            names = organisation.name.values() or [""]
            firms[acting.person_id] += [Firm(name, organisation.business_id) for name in names]
    contracts = _contracts(successors)
    return {
        key: Party(
            people=(as_person(person),), firms=tuple(firms[key]), municipalities=frozenset(places[key] | offices[key]),
            ties=(*ties[key], *_ties_by_contract(contracts, firms[key], offices[key])),
        )
        for key, person in ((person.pk, person) for person in people)
    }


def party_at(email: str, name: str = "") -> Party:
    """Return what is known of an address: of its account, or what name and address tell. Four queries."""
    known = parties_at([email])[email]
    return known if known.people[0].name else replace(known, people=(Person(name, email),))


def parties_at(emails: Iterable[str]) -> dict[str, Party]:
    """Return what is known of each address: of its account, or what the address itself tells. Five queries."""
    wanted = {email: email.strip().lower() for email in emails}
    people = {person.email: person for person in User.objects.filter(email__in=wanted.values())}
    known = parties(people.values())
    return {
        email: known[people[address].pk] if address in people else Party(people=(Person("", address),)) for email, address in wanted.items()
    }


def seated(handles: Iterable[str], successors: dict[str, str] | None = None) -> dict[str, Party]:
    """Return what is known of those who sit under these handles; a seat that nobody has taken is left out. Five queries, as `parties`."""
    rows = list(ReviewerHandle.objects.filter(handle__in=list(handles)).select_related("person").order_by("handle"))
    known = parties({row.person_id: row.person for row in rows}.values(), successors)
    return {row.handle: known[row.person_id] for row in rows}


def places(groups: Mapping[Key, Iterable[Municipality]], successors: dict[str, str] | None = None) -> dict[Key, frozenset[str]]:
    """Return the codes of each group's municipalities as they are today. One query; none with `successors`."""
    successors = all_successors() if successors is None else successors
    return {key: frozenset(today(row.code, successors) for row in rows) for key, rows in groups.items()}


def side(members: Iterable[Party], **more: Any) -> Party:
    """Return several descriptions as one side. more: firms and mentors that belong to the side itself, and its municipalities.

    Where the members live bars nobody; only the side's own municipalities do.
    """
    whole = Party(**more)
    for one in members:
        ties = tuple(tie for tie in one.ties if tie.kind is not Kind.MUNICIPALITY)
        whole = replace(whole, people=whole.people + one.people, firms=whole.firms + one.firms, ties=whole.ties + ties)
    return whole


def as_person(person: User) -> Person:
    return Person(person.name, person.email)


def fingerprint(row: Interest) -> str:
    """Return the hash by which the log knows an interest. Queries its municipality."""
    place = row.municipality.code if row.municipality else ""
    return audit.sha256("klash/1/interest", row.salt, audit.canonical([row.kind, row.about, row.name, row.email, row.business_id, place]))


def _tie(row: Interest, successors: dict[str, str]) -> Tie:
    kind = Kind(row.kind)
    if row.about == About.PERSON:
        return Tie(kind, person=Person(row.name, row.email))
    if row.municipality is not None:
        return Tie(kind, municipality=today(row.municipality.code, successors))
    return Tie(kind, firm=Firm(row.name, row.business_id))


def _contracts(successors: dict[str, str]) -> list[tuple[Firm, str]]:
    """Return the known contracts, the municipality of each as it is today. As many queries as stages that know of some."""
    answers: list[tuple[Any, list[tuple[Firm, str]]]] = telling_contracts.send(None)  # type: ignore[assignment]
    return [(firm, today(place, successors)) for _, told in answers for firm, place in told]


def _ties_by_contract(contracts: Iterable[tuple[Firm, str]], firms: Iterable[Firm], offices: Iterable[str]) -> list[Tie]:
    own, held = list(firms), set(offices)
    with_places = [Tie(Kind.CONTRACT, municipality=place) for firm, place in contracts if any(is_same_firm(firm, one) for one in own)]
    return with_places + [Tie(Kind.CONTRACT, firm=firm) for firm, place in contracts if place in held]


def all_successors() -> dict[str, str]:
    return dict(Municipality.objects.filter(successor__isnull=False).values_list("code", "successor__code"))
