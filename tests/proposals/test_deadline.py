"""The deadline of the proposals, moved by two persons: who is told, and what holds around the old one."""

from datetime import timedelta

import pytest

from klash.competitions import services as competitions
from klash.competitions.models import StageKind
from klash.core import clock
from klash.core.errors import Denied
from klash.post.models import Message
from klash.proposals import services
from klash.rules.reasons import Reason
from tests.proposals.test_writing import refused

pytestmark = pytest.mark.django_db(databases="__all__")
MS = timedelta(milliseconds=1)


def move(contest, by):
    stage = contest.world.competition.stage(StageKind.PROPOSALS)
    asked = competitions.request_deadline(actor=contest.cast["organiser"], stage=stage, to=stage.closes_at + by, reason="Palvelu oli alhaalla.")
    return competitions.confirm_deadline(actor=contest.cast["registrar"], postponement=asked)


def test_every_member_of_every_team_is_told_at_once(contest):
    with clock.at(contest.before):
        move(contest, timedelta(days=1))
    mails = Message.objects.filter(event__startswith="stage.moved/").order_by("to")
    assert [mail.to for mail in mails] == [f"{name}@example.org" for name in ("leader", "luoto", "member", "myrsky", "notko")]
    assert all("Palvelu oli alhaalla." in mail.body for mail in mails) and len({mail.queued_at for mail in mails}) == 1


@pytest.mark.parametrize(("shift", "is_late"), [(-MS, False), (0 * MS, False), (MS, True)])
def test_what_comes_is_judged_by_the_new_deadline_alone(contest, shift, is_late):
    with clock.at(contest.deadline):
        move(contest, timedelta(hours=1))
    with clock.at(contest.before):
        contest.write()
    with clock.at(contest.deadline + timedelta(hours=1) + shift):
        assert contest.submit().is_late == is_late
    with clock.at(contest.deadline + timedelta(minutes=30)):
        refused(Denied, Reason.NOT_OPEN_YET, services.request_opening, actor=contest.cast["organiser"], challenge=contest.challenge)
