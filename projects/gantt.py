"""The plan as a picture: geometry of the Gantt chart, drawn by ``projects/_gantt.html``. The table beside it says
the same in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from common import fmt
from projects.models import PlanItem
from projects.states import ItemKind, ItemState

WIDTH, LABEL, TOP, ROW, LINE = 1080, 230, 34, 30, 17
MARGIN = timedelta(days=10)  # so that the last mark does not stand on the edge
PER_LINE = 15  # characters of a label beside the bars: Chinese ones are as wide as they are high
LEAST_MONTH = 56  # px from one name to the next
STEPS = (1, 2, 3, 6, 12, 24, 60)


@dataclass(frozen=True)
class Scale:
    first: date
    last: date

    def x(self, day: date) -> float:
        return LABEL + (WIDTH - LABEL) * (day - self.first).days / max((self.last - self.first).days, 1)


def chart(items: Sequence[PlanItem], today: date) -> dict[str, Any] | None:
    """None when nothing has a date. ``items`` have a ``light``."""
    days = [day for item in items for day in _days(item)]
    if not days:
        return None
    scale = Scale(min([*days, today]).replace(day=1), _month_after(max([*days, today]) + MARGIN))
    rows, y = [], float(TOP)
    for item in items:
        if next(_days(item), None) is not None:
            lines = [item.name[n : n + PER_LINE] for n in range(0, len(item.name), PER_LINE)]
            height = max(ROW, LINE * len(lines) + 12)
            rows.append(_row(item, scale, today, lines, y, height))
            y += height
    return {
        "rows": rows,
        "months": _months(scale),
        "today": _px(scale.x(today)),
        "today_end": scale.x(today) > WIDTH - 40,
        "height": _px(y + 20),
        "foot": _px(y + 15),
        "bottom": _px(y),
        "width": WIDTH,
    }


def _days(item: PlanItem) -> Any:
    named = (item.planned_start, item.planned_end, item.baseline_start, item.baseline_end, item.started_on)
    return (day for day in (*named, item.ended_on) if day is not None)


def _row(item: PlanItem, scale: Scale, today: date, lines: list[str], y: float, height: float) -> dict[str, Any]:
    middle = y + height / 2
    return {
        "url": f"#item-{item.pk}",
        "title": _title(item),
        "y": _px(y),
        "bottom": _px(y + height),
        "height": _px(height),
        "texts": [
            {"text": text, "y": _px(middle + 5 + LINE * (n - (len(lines) - 1) / 2))} for n, text in enumerate(lines)
        ],
        "bar_y": _px(middle - 7),
        "base_y": _px(middle + 10),
        "diamond": "",
        **_bars(item, scale, today, middle),
    }


def _bars(item: PlanItem, scale: Scale, today: date, middle: float) -> dict[str, Any]:
    tone = {"red": "gantt__late", "overdue": "gantt__late", "yellow": "gantt__soon"}.get(item.light or "", "gantt__run")
    if item.state == ItemState.DONE:
        tone = "gantt__done"
    elif item.state in (ItemState.DROPPED, ItemState.REFUSED):
        tone = "gantt__off"
    base = _span(scale, item.baseline_start, item.baseline_end)
    if item.kind == ItemKind.MILESTONE:
        day = item.ended_on or item.planned_end or item.planned_start
        x = scale.x(day) if day else 0.0
        diamond = f"M{_px(x)} {_px(middle - 8)}l8 8-8 8-8-8z"
        return {"diamond": diamond if day else "", "tone": tone, "base": base, "plan": None, "done": None}
    until = item.ended_on or (today if item.started_on else None)
    return {
        "tone": tone,
        "base": base,
        "plan": _span(scale, item.planned_start, item.planned_end),
        "done": _span(scale, item.started_on, until),
    }


def _span(scale: Scale, start: date | None, end: date | None) -> dict[str, str] | None:
    """From the beginning of the first day to the end of the last; a single day where one is not known."""
    start, end = start or end, end or start
    if start is None or end is None:
        return None
    left, right = scale.x(start), scale.x(end + timedelta(days=1))
    return {"x": _px(left), "width": _px(max(right - left, 3.0))}


def _title(item: PlanItem) -> str:
    planned = " – ".join(fmt.md(day) for day in (item.planned_start, item.planned_end) if day)
    facts = {"name": item.name, "planned": planned or "—", "state": item.get_state_display()}
    return _("%(name)s: planned %(planned)s, %(state)s") % facts


def _months(scale: Scale) -> list[dict[str, Any]]:
    months, day = [], scale.first
    while day <= scale.last:
        months.append(day)
        day = _month_after(day)
    width = (WIDTH - LABEL) / max(len(months) - 1, 1)
    step = next((one for one in STEPS if one * width >= LEAST_MONTH), STEPS[-1])
    named = [one for one in months[:-1] if (one.year * 12 + one.month - 1) % step == 0]
    return [
        {"x": _px(scale.x(month)), "name": f"{month:%Y-%m}" if n == 0 or month.month == 1 else f"{month:%m}"}
        for n, month in enumerate(named)
        if scale.x(month) <= WIDTH - LEAST_MONTH  # a name that would be cut off at the edge
    ]


def _month_after(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _px(value: float) -> str:
    return f"{value:.1f}"
