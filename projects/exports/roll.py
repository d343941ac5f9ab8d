"""The list of projects under the headings of the import: what goes out can be mended and sent in again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.utils import translation

from accounts.actors import Actor
from common import clock
from documents.sheets import MOST, Listed, Row, Share, Value
from projects.imports.columns import ALONGSIDE, COLUMNS, PLANNED, WORDS, Column
from projects.imports.rows import headings
from projects.leadpage import light_of
from projects.models import Enterprise, MonthFigure, PlanItem, Project, YearPlan

# The first word that the import knows for a value.
WORD_OF = {name: {value: word for word, value in reversed(words.items())} for name, words in WORDS.items()}


def projects(rows: QuerySet[Project], actor: Actor) -> Listed:
    """In Chinese whoever reads it, as the import has it. ``rows`` come with their light, in the order of the page."""
    found = list(_with_figures(rows, clock.today().year).for_list()[:MOST])
    whole = set(Project.objects.whole_for(actor).filter(pk__in=[one.pk for one in found]).values_list("pk", flat=True))
    for project in found:
        if project.pk not in whole:  # its money is not there for the reader
            project.year_plan = project.year_done = None
    firms = {project.enterprise_id for project in found}
    open_to = set(Enterprise.objects.visible_to(actor).filter(pk__in=firms).values_list("pk", flat=True))
    with translation.override("zh-hans"):
        lines = [_line(project, project.enterprise_id in open_to) for project in found]
    return "项目", [*headings(), *ALONGSIDE], lines


def _with_figures(rows: QuerySet[Project], year: int) -> Any:
    """Adds plan and investment of the year, and the planned days under the names of their columns."""
    planned = YearPlan.objects.order_by().filter(project=OuterRef("pk"), year=year)
    done = MonthFigure.objects.order_by().filter(project=OuterRef("pk"), month__year=year)
    items = PlanItem.objects.order_by().filter(project=OuterRef("pk"))
    return rows.annotate(
        year_plan=Subquery(planned.values("amount")),
        year_done=Subquery(done.values("project").annotate(sum=Sum("actual")).values("sum")),
        **{name: Subquery(items.filter(key=key).values("planned_end")) for name, (key, _name) in PLANNED.items()},
    )


def _line(project: Any, firm_open: bool) -> Row:
    values = [_value(project, column, firm_open) for column in COLUMNS]
    manager, done, plan = project.manager, project.year_done, project.year_plan
    rate = Share((done or Decimal(0)) / plan) if plan else None
    return [*values, light_of(project).word, manager.user.name if manager else None, done, rate]


def _value(project: Any, column: Column, firm_open: bool) -> Value:
    if column.field == "uscc":  # who sees a project reads the name of its enterprise, and no more of it
        return project.enterprise.uscc if project.enterprise and firm_open else None
    value: Any = getattr(project, column.field)
    if column.kind == "choice":
        label = getattr(project, f"get_{column.field}_display")
        return WORD_OF[column.field].get(value) or str(label())
    if column.kind == "flag":
        return "是" if value else "否"
    if column.kind in ("unit", "chain") or column.field == "enterprise":
        return value.name if value else None
    return value
