"""Proposals sealed to keys that this process does not hold, and opened by the keys' holder when the log allows it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from klash.challenges.models import Challenge
from klash.competitions.models import StageKind
from klash.core import access, audit, chance, clock, keys, sealing
from klash.core.databases import reviewing as jury_side
from klash.core.errors import Refused
from klash.core.holder import Evidence, NotAllowed, Unreachable, evidence_of, holder
from klash.files import blobs
from klash.files import services as files
from klash.files.models import StoredFile
from klash.proposals.models import BlindLink, ChallengeKeys, Envelope, FirstPage, Opening, Proposal, SealedLink, SealedPart, Version
from klash.rules.permissions import Permission
from klash.rules.reasons import Reason

TEXT, PICTURE = "text", "picture"


@dataclass(frozen=True)
class Opened:
    """A version as the jury gets it. content: {language, title, sections: {code: text}}; files: plain bytes by part."""

    content: dict[str, Any]
    files: dict[str, bytes]


def rehearse_keys(*, actor: Any, challenge: Challenge) -> ChallengeKeys:
    """Let the holder show that it can open, and have it make the keys the first time. Nothing is taken in before that has succeeded once.

    Raises Denied(NO_ROLE), or Refused(KEYS_NOT_READY) if the holder does not answer, or answers with something else than what was put in.
    """
    access.ensure(actor, Permission.RUN_COMPETITION, challenge.competition)
    return _rehearse(actor, challenge)


def ensure_keys(challenge: Challenge) -> ChallengeKeys:
    """Return the keys of a challenge once they have been rehearsed; the first need makes and rehearses them. Raises Refused(KEYS_NOT_READY)."""
    found = ChallengeKeys.objects.filter(challenge=challenge).exclude(rehearsed_at=None).first()
    return found or _rehearse(audit.System(), challenge)


def _rehearse(actor: Any, challenge: Challenge) -> ChallengeKeys:
    found = ChallengeKeys.objects.filter(challenge=challenge).first() or _make_keys(actor, challenge)
    box, word = holder(), chance.key().encode()
    try:
        shown = [box.rehearse(_name(purpose, challenge), sealing.put(sealing.REHEARSAL + word, getattr(found, purpose))) for purpose in ("opening", "map")]
    except (Unreachable, sealing.Unopened) as error:
        raise Refused(Reason.KEYS_NOT_READY, str(error)) from error
    if shown != [word, word]:
        raise Refused(Reason.KEYS_NOT_READY, "the holder answered with something else")
    with transaction.atomic():
        found.rehearsed_at = clock.now()
        found.save(update_fields=["rehearsed_at"])
        audit.record("keys.rehearsed", actor=actor, competition=challenge.competition.code, thing=f"keys/{challenge.code}")
    return found


def postpone_keys(challenge: Challenge) -> None:
    """Tell the holder that the deadline has moved later. Raises Refused(KEYS_NOT_READY) if it does not answer."""
    if ChallengeKeys.objects.filter(challenge=challenge).exists():
        with _answering():
            holder().postpone(_name("opening", challenge), challenge.competition.stage(StageKind.PROPOSALS).closes_at)


def seal_parts(version: Version, proposal: Proposal, attached: Sequence[StoredFile], public: ChallengeKeys) -> None:
    """Seal the working copy as the parts of a version: the jury's to the opening key, to the map key files as they came and what is not for the jury.

    The pictures of first pages stay readable for the team's receipt. Raises Refused(DISK_FULL), and then nothing of them lies there.
    """
    sections = {code: proposal.text(code) for code in proposal.parts()[1:]}
    content = {"language": proposal.team.language, "title": proposal.title, "sections": sections}
    parts = [(Envelope.BLIND, TEXT, audit.canonical(content), public.opening)]
    parts += [(Envelope.ORIGINAL, f"answer/{number}", proposal.text(row.code).encode(), public.map) for number, row in enumerate(proposal.apart(), 1)]
    for number, file in enumerate(attached, 1):
        if file.rebuilt:
            parts.append((Envelope.BLIND, f"file/{number}", files.read_clean(file), public.opening))
        parts.append((Envelope.ORIGINAL, f"file/{number}", files.read(file), public.map))
    rows, pages = list[SealedPart](), list[FirstPage]()
    try:
        for envelope, part, data, key in parts:
            sealed = sealing.seal(data, version.context(envelope, part), key)
            rows.append(SealedPart(
                version=version, envelope=envelope, part=part, box=sealed.box, blob=blobs.write(sealed.ciphertext), sha256=files.sha256_of(sealed.ciphertext)
            ))
        for number, file in enumerate(attached, 1):
            if file.picture:
                part = f"file/{number}"
                locked = sealing.lock(files.read_picture(file), version.context(PICTURE, part))
                pages.append(FirstPage(version=version, part=part, blob=blobs.write(locked)))
    except Refused:
        for blob in [row.blob for row in rows] + [page.blob for page in pages]:
            blobs.delete(blob)
        raise
    SealedPart.objects.bulk_create(rows)
    FirstPage.objects.bulk_create(pages)


def read_first_page(version: Version, part: str) -> bytes:
    """Return the picture of a submitted file's first page as PNG, empty where there is none. Raises ChangedOnDisk."""
    found = FirstPage.objects.filter(version=version, part=part).first()
    try:
        return sealing.unlock(blobs.read(found.blob), version.context(PICTURE, part)) if found else b""
    except (blobs.Missing, sealing.Unopened) as error:
        raise files.ChangedOnDisk(f"receipt {version.receipt}, {part}: the picture is gone or changed; restore it from a backup") from error


def open_versions(opening: Opening, versions: Sequence[Version]) -> dict[int, Opened]:
    """Return by primary key what the jury gets of each version. The holder opens it only for a set that the log has fixed.

    Raises Refused: KEYS_NOT_READY if the holder does not answer, KEYS_REFUSED if it refuses; Unopened for changed bytes.
    """
    parts = list(SealedPart.objects.filter(version__in=versions, envelope=Envelope.BLIND).select_related("version__proposal__team__challenge__competition"))
    evidence = [evidence_of(opening.chain, "opening.fixed", f"opening/{opening.code}")]
    plain: dict[int, dict[str, bytes]] = {}
    for row, key in zip(parts, _ask("opening", opening.challenge, [bytes(row.box) for row in parts], evidence), strict=True):
        sealed = sealing.Sealed(blobs.read(row.blob), bytes(row.box))
        plain.setdefault(row.version_id, {})[row.part] = sealing.open_part(sealed, key, row.version.context(row.envelope, row.part))
    return {key: Opened(json.loads(found.pop(TEXT)), found) for key, found in plain.items()}


def seal_links(opening: Opening, names: dict[str, Version]) -> str:
    """Keep which code name is whose, sealed to the map key and in no order, in the place of a drawing that broke off. Returns the drawing's mark."""
    public, draw = ChallengeKeys.objects.get(challenge=opening.challenge), chance.key()
    rows = []
    for code, version in chance.shuffled(sorted(names.items())):
        sealed = sealing.seal(audit.canonical({"entry": code, "commitment": version.commitment}), _link_context(opening), public.map)
        rows.append(SealedLink(opening=opening, draw=draw, ciphertext=sealed.ciphertext, box=sealed.box))
    SealedLink.objects.filter(opening=opening).delete()
    SealedLink.objects.bulk_create(rows)
    return draw


def open_links(opening: Opening) -> dict[str, str]:
    """Open whose each code name is and keep it; a second call finds it. Returns code name -> commitment.

    The holder lets the map be opened only when the log shows the set opened, the report signed by all and a person's request.
    Raises as `open_versions`.
    """
    if not BlindLink.objects.filter(opening=opening).exists():
        rows = list(SealedLink.objects.filter(opening=opening))
        evidence = [
            evidence_of(opening.chain, "opening.opened", f"opening/{opening.code}"),
            evidence_of(opening.chain, "award.identities_requested", f"award/{opening.code}"),
            evidence_of(opening.chain, "report.signed", f"report/{opening.round_code}", using=jury_side()),
        ]
        found = []
        for row, key in zip(rows, _ask("map", opening.challenge, [bytes(row.box) for row in rows], evidence), strict=True):
            sealed = sealing.Sealed(bytes(row.ciphertext), bytes(row.box))
            found.append(json.loads(sealing.open_part(sealed, key, _link_context(opening))))
        versions = Version.objects.in_bulk([link["commitment"] for link in found], field_name="commitment")
        BlindLink.objects.bulk_create(
            BlindLink(opening=opening, version=versions[link["commitment"]], entry_code=link["entry"]) for link in sorted(found, key=lambda link: link["entry"])
        )
    return dict(BlindLink.objects.filter(opening=opening).values_list("entry_code", "version__commitment"))


def open_asked(opening: Opening, batch: str) -> dict[str, Version]:
    """Return whose the code names in a sent batch of questions are; of the others the holder tells nothing. Nothing of it is kept.

    batch: the jury's code of it. Raises as `open_versions`.
    """
    thing, name = f"question_batch/{batch}", _name("map", opening.challenge)
    evidence = [
        evidence_of(opening.chain, "competition.published", f"competition/{opening.chain}"),
        *(evidence_of(opening.chain, f"question_batch.{done}", thing, using=jury_side()) for done in ("proposed", "sent")),
    ]
    parts = [sealing.Sealed(bytes(row.ciphertext), bytes(row.box)) for row in SealedLink.objects.filter(opening=opening)]
    with _answering():
        links = [json.loads(link) for link in holder().route(name, parts, _link_context(opening), evidence)]
    versions = Version.objects.select_related("proposal__team").in_bulk([link["commitment"] for link in links], field_name="commitment")
    return {link["entry"]: versions[link["commitment"]] for link in links}


def commit(competition: str, team_nonce: str, server_nonce: str, manifest: dict[str, Any]) -> str:
    """Return the commitment of a version: it hides what it holds, and nothing else fits it."""
    return audit.sha256("klash/1/sub", competition, team_nonce, server_nonce, files.sha256_of(audit.canonical(manifest)))


def _make_keys(actor: Any, challenge: Challenge) -> ChallengeKeys:
    closes_at = challenge.competition.stage(StageKind.PROPOSALS).closes_at
    with _answering():
        made = {purpose: holder().create(_name(purpose, challenge), closes_at, keys.public(keys.LOG)) for purpose in ("opening", "map")}
    with transaction.atomic():
        found, is_new = ChallengeKeys.objects.get_or_create(challenge=challenge, defaults={**made, "made_at": clock.now()})
        if is_new:
            audit.record("keys.made", actor=actor, competition=challenge.competition.code, thing=f"keys/{challenge.code}", body=made)
    return found


def _ask(purpose: str, challenge: Challenge, boxes: Sequence[bytes], evidence: Sequence[Evidence]) -> list[bytes]:
    with _answering():
        return holder().open(_name(purpose, challenge), boxes, evidence)


@contextmanager
def _answering() -> Iterator[None]:
    """Tell people that the holder does not answer, or refuses, as any other refusal."""
    try:
        yield
    except Unreachable as error:
        raise Refused(Reason.KEYS_NOT_READY, str(error)) from error
    except NotAllowed as error:
        raise Refused(Reason.KEYS_REFUSED, str(error)) from error


def _name(purpose: str, challenge: Challenge) -> str:
    return f"{purpose}.{challenge.competition.code}.{challenge.code}"


def _link_context(opening: Opening) -> str:
    return f"{opening.chain}/{opening.code}/map"
