"""What runs, what is about to be late, what was returned, over the approvals of all projects; and the week on Fridays.

A limit is the approval's own clock; where nothing was promised, the planned end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import CharField, Count, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, Coalesce

from common import clock
from deadlines import calendar
from deadlines.models import Clock, Pause
from deadlines.states import ClockKind, Light
from projects import lights
from projects.figures import Figure, share
from projects.models import PlanItem
from projects.services.items import SUBJECT
from projects.states import OPEN_ITEMS, OVER, ItemState

FRIDAY = 4
ENDED = (ItemState.DONE, ItemState.REFUSED)
# Word of the address → what it shows.
SHOWN = ("running", "soon", "late", "returned", "ended")
SOON, LATE = (Light.YELLOW,), (Light.OVERDUE, Light.RED)


def timed(items: QuerySet[PlanItem], now: datetime) -> QuerySet[PlanItem]:
    """Adds ``due_at`` of the running clock and ``light``, which is None while an approval is returned."""
    clocks = Clock.objects.filter(
        kind=ClockKind.APPROVAL,
        subject_kind=SUBJECT,
        subject_id=OuterRef("project"),
        part=Cast(OuterRef("pk"), CharField()),
    ).open()
    day = clock.local(now).date()
    planned = lights.of_day("planned_end", day, none_if=~Q(state__in=[ItemState.PENDING, ItemState.RUNNING]), none=None)
    return items.annotate(
        due_at=Subquery(clocks.values("due_at")[:1], output_field=DateTimeField()),
        light=Coalesce(
            Subquery(clocks.with_light(now).values("light")[:1], output_field=CharField()),
            planned,
            output_field=CharField(),
        ),
    )


def showing(items: QuerySet[PlanItem], what: str) -> QuerySet[PlanItem]:
    """``items`` are timed. Those of projects that are over are in none but the ended ones."""
    if what == "ended":
        return items.filter(state__in=ENDED)
    living = items.exclude(project__stage__in=OVER)
    if what == "returned":
        return living.filter(times_returned__gt=0, state__in=OPEN_ITEMS)
    if what in ("soon", "late"):
        return living.filter(state__in=OPEN_ITEMS, light__in=SOON if what == "soon" else LATE)
    return living.filter(state__in=[ItemState.RUNNING, ItemState.RETURNED])


def counts(items: QuerySet[PlanItem]) -> dict[str, int]:
    """Of each word in ``SHOWN``; one query."""
    going = ~Q(project__stage__in=OVER)
    still = going & Q(state__in=OPEN_ITEMS)
    return items.order_by().aggregate(
        running=Count("pk", filter=going & Q(state__in=[ItemState.RUNNING, ItemState.RETURNED])),
        soon=Count("pk", filter=still & Q(light__in=SOON)),
        late=Count("pk", filter=still & Q(light__in=LATE)),
        returned=Count("pk", filter=still & Q(times_returned__gt=0)),
        ended=Count("pk", filter=Q(state__in=ENDED)),
    )


@dataclass(frozen=True)
class UnitRow:
    """One unit's approvals, those in working days and those in calendar days apart."""

    unit: str
    day_kind: str
    number: int
    returned: int
    promised: Figure
    taken: Figure


def by_unit(items: QuerySet[PlanItem]) -> list[UnitRow]:
    """By how much the promised days are fewer than those of the law, over all that have both; and the same of the days
    really taken, over those that ended. One query; the units that save least come first."""
    both = Q(promised_days__isnull=False, statutory_days__gt=0)
    ended = Q(taken_days__isnull=False, statutory_days__gt=0)
    found = (
        items.order_by()
        .annotate(answers=Coalesce("unit__name", "project__unit__name"))
        .values("answers", "day_kind")
        .annotate(
            number=Count("pk"),
            returned=Sum("times_returned"),
            law=Sum("statutory_days", filter=both),
            promised=Sum("promised_days", filter=both),
            law_ended=Sum("statutory_days", filter=ended),
            taken=Sum("taken_days", filter=ended),
        )
    )
    rows = [
        UnitRow(
            unit=row["answers"] or "",
            day_kind=row["day_kind"],
            number=row["number"],
            returned=row["returned"] or 0,
            promised=share("compression", (row["law"] or 0) - (row["promised"] or 0), row["law"]),
            taken=share("taken", (row["law_ended"] or 0) - (row["taken"] or 0), row["law_ended"]),
        )
        for row in found
    ]
    return sorted(rows, key=lambda row: (row.promised.value is None, row.promised.value or 0, row.unit, row.day_kind))


# --- the week --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Week:
    """From Saturday to the Friday ``last``, as it stood when that Friday was over."""

    first: date
    last: date
    rows: Sequence[dict[str, object]]
    total: dict[str, object]


def friday_of(day: date) -> date:
    """The last Friday up to ``day``."""
    return day - timedelta(days=(day.weekday() - FRIDAY) % 7)


def week(items: QuerySet[PlanItem], friday: date) -> Week:
    """Per unit: begun, granted and refused, of these in time, running at the end, of these late, returned. Two queries.

    In time is what was promised: an approval without promised days is timely, one that waits for the enterprise is not
    late. Returns are counted by the day on which the limit stood still."""
    first, end = friday - timedelta(days=6), calendar.close_of_business(friday)
    rows: dict[str, dict[str, object]] = {}
    for row in _week_rows(items, first, friday, end):
        rows[row["answers"] or ""] = {**row, "returned": 0}
    for name, number in _returns(items, first, friday):
        rows.setdefault(name or "", dict.fromkeys(WORDS, 0) | {"answers": name})["returned"] = number
    shown = [row for row in rows.values() if any(row[word] for word in WORDS)]
    total = {word: sum(int(str(row[word])) for row in shown) for word in WORDS}
    return Week(
        first, friday, sorted(shown, key=lambda row: (-int(str(row["late"])), str(row["answers"]))), dict(total)
    )


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.SHANGHAI)


WORDS = ("begun", "granted", "refused", "timely", "running", "late", "returned")


def _week_rows(items: QuerySet[PlanItem], first: date, friday: date, end: datetime) -> QuerySet[PlanItem]:
    within = Q(ended_on__range=(first, friday), state__in=ENDED)
    dropped = Q(state=ItemState.DROPPED)
    running = Q(started_on__lte=friday) & (Q(ended_on__isnull=True) | Q(ended_on__gt=friday)) & ~dropped
    late_clocks = Clock.objects.filter(
        kind=ClockKind.APPROVAL,
        subject_kind=SUBJECT,
        subject_id=OuterRef("project"),
        part=Cast(OuterRef("pk"), CharField()),
        due_at__lte=end,
        stopped_at__isnull=True,
        paused_at__isnull=True,
    ).filter(Q(met_at__isnull=True) | Q(met_at__gt=F("due_at")))
    return (
        items.order_by()
        .annotate(answers=Coalesce("unit__name", "project__unit__name"))
        .annotate(overdue=Subquery(late_clocks.values("pk")[:1]))
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


def _returns(items: QuerySet[PlanItem], first: date, friday: date) -> list[tuple[str | None, int]]:
    begin = midnight(first)
    part = Cast("pk", CharField())
    pauses = (
        Pause.objects.filter(
            clock__kind=ClockKind.APPROVAL,
            clock__subject_kind=SUBJECT,
            clock__subject_id=OuterRef("project"),
            clock__part=OuterRef("part"),
            started_at__gte=begin,
            started_at__lt=midnight(friday + timedelta(days=1)),
        )
        .order_by()
        .values("clock__part")
        .annotate(number=Count("pk"))
        .values("number")
    )
    rows = (
        items.order_by()
        .filter(times_returned__gt=0)
        .annotate(part=part)
        .annotate(answers=Coalesce("unit__name", "project__unit__name"), number=Subquery(pauses))
        .filter(number__gt=0)
        .values_list("answers")
        .annotate(sum=Sum("number"))
    )
    return list(rows)
