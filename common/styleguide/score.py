"""Samples: why this score, the red card, ranking and figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from common import charts


def samples() -> dict[str, Any]:
    lost = charts.Loss
    return {
        "fall": charts.waterfall(
            [
                lost("签收及时", Decimal("1.00"), "2 件视同签收", "10", "18 ÷ 20", "#main"),
                lost("反馈及时", Decimal("2.40"), "4 件首次反馈迟", "15", "21 ÷ 25", "#main"),
                lost("按时办结", Decimal("12.00"), "6 件超过办结期限", "30", "9 ÷ 15", "#main"),
                lost("解决率", Decimal("5.00"), "2 件部分解决", "20", "9 ÷ 12", "#main"),
                lost("满意度", Decimal("7.50"), "3 件评 1–3 分，另有 2 件未评不计入", "25", "7 ÷ 10", "#main"),
                lost("退回重办", Decimal("2.00"), "2 次，每次 −1", "扣分", "2 次", "#main", deduction=True),
            ]
        ),
        "card": {
            "number": "临红牌〔2026〕10–3 号",
            "status": "工作件 · 待签发",
            "why": "同时符合以下两项条件：完成率低于 100 %（不合格），且列本组后三名。",
            "without": "少了 WT2026-000298 这一件，得分 72.10，列第 24 名，不会有这张牌。",
            "facts": [
                {"label": "完成率", "value": "62.50 %", "note": "10 ÷ 16，不合格"},
                {"label": "位次", "value": "25 / 27", "note": "后三名"},
                {"label": "延误天数", "value": "23", "note": "个工作日，4 件"},
                {"label": "下一步", "value": "11-24", "note": "前交书面检查和整改报告"},
            ],
        },
        "figures": [
            {"label": "响应率", "value": "96.2", "unit": "%", "url": "#main", "lines": ["152 ÷ 158"]},
            {
                "label": "办结率",
                "value": "84.6",
                "unit": "%",
                "url": "#main",
                "lines": ["132 ÷ 156", "计划 90　差 5.4"],
            },
            {"label": "满意率", "value": "—", "unit": "", "lines": ["还没有评价"]},
            {"label": "逾期问题", "value": "22", "unit": "件", "url": "#main", "lines": ["比上月少 2"], "late": True},
        ],
        "bars": [
            {"unit": "区水务局", "text": "62.5 %", "bar": charts.bar(62.5, top=100, plan=90)},
            {"unit": "区住房建设局", "text": "100.0 %", "bar": charts.bar(100, top=100, plan=90)},
            {"unit": "区交通运输局", "text": "12 天", "bar": charts.bar(12, top=30, late=True)},
            {"unit": "滨港镇", "text": "0", "bar": charts.bar(0, top=0)},
        ],
        "ranks": [
            {"rank": 1, "unit": "区市场监督管理局", "ratio": "100.0 %", "grade": "优秀", "score": "96.40"},
            {
                "rank": 25,
                "unit": "区水务局",
                "ratio": "62.5 %",
                "grade": "不合格",
                "score": "70.10",
                "card": True,
                "on": True,
            },
            {"rank": "—", "unit": "区档案馆", "ratio": "—", "grade": "未排名：三个月不足 5 件", "score": "—"},
        ],
    }
