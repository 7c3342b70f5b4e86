"""What those hear who follow a challenge, or the problem that it came from."""

from klash.challenges.models import Challenge
from klash.core.fields import Text
from klash.following.selectors import about
from klash.following.services import tell_news
from klash.rules.news import Happening


def tell_followers(challenge: Challenge, happening: Happening, event: str, detail: Text | None = None) -> None:
    """Tell a public happening of a challenge, in the caller's transaction. The same event is told once. One query if its problem was not read."""
    tell_news(
        competition=challenge.competition, about=[about("challenges", challenge.code), about("problems", challenge.problem.code)], happening=happening,
        event=event, title=challenge.title, page="challenges:challenge", args=[challenge.chain, challenge.code], detail=detail,
    )
