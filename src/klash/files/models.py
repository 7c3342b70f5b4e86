from django.db import models

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
