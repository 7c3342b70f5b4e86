"""The front page, put together."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from klash.accounts.drawing import Dot, Map, draw
from klash.competitions.models import Competition
from klash.competitions.selectors import ribbon
from klash.core.fields import Text
from klash.core.show import pick
from klash.portal.selectors import actions, front
from klash.portal.selectors.places import Place, places


@dataclass(frozen=True)
class FrontPage:
    competition: Competition
    ribbon: list[dict[str, Any]]
    here: front.Where
    actions: actions.Actions
    cards: list[front.Card]
    places: list[Place]
    map: Map
    figures: front.Figures
    partners: list[Text]

    @property
    def reporters(self) -> list[Place]:
        return [place for place in self.places if place.is_reporter]


def front_page(competition: Competition, person: Any, now: datetime, language: str) -> FrontPage:
    """Return all that the front page shows. Eight queries, whatever the size of the competition."""
    here = front.where_now(front.steps(competition, now))
    cards = front.cards(competition)
    found = places(competition, {card.municipality_code for card in cards})
    dots = [Dot(place.x, place.y, place.kind, pick(place.name, language)) for place in found]
    return FrontPage(
        competition=competition, ribbon=ribbon(competition, now), here=here, actions=actions.actions(competition, here, cards, person), cards=cards,
        places=found, map=draw(dots), figures=front.figures(competition, found, cards), partners=front.partners(competition),
    )
