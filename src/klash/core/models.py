from django.db import models

from klash.core import chance, merkle


class AuditChain(models.Model):
    """Head of one Merkle tree; one tree per competition and database. Locked while an event is appended."""

    competition = models.CharField(max_length=60, unique=True)
    length = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, default=merkle.EMPTY.hex())
    frontier = models.TextField(default="")  # the roots of its full subtrees, one after the other
    revealed_at = models.DateTimeField(null=True)  # from then on its checkpoints are published with all they hold


class AuditEvent(models.Model):
    """One change. `leaf` covers all of it but the body, of which it has the salted hash: a body can be erased."""

    chain = models.ForeignKey(AuditChain, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    what = models.CharField(max_length=60)
    thing = models.CharField(max_length=100)
    body = models.JSONField(null=True)
    salt = models.CharField(max_length=32)
    body_hash = models.CharField(max_length=64)
    leaf = models.CharField(max_length=64)

    class Meta:
        ordering = ["chain", "number"]
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="one_event_a_number")]
        indexes = [models.Index(fields=["thing"], name="event_thing"), models.Index(fields=["chain", "what", "number"], name="event_what")]


class Checkpoint(models.Model):
    """A signed head of a tree at a planned minute. While the competition runs only `blinded` is shown: the hash of nonce, text and signature."""

    chain = models.ForeignKey(AuditChain, on_delete=models.PROTECT, related_name="checkpoints")
    at = models.DateTimeField()
    published_at = models.DateTimeField()
    origin = models.CharField(max_length=200)
    key = models.CharField(max_length=64)  # the public half of what it was signed with
    size = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    nonce = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    blinded = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["chain", "at"], name="one_checkpoint_a_minute")]


class Sent(models.Model):
    """The reply to a form that was sent with a key; `once` alone reads and writes it. `handle` is of sender and key, `digest` of what was sent."""

    handle = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handle"], name="one_reply_a_key")]
        indexes = [models.Index(fields=["at"], name="sent_at")]


class KeptForm(models.Model):
    """A form that came when it could not be taken in; `kept` alone reads and writes it. Only the browser that sent it can open `sealed`."""

    code = models.CharField(max_length=32, unique=True, default=chance.key)
    browser = models.CharField(max_length=64)  # hash of the browser's cookie
    account = models.CharField(max_length=64)  # hash of whose it is: nobody fills the table
    sealed = models.BinaryField()
    received_at = models.DateTimeField()  # of the first complete arrival: what a deadline is judged by
    kept_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["browser"], name="kept_form_browser"), models.Index(fields=["account"], name="kept_form_account"),
            models.Index(fields=["kept_at"], name="kept_form_at"),
        ]
