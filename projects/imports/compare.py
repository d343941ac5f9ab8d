"""What a row would change: the project that is there, its yearly plan and its planned days, before and now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from projects.imports.columns import BY_FIELD, FACTS, PLANNED
from projects.imports.known import UNIT_FIELDS, Known, NewEnterprise
from projects.imports.rows import Row
from projects.models import MonthFigure, PlanItem, Project, YearPlan
from projects.states import MILESTONES, OPEN_ITEMS, OVER, ItemKind, ItemState, Level, Stage

PLAIN = (
    "name", "investor", "content", "level", "category", "approval_type", "fast_early", "fast_promise", "fast_build",
    "industry", "place", "total_investment", "land_area", "note", *FACTS,
)  # fmt: skip
LINKED = ("enterprise", "chain", *UNIT_FIELDS)


@dataclass
class Change:
    """One project that is new or differs. Differences hold the values themselves, before and now."""

    row: Row
    project: Project
    is_new: bool
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    enterprise: NewEnterprise | None = None
    year_plan: YearPlan | None = None
    items: dict[str, PlanItem] = field(default_factory=dict)
    reached: dict[str, PlanItem] = field(default_factory=dict)
    shown: dict[str, list[str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"code": self.project.code, "name": self.project.name, "new": self.is_new, "changes": self.shown}


@dataclass
class Here:
    """What the database holds of the projects of a batch."""

    projects: dict[str, Project]
    years: dict[tuple[int, int], YearPlan]
    items: dict[tuple[int, str], PlanItem]
    months: dict[tuple[int, int], Decimal]  # what the months of a year are planned with together

    @classmethod
    def of(cls, rows: Sequence[Row], *, lock: bool) -> Here:
        found = Project.objects.filter(code__in=[row.given["code"] for row in rows if "code" in row.given])
        found = found.select_related("enterprise", "chain", *UNIT_FIELDS).order_by("pk")
        if lock:
            found = found.select_for_update(of=("self",), no_key=True)
        projects = {project.code: project for project in found}
        keys = [project.pk for project in projects.values()]
        years = YearPlan.objects.filter(project__in=keys)
        items = PlanItem.objects.filter(project__in=keys, kind=ItemKind.MILESTONE)
        months = MonthFigure.objects.filter(project__in=keys, plan__isnull=False).order_by()
        sums = months.values_list("project", "month__year").annotate(sum=Sum("plan")) if keys else ()
        return cls(
            projects,
            {(one.project_id, one.year): one for one in years},
            {(one.project_id, one.key): one for one in items},
            {(project, year): total for project, year, total in sums},
        )


def compare(rows: Sequence[Row], known: Known, *, lock: bool = False) -> list[Change]:
    """The changes of a batch of rows; what is wrong is told at the row. Five queries."""
    known.look_up(rows)
    here = Here.of(rows, lock=lock)
    return [change for row in rows if (change := _compare(row, known, here)) is not None]


def _compare(row: Row, known: Known, here: Here) -> Change | None:
    code = row.given.get("code")
    project = here.projects.get(code) if code else None
    if project is not None:
        _drop_known(row, project)
    linked: dict[str, Any] = {name: known.unit(row, name) for name in UNIT_FIELDS}
    linked |= {"chain": known.chain(row), "enterprise": known.enterprise(row)}
    if code is None:
        return None
    change = Change(row, project or Project(code=code, level=Level.DISTRICT), project is None)
    if project is None and "name" not in row.given:
        row.wrong("name", _("is missing"))
        return None
    if project is not None:
        _check_here(row, project)
    unit_before = project.unit_id if project is not None else None
    _plain(change)
    _links(change, linked)
    _year(change, here)
    for name in PLANNED:
        _planned(change, name, here)
    _milestones(change, here)
    if unit_before in known.own_units:
        _of_own_unit(change)
    return change if not row.bad and (change.is_new or change.shown) else None


def _drop_known(row: Row, project: Project) -> None:
    """What names the unit, the chain or the enterprise that is there says nothing new, be it that it has ended since or
    shares its name: a list that went out comes in again without mistakes."""
    for name in ("chain", *UNIT_FIELDS):
        there = getattr(project, name)
        if there is not None and row.given.get(name) == there.name:
            del row.given[name]
    firm = project.enterprise
    if firm is not None and row.given.get("enterprise") == firm.name and row.given.get("uscc") in (None, firm.uscc):
        del row.given["enterprise"]
        row.given.pop("uscc", None)


def _check_here(row: Row, project: Project) -> None:
    """What must not come in by a list: stages have gates, days that are known need a reason to be corrected."""
    if project.stage in OVER:
        row.wrong("code", _("this project has ended"))
    stage = row.given.get("stage")
    if stage and stage != project.stage:
        here = Stage(project.stage).label
        row.wrong("stage", _("the project stands at “%(stage)s”; change the stage on its page") % {"stage": here},
                  str(Stage(stage).label))  # fmt: skip
    for name in FACTS:
        before = getattr(project, name)
        if name in row.given and before and before != row.given[name]:
            row.wrong(name, _("is known already as %(day)s; correct it on the project's page") % {"day": before})


def _plain(change: Change) -> None:
    for name in (*PLAIN, "stage") if change.is_new else PLAIN:
        if name in change.row.given:
            _set(change, name, change.row.given[name])


def _set(change: Change, name: str, value: Any) -> None:
    before = getattr(change.project, name)
    # A browser ends its lines otherwise than a spreadsheet.
    lines = before.replace("\r\n", "\n") if isinstance(before, str) else before
    if value in (before, lines) and not (change.is_new and name == "stage"):
        return
    setattr(change.project, name, value)
    change.fields[name] = (before, value)
    change.shown[BY_FIELD[name].heading] = ["" if change.is_new else word(name, before), word(name, value)]


def _links(change: Change, linked: dict[str, Any]) -> None:
    for name in LINKED:
        value = linked[name]
        if value is None:
            continue
        before = getattr(change.project, name)
        if isinstance(value, NewEnterprise):
            change.enterprise = value
            said = _("%(name)s (new)") % {"name": value.name}
            change.shown[BY_FIELD[name].heading] = [str(before or ""), said]
            change.fields["enterprise_id"] = (change.project.enterprise_id, None)
        elif before != value:
            change.fields[f"{name}_id"] = (getattr(change.project, f"{name}_id"), value.pk)
            change.shown[BY_FIELD[name].heading] = [str(before or ""), str(value)]
            setattr(change.project, name, value)


def _year(change: Change, here: Here) -> None:
    amount = change.row.given.get("year_plan")
    if amount is None:
        return
    year = change.row.year
    plan = here.years.get((change.project.pk, year))
    if plan is not None and plan.amount == amount:
        return
    if (months := here.months.get((change.project.pk, year), Decimal(0))) > amount:
        change.row.wrong(
            "year_plan", _("is less than its months together: %(sum)s") % {"sum": word("year_plan", months)}
        )
        return
    before = "" if plan is None else word("year_plan", plan.amount)
    change.year_plan = plan or YearPlan(project=change.project, year=year)
    change.fields["year_plan"] = (None if plan is None else plan.amount, amount)
    change.year_plan.amount = amount
    change.shown[f"{year}年计划投资"] = [before, word("year_plan", amount)]


def _planned(change: Change, name: str, here: Here) -> None:
    day = change.row.given.get(name)
    if day is None:
        return
    key = PLANNED[name][0]
    item = here.items.get((change.project.pk, key))
    before = item.planned_end if item else None
    if before == day:
        return
    if item is not None and item.state not in OPEN_ITEMS:
        done = ItemState(item.state).label
        change.row.wrong(name, _("this item of the plan is closed (%(state)s)") % {"state": done})
        return
    change.items[name] = item or PlanItem(project=change.project, key=key)
    change.shown[BY_FIELD[name].heading] = [str(before or ""), str(day)]


def _milestones(change: Change, here: Here) -> None:
    """A day that the project has now is that of its milestone, which is done by it."""
    for key, name in MILESTONES.items():
        item = here.items.get((change.project.pk, key))
        if name in change.fields and item is not None and item.state in OPEN_ITEMS:
            change.reached[key] = item


def _of_own_unit(change: Change) -> None:
    """Nobody grants for a unit in which they hold a post: not by a list either."""
    if "unit_id" in change.fields:
        change.row.wrong("unit", _("is another one, and the unit is your own: somebody else gives it away"))
    before, amount = change.fields.get("year_plan", (None, None))
    if before is not None and amount < before:
        change.row.wrong("year_plan", _("is less than before, and the unit is your own: somebody else lowers it"))
    for name, item in change.items.items():
        if item.pk is not None and item.planned_end is not None and change.row.given[name] > item.planned_end:
            change.row.wrong(name, _("is later than before, and the unit is your own: somebody else consents"))


def word(name: str, value: Any) -> str:
    """A value as the difference view prints it, in Chinese official words or plain figures."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    labels = {"level": Project.level, "category": Project.category, "approval_type": Project.approval_type}
    if name in labels or name == "stage":
        return str(dict(Project._meta.get_field(name).choices or ())[value])
    if name in ("total_investment", "year_plan"):
        return f"{value:,.2f} 万元"
    if name == "land_area":
        return f"{value:,.2f} 亩"
    return str(value)
