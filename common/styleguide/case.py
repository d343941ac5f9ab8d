"""Samples: one case with its deadlines, days in hand and timeline."""

from __future__ import annotations

from typing import Any

from common import charts, fmt
from common.styleguide.words import CODE, LONG


def samples() -> dict[str, Any]:
    def day(date: str, weekday: int, text: str, note: str = "", **more: Any) -> dict[str, Any]:
        return {"date": date, "weekday": weekday, "text": text, "note": note, **more}

    certificate = {
        "rule": "规则：办结，普通件 15 个工作日，自交办次日起算，至末日 18:00。工作日历 2026 年第 2 版。",
        "days": [
            day("10-08", 4, "起", "交办", start=True),
            day("10-09", 5, "1"),
            day("10-10", 6, "2", "补班"),
            day("10-11", 7, "休", tone="off"),
            day("10-12", 1, "3"),
            day("10-13", 2, "停", "等企业", tone="pause"),
            day("10-14", 3, "4", "今天", today=True),
            day("10-15", 4, "5"),
            day("10-16", 5, "6", "18:00 止", due=True),
            day("10-17", 6, "休", tone="off"),
            day("10-18", 7, "休", tone="off", provisional=True),
        ],
        "lines": ["计 6 天；跳过周末 1 天；暂停 1 天（等企业补充用电负荷表，失去的 1 天已补回）。"],
        "print_url": "#main",
    }
    event = {"who": "程一苇", "place": "临江经开区管委会 · 联络员"}
    return {
        "clocks": [
            {
                "kind": "办结",
                "who": "临江经开区管委会　程一苇",
                "due": "应于 10-16 18:00",
                "open": True,
                "light": fmt.light("yellow", fmt.remaining(1)),
                "certificate": certificate,
            },
            {
                "kind": "首次反馈",
                "who": "临江供电公司　何曼",
                "due": "应于 11-10，实为 11-12",
                "light": fmt.light("yellow", fmt.kept(late=True, days=2)),
                "certificate": {"rule": "规则：首次反馈，3 个工作日。"},
            },
            {
                "kind": "签收",
                "who": "临江经开区管委会　程一苇",
                "due": "10-30 签收，限 1 天",
                "light": fmt.light("green", fmt.kept(late=False)),
                "certificate": {"rule": "规则：签收，1 个工作日。"},
            },
        ],
        "loop": [
            {"label": "收集", "state": "done"},
            {"label": "交办", "state": "done"},
            {"label": "协调", "state": "now"},
            {"label": "督办", "state": "next"},
            {"label": "销号", "state": "next"},
        ],
        "crumbs": [
            {"label": "问题", "url": "#main"},
            {"label": "第二层协调中", "url": "#main"},
            {"label": "WT2026-000387"},
        ],
        "ledger": charts.ledger(
            [
                charts.Stay("a", "区营商办", 1, note="受理与交办"),
                charts.Stay("b", "临江经开区管委会", 4, note="签收、踏勘、提请协调"),
                charts.Stay("c", "临江供电公司", 5, 2, note="首次反馈限 3 天，用了 5 天"),
                charts.Stay("d", "江澜精密制造（企业）", 1, note="补充负荷表，暂停期内"),
                charts.Stay("e", "沈岳副区长", 3, note="第二层协调，限 5 天"),
                charts.Stay("b", "临江经开区管委会", 2, note="决定后落实"),
            ]
        ),
        "timeline": [
            {
                "date": "11月19日",
                "note": "周四，今天",
                "events": [
                    {**event, "id": "e17", "time": "10:42", "flag": "企业可见", "verb": "反馈", "text": LONG},
                    {
                        **event,
                        "time": "10:40",
                        "text": CODE,
                        "files": [{"name": "现场踏勘纪要.pdf", "url": "#main", "size": "312 kB"}],
                    },
                ],
            },
            {
                "date": "11月12日",
                "note": "周四",
                "events": [
                    {**event, "time": "16:05", "tone": "key", "verb": "提请协调", "text": "需要供电公司明确接入点。"},
                    {
                        "folded": ["09:00　首次反馈到期日提醒 → 何曼", "18:01　首次反馈逾期 → 何曼、单位负责人"],
                        "summary": "系统记录 2 条",
                    },
                    {"who": "系统", "time": "18:00", "tone": "late", "text": "首次反馈逾期，迟 2 个工作日。"},
                ],
            },
        ],
        "facts": [
            {"label": "主办", "text": "临江经开区管委会", "small": "程一苇　0000-2301"},
            {"label": "企业", "text": "江澜精密制造", "url": "#main", "small": "联系人 顾工　138****2046"},
        ],
        "files": [{"name": "用电负荷表.xlsx", "url": "#main", "size": fmt.file_size(84_000)}],
        "steps": [
            {"title": "已收到", "text": "您在网上提交，附照片 2 张。", "time": "11月17日 09:06", "state": "done"},
            {"title": "已交办", "text": LONG, "time": "11月18日 10:20", "state": "done"},
            {
                "title": "正在办理",
                "text": "下次告诉您进展是 11月25日（周三）。",
                "time": "限 12月9日 前",
                "state": "now",
            },
            {"title": "请您评价", "text": "您说解决了才算办结。", "state": "next"},
        ],
    }
