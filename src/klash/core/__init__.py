"""The only askers of rules, and what every stage stands on: clock, chance, audit, workflow, errors, texts."""
