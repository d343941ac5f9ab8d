"""Plan items: milestones, tasks and approvals in one table, made from templates, with the first dates kept."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from projects.models.projects import UNIT, USER, Project
from projects.querysets import PlanItemQuerySet
from projects.states import ApprovalType, Category, DayKind, ItemKind, ItemState


class PlanTemplate(models.Model):
    """What a project of a category and an approval type has to go through; empty fits any."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    category = models.CharField(max_length=16, choices=Category.choices, blank=True)
    approval_type = models.CharField(max_length=8, choices=ApprovalType.choices, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TemplateItem(models.Model):
    """``offset`` and ``length`` in calendar days from the day the plan begins; equal offsets run in parallel."""

    template = models.ForeignKey(PlanTemplate, on_delete=models.CASCADE, related_name="items")
    key = models.SlugField(max_length=40, allow_unicode=True)
    kind = models.CharField(max_length=10, choices=ItemKind.choices)
    name = models.CharField(max_length=100)
    order = models.PositiveSmallIntegerField()
    offset = models.PositiveSmallIntegerField(default=0)
    length = models.PositiveSmallIntegerField(default=1)
    unit = models.ForeignKey(**UNIT, null=True, blank=True)
    statutory_days = models.PositiveSmallIntegerField(null=True, blank=True)
    promised_days = models.PositiveSmallIntegerField(null=True, blank=True)
    day_kind = models.CharField(max_length=2, choices=DayKind.choices, default=DayKind.WORKING)

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["template", "key"], name="template_item_once")]

    def __str__(self) -> str:
        return self.name


class PlanItem(models.Model):
    """``baseline_*`` are the first dates that were agreed; ``planned_*`` those that hold now."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="plan")
    key = models.SlugField(max_length=40, allow_unicode=True)
    kind = models.CharField(_("kind"), max_length=10, choices=ItemKind.choices)
    name = models.CharField(_("name"), max_length=100)
    order = models.PositiveSmallIntegerField(default=100)
    state = models.CharField(_("state"), max_length=10, choices=ItemState.choices, default=ItemState.PENDING)
    unit = models.ForeignKey(**UNIT, null=True, blank=True, verbose_name=_("responsible unit"))
    planned_start = models.DateField(_("planned start"), null=True, blank=True)
    planned_end = models.DateField(_("planned end"), null=True, blank=True)
    baseline_start = models.DateField(null=True, blank=True)
    baseline_end = models.DateField(null=True, blank=True)
    started_on = models.DateField(_("begun on"), null=True, blank=True)
    ended_on = models.DateField(_("done on"), null=True, blank=True)
    statutory_days = models.PositiveSmallIntegerField(_("statutory days"), null=True, blank=True)
    promised_days = models.PositiveSmallIntegerField(_("promised days"), null=True, blank=True)
    day_kind = models.CharField(_("counted in"), max_length=2, choices=DayKind.choices, default=DayKind.WORKING)
    # Days that the approval took, in ``day_kind``: written when it is granted or refused.
    taken_days = models.PositiveSmallIntegerField(null=True, blank=True)
    times_returned = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(_("note"), max_length=500, blank=True)
    reported_at = models.DateTimeField(null=True)
    reported_by = models.ForeignKey(**USER, null=True)

    objects = PlanItemQuerySet.as_manager()

    class Meta:
        ordering = ["order", "planned_start", "id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="plan_item_once"),
            models.CheckConstraint(condition=Q(planned_end__gte=F("planned_start")), name="plan_item_ends_after_start"),
        ]
        indexes = [
            models.Index(fields=["kind", "state", "planned_end"], name="plan_item_open"),
            models.Index(fields=["unit", "planned_end"], name="plan_item_unit"),
        ]

    def __str__(self) -> str:
        return self.name


class PlanRevision(models.Model):
    """Earlier is free, later needs the coordinator's consent; either stays beside the first dates."""

    item = models.ForeignKey(PlanItem, on_delete=models.CASCADE, related_name="revisions")
    old_start = models.DateField(null=True)
    old_end = models.DateField(null=True)
    new_start = models.DateField(null=True)
    new_end = models.DateField(null=True)
    reason = models.CharField(max_length=500)
    asked_by = models.ForeignKey(**USER, null=True)
    asked_at = models.DateTimeField()
    # None while it waits; an earlier date holds at once.
    granted = models.BooleanField(null=True)
    ruled_by = models.ForeignKey(**USER, null=True)
    ruled_at = models.DateTimeField(null=True)
    ruling = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(granted__isnull=True), name="plan_revision_one_open")
        ]

    def __str__(self) -> str:
        return f"{self.item} → {self.new_end}"


class PlanReturn(models.Model):
    """退回补正: each time that an approval was returned, and when it was taken up again."""

    item = models.ForeignKey(PlanItem, on_delete=models.CASCADE, related_name="returns")
    at = models.DateTimeField()
    text = models.CharField(max_length=500)
    by = models.ForeignKey(**USER, null=True)
    until = models.DateField(null=True)  # then it runs again by itself; none on those from before there was one
    taken_up_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["at"], name="plan_return_at")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.at:%F}"


class ApprovalWeek(models.Model):
    """审批周报 as it stood on its Friday: what comes later changes nothing of it."""

    friday = models.DateField(unique=True)
    made_at = models.DateTimeField()
    units = models.JSONField(default=list)
    total = models.JSONField(default=dict)
    projects = models.JSONField(default=list)

    class Meta:
        ordering = ["-friday"]

    def __str__(self) -> str:
        return f"{self.friday:%F}"
