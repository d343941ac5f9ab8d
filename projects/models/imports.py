"""One workbook of projects that came in: what it would change, how far it is, and how to take it back."""

from __future__ import annotations

from django.db import models

from projects.models.projects import USER
from projects.querysets import ImportQuerySet
from projects.states import ImportState


class ProjectImport(models.Model):
    name = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    path = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.CHECKING)
    rows = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    # [{row, column, heading, value, message}] and [{code, name, changes: {field: [before, now]}}]
    problems = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    # What undoing needs: keys that were made, values that were there before, versions that must still be the same.
    before = models.JSONField(default=dict)
    # Nobody: by the command.
    by = models.ForeignKey(**USER, null=True)
    uploaded_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-id"]

    def __str__(self) -> str:
        return self.name
