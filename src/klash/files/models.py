from django.db import models

from klash.core.fields import EncryptedJSON


class StoredFile(models.Model):
    """An uploaded file of a working copy. Its bytes lie encrypted in KLASH_HOME/files; the uploader's name is never a path.

    `original` and `rebuilt` name the bytes as they were received and as they were rebuilt; `sha256` and `clean_sha256` are of the plain bytes.
    """

    key = models.CharField(max_length=32, unique=True)
    name = EncryptedJSON(default=str)
    media_type = models.CharField(max_length=40)
    size_bytes = models.PositiveIntegerField()
    pages = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    clean_size_bytes = models.PositiveIntegerField()
    clean_sha256 = models.CharField(max_length=64)
    original = models.CharField(max_length=32)
    rebuilt = models.CharField(max_length=32)
    stored_at = models.DateTimeField()
