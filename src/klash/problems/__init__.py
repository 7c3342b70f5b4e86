"""Municipalities report problems; a panel chooses; every reporter gets feedback."""
