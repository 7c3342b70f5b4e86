from django.db import models


class AuditChain(models.Model):
    """Head of one hash chain; one chain per competition and database. Locked while an event is appended."""

    competition = models.CharField(max_length=60, unique=True)
    length = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default="0" * 64)


class AuditEvent(models.Model):
    """One change. `hash` covers the event and the hash before it; `body_hash` is salted so that a body can be erased."""

    chain = models.ForeignKey(AuditChain, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    what = models.CharField(max_length=60)
    thing = models.CharField(max_length=100)
    body = models.JSONField(null=True)
    salt = models.CharField(max_length=32)
    body_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["chain", "number"]
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="one_event_a_number")]
        indexes = [models.Index(fields=["thing"], name="event_thing"), models.Index(fields=["chain", "what", "number"], name="event_what")]
