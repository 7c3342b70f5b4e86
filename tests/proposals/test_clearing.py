"""The registrar clears each blind copy by its code name before the jury reads any; then all are released together (S51, S52)."""

import json
import re
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from klash.algo import leaks
from klash.awards import services as awards
from klash.competitions.models import StageKind
from klash.core import audit, clock
from klash.core.errors import Denied, IllegalMove, Refused
from klash.core.models import AuditEvent
from klash.portal import verifier
from klash.portal.selectors import record
from klash.post.models import Message
from klash.proposals import selectors, services
from klash.proposals.models import CopyNote, Proposal, ProposalFile
from klash.proposals.services import attaching
from klash.reviewing import selectors as reading
from klash.reviewing import services as reviewing
from klash.reviewing.models import Entry, Exclusion, Review
from klash.reviewing.services import clearing
from klash.rules.reasons import Reason
from tests.algo.leaks.material import plain, saved
from tests.clearing import clear_all
from tests.conftest import START
from tests.proposals.pdf import upload
from tests.proposals.test_writing import refused

pytestmark = pytest.mark.django_db(databases="__all__")
ADDRESS = "Kirjoita osoitteeseen virtanen@example.org."
MARKED = re.compile(r"<mark>.*?</mark>")  # stands in the copy itself, whose title names its team in these tests


@pytest.fixture(autouse=True)
def from_the_start():
    """Let the people get their roles before the competition's own time, as its checkpoints want it."""
    with clock.at(START):
        yield


@pytest.fixture
def written(contest, cast):
    """Kaarna's text and file tell an address; the copies are written, and nobody has cleared one."""
    stage = contest.world.stages[StageKind.PROPOSALS]
    with clock.at(stage.opens_at):
        body = {"opens_at": stage.opens_at, "closes_at": stage.closes_at}
        audit.record("stage.added", actor=audit.System(), competition="klash-test", thing=f"stage/{stage.code}", body=body)
    with clock.at(contest.before):
        proposal = contest.write("Kaarna", impact=ADDRESS)
        content = saved(plain(content=b"BT /F1 12 Tf 40 640 Td (Soita 040 123 4567 heti) Tj ET"))
        services.attach_file(actor=contest.people["Kaarna"], proposal=proposal, uploaded=upload("liite.pdf", content))
        contest.submit("Kaarna")
        for name in ("Luoto", "Myrsky"):
            contest.write(name)
            contest.submit(name)
        contest.prepare()
    with clock.at(contest.after):
        services.open_proposals(actor=cast["organiser"], opening=contest.confirm())
    return contest


def round_of(contest):
    return selectors.round_of(contest.challenge)


def copy(contest, name="Kaarna"):
    return reading.copy_of(round_of(contest), Entry.objects.using("reviewing").get(title=f"Kyytipooli {name}").code)


def seen(entry):
    return reading.content_hash(entry)


def leave_out(contest, words="virtanen@example.org", who="registrar", entry=None):
    entry = entry or copy(contest)
    return reviewing.leave_out_words(actor=contest.cast[who], entry=entry, words=words, reason="Osoite.", seen=seen(entry))


def exclude(contest, name="Luoto", reason="Kertoo kenen se on."):
    return reviewing.propose_exclusion(actor=contest.cast["registrar"], entry=copy(contest, name), kind="identity", reason=reason)


def confirmed(contest, name="Luoto"):
    return reviewing.confirm_exclusion(actor=contest.cast["organiser"], exclusion=exclude(contest, name))


def text(entry):
    return "\n".join([entry.title, *(section["text"] for section in entry.sections)])


def faults():
    """Return what does not follow from the log of copies, reviews and the opening; the contest's own rows were made without one."""
    rows = [fault for fault in audit.recheck() if fault.startswith(("entry", "blind copy", "opening", "exclusion", "review", "receipt", "seat"))]
    return [fault for using in ("default", "reviewing") for verdict in audit.verify(using) for fault in verdict.faults] + rows + reading.verify_results()


# ------------------------------------------------------------------ nobody reads before all are cleared

def test_the_jury_gets_all_copies_together_once_each_is_cleared(written, cast):
    opening = selectors.opening_of(written.challenge)
    with clock.at(written.after):
        refused(Refused, Reason.NOT_CLEARED, services.release_copies, actor=cast["registrar"], opening=opening)
        refused(Refused, Reason.NOT_CLEARED, reviewing.open_round, actor=cast["organiser"], round=round_of(written))
        for name in ("Kaarna", "Luoto"):
            reviewing.clear_copy(actor=cast["registrar"], entry=copy(written, name), seen=seen(copy(written, name)))
        confirmed(written, "Myrsky")
        refused(Denied, Reason.NO_ROLE, services.release_copies, actor=cast["organiser"], opening=opening)
        assert not Message.objects.filter(event__startswith="round.opened/").exists() and not Review.objects.using("reviewing").exists()
        services.release_copies(actor=cast["registrar"], opening=opening)
        services.release_copies(actor=cast["registrar"], opening=opening)
    assert round_of(written).state == "open" and round_of(written).entry_count == 2
    mails = Message.objects.filter(event__startswith="round.opened/")
    assert sorted(mails.values_list("to", flat=True)) == ["chair@example.org", "juror@example.org"] and len(set(mails.values_list("queued_at", flat=True))) == 1
    assert Review.objects.using("reviewing").count() == 4 and faults() == []


def test_seeded_fault_without_the_look_at_what_is_cleared_the_jury_reads_an_uncleared_copy(written, cast, monkeypatch):
    monkeypatch.setattr(reading, "uncleared", lambda round_: 0)
    with clock.at(written.after):
        services.release_copies(actor=cast["registrar"], opening=selectors.opening_of(written.challenge))
    assert round_of(written).state == "open" and Entry.objects.using("reviewing").filter(cleared_hash="").count() == 3


def test_a_release_that_stopped_goes_on_and_doubles_nothing(written, cast, monkeypatch):
    opening = selectors.opening_of(written.challenge)
    with clock.at(written.after):
        clear_all(round_of(written), cast["registrar"])
        with monkeypatch.context() as patch:
            patch.setattr("klash.proposals.services.letters.tell_jurors", lambda round_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                services.release_copies(actor=cast["registrar"], opening=opening)
        assert round_of(written).state == "open"
        services.release_copies(actor=cast["registrar"], opening=opening)
    assert Message.objects.filter(event__startswith="round.opened/").count() == 2


def test_a_round_of_excluded_copies_alone_is_not_released(written, cast):
    with clock.at(written.after):
        for name in ("Kaarna", "Luoto", "Myrsky"):
            confirmed(written, name)
        refused(Refused, Reason.NOT_COMPLETE, services.release_copies, actor=cast["registrar"], opening=selectors.opening_of(written.challenge))


# ------------------------------------------------------------------ left out

def test_words_left_out_are_gone_from_the_copy_and_stay_in_the_record(written, cast):
    with clock.at(written.after):
        before = copy(written)
        reviewing.clear_copy(actor=cast["registrar"], entry=before, seen=seen(before))
        old = seen(before)
        row = leave_out(written)
    after = copy(written)
    assert "virtanen@example.org" not in text(after) and "[poistettu]" in text(after) and after.cleared_hash == ""
    event = AuditEvent.objects.using("reviewing").get(what="entry.redacted")
    assert event.body == {"part": "text", "page": 0, "reason": "Osoite.", "before": old, "after": seen(after)}
    assert (row.before_hash, row.after_hash) == (old, seen(after)) and ADDRESS in json.dumps(row.before)
    assert reading.as_received(after)["sections"][1]["text"] == ADDRESS and faults() == []
    with clock.at(written.after):
        reviewing.put_back(actor=cast["registrar"], entry=after, seen=seen(after))
    assert seen(copy(written)) == old and faults() == []


def test_what_was_left_out_lies_encrypted(written):
    with clock.at(written.after):
        leave_out(written)
    with connections["reviewing"].cursor() as cursor:
        cursor.execute("SELECT before FROM reviewing_redaction")
        assert b"virtanen" not in bytes(cursor.fetchone()[0])


def test_a_spot_and_a_region_of_a_file_are_black_for_good_and_a_file_can_go(written, cast):
    from klash.reviewing import bridge

    with clock.at(written.after):
        entry, registrar = copy(written), cast["registrar"]
        (spot,) = [one for one in bridge.spots(entry, reading.files_of(entry)) if one.part == "file/1"]
        assert (spot.words, spot.kind, spot.page) == ("040 123 4567", "phone", 1)
        more = {"number": 1, "page": 1, "reason": "Numero."}
        reviewing.leave_out_region(actor=registrar, entry=entry, signs=(spot.start, spot.end), seen=seen(entry), **more)
        (file,) = reading.files_of(copy(written))
        (words,) = leaks.pages(bytes(file.content))
        assert "Soita" in words and "heti" in words and "040" not in words and "4567" not in words
        entry = copy(written)
        reviewing.leave_out_region(actor=registrar, entry=entry, regions=[(0, 0, 1, 1)], seen=seen(entry), **more)
        assert leaks.pages(bytes(reading.files_of(copy(written))[0].content))[0].strip() == "" and faults() == []
        entry = copy(written)
        reviewing.leave_out_file(actor=registrar, entry=entry, number=1, reason="Logo.", seen=seen(entry))
        assert reading.files_of(copy(written)) == [] and faults() == []
        for _ in range(3):
            entry = copy(written)
            reviewing.put_back(actor=registrar, entry=entry, seen=seen(entry))
        assert "040 123 4567" in leaks.pages(bytes(reading.files_of(copy(written))[0].content))[0] and faults() == []
        refused(Refused, Reason.WRONG_STATE, reviewing.put_back, actor=registrar, entry=copy(written), seen=seen(copy(written)))


def test_each_refusal_of_leaving_out(written, cast):
    with clock.at(written.after):
        entry = copy(written)
        for who in ("organiser", "juror", "leader", "outsider"):
            refused(Denied, Reason.NO_ROLE, leave_out, contest=written, who=who)
            refused(Denied, Reason.NO_ROLE, reviewing.clear_copy, actor=cast[who], entry=entry, seen=seen(entry))
        for words in ("ei ole", " ", "e"):
            refused(Refused, Reason.INCOMPLETE, leave_out, contest=written, words=words)
        registrar, now = cast["registrar"], seen(entry)
        refused(Refused, Reason.NO_REASON_GIVEN, lambda: reviewing.leave_out_words(actor=registrar, entry=entry, words="virtanen", reason=" ", seen=now))
        refused(Refused, Reason.PAGE_CHANGED, reviewing.clear_copy, actor=registrar, entry=entry, seen="0" * 64)
        region = partial(reviewing.leave_out_region, actor=registrar, entry=entry, reason="r", seen=now)
        refused(Refused, Reason.INCOMPLETE, region, number=2, page=1, regions=[(0, 0, 1, 1)])
        refused(Refused, Reason.INCOMPLETE, region, number=1, page=9, regions=[(0, 0, 1, 1)])
        refused(Refused, Reason.INCOMPLETE, region, number=1, page=1, regions=[(0.5, 0, 0.2, 1)])
        written.release()
        refused(Denied, Reason.FROZEN, leave_out, contest=written)


def test_seeded_fault_a_copy_changed_behind_the_log_is_found(written):
    Entry.objects.using("reviewing").filter(code=copy(written).code).update(title="Toinen")
    assert any("title, texts or files" in fault for fault in faults())


# ------------------------------------------------------------------ excluded

def told_late(client, written, cast):
    """Exclude a copy that one juror has scored; return what is wrong with what the jury is told."""
    with clock.at(written.after):
        written.release()
    entry = copy(written, "Luoto")
    with clock.at(written.world.middle_of(StageKind.JUDGING)):
        seats = written.seats()
        for seat in seats:
            reviewing.take_seat(actor=seat, terms_hash=seat.round.terms_hash)
        scores = dict.fromkeys(("impact", "innovativeness", "scalability"), 9)
        reviewing.submit_review(actor=seats[0], entry=entry, scores=scores, comment="Hyvä.")
        assert reading.progress(round_of(written)) == (1, 6)
        exclusion = confirmed(written)
        client.force_login(cast["juror"])
        shown = client.get(reverse("reviewing:round", args=[round_of(written).code])).content.decode()
        found = {
            "it counts": reading.progress(round_of(written)) != (0, 4), "it vanished": entry.code not in shown,
            "its kind is not told": exclusion.get_kind_display() not in shown, "more of it is told": "Kertoo kenen se on." in shown or "Kyytipooli Luoto" in shown,
            "it can be read": client.get(reverse("reviewing:entry", args=[round_of(written).code, entry.code])).status_code != 404,
        }
    return {fault for fault, is_so in found.items() if is_so}


def it_vanishes(patch):
    patch.setattr(reading, "excluded", lambda round: [])


def told_in_words(patch):
    patch.setattr(Exclusion, "get_kind_display", lambda row: row.reason)


def it_stays_with_its_readers(patch):
    patch.setattr(clearing, "_take_from", lambda seats, entry: None)


LATE_FAULTS = {it_vanishes: {"it vanished", "its kind is not told"}, told_in_words: {"more of it is told"}, it_stays_with_its_readers: {"it counts", "it can be read", "more of it is told"}}


@pytest.mark.parametrize("fault", LATE_FAULTS, ids=lambda fault: fault.__name__)
def test_seeded_faults_of_late_exclusion(client, written, cast, monkeypatch, fault):
    fault(monkeypatch)
    assert told_late(client, written, cast) == LATE_FAULTS[fault]


def test_late_exclusion_shows_to_the_jury_with_its_public_reason_and_counts_nothing(client, written, cast):
    """S52: a copy that the jury has read does not vanish; the list says that it is excluded and of what kind, never why in words."""
    assert told_late(client, written, cast) == set()
    with clock.at(written.world.middle_of(StageKind.JUDGING)):
        for seat in written.seats():
            for left in round_of(written).entries.using("reviewing").filter(is_excluded=False).order_by("code"):
                reviewing.submit_review(actor=seat, entry=left, scores=dict.fromkeys(("impact", "innovativeness", "scalability"), 5), comment="Hyvä.")
        reviewing.complete_round(actor=cast["organiser"], round=round_of(written))
    assert {row.entry_code for row in reading.ranking(round_of(written))} == {copy(written, name).code for name in ("Kaarna", "Myrsky")}
    assert faults() == []
    with clock.at(written.world.middle_of(StageKind.JUDGING)):
        refused(Denied, Reason.FROZEN, exclude, contest=written, name="Kaarna")


def test_an_exclusion_needs_two_persons_and_a_reason(written, cast):
    with clock.at(written.after):
        refused(Refused, Reason.NO_REASON_GIVEN, lambda: exclude(written, reason=" "))
        for who in ("organiser", "juror", "leader"):
            propose = partial(reviewing.propose_exclusion, actor=cast[who], entry=copy(written, "Luoto"), kind="rules", reason="r")
            refused(Denied, Reason.NO_ROLE, propose)
        exclusion = exclude(written)
        refused(Refused, Reason.ALREADY_REQUESTED, exclude, contest=written)
        refused(Denied, Reason.SAME_PERSON, reviewing.confirm_exclusion, actor=cast["registrar"], exclusion=exclusion)
        refused(Denied, Reason.NO_ROLE, reviewing.confirm_exclusion, actor=cast["juror"], exclusion=exclusion)
        assert not copy(written, "Luoto").is_excluded
        reviewing.take_back_exclusion(actor=cast["registrar"], exclusion=exclusion)
        refused(IllegalMove, Reason.WRONG_STATE, reviewing.confirm_exclusion, actor=cast["organiser"], exclusion=exclusion)
        confirmed(written)
    assert copy(written, "Luoto").is_excluded and faults() == []


def test_seeded_fault_without_the_rule_the_database_still_wants_two_persons(written, cast):
    with clock.at(written.after):
        exclusion = exclude(written)
    with pytest.raises(IntegrityError), transaction.atomic(using="reviewing"):
        Exclusion.objects.using("reviewing").filter(pk=exclusion.pk).update(confirmed_by=cast["registrar"].pseudonym, state="confirmed")


def test_seeded_fault_an_exclusion_behind_the_log_is_found(written):
    Entry.objects.using("reviewing").filter(code=copy(written).code).update(is_excluded=True)
    assert any("whether it is excluded" in fault for fault in faults())


# ------------------------------------------------------------------ the pages

def page(name, contest, *args):
    return f"/en{reverse(f'proposals:{name}', args=['klash-test', 'kyyti', *args]).removeprefix('/en')}"


def test_the_registrar_clears_on_pages_that_ask_for_no_team(client, written, cast):
    client.force_login(cast["registrar"])
    with clock.at(written.after):
        with CaptureQueriesContext(connections["default"]) as asked:
            shown = client.get(page("clearing", written)).content.decode()
            entry = copy(written)
            one = client.get(page("copy", written, entry.code)).content.decode()
        tables = ("teams_team", "teams_application", "proposals_proposal", "proposals_version", "proposals_blindlink", "proposals_sealed")
        assert [row["sql"] for row in asked if any(f'"{table}' in row["sql"] for table in tables)] == []
        assert "3 copies are still to be cleared." in shown and not any(f">{name}<" in shown + MARKED.sub("", one) for name in written.teams)
        assert "An e-mail address" in one and "A telephone number" in one
        assert client.get(page("copy_picture", written, entry.code, 1, 1))["Content-Type"] == "image/png"
        sent = {"seen": seen(entry), "what": "words", "words": "virtanen@example.org", "reason": "An e-mail address"}
        assert client.post(page("leave_out", written, entry.code), {**sent, "reason": ""}).status_code == 422
        assert client.post(page("leave_out", written, entry.code), {**sent, "words": "ei ole"}).status_code == 409
        assert client.post(page("leave_out", written, entry.code), sent).status_code == 302
        assert client.post(page("clear_copy", written, entry.code), {"seen": sent["seen"]}).status_code == 409
        region = {"seen": seen(copy(written)), "what": "region", "number": 1, "page": 1, "left": 0, "right": 50, "top": 0, "bottom": 20, "reason": "Logo"}
        assert client.post(page("leave_out", written, entry.code), region).status_code == 302
        assert client.post(page("put_back", written, entry.code), {"seen": seen(copy(written))}).status_code == 302
        assert client.post(page("clear_copy", written, entry.code), {"seen": seen(copy(written))}).status_code == 302
        other = copy(written, "Luoto").code
        assert client.post(page("exclude_copy", written, other), {"kind": "identity", "reason": ""}).status_code == 422
        assert client.post(page("exclude_copy", written, other), {"kind": "identity", "reason": "Tells it."}).status_code == 302
        exclusion = Exclusion.objects.using("reviewing").get()
        assert client.post(page("confirm_exclusion", written, exclusion.code)).status_code == 403


def test_who_confirms_an_exclusion_sees_its_reason_and_no_code_name(client, written, cast):
    client.force_login(cast["organiser"])
    with clock.at(written.after):
        exclusion = exclude(written)
        shown = client.get(page("clearing", written)).content.decode()
        assert "Kertoo kenen se on." in shown and not any(code in shown for code in reading.codes_of(round_of(written)))
        assert client.get(page("copy", written, exclusion.entry.code)).status_code == 404
        assert client.post(page("take_back_exclusion", written, exclusion.code)).status_code == 404
        assert client.post(page("confirm_exclusion", written, exclusion.code)).status_code == 302
        assert client.post(page("release_copies", written)).status_code == 404
        client.force_login(cast["registrar"])
        for name in ("Kaarna", "Myrsky"):
            entry = copy(written, name)
            client.post(page("clear_copy", written, entry.code), {"seen": seen(entry)})
        assert "Release all copies to the jury" in client.get(page("clearing", written)).content.decode()
        assert client.post(page("release_copies", written)).status_code == 302
    assert round_of(written).state == "open"


@pytest.mark.parametrize("who", ["leader", "juror", "chair", "mentor", "outsider"])
def test_nobody_else_finds_the_pages(client, written, cast, who):
    client.force_login(cast[who])
    with clock.at(written.after):
        assert client.get(page("clearing", written)).status_code == 404
        assert client.get(page("copy", written, copy(written).code)).status_code == 404


# ------------------------------------------------------------------ told afterwards

@pytest.fixture
def published(written, cast, django_capture_on_commit_callbacks):
    """Kaarna's address was left out, Luoto's copy was excluded, Myrsky's is as it was; Kaarna won."""
    with clock.at(written.after):
        leave_out(written)
        confirmed(written)
        written.release()
    with clock.at(written.world.middle_of(StageKind.JUDGING)):
        for seat in written.seats():
            reviewing.take_seat(actor=seat, terms_hash=seat.round.terms_hash)
            for name, points in (("Kaarna", 9), ("Myrsky", 3)):
                scores = dict.fromkeys(("impact", "innovativeness", "scalability"), points)
                reviewing.submit_review(actor=seat, entry=copy(written, name), scores=scores, comment="Hyvä.")
    with clock.at(written.after + timedelta(days=30)):
        written.report()
        award = awards.take_report(actor=cast["organiser"], challenge=written.challenge)
        awards.request_identities(actor=cast["organiser"], award=award)
        awards.open_identities(actor=cast["registrar"], award=award)
        assert not CopyNote.objects.exists() and faults() == []
        awards.decide_award(actor=cast["organiser"], award=award, decision="Kaarna voitti.", winners=[written.teams["Kaarna"]], is_invented=True)
        assert not Message.objects.filter(event__startswith="copy.told/").exists()
        with django_capture_on_commit_callbacks(execute=True):
            awards.publish_winners(actor=cast["organiser"], award=award)
    return written


def test_the_teams_hear_of_it_when_the_winners_are_published_and_not_before(client, published):
    mails = {mail.to: mail for mail in Message.objects.filter(event__startswith="copy.told/")}
    assert set(mails) == {"leader@example.org", "member@example.org", "luoto@example.org"}
    assert "Osoite." in mails["leader@example.org"].body and "Kertoo kenen se on." in mails["luoto@example.org"].body
    codes = reading.codes_of(round_of(published))
    assert not any(code in mail.subject + mail.body for code in codes for mail in mails.values())
    for name, word in (("Kaarna", "Osoite."), ("Luoto", "Kertoo kenen se on."), ("Myrsky", "")):
        client.force_login(published.people[name])
        with clock.at(published.after + timedelta(days=31)):
            shown = client.get(reverse("proposals:edit", args=["klash-test", Proposal.objects.get(team__name=name).team.code])).content.decode()
        assert word in shown and [other in shown for other in ("Osoite.", "Kertoo kenen se on.")].count(True) == bool(word)


def test_what_was_left_out_and_excluded_verifies_from_the_public_record(published):
    told = json.loads(json.dumps(record.record_of(published.world.competition)))
    assert "kyyti: 2 copies cleared, 1 places left out, 1 excluded" in verifier.check(told)


@pytest.mark.parametrize(("kind", "change", "doubt"), [
    ("entry.redacted", {"before": "0" * 64}, "is not the copy that was there"), ("entry.redacted", {"reason": ""}, "without a reason"),
    ("entry.cleared", {"content": "0" * 64}, "is not the copy that was there"), ("entry.excluded", {"reason": ""}, "one person alone excluded"),
    ("entry.excluded", {"exclusion": "another"}, "one person alone excluded"),
])
def test_seeded_faults_of_the_clearing_are_doubted(published, kind, change, doubt):
    told = json.loads(json.dumps(record.record_of(published.world.competition)))
    identities, jury = told["trees"][0]["events"], told["trees"][1]["events"]
    event = next(row for row in jury if row["what"] == kind)
    event["body"] = {**event["body"], **change}
    with pytest.raises(verifier.Doubt, match=doubt):
        verifier.check_clearing(told["rounds"][0], jury, identities)


def test_a_copy_that_was_never_cleared_is_doubted(published):
    told = json.loads(json.dumps(record.record_of(published.world.competition)))
    identities, jury = told["trees"][0]["events"], told["trees"][1]["events"]
    with pytest.raises(verifier.Doubt, match="not cleared as it was"):
        verifier.check_clearing(told["rounds"][0], [row for row in jury if row["what"] != "entry.cleared"], identities)


# ------------------------------------------------------------------ limits

def refusals(contest):
    """Let each team attach two files where one has room; return by team what became of them and the sentence that it reads."""
    found = {}
    with clock.at(contest.before):
        for name in ("Kaarna", "Luoto", "Myrsky"):
            proposal = contest.write(name)
            for number in range(2):
                services.attach_file(actor=contest.people[name], proposal=proposal, uploaded=upload(f"{name}-{number}.pdf", width=100 + number))
            rows = selectors.file_rows(selectors.proposal_of(contest.people[name], "klash-test", contest.teams[name].code))
            found[name] = [(row.file.outcome, row.reason) for row in rows]
    return found


def test_limit_text_is_the_same_for_every_team_and_tells_of_no_other(contest, monkeypatch):
    """S51: a team's quota is its own; that others have used theirs changes nothing, and the text names nobody."""
    monkeypatch.setattr(attaching, "FILES_MAX", 1)
    found = refusals(contest)
    assert len({tuple(rows) for rows in found.values()}) == 1 and [outcome for outcome, _ in found["Myrsky"]] == ["stored", "refused"]
    assert not any(name in sentence for name in contest.teams for rows in found.values() for _, sentence in rows)


def test_seeded_fault_a_quota_counted_over_all_teams_tells_of_the_others(contest, monkeypatch):
    monkeypatch.setattr(attaching, "_lack_of_room", lambda *what: Reason.TOO_MANY_FILES if ProposalFile.objects.exists() else None)
    assert len({tuple(rows) for rows in refusals(contest).values()}) == 2
