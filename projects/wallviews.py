"""The three special views of the wall (涪陵区的三项专项行动): 省市重大项目, 比晒亮, 四督四促."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from common import fmt
from projects import wall
from projects.grid import month_before
from projects.models import MonthFigure
from projects.states import Category, Level

HIGHER = Q(level__in=(Level.CITY, Level.PROVINCE))
PLANNED = Q(category=Category.PLANNED_START)
INSPECTIONS = {
    Category.PRELIMINARY: gettext_lazy("Inspect the preparation, hasten the formalities"),
    Category.PLANNED_START: gettext_lazy("Inspect the new starts, hasten the start"),
    Category.CONTINUING: gettext_lazy("Inspect what continues, hasten the progress"),
    Category.COMPLETING: gettext_lazy("Inspect the completion, hasten new growth"),
}
LISTED = 12


def levels(actor: Actor, day: date) -> dict[str, Any]:
    """Projects of the city and the province by responsible unit, ranked three times as the source has it: by their
    number among all, by their investment among all, and by last month's investment against the month before."""
    projects = wall.projects_of(actor)
    last, before = month_before(day), month_before(month_before(day))
    spent = {month: _spent(projects.whole_for(actor).filter(HIGHER), month) for month in (last, before)}
    rows = _by_unit(projects, HIGHER)
    for row in rows:
        row["last"], row["before"] = (spent[month].get(row["unit_id"]) for month in (last, before))
    ranks = [
        _ranks(rows, lambda row: _share(row["part"] or None, row["whole"])),
        _ranks(rows, lambda row: _share(row["money"], row["money_of_all"])),
        _ranks(rows, lambda row: _growth(row["last"], row["before"])),
    ]
    head = [_("Responsible unit"), _("Share by number"), _("Share by investment"),
            _("Investment of %(month)s against the month before") % {"month": fmt.month(last)}]  # fmt: skip
    table = [_named(row, head, [
        _cell(row["part"] or None, row["whole"], ranks[0].get(row["unit_id"])),
        _cell(row["money"], row["money_of_all"], ranks[1].get(row["unit_id"]), money=True),
        _cell_of_growth(row["last"], row["before"], ranks[2].get(row["unit_id"])),
    ]) for row in _sorted(rows, ranks[0])]  # fmt: skip
    return {
        "head": head,
        "rows": table,
        "note": _("Shares: major projects of city and province ÷ all projects of the unit, by number and by total "
                  "investment. Change: (month − month before) ÷ month before, of these. Equal ones share a rank."),
    }  # fmt: skip


def starts(actor: Actor, day: date) -> dict[str, Any]:
    """New starts of the year: those that have begun among those that were planned, by responsible unit."""
    begun = PLANNED & Q(started_on__isnull=False, started_on__lte=day)
    rows = _by_unit(wall.projects_of(actor).filter(PLANNED), begun)
    ranks = _ranks(rows, lambda row: _share(row["part"], row["whole"]))
    head = [_("Responsible unit"), _("Started ÷ planned new starts"), _("Investment of those started")]
    return {
        "head": head,
        "rows": [_named(row, head, [
            _cell(row["part"], row["whole"], ranks.get(row["unit_id"])), {"value": fmt.wan(row["money"])},
        ]) for row in _sorted(rows, ranks)],
        "note": _("New starts are those of the category “new start planned”; equal rates share a rank."),
    }  # fmt: skip


def _by_unit(projects: Any, part: Q) -> list[dict[str, Any]]:
    rows = projects.order_by().values("unit_id", unit_name=F("unit__name"), unit_code=F("unit__code"))
    counted = rows.annotate(
        part=Count("pk", filter=part, distinct=True),
        whole=Count("pk", distinct=True),
        money=Sum("total_investment", filter=part),
        money_of_all=Sum("total_investment"),
    )
    return list(counted)


def _spent(projects: Any, month: date) -> dict[int | None, Decimal]:
    """Investment of a month by responsible unit; a unit of which nothing was entered is not there."""
    rows = MonthFigure.objects.filter(project__in=projects.order_by().values("pk"), month=month, actual__isnull=False)
    return dict(rows.order_by().values_list("project__unit").annotate(Sum("actual")))


def _share(part: Decimal | int | None, whole: Decimal | int | None) -> Decimal | None:
    """None where there is nothing to share or no part of it: a unit without such projects has no rank among them."""
    return Decimal(part) / whole if whole and part is not None else None


def _growth(last: Decimal | None, before: Decimal | None) -> Decimal | None:
    return (last - before) / before if last is not None and before else None


def _ranks(rows: list[dict[str, Any]], value: Callable[[dict[str, Any]], Decimal | None]) -> dict[int, int]:
    """unit → rank, the greatest first, equal ones alike; what has no unit or no value has none."""
    found = {row["unit_id"]: amount for row in rows if row["unit_id"] and (amount := value(row)) is not None}
    ordered = sorted(found.values(), reverse=True)
    return {unit: ordered.index(amount) + 1 for unit, amount in found.items()}


def _sorted(rows: list[dict[str, Any]], ranks: dict[int, int]) -> list[dict[str, Any]]:
    last = len(rows) + 1
    return sorted(
        rows,
        key=lambda row: (not row["unit_id"], ranks.get(row["unit_id"], last), -row["part"], row["unit_name"] or ""),
    )


def _named(row: dict[str, Any], head: list[str], cells: list[dict[str, Any]]) -> dict[str, Any]:
    url = f"{reverse('projects:projects')}?unit={row['unit_code']}" if row["unit_code"] else ""
    return {
        "name": row["unit_name"] or _("No unit yet"),
        "url": url,
        "cells": [{**one, "label": label} for label, one in zip(head[1:], cells, strict=True)],
    }


def _cell(part: Any, whole: Any, rank: int | None, *, money: bool = False) -> dict[str, Any]:
    share = _share(part, whole)
    small = _pair(part, whole, money=money) if share is not None else ""
    return {"value": fmt.percent(share), "small": small, "rank": rank}


def _pair(part: Any, whole: Any, *, money: bool) -> str:
    shown = [fmt.wan(Decimal(one or 0)) if money else one for one in (part, whole)]
    return fmt.ratio(*shown)


def _cell_of_growth(last: Decimal | None, before: Decimal | None, rank: int | None) -> dict[str, Any]:
    growth = _growth(last, before)
    if growth is None:
        return {"value": "—", "small": "" if last is None else fmt.wan(last), "rank": None}
    return {"value": f"{fmt.signed(growth * 100, 1)} %", "small": f"{fmt.wan(before)} → {fmt.wan(last)}", "rank": rank}


def inspections(actor: Actor, day: date) -> dict[str, Any]:
    """By category: how many, how they stand, and which are late."""
    found = wall.projects_of(actor).with_light(day).order_by("code")
    marks: dict[str, list[wall.Mark]] = {category: [] for category in INSPECTIONS}
    for one in found.filter(category__in=INSPECTIONS).values("code", "name", "stage", "category", "light"):
        url = reverse("projects:project", args=[one["code"]])
        marks[one["category"]].append(wall.Mark(url, one["name"], one["light"], one["stage"]))
    return {"groups": [_group(category, marks[category]) for category in INSPECTIONS]}


def _group(category: Category, marks: list[wall.Mark]) -> dict[str, Any]:
    late = [mark for mark in marks if mark.light in (wall.OVERDUE, wall.RED)]
    late.sort(key=lambda mark: wall.LATEST_FIRST[mark.light])
    return {
        "category": str(category.label),
        "title": str(INSPECTIONS[category]),
        "url": f"{reverse('projects:projects')}?category={category}",
        "total": len(marks),
        "lights": wall.lights_of(marks),
        "late": [mark.shown for mark in late[:LISTED]],
        "more": max(0, len(late) - LISTED),
    }
