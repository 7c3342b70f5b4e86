"""A juror with a conflict leaves the whole challenge and a deputy steps in; nobody learns for which proposal (S44)."""

import re

import pytest
from django.core.management import call_command

from klash.accounts import services as accounts
from klash.accounts.models import Affiliation, Invitation, ReviewerHandle, RoleGrant, User
from klash.core import clock
from klash.core.databases import reviewing as jury_side
from klash.core.errors import Denied, Refused
from klash.core.models import AuditEvent
from klash.interests import services as interests
from klash.mentoring import services as mentoring
from klash.post.models import Message
from klash.proposals import selectors, services
from klash.proposals.models import Substitution
from klash.proposals.services import conflicts as finding
from klash.reviewing import services as reviewing
from klash.reviewing.models import Conflict, Review, Seat
from klash.reviewing.selectors import barred, seats_of
from klash.rules.conflicts import DECLARABLE
from klash.rules.reasons import Reason
from klash.teams import services as teams
from tests.conftest import make_person

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def jury(contest):
    """A prepared jury of chair and juror with two deputies, before the proposals are opened."""
    contest.prepare()
    contest.prepare = lambda: None  # once is enough: whoever has left is not seated again
    for name in ("vara", "toinen_vara"):
        contest.cast[name] = make_person(name)
        services.name_deputy(actor=contest.cast["organiser"], challenge=contest.challenge, person=contest.cast[name])
    return contest


def tie(contest, who, kind="family", team="Luoto"):
    """Let a person declare a tie to the leader of a team."""
    return interests.declare_interest(actor=contest.cast[who], kind=kind, about="person", name=contest.people[team].name)


def sitting(contest):
    """Return who sits in the jury now and who chairs it, by name."""
    seats = {seat.handle: seat.is_chair for seat in contest.seats() if not seat.is_absent}
    rows = ReviewerHandle.objects.filter(handle__in=seats).values_list("person__name", "handle")
    return sorted(name for name, _ in rows), [name for name, handle in rows if seats[handle]]


def refusal(act, **given):
    with pytest.raises(Refused) as refused:
        act(**given)
    return refused.value.reason, refused.value.detail


@pytest.mark.parametrize("kind", [kind for kind in DECLARABLE if kind != "municipality"])
def test_whoever_has_a_conflict_is_not_seated_and_the_kind_is_told(contest, kind):
    contest.prepare(jurors=())
    tie(contest, "juror", kind)
    given = {"actor": contest.cast["organiser"], "challenge": contest.challenge}
    assert refusal(services.seat_juror, person=contest.cast["juror"], **given) == (Reason.IN_CONFLICT, kind)
    assert refusal(services.invite_juror, email=contest.cast["juror"].email, **given) == (Reason.IN_CONFLICT, kind)
    assert refusal(services.name_deputy, person=contest.cast["juror"], **given) == (Reason.IN_CONFLICT, kind)
    assert refusal(services.invite_deputy, email=contest.cast["juror"].email, **given) == (Reason.IN_CONFLICT, kind)
    assert sitting(contest) == ([], [])


def test_pilot_municipality_employer_and_mentor_are_found_before_the_invitation(contest):
    contest.prepare(jurors=())
    given = {"actor": contest.cast["organiser"], "challenge": contest.challenge}
    Affiliation.objects.create(person=contest.cast["juror"], municipality=contest.challenge.pilot_municipality)
    assert refusal(services.invite_juror, email="juror@example.org", **given) == (Reason.IN_CONFLICT, "municipality")
    User.objects.filter(pk=contest.people["Luoto"].pk).update(email="luoto@kyyti.fi")
    assert refusal(services.invite_juror, email="uusi@kyyti.fi", **given) == (Reason.IN_CONFLICT, "organisation")
    tie(contest, "outsider", "other", team="Myrsky")
    assert refusal(services.invite_juror, email=contest.cast["outsider"].email, **given) == (Reason.IN_CONFLICT, "other")
    assert services.invite_juror(email="kolmas@muualla.fi", **given)


def test_the_page_tells_the_organiser_the_kind_and_not_the_team(client, contest):
    contest.prepare(jurors=())
    tie(contest, "juror", "ownership")
    client.force_login(contest.cast["organiser"])
    words = {"name": "Tuomari", "email": contest.cast["juror"].email, "language": "fi"}
    page = client.post("/en/c/klash-test/challenges/kyyti/opening/jury/", words).content.decode()
    assert "This person has a conflict of interest and cannot judge here. Choose another person. (ownership)" in page
    assert not any(name in page for name in ("Kaarna", "Luoto", "Myrsky"))


def test_a_deputy_is_invited_and_shown_on_the_page(client, contest):
    contest.prepare(jurors=())
    client.force_login(contest.cast["organiser"])
    words = {"name": "Vara", "email": "vara@example.org", "language": "en", "is_deputy": "on", "is_chair": "on"}
    assert client.post("/en/c/klash-test/challenges/kyyti/opening/jury/", words).status_code == 302
    assert "Waiting as deputies: vara@example.org" in client.get("/en/c/klash-test/challenges/kyyti/opening/").content.decode()
    assert "/interests/" in Message.objects.get(to="vara@example.org").body
    invitation = Invitation.objects.get(role="deputy")
    accounts.accept_invitation(actor=make_person("vara"), invitation=invitation)
    assert "Waiting as deputies: Vara" in client.get("/en/c/klash-test/challenges/kyyti/opening/").content.decode()


def test_a_deputy_steps_in_when_a_declaration_changes(jury):
    tie(jury, "juror")
    assert sitting(jury) == (["Chair", "Vara"], ["Chair"])
    grants = RoleGrant.objects.filter(ended_at=None, challenge="kyyti", standing__person__in=[jury.cast["juror"], jury.cast["vara"]])
    assert list(grants.values_list("standing__person__email", "role")) == [("vara@example.org", "juror")]
    assert seats_of(jury.cast["juror"]) == [] and len(seats_of(jury.cast["vara"])) == 1
    assert selectors.substitutions(jury.challenge) == (1, 0)
    told = Message.objects.get(to=jury.cast["juror"].email, event__startswith="seat.left/")
    assert told.body == "Varajäsen tulee tilallesi haasteen ”Kyyti kylille” tuomaristoon. Sinun ei tarvitse tehdä mitään.\n\nSe, mitä olet lukenut, pysyy salassa. Kiitos avustasi.\n".replace("\n\nSe", "\nSe")
    assert Message.objects.filter(to="vara@example.org", event__startswith="seat.taken/").count() == 1
    assert services.find_conflicts(challenge=jury.challenge) == 0


def test_the_chair_s_deputy_chairs_and_a_deputy_with_a_conflict_is_passed_over(jury):
    tie(jury, "vara", team="Kaarna")
    tie(jury, "chair")
    assert sitting(jury) == (["Juror", "Toinen Vara"], ["Toinen Vara"])


def test_a_seat_waits_until_a_deputy_is_named(client, contest):
    contest.prepare()
    tie(contest, "juror")
    client.force_login(contest.cast["organiser"])
    assert (sitting(contest)[0], selectors.substitutions(contest.challenge)) == (["Chair"], (0, 1))
    assert "A seat is free, and no deputy without a conflict of interest waits for it." in client.get("/en/c/klash-test/challenges/kyyti/opening/").content.decode()
    services.name_deputy(actor=contest.cast["organiser"], challenge=contest.challenge, person=make_person("vara"))
    assert (sitting(contest)[0], selectors.substitutions(contest.challenge)) == (["Chair", "Vara"], (1, 0))
    assert "A deputy has stepped in." in client.get("/en/c/klash-test/challenges/kyyti/opening/").content.decode()


def test_only_an_organiser_names_a_deputy(contest):
    contest.prepare()
    with pytest.raises(Denied):
        services.name_deputy(actor=contest.cast["registrar"], challenge=contest.challenge, person=make_person("vara"))
    assert refusal(services.name_deputy, actor=contest.cast["organiser"], challenge=contest.challenge, person=contest.cast["mentor"])[0] == Reason.OTHER_SIDE


def test_a_firm_and_a_mentor_that_come_later_are_found(jury):
    interests.declare_interest(actor=jury.cast["juror"], kind="cooperation", name="Kyyti Oy")
    interests.declare_interest(actor=jury.cast["chair"], kind="family", about="person", name=jury.cast["mentor"].name)
    assert sitting(jury)[0] == ["Chair", "Juror"]
    teams.add_firm(actor=jury.people["Luoto"], team=jury.teams["Luoto"], name="Oy Kyyti Ab", part="subcontractor")
    assert sitting(jury)[0] == ["Chair", "Vara"]
    jury.teams["Kaarna"].application.__class__.objects.filter(team=jury.teams["Kaarna"]).update(released_at=clock.now())
    organiser, competition = jury.cast["organiser"], jury.challenge.competition
    starts = clock.now()
    day = mentoring.add_day(
        actor=organiser, competition=competition, number=1, on=starts.date(), place="Verkossa", topic={"fi": "x"}, challenges=[jury.challenge],
        slots=[(starts, starts.replace(year=starts.year + 1))],
    )
    profile = mentoring.add_mentor(actor=organiser, competition=competition, person=jury.cast["mentor"], sector="public", field={"fi": "x"}, text={"fi": "x"})
    mentoring.plan_session(actor=organiser, slot=day.slots.get(), team=jury.teams["Kaarna"], mentor=profile)
    assert sitting(jury)[0] == ["Toinen Vara", "Vara"]


def test_an_invited_juror_is_looked_at_again_on_accepting(jury):
    invitation, _ = services.invite_juror(actor=jury.cast["organiser"], challenge=jury.challenge, email="uusi@muualla.fi")
    interests.declare_interest(actor=jury.people["Luoto"], kind="family", about="person", name="Uusi Tuomari")
    assert sitting(jury)[0] == ["Chair", "Juror"]
    person = accounts.create_account(email="uusi@muualla.fi", name="Uusi Tuomari")
    accounts.accept_invitation(actor=person, invitation=invitation)
    assert sitting(jury)[0] == ["Chair", "Juror", "Vara"]
    assert not Message.objects.filter(to=person.email, event__startswith="round.opened/").exists()  # who has just left is not asked to read


def test_an_invitation_that_waits_is_void_once_its_seat_is_left(jury):
    invitation, token = services.invite_juror(actor=jury.cast["organiser"], challenge=jury.challenge, email="uusi@kyyti.fi")
    User.objects.filter(pk=jury.people["Luoto"].pk).update(email="luoto@kyyti.fi")
    assert services.find_conflicts(challenge=jury.challenge) == 1
    assert accounts.find_invitation(token) is None
    assert Message.objects.filter(to="uusi@kyyti.fi", event__startswith="seat.left/").count() == 1


def test_where_the_jury_runs_by_itself_the_deputy_is_invited_there(jury, settings):
    settings.KLASH_JURY_URL = "https://jury.example.org"
    tie(jury, "juror")
    seat = next(seat for seat in jury.seats() if seat.handle == Substitution.objects.get().deputy_handle)
    invitation = Invitation.objects.using(jury_side()).get(handle=seat.handle)
    assert (invitation.email, seat.state, Message.objects.using(jury_side()).get(to="vara@example.org").event[:15]) == ("vara@example.org", "invited", "invitation.sent")


def test_scores_already_given_leave_the_tally_and_the_deputy_judges_everything(jury):
    jury.open()
    with clock.at(jury.world.middle_of("judging")):
        juror = next(seat for seat in seats_of(jury.cast["juror"]))
        reviewing.take_seat(actor=juror, terms_hash=juror.round.terms_hash)
        for entry in juror.round.entries.using(jury_side()).order_by("code"):
            reviewing.submit_review(actor=juror, entry=entry, scores=dict.fromkeys(("impact", "innovativeness", "scalability"), 10), comment="")
        tie(jury, "juror")
        deputy = next(seat for seat in seats_of(jury.cast["vara"]))
    assert (deputy.assigned_count, deputy.round.state) == (3, "open")
    assert set(deputy.round.entries.using(jury_side()).values_list("points", "review_count")) == {(0, 0)}
    assert Review.objects.using(jury_side()).filter(seat__handle=juror.handle, state="submitted").count() == 3


def test_the_opening_looks_once_more(jury, monkeypatch):
    """What was declared past the page is found before the jury reads."""
    interests.Interest.objects.create(
        person=jury.cast["juror"], kind="family", about="person", name=jury.people["Myrsky"].name, declared_at=clock.now()
    )
    assert sitting(jury)[0] == ["Chair", "Juror"]
    jury.open()
    assert sitting(jury)[0] == ["Chair", "Vara"]


def test_after_a_juror_stepped_aside_the_daily_look_calls_a_deputy(jury, capsys):
    jury.open()
    with clock.at(jury.world.middle_of("judging")):
        juror = seats_of(jury.cast["juror"])[0]
        reviewing.take_seat(actor=juror, terms_hash=juror.round.terms_hash)
        reviewing.recuse(actor=juror, entry=juror.round.entries.using(jury_side()).first(), kind="family", reason="Tunnen tekijän.")
        assert sitting(jury)[0] == ["Chair"]
        call_command("find_conflicts")
    assert (sitting(jury)[0], capsys.readouterr().out) == (["Chair", "Vara"], "0 pairs barred, 0 seats left\n")


def test_where_both_sides_run_together_a_deputy_is_called_at_once(jury, django_capture_on_commit_callbacks):
    jury.open()
    with clock.at(jury.world.middle_of("judging")):
        juror = seats_of(jury.cast["juror"])[0]
        reviewing.take_seat(actor=juror, terms_hash=juror.round.terms_hash)
        with django_capture_on_commit_callbacks(using=jury_side(), execute=True):
            reviewing.recuse(actor=juror, entry=juror.round.entries.using(jury_side()).first(), kind="family", reason="Tunnen tekijän.")
    assert sitting(jury)[0] == ["Chair", "Vara"]


def test_an_absence_that_was_recorded_calls_nobody(jury):
    reviewing.record_absence(actor=jury.cast["organiser"], seat=seats_of(jury.cast["juror"])[0], reason="Estynyt.")
    services.find_conflicts(challenge=jury.challenge)
    assert (sitting(jury)[0], selectors.substitutions(jury.challenge)) == (["Chair"], (0, 0))


# Two worlds that differ only in whose entry the conflict concerns


def told(contest, client, team):
    """Let the juror have a tie to a team while the jury judges; return everything that either side's people, log and mail then tell."""
    with clock.at(contest.world.middle_of("judging")):
        before = {using: AuditEvent.objects.using(using).count() for using in ("default", jury_side())}
        tie(contest, "juror", team=team)
        found = []
        for using in ("default", jury_side()):
            rows = AuditEvent.objects.using(using).order_by("pk")[before[using]:]
            found += [(row.what, row.body if row.what != "interest.declared" else "", row.thing.partition("/")[0]) for row in rows]
        found += list(Message.objects.order_by("pk").values_list("to", "subject", "body"))
        codes = {handle: name for name, person in contest.cast.items() for handle in person.handles.values_list("handle", flat=True)}
        for name, url in [("organiser", "/desk/klash-test/log/"), ("organiser", "/c/klash-test/challenges/kyyti/opening/"), ("organiser", "/desk/klash-test/rounds/"),
                          ("organiser", "/desk/klash-test/mail/"), ("juror", "/review/"), ("juror", "/tasks/"), ("chair", "/review/"), ("vara", "/review/")]:
            client.force_login(contest.cast[name])
            found.append((name, url, plain(client.get(url).content.decode(), codes)))
        found += [sorted(map(str, barred(selectors.round_of(contest.challenge))))]
        found += [sorted(Conflict.objects.using(jury_side()).values_list("kind", flat=True))]
        missing = Review.objects.using(jury_side()).filter(seat__is_absent=False).values_list("entry__title", flat=True)
        found += [sorted(missing)]
    return [plain(str(row), codes) for row in found]


def plain(page, codes):
    page = re.sub(r'csrfmiddlewaretoken" value="[^"]+|nonce="[^"]+|X-CSRFToken": "[^"]+', "", page)
    for handle, name in codes.items():
        page = page.replace(handle, f"HANDLE-{name}")
    return re.sub(r"[0-9a-f]{20,}|\b[a-z2-9]{10,12}\b", "ONCE", page)


def worlds(jury, client, monkeypatch=None):
    """Return what is told in each of the two worlds, from the same beginning."""
    from django.db import transaction

    class Undo(Exception):
        pass

    found = []
    jury.open()
    with clock.at(jury.world.middle_of("judging")):
        for seat in jury.seats():
            reviewing.take_seat(actor=seat, terms_hash=seat.round.terms_hash)
    for team in ("Luoto", "Kaarna"):
        try:
            with transaction.atomic(), transaction.atomic(using=jury_side()):
                found.append(told(jury, client, team))
                raise Undo
        except Undo:
            client.logout()
    return found


def test_recusal_silent(jury, client):
    one, other = worlds(jury, client)
    assert one == other


def test_recusal_silent_goes_red_when_the_entry_is_named(jury, client, monkeypatch):
    """The seeded fault: the finder bars the pair, as it does where names are known."""
    real = finding.reviewing.stand_down

    def named(*, actor, seat):
        party = finding.interests.seated([seat.handle])[seat.handle]
        for proposal in finding.selectors.Proposal.objects.exclude(saved_at=None):
            key = proposal.team_id
            if finding.conflict(party, finding.selectors.teams.sides([key])[key]):
                entry = seat.round.entries.using(jury_side()).get(title=proposal.title)
                Conflict.objects.using(jury_side()).create(entry=entry, seat=seat, kind="family", is_declared=False, made_at=clock.now())
                Review.objects.using(jury_side()).filter(entry=entry).exclude(seat=seat).update(place=None)
                Review.objects.using(jury_side()).filter(entry=entry).exclude(seat=seat).delete()
        return real(actor=actor, seat=seat)

    monkeypatch.setattr(finding.reviewing, "stand_down", named)
    one, other = worlds(jury, client)
    assert one != other


def test_without_the_finder_the_juror_would_go_on(jury, monkeypatch):
    monkeypatch.setattr(finding, "conflict", lambda reviewer, side: None)
    tie(jury, "juror")
    assert sitting(jury)[0] == ["Chair", "Juror"]
    assert Seat.objects.using(jury_side()).filter(is_absent=True).count() == 0
