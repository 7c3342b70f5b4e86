"""A person may do any of a stage's steps first; the play does the rest, doubles nothing and fails at nothing."""

import json
import shutil

import pytest
from django.conf import settings
from django.test import override_settings

from klash.accounts import services as accounts
from klash.challenges.models import Challenge
from klash.competitions.models import Competition
from klash.core import audit, clock
from klash.mentoring.models import Session, SessionFeedback
from klash.problems import services as problems
from klash.problems.models import Problem
from klash.proposals.models import Proposal
from klash.replay import moves
from klash.replay.acts import ACTS
from klash.replay.acts.problems import swedish_share
from klash.replay.acts.teams import _swedish
from klash.replay.engine import END, Play
from klash.replay.facts import NEEDED
from klash.replay.invent import invent
from klash.replay.material import texts
from klash.replay.results import results
from klash.replay.scene import Scene
from klash.reviewing import services as reviewing
from klash.reviewing.models import Review, Round, Seat
from klash.rules.roles import Role
from klash.teams.models import Application, Team
from tests.staged import CODE, INVENTED

AFTER = dict(zip(NEEDED, [*NEEDED[1:], END], strict=True))


@pytest.fixture
def play_from(staged, tmp_path):
    """Load a state of the small competition and play on from it, with a home of one's own."""

    class From:
        def __init__(self, name):
            self.name, self.kind = name, name.rstrip("+")

        def __enter__(self):
            self.state = staged.at(self.name)
            self.state.__enter__()
            for name in ("files", "keys"):
                shutil.copytree(settings.KLASH_HOME / name, tmp_path / name, dirs_exist_ok=True)
            self.home = override_settings(KLASH_HOME=tmp_path)
            self.home.enable()
            done = dict.fromkeys([*ACTS][: [*ACTS].index(self.kind)], 0.1)
            (tmp_path / "replay.json").write_text(json.dumps({CODE: {"seed": 7, "stages": done}}))
            return self

        def __exit__(self, *error):
            clock.hold(None)
            self.home.disable()
            self.state.__exit__(*error)

        def run(self, until=None):
            facts, seed = invent(INVENTED)
            until = until or AFTER[self.kind]
            Play(facts, seed, lambda line: None).run("" if until == END else until)
            return counts()

    return From


def counts():
    facts, seed = invent(INVENTED)
    found = results(Scene(facts, seed, lambda line: None, lambda share: None))["counts"]
    return {**{name: value for name, value in found.items() if name != "reviews"}, **found["reviews"]}


@pytest.fixture(scope="module")
def unbroken(staged):
    """The counts at each stage's end, as the play alone leaves them."""
    found = {}
    for kind, after in AFTER.items():
        with staged.at(after):
            found[kind] = counts()
    return found


def faults():
    return [fault for using in ("default", "reviewing") for verdict in audit.verify(using) for fault in verdict.faults]


# How what was begun by hand differs from what the play alone would have done.
MORE = {
    "problem_call": {"problems": 1, "municipalities": 1},
    "problem_selection": {"problems/rehearsal-7": 76},  # opened by hand with all to all but four found conflicts; the play deals out five reviews each
    "team_call": {"applications": 1},
    "team_selection": {"applications/rehearsal-7-h1": 7},  # likewise, but one: five reviews each instead of three
    "mentoring": {"sessions": -3, "advice": -6, "advice_taken": -5},  # the day that was made by hand is the file's own, with one slot and one room
    "proposals": {"advice": 2, "advice_taken": 1},  # the team and its mentor talk once more
    "award": {"advice": -2, "advice_taken": -1},  # the end as it is kept has that talk, and the play alone does not
}


@pytest.mark.parametrize("kind", NEEDED)
def test_the_play_goes_on_from_what_was_begun_by_hand(play_from, unbroken, kind):
    with play_from(f"{kind}+") as on:
        found = on.run()
        assert found == {**unbroken[kind], **{name: unbroken[kind][name] + more for name, more in MORE.get(kind, {}).items()}}
        assert faults() == []
        # A second play of the same stage finds nothing left to do.
        length = audit.verify()[0].length
        facts, seed = invent(INVENTED)
        ACTS[kind](Scene(facts, seed, lambda line: None, lambda share: None))
        assert (counts(), audit.verify()[0].length) == (found, length)


def test_what_was_written_by_hand_stays(play_from):
    with play_from("proposals+") as on:
        before = {row.team_id: row.texts for row in Proposal.objects.all() if row.title}
        on.run()
        after = {row.team_id: row.texts for row in Proposal.objects.all()}
        assert before
        assert all(texts.items() <= after[team].items() for team, texts in before.items())


def test_a_draft_of_a_review_keeps_its_points(play_from):
    with play_from("problem_selection+") as on:
        drafts = {row.pk: row.scores for row in Review.objects.using("reviewing").filter(state="draft")}
        on.run()
        assert drafts
        assert all(drafts[row.pk].items() <= row.scores.items() for row in Review.objects.using("reviewing").filter(pk__in=drafts))


def test_sessions_that_were_planned_by_hand_are_held_with_note_and_feedback(play_from):
    with play_from("mentoring+") as on:
        planned = set(Session.objects.values_list("pk", flat=True))
        on.run()
        assert planned
        assert set(Session.objects.values_list("state", flat=True)) == {"held"}
        assert not Session.objects.filter(note="").exists()
        assert SessionFeedback.objects.count() == 2 * Session.objects.count()


def test_from_hand_work_in_mentoring_the_play_reaches_the_winners(play_from, unbroken):
    with play_from("mentoring+") as on:
        # One team of the day made by hand meets nobody, for it has one slot and one room; so nothing of its proposal is kept from before.
        told = {"sessions": unbroken["award"]["sessions"] - 3, "advice": 10, "advice_taken": 6, "baselines": unbroken["award"]["baselines"] - 1}
        assert on.run(END) == {**unbroken["award"], **told}
        assert faults() == []


def test_other_problems_chosen_by_hand_become_the_challenges(play_from):
    with play_from("problem_selection") as on:
        facts, seed = invent(INVENTED)
        scene = Scene(facts, seed, lambda line: None, lambda share: None)
        on.run()
        known = {problem.pk for problem in scene.known_problems().values()}
        Problem.objects.filter(pk__in=known).update(state="not_chosen")
        other = Problem.objects.filter(competition__code=CODE).exclude(pk__in=known).first()
        Problem.objects.filter(pk=other.pk).update(state="chosen")
        on.run("team_selection")
        challenge = Challenge.objects.get(competition__code=CODE)
        assert (challenge.problem_id, challenge.state, challenge.title["fi"]) == (other.pk, "published", other.title)
        assert Application.objects.filter(team__challenge=challenge).exclude(submitted_at=None).count() == 5


def test_a_person_who_took_another_side_is_replaced(play_from):
    with play_from("problem_selection") as on:
        facts, seed = invent(INVENTED)
        scene = Scene(facts, seed, lambda line: None, lambda share: None)
        accounts.grant_role(actor=audit.System(), person=scene.person("panellist.2"), role=Role.TEAM_LEADER, competition=CODE)
        on.run()
        round_ = Round.objects.using("reviewing").get(key=problems.panel_key(Competition.objects.get(code=CODE)))
        assert (round_.state, Seat.objects.using("reviewing").filter(round=round_).count()) == ("complete", 15)


def test_a_seat_that_nobody_took_does_not_hold_up_the_round(play_from):
    with play_from("problem_selection") as on:
        facts, seed = invent(INVENTED)
        scene = Scene(facts, seed, lambda line: None, lambda share: None)
        span = scene.spans["problem_selection"]
        with clock.at(span.opens_at):
            round_ = problems.open_panel_round(actor=scene.organiser, competition=scene.competition, closes_at=span.closes_at)
            reviewing.add_seat(actor=scene.organiser, round=round_, is_chair=True)
        on.run()
        seats = Seat.objects.using("reviewing").filter(round=round_)
        assert (seats.filter(is_absent=True).count(), seats.filter(is_absent=False).count(), seats.filter(is_absent=False, is_chair=True).count()) == (1, 15, 1)


def test_a_team_founded_by_hand_is_admitted_where_there_is_room(play_from):
    with play_from("team_call+") as on:
        Team.objects.filter(name="Tiimi other_leader").update(is_invented=False)
        on.run("mentoring")
        assert Team.objects.get(name="Tiimi other_leader").application.state == "admitted"


def test_as_large_a_part_of_the_invented_teams_as_of_the_reports_is_swedish(staged):
    with staged.at("team_call"):
        scene = Scene(moves.klash(), moves.SEED, lambda line: None, lambda share: None)
        invented = [(number, number % 4 < 2) for number in range(2, 42)]
        drawn = _swedish(scene, invented)
        assert 0.1 < swedish_share(scene) < 0.25
        assert drawn == _swedish(scene, invented) and len(drawn) == round(40 * swedish_share(scene))
        assert {number % 4 < 2 for number in drawn} == {True, False}
        assert [_swedish(scene, [(5, False), (6, True)]), _swedish(scene, [(5, False)]), _swedish(scene, [])] == [{6}, {5}, set()]


def test_the_brief_of_an_invented_challenge_speaks_of_its_problems_theme(staged):
    with staged.at("team_call"):
        briefs = {row["theme"]: row["goal"]["fi"] for row in texts("briefs")["general"]}
        rows = Challenge.objects.filter(competition__code=CODE).select_related("problem__theme")
        assert [row.goal["fi"] for row in rows] == [briefs[row.problem.theme.code] for row in rows]
