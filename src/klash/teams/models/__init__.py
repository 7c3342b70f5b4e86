from klash.teams.models.team import Application, Membership, Team, TeamFirm, TeamQuerySet

__all__ = ["Application", "Membership", "Team", "TeamFirm", "TeamQuerySet"]
