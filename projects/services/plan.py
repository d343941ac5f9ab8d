"""The plan of a project: items entered or taken from a template, dropped, their dates moved (PRODUCT.md §4, §9).

Every verb locks the project first and its item after it, so that two of them never wait for each other crosswise.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Unit
from accounts.services._steps import authorise, take
from common import clock
from common.errors import Conflict, NotVisible, ValidationError
from deadlines import calendar
from projects import messages
from projects.models import PlanItem, PlanRevision, PlanTemplate, Project, TemplateItem
from projects.policy import answer
from projects.services._milestones import day_of, reached
from projects.services._steps import check, living_unit, note, still_going
from projects.states import MILESTONES, OPEN_ITEMS, ItemKind

LIMITS = ("statutory_days", "promised_days", "day_kind")


def take_item(actor: Actor, item_id: int, action: str) -> PlanItem:
    """The item with its project, both locked. 404, 403, 409 when the project is over."""
    project_id = PlanItem.objects.visible_to(actor).filter(pk=item_id).values_list("project", flat=True).first()
    if project_id is None:
        raise NotVisible
    project = take(Project, actor, pk=project_id)
    item = take(PlanItem, actor, pk=item_id)
    item.project = project
    authorise(actor, action, item)
    still_going(project)
    return item


def in_state(item: PlanItem, *states: str) -> None:
    if item.state not in states:
        text = _("This item is “%(state)s” by now.") % {"state": item.get_state_display()}
        raise Conflict(text, state=item.state)


@transaction.atomic
def add_item(
    *,
    actor: Actor,
    project_id: int,
    kind: str,
    name: str,
    key: str = "",
    unit: Unit | None = None,
    planned_start: date | None = None,
    planned_end: date | None = None,
    **limits: Any,
) -> PlanItem:
    """One more item; its dates are the first ones. ``key`` names a milestone or an approval that a gate asks for, once
    per project. ``limits``: statutory_days, promised_days, day_kind. 404, 403, 409, 400."""
    if unknown := set(limits) - set(LIMITS):
        raise TypeError(f"Not a field of an item: {', '.join(sorted(unknown))}")
    project = take(Project, actor, pk=project_id)
    authorise(actor, "add_item", project)
    still_going(project)
    living_unit(unit)
    last = project.plan.aggregate(last=Max("order"))["last"] or 0
    item = PlanItem(
        project=project,
        key=key or f"{kind}-{last + 10}-{project.plan.count()}",
        kind=kind,
        name=name.strip(),
        order=last + 10,
        unit=unit,
        planned_start=planned_start,
        planned_end=planned_end,
        baseline_start=planned_start,
        baseline_end=planned_end,
        **limits,
    )
    _check(item, key)
    reached(item, day_of(item))
    item.save()
    note(actor, "add_item", project, project.code, item=item.name, planned_end=_text(planned_end))
    return item


def _check(item: PlanItem, key: str) -> None:
    if key and item.project.plan.filter(key=key).exists():
        raise ValidationError({"key": [_("The plan has this item already.")]})
    if (item.kind == ItemKind.MILESTONE) != (key in MILESTONES):
        raise ValidationError({"key": [_("Choose which milestone it is; other kinds have none.")]})
    _in_order(item.planned_start, item.planned_end)
    check(item)


def _in_order(start: date | None, end: date | None) -> None:
    if start and end and end < start:
        raise ValidationError({"planned_end": [_("The end lies before the start.")]})


@transaction.atomic
def plan_from_template(*, actor: Actor, project_id: int, template_id: int, starts_on: date) -> list[PlanItem]:
    """The items of the template that the plan does not have yet, counted from ``starts_on``. 404, 403, 409, 400."""
    project = take(Project, actor, pk=project_id)
    authorise(actor, "plan_from_template", project)
    still_going(project)
    template = templates_for(project).filter(pk=template_id).first()
    if template is None:
        raise ValidationError({"template": [_("Choose one of the templates shown.")]})
    there = set(project.plan.values_list("key", flat=True))
    made = PlanItem.objects.bulk_create(
        [_from(project, row, starts_on) for row in template.items.select_related("unit") if row.key not in there]
    )
    note(
        actor, "plan_from_template", project, project.code, template=template.name, items=len(made), on=_text(starts_on)
    )
    return made


def templates_for(project: Project) -> Any:
    """Those that still hold and fit the category and the approval type; what a project has not said fits all."""
    rows = PlanTemplate.objects.exclude(ends_on__lt=clock.today())
    for field in ("category", "approval_type"):
        if value := getattr(project, field):
            rows = rows.filter(**{f"{field}__in": ["", value]})
    return rows


def _from(project: Project, row: TemplateItem, begin: date) -> PlanItem:
    start = begin + timedelta(days=row.offset)
    end = start + timedelta(days=max(row.length, 1) - 1)
    if row.kind == ItemKind.APPROVAL:  # offices take papers on working days, and promised how many they need
        table = calendar.current()
        start = start if table.is_working(start) else table.add_working_days(start, 1)
        end = max(end, start)
        if row.promised_days is not None:
            end = calendar.day_of(table.due(calendar.opening(start), row.promised_days, row.day_kind))
    copied: dict[str, Any] = {name: getattr(row, name) for name in ("key", "kind", "name", "order", *LIMITS)}
    unit: Any = row.unit
    unit = None if unit is None or unit.valid_until is not None else unit
    days = {"planned_start": start, "planned_end": end, "baseline_start": start, "baseline_end": end}
    item = PlanItem(project=project, unit=unit, **days, **copied)
    reached(item, day_of(item))
    return item


@transaction.atomic
def revise_item(
    *,
    actor: Actor,
    item_id: int,
    planned_start: date | None,
    planned_end: date | None,
    reason: str,
) -> PlanRevision:
    """Move the dates. An end that is not later holds at once; a later one waits for consent, unless the actor is who
    gives it. The first dates stay. 404, 403, 409 while another one waits, 400."""
    item = take_item(actor, item_id, "revise_item")
    in_state(item, *OPEN_ITEMS)
    if item.revisions.filter(granted__isnull=True).exists():
        raise Conflict(_("Another change of these dates still waits for consent."), state="asked")
    _in_order(planned_start, planned_end)
    later = item.planned_end is not None and (planned_end is None or planned_end > item.planned_end)
    consents = answer(actor, "grant_revision", item)
    revision = PlanRevision(
        item=item,
        old_start=item.planned_start,
        old_end=item.planned_end,
        new_start=planned_start,
        new_end=planned_end,
        reason=reason.strip(),
        asked_by=actor.user,
        asked_at=clock.now(),
    )
    check(revision)
    if not later or consents:
        _rule(revision, actor if later else None, granted=True)
        _apply(item, revision)
    revision.save()
    note(
        actor, "revise_item", item, item.project.code, item=item.name, planned_end=_text(planned_end), reason=reason,
        changes=_moved(revision),
    )  # fmt: skip
    if revision.granted is None:
        messages.tell_of_revision(revision)
    return revision


@transaction.atomic
def grant_revision(*, actor: Actor, item_id: int, ruling: str = "") -> PlanRevision:
    """The later date holds from now on. 404, 403, 409."""
    return _answer_revision(actor, item_id, "grant_revision", ruling, granted=True)


@transaction.atomic
def deny_revision(*, actor: Actor, item_id: int, ruling: str) -> PlanRevision:
    """The date stays. 404, 403, 409, 400 without a reason."""
    return _answer_revision(actor, item_id, "deny_revision", ruling, granted=False)


def _answer_revision(actor: Actor, item_id: int, action: str, ruling: str, *, granted: bool) -> PlanRevision:
    item = take_item(actor, item_id, action)
    revision = item.revisions.filter(granted__isnull=True).first()
    if revision is None:
        raise Conflict(_("No change of these dates waits for consent."), state="none")
    if granted:
        in_state(item, *OPEN_ITEMS)
    elif not ruling.strip():
        raise ValidationError({"ruling": [_("Say why.")]})
    _rule(revision, actor, granted=granted, ruling=ruling)
    if granted:
        _apply(item, revision)
    revision.save()
    note(actor, action, item, item.project.code, item=item.name, planned_end=_text(revision.new_end), ruling=ruling)
    messages.tell_of_ruling(revision)
    return revision


def _rule(revision: PlanRevision, actor: Actor | None, *, granted: bool, ruling: str = "") -> None:
    revision.granted, revision.ruling, revision.ruled_at = granted, ruling.strip(), clock.now()
    revision.ruled_by = actor.user if actor else None
    check(revision)


def _apply(item: PlanItem, revision: PlanRevision) -> None:
    item.planned_start, item.planned_end = revision.new_start, revision.new_end
    # What had no date until now has its first one.
    item.baseline_start = item.baseline_start or item.planned_start
    item.baseline_end = item.baseline_end or item.planned_end
    item.save(update_fields=["planned_start", "planned_end", "baseline_start", "baseline_end"])


def _moved(revision: PlanRevision) -> dict[str, list[str]]:
    """The dates that are asked for, before and then."""
    pairs = {
        "planned_start": (revision.old_start, revision.new_start),
        "planned_end": (revision.old_end, revision.new_end),
    }
    return {name: [_text(was), _text(to)] for name, (was, to) in pairs.items() if was != to}


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
