"""The money of the demo: the year's plans, each month's figures, and what statistics says to them."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date
from decimal import Decimal

from accounts.models import Unit
from common import clock
from projects import services
from projects.demo.story import Players, Script
from projects.models import MonthFigure, Project
from projects.services.money import Answer, Entry
from projects.states import Stage


def acts(players: Players, script: Script, dice: random.Random) -> None:
    """The year's plan on its first workdays, each month's figures by the 20th of the next, the answer by the 27th."""
    today = clock.local(script.now).date()
    share = {n: Decimal(dice.randint(80, 112)) / 100 for n in range(12)}
    for back in range(11, -1, -1):
        month = _month_before(today, back + 1)
        following = _month_before(today, back)
        script.on(following.replace(day=19), lambda at, month=month: _enter(players, month, share), 9)
        script.on(following.replace(day=26), lambda at, month=month: _answer(players, month), 9)


def _month_before(today: date, months: int) -> date:
    total = today.year * 12 + today.month - 1 - months
    return date(total // 12, total % 12 + 1, 1)


def _enter(players: Players, month: date, share: dict[int, Decimal]) -> None:
    """Projects being built spend a tenth of their money a quarter, some more, some less; a few units forget one."""
    rows = Project.objects.filter(stage__in=[Stage.CONSTRUCTION, Stage.PRODUCTION]).select_related("unit")
    by_unit: dict[Unit, list[Entry]] = defaultdict(list)
    for n, row in enumerate(rows.order_by("pk")):
        monthly = ((row.total_investment or Decimal(0)) / 24).quantize(Decimal("0.01"))
        if not row.year_plans.filter(year=month.year).exists():
            services.plan_year(
                actor=players.coordinator, project_id=row.pk, year=month.year,
                amount=monthly * 12,
                months=dict.fromkeys(range(1, 13), monthly),
            )  # fmt: skip
        if row.unit is None or (n + month.month) % 23 == 0:
            continue
        factor = share[(n * 5 + month.month) % 12]
        by_unit[row.unit].append(Entry(row.pk, (monthly * factor).quantize(Decimal("0.01")), "形象进度核算"))
    for unit, entries in by_unit.items():
        services.enter_months(actor=players.officer(unit), month=month, entries=entries)


def _answer(players: Players, month: date) -> None:
    rows = MonthFigure.objects.filter(month=month, actual__isnull=False, included=None).order_by("pk")
    answers = [
        Answer(row.pk, n % 9 != 4, "" if n % 9 != 4 else "入库资料不全，下月补报", row.actual)
        for n, row in enumerate(rows)
    ]
    services.answer_months(actor=players.statistics, answers=answers)
