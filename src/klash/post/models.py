from django.db import models


class Message(models.Model):
    """One mail to one address about one event. `event` and `to` make it unique: what is told once stays told once."""

    event = models.CharField(max_length=120)
    to = models.EmailField()
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    calendar = models.TextField(blank=True, db_default="")  # what the receiver's calendar is told: iCalendar objects, one after another
    message_id = models.CharField(max_length=120, unique=True)
    queued_at = models.DateTimeField(db_index=True)
    sent_at = models.DateTimeField(null=True, db_index=True)
    refused_at = models.DateTimeField(null=True)  # when the mail server last took the others and not this one

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["event", "to"], name="one_mail_an_event")]
