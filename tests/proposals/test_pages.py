import hashlib
import json
from datetime import timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from klash.core import clock, keys
from klash.files import services as files
from klash.portal import verifier
from klash.proposals import services
from klash.proposals.models import Opening, Proposal, SealedPart, Version
from klash.proposals.templatetags.exact import exact
from klash.reviewing.models import Entry
from tests.algo.leaks import material
from tests.algo.leaks.material import is_marked, marked_pdf, plain, saved
from tests.proposals.conftest import TEXTS
from tests.proposals.pdf import pdf_bytes, upload

pytestmark = pytest.mark.django_db(databases="__all__")
MS = timedelta(milliseconds=1)


def page(name, contest, *more, team="Kaarna", language="fi"):
    with translation.override(language):
        if name in ("opening", "request_opening", "confirm_opening", "open", "invite_juror"):
            return reverse(f"proposals:{name}", args=["klash-test", contest.challenge.code])
        return reverse(f"proposals:{name}", args=["klash-test", contest.teams[team].code, *more])


@pytest.fixture
def leader(client, contest):
    client.force_login(contest.people["Kaarna"])
    return client


def text_of(answer):
    return answer.content.decode()


def form(contest, revision, **texts):
    return {"title": "Kyytipooli", **TEXTS, "revision": revision, **texts}


# ------------------------------------------------------------------ the team's pages

def test_a_team_writes_checks_submits_and_gets_its_receipt(leader, contest):
    with clock.at(contest.before):
        assert "Aloita ehdotus" in text_of(leader.get(page("edit", contest)))
        assert leader.post(page("start", contest)).status_code == 302
        assert "Mitään ei ole vielä kirjoitettu." in text_of(leader.get(page("edit", contest)))
        assert leader.post(page("edit", contest), form(contest, 0, summary="1")).url == page("summary", contest)
        summary = text_of(leader.get(page("summary", contest)))
        assert "Ehdotusta ei ole vielä jätetty." in summary and "Kyyti tilataan." in summary
        key = summary.split('name="key" value="')[1][:32]
        answer = leader.post(page("summary", contest), {"key": key, "confirmed": "on"})
        assert leader.post(page("summary", contest), {"key": key, "confirmed": "on"}).url == answer.url
        receipt = text_of(leader.get(answer.url))
    version = Version.objects.get()
    assert version.receipt in receipt and "klo" in receipt and all(row["sha256"] in receipt for row in version.manifest["parts"])
    assert "Tämä versio on voimassa." in receipt


@pytest.mark.parametrize(("language", "words"), [("fi", "Ratkaisuehdotus"), ("sv", "Lösningsförslag"), ("en", "Solution proposal")])
def test_the_pages_speak_three_languages(leader, contest, language, words):
    with clock.at(contest.before):
        contest.write()
        version = contest.submit()
        for name, more in [("edit", ()), ("summary", ()), ("blind", ()), ("withdraw", ()), ("receipt", (version.receipt,))]:
            answer = leader.get(page(name, contest, *more, language=language))
            assert answer.status_code == 200 and words in text_of(answer), name


def test_autosave_says_where_one_stands(leader, contest):
    with clock.at(contest.before):
        contest.write()
        answer = leader.post(page("save", contest), form(contest, 1, solution="Uusi teksti"))
    assert "Luonnos tallennettu 12.59. Ehdotusta ei ole vielä jätetty." in text_of(answer)
    assert 'value="2"' in text_of(answer) and Proposal.objects.get().text("solution") == "Uusi teksti"


def test_a_clash_shows_both_versions_and_loses_nothing(leader, contest, client):
    with clock.at(contest.before):
        proposal = contest.write()
        services.save_proposal(actor=contest.cast["member"], proposal=proposal, texts={**TEXTS, "title": "Toisen otsikko"}, revision=1)
        fragment = text_of(leader.post(page("save", contest), form(contest, 1, title="Oma otsikko")))
        assert "Näytä molemmat versiot" in fragment and 'name="revision"' not in fragment
        answer = leader.post(page("edit", contest), form(contest, 1, title="Oma otsikko"))
        assert answer.status_code == 409
        assert "Toisen otsikko" in text_of(answer) and 'value="Oma otsikko"' in text_of(answer) and 'value="2"' in text_of(answer)
        assert Proposal.objects.get().title == "Toisen otsikko"
        leader.post(page("edit", contest), form(contest, 2, title="Yhdistetty"))
    assert Proposal.objects.get().title == "Yhdistetty"


def test_a_form_that_fails_keeps_what_was_typed(leader, contest):
    with clock.at(contest.before):
        contest.write()
        answer = leader.post(page("edit", contest), form(contest, 1, title="x" * 200, solution="Säilyy"))
        assert answer.status_code == 422 and "Säilyy" in text_of(answer)
        answer = leader.post(page("edit", contest), {"title": "ilman revisiota"})
        assert answer.status_code == 409
    with clock.at(contest.after):
        answer = leader.post(page("edit", contest), form(contest, 1, solution="Myöhässä kirjoitettu"))
        assert "Myöhässä kirjoitettu" in text_of(answer) and "Määräaika on päättynyt" in text_of(answer)


def test_missing_sections_are_named_in_the_summary(leader, contest):
    with clock.at(contest.before):
        contest.write(impact="")
        answer = text_of(leader.get(page("summary", contest)))
        assert 'href="#part_impact"' in answer and "Jätä ehdotus" not in answer
        assert leader.post(page("summary", contest), {"key": "0" * 32, "confirmed": "on"}).status_code == 422
        assert leader.post(page("summary", contest), {"key": "arvattu", "confirmed": "on"}).status_code == 422
    assert not Version.objects.exists()


def test_files_are_attached_served_and_removed(leader, contest):
    with clock.at(contest.before):
        contest.write()
        assert leader.post(page("attach", contest), {"file": upload("Suunnitelma åäö.pdf")}).status_code == 302
        file = Proposal.objects.get().files.get()
        answer = leader.get(page("file", contest, file.key))
        assert answer.content == pdf_bytes()
        assert answer["X-Content-Type-Options"] == "nosniff" and answer["Content-Disposition"].startswith("attachment;")
        assert answer["Cache-Control"] == "private, no-store"
        picture = leader.get(page("file_picture", contest, file.key))
        assert picture.content.startswith(b"\x89PNG") and picture["Cache-Control"] == "private, no-store"
        assert leader.post(page("attach", contest), {}).status_code == 422
        assert leader.get(page("file", contest, "0" * 32)).status_code == 404
        assert leader.post(page("detach", contest, file.key)).status_code == 302
        assert not Proposal.objects.get().files.exists()
        assert leader.get(page("file", contest, file.key)).status_code == 404


def test_each_of_several_files_is_kept_by_itself_and_says_what_became_of_it(leader, contest):
    hidden = saved(plain(content=b"BT /F1 9 Tf 1 g 40 640 Td (Virtanen Oy) Tj ET"))
    with clock.at(contest.before):
        contest.write()
        sent = [upload("kuva.png", b"GIF89a"), upload("hyva.pdf", marked_pdf("info")), upload("piilo.pdf", hidden)]
        assert leader.post(page("attach", contest), {"file": sent}).status_code == 302
        shown = text_of(leader.get(page("edit", contest)))
        assert "Hylätty" in shown and "Tämäntyyppistä tiedostoa ei voi liittää." in shown
        assert "asiakirjan tekijä, otsikko ja muut ominaisuudet" in shown and "Sivu 1: ”Virtanen Oy”" in shown and "Ihminen tarkistaa" in shown
        files = {row.name: row for row in Proposal.objects.get().files.all()}
        bad = files["kuva.png"]
        assert leader.get(page("file", contest, bad.key)).status_code == leader.get(page("file_picture", contest, bad.key)).status_code == 404
        assert [file.name for file in Proposal.objects.get().held()] == ["hyva.pdf", "piilo.pdf"]
        assert leader.post(page("detach", contest, bad.key)).status_code == 302
        assert "kuva.png" not in text_of(leader.get(page("edit", contest)))


def test_the_team_sees_its_blind_copy_and_says_that_it_has(leader, contest, cast):
    with clock.at(contest.before):
        proposal = contest.write(solution="Lue [lisää](https://kaarna.example/).")
        services.attach_file(actor=contest.people["Kaarna"], proposal=proposal, uploaded=upload("Kaarnan suunnitelma.pdf", marked_pdf("info")))
        seen = text_of(leader.get(page("blind", contest))).split("<article")[1].split("</article>")[0]
        assert "1.pdf" in seen and "Kaarnan" not in seen and "href=\"https://kaarna" not in seen and "Kyytipooli Kaarna" in seen and 'lang="fi"' in seen
        made = leader.get(page("blind_file", contest, 1))
        assert made.content.startswith(b"%PDF-") and not is_marked(made.content) and '"1.pdf"' in made["Content-Disposition"]
        assert leader.get(page("blind_file", contest, 2)).status_code == 404
        unseen = leader.post(page("summary", contest), {"key": "c" * 32})
        assert unseen.status_code == 422 and "rastita, että sisältö on säilynyt" in text_of(unseen) and not Version.objects.exists()
        assert leader.post(page("summary", contest), {"key": "c" * 32, "confirmed": "on"}).status_code == 302
        contest.prepare()
        standing = text_of(leader.get(page("edit", contest)))
    assert Version.objects.get().manifest["confirmed_blind"] is True and "Tämä versio on voimassa" not in standing and "muutoksia ei ole jätetty" not in standing.lower()
    with clock.at(contest.after):
        services.open_proposals(actor=cast["organiser"], opening=contest.confirm())
    entry = Entry.objects.using("reviewing").get()
    assert entry.files.get().name == f"{entry.code}-1.pdf" and bytes(entry.files.get().content) == made.content


def test_what_is_open_is_told_and_keeps_nobody_from_submitting(leader, contest):
    hidden = saved(plain(content=b"BT /F1 9 Tf 1 g 40 640 Td (Virtanen Oy) Tj ET"))
    with clock.at(contest.before):
        proposal = contest.write(impact="Soita 040 123 4567.")
        services.attach_file(actor=contest.people["Kaarna"], proposal=proposal, uploaded=upload("piilo.pdf", hidden))
        shown = text_of(leader.get(page("summary", contest)))
        assert "Tarkista nimettömyys" in shown and "Ihminen tarkistaa tiedoston piilo.pdf" in shown
        assert leader.post(page("summary", contest), {"key": "d" * 32, "confirmed": "on"}).status_code == 302


def test_a_file_that_was_submitted_and_taken_off_lies_sealed(leader, contest):
    with clock.at(contest.before):
        proposal = contest.write()
        file = services.attach_file(actor=contest.people["Kaarna"], proposal=proposal, uploaded=upload())
        contest.submit()
        services.detach_file(actor=contest.people["Kaarna"], proposal=proposal, file=file)
        assert leader.get(page("file", contest, file.key)).status_code == 404 and SealedPart.objects.filter(part="file/1").count() == 2


@pytest.mark.parametrize(("shift", "words"), [(-MS, "Tämä versio on voimassa."), (0 * MS, "Tämä versio on voimassa."), (MS, "Ehdotus saapui myöhässä")])
def test_the_page_answers_to_the_millisecond(leader, contest, shift, words):
    with clock.at(contest.before):
        contest.write()
    with clock.at(contest.deadline + shift):
        answer = leader.post(page("summary", contest), {"key": "a" * 32, "confirmed": "on"})
        assert words in text_of(leader.get(answer.url))


def test_late_is_answered_as_late_and_the_standing_one_stays(leader, contest):
    with clock.at(contest.before):
        contest.write()
        first = contest.submit()
    with clock.at(contest.after):
        closed = text_of(leader.get(page("edit", contest)))
        assert "<textarea" not in closed and "Jätä myöhässä" in closed and "on voimassa" in closed
        answer = text_of(leader.get(leader.post(page("summary", contest), {"key": "b" * 32, "confirmed": "on"}).url))
    assert "Ehdotus saapui myöhässä" in answer and first.receipt in answer


def test_the_receipt_as_json(leader, contest):
    with clock.at(contest.before):
        contest.write()
        version = contest.submit()
    answer = leader.get(page("receipt_json", contest, version.receipt))
    told = json.loads(answer.content)
    signed = {name: value for name, value in told.items() if name != "signature"}
    assert verifier.is_signed(told["key"], verifier.canonical(signed).encode(), told["signature"]) and told["key"] == keys.public(keys.RECEIPTS)
    assert signed == {
        "format": "klash-receipt/1", "receipt": version.receipt, "competition": "klash-test", "challenge": "kyyti", "is_late": False,
        "stands": version.receipt, "received_at": version.received_at.isoformat(timespec="milliseconds"),
        "deadline_at": contest.deadline.isoformat(timespec="milliseconds"), "manifest": version.manifest, "commitment": version.commitment,
        "team_nonce": told["team_nonce"], "server_nonce": told["server_nonce"], "checkpoints": [], "key": told["key"],
    }
    manifest = hashlib.sha256(verifier.canonical(told["manifest"]).encode()).hexdigest()
    assert verifier.sha256("klash/1/sub", "klash-test", told["team_nonce"], told["server_nonce"], manifest) == version.commitment


def test_a_receipt_shows_the_first_pages_of_what_was_received(leader, contest):
    """Also once the file was replaced in the working copy; each receipt shows those of its own version."""
    sent = {"first": material.PICTURE_PLACES["exif and gps of a jpeg"]()[1], "second": material.marked_pdf("info")}
    with clock.at(contest.before):
        proposal, person = contest.write(), contest.people["Kaarna"]
        made, receipts = {}, {}
        for name, ending in (("first", "jpg"), ("second", "pdf")):
            file = services.attach_file(actor=person, proposal=proposal, uploaded=upload(f"{name}.{ending}", sent[name]))
            made[name], receipts[name] = files.read_picture(file), contest.submit().receipt
            services.detach_file(actor=person, proposal=proposal, file=file)
        shown = {name: text_of(leader.get(page("receipt", contest, receipt))) for name, receipt in receipts.items()}
        pictures = {name: leader.get(page("receipt_picture", contest, receipt, 1)) for name, receipt in receipts.items()}
        assert leader.get(page("receipt_picture", contest, receipts["first"], 2)).status_code == 404
        bare = contest.submit()
    assert {name: answer.content for name, answer in pictures.items()} == made and made["first"] != made["second"]
    assert all(answer["Cache-Control"] == "private, no-store" and answer["Content-Type"] == "image/png" for answer in pictures.values())
    for name, text in shown.items():
        assert f'src="{page("receipt_picture", contest, receipts[name], 1)}"' in text and fingerprint_of(sent[name]) in text
    assert "<img" not in text_of(leader.get(page("receipt", contest, bare.receipt)))
    assert "picture" not in leader.get(page("receipt_json", contest, receipts["first"])).content.decode()


def fingerprint_of(content):
    return hashlib.sha256(content).hexdigest()


def test_withdrawing_has_a_page_of_its_own(leader, contest):
    with clock.at(contest.before):
        contest.write()
        assert leader.get(page("withdraw", contest)).status_code == 404
        contest.submit()
        assert "Peru ehdotuksen jättäminen" in text_of(leader.get(page("withdraw", contest)))
        leader.post(page("withdraw", contest))
        assert "on peruttu" in text_of(leader.get(page("edit", contest)))


def test_teams_that_may_not_write_are_told_so(client, contest):
    client.force_login(contest.people["Notko"])
    with clock.at(contest.before):
        answer = client.get(page("edit", contest, team="Notko"))
        assert "Aloita ehdotus" not in text_of(answer) and "Vain suunnittelukilpailuun hyväksytyt" in text_of(answer)
        assert client.post(page("start", contest, team="Notko")).status_code == 409
    client.force_login(contest.people["Luoto"])
    with clock.at(contest.world.stages["mentoring"].opens_at):
        assert "Aloita ehdotus" not in text_of(client.get(page("edit", contest, team="Luoto")))
    with clock.at(contest.after):
        assert "Yhtään ehdotusta ei saapunut ajoissa." in text_of(client.get(page("edit", contest, team="Luoto")))


@pytest.mark.parametrize("name", ["organiser", "registrar", "officer", "pilot_officer", "panellist", "mentor", "juror", "chair", "outsider", "member_2"])
def test_nobody_but_the_team_reads_a_proposal(client, contest, cast, name):
    with clock.at(contest.before):
        proposal = contest.write(solution="SALAISUUS")
        file = services.attach_file(actor=contest.people["Kaarna"], proposal=proposal, uploaded=upload())
        version = contest.submit()
        client.force_login(cast[name])
        for url in ("edit", "summary", "withdraw"):
            assert client.get(page(url, contest)).status_code == 404
        for url, more in [("file", file.key), ("receipt", version.receipt), ("receipt_json", version.receipt)]:
            assert client.get(page(url, contest, more)).status_code == 404
        for url in ("start", "save", "attach"):
            assert client.post(page(url, contest), form(contest, 1)).status_code == 404
        answer = client.get(page("opening", contest))
        assert "SALAISUUS" not in text_of(answer) and version.receipt not in text_of(answer)


def test_strangers_are_sent_to_sign_in(client, contest):
    for name in ("edit", "opening"):
        assert client.get(page(name, contest)).status_code == 302


def test_the_edit_page_asks_the_database_no_more_with_more_versions(leader, contest):
    counts = []
    with clock.at(contest.before):
        proposal = contest.write()
        for versions in (1, 30):
            while Version.objects.count() < versions:
                contest.submit()
            if versions == 30:
                for number in range(8):
                    services.attach_file(actor=contest.people["Kaarna"], proposal=proposal, uploaded=upload(width=100 + number))
            with CaptureQueriesContext(connections["default"]) as queries:
                assert leader.get(page("edit", contest)).status_code == 200
            counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


# ------------------------------------------------------------------ the organiser's page

def test_two_persons_open_through_the_page(client, contest, cast):
    with clock.at(contest.before):
        for name in ("Kaarna", "Luoto"):
            contest.write(name)
            contest.submit(name)
        contest.prepare()
        client.force_login(cast["organiser"])
        answer = text_of(client.get(page("opening", contest)))
        assert "Pyydä avaamista" not in answer and "edes ehdotusten määrää" in answer and "Kaarna" not in answer
        assert client.post(page("request_opening", contest)).status_code == 403
        assert client.post(page("confirm_opening", contest)).status_code == 404
    with clock.at(contest.after):
        assert "Pyydä avaamista" in text_of(client.get(page("opening", contest)))
        client.post(page("request_opening", contest))
        assert "Toisen järjestäjän edustajan on vahvistettava" in text_of(client.get(page("opening", contest)))
        assert client.post(page("confirm_opening", contest)).status_code == 403
        client.force_login(cast["registrar"])
        assert "Vahvista avaaminen" in text_of(client.get(page("opening", contest)))
        client.post(page("confirm_opening", contest))
        assert "Avaa ehdotukset" in text_of(client.get(page("opening", contest)))
        client.post(page("open", contest))
        assert "2 kappaletta tarkastamatta" in text_of(client.get(page("opening", contest)))
        contest.release()
        answer = text_of(client.get(page("opening", contest)))
    assert Opening.objects.get().state == "opened" and "2 ehdotusta avattiin tuomaristolle." in answer
    assert not any(entry.code in answer for entry in Entry.objects.using("reviewing").all()) and "Kaarna" not in answer


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_opening_page_in_each_state_and_language(client, contest, cast, language):
    client.force_login(cast["organiser"])
    with clock.at(contest.before):
        assert client.get(page("opening", contest, language=language)).status_code == 200
        contest.write()
        contest.submit()
        contest.prepare()
    with clock.at(contest.after):
        opening = contest.confirm()
        services.open_proposals(actor=cast["organiser"], opening=opening)
        contest.release()
        with CaptureQueriesContext(connections["default"]) as here, CaptureQueriesContext(connections["reviewing"]) as there:
            assert client.get(page("opening", contest, language=language)).status_code == 200
    assert len(here) + len(there) <= 13, "\n".join(row["sql"][:60] + " ... " + row["sql"][-110:] for row in [*here, *there])


def test_an_opening_that_stopped_goes_on_from_the_page(client, contest, cast, monkeypatch):
    with clock.at(contest.before):
        contest.write()
        contest.submit()
        contest.prepare()
    client.force_login(cast["organiser"])
    with clock.at(contest.after):
        opening = contest.confirm()
        with monkeypatch.context() as patch:
            patch.setattr("klash.proposals.services.opening._mark_opened", lambda *arguments: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                services.open_proposals(actor=cast["organiser"], opening=opening)
        assert Opening.objects.get().state == "fixed"
        assert "Avaa ehdotukset" in text_of(client.get(page("opening", contest)))
        client.post(page("open", contest))
        assert "Siirry tarkastukseen" in text_of(client.get(page("opening", contest)))


def test_a_juror_is_invited_from_the_page(client, contest, cast):
    contest.prepare(jurors=())
    client.force_login(cast["organiser"])
    sent = client.post(page("invite_juror", contest), {"name": "Uusi", "email": "uusi@example.org", "language": "sv", "is_chair": "on"})
    assert sent.status_code == 302 and "uusi@example.org" in text_of(client.get(page("opening", contest)))
    bad = client.post(page("invite_juror", contest), {"name": "Mentori", "email": "mentor@example.org", "language": "fi"})
    assert bad.status_code == 422 and "Mentori" in text_of(bad)
    client.force_login(cast["registrar"])
    assert client.post(page("invite_juror", contest), {"name": "x", "email": "x@example.org", "language": "fi"}).status_code == 404


@pytest.mark.parametrize("name", ["leader", "juror", "chair", "mentor", "panellist", "officer", "outsider"])
def test_the_opening_belongs_to_the_staff(client, contest, cast, name):
    client.force_login(cast[name])
    with clock.at(contest.after):
        assert client.get(page("opening", contest)).status_code == 404
        for action in ("request_opening", "confirm_opening", "open", "invite_juror"):
            assert client.post(page(action, contest)).status_code == 404


def test_an_instant_is_written_to_the_millisecond(contest):
    from datetime import UTC, datetime

    value = datetime(2020, 1, 23, 13, 59, 59, 123999, tzinfo=UTC)
    with translation.override("fi"):
        assert exact(value) == "23.1.2020 klo 15.59.59,123 (Suomen aika, UTC+2)"
    with translation.override("sv"):
        assert exact(value) == "23.1.2020 kl. 15.59.59,123 (finsk tid, UTC+2)"
    with translation.override("en"):
        assert exact(value).endswith("at 15:59:59.123 (Finnish time, UTC+2)")
    assert exact(None) == ""
