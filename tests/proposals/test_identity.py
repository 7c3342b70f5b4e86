"""The identity check: what it finds where, what the team does with it, and what it leaves alone."""

import pytest
from django.urls import reverse

from klash.algo.leaks import OwnNames
from klash.core import clock
from klash.core.errors import Denied, Refused
from klash.core.models import AuditEvent
from klash.proposals import services
from klash.proposals.bridge import Unread, own_names, suspicions, unread
from klash.proposals.models import Proposal
from klash.rules.reasons import Reason
from klash.teams.models import TeamFirm
from tests.algo.leaks import material
from tests.algo.leaks.material import plain, saved
from tests.proposals.pdf import pdf_bytes, upload

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def written(contest):
    """Kaarna's proposal, led by Matti Virtanen of kyytiset.fi, with the firm Kyytiset Oy behind it."""
    leader = contest.people["Kaarna"]
    leader.name, leader.email = "Matti Virtanen", "matti@kyytiset.fi"
    leader.save()
    TeamFirm.objects.create(team=contest.teams["Kaarna"], name="Kyytiset Oy", added_at=contest.before)
    with clock.at(contest.before):
        contest.write(
            title="Kyytipooli", solution="Matti Virtasen palvelu toimii Janakkalassa. Soita 040 123 4567.", impact="Palvelun tekee Kyytiset Oy.",
            novelty="Uutta on tilaus, sanoi Matti Virtanen.", spreading="Muut saavat ohjeet.",
        )
    return Proposal.objects.select_related("team__challenge__competition").get()


def found(proposal):
    return [(row.part, row.words, row.kind, row.layer) for row in suspicions(proposal) if row.part]


def page(name, contest):
    return reverse(f"proposals:{name}", args=["klash-test", contest.teams["Kaarna"].code])


def test_own_names_are_those_of_the_team_and_not_of_its_mentors(contest, written):
    assert own_names(contest.teams["Kaarna"]) == OwnNames(
        people=("Matti Virtanen", contest.cast["member"].name), organisations=("Kaarna", "Kyytiset Oy"), domains=("kyytiset.fi",)
    )


def test_each_place_is_named_with_its_surroundings(contest, written):
    rows = [row for row in suspicions(written) if row.words != "Kaarna"]
    assert [(row.part, row.words, row.kind) for row in rows[:4]] == [
        ("solution", "Matti Virtasen", "person"), ("solution", "040 123 4567", "phone"), ("impact", "Kyytiset Oy", "organisation"),
        ("novelty", "Matti Virtanen", "person"),
    ]
    assert (rows[0].before, rows[0].after, rows[0].suggestion) == ("", " palvelu toimii Janakkalassa. Soita 040 123 4567.", "[jäsen 1]")
    assert not any("Janakkala" in row.words for row in rows)


def test_files_are_searched_page_by_page_and_by_name(contest, written):
    with clock.at(contest.before):
        content = saved(plain(content=b"BT /F1 14 Tf 40 700 Td (Ehdotuksen teki Matti Virtanen) Tj ET"))
        services.attach_file(actor=contest.people["Kaarna"], proposal=written, uploaded=upload("Kyytiset.pdf", content))
    rows = [row for row in suspicions(Proposal.objects.get()) if row.file]
    assert [(row.page, row.words) for row in rows] == [(1, "Matti Virtanen"), (0, "Kyytiset")] and rows[0].before.endswith("teki ")


def test_one_place_or_all_of_the_same_name_get_the_neutral_word(contest, written):
    leader = contest.people["Kaarna"]
    with clock.at(contest.before):
        services.replace_name(actor=leader, proposal=written, place="solution:0", everywhere=False, revision=1)
        assert Proposal.objects.get().text("solution").startswith("[jäsen 1] palvelu") and "Matti Virtanen" in Proposal.objects.get().text("novelty")
        with pytest.raises(Refused) as stale:
            services.replace_name(actor=leader, proposal=written, place="impact:15", everywhere=False, revision=1)
        assert stale.value.reason == Reason.TEXT_CHANGED
        services.save_proposal(actor=leader, proposal=written, texts={"solution": "Matti Virtasen palvelu."}, revision=2)
        services.replace_name(actor=leader, proposal=written, place="solution:0", everywhere=True, revision=3)
    proposal = Proposal.objects.get()
    assert (proposal.text("solution"), proposal.text("novelty"), proposal.revision) == ("[jäsen 1] palvelu.", "Uutta on tilaus, sanoi [jäsen 1].", 4)
    assert proposal.text("impact") == "Palvelun tekee Kyytiset Oy."


def test_what_finds_no_room_is_not_replaced(contest, written):
    leader = contest.people["Kaarna"]
    with clock.at(contest.before):
        services.save_proposal(actor=leader, proposal=written, texts={"title": "Oy Kyytiset " + "a" * 138}, revision=1)
        row = next(row for row in suspicions(Proposal.objects.get()) if row.part == "title")
        with pytest.raises(Refused) as refused:
            services.replace_name(actor=leader, proposal=written, place=f"title:{row.start}", everywhere=False, revision=2)
    assert refused.value.reason == Reason.TEXT_TOO_LONG and Proposal.objects.get().revision == 2


def test_only_a_member_may_and_only_in_time(contest, written):
    for actor, at, reason in [(contest.cast["organiser"], contest.before, Reason.NOT_YOURS), (contest.people["Kaarna"], contest.after, Reason.DEADLINE_PASSED)]:
        with clock.at(at):
            for call in (
                lambda actor=actor: services.replace_name(actor=actor, proposal=written, place="solution:0", everywhere=True, revision=1),
                lambda actor=actor: services.settle_finding(actor=actor, proposal=written, mark="a" * 64, is_settled=True),
            ):
                with pytest.raises(Denied) as denied:
                    call()
                assert denied.value.reason == reason


def test_the_page_asks_replaces_and_remembers(client, contest, written):
    client.force_login(contest.people["Kaarna"])
    with clock.at(contest.before):
        shown = client.get(page("identity", contest)).content.decode()
        assert "<mark>Matti Virtasen</mark>" in shown and "Tiimin jäsenen nimi tai osa siitä" in shown and "lähes varma" in shown and "Ratkaisu" in shown
        phone = next(row for row in suspicions(written) if row.kind == "phone")
        assert client.post(page("settle_finding", contest), {"mark": phone.mark}).status_code == 302
        assert phone.mark in Proposal.objects.get().settled and "1 kohta, josta ei tiimin mukaan ole haittaa" in client.get(page("identity", contest)).content.decode()
        client.post(page("settle_finding", contest), {"mark": phone.mark, "again": "1"})
        assert Proposal.objects.get().settled == [] and AuditEvent.objects.filter(what="proposal.finding_settled").count() == 2
        assert client.post(page("replace_name", contest), {"place": "solution:0", "revision": "1", "everywhere": "1"}).status_code == 302
        clash = client.post(page("replace_name", contest), {"place": "impact:15", "revision": "1"})
        assert clash.status_code == 409 and 'role="alert"' in clash.content.decode()
        assert client.post(page("replace_name", contest), {"place": "elsewhere:0", "revision": "1"}).status_code == 409
    assert "[jäsen 1]" in Proposal.objects.get().text("novelty")


def test_what_the_machine_cannot_read_is_named(client, contest, written):
    client.force_login(contest.people["Kaarna"])
    with clock.at(contest.before):
        assert "Mitä ohjelma ei lue" not in client.get(page("identity", contest)).content.decode()
        sent = {
            "kuva.jpg": material.PICTURE_PLACES["exif and gps of a jpeg"]()[1], "skannattu.pdf": pdf_bytes(pages=2),
            "teksti.pdf": saved(plain(content=b"BT /F1 9 Tf 40 640 Td (Kyyti) Tj ET")),
        }
        for name, content in sent.items():
            services.attach_file(actor=contest.people["Kaarna"], proposal=written, uploaded=upload(name, content))
        shown = client.get(page("identity", contest)).content.decode()
    assert unread(written) == [Unread("kuva.jpg", ()), Unread("skannattu.pdf", (1, 2))]
    assert all(words in shown for words in ("Mitä ohjelma ei lue", "kuva.jpg: kuva", "skannattu.pdf, sivut 1, 2: tekstiä ei voitu lukea")) and "teksti.pdf, sivu" not in shown


@pytest.mark.parametrize("language", ["/sv", "/en"])
def test_the_page_speaks_other_languages(client, contest, written, language):
    client.force_login(contest.people["Kaarna"])
    with clock.at(contest.before):
        shown = client.get(language + page("identity", contest)).content.decode()
    assert {"/sv": "Kontroll av anonymiteten", "/en": "Identity check"}[language] in shown and "nimi" not in shown.split("<main")[1].split("[jäsen")[0]
