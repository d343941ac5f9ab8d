"""审批周报: the approvals of a week, per unit and per project, told on its Friday and frozen by then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import CharField, Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce

from common import clock
from deadlines import calendar
from deadlines.models import Clock
from deadlines.states import ClockKind
from projects.models import ApprovalWeek, PlanItem, PlanReturn, Project
from projects.states import FRIDAY_STEPS, OVER, SUBJECT, Category, ItemState

FRIDAY = 4
ENDED = (ItemState.DONE, ItemState.REFUSED)
WORDS = ("begun", "granted", "refused", "timely", "running", "late", "returned")
# Whose progress is told one by one: new starts that are planned, and the three fast tracks.
TOLD_OF = Q(category=Category.PLANNED_START) | Q(fast_early=True) | Q(fast_promise=True) | Q(fast_build=True)


@dataclass(frozen=True)
class Week:
    """From Saturday to the Friday ``last``. ``frozen_at`` is when it was told; until then it still moves."""

    first: date
    last: date
    units: Sequence[dict[str, Any]]
    total: dict[str, int]
    projects: Sequence[dict[str, Any]]
    frozen_at: datetime | None = None


@dataclass(frozen=True)
class Cell:
    """How far a project is with one step: ``word`` is none, open, running, returned, granted, refused or dropped."""

    word: str
    day: str = ""
    late: bool = False


def friday_of(day: date) -> date:
    """The last Friday up to ``day``."""
    return day - timedelta(days=(day.weekday() - FRIDAY) % 7)


def of(friday: date) -> Week:
    """As it was told; for a Friday of which nothing was told yet, or before this was built, as far as rows know it."""
    told = ApprovalWeek.objects.filter(friday=friday).first()
    if told is None:
        return compute(friday)
    return Week(friday - timedelta(days=6), friday, told.units, told.total, told.projects, told.made_at)


def freeze(friday: date, at: datetime) -> ApprovalWeek:
    """Once; a second call changes nothing."""
    week = compute(friday)
    facts = {"made_at": at, "units": list(week.units), "total": week.total, "projects": list(week.projects)}
    return ApprovalWeek.objects.get_or_create(friday=friday, defaults=facts)[0]


def compute(friday: date) -> Week:
    """Per unit: begun, granted and refused, of these in time, running at the end, of these late, returned; per project
    how far each step is. Four queries.

    In time is what was promised: an approval without promised days is timely, one that waits for the enterprise is not
    late. Those of projects that are over are not running."""
    first = friday - timedelta(days=6)
    items = PlanItem.objects.watched_by_all()
    rows: dict[str, dict[str, Any]] = {}
    for row in _of_units(items, first, friday):
        rows[row["answers"] or ""] = {**row, "returned": 0}
    for name, number in _returns(first, friday):
        rows.setdefault(name or "", dict.fromkeys(WORDS, 0) | {"answers": name})["returned"] = number
    shown = [row for row in rows.values() if any(row[word] for word in WORDS)]
    shown.sort(key=lambda row: (-row["late"], row["answers"] or ""))
    total = {word: sum(row[word] for row in shown) for word in WORDS}
    return Week(first, friday, shown, total, _of_projects(items, friday))


def _of_units(items: QuerySet[PlanItem], first: date, friday: date) -> Iterable[dict[str, Any]]:
    within = Q(ended_on__range=(first, friday), state__in=ENDED)
    dropped = Q(state=ItemState.DROPPED)
    still = Q(ended_on__isnull=True) | Q(ended_on__gt=friday)
    running = Q(started_on__lte=friday) & still & ~dropped & ~Q(project__stage__in=OVER)
    touched = Q(started_on__lte=friday) & (still | Q(ended_on__gte=first))  # the rest says nothing of this week
    return (
        items.filter(touched)
        .order_by()
        .annotate(answers=Coalesce("unit__name", "project__unit__name"))
        .annotate(overdue=Subquery(_late_clocks(friday).values("pk")[:1]))
        .values("answers")
        .annotate(
            begun=Count("pk", filter=Q(started_on__range=(first, friday)) & ~dropped),
            granted=Count("pk", filter=within & Q(state=ItemState.DONE)),
            refused=Count("pk", filter=within & Q(state=ItemState.REFUSED)),
            timely=Count("pk", filter=within & Q(overdue__isnull=True)),
            running=Count("pk", filter=running),
            late=Count("pk", filter=running & Q(overdue__isnull=False)),
        )
    )


def _late_clocks(friday: date) -> QuerySet[Clock]:
    """The clock of an outer plan item, if it was past its due time by that Friday; what was late before it was returned
    stays so."""
    standing = Q(paused_at__isnull=True) | Q(breached_at__isnull=False)
    late = Q(met_at__isnull=True) | Q(met_at__gt=F("due_at"))
    return Clock.objects.filter(
        standing & late,
        kind=ClockKind.APPROVAL,
        subject_kind=SUBJECT,
        subject_id=OuterRef("project"),
        part=Cast(OuterRef("pk"), CharField()),
        due_at__lte=calendar.close_of_business(friday),
        stopped_at__isnull=True,
    )


def _returns(first: date, friday: date) -> Iterable[tuple[str | None, int]]:
    rows = PlanReturn.objects.filter(at__gte=_midnight(first), at__lt=_midnight(friday + timedelta(days=1))).order_by()
    named = rows.annotate(answers=Coalesce("item__unit__name", "item__project__unit__name"))
    return named.values_list("answers").annotate(number=Count("pk"))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.SHANGHAI)


def _of_projects(items: QuerySet[PlanItem], friday: date) -> list[dict[str, Any]]:
    """Of each project in ``TOLD_OF`` the cells of ``FRIDAY_STEPS``, by code; those without any such step as well."""
    projects = Project.objects.living().filter(TOLD_OF).order_by("code")
    columns = ("pk", "code", "name", "category", "fast_early", "fast_promise", "fast_build", "unit__name")
    rows = {one["pk"]: {**one, "cells": {}} for one in projects.values(*columns)}
    keys = [key for key, _label in FRIDAY_STEPS]
    steps = items.filter(project__in=projects.values("pk"), key__in=keys).order_by()
    steps = steps.annotate(overdue=Subquery(_late_clocks(friday).values("pk")[:1]))
    for one in steps.values("project_id", "key", "state", "started_on", "ended_on", "overdue"):
        rows[one["project_id"]]["cells"][one["key"]] = asdict(_cell(one, friday))
    return [{name: value for name, value in row.items() if name != "pk"} for row in rows.values()]


def _cell(one: dict[str, Any], friday: date) -> Cell:
    begun, ended, state = one["started_on"], one["ended_on"], one["state"]
    if state == ItemState.DROPPED:
        return Cell("dropped")
    if ended is not None and ended <= friday:
        return Cell("granted" if state == ItemState.DONE else "refused", ended.isoformat())
    if begun is None or begun > friday:
        return Cell("open")
    if state == ItemState.RETURNED:
        return Cell("returned", begun.isoformat())
    return Cell("running", begun.isoformat(), late=one["overdue"] is not None)
