"""The industry chains of the demo with their meetings, and what each park owes the library of planned projects."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from accounts.models import Unit
from accounts.roles import UnitKind
from common import clock
from projects import services
from projects.demo.story import Players, Script
from projects.models import Chain
from projects.states import ChainMeetingKind

# name, adviser, units of the task force, targets
CHAINS = (
    ("新材料产业链", "李望岳　临江大学教授", ("JXJ", "GXY", "FGW"), ("远岫复合材料有限公司", "景行高分子有限公司")),
    ("智能装备产业链", "陈砚秋　市装备协会顾问", ("JXJ", "JKQ", "SPJ"), ("凌川机器人有限公司",)),
    ("冷链物流产业链", "赵知行　市物流学会顾问", ("JTJ", "BGZ", "FGW"), ("江渚供应链有限公司", "听雪冷藏有限公司")),
)
# From so much (万元) up so many a year (涪陵: 20亿元以上不少于3个, 10亿元以上不少于5个).
OWED = ((Decimal(200_000), 3), (Decimal(100_000), 5))


def acts(players: Players, script: Script) -> None:
    today = clock.local(script.now).date()
    script.on(script.floor, lambda at: _found(players, at.astimezone(clock.SHANGHAI).date(), today.year), 8)
    for back in range(330, 0, -30):
        # The last meeting of one chain fell out: its reminder is to be seen.
        day = today - timedelta(days=back)
        script.on(day, lambda at, day=day, late=back <= 60: _meet(players, day, late=late), 9)


def _found(players: Players, day: date, year: int) -> None:
    for n, (name, adviser, units, targets) in enumerate(CHAINS):
        task_force = [players.units[code] for code in units if code in players.units]
        chain = services.create_chain(
            actor=players.coordinator, name=name, starts_on=day, units=task_force, adviser=adviser,
            leader=players.leaders[n % len(players.leaders)],
        )  # fmt: skip
        for target in targets:
            services.add_target(actor=players.coordinator, chain_id=chain.pk, name=target)
    for unit in _parks(players):
        for least, count in OWED:
            services.set_target(actor=players.coordinator, unit=unit, year=year, least=least, count=count)


def _parks(players: Players) -> list[Unit]:
    return [unit for unit in players.units.values() if unit.kind == UnitKind.PARK]


def _meet(players: Players, day: date, *, late: bool) -> None:
    for n, chain in enumerate(Chain.objects.order_by("pk")):
        if late and n == 1:
            continue
        text = "研究本月重点对接企业和堵点事项。"
        services.record_meeting(
            actor=players.coordinator, chain_id=chain.pk, kind=ChainMeetingKind.FORCE, on=day, text=text
        )
        if day.month % 2:
            text = "调度链上项目，明确下一步目标。"
            services.record_meeting(
                actor=players.coordinator, chain_id=chain.pk, kind=ChainMeetingKind.CHIEF, on=day, text=text
            )
