"""Investment in 万元: the plan of a year and, month by month, plan, actual and what statistics took."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.projects import USER, Project
from projects.querysets import MonthFigureQuerySet

AMOUNT = {"max_digits": 14, "decimal_places": 2}


class YearPlan(models.Model):
    """``first_amount`` is the first plan of the year, once another one holds: it stays beside it for good."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="year_plans")
    year = models.PositiveSmallIntegerField()
    amount = models.DecimalField(_("plan of the year"), **AMOUNT)
    first_amount = models.DecimalField(**AMOUNT, null=True)

    class Meta:
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["project", "year"], name="year_plan_once")]

    def __str__(self) -> str:
        return f"{self.project} {self.year}"


class MonthFigure(models.Model):
    """``month`` is its first day. ``included`` is the word of the statistics office: None until it has answered."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="months")
    month = models.DateField()
    plan = models.DecimalField(_("plan"), **AMOUNT, null=True, blank=True)
    actual = models.DecimalField(_("actual"), **AMOUNT, null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    entered_by = models.ForeignKey(**USER, null=True)
    entered_at = models.DateTimeField(null=True)
    included = models.BooleanField(_("included in statistics"), null=True)
    why_not = models.CharField(_("why not"), max_length=500, blank=True)
    answered_by = models.ForeignKey(**USER, null=True)
    answered_at = models.DateTimeField(null=True)

    objects = MonthFigureQuerySet.as_manager()

    class Meta:
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(fields=["project", "month"], name="month_figure_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="month_figure_first_day"),
            models.CheckConstraint(condition=Q(actual__gte=0), name="month_figure_not_negative"),
        ]
        indexes = [models.Index(fields=["month"], name="month_figure_month")]

    def __str__(self) -> str:
        return f"{self.project} {self.month:%Y-%m}"
