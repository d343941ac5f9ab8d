"""TELL: the inbox, the outbox, what people chose to be told."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notices.querysets import DeliveryQuerySet, NoticeQuerySet


class Channel(models.TextChoices):
    MAIL = "mail", _("E-mail")


class Kind(models.TextChoices):
    """What a notice is about; people choose channels per kind."""

    TODO = "todo", _("Something to do")
    REMINDER = "reminder", _("Reminder before a deadline")
    BREACH = "breach", _("Overdue")
    ESCALATION = "escalation", _("Raised or sent to you")
    CHANGE = "change", _("A case of yours changed")
    CALENDAR = "calendar", _("A deadline moved")
    ASSESSMENT = "assessment", _("Monthly assessment")


class Notice(models.Model):
    """One row in somebody's inbox. Written in the transaction of what it tells of; ``key`` makes it exactly once.

    It carries number, kind, due and link, never title, name or phone (PRODUCT.md §2). Rows are also written by plain
    SQL (the sweep), so the defaults stand in the database too."""

    key = models.CharField(max_length=120, unique=True)
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="notices")
    post = models.ForeignKey("accounts.Post", null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    # The word of the operation, or rung and clock kind ("breach.feedback"): the sentence is made from it in the
    # reader's language (messages.py).
    word = models.CharField(max_length=40)
    ref = models.CharField(max_length=64)
    path = models.CharField(max_length=200)
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    urgent = models.BooleanField(default=False, db_default=False)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(path__startswith="/") & ~Q(path__startswith="//"), name="notice_path_is_local"
            )
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_user"),
            models.Index(fields=["user", "-id"], condition=Q(read_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return self.key


OPEN = Q(sent_at__isnull=True, dead_at__isnull=True, dropped_at__isnull=True)


class Delivery(models.Model):
    """The outbox: one message to one address over one channel, at least once, with a stable id (``key``).

    To a person of the staff (``notice``), or to a submitter (``address``, ``template``, ``context``, emptied once it is
    sent: nobody needs them any longer). Claimed with a lease and an attempt count; after five attempts it is dead and
    shown to the administrator. Dropped is what nobody can receive any more (the person left or has no address)."""

    key = models.CharField(max_length=140, unique=True)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.MAIL, db_default=Channel.MAIL)
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.CASCADE, related_name="+")
    notice = models.ForeignKey(Notice, null=True, on_delete=models.CASCADE, related_name="deliveries")
    address = models.CharField(max_length=254, blank=True, db_default="")
    template = models.CharField(max_length=40, blank=True, db_default="")
    context = models.JSONField(default=dict, db_default={})
    language = models.CharField(max_length=10, blank=True, db_default="")
    urgent = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    # Set when claimed together with others: a repeat after a crash carries the same rows under the same id.
    digest = models.CharField(max_length=64, blank=True, db_default="")
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    sent_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, db_default="")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(notice__isnull=False, user__isnull=False) | (Q(notice__isnull=True) & ~Q(template="")),
                name="delivery_says_something",
            )
        ]
        indexes = [
            models.Index(fields=["not_before", "id"], condition=OPEN, name="delivery_open"),
            models.Index(fields=["user", "id"], condition=OPEN, name="delivery_open_user"),
            models.Index(fields=["digest"], condition=OPEN & ~Q(digest=""), name="delivery_open_digest"),
            models.Index(fields=["dead_at"], condition=Q(dead_at__isnull=False), name="delivery_dead"),
        ]

    def __str__(self) -> str:
        return self.key


class Preference(models.Model):
    """A person's choice for one kind and channel. Breach notices cannot be turned off."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="notice_preferences")
    kind = models.CharField(max_length=12, choices=Kind)
    channel = models.CharField(max_length=8, choices=Channel)
    on = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "channel"], name="preference_once"),
            models.CheckConstraint(condition=~Q(kind=Kind.BREACH) | Q(on=True), name="breach_stays_on"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.channel}"


class MailLanguage(models.Model):
    """The language in which a person wants mail; without a row it is the default one."""

    user = models.OneToOneField("accounts.User", primary_key=True, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)

    def __str__(self) -> str:
        return f"{self.user_id} {self.language}"
