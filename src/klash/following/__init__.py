"""Who wants to hear what becomes of a problem, a challenge or a competition, and what there is to tell."""
