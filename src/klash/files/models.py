from django.db import models


class StoredFile(models.Model):
    """An uploaded file. Its bytes lie in KLASH_HOME/files under `key`; the uploader's name is never a path."""

    key = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=40)
    size_bytes = models.PositiveIntegerField()
    pages = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    stored_at = models.DateTimeField()
