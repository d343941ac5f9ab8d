"""三层八线: the leaders' service lines of a year."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.querysets import LineQuerySet


class Line(models.Model):
    """One leader's service line of a year, with its service office and what it covers: units (towns, parks, industry
    offices, departments), issue categories, and named projects. The first matching line in ``order`` gives the leader;
    a line that names the project matches before all others."""

    name = models.CharField(_("name"), max_length=100)
    year = models.PositiveSmallIntegerField(_("year"))
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    leader = models.ForeignKey("accounts.Post", on_delete=models.PROTECT, related_name="lines")
    office = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="lines_served")
    units = models.ManyToManyField("accounts.Unit", related_name="lines", blank=True)
    projects = models.ManyToManyField("projects.Project", related_name="lines", blank=True)
    categories = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["year", "name"], name="line_name_once_a_year")]

    def __str__(self) -> str:
        return f"{self.name}（{self.year}）"
