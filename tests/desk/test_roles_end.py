"""A reviewer whose role ends loses the access with the next request, and no score without a recorded decision."""

import pytest

from klash.accounts.models import RoleGrant
from klash.core import clock
from klash.core.errors import Refused
from klash.desk import services
from klash.proposals.selectors import round_of
from klash.reviewing import services as reviewing
from klash.reviewing.models import Seat
from klash.reviewing.selectors import seats_of, verify_results
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from tests.proposals.conftest import contest, home  # noqa: F401
from tests.proposals.test_writing import refused

pytestmark = pytest.mark.django_db(databases="__all__")


def end(contest, cast, name="juror"):  # noqa: F811
    services.end_role(actor=cast["organiser"], competition=contest.world.competition, person=cast[name], role=Role(name), challenge="kyyti")


def holds(person):
    return RoleGrant.objects.filter(standing__person=person, challenge="kyyti", ended_at=None).exists()


def test_the_role_of_a_reviewer_at_work_ends_by_way_of_the_absence(contest, cast, client):  # noqa: F811
    contest.open()
    refused(Refused, Reason.STILL_SEATED, end, contest=contest, cast=cast)
    client.force_login(cast["organiser"])
    answer = client.post("/desk/klash-test/people/end/", {"person": cast["juror"].code, "role": "juror", "challenge": "kyyti"}, follow=True)
    assert "Kirjaa ensin" in answer.content.decode()
    assert (holds(cast["juror"]), len(seats_of(cast["juror"]))) == (True, 1)
    reviewing.record_absence(actor=cast["organiser"], seat=seats_of(cast["juror"])[0], reason="Erosi tehtävästä.")
    end(contest, cast)
    assert (holds(cast["juror"]), seats_of(cast["juror"])) == (False, [])


def test_after_the_result_the_access_ends_and_the_scores_stand(contest, cast, client):  # noqa: F811
    contest.open()
    contest.judge()
    with clock.at(contest.after):
        contest.report(sign=0)
    refused(Refused, Reason.SIGNATURE_AWAITED, end, contest=contest, cast=cast)
    report = round_of(contest.challenge).report
    for seat in contest.seats():
        reviewing.sign_report(actor=seat, report=report, report_hash=report.hash)
    client.force_login(cast["juror"])
    page = f"/review/{report.round.code}/result/"
    assert client.get(page).status_code == 200
    end(contest, cast)
    assert (client.get(page).status_code, client.get(f"/review/{report.round.code}/").status_code) == (404, 404)
    assert (Seat.objects.using("reviewing").exclude(ended_at=None).count(), verify_results()) == (1, [])
