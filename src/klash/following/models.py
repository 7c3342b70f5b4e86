"""News of what is public, and the people who follow it."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from klash.accounts.models import User
from klash.competitions.models import Competition
from klash.core import chance
from klash.core.fields import TextInLanguages
from klash.rules.news import Happening


class Pointing(models.Model):
    """Names a thing, and the page that tells of it."""

    about = models.CharField(max_length=80)
    title = TextInLanguages()  # of the thing, as it was then
    page = models.CharField(max_length=60)  # its name, "problems:problem"
    args = models.JSONField(default=list)
    is_invented = models.BooleanField(default=False)

    class Meta:
        abstract = True

    @property
    def url(self) -> str:
        """The page's address in the language of the moment."""
        return reverse(self.page, args=self.args)


class News(Pointing):
    """One public happening, once for each thing that it is about. Written in the transaction in which it happens.

    about: kind and code of a thing ("problems/…", "challenges/…", "competition/…"). event: the same for all rows of one happening.
    """

    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="news")
    event = models.CharField(max_length=160)
    happening = models.CharField(max_length=24, choices=[(one.value, one.value) for one in Happening])
    detail = TextInLanguages()  # in a person's words, where there are any
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["event", "about"], name="one_news_a_thing")]
        indexes = [models.Index(fields=["about", "-at", "-id"], name="news_of_thing")]


class Follow(Pointing):
    """A person hears by mail what becomes of a thing. told_at: everything until then has been told, or was there before."""

    code = models.CharField(max_length=32, unique=True, default=chance.code)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="follows")
    competition = models.ForeignKey(Competition, on_delete=models.CASCADE, related_name="+")
    told_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["person", "about"], name="one_follow_a_thing")]
        indexes = [models.Index(fields=["about"], name="follow_of_thing")]
