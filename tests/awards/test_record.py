"""The public record of a decided competition: what holds, and that every forgery of it is doubted by a programme of the standard library alone."""

import copy
import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from klash.awards import services
from klash.competitions.models import StageKind
from klash.core import audit, checkpoints, clock, merkle
from klash.core.models import AuditChain, AuditEvent
from klash.portal import verifier
from klash.portal.selectors import record
from klash.proposals.models import Proposal, Version
from klash.proposals.services import confirm_late, decide_late, withdraw_proposal
from tests.conftest import START

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def from_the_start():
    """Let the people get their roles before the competition's own time, as its checkpoints want it."""
    with clock.at(START):
        yield


@pytest.fixture
def decided(contest, cast, django_capture_on_commit_callbacks):
    """Kaarna submits twice, Myrsky withdraws, Luoto sends a late one too; checkpoints are published on the way and the winner is published."""
    tell_deadline(contest)
    with clock.at(contest.before):
        for name in ("Kaarna", "Luoto", "Myrsky"):
            contest.write(name)
            contest.submit(name)
        checkpoints.publish_due()
        contest.submit("Kaarna")
        withdraw_proposal(actor=contest.people["Myrsky"], proposal=Proposal.objects.get(team=contest.teams["Myrsky"]))
    with clock.at(contest.deadline + timedelta(seconds=1)):
        contest.submit("Luoto")
    publish(contest, cast, django_capture_on_commit_callbacks)
    return contest


def tell_deadline(contest):
    stage = contest.world.stages[StageKind.PROPOSALS]
    with clock.at(stage.opens_at):
        body = {"opens_at": stage.opens_at, "closes_at": stage.closes_at}
        audit.record("stage.added", actor=audit.System(), competition="klash-test", thing=f"stage/{stage.code}", body=body)


def publish(contest, cast, django_capture_on_commit_callbacks):
    """Open what was submitted, judge it and publish Kaarna as the winner."""
    contest.open(names=())
    contest.judge()
    with clock.at(contest.after + timedelta(days=30)):
        assert record.record_of(contest.world.competition) is None
        contest.report()
        award = services.take_report(actor=cast["organiser"], challenge=contest.challenge)
        services.request_identities(actor=cast["organiser"], award=award)
        services.open_identities(actor=cast["registrar"], award=award)
        services.decide_award(actor=cast["organiser"], award=award, decision="Kaarna voitti, koska.", winners=[contest.teams["Kaarna"]], is_invented=True)
        with django_capture_on_commit_callbacks(execute=True):
            services.publish_winners(actor=cast["organiser"], award=award)


@pytest.fixture
def told(decided):
    return json.loads(json.dumps(record.record_of(decided.world.competition)))


def receipts(team="Kaarna"):
    return [version.document for version in Version.objects.filter(proposal__team__name=team).order_by("number")]


def test_what_happened_holds_and_each_receipt_is_told_what_became_of_it(told):
    found = verifier.check(told)
    assert found[2:4] == ["sealed set = opened set: 2 proposals", "kyyti: 2 copies cleared, 0 places left out, 0 excluded"]
    assert found[4].startswith("kyyti: 1. ") and len(told["trees"]) == 2
    outcomes = {name: [verifier.check_receipt(row, told) for row in receipts(name)] for name in ("Kaarna", "Luoto", "Myrsky")}
    assert outcomes == {"Kaarna": ["replaced", "stood"], "Luoto": ["stood", "late"], "Myrsky": ["replaced"]}
    assert len(receipts()[1]["checkpoints"]) == 1  # the second came after a checkpoint, and says which


def test_an_admitted_late_version_is_told_from_one_that_was_not(contest, cast, django_capture_on_commit_callbacks, client):
    tell_deadline(contest)
    with clock.at(contest.before):
        for name in ("Kaarna", "Luoto", "Myrsky"):
            contest.write(name)
        contest.submit("Kaarna")
        checkpoints.publish_due()
    with clock.at(contest.deadline + timedelta(seconds=1)):
        for name in ("Luoto", "Myrsky"):
            given = {"version": contest.submit(name), "is_admitted": name == "Luoto", "reason": "Palvelu oli alhaalla."}
            confirm_late(actor=cast["registrar"], decision=decide_late(actor=cast["organiser"], **given))
    publish(contest, cast, django_capture_on_commit_callbacks)
    told = json.loads(json.dumps(record.record_of(contest.world.competition)))
    assert verifier.check(told)[2] == "sealed set = opened set: 2 proposals"
    outcomes = {name: [verifier.check_receipt(row, told) for row in receipts(name)] for name in ("Kaarna", "Luoto", "Myrsky")}
    assert outcomes == {"Kaarna": ["stood"], "Luoto": ["late, admitted"], "Myrsky": ["late"]}
    file = SimpleUploadedFile("kuittaus.json", json.dumps(receipts("Luoto")[0]).encode(), "application/json")
    shown = client.post("/en/verify/", {"competition": "klash-test", "receipt": file}).content.decode()
    assert "came after the deadline and was let into the set by a decision with a reason" in shown
    retell(at(told, 0, "opening.fixed"), commitments=[receipts("Kaarna")[0]["commitment"]])  # the control: taken out of the set again
    assert verifier.check_receipt(receipts("Luoto")[0], told) == "late"
    with pytest.raises(verifier.Doubt):
        verifier.check(told)


def test_the_record_names_nobody(told):
    text = json.dumps(told, ensure_ascii=False)
    assert not any(word in text for word in ("Kaarna", "Luoto", "Myrsky", "example.org", "Kyytipooli", "Perusteltu", "liite"))


def again(tree):
    """Make every hash of a forged tree anew and let nobody have signed it, as one who holds the database would."""
    leaves = [merkle.leaf(audit.canonical([row[name] for name in ("number", "at", "actor", "what", "thing", "body_hash")])) for row in tree["events"]]
    for point in tree["checkpoints"]:
        point["root"] = merkle.root_of(leaves[: point["size"]]).hex()


def at(told, tree, what):
    return next(row for row in told["trees"][tree]["events"] if row["what"] == what)


def retell(event, **changed):
    event["body"] = {**event["body"], **changed}
    event["body_hash"] = audit.sha256("klash/1/body", event["salt"], audit.canonical(event["body"]))


def forge_and_rehash(told):
    retell(at(told, 0, "opening.fixed"), commitments=[])
    again(told["trees"][0])


def forge_scores(told):
    next(iter(told["rounds"][0]["reviews"].values()))["scores"]["impact"] -= 1


def resign(told):
    """Publish checkpoints of a forged log as if they had been published: their blinded hashes are others."""
    forge_and_rehash(told)
    for point in told["trees"][0]["checkpoints"]:
        point["signature"] = "00" * 64


FORGERIES = {
    "an event": (lambda t: at(t, 0, "proposal.submitted").update(actor="other"), "heads another log"),
    "an event left out": (lambda t: t["trees"][0]["events"].pop(3), "no checkpoint covers|is missing"),
    "the newest event": (lambda t: t["trees"][1]["events"].pop(), "no checkpoint covers the whole log"),
    "a body": (lambda t: at(t, 0, "opening.fixed")["body"].update(commitments=[]), "was changed"),
    "a log written anew": (forge_and_rehash, "no valid signature"),
    "a log written anew without a signature": (resign, "a key or a signature|no valid signature"),
    "a checkpoint's nonce": (lambda t: t["trees"][0]["checkpoints"][0].update(nonce="00" * 32), "is not the one that was published"),
    "a checkpoint's time": (lambda t: t["trees"][0]["checkpoints"][0].update(at="2026-01-01T00:00:00+00:00"), "no valid signature"),
    "a checkpoint of another log": (lambda t: t["trees"][0]["checkpoints"][0].update(origin="127.0.0.1:8000/klash-test/jury"), "is of another log"),
    "a key that nobody named": (lambda t: t["keys"].update(log=[]), "no valid signature"),
    "a score": (forge_scores, "is not the one that was given"),
    "a review left out": (lambda t: t["rounds"][0]["reviews"].popitem(), "are others"),
    "the format": (lambda t: t.update(format="klash-record/9"), "not a record of the form"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_record_is_doubted(told, name):
    forge, words = FORGERIES[name]
    forge(told)
    with pytest.raises(verifier.Doubt, match=words):
        verifier.check(told)


def events_of(told):
    return copy.deepcopy([tree["events"] for tree in told["trees"]])


# What a log with faultless hashes may say and yet not follow: (the change, what is doubted).
UNLAWFUL = {
    "in time after the deadline": (lambda i, j: moved(i, "proposal.submitted", days=9), "taken as in time"),
    "late before the deadline": (lambda i, j: moved(i, "proposal.late", days=-9), "taken as late"),
    "fixed before the deadline": (lambda i, j: moved(i, "opening.fixed", days=-9), "fixed before the deadline"),
    "a set without one": (lambda i, j: body(i, "opening.fixed", commitments=body_of(i, "opening.fixed")["commitments"][:1]), "not what was sealed|not the set that stood"),
    "one person opened identities": (lambda i, j: actor(i, "award.identities_opened", actor_of(i, "award.identities_requested")), "one person alone"),
    "code names of others": (lambda i, j: body(i, "award.identities_opened", map={"X": "0" * 64}), "not those of the sealed set"),
    "identities before the report": (lambda i, j: moved(i, "award.identities_opened", days=-40), "before the report was signed"),
    "a signature is missing": (lambda i, j: j.remove(found(j, "report.signature")), "not every reviewer signed"),
    "a decision on another report": (lambda i, j: body(i, "award.report_taken", report_hash="0" * 64), "rests on another report"),
    "no deadline": (lambda i, j: i.remove(found(i, "stage.added")), "does not tell the deadline"),
    "another ranking": (lambda i, j: body(j, "round.counted", ranking=[]), "the ranking is another one"),
}


def found(events, what):
    return next(row for row in events if row["what"] == what)


def moved(events, what, days):
    row = found(events, what)
    if "received_at" in row["body"]:
        row["body"]["received_at"] = (verifier.moment(row["body"]["received_at"]) + timedelta(days=days)).isoformat()
    row["at"] = (verifier.moment(row["at"]) + timedelta(days=days)).isoformat()


def body(events, what, **changed):
    found(events, what)["body"].update(changed)


def body_of(events, what):
    return found(events, what)["body"]


def actor(events, what, who):
    found(events, what)["actor"] = who


def actor_of(events, what):
    return found(events, what)["actor"]


@pytest.mark.parametrize("name", UNLAWFUL)
def test_a_log_that_tells_something_unlawful_is_doubted(told, name):
    change, words = UNLAWFUL[name]
    identities, jury = events_of(told)
    change(identities, jury)
    with pytest.raises(verifier.Doubt, match=words):
        verifier.check_sealing(identities)
        verifier.recount(jury, told["rounds"][0])
        verifier.check_report(told["rounds"][0], jury, identities)


@pytest.mark.parametrize(("change", "words"), [
    ({"received_at": "2026-01-01T00:00:00.000+00:00"}, "signature"), ({"commitment": "0" * 64}, "signature"), ({"signature": "0" * 128}, "signature"),
    ({"signature": "00"}, "signature"),
    ({"key": "0" * 64}, "does not name"),
])
def test_a_forged_receipt_is_doubted(told, change, words):
    with pytest.raises(verifier.Doubt, match=words):
        verifier.check_receipt({**receipts()[0], **change}, told)


def test_a_record_without_the_checkpoint_that_a_receipt_carries_is_doubted(told):
    told["trees"][0]["checkpoints"].pop(0)
    assert verifier.check(told)  # nothing in the record itself shows that one is gone
    with pytest.raises(verifier.Doubt, match="a checkpoint that the receipt carries is missing"):
        verifier.check_receipt(receipts()[1], told)


def test_seeded_fault_a_rewritten_log_with_new_checkpoints_is_found_by_an_old_receipt(decided):
    """Whoever holds the signing key rewrites the log and signs new checkpoints: the record holds, the receipts do not fit it."""
    told = json.loads(json.dumps(record.record_of(decided.world.competition)))
    AuditChain.objects.using("default").get(competition="klash-test").checkpoints.all().delete()
    AuditEvent.objects.filter(what="proposal.saved").first()
    with clock.at(decided.after + timedelta(days=31)):
        AuditChain.objects.filter(competition="klash-test").update(revealed_at=None)
        checkpoints.reveal("klash-test")
    new = json.loads(json.dumps(record.record_of(decided.world.competition)))
    assert verifier.check(new) and verifier.check_receipt(receipts()[1], told) == "stood"
    with pytest.raises(verifier.Doubt, match="was rewritten after it"):
        verifier.check_receipt(receipts()[1], new)


def test_the_programme_runs_alone(told, tmp_path):
    files = [tmp_path / "record.json", *(tmp_path / f"{number}.json" for number in range(2))]
    for file, content in zip(files, [told, *receipts()], strict=True):
        file.write_text(json.dumps(content), encoding="utf-8")
    run = subprocess.run([sys.executable, "-I", verifier.__file__, *files], capture_output=True, text=True, check=True)
    assert [line.split(": ")[1] for line in run.stdout.splitlines() if line.startswith("receipt")] == ["replaced", "stood"]
    files[0].write_text(json.dumps({**told, "rounds": told["rounds"] * 0, "keys": {"log": []}}), encoding="utf-8")
    run = subprocess.run([sys.executable, "-I", verifier.__file__, files[0]], capture_output=True, text=True, check=False)
    assert run.returncode == 1 and "does not follow from the record" in run.stderr


@pytest.mark.parametrize(("language", "words"), [
    ("fi", ["kaikki täsmää", "oli sinetöidyssä joukossa, ja se avattiin"]), ("sv", ["allt stämmer", "öppnades för juryn"]), ("en", ["everything holds", "was opened to the jury"]),
])
def test_anyone_checks_the_result_and_a_receipt_on_a_page(client, decided, language, words):
    client.cookies["klash_language"] = language
    prefix = "" if language == "fi" else f"/{language}"
    page = client.get(f"{prefix}/verify/")
    assert page.status_code == 200 and "record.json" in page.content.decode()
    file = SimpleUploadedFile("kuittaus.json", json.dumps(receipts()[1]).encode(), "application/json")
    shown = client.post(f"{prefix}/verify/", {"competition": "klash-test", "receipt": file}).content.decode()
    assert all(word in shown for word in words)
    for content in (b"{}", b"[" * 50_000):
        bad = SimpleUploadedFile("kuittaus.json", content, "application/json")
        assert client.post(f"{prefix}/verify/", {"competition": "klash-test", "receipt": bad}).status_code == 422
    forged = SimpleUploadedFile("kuittaus.json", json.dumps({**receipts()[1], "commitment": "0"}).encode(), "application/json")
    assert "does not hold" in client.post(f"{prefix}/verify/", {"competition": "klash-test", "receipt": forged}).content.decode()


def test_the_files_are_those_that_the_page_reads(client, decided, told):
    assert client.get("/c/klash-test/record.json").json() == told
    points = client.get("/c/klash-test/checkpoints.json").json()
    assert [row["checkpoints"] for row in points["trees"]] == [tree["checkpoints"] for tree in told["trees"]]
    assert b"def check_receipt" in client.get("/verify/klash_verifier.py").content
