from klash.teams.views.admitting import admissions, release
from klash.teams.views.applying import receipt, summary, withdraw, write
from klash.teams.views.team import firms, found, invite, join, remove, show

__all__ = ["admissions", "firms", "found", "invite", "join", "receipt", "release", "remove", "show", "summary", "withdraw", "write"]
