import random
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from klash.accounts import services as accounts
from klash.accounts.models import Invitation, ReviewerHandle
from klash.core import audit, chance, clock, databases
from klash.core.errors import Denied, IllegalMove, Refused
from klash.core.models import AuditEvent
from klash.post.models import Message
from klash.proposals import receivers, selectors, services
from klash.proposals.code_words import WORDS
from klash.proposals.models import ChallengeKeys, Opening, Proposal, SealedLink
from klash.reviewing import services as reviewing
from klash.reviewing.models import Entry, EntryFile, Seat
from klash.rules.reasons import Reason
from klash.rules.roles import Role
from tests.conftest import make_person
from tests.proposals.pdf import upload
from tests.proposals.test_writing import refused

pytestmark = pytest.mark.django_db(databases="__all__")
MS = timedelta(milliseconds=1)


def submit_all(contest, names=("Kaarna", "Luoto", "Myrsky")):
    with clock.at(contest.before):
        for name in names:
            contest.write(name)
            contest.submit(name)


# ------------------------------------------------------------------ two persons, after the deadline

@pytest.mark.parametrize("shift", [-MS, 0 * MS])
def test_nothing_opens_until_the_deadline_is_over(contest, cast, shift):
    submit_all(contest)
    opening = Opening.objects.create(challenge=contest.challenge, requested_by=cast["organiser"], requested_at=contest.before)
    with clock.at(contest.deadline + shift):
        refused(Denied, Reason.NOT_OPEN_YET, services.confirm_opening, actor=cast["registrar"], opening=opening)
        refused(Denied, Reason.NOT_OPEN_YET, services.open_proposals, actor=cast["registrar"], opening=opening)
        opening.delete()
        refused(Denied, Reason.NOT_OPEN_YET, services.request_opening, actor=cast["organiser"], challenge=contest.challenge)
    with clock.at(contest.deadline + MS):
        assert contest.confirm().state == "fixed"


def test_opening_needs_two_persons_of_the_staff(contest, cast):
    submit_all(contest)
    with clock.at(contest.after):
        for name in ("leader", "juror", "chair", "mentor", "panellist", "officer", "outsider"):
            refused(Denied, Reason.NO_ROLE, services.request_opening, actor=cast[name], challenge=contest.challenge)
        opening = services.request_opening(actor=cast["organiser"], challenge=contest.challenge)
        assert services.request_opening(actor=cast["registrar"], challenge=contest.challenge) == opening
        refused(Denied, Reason.SAME_PERSON, services.confirm_opening, actor=cast["organiser"], opening=opening)
        refused(Denied, Reason.NO_ROLE, services.confirm_opening, actor=cast["juror"], opening=opening)
        refused(IllegalMove, Reason.WRONG_STATE, services.open_proposals, actor=cast["registrar"], opening=opening) if contest.prepare() else None
        services.confirm_opening(actor=cast["registrar"], opening=opening)
        refused(IllegalMove, Reason.WRONG_STATE, services.confirm_opening, actor=cast["registrar"], opening=opening)
        refused(Denied, Reason.NO_ROLE, services.open_proposals, actor=cast["leader"], opening=opening)


def test_the_database_wants_two_persons_too(contest, cast):
    opening = Opening.objects.create(challenge=contest.challenge, requested_by=cast["organiser"], requested_at=contest.after)
    with pytest.raises(IntegrityError), transaction.atomic():
        Opening.objects.filter(pk=opening.pk).update(confirmed_by=cast["organiser"], confirmed_at=contest.after)


def test_opening_waits_for_a_round_and_a_proposal(contest, cast):
    with clock.at(contest.after):
        opening = contest.confirm()
        refused(Refused, Reason.NOT_COMPLETE, services.open_proposals, actor=cast["organiser"], opening=opening)
        contest.prepare()
        refused(Refused, Reason.NOT_COMPLETE, services.open_proposals, actor=cast["organiser"], opening=opening)


# ------------------------------------------------------------------ the set

def test_the_set_is_the_newest_in_time_of_those_who_stay(contest, cast):
    submit_all(contest)
    with clock.at(contest.before):
        contest.prepare()
        contest.write("Kaarna", title="Parempi")
        second = contest.submit("Kaarna")
        contest.write("Kaarna", title="Vain luonnos")
        services.withdraw_proposal(actor=contest.people["Luoto"], proposal=Proposal.objects.get(team=contest.teams["Luoto"]))
    with clock.at(contest.after):
        contest.submit("Kaarna")
        contest.submit("Luoto")
        services.open_proposals(actor=cast["organiser"], opening=contest.confirm())
    assert set(Entry.objects.using("reviewing").values_list("title", flat=True)) == {"Parempi Kaarna", "Kyytipooli Myrsky"}
    states = dict(Proposal.objects.values_list("team__name", "state"))
    assert states == {"Kaarna": "opened", "Luoto": "withdrawn", "Myrsky": "opened"}
    fixed = AuditEvent.objects.get(what="opening.fixed").body
    assert second.commitment in fixed["commitments"] and fixed["proposals"] == 2


def test_the_jury_gets_texts_and_files_and_nothing_else(contest, cast):
    with clock.at(contest.before):
        contest.write("Luoto")
        services.attach_file(actor=contest.people["Luoto"], proposal=Proposal.objects.get(), uploaded=upload("Luodon suunnitelma.pdf", pages=2))
    submit_all(contest, ["Luoto"])
    with clock.at(contest.before):
        contest.prepare()
    with clock.at(contest.after):
        opening = services.open_proposals(actor=cast["organiser"], opening=contest.confirm())
    entry = Entry.objects.using("reviewing").get()
    assert selectors.round_of(contest.challenge).state == "draft"
    assert (entry.author, entry.title, entry.language, entry.code) == ("", "Kyytipooli Luoto", "fi", entry.code) and not opening.links.exists()
    assert [row["heading"]["fi"] for row in entry.sections] == ["Ratkaisu", "Vaikuttavuus", "Innovatiivisuus", "Skaalautuvuus"]
    assert [row["heading"]["sv"] for row in entry.sections] == ["Lösning", "Effekt", "Innovativitet", "Skalbarhet"]
    file = EntryFile.objects.using("reviewing").get()
    assert (file.name, file.pages) == (f"{entry.code}-1.pdf", 2) and bytes(file.content).startswith(b"%PDF-")
    assert (opening.state, opening.round_code) == ("opened", entry.round.code)


def test_jurors_hear_of_it_once_and_only_then(contest, cast):
    submit_all(contest)
    with clock.at(contest.before):
        contest.prepare()
    assert not Message.objects.filter(to__in=["juror@example.org", "chair@example.org"]).exists()
    with clock.at(contest.after):
        opening = services.open_proposals(actor=cast["organiser"], opening=contest.confirm())
        services.open_proposals(actor=cast["registrar"], opening=opening)
        assert not Message.objects.filter(event__startswith="round.opened/").exists()
        contest.release()
        services.release_copies(actor=cast["registrar"], opening=opening)
    mails = Message.objects.filter(event__startswith="round.opened/")
    assert sorted(mail.to for mail in mails) == ["chair@example.org", "juror@example.org"]
    for name in contest.teams:
        assert all(name not in mail.body + mail.subject for mail in mails)


def join(contest):
    """Let a juror accept an invitation after the opening, and be seated once more; return the letters of the opening by address."""
    invitation, _ = services.invite_juror(actor=contest.cast["organiser"], challenge=contest.challenge, email="uusi@example.org")
    accounts.accept_invitation(actor=make_person("uusi"), invitation=invitation)
    services.seat_juror(actor=contest.cast["organiser"], challenge=contest.challenge, person=contest.cast["outsider"])
    services.seat_juror(actor=contest.cast["organiser"], challenge=contest.challenge, person=contest.cast["outsider"])
    mails = Message.objects.filter(event__startswith="round.opened/").order_by("to")
    return [(mail.to, mail.subject, mail.body) for mail in mails]


def test_who_joins_after_the_opening_gets_the_same_letter_once(contest):
    contest.open()
    with clock.at(contest.after):
        rows = join(contest)
    assert [to for to, *_ in rows] == ["chair@example.org", "juror@example.org", "outsider@example.org", "uusi@example.org"]
    assert len({(subject, body) for _, subject, body in rows}) == 1


def test_who_joins_before_the_opening_is_told_at_the_opening(contest):
    with clock.at(contest.before):
        contest.prepare()
        assert join(contest) == []


def test_without_the_word_to_latecomers_they_hear_of_nothing(contest, monkeypatch):
    """The seeded fault of the test above: only those who sit at the opening are told."""
    monkeypatch.setattr(reviewing, "tell_latecomer", lambda **who: None)
    monkeypatch.setattr(receivers, "tell_latecomer", lambda **who: None)
    contest.open()
    with clock.at(contest.after):
        assert [to for to, *_ in join(contest)] == ["chair@example.org", "juror@example.org"]


# ------------------------------------------------------------------ resumed

@pytest.mark.parametrize("when", ["before", "after"])
def test_opening_goes_on_after_a_stop(contest, cast, monkeypatch, when):
    submit_all(contest)
    with clock.at(contest.before):
        contest.prepare()
    with clock.at(contest.after):
        opening = contest.confirm()
        real = reviewing.write_entries

        def stop(**arguments):
            if when == "after":
                real(**arguments)
            raise ConnectionError("the jury's database is away")

        with monkeypatch.context() as patch:
            patch.setattr(reviewing, "write_entries", stop)
            with pytest.raises(ConnectionError):
                services.open_proposals(actor=cast["organiser"], opening=opening)
        kept = set(SealedLink.objects.values_list("draw", flat=True)) if when == "after" else None
        assert SealedLink.objects.count() == 3
        services.open_proposals(actor=cast["registrar"], opening=opening)
    # Where the jury had nothing yet the names are drawn anew; once it has them, whose they are stays as it was sealed.
    assert kept in (None, set(SealedLink.objects.values_list("draw", flat=True))) and SealedLink.objects.count() == 3
    assert Entry.objects.using("reviewing").count() == 3
    assert selectors.round_of(contest.challenge).state == "draft" and Opening.objects.get().state == "opened"
    assert AuditEvent.objects.filter(what="proposal.opened").count() == 3
    for using in ("default", "reviewing"):
        assert all(not verdict.faults for verdict in audit.verify(using))


def test_a_stop_between_entries_and_state_doubles_nothing(contest, cast, monkeypatch):
    submit_all(contest)
    with clock.at(contest.before):
        contest.prepare()
    with clock.at(contest.after):
        opening = contest.confirm()
        with monkeypatch.context() as patch:
            patch.setattr("klash.proposals.services.opening._mark_opened", lambda *a: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                services.open_proposals(actor=cast["organiser"], opening=opening)
        assert set(Proposal.objects.values_list("state", flat=True)) == {"submitted"}
        services.open_proposals(actor=cast["organiser"], opening=opening)
    assert Entry.objects.using("reviewing").count() == 3 and set(Proposal.objects.values_list("state", flat=True)) == {"opened"}


# ------------------------------------------------------------------ order and names

def rank_correlation(orders):
    """Return the mean Spearman correlation of permutations with the identity."""
    n = len(orders[0])
    values = [1 - 6 * sum((place - i) ** 2 for i, place in enumerate(order)) / (n * (n * n - 1)) for order in orders]
    return sum(values) / len(values)


def test_the_order_of_arrival_cannot_be_read_from_entries_or_links(contest):
    from types import SimpleNamespace

    round_ = contest.prepare(jurors=())
    orders, names = [], []
    for run in range(20):
        drawn = [f"r{run}-{chance.code(6)}" for _ in range(12)]  # drawn in the order of arrival
        entries = [reviewing.NewEntry(code=code, title="t", author="", language="fi", sections=[]) for code in drawn]
        reviewing.write_entries(actor=audit.System(), round=round_, entries=entries)
        in_table = list(Entry.objects.using("reviewing").filter(code__in=drawn).order_by("pk").values_list("code", flat=True))
        orders.append([in_table.index(code) for code in drawn])
        arrived = [SimpleNamespace(place=i) for i in range(12)]
        names.append([row.place for row in chance.shuffled(arrived)])
    assert abs(rank_correlation(orders)) < 0.25 and abs(rank_correlation(names)) < 0.25
    assert rank_correlation([list(range(12))] * 20) == 1.0  # the measure sees an order that is there


def test_links_are_written_shuffled(contest, cast, monkeypatch):
    submit_all(contest)
    contest_order = [version.proposal.team.name for version in selectors.fixed_set(contest.challenge)]
    seen = []
    monkeypatch.setattr(chance, "shuffled", lambda rows: seen.append(len(rows)) or list(reversed(rows)))
    with clock.at(contest.before):
        contest.prepare()
    with clock.at(contest.after):
        services.open_proposals(actor=cast["organiser"], opening=contest.confirm())
    assert len(contest_order) == 3 and seen == [3, 3, 3]  # the names drawn, whose they are sealed, the copies written


def test_code_names_are_new_and_do_not_run_out():
    assert len(WORDS) == len(set(WORDS)) >= 120 and all(len(word) == 4 and word.isupper() and "Å" not in word for word in WORDS)
    taken = set()
    source = random.Random(3)
    while len(taken) < services.opening.FEW:
        taken.add(f"{source.choice('ABCDEFGHJKLMNPRSTUV')}{source.randint(2, 9)}-{source.choice(WORDS)}")
    before = len(taken)
    names = [services.opening._code_name(taken) for _ in range(50)]
    assert len(taken) == before + 50 and all(name.count("-") == 2 for name in names)


# ------------------------------------------------------------------ the jury

def test_prepare_jury_is_once_blind_and_with_announced_criteria(contest, cast):
    round_ = contest.prepare(jurors=())
    assert contest.prepare(jurors=()) == round_
    assert (round_.is_blind, round_.key, round_.chain, round_.state) == (True, "proposals/kyyti", "klash-test", "draft")
    assert [row.code for row in round_.criteria.using("reviewing").all()] == ["impact", "innovativeness", "scalability"]
    times = {"opens_at": contest.after, "closes_at": contest.after + timedelta(days=9)}
    refused(Denied, Reason.NO_ROLE, services.prepare_jury, actor=cast["juror"], challenge=contest.challenge, **times)
    contest.world.competition.criteria_sets.filter(stage_kind="judging").update(stage_kind="award")
    refused(Refused, Reason.NOT_COMPLETE, services.prepare_jury, actor=cast["organiser"], challenge=contest.challenge, **times)


def test_seats_need_a_round_a_right_and_a_free_side(contest, cast):
    seat = services.seat_juror
    refused(Refused, Reason.NOT_COMPLETE, seat, actor=cast["organiser"], challenge=contest.challenge, person=cast["juror"])
    contest.prepare(jurors=())
    refused(Denied, Reason.NO_ROLE, seat, actor=cast["registrar"], challenge=contest.challenge, person=cast["juror"])
    for name in ("mentor", "panellist", "pilot_officer", "organiser_2"):
        refused(Refused, Reason.OTHER_SIDE, seat, actor=cast["organiser"], challenge=contest.challenge, person=cast[name])
    assert not Seat.objects.using("reviewing").exists()
    first = seat(actor=cast["organiser"], challenge=contest.challenge, person=cast["juror"])
    assert seat(actor=cast["organiser"], challenge=contest.challenge, person=cast["juror"]) == first
    assert ReviewerHandle.objects.get(person=cast["juror"]).handle == first.handle


def test_an_invited_juror_takes_the_seat(contest, cast, settings):
    settings.KLASH_JURY_URL = ""
    contest.prepare(jurors=())
    refused(Refused, Reason.OTHER_SIDE, services.invite_juror, actor=cast["organiser"], challenge=contest.challenge, email="mentor@example.org")
    refused(Denied, Reason.NO_ROLE, services.invite_juror, actor=cast["registrar"], challenge=contest.challenge, email="uusi@example.org")
    invitation, token = services.invite_juror(actor=cast["organiser"], challenge=contest.challenge, email="Uusi@example.org", is_chair=True, name="Uusi")
    seat = Seat.objects.using("reviewing").get()
    assert (invitation.handle, invitation.role, seat.is_chair) == (seat.handle, "chair", True)
    mail = Message.objects.get(to="uusi@example.org")
    assert token in mail.body and "Kyyti kylille" in mail.subject
    person = make_person("uusi")
    accounts.accept_invitation(actor=person, invitation=invitation)
    assert ReviewerHandle.objects.get(person=person).handle == seat.handle
    assert Role.CHAIR in person.roles_in("klash-test", "kyyti")


def test_with_a_jury_of_its_own_the_invitation_lies_there(contest, cast, settings):
    settings.KLASH_JURY_URL = "https://jury.example.org"
    contest.prepare(jurors=())
    invitation, token = services.invite_juror(actor=cast["organiser"], challenge=contest.challenge, email="uusi@example.org", name="Uusi Tuomari", language="sv")
    assert invitation._state.db == databases.reviewing() and not Invitation.objects.exists()
    mail = Message.objects.using("reviewing").get()
    assert f"https://jury.example.org/sv/accounts/invitations/{token}/" in mail.body and not Message.objects.exists()
    from klash.accounts.models import User

    person = User.objects.get(email="uusi@example.org")
    assert Role.JUROR in person.roles_in("klash-test", "kyyti")
    refused(Refused, Reason.OTHER_SIDE, accounts.grant_role, actor=audit.System(), person=person, role=Role.MENTOR, competition="klash-test")


# ------------------------------------------------------------------ the keys

def test_keys_are_rehearsed_by_who_runs_the_competition_and_told_on_the_page(client, contest, cast):
    client.force_login(cast["organiser"])
    address = reverse("proposals:opening", args=["klash-test", "kyyti"])
    with clock.at(contest.before):
        assert "ei ole vielä kokeiltu" in client.get(address).content.decode()
        assert client.post(f"{address}keys/").status_code == 302
        keys = ChallengeKeys.objects.get()
        shown = client.get(address).content.decode()
        assert keys.rehearsed_at == contest.before and keys.opening in shown and keys.map in shown and "Avaimet ovat tällä palvelimella." in shown
        refused(Denied, Reason.NO_ROLE, services.rehearse_keys, actor=cast["juror"], challenge=contest.challenge)
    assert AuditEvent.objects.get(what="keys.made").body == {"opening": keys.opening, "map": keys.map}


def test_when_the_holder_does_not_answer_submitting_goes_on_and_opening_waits(client, contest, cast, settings):
    with clock.at(contest.before):
        contest.write("Kaarna")
        contest.submit("Kaarna")
        contest.prepare()
        settings.KLASH_KEY_HOLDER = "unix:/nowhere/keys.sock"
        contest.write("Luoto")
        assert not contest.submit("Luoto").is_late
    with clock.at(contest.after):
        opening = contest.confirm()
        client.force_login(cast["organiser"])
        address = reverse("proposals:opening", args=["klash-test", "kyyti"])
        answer = client.post(f"{address}open/")
        assert answer.status_code == 503 and "sinetöintiavainten haltija ei vastaa" in answer.content.decode()
        refused(Refused, Reason.KEYS_NOT_READY, services.open_proposals, actor=cast["organiser"], opening=opening)
        assert not Entry.objects.using("reviewing").exists() and Opening.objects.get().state == "fixed"
        settings.KLASH_KEY_HOLDER = ""
        services.open_proposals(actor=cast["organiser"], opening=opening)
    assert Entry.objects.using("reviewing").count() == 2


def test_a_challenge_whose_keys_nobody_could_rehearse_takes_nothing(contest, settings):
    settings.KLASH_KEY_HOLDER = "unix:/nowhere/keys.sock"
    with clock.at(contest.before):
        contest.write("Kaarna")
        refused(Refused, Reason.KEYS_NOT_READY, contest.submit, name="Kaarna")


@pytest.mark.parametrize(("few", "warns"), [(5, True), (4, True), (3, False)])
def test_small_set_warning(client, contest, cast, monkeypatch, few, warns):
    """S22: among few proposals a juror may guess whose each is; whoever opens them is told, and only once the set is fixed."""
    monkeypatch.setattr(selectors, "FEW", few)
    with clock.at(contest.before):
        contest.prepare()
        for name in ("Kaarna", "Luoto", "Myrsky"):
            contest.write(name)
            contest.submit(name)
    client.force_login(cast["organiser"])
    address, words = "/en/c/klash-test/challenges/kyyti/opening/", f"There are fewer than {few} proposals."
    with clock.at(contest.after):
        opening = services.request_opening(actor=cast["registrar"], challenge=contest.challenge)
        assert words not in client.get(address).content.decode()
        services.confirm_opening(actor=cast["organiser"], opening=opening)
        assert (words in client.get(address).content.decode()) is warns
