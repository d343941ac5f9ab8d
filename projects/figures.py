"""开工率, 落地转化率, stage counts, investment ÷ plan: named figures with what they are counted from, in one place.

Each takes the projects that the caller has restricted with ``visible_to``. They are counted from facts: the days of the
milestones and the months' figures. Whatever became of a signed project later, it stays among the signed ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common import fmt
from projects.models import MonthFigure, PlanItem, Project, YearPlan
from projects.states import Stage

SIGNED = Q(signed_on__isnull=False)
STARTED = SIGNED & Q(started_on__isnull=False)
LANDED = SIGNED & (Q(capital_in_on__isnull=False) | Q(started_on__isnull=False))
LABELS = {
    "landing": _("Landing rate"),
    "opening": _("Opening rate"),
    "completion": _("Completion of the year's investment"),
    "compression": _("Days promised less than those of the law"),
    "taken": _("Days taken less than those of the law"),
}


@dataclass(frozen=True)
class Figure:
    """``numerator ÷ denominator``; a part of the denominator, so never more than it, except for money."""

    name: str
    label: str | Promise
    numerator: Decimal
    denominator: Decimal

    @property
    def value(self) -> Decimal | None:
        """A share of one, unrounded; None without a denominator."""
        return self.numerator / self.denominator if self.denominator else None

    def percent(self, places: int = 1) -> Decimal | None:
        """In per cent, rounded half up for show only."""
        if self.value is None:
            return None
        return (self.value * 100).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)

    @property
    def shown(self) -> str:
        """84.1 %."""
        return fmt.percent(self.value)

    @property
    def fraction(self) -> str:
        """116 ÷ 138."""
        return fmt.ratio(plain(self.numerator), plain(self.denominator))


@dataclass(frozen=True)
class UnitFigure:
    """The completion of one responsible unit; ``unit`` is None for projects without one."""

    unit_id: int | None
    unit: str
    projects: int
    figure: Figure


def rates(projects: QuerySet[Project]) -> list[Figure]:
    """Landing rate (signed with capital in or started ÷ signed) and opening rate (started ÷ signed), in one query."""
    found = _plain_rows(projects).aggregate(
        signed=Count("pk", filter=SIGNED), started=Count("pk", filter=STARTED), landed=Count("pk", filter=LANDED)
    )
    return [
        share("landing", found["landed"], found["signed"]),
        share("opening", found["started"], found["signed"]),
    ]


def stages(projects: QuerySet[Project]) -> list[Figure]:
    """How many of all are in each stage, in the order of the stages, those without any as well; one query."""
    counts = dict(_plain_rows(projects).values_list("stage").annotate(Count("pk")))
    total = sum(counts.values())
    return [Figure(stage.value, stage.label, Decimal(counts.get(stage, 0)), Decimal(total)) for stage in Stage]


def completion(projects: QuerySet[Project], year: int) -> Figure:
    """Investment of ``year`` ÷ its plan, in 万元, of the projects that have a plan for it: what others invested would
    make the plan look better kept than it was. Two queries."""
    done = _done(projects, year).aggregate(sum=Sum("actual"))["sum"]
    planned = _planned(projects, year).aggregate(sum=Sum("amount"))["sum"]
    return share("completion", done, planned)


def completion_by_unit(projects: QuerySet[Project], year: int) -> list[UnitFigure]:
    """The same per responsible unit, the fullest first. Two queries."""
    done = dict(_done(projects, year).values_list("project__unit").annotate(Sum("actual")))
    planned = (
        _planned(projects, year)
        .values_list("project__unit", "project__unit__name")
        .annotate(Count("pk"), Sum("amount"))
    )
    rows = [
        UnitFigure(pk, name or "", count, share("completion", done.get(pk), plan)) for pk, name, count, plan in planned
    ]
    return sorted(rows, key=lambda row: (-(row.figure.value or Decimal(0)), row.unit))


def share(name: str, numerator: Decimal | int | None, denominator: Decimal | int | None) -> Figure:
    """The figure of one of ``LABELS``; what is not known counts as nothing."""
    return Figure(name, LABELS[name], Decimal(numerator or 0), Decimal(denominator or 0))


def _plain_rows(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Each project once, whatever the caller joined or sorted by."""
    return Project.objects.order_by().filter(pk__in=projects.order_by().values("pk"))


def _done(projects: QuerySet[Project], year: int) -> QuerySet[MonthFigure]:
    rows = MonthFigure.objects.order_by().filter(month__year=year, actual__isnull=False)
    return rows.filter(project__in=_planned(projects, year).values("project"))


def _planned(projects: QuerySet[Project], year: int) -> QuerySet[YearPlan]:
    return YearPlan.objects.order_by().filter(year=year, project__in=projects.order_by().values("pk"))


def plain(value: Decimal) -> str:
    """1,200.5: money without the zeros that nobody needs."""
    return f"{value.normalize():,f}"


def compression(items: Iterable[PlanItem]) -> Figure:
    """By how much the promised days are fewer than those of the law, over the approvals that have both."""
    both = [one for one in items if one.promised_days is not None and one.statutory_days]
    law = sum(one.statutory_days or 0 for one in both)
    return share("compression", law - sum(one.promised_days or 0 for one in both), law)
