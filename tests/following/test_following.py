"""Who follows a problem, a challenge or a competition hears what becomes of it, in one mail a morning; everybody else may read a feed."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from klash.competitions.models import StageKind
from klash.core import clock
from klash.following import selectors, services
from klash.following.models import Follow, News
from klash.post.models import Message
from klash.problems import services as problems
from klash.rules.news import DIGEST_AT, ZONE, Happening
from tests.problems.conftest import make_draft, make_submitted

pytestmark = pytest.mark.django_db(databases="__all__")
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def submitted(world, cast, at):
    with at(StageKind.PROBLEM_CALL):
        return make_submitted(world, cast["officer"])


def thing(problem):
    return selectors.about("problems", problem.code)


def follow(person, problem):
    return services.follow(actor=person, found=selectors.find(person, problem.chain, "problems", problem.code), thing=thing(problem))


def tell(problem, event, happening=Happening.PROBLEM_CHOSEN):
    services.tell_news(
        competition=problem.competition, about=[thing(problem)], happening=happening, event=event, title={"fi": problem.title}, page="problems:problem",
        args=[problem.chain, problem.code],
    )


def morning(days=1):
    """Return seven o'clock so many days after the fixture's day."""
    day = (News.objects.order_by("at").first().at.astimezone(ZONE) + timedelta(days=days)).date()
    return datetime.combine(day, DIGEST_AT, ZONE)


def digests():
    return Message.objects.filter(event__startswith="digest/")


def send(at):
    with clock.at(at):
        return services.send_digests()


def test_a_submitted_problem_is_news_and_a_withdrawn_one_is_none(world, cast, at, submitted):
    assert [(row.about, row.happening) for row in News.objects.order_by("pk")] == [
        (thing(submitted), "problem_submitted"), (f"competitions/{submitted.chain}", "problem_submitted"),
    ]
    with at(StageKind.PROBLEM_CALL):
        problems.withdraw_problem(actor=cast["officer"], problem=submitted)
    assert not News.objects.exists()


def test_followers_hear_once_in_the_morning_and_not_what_was_before(world, cast, at, submitted):
    with at(StageKind.PROBLEM_CALL):
        now = clock.now()
    with clock.at(now + timedelta(minutes=1)):
        assert follow(cast["mentor"], submitted) == follow(cast["mentor"], submitted)
    with clock.at(now + timedelta(minutes=2)):
        tell(submitted, "x/1")
        tell(submitted, "x/1")
    due = morning()
    assert send(due) == 0  # what was written just before seven may not be there yet
    assert [send(due + services.SETTLING), send(due + services.SETTLING), send(due + timedelta(hours=3))] == [1, 0, 0]
    mail = digests().get()
    assert mail.to == cast["mentor"].email
    assert submitted.title in mail.body and mail.body.count("Ongelma valittiin haasteeksi") == 1 and "Uusi ongelma" not in mail.body
    assert f"/following/stop/{Follow.objects.get().code}/" in mail.body
    assert send(morning(2) + services.SETTLING) == 0


def test_one_mail_tells_an_event_once_to_who_follows_both(world, cast, at, submitted):
    with at(StageKind.PROBLEM_CALL):
        now = clock.now()
    with clock.at(now + timedelta(minutes=1)):
        follow(cast["mentor"], submitted)
        services.follow(actor=cast["mentor"], found=selectors.find(cast["mentor"], submitted.chain, "competitions", submitted.chain), thing=f"competitions/{submitted.chain}")
    with clock.at(now + timedelta(minutes=2)):
        tell(submitted, "x/1")
    assert send(morning() + services.SETTLING) == 1
    assert digests().get().body.count("Ongelma valittiin haasteeksi") == 1


def test_a_missed_morning_is_made_up_for_and_a_stopped_follow_hears_nothing(world, cast, at, submitted):
    with at(StageKind.PROBLEM_CALL):
        now = clock.now()
    with clock.at(now + timedelta(minutes=1)):
        follow(cast["mentor"], submitted)
        services.unfollow(follow=follow(cast["panellist"], submitted))
    with clock.at(now + timedelta(minutes=2)):
        tell(submitted, "x/1")
    assert send(morning(3) + services.SETTLING) == 1
    assert [row.to for row in digests()] == [cast["mentor"].email]


def test_only_what_is_public_can_be_followed(world, cast, at):
    with at(StageKind.PROBLEM_CALL):
        draft = make_draft(world, cast["officer"])
    assert selectors.find(cast["officer"], draft.chain, "problems", draft.code) is None
    assert selectors.find(cast["officer"], draft.chain, "nothing", draft.code) is None


def test_button_page_and_mail_begin_and_end_it(world, cast, enter, submitted):
    client = enter(cast["mentor"])
    there = reverse("problems:problem", args=[submitted.chain, submitted.code])
    turn = reverse("following:follow", args=[submitted.chain, "problems", submitted.code])
    assert client.post(turn, {"start": "1"})["Location"] == there
    assert "Et enää seuraa" not in client.get(there).content.decode() and "name=\"stop\"" in client.get(there).content.decode()
    code = Follow.objects.get().code
    assert code in client.get(reverse("following:own")).content.decode()
    client.logout()
    stop = reverse("following:stop", args=[code])
    assert client.get(stop).status_code == 200 and Follow.objects.exists()
    assert client.post(stop).status_code == 302
    assert not Follow.objects.exists()
    assert client.get(stop).status_code == 404


def test_the_feed_is_atom_and_says_what_is_there(world, client, submitted):
    tell(submitted, "x/1")
    page = client.get(reverse("following:feed", args=[submitted.chain, "problems", submitted.code]))
    assert page["Content-Type"].startswith("application/atom+xml")
    entries = ElementTree.fromstring(page.content).findall(f"{ATOM}entry")
    assert [entry.find(f"{ATOM}summary").text for entry in entries] == ["Ongelma valittiin haasteeksi.", "Uusi ongelma ilmoitettiin."]
    assert client.get(reverse("following:feed", args=[submitted.chain, "problems", "0" * 32])).status_code == 404


def test_news_page_and_own_page_cost_the_same_at_one_and_at_thirty_rows(world, cast, enter, submitted):
    client = enter(cast["mentor"])
    pages = [reverse("following:news", args=[submitted.chain]), reverse("following:own")]
    follow(cast["mentor"], submitted)

    def cost():
        found = []
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            found.append(len(queries))
        return found

    cost()
    one = cost()
    for number in range(29):
        tell(submitted, f"x/{number}")
        Follow.objects.create(
            person=cast["mentor"], competition=submitted.competition, about=f"problem/{number}", title={"fi": "x"}, page="problems:problem",
            args=[submitted.chain, submitted.code], told_at=clock.now(),
        )
    assert cost() == one
