from django.db import models
from django.db.models import F, Q

from klash.accounts.models import User
from klash.core.fields import EncryptedJSON
from klash.files.intake import Outcome


class StoredFile(models.Model):
    """What became of an uploaded file of a working copy. Its bytes lie encrypted in KLASH_HOME/files; the uploader's name is never a path.

    `original`, `rebuilt`, `facts` and `picture` name the bytes as they were received, those made anew, what was found in them, and the picture of
    the first page; each is empty where there is none. `sha256` and `clean_sha256` are of the plain bytes. A refused file holds nothing.
    """

    key = models.CharField(max_length=32, unique=True)
    name = EncryptedJSON(default=str)
    outcome = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Outcome], default=Outcome.STORED)
    reason = models.CharField(max_length=40, blank=True)  # why it was refused or is kept for a person to look at
    media_type = models.CharField(max_length=40)
    size_bytes = models.PositiveIntegerField()
    pages = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    clean_size_bytes = models.PositiveIntegerField(default=0)
    clean_sha256 = models.CharField(max_length=64, blank=True)
    removed = EncryptedJSON(default=list)  # words for what was left out
    original = models.CharField(max_length=32, blank=True)
    rebuilt = models.CharField(max_length=32, blank=True)
    facts = models.CharField(max_length=32, blank=True)
    picture = models.CharField(max_length=32, blank=True)
    stored_at = models.DateTimeField()

    @property
    def is_held(self) -> bool:
        """Tell whether a submission takes it along."""
        return self.outcome != Outcome.REFUSED

    @property
    def blobs(self) -> list[str]:
        """Return the names of all its bytes."""
        return [key for key in (self.original, self.rebuilt, self.facts, self.picture) if key]


class Upload(models.Model):
    """A file on its way in chunks. Each chunk lies encrypted in KLASH_HOME/files; when all are there, they become a StoredFile with the same key.

    owner: what it is sent for, such as "proposal/CODE". sha256: as its sender told it, or empty where the browser cannot reckon it.
    """

    key = models.CharField(max_length=32, unique=True)
    owner = models.CharField(max_length=64, db_index=True)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = EncryptedJSON(default=str)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)
    held_bytes = models.PositiveIntegerField(default=0)
    chunks = models.JSONField(default=list)  # the names of their bytes, in order
    changed_at = models.DateTimeField()
    whole_at = models.DateTimeField(null=True)  # when the last byte had arrived: what a deadline judges
    examined_at = models.DateTimeField(null=True)  # when somebody began to examine it

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(held_bytes__lte=F("size_bytes")), name="upload_holds_at_most_its_size")]

    @property
    def is_whole(self) -> bool:
        return self.held_bytes == self.size_bytes


class Scrub(models.Model):
    """One reading of every stored file, to see whether the disk still holds what was put there. faults: which files are gone or changed."""

    at = models.DateTimeField()
    read_files = models.PositiveIntegerField()
    faults = models.JSONField(default=list)

    class Meta:
        ordering = ["-at", "-pk"]
