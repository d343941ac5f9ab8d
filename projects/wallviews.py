"""The three special views of the wall (涪陵区的三项专项行动): 省市重大项目, 比晒亮, 四督四促."""

from __future__ import annotations

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
    """Projects of the city and the province among those of each responsible unit; ranked by their share."""
    rows = _by_unit(wall.projects_of(actor), HIGHER)
    return {
        "head": [_("Rank"), _("Responsible unit"), _("Major projects of city and province"), _("All projects"),
                 _("Share"), _("Investment of these")],
        "rows": _ranked(rows),
        "note": _("Share = major projects of city and province ÷ all projects of the unit; equal shares share a rank."),
    }  # fmt: skip


def starts(actor: Actor, day: date) -> dict[str, Any]:
    """New starts of the year: those that have begun among those that were planned, by responsible unit."""
    begun = PLANNED & Q(started_on__isnull=False, started_on__lte=day)
    rows = _by_unit(wall.projects_of(actor).filter(PLANNED), begun)
    return {
        "head": [_("Rank"), _("Responsible unit"), _("Started"), _("New starts planned"), _("Opening rate"),
                 _("Investment of these")],
        "rows": _ranked(rows),
        "note": _("Rate = started ÷ new starts planned; equal rates share a rank."),
    }  # fmt: skip


def _by_unit(projects: Any, part: Q) -> list[dict[str, Any]]:
    rows = projects.order_by().values("unit_id", unit_name=F("unit__name"), unit_code=F("unit__code"))
    counted = rows.annotate(
        part=Count("pk", filter=part, distinct=True),
        whole=Count("pk", distinct=True),
        money=Sum("total_investment", filter=part),
    )
    return list(counted)


def _ranked(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By share, then by number; what has no unit yet comes last and is not ranked."""
    named = [row for row in rows if row["unit_id"] is not None]
    named.sort(key=lambda row: (-_share(row), -row["part"], row["unit_name"]))
    shown, rank, last = [], 0, None
    for place, row in enumerate(named, start=1):
        rank = rank if last == _share(row) else place
        last = _share(row)
        shown.append(_line(row, str(rank), row["unit_name"]))
    return shown + [_line(row, "—", _("No unit yet")) for row in rows if row["unit_id"] is None]


def _share(row: dict[str, Any]) -> Decimal:
    return Decimal(row["part"]) / row["whole"]


def _line(row: dict[str, Any], rank: str, name: str) -> dict[str, Any]:
    url = f"{reverse('projects:projects')}?unit={row['unit_code']}" if row["unit_code"] else ""
    return {
        "rank": rank,
        "name": name,
        "url": url,
        "part": row["part"],
        "whole": row["whole"],
        "share": fmt.percent(_share(row)),
        "ratio": fmt.ratio(row["part"], row["whole"]),
        "money": fmt.wan(row["money"]),
    }


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
