"""What was promised and what was done for an enterprise or a project: promises with their checks, the service log."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.projects import POST, UNIT, USER, Project
from projects.querysets import LogQuerySet, PromiseQuerySet
from projects.states import CheckResult, Finding, LogKind, PromiseSide


class Promise(models.Model):
    """What the agreement binds one side to, until when."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="promises")
    side = models.CharField(_("who promised"), max_length=12, choices=PromiseSide.choices)
    text = models.CharField(_("promise"), max_length=1000)
    clause = models.CharField(_("clause of the agreement"), max_length=100, blank=True)
    due_on = models.DateField(_("due on"))
    unit = models.ForeignKey(**UNIT, null=True, blank=True, verbose_name=_("responsible unit"))
    entered_by = models.ForeignKey(**USER, null=True)
    entered_at = models.DateTimeField()

    objects = PromiseQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.text


class PromiseCheck(models.Model):
    """A look back (回头看); the last one per promise counts. A finding may become an issue: its number stays here."""

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="checks")
    on = models.DateField()
    result = models.CharField(max_length=12, choices=CheckResult.choices)
    finding = models.CharField(max_length=12, choices=Finding.choices, blank=True)
    text = models.CharField(max_length=1000, blank=True)
    issue = models.CharField(_("issue"), max_length=32, blank=True)
    by = models.ForeignKey(**USER, null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return f"{self.promise_id} {self.result}"


class LogEntry(models.Model):
    """服务记录: human contact, on the day it happened, whenever it was typed in."""

    project = models.ForeignKey(Project, null=True, blank=True, on_delete=models.CASCADE, related_name="log")
    enterprise = models.ForeignKey(
        "projects.Enterprise", null=True, blank=True, on_delete=models.PROTECT, related_name="log"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=LogKind.choices)
    on = models.DateField(_("day of contact"))
    text = models.CharField(_("what was done"), max_length=2000)
    by = models.ForeignKey(**USER)
    post = models.ForeignKey(**POST, null=True)
    entered_at = models.DateTimeField()

    objects = LogQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(project__isnull=False) | Q(enterprise__isnull=False), name="log_entry_about_somebody"
            )
        ]
        indexes = [
            models.Index(fields=["project", "-on"], name="log_project"),
            models.Index(fields=["enterprise", "-on"], name="log_enterprise"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"
