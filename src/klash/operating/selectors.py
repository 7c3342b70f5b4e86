"""What a backup notes of a database, and what a drill compares. `using` may be any open connection."""

import hashlib

from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from klash.core import audit
from klash.core.models import AuditChain, AuditEvent
from klash.files.models import StoredFile, Upload
from klash.operating.manifests import Log
from klash.proposals.models import FirstPage, SealedPart, Version


def logs(using: str) -> list[Log]:
    """Return the head of each competition's log. One query."""
    rows = AuditChain.objects.using(using).order_by("competition").values_list("competition", "length", "head")
    return [Log(*row) for row in rows]


def migrations(using: str) -> list[str]:
    """Return the migrations that were applied. Two queries."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connections[using]).applied_migrations())


def named_files(using: str) -> set[str]:
    """Return the names of the files that rows name: of working copies, of uploads on their way, of sealed parts and of pictures on receipts. Four queries."""
    stored = StoredFile.objects.using(using).values_list("original", "rebuilt", "facts", "picture")
    chunks = Upload.objects.using(using).values_list("chunks", flat=True)
    sealed, pages = (model.objects.using(using).values_list("blob", flat=True) for model in (SealedPart, FirstPage))
    return {name for rows in (stored, chunks) for row in rows for name in row if name} | {*sealed, *pages}


def receipts(using: str) -> dict[str, str]:
    """Return receipt -> commitment, which binds every part. One query."""
    return dict(Version.objects.using(using).values_list("receipt", "commitment"))


def told(using: str, log: Log) -> str:
    """Return a hash of all that the first events of a log say, up to the log's length. One query, linear in events."""
    digest = hashlib.sha256()
    rows = AuditEvent.objects.using(using).filter(chain__competition=log.competition, number__lte=log.length).order_by("number")
    for row in rows.values_list("number", "at", "actor", "what", "thing", "body_hash").iterator(2000):
        digest.update(audit.canonical(row))
    return digest.hexdigest()
