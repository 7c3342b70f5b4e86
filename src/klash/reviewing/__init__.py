"""A body judges entries: rounds, scores, ranking, signed report. Knows nobody: entries and reviewers are random handles."""
