"""The parts of one project's file: its plan, the investment of a year, the service log."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common import fmt
from documents.sheets import MOST, Listed, Row
from projects import planrows
from projects.exports.overviews import answered, counted_in, wan
from projects.models import LogEntry, MonthFigure, PlanItem, Project


def plan(project: Project, items: Sequence[PlanItem]) -> Listed:
    heading = [
        _("Plan item"), _("Kind"), _("State"), _("Light"), _("Responsible unit"), _("Planned start"),
        _("Planned end"), _("First planned start"), _("First planned end"), _("Begun on"), _("Done on"),
        _("Statutory days"), _("Promised days"), _("Counted in"), _("Days taken"), _("Times returned"), _("Remarks"),
    ]  # fmt: skip
    return " ".join((_("Plan"), project.code)), heading, [_item(item) for item in items]


def _item(item: PlanItem) -> Row:
    unit, light = item.unit or item.project.unit, planrows.light(item)
    return [
        item.name, item.get_kind_display(), item.get_state_display(), light.word if light else None,
        unit.label if unit else None, item.planned_start, item.planned_end, item.baseline_start, item.baseline_end,
        item.started_on, item.ended_on, item.statutory_days, item.promised_days,
        counted_in(item), item.taken_days, item.times_returned, item.note,
    ]  # fmt: skip


def money(project: Project, year: int, months: Sequence[MonthFigure]) -> Listed:
    """Month by month from January, with the sums up to each."""
    heading = [
        _("Month"), wan(_("Plan")), wan(_("Investment done")), wan(_("Planned since January")),
        wan(_("Done since January")), _("Statistics"), _("Entered by"), _("Entered at"), _("Source"),
    ]  # fmt: skip
    planned = accumulate(row.plan or Decimal(0) for row in months)
    done = accumulate(row.actual or Decimal(0) for row in months)
    lines = [
        [f"{row.month:%Y-%m}", row.plan, row.actual, plan, None if row.actual is None else sum_, *answered(row),
         row.source]
        for row, plan, sum_ in zip(months, planned, done, strict=True)
    ]  # fmt: skip
    return " ".join((_("Investment"), project.code, str(year))), heading, lines


def log(project: Project, entries: QuerySet[LogEntry]) -> Listed:
    heading = [
        _("Day of contact"), _("Kind"), _("What was done"), _("Who was in touch"), _("Unit"), _("Registered"),
    ]  # fmt: skip
    return " ".join((_("Service log"), project.code)), heading, [_contact(entry) for entry in entries[:MOST]]


def _contact(entry: Any) -> Row:
    unit = entry.post.unit if entry.post else None
    kind = entry.get_kind_display()
    return [entry.on, kind, entry.text, entry.by.name, unit.label if unit else None, fmt.day(entry.entered_at)]
