"""Measures: what pages cost on a large competition, beside a bare Django view, in one run."""
