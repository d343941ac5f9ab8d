"""Samples for /styleguide/: every component in every state, in a fictional district."""

from __future__ import annotations

from typing import Any

from common import fmt
from common.styleguide import case, forms, lists, score
from common.styleguide.words import CODE, LONG


def context() -> dict[str, Any]:
    return {
        "nav": _nav(),
        "me": {"name": "周敏", "place": "区营商办 · 协调员"},
        "search_url": "/styleguide/",
        "lights": [fmt.light(value) for value in ("green", "yellow", "red", "")] + [fmt.light("yellow", breached=True)],
        "lateness": [
            fmt.light("green", fmt.remaining(3)),
            fmt.light("yellow", fmt.remaining(0)),
            fmt.light("yellow", fmt.remaining(-1), breached=True),
            fmt.light("red", fmt.remaining(-5), breached=True),
        ],
        "long": LONG,
        "code": CODE,
        **forms.samples(),
        **lists.samples(),
        **case.samples(),
        **score.samples(),
    }


def _nav() -> list[dict[str, Any]]:
    def entry(label: str, count: int | None = None, **more: Any) -> dict[str, Any]:
        return {"label": label, "url": "#main", "count": count, "topbar": False, "current": False, **more}

    return [
        {
            "key": "work",
            "label": "我的工作",
            "entries": [
                entry("待办", 23, topbar=True, current=True),
                entry("问题", 318),
                entry("交办台", 6),
                entry("消息", 4),
            ],
        },
        {"key": "supervision", "label": "督办与考核", "entries": [entry("月度排名")]},
        {"key": "overview", "label": "总览", "entries": [entry("文书库"), entry("基础数据")]},
        {"key": "me", "label": "我的账号", "entries": [entry("换任职")]},
    ]
