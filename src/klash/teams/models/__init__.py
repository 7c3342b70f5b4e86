from klash.teams.models.team import APPLICATION_SECTIONS, Application, Membership, Team, TeamFirm, TeamQuerySet

__all__ = ["APPLICATION_SECTIONS", "Application", "Membership", "Team", "TeamFirm", "TeamQuerySet"]
