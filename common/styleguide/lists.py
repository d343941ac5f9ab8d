"""Samples: lists, to-dos and the week."""

from __future__ import annotations

from typing import Any

from common import fmt
from common.styleguide.words import CODE, LONG


def samples() -> dict[str, Any]:
    def row(light: fmt.Light, number: str, title: str, unit: str, state: str, due: str) -> dict[str, Any]:
        return {"light": light, "number": number, "title": title, "unit": unit, "state": state, "due": due}

    rows = [
        row(fmt.light("red", fmt.remaining(-5)), "000371", LONG, "临江经开区管委会", "协调中", "11-12"),
        row(
            fmt.light("yellow", fmt.remaining(-1)),
            "000451",
            "环评补正材料清单三次不一致",
            "区生态环境分局",
            "待核实",
            "11-18",
        ),
        row(fmt.light("green", fmt.remaining(3)), "000442", "园区 5 号路照明未通", "滨港镇", "办理中", "11-24"),
        row(fmt.light(""), "000359", CODE, "区水务局", "待评价", "—"),
    ]
    todo = {
        "text": "区自然资源分局申请把“滨港冷链二期用地边界”再延 5 天，等您批复",
        "url": "#main",
        "act_url": "#main",
        "meta": "WT2026-000402　远舟冷链物流　已延期 1 次",
    }
    return {
        "rows": rows,
        "tabs": [
            {"label": "本月要紧", "url": "#main", "count": 47, "current": True},
            {"label": "全部在办", "url": "#main", "count": "1,000+"},
            {"label": "暂缓", "url": "#main", "count": 0},
        ],
        "chips": [{"text": "全部在办", "url": "#main"}, {"text": "黄灯和红灯", "url": "#main"}],
        "empty_links": [
            {"text": "去掉“黄灯和红灯”，有 1 件", "url": "#main"},
            {"text": "在已销号的问题里查“标高”，有 4 件", "url": "#main"},
        ],
        "groups": [
            {
                "id": "g1",
                "title": "已逾期",
                "note": "2 件，按逾期天数排列",
                "late": True,
                "rows": [
                    {**todo, "light": fmt.light("red", fmt.remaining(-5)), "due": "应于 11-12 周四", "verb": "批复"},
                    {
                        **todo,
                        "text": LONG,
                        "light": fmt.light("yellow", fmt.remaining(-1)),
                        "due": "应于 11-18 周三",
                        "verb": "核实",
                    },
                ],
            },
            {
                "id": "g2",
                "title": "以后",
                "note": "14 件，最近一件",
                "rows": [
                    {**todo, "light": fmt.light("green", fmt.remaining(2)), "due": "应于 11-23 周一", "verb": "处理"}
                ],
                "more": "以后的其余 13 件",
                "more_url": "#main",
            },
        ],
        "week": _week(),
    }


def _week() -> list[dict[str, Any]]:
    days: list[dict[str, Any]] = [
        {"title": "已逾期", "count": 3, "note": "最久 5 天", "url": "#g1", "late": True},
        {"title": "今天 周四", "count": 3, "note": "件到期", "url": "#g2", "today": True},
        {"title": "11-20 周五", "count": 3, "note": "件到期", "url": "#g2"},
        {"off": "周末，不计工作日"},
    ]
    names = ["11-23 周一", "11-24 周二", "11-25 周三", "11-26 周四", "11-27 周五"]
    days += [{"title": name, "count": 2, "note": "件到期", "url": "#g2"} for name in names]
    days += [{"off": "周末，不计工作日"}, {"title": "11-30 周一", "count": 0, "note": "没有到期"}]
    return [*days, {"title": "12-01 周二", "count": 2, "note": "件到期", "url": "#g2"}]
