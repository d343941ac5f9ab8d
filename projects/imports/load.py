"""Write the changes of a batch in a few statements, and note what undoing them will need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import Principal
from accounts.names import pinyin
from common import clock
from projects.imports.columns import PLANNED
from projects.imports.compare import Change
from projects.imports.known import NewEnterprise
from projects.models import Enterprise, PlanItem, PlanRevision, Project, ProjectImport, YearPlan
from projects.services._milestones import reached
from projects.states import MILESTONES, ItemKind

ROWS = 500
ITEM_FIELDS = ("planned_start", "planned_end", "baseline_start", "baseline_end")
REACHED = ("state", "started_on", "ended_on")
ORDER_OF = {"started": 40, "completed": 50}


@dataclass
class Undoing:
    """Keys of rows that were made, and of rows that were changed their fields as ``[before, after]``."""

    made: dict[str, list[int]] = field(default_factory=dict)
    changed: dict[str, dict[str, dict[str, list[Any]]]] = field(default_factory=dict)
    # What rows that were made still have to hold: they bear no version of their own.
    made_as: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)

    def was_made(self, rows: Sequence[Model], *holding: str) -> None:
        for row in rows:
            name = str(row._meta.model_name)
            self.made.setdefault(name, []).append(row.pk)
            if holding:
                held = {one: plain(getattr(row, one)) for one in holding}
                self.made_as.setdefault(name, {})[str(row.pk)] = held

    def was_changed(self, row: Model, fields: dict[str, tuple[Any, Any]]) -> None:
        known = self.changed.setdefault(str(row._meta.model_name), {}).setdefault(str(row.pk), {})
        known.update({name: [plain(before), plain(after)] for name, (before, after) in fields.items()})

    def as_json(self) -> dict[str, Any]:
        return {"made": self.made, "changed": self.changed, "made_as": self.made_as}


def plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | date) else value


def make_enterprises(new: Sequence[NewEnterprise], undoing: Undoing) -> dict[str, Enterprise]:
    """Those that the list brings along; by name."""
    if not new:
        return {}
    keys = Principal.objects.allocate(Principal.Kind.ENTERPRISE, len(new))
    now = clock.now()
    rows = [
        Enterprise(principal_id=key, name=one.name, uscc=one.uscc, created_at=now)
        for key, one in zip(keys, new, strict=True)
    ]
    Enterprise.objects.bulk_create(rows, batch_size=ROWS)
    undoing.was_made(rows)
    return {row.name: row for row in rows}


def load(changes: Sequence[Change], made: dict[str, Enterprise], undoing: Undoing, row: ProjectImport) -> None:
    """The changes of one batch. ``made`` are the new enterprises by name; ``row`` is the import they came by."""
    for change in changes:
        if change.enterprise is not None:
            change.project.enterprise = made[change.enterprise.name]
            before = change.fields["enterprise_id"][0]
            change.fields["enterprise_id"] = (before, change.project.enterprise_id)
    _projects(changes, undoing)
    _years([change for change in changes if change.year_plan], undoing)
    _items([change for change in changes if change.items], undoing, row)
    _reached([change for change in changes if change.reached], undoing)


def _projects(changes: Sequence[Change], undoing: Undoing) -> None:
    now = clock.now()
    new = [change.project for change in changes if change.is_new]
    for project in new:
        project.created_at = now
        project.pinyin = pinyin(project.name, 800)
    Project.objects.bulk_create(new, batch_size=ROWS)
    undoing.was_made(new)
    old = [change for change in changes if not change.is_new]
    names = {"version"}
    for change in old:
        project, version = change.project, change.project.version
        fields = {name: pair for name, pair in change.fields.items() if name != "year_plan"}
        if "name" in fields:
            was, project.pinyin = project.pinyin, pinyin(project.name, 800)
            fields["pinyin"] = (was, project.pinyin)
        project.version = version + 1
        undoing.was_changed(project, {**fields, "version": (version, version + 1)})
        names.update(name.removesuffix("_id") for name in fields)
    if old:
        Project.objects.bulk_update([change.project for change in old], sorted(names), batch_size=ROWS)


def _years(changes: Sequence[Change], undoing: Undoing) -> None:
    plans = [(change.year_plan, change) for change in changes if change.year_plan]
    new = [plan for plan, _change in plans if plan.pk is None]
    for plan, change in plans:
        plan.project = change.project
        if plan.pk is not None:
            before, first = change.fields["year_plan"][0], plan.first_amount
            plan.first_amount = before if first is None else first
            undoing.was_changed(
                plan, {"amount": change.fields["year_plan"], "first_amount": (first, plan.first_amount)}
            )
    old = [plan for plan, _change in plans if plan.pk is not None]
    YearPlan.objects.bulk_update(old, ["amount", "first_amount"], batch_size=ROWS)
    YearPlan.objects.bulk_create(new, batch_size=ROWS)
    undoing.was_made(new, "amount")


def _items(changes: Sequence[Change], undoing: Undoing, row: ProjectImport) -> None:
    """A day that is moved stays beside the first one, with the import as the reason."""
    new, old, revisions = [], [], []
    for change in changes:
        for name, item in change.items.items():
            day, key_and_name = change.row.given[name], PLANNED[name]
            before = {one: getattr(item, one) for one in ITEM_FIELDS}
            item.project = change.project
            if item.pk is None:
                _new_item(item, key_and_name, day, change.project)
                new.append(item)
                continue
            one_day = item.planned_start in (None, item.planned_end)
            item.planned_start = day if one_day else min(item.planned_start, day)
            item.planned_end = day
            item.baseline_start = item.baseline_start or item.planned_start
            item.baseline_end = item.baseline_end or day
            undoing.was_changed(item, {one: (before[one], getattr(item, one)) for one in ITEM_FIELDS})
            old.append(item)
            revisions.append(_revision(item, before, row))
    PlanItem.objects.bulk_create(new, batch_size=ROWS)
    PlanItem.objects.bulk_update(old, list(ITEM_FIELDS), batch_size=ROWS)
    PlanRevision.objects.bulk_create(revisions, batch_size=ROWS)
    undoing.was_made(new, *ITEM_FIELDS, "state", "unit_id", "started_on", "ended_on")
    undoing.was_made(revisions)


def _reached(changes: Sequence[Change], undoing: Undoing) -> None:
    """Milestones that are done by a day which the list brought."""
    rows = []
    for change in changes:
        for key, item in change.reached.items():
            before = {one: getattr(item, one) for one in REACHED}
            reached(item, getattr(change.project, MILESTONES[key]))
            undoing.was_changed(item, {one: (before[one], getattr(item, one)) for one in REACHED})
            rows.append(item)
    PlanItem.objects.bulk_update(rows, list(REACHED), batch_size=ROWS)


def _new_item(item: PlanItem, key_and_name: tuple[str, str], day: date, project: Project) -> None:
    """What has happened already, as the project's own day says, is done and never late."""
    reached(item, getattr(project, MILESTONES[key_and_name[0]]))
    item.kind, item.name, item.order = ItemKind.MILESTONE, key_and_name[1], ORDER_OF[key_and_name[0]]
    item.planned_start = item.planned_end = item.baseline_start = item.baseline_end = day


def _revision(item: PlanItem, before: dict[str, Any], row: ProjectImport) -> PlanRevision:
    now = clock.now()
    reason = _("List of projects “%(name)s”") % {"name": row.name[:400]}
    return PlanRevision(
        item=item, old_start=before["planned_start"], old_end=before["planned_end"], new_start=item.planned_start,
        new_end=item.planned_end, reason=reason, asked_by=row.by, asked_at=now, granted=True, ruled_by=row.by,
        ruled_at=now, ruling=reason,
    )  # fmt: skip
