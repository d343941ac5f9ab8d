"""What runs, what is about to be late, what was returned, over the approvals of all projects.

A limit is the approval's own clock; where nothing was promised, the planned end (``PlanItem.objects.with_light``).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from deadlines.states import Light
from projects.figures import Figure, share
from projects.models import PlanItem
from projects.states import OPEN_ITEMS, OVER, ItemState

ENDED = (ItemState.DONE, ItemState.REFUSED)
# Word of the address → what it shows.
SHOWN = ("running", "soon", "late", "returned", "ended")
SOON, LATE = (Light.YELLOW,), (Light.OVERDUE, Light.RED)


def showing(items: QuerySet[PlanItem], what: str) -> QuerySet[PlanItem]:
    """``items`` have their light. Those of projects that are over are in none but the ended ones."""
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
