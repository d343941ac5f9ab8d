"""The chained event log and its anchors (models of this app, imported by ``models.py``)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from issues.querysets import EventQuerySet


class Event(models.Model):
    """One step of an issue, append-only, chained per issue: ``hash`` = HMAC(previous hash, ``body``) with a key that
    the database never sees. ``body`` is the canonical JSON that was hashed; the other columns repeat it for queries."""

    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("accounts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    public = models.BooleanField(default=False)
    body = models.TextField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["issue", "seq"]
        constraints = [models.UniqueConstraint(fields=["issue", "seq"], name="event_once")]
        # What a month's ranking looks for: few of all events, found by their time.
        indexes = [
            models.Index(
                fields=["at"], condition=Q(kind__in=["send_back", "reopen", "rate"]), name="event_at_for_ranking"
            )
        ]

    def __str__(self) -> str:
        return f"{self.issue_id}#{self.seq} {self.kind}"


class Anchor(models.Model):
    """The hourly root over all new events, signed, and written outside the database too: a cut tail is found by it."""

    at = models.DateTimeField()
    upto = models.BigIntegerField()
    count = models.BigIntegerField()
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    signature = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.upto}"
