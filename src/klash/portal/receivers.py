"""The names behind the codes of an invitation, for the page that shows what it offers."""

from collections.abc import Mapping

from klash.accounts.models import Invitation
from klash.accounts.selectors import describe_offers
from klash.challenges.models import Challenge
from klash.competitions.models import Competition
from klash.core.fields import Text
from klash.teams.models import Team


@describe_offers
def describe(invitation: Invitation) -> Mapping[str, Text] | None:
    competition = Competition.objects.filter(code=invitation.competition).first()
    if competition is None:
        return None
    told: dict[str, Text] = {"competition": {"fi": competition.name}}
    if invitation.team and (team := Team.objects.filter(code=invitation.team).first()):
        told["matter"] = {"fi": team.name}
    elif invitation.challenge and (challenge := Challenge.objects.filter(code=invitation.challenge).first()):
        told["matter"] = challenge.title
    return told
