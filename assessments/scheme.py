"""评分办法: the scheme of a month as data, read into a typed form. Version 1 is the sources' own (PRODUCT.md §6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounts.roles import Group
from assessments.models import ScoringScheme
from assessments.states import Deduction, Indicator
from common import clock

_OF_ISSUES = {
    Indicator.SIGNING_ON_TIME: 10,
    Indicator.FEEDBACK_ON_TIME: 15,
    Indicator.CLOSED_ON_TIME: 30,
    Indicator.SOLVED_RATE: 20,
    Indicator.SATISFACTION: 25,
}
_OF_PROJECTS = {Indicator.PLAN_ON_TIME: 40, Indicator.INVESTMENT: 40, Indicator.STATISTICS: 20}

FIRST_VERSION: dict[str, Any] = {
    "groups": {
        str(Group.DEPARTMENTS): {str(code): weight for code, weight in _OF_ISSUES.items()},
        str(Group.TOWNS_PARKS): {str(code): weight for code, weight in _OF_ISSUES.items()},
        str(Group.PROJECT_UNITS): {str(code): weight for code, weight in _OF_PROJECTS.items()},
    },
    "deductions": {
        str(Deduction.SENT_BACK): 1,
        str(Deduction.REOPENED): 1,
        str(Deduction.YELLOW_CARD): 3,
        str(Deduction.RED_CARD): 5,
    },
    "deduction_cap": 20,
    "pass_mark": 100,
    "minimum": 5,
    "window": 3,
    "red_last": 3,
    "contest_days": 3,
    "review_days": 5,
    "rectify_days": 10,
    "appeal_days": 3,
}


@dataclass(frozen=True)
class Scheme:
    """``groups``: group → indicator → weight; ``deductions``: points per case; ``pass_mark`` in percent of completion;
    ``minimum`` of D + C below which ``window`` months count; cards for the last ``red_last``; days are working days."""

    version: int
    groups: Mapping[str, Mapping[str, Decimal]]
    deductions: Mapping[str, Decimal]
    deduction_cap: Decimal
    pass_mark: Decimal
    minimum: int
    window: int
    red_last: int
    contest_days: int
    review_days: int
    rectify_days: int
    appeal_days: int


def of(row: ScoringScheme) -> Scheme:
    data = row.data
    days = {name: int(data[name]) for name in ("contest_days", "review_days", "rectify_days", "appeal_days")}
    return Scheme(
        version=row.version,
        groups={
            # jsonb keeps no order of its own: the indicators come in that of the process.
            group: {str(code): Decimal(str(weights[code])) for code in Indicator if code in weights}
            for group, weights in data["groups"].items()
        },
        deductions={code: Decimal(str(points)) for code, points in data["deductions"].items()},
        deduction_cap=Decimal(str(data["deduction_cap"])),
        pass_mark=Decimal(str(data["pass_mark"])),
        minimum=int(data["minimum"]),
        window=int(data["window"]),
        red_last=int(data["red_last"]),
        **days,
    )


def ensure() -> ScoringScheme:
    """Version 1, written when there is no scheme at all: an empty installation can be assessed."""
    row, _created = ScoringScheme.objects.get_or_create(
        version=1, defaults={"valid_from": "2000-01", "data": FIRST_VERSION, "created_at": clock.now()}
    )
    return row


def for_month(month: str) -> ScoringScheme:
    """The newest version that is in force in ``month``."""
    row = ScoringScheme.objects.filter(valid_from__lte=month).order_by("-version").first()
    return row or ensure()


def bootstrap() -> str | None:
    """For an empty installation."""
    if ScoringScheme.objects.exists():
        return None
    return str(ensure())
