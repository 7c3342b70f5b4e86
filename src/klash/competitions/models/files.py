"""Files that answer a question of a form."""

from __future__ import annotations

from django.db import models

from klash.competitions.models.competition import Competition
from klash.files.models import StoredFile


class AnswerFile(models.Model):
    """The file that answers one question of a problem or an application; the answer names it by its key."""

    competition = models.ForeignKey(Competition, on_delete=models.PROTECT, related_name="answer_files")
    thing = models.CharField(max_length=60)  # problem/…, application/…
    question = models.CharField(max_length=40)  # its code
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="answer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thing", "question"], name="one_file_an_answer")]
