"""HOW WELL: the monthly ranking, frozen case by case, contests, cards (PRODUCT.md §6)."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import Group
from assessments.querysets import CardQuerySet, ContestQuerySet, FrozenCaseQuerySet, ResultQuerySet, RunQuerySet
from assessments.states import Grade, Part, WhyNot


class ScoringScheme(models.Model):
    """评分办法: weights, deductions, pass mark, minimum numbers, as data. Never edited: a new version replaces it."""

    version = models.PositiveIntegerField(unique=True)
    valid_from = models.CharField(max_length=7, help_text="first month, YYYY-MM")
    data = models.JSONField()
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"v{self.version}"


class Run(models.Model):
    """One month's assessment of all groups. A draft is recomputed at will; a published one is frozen for good, and a
    correction is a new version with its reason."""

    class State(models.TextChoices):
        REHEARSAL = "rehearsal", _("rehearsal")
        DRAFT = "draft", _("draft ranking")
        PROPOSED = "proposed", _("awaiting the second signature")
        PUBLISHED = "published", _("ranking published")
        REPLACED = "replaced", _("replaced by a correction")

    month = models.CharField(max_length=7)
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    scheme = models.ForeignKey(ScoringScheme, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    computed_at = models.DateTimeField()
    contest_until = models.DateTimeField(null=True)
    data_sha256 = models.CharField(max_length=64, blank=True)
    reason = models.TextField(blank=True)
    proposed_by = models.ForeignKey("accounts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey("accounts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    document = models.ForeignKey("documents.Document", null=True, on_delete=models.PROTECT, related_name="+")

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["month", "version"], condition=~Q(state="rehearsal"), name="run_version_once"
            ),
            models.UniqueConstraint(fields=["month"], condition=Q(state__in=["draft", "proposed"]), name="one_draft"),
            models.UniqueConstraint(fields=["month"], condition=Q(state="rehearsal"), name="one_rehearsal"),
            models.UniqueConstraint(fields=["month"], condition=Q(state="published"), name="one_published"),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "replaced"])
                | Q(proposed_by__isnull=False, published_by__isnull=False) & ~Q(published_by=F("proposed_by")),
                name="run_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} v{self.version} {self.state}"


class FrozenCase(models.Model):
    """One case behind one figure of one unit: every figure is computed from these rows and opens into them.

    Triggers keep the rows of a published run as they are."""

    # A month writes hundreds of thousands of rows in one statement, out of the very tables that they refer to: an index
    # and a constraint per key would cost more than all the rest. The unique key begins with the run.
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="cases", db_index=False, db_constraint=False)
    unit = models.ForeignKey(
        "accounts.Unit", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    # An Indicator, a Deduction, or "completion".
    indicator = models.CharField(max_length=24)
    # The clock, rating or event that it comes from.
    source_id = models.BigIntegerField()
    issue_id = models.BigIntegerField()
    ref = models.CharField(max_length=64)
    counts = models.BooleanField(help_text="in the numerator")
    part = models.CharField(max_length=1, choices=Part, blank=True)
    points = models.DecimalField(max_digits=6, decimal_places=2, default=0, help_text="what a deduction costs")
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    lost_days = models.PositiveIntegerField(default=0)
    # A contest that was accepted takes the case out of the figure; it stays listed.
    excluded = models.BooleanField(default=False)

    objects = FrozenCaseQuerySet.as_manager()

    class Meta:
        ordering = ["unit", "indicator", "source_id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "unit", "indicator", "source_id"], name="frozen_case_once")
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.unit_id} {self.indicator} {self.ref}"


class Result(models.Model):
    """A unit's place in a group in one run, computed from its frozen cases."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="results")
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")
    unit_name = models.CharField(max_length=100)
    group = models.CharField(max_length=16, choices=Group)
    window = models.PositiveSmallIntegerField(default=1)
    ranked = models.BooleanField(default=True)
    why_not = models.CharField(max_length=40, choices=WhyNot, blank=True)
    rank = models.PositiveSmallIntegerField(null=True)
    score = models.DecimalField(max_digits=14, decimal_places=10, null=True)
    grade = models.CharField(max_length=12, choices=Grade, blank=True)
    # Resolution clocks: D + C met by the end, D + C, E, paused at the end; while the month runs, not due yet.
    met = models.PositiveIntegerField(default=0)
    due = models.PositiveIntegerField(default=0)
    early = models.PositiveIntegerField(default=0)
    paused = models.PositiveIntegerField(default=0)
    coming = models.PositiveIntegerField(default=0)
    lost_days = models.PositiveIntegerField(default=0)
    # [{code, numerator, denominator, weight, share, value, points}] and [{code, count, points}]: numbers as strings.
    indicators = models.JSONField(default=list)
    deducted = models.JSONField(default=list)
    deductions = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    red_card = models.BooleanField(default=False)
    # With a red card: {of, without: {ref, ways, rank, grade, score, met, due} or null}.
    facts = models.JSONField(null=True)

    objects = ResultQuerySet.as_manager()

    class Meta:
        ordering = ["run", "group", F("rank").asc(nulls_last=True), "unit_name"]
        constraints = [
            models.UniqueConstraint(fields=["run", "group", "unit"], name="result_once"),
            # Two gates: no card without a rank, and none for a unit that kept up.
            models.CheckConstraint(
                condition=Q(red_card=False) | Q(grade=Grade.UNQUALIFIED, rank__isnull=False), name="card_has_two_gates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.unit_name} {self.rank}"

    @property
    def completion(self) -> Decimal | None:
        return Decimal(self.met) / self.due if self.due else None


class Contest(models.Model):
    """A unit contests one case of its draft with evidence; the coordinator rules."""

    class State(models.TextChoices):
        OPEN = "open", _("awaiting a ruling")
        ACCEPTED = "accepted", _("contest accepted")
        REJECTED = "rejected", _("contest rejected")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="contests")
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")
    # The frozen case that it is about; "completion" also for closed on time, as one clock stands behind both.
    indicator = models.CharField(max_length=24)
    source_id = models.BigIntegerField()
    ref = models.CharField(max_length=64)
    text = models.TextField()
    attachment = models.ForeignKey("documents.Attachment", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("accounts.Post", on_delete=models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField(null=True)
    ruled_by = models.ForeignKey("accounts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    ruling = models.TextField(blank=True)

    objects = ContestQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "unit", "indicator", "source_id"], name="contest_once"),
            models.CheckConstraint(
                condition=Q(ruled_by__isnull=True) | ~Q(ruled_by=F("opened_by")), name="contest_two_persons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.ref} {self.state}"


class Card(models.Model):
    """红牌: both gates passed, in a published run. Repaired is shown as repaired, never as nothing."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="cards")
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")
    group = models.CharField(max_length=16, choices=Group)
    facts = models.JSONField()
    issued_at = models.DateTimeField()
    document = models.ForeignKey("documents.Document", null=True, on_delete=models.PROTECT, related_name="+")
    repaired_at = models.DateTimeField(null=True)
    repaired_by = models.ForeignKey("accounts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    repaired_note = models.TextField(blank=True)

    objects = CardQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "id"]
        constraints = [models.UniqueConstraint(fields=["run", "unit", "group"], name="card_once")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.unit_id}"
