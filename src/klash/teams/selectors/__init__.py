"""Reads of teams and their applications."""

from klash.teams.selectors.asked import (
    Declared,
    acceptance_of,
    conditions_of,
    declarations_of,
    eligibility_of,
    members_of,
    mix_of,
    needs_of,
    rules_of,
    skill_names,
    team_in_the_way,
)
from klash.teams.selectors.promised import feedback_given, teams_admitted
from klash.teams.selectors.seeking import ADS_PAGE, Ads, ad_of_person, ad_of_team, answers_to, find_ad, open_ads
from klash.teams.selectors.team import (
    admitted,
    applicants,
    fingerprint,
    handed_in,
    is_name_taken,
    last_writer,
    names_in,
    next_on_reserve,
    open_invitations,
    own_team,
    public_teams,
    receipt_of,
    sides,
    successions,
    verdicts,
)

__all__ = [
    "ADS_PAGE", "Ads", "Declared", "acceptance_of", "ad_of_person", "ad_of_team", "admitted", "answers_to", "applicants", "conditions_of",
    "declarations_of", "eligibility_of", "feedback_given", "find_ad", "fingerprint", "handed_in", "is_name_taken", "last_writer", "members_of",
    "mix_of", "names_in", "needs_of", "next_on_reserve", "open_ads", "open_invitations", "own_team", "public_teams", "receipt_of", "rules_of",
    "sides", "skill_names", "successions", "team_in_the_way", "teams_admitted", "verdicts",
]
