"""What is played in each stage. Every act looks at what is there and does only what is missing, so that a person may do any of it first."""

from collections.abc import Callable

from klash.replay.acts import awards, challenges, mentoring, opening, problems, proposals, teams
from klash.replay.scene import Scene

ACTS: dict[str, Callable[[Scene], None]] = {
    "setup": opening.publish,
    "problem_call": problems.report,
    "problem_selection": problems.choose,
    "challenge_shaping": challenges.shape,
    "team_call": teams.apply,
    "team_selection": teams.admit,
    "mentoring": mentoring.meet,
    "proposals": proposals.submit,
    "judging": awards.judge,
    "award": awards.award,
}
