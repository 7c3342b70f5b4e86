"""The team call: teams, members, applications, admission. Nobody is asked for a company."""
