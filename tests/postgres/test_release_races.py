"""Decisions are released once, and as they were seen, whatever else is done at the same instant. Each promise has its control."""

from datetime import timedelta

import pytest

from klash.accounts import services as accounts
from klash.competitions import selectors as sheets
from klash.competitions import services as competitions
from klash.competitions.models import Ruling, RulingLine, Stage, StageKind
from klash.competitions.receivers import faults_of_rulings
from klash.core import audit, chance, clock
from klash.post.models import Message
from klash.post.services import digest_of
from klash.reviewing import selectors as reviewing
from klash.reviewing import services as rounds
from klash.rules.roles import Role
from klash.teams import selectors, services
from klash.teams.models import Application
from tests.postgres.test_at_once import at_once, chain_holds, interleave, name, outcomes, without_row_locks
from tests.proposals.race import make_stage_for
from tests.reviewing.conftest import CRITERIA, full, new_entry, words

pytestmark = pytest.mark.usefixtures("postgres")
TIMES = 8


class Decided:
    """A challenge of one team whose panel has judged; the team's admission is decided and not released."""

    def __init__(self):
        now, entry = clock.now(), chance.code()
        self.row = row = make_stage_for(name(), now + timedelta(days=9))
        Stage.objects.create(competition=row.stage.competition, kind=StageKind.TEAM_CALL, position=1, opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=2))
        accounts.grant_role(actor=audit.System(), person=row.leader, role=Role.TEAM_LEADER, competition=row.code, challenge=row.code)
        Application.objects.filter(team=row.team).update(state="submitted", decided_at=None, reason="", entry_code=entry)
        self.round = rounds.make_round(
            actor=row.organiser, key=services.round_key(row.challenge), chain=row.code, kind="applications", competition_name=row.code, quota=1,
            title=words("", "", ""), intro=words("", "", ""), is_blind=False, is_invented=True, opens_at=now - timedelta(days=1),
            closes_at=now + timedelta(days=1), criteria=CRITERIA,
        )
        (written,) = rounds.write_entries(actor=row.organiser, round=self.round, entries=[new_entry(entry)])
        seat = rounds.add_seat(actor=row.organiser, round=self.round, is_chair=True)
        rounds.open_round(actor=row.organiser, round=self.round)
        rounds.take_seat(actor=seat, terms_hash=self.round.terms_hash)
        rounds.submit_review(actor=seat, entry=written, scores=full(7), comment="Hyvä.")
        rounds.complete_round(actor=row.organiser, round=self.round)
        self.entry = entry
        self.decide()()

    def decide(self, reason="Vahvin."):
        return lambda: competitions.save_decision(
            actor=self.row.organiser, competition=self.row.challenge.competition, round=reviewing.find_round(self.round.key), entry_code=self.entry,
            is_taken=True, reason=reason, feedback="Jatkakaa.",
        )

    def release(self):
        challenge, round_ = self.row.challenge, reviewing.find_round(self.round.key)
        seen = digest_of(services.write_letters(challenge, selectors.verdicts(challenge, sheets.sheet(challenge.competition, round_))))
        return lambda: services.release_admissions(actor=self.row.organiser, challenge=type(challenge).objects.get(pk=challenge.pk), seen=seen)

    def told(self):
        """Return what the team was told, and whether log, decisions and the row agree."""
        mails = [message.body for message in Message.objects.filter(event__startswith=f"application.decided/{self.row.team.application.code}")]
        faults = [fault for fault in faults_of_rulings() if self.row.code in fault]
        return len(mails), all(RulingLine.objects.get(entry_code=self.entry).reason in body for body in mails), faults, chain_holds("default", self.row.code)


def test_two_releases_at_once_tell_everybody_once():
    for _ in range(TIMES):
        table = Decided()
        assert sorted(at_once(table.release(), table.release())) == [0, 1]
        assert table.told() == (1, True, [], True)


def test_without_the_lock_the_second_release_is_broken_off():
    """The seeded fault: nothing is locked, so that both find the decisions pending; the state machine stops the one that comes last."""
    table = Decided()
    with without_row_locks():
        came = outcomes(interleave(competitions, "release_ruling", table.release(), table.release()))
    assert (came, table.told()) == ({"done": 1, "IllegalMove": 1}, (1, True, [], True))


def test_a_decision_that_changes_at_the_release_is_told_as_it_was_seen_or_not_at_all():
    for _ in range(TIMES):
        table = Decided()
        came = outcomes(at_once(table.release(), table.decide("Muu syy.")))
        assert came in ({"done": 1, "Denied": 1}, {"done": 1, "Refused": 1})
        mails, is_same, faults, holds = table.told()
        assert (mails, is_same, faults, holds) == (int(came.get("Denied", 0)), True, [], True)


def test_without_the_lock_a_decision_would_change_under_the_release():
    """The seeded fault: the ruling is not locked, so that a decision is saved after the one that was told."""
    table = Decided()
    with without_row_locks(Ruling):
        interleave(sheets.competition.reviewing, "rank_of", table.decide("Muu syy."), table.release())
    mails, is_same, faults, _ = table.told()
    assert (mails, is_same, faults != []) == (1, False, True)
