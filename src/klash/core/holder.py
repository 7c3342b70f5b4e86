"""Who holds the keys that open sealed proposals and the map to their teams, and when it lets them be used.

One interface, three places: `FileHolder` keeps key files beside the databases (it protects from a stolen database and from faults of
pages, not from who runs the machine); `RemoteHolder` asks a process of its own user over a socket (`klash keep_keys`); officers'
shares can take its place later. The holder trusts no word of the web process: it sees itself that the deadline has passed, by its own
clock, and that the log has the event that allows the opening.
"""

import base64
import json
import re
import socket
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from klash.core import audit, checkpoints, clock, keys, merkle, sealing
from klash.core.models import AuditChain, AuditEvent

NAME = re.compile(r"(opening|map)\.[a-z0-9-]{1,80}\.[a-z0-9-]{1,80}")


class NotAllowed(Exception):
    """The holder refuses: the time has not come, or the log does not have the event that allows it."""


class Unreachable(Exception):
    """The holder does not answer. What is sealed stays sealed; nothing is lost."""


@dataclass(frozen=True)
class Evidence:
    """One event of a tree with the proof that a signed head of that tree covers it."""

    leaf: list[Any]
    body: Any
    salt: str
    size: int
    path: list[str]
    origin: str
    at: str
    root: str
    signature: str

    @property
    def actor(self) -> str:
        return str(self.leaf[2])

    @property
    def thing(self) -> str:
        return str(self.leaf[4])


class Holder(Protocol):
    def create(self, name: str, not_before: datetime, log_key: str) -> str:
        """Draw the pair of keys `name`, or find it; return the public half in hexadecimal.

        log_key: the key whose signatures under the log this key will believe, fixed now.
        """

    def postpone(self, name: str, not_before: datetime) -> None:
        """Let the key wait for a later deadline; it never comes nearer."""

    def rehearse(self, name: str, box: bytes) -> bytes:
        """Return what a box of a rehearsal holds; it opens no other box."""

    def open(self, name: str, boxes: Sequence[bytes], evidence: Sequence[Evidence]) -> list[bytes]:
        """Return the keys of parts that the boxes hold. Raises NotAllowed or Unopened."""

    def route(self, name: str, parts: Sequence[sealing.Sealed], context: str, evidence: Sequence[Evidence]) -> list[bytes]:
        """Return those links of a map whose code names a batch of questions names; of the others it tells nothing. Raises NotAllowed or Unopened."""


class FileHolder:
    """Keys in files of mode 0400, each with its deadline and the log's public key as it was when the key was made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self, name: str, not_before: datetime, log_key: str) -> str:
        path = self._path(name)
        if not path.exists():
            private, public = sealing.new_box()
            # Of two who make it at once the first one's key stays: with another, what was sealed to the first would never open.
            keys.write_once(path, json.dumps({"private": private, "public": public, "not_before": not_before.isoformat(), "log": log_key}))
        return str(self._read(name)["public"])

    def postpone(self, name: str, not_before: datetime) -> None:
        held = self._read(name)
        if not_before > datetime.fromisoformat(held["not_before"]):
            path = self._path(name)
            keys.write_beside(path, json.dumps({**held, "not_before": not_before.isoformat()})).replace(path)

    def rehearse(self, name: str, box: bytes) -> bytes:
        return sealing.take([box], self._read(name)["private"], sealing.REHEARSAL)[0]

    def open(self, name: str, boxes: Sequence[bytes], evidence: Sequence[Evidence]) -> list[bytes]:
        held = self._read(name)
        if clock.now() <= datetime.fromisoformat(held["not_before"]):
            raise NotAllowed(f"{name}: the deadline has not passed by the clock of the key's holder")
        _check(name, evidence, held["log"])
        return sealing.take(boxes, held["private"], sealing.PART_KEY)

    def route(self, name: str, parts: Sequence[sealing.Sealed], context: str, evidence: Sequence[Evidence]) -> list[bytes]:
        held = self._read(name)
        asked = _asked(name, evidence, held["log"])
        boxes = sealing.take([part.box for part in parts], held["private"], sealing.PART_KEY)
        links = [sealing.open_part(part, key, context) for part, key in zip(parts, boxes, strict=True)]
        return [link for link in links if json.loads(link)["entry"] in asked]

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise ValueError(f"expected a name such as opening.klash-2019.janakkala, got {name!r}")
        return self.folder / f"{name}.box"

    def _read(self, name: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(self._path(name).read_text())
        except OSError as error:
            raise Unreachable(f"{name}: the key cannot be read: {error}") from error
        return found


class RemoteHolder:
    """The keys of a process of its own user, asked over a Unix socket: one line of JSON each way."""

    def __init__(self, address: str) -> None:
        self.address = address

    def create(self, name: str, not_before: datetime, log_key: str) -> str:
        return str(self._ask("create", name=name, not_before=not_before.isoformat(), log_key=log_key))

    def postpone(self, name: str, not_before: datetime) -> None:
        self._ask("postpone", name=name, not_before=not_before.isoformat())

    def rehearse(self, name: str, box: bytes) -> bytes:
        return base64.b64decode(self._ask("rehearse", name=name, box=base64.b64encode(box).decode()))

    def open(self, name: str, boxes: Sequence[bytes], evidence: Sequence[Evidence]) -> list[bytes]:
        sent = [base64.b64encode(box).decode() for box in boxes]
        return [base64.b64decode(key) for key in self._ask("open", name=name, boxes=sent, evidence=[asdict(row) for row in evidence])]

    def route(self, name: str, parts: Sequence[sealing.Sealed], context: str, evidence: Sequence[Evidence]) -> list[bytes]:
        sent = [[base64.b64encode(held).decode() for held in (part.ciphertext, part.box)] for part in parts]
        found = self._ask("route", name=name, parts=sent, context=context, evidence=[asdict(row) for row in evidence])
        return [base64.b64decode(link) for link in found]

    def _ask(self, what: str, **given: Any) -> Any:
        try:
            with socket.socket(socket.AF_UNIX) as line, line.makefile("rwb") as file:
                line.settimeout(20)
                line.connect(self.address)
                file.write(json.dumps({"what": what, **given}).encode() + b"\n")
                file.flush()
                told = json.loads(file.readline())
        except (OSError, ValueError) as error:
            raise Unreachable(f"the keeper of the keys at {self.address} does not answer: {error}") from error
        if "refused" in told:
            raise {"Unopened": sealing.Unopened, "Unreachable": Unreachable}.get(told["kind"], NotAllowed)(told["refused"])
        return told["answer"]


def answer(holder: Holder, line: bytes) -> bytes:
    """Return the reply of a keeper to one line; it never raises, and never tells of a key more than the interface does."""
    try:
        asked = json.loads(line)
        return json.dumps({"answer": _answer(holder, asked.pop("what"), asked)}).encode() + b"\n"
    except Exception as error:  # whatever was asked, the keeper goes on
        return json.dumps({"refused": str(error), "kind": type(error).__name__}).encode() + b"\n"


def holder() -> Holder:
    """Return where this installation keeps its keys (KLASH_KEY_HOLDER)."""
    address = settings.KLASH_KEY_HOLDER
    return RemoteHolder(address.removeprefix("unix:")) if address else FileHolder(keys.folder())


def is_embedded() -> bool:
    """Tell whether the keys lie with the web process itself."""
    return not settings.KLASH_KEY_HOLDER


def _answer(keeper: Holder, what: str, asked: dict[str, Any]) -> Any:
    if what == "create":
        return keeper.create(asked["name"], datetime.fromisoformat(asked["not_before"]), asked["log_key"])
    if what == "postpone":
        return keeper.postpone(asked["name"], datetime.fromisoformat(asked["not_before"]))
    if what == "rehearse":
        return base64.b64encode(keeper.rehearse(asked["name"], base64.b64decode(asked["box"]))).decode()
    if what == "open":
        boxes = [base64.b64decode(box) for box in asked["boxes"]]
        return [base64.b64encode(key).decode() for key in keeper.open(asked["name"], boxes, [Evidence(**row) for row in asked["evidence"]])]
    if what == "route":
        parts = [sealing.Sealed(*(base64.b64decode(held) for held in part)) for part in asked["parts"]]
        found = keeper.route(asked["name"], parts, asked["context"], [Evidence(**row) for row in asked["evidence"]])
        return [base64.b64encode(link).decode() for link in found]
    raise ValueError(f"expected create, postpone, rehearse, open or route, got {what!r}")


def evidence_of(competition: str, what: str, thing: str, using: str = "default") -> Evidence:
    """Return the newest such event of a log with the proof that its head, signed now, covers it. Three queries; linear in the log.

    Raises NotAllowed if the log has no such event.
    """
    chain = AuditChain.objects.using(using).get(competition=competition)
    events = AuditEvent.objects.using(using).filter(chain=chain, number__lte=chain.length)
    event = events.filter(what=what, thing=thing).order_by("number").last()
    if event is None:
        raise NotAllowed(f"the log of {competition} has no {what} of {thing}")
    leaves = [bytes.fromhex(leaf) for leaf in events.order_by("number").values_list("leaf", flat=True)]
    at, name = clock.now(), checkpoints.origin(competition, using)
    signature = keys.sign(keys.LOG, checkpoints.note(name, chain.length, chain.head, at))
    path = [step.hex() for step in merkle.inclusion(leaves, event.number - 1)]
    return Evidence(audit.as_leaf(event), event.body, event.salt, chain.length, path, name, at.isoformat(), chain.head, signature)


def _check(name: str, evidence: Sequence[Evidence], log_key: str) -> None:
    """Raise NotAllowed unless the signed logs of the competition have what lets the key be used.

    opening: the set was fixed. map: the set was opened for a round, that round's report is signed by all, and a person asked for identities.
    """
    purpose, competition, challenge = name.split(".")
    bodies = {_event(name, row, competition, log_key): row.body for row in evidence}
    wanted = [("identities", "opening.fixed", f"opening/{challenge}")]
    if purpose == "map":
        opened = ("identities", "opening.opened", f"opening/{challenge}")
        round_ = bodies.get(opened, {}).get("round", "")
        wanted = [opened, ("identities", "award.identities_requested", f"award/{challenge}"), ("jury", "report.signed", f"report/{round_}")]
    if lacking := [what for what in wanted if what not in bodies]:
        raise NotAllowed(f"{name}: the log does not show {lacking[0][1]} of {lacking[0][2]}")


def _asked(name: str, evidence: Sequence[Evidence], log_key: str) -> frozenset[str]:
    """Return the code names whose teams may be told apart: those of a batch of questions that one person proposed and another sent.

    Raises NotAllowed unless the signed logs show that, and that the competition was published with questions allowed.
    """
    purpose, competition, _challenge = name.split(".")
    found = {_event(name, row, competition, log_key)[:2]: row for row in evidence}
    published = found.get(("identities", "competition.published"))
    proposed, sent = found.get(("jury", "question_batch.proposed")), found.get(("jury", "question_batch.sent"))
    if purpose != "map" or published is None or not (published.body or {}).get("takes_questions"):
        raise NotAllowed(f"{name}: the log does not show that the competition allows questions")
    if proposed is None or sent is None or proposed.thing != sent.thing or proposed.actor == sent.actor:
        raise NotAllowed(f"{name}: the log does not show a batch of questions that two persons sent")
    return frozenset(sent.body["entries"])


def _event(name: str, row: Evidence, competition: str, log_key: str) -> tuple[str, str, str]:
    """Return whose log, what and which thing an event is, once it is proven."""
    number, _, _, what, thing, body_hash = row.leaf
    _, of, side = row.origin.rsplit("/", 2)
    if of != competition:
        raise NotAllowed(f"{name}: the event is of another competition, {row.origin}")
    if audit.sha256("klash/1/body", row.salt, audit.canonical(row.body)) != body_hash:
        raise NotAllowed(f"{name}: the body of event {number} is not the one that was logged")
    path, head = [bytes.fromhex(step) for step in row.path], bytes.fromhex(row.root)
    if not merkle.is_included(merkle.leaf(audit.canonical(row.leaf)), number - 1, row.size, path, head):
        raise NotAllowed(f"{name}: the log does not have event {number}")
    if not keys.is_signed(log_key, checkpoints.note(row.origin, row.size, row.root, datetime.fromisoformat(row.at)), row.signature):
        raise NotAllowed(f"{name}: the head of the log is not signed with the log's key")
    return side, what, thing
