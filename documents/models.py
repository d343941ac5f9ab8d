"""PAPER: files that come in, official PDFs that go out (PRODUCT.md §7)."""

from __future__ import annotations

import secrets

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.querysets import AttachmentQuerySet, DocumentQuerySet


def new_code() -> str:
    """128 random bits, as the QR carries them."""
    return secrets.token_urlsafe(16)


class Attachment(models.Model):
    """A file of a case. Stored under a random name outside the web root; served only through the policy of its
    subject."""

    class By(models.TextChoices):
        SUBMITTER = "submitter", _("submitter")
        STAFF = "staff", _("staff")

    subject_kind = models.CharField(max_length=12)
    subject_id = models.BigIntegerField()
    name = models.CharField(max_length=255)
    path = models.CharField(max_length=80, unique=True)
    size = models.PositiveIntegerField()
    mime = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    by = models.CharField(max_length=9, choices=By)
    post = models.ForeignKey("accounts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("accounts.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    public = models.BooleanField(default=False)  # the enterprise may read it
    created_at = models.DateTimeField()

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="attachment_subject")]

    def __str__(self) -> str:
        return self.name


class NumberSeries(models.Model):
    """The last number given in a series (机关代字) and year: taken under a row lock, without gaps."""

    series = models.CharField(max_length=24)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="number_series_once")]

    def __str__(self) -> str:
        return f"{self.series} {self.year}: {self.last}"


class Document(models.Model):
    """An official PDF, archived as bytes with its SHA-256. The bytes never change: a correction, and the copy that is
    made when the official number is recorded, is a new row that names the one it replaces. A corrected paper takes a
    new number; the signed-off copy keeps the number and takes the next ``version``."""

    class Kind(models.TextChoices):
        BULLETIN = "bulletin", _("Monthly bulletin")
        RED_CARD = "red_card", _("Red card notice")
        BRIEF = "brief", _("Investment brief")

    class State(models.TextChoices):
        VALID = "valid", _("valid")
        CORRECTED = "corrected", _("corrected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    kind = models.CharField(max_length=10, choices=Kind)
    number = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    organ = models.CharField(max_length=100)
    period = models.CharField(max_length=7, blank=True)
    unit = models.ForeignKey("accounts.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.VALID)
    code = models.CharField(max_length=32, unique=True, default=new_code)
    path = models.CharField(max_length=80, unique=True)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    # Of the list of sums of the files inside (SHA256SUMS.txt), as printed on the paper.
    data_sha256 = models.CharField(max_length=64, blank=True)  # empty where no data is enclosed
    # Of what it was rendered from, archived beside it: the same source gives the same bytes again.
    source_sha256 = models.CharField(max_length=64)
    official_number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("accounts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    # Principals that may read it besides those who see everything operational; empty: every signed-in member of staff.
    readers = ArrayField(models.BigIntegerField(), default=list)
    reason = models.TextField(blank=True)  # why it was corrected or withdrawn
    # The row it was made from (an assessment run, a card), by kind and key.
    source_kind = models.CharField(max_length=20, blank=True)
    source_id = models.BigIntegerField(null=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["kind", "-id"], name="document_kind"),
            models.Index(fields=["source_kind", "source_id"], name="document_source"),
            GinIndex(fields=["readers"], name="document_readers"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="document_not_empty"),
            models.UniqueConstraint(fields=["number", "version"], name="document_number_once"),
            # One card has one valid notice: a second try of the worker finds the first.
            models.UniqueConstraint(
                fields=["kind", "source_kind", "source_id"],
                condition=Q(state="valid", source_id__isnull=False),
                name="document_one_valid_per_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def shown_number(self) -> str:
        """发文字号 as printed: the official one once it is recorded."""
        return self.official_number or self.number

    def newest(self) -> Document:
        """What stands in its place now: itself, or the end of the chain of those that replaced it."""
        found = self
        while found.state == self.State.CORRECTED:
            found = found.replaced_by
        return found


class Download(models.Model):
    """Who took which document when. Append-only."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="downloads")
    at = models.DateTimeField()
    post = models.ForeignKey("accounts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")
    address = models.GenericIPAddressField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.document_id} {self.at:%F %T}"
