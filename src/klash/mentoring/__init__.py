"""Who meets whom, when, and what each took from it."""
