"""The holder of the keys opens nothing before its own clock and the signed log allow it, whatever the asker says."""

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from socketserver import StreamRequestHandler, ThreadingUnixStreamServer

import pytest

from klash.core import audit, clock, keys, sealing
from klash.core.holder import FileHolder, NotAllowed, RemoteHolder, Unreachable, answer, evidence_of

pytestmark = pytest.mark.django_db(databases="__all__")
DEADLINE = datetime(2026, 3, 2, 14, tzinfo=UTC)
AFTER = DEADLINE + timedelta(minutes=3)
OPENING, MAP = "opening.c.kyyti", "map.c.kyyti"


@contextmanager
def listening(keeper, path):
    class Line(StreamRequestHandler):
        def handle(self):
            self.wfile.write(answer(keeper, self.rfile.readline()))

    with ThreadingUnixStreamServer(str(path), Line) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield RemoteHolder(str(path))
        server.shutdown()


@pytest.fixture(params=["file", "remote"])
def holder(request, settings, tmp_path):
    settings.KLASH_KEYS = tmp_path / "keys"
    keeper = FileHolder(tmp_path / "kept")
    if request.param == "file":
        yield keeper
        return
    with listening(keeper, tmp_path / "s") as remote:
        yield remote


@pytest.fixture(autouse=True)
def after():
    """Hold every clock after the deadline: the keeper's thread reads the real one, which is later still."""
    with clock.at(AFTER):
        yield


def log(what, thing="opening/kyyti", using="default", competition="c", **body):
    audit.record(what, actor=audit.System(), competition=competition, thing=thing, body=body, using=using)
    return evidence_of(competition, what, thing, using)


def sealed(holder, name=OPENING, deadline=DEADLINE):
    return sealing.seal(b"Ratkaisu", "here", holder.create(name, deadline, keys.public(keys.LOG)))


def test_a_set_that_the_log_has_fixed_is_opened(holder):
    part = sealed(holder)
    log("something.else")
    evidence = log("opening.fixed", commitments=["x"])
    log("something.more")
    (key,) = holder.open(OPENING, [part.box], [evidence])
    assert sealing.open_part(part, key, "here") == b"Ratkaisu"


def test_open_early_refused(holder):
    """Before the deadline nothing is opened, though the log claims a fixed set; a deadline that moved later is waited for."""
    part = sealed(holder, deadline=clock.now() + timedelta(days=4000))
    evidence = log("opening.fixed")
    with pytest.raises(NotAllowed, match="deadline has not passed"):
        holder.open(OPENING, [part.box], [evidence])
    part = sealed(holder, name=MAP)
    holder.postpone(MAP, datetime(2100, 1, 1, tzinfo=UTC))
    holder.postpone(MAP, DEADLINE)  # never nearer
    with pytest.raises(NotAllowed, match="deadline has not passed"):
        holder.open(MAP, [part.box], [evidence])


FORGED = {
    "no event": lambda row: [],
    "another event": lambda row: [replace(row, leaf=[*row.leaf[:3], "opening.opened", *row.leaf[4:]])],
    "another body": lambda row: [replace(row, body={"commitments": []})],
    "another place": lambda row: [replace(row, leaf=[row.leaf[0] + 1, *row.leaf[1:]])],
    "another head": lambda row: [replace(row, root="00" * 32)],
    "another signature": lambda row: [replace(row, signature="00" * 64)],
    "another competition": lambda row: [replace(row, origin=row.origin.replace("/c/", "/d/"))],
    "the jury's log": lambda row: [replace(row, origin=row.origin.replace("/identities", "/jury"))],
}


@pytest.mark.parametrize("forgery", FORGED)
def test_what_the_log_does_not_show_opens_nothing(holder, forgery):
    part = sealed(holder)
    log("opening.requested")
    evidence = log("opening.fixed", commitments=["x"])
    with pytest.raises(NotAllowed):
        holder.open(OPENING, [part.box], FORGED[forgery](evidence))


def test_the_map_is_opened_only_after_the_signed_report_and_a_request(holder):
    part = sealed(holder, name=MAP)
    steps = [
        log("opening.opened", round="r1"), log("award.identities_requested", "award/kyyti"), log("report.signed", "report/r1", using="reviewing"),
    ]
    for missing in range(3):
        with pytest.raises(NotAllowed, match="the log does not show"):
            holder.open(MAP, [part.box], [row for number, row in enumerate(steps) if number != missing])
    other = log("report.signed", "report/r2", using="reviewing")
    with pytest.raises(NotAllowed):
        holder.open(MAP, [part.box], [*steps[:2], other])
    assert len(holder.open(MAP, [part.box], steps)) == 1


def test_the_signer_of_the_log_is_fixed_when_the_key_is_made(holder, settings, tmp_path):
    """Whoever exchanges the key that signs the log cannot show the holder a log of their own."""
    part = sealed(holder)
    settings.KLASH_KEYS = tmp_path / "others"
    with pytest.raises(NotAllowed, match="not signed"):
        holder.open(OPENING, [part.box], [log("opening.fixed")])


def test_a_rehearsal_opens_no_part_and_a_part_is_no_rehearsal(holder):
    part = sealed(holder)
    with pytest.raises(sealing.Unopened):
        holder.rehearse(OPENING, part.box)
    public = holder.create(OPENING, DEADLINE, keys.public(keys.LOG))
    assert holder.rehearse(OPENING, sealing.put(sealing.REHEARSAL + b"word", public)) == b"word"
    with pytest.raises(sealing.Unopened):
        holder.open(OPENING, [sealing.put(sealing.REHEARSAL + b"word", public)], [log("opening.fixed")])


def test_a_name_is_no_path_and_a_lost_key_or_a_silent_keeper_is_told(holder, tmp_path):
    evidence = [log("opening.fixed")]
    with pytest.raises((ValueError, NotAllowed)):
        holder.create("opening/../x", DEADLINE, "")
    with pytest.raises(Unreachable):
        holder.open("opening.c.none", [b""], evidence)
    with pytest.raises(Unreachable):
        RemoteHolder(str(tmp_path / "nobody")).rehearse(OPENING, b"")


def test_seeded_fault_a_holder_that_believes_the_asker(holder, monkeypatch):
    """With the proof left out, the forgeries above would open the set: they are refused by the proof and by nothing else."""
    if isinstance(holder, RemoteHolder):
        return
    part = sealed(holder)
    evidence = log("opening.fixed", commitments=["x"])
    monkeypatch.setattr("klash.core.holder._check", lambda *told: None)
    assert all(len(holder.open(OPENING, [part.box], forge(evidence))) == 1 for forge in FORGED.values())


def create_at_once(keeper, monkeypatch):
    """Let two make one key, the second while the first has not yet written; return what each was told, and what is kept."""
    inside, real = threading.Barrier(2), sealing.new_box
    monkeypatch.setattr(sealing, "new_box", lambda: (inside.wait(10), real())[1])
    told = []
    threads = [threading.Thread(target=lambda: told.append(keeper.create(OPENING, DEADLINE, "00"))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return {*told, json.loads((keeper.folder / f"{OPENING}.box").read_text())["public"]}


def test_of_two_who_make_a_key_at_once_both_get_the_one_that_is_kept(tmp_path, monkeypatch):
    for number in range(20):
        assert len(create_at_once(FileHolder(tmp_path / str(number)), monkeypatch)) == 1
    assert [path.name for path in (tmp_path / "0").iterdir()] == [f"{OPENING}.box"]


def test_a_key_that_took_the_place_of_another_would_be_found(tmp_path, monkeypatch):
    """The seeded fault: each writes its own over what lies there, the second after the first was told."""
    turn = iter((0, 0.2))

    def write(path, text):
        time.sleep(next(turn))
        keys.write_beside(path, text).replace(path)

    monkeypatch.setattr(keys, "write_once", write)
    assert len(create_at_once(FileHolder(tmp_path), monkeypatch)) == 2


# -- the route of a question: the links of what was asked, and of nothing else ----------------------------------------------

BATCH, SHOWN = "question_batch/b1", {"entries": ["hirvi-3"]}


def links(holder):
    public = holder.create(MAP, DEADLINE, keys.public(keys.LOG))
    return [sealing.seal(audit.canonical({"entry": code, "commitment": code * 2}), "c/kyyti/map", public) for code in ("ilves-1", "hirvi-3", "karhu-7")]


def shown(actor="p1", second="p2", allowed=True, **more):
    """Return the evidence of a batch that two persons sent in a competition that allows questions."""
    rows = [("competition.published", "competition/c", "default", "p0", {"takes_questions": allowed}),
            ("question_batch.proposed", BATCH, "reviewing", actor, SHOWN), ("question_batch.sent", more.get("thing", BATCH), "reviewing", second, SHOWN)]
    for what, thing, using, who, body in rows:
        audit.record(what, actor=Somebody(who), competition="c", thing=thing, body=body, using=using)
    return [evidence_of("c", what, thing, using) for what, thing, using, _, _ in rows]


class Somebody:
    def __init__(self, pseudonym):
        self.pseudonym = pseudonym


def test_a_batch_of_questions_opens_the_links_that_it_names_and_no_others(holder):
    found = holder.route(MAP, links(holder), "c/kyyti/map", shown())
    assert [json.loads(link) for link in found] == [{"entry": "hirvi-3", "commitment": "hirvi-3hirvi-3"}]


NOT_SHOWN = {
    "not allowed": lambda: shown(allowed=False),
    "by one person": lambda: shown(second="p1"),
    "another batch": lambda: shown(thing="question_batch/b2"),
    "not sent": lambda: shown()[:2],
    "not proposed": lambda: [row for number, row in enumerate(shown()) if number != 1],
    "other entries than were logged": lambda: [*shown()[:2], replace(shown()[2], body={"entries": ["ilves-1"]})],
    "the other log": lambda: [replace(row, origin=row.origin.replace("/jury", "/identities")) for row in shown()],
}


@pytest.mark.parametrize("lack", NOT_SHOWN)
def test_without_a_batch_that_two_persons_sent_the_route_stays_closed(holder, lack):
    with pytest.raises(NotAllowed):
        holder.route(MAP, links(holder), "c/kyyti/map", NOT_SHOWN[lack]())


def test_the_opening_key_and_another_place_have_no_route(holder):
    parts = links(holder)
    holder.create(OPENING, DEADLINE, keys.public(keys.LOG))
    with pytest.raises(NotAllowed):
        holder.route(OPENING, parts, "c/kyyti/map", shown())
    with pytest.raises(sealing.Unopened):
        holder.route(MAP, parts, "c/muu/map", shown())
