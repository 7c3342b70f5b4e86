"""Klash: public challenge competitions, from a problem to a solution in use."""
