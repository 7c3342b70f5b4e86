"""What a team calls itself: the names that must not stand in a blind copy."""

from collections.abc import Iterator
from dataclasses import dataclass

from klash.algo.leaks.findings import Kind
from klash.algo.leaks.neutral import neutral


@dataclass(frozen=True)
class OwnNames:
    """The names of a team, each in its basic form: ("Matti Virtanen",), ("KaikkiKyytiin Oy",), ("kaikkikyytiin.fi",).

    Their order gives the numbers of the neutral words, so the same team gets the same words in every text.
    """

    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    products: tuple[str, ...] = ()

    def named(self, language: str) -> Iterator[tuple[str, Kind, str]]:
        """Yield every name with its kind and its neutral word."""
        kinds = {
            Kind.PERSON: self.people,
            Kind.ORGANISATION: self.organisations,
            Kind.DOMAIN: self.domains,
            Kind.BRAND: self.brands,
            Kind.PRODUCT: self.products,
        }
        for kind, names in kinds.items():
            for number, name in enumerate(names, 1):
                yield name, kind, neutral(kind, language, number)
