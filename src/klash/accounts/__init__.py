"""People, organisations, the municipality register, roles, invitations and signing in."""
