"""Reads that span the stages: the front page, the map, and what waits for whom."""
