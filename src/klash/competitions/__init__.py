"""One competition: calendar, partners, criteria, limits."""
