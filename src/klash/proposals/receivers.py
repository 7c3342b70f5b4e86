"""What the jury does when a side changes, and what `verify` asks of proposals.

It asks that what was received is what the receipts say, and what the jury reads is what was received.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.dispatch import receiver

from klash.accounts.models import Invitation, ReviewerHandle, RoleGrant, User
from klash.accounts.services import accepted
from klash.challenges.models import Challenge
from klash.core import audit
from klash.core.databases import reviewing as jury_side
from klash.files import services as files
from klash.files.models import StoredFile
from klash.interests.services import changed
from klash.mentoring.models import Session
from klash.proposals.models import PROPOSAL_SECTIONS, BlindLink, Version
from klash.proposals.services import find_conflicts
from klash.reviewing.models import Entry, Round, Seat
from klash.reviewing.selectors import vacant
from klash.reviewing.services import tell_latecomer
from klash.reviewing.services.reviews import left
from klash.rules.roles import JUDGES, Role
from klash.teams.models import Team
from klash.teams.services import side_changed

KINDS = {"proposal.submitted": False, "proposal.late": True}


@receiver(audit.rechecking)
def faults_of_receipts(**kwargs: Any) -> list[str]:
    """Return the versions that are not as their event has them, and the receipts without a version."""
    logged = {body["receipt"]: (event.at, KINDS[event.what], event.thing, body["manifest_sha256"]) for event, body in audit.told(*KINDS)}
    faults = []
    for version in Version.objects.select_related("proposal").order_by("receipt").iterator(200):
        if logged.pop(version.receipt, None) != (version.received_at, version.is_late, f"proposal/{version.proposal.code}", version.manifest_sha256):
            faults.append(f"receipt {version.receipt}: time, lateness, proposal or contents are not those that the log knows")
        if hashlib.sha256(audit.canonical(version.manifest)).hexdigest() != version.manifest_sha256:
            faults.append(f"receipt {version.receipt}: the list of parts is not the one that was received")
        faults += [f"receipt {version.receipt}: the part {part} is not the one that was received" for part in _changed_parts(version)]
    return faults + [f"receipt {receipt}: the log knows it, the version is gone" for receipt in sorted(logged)]


@receiver(audit.rechecking)
def faults_of_openings(**kwargs: Any) -> list[str]:
    """Return the openings whose blind copies are not the set that was fixed, and the copies that are not what was received."""
    fixed = {event.thing: body["manifests"] for event, body in audit.told("opening.fixed")}
    opened: dict[str, list[str]] = {}
    faults = []
    for link in BlindLink.objects.select_related("opening__challenge", "version").order_by("entry_code").iterator(200):
        opened.setdefault(f"opening/{link.opening.code}", []).append(link.version.manifest_sha256)
        entry = Entry.objects.using(jury_side()).filter(code=link.entry_code).first()
        if entry is not None and not _is_copy(entry, link.version):
            faults.append(f"blind copy {link.entry_code}: it is not what was received")
    return faults + [f"{thing}: the blind copies are not the set that was fixed" for thing, rows in sorted(opened.items()) if sorted(rows) != fixed.get(thing)]


@receiver(audit.rechecking)
def faults_of_seating(**kwargs: Any) -> list[str]:
    """Return the seats that nobody holds, the handles without a seat, and the jurors invited on their own side who have no role on this one."""
    seats = list(Seat.objects.using(jury_side()).order_by("handle"))
    present = {seat.handle: seat for seat in seats if not seat.is_absent}
    held = {handle for using in ("default", jury_side()) for handle in ReviewerHandle.objects.using(using).values_list("handle", flat=True)}
    grants = RoleGrant.objects.filter(role__in=[Role.JUROR, Role.CHAIR], ended_at=None)
    jurors = set(grants.values_list("standing__person__email", "standing__competition", "challenge"))
    invited = Invitation.objects.using(jury_side()).filter(handle__in=present).order_by("handle")
    return [
        *(f"seat {seat.handle}: nobody holds it and nobody is invited to it; seat the person again" for seat in vacant(present.values())),
        *(f"handle {handle}: it has no seat" for handle in sorted(held - {seat.handle for seat in seats})),
        *(
            f"seat {row.handle}: who is invited to it has no part in the competition; look for conflicts again"
            for row in invited if (row.email, row.competition, row.challenge) not in jurors
        ),
    ]


@receiver(changed)
def look_again(*, sender: Any, person: User, **kwargs: Any) -> None:
    """Look for conflicts where the person judges, waits as a deputy, takes part or mentors."""
    judged = RoleGrant.objects.filter(standing__person=person, role__in=JUDGES, ended_at=None).values_list("challenge", flat=True)
    entered = Team.objects.of(person).values_list("challenge__code", flat=True)
    mentored = Session.objects.filter(mentor__person=person).values_list("team__challenge__code", flat=True)
    for challenge in Challenge.objects.filter(code__in={*judged, *entered, *mentored}).select_related("competition").order_by("pk"):
        find_conflicts(challenge=challenge)


@receiver(left)
def call_a_deputy(*, sender: Any, round: Round, **kwargs: Any) -> None:
    kind, _, code = round.key.partition("/")
    if kind == "proposals":
        find_conflicts(challenge=Challenge.objects.select_related("competition").get(code=code))


@receiver(side_changed)
def look_at_the_jury(*, sender: Any, team: Team, **kwargs: Any) -> None:
    find_conflicts(challenge=team.challenge)


@receiver(accepted)
def look_at_the_new_one(*, sender: Any, invitation: Invitation, person: User, **kwargs: Any) -> None:
    """Look for conflicts of a juror whose account is known only now, give a new deputy the seat that waits, and tell who comes late that the jury reads."""
    challenge = Challenge.objects.select_related("competition").filter(code=invitation.challenge).first()
    if challenge is not None and invitation.role in JUDGES:
        find_conflicts(challenge=challenge)
    if invitation.handle:  # after the conflicts: who has just left is not asked to read
        tell_latecomer(handle=invitation.handle, person=person)


def _is_copy(entry: Entry, version: Version) -> bool:
    sections = version.content["sections"]
    texts = [version.content["title"], *(sections[name] for name in PROPOSAL_SECTIONS)]
    hashes = [part["sha256"] for part in version.manifest if part["part"].startswith("file/")]
    copied = list(entry.files.using(jury_side()).values_list("sha256", flat=True))
    return ([entry.title, *(section["text"] for section in entry.sections)], copied) == (texts, hashes)


def _changed_parts(version: Version) -> Iterable[str]:
    texts = {"title": version.content["title"], **version.content["sections"]}
    for part in version.manifest:
        name = part["part"]
        if name in texts and hashlib.sha256(texts[name].encode()).hexdigest() != part["sha256"]:
            yield name
    hashes = [part["sha256"] for part in version.manifest if part["part"].startswith("file/")]
    for number, (key, expected) in enumerate(zip(version.file_keys, hashes, strict=False), 1):
        if not _is_stored(StoredFile.objects.filter(key=key, sha256=expected).first()):
            yield f"file/{number}"


def _is_stored(file: StoredFile | None) -> bool:
    try:
        return file is not None and bool(files.read(file))
    except (files.ChangedOnDisk, OSError):
        return False
