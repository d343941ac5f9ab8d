"""时限计算单 of the cases on a red card: by which rule and edition each date was counted, day by day (PRODUCT.md §2).

The written reasons of pauses and moves stay in the case file: not every reader of a card may read them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from assessments.models import FrozenCase
from common import clock
from deadlines import wording
from deadlines.certificate import CertifiedDay, certificate
from deadlines.models import Clock

REASON = "理由见案卷。"
MARKS = {"start": "起算", "restart": "续算", "off": "休", "lost": "停"}


def of(rows: Sequence[FrozenCase], refs: Sequence[str]) -> list[dict[str, Any]]:
    """One sheet per case, in the order of ``rows``, under the ``refs`` that the card shows. Plain JSON."""
    clocks = (
        Clock.objects.filter(pk__in=[row.source_id for row in rows])
        .select_related("rule", "calendar")
        .prefetch_related("pauses", "changes")
        .in_bulk()
    )
    now = clock.now()
    return [_sheet(clocks[row.source_id], ref, now) for row, ref in zip(rows, refs, strict=True)]


def _sheet(one: Clock, ref: str, now: Any) -> dict[str, Any]:
    # How late it was in the end is no part of how its date was counted; the card says what was lost in the month.
    told = replace(certificate(one, now), late_days=0)
    return {
        "ref": ref,
        "rule": wording.rule(told),
        "weeks": [_week(days) for days in told.weeks],
        "lines": wording.lines(told, hidden=REASON),
    }


def _week(days: Sequence[CertifiedDay]) -> list[dict[str, str]]:
    """Seven cells from Monday on; before the start and after the due day they are empty."""
    by_weekday = {one.day.weekday(): one for one in days}
    return [_cell(by_weekday.get(n)) for n in range(7)]


def _cell(one: CertifiedDay | None) -> dict[str, str]:
    if one is None:
        return {"day": "", "mark": ""}
    mark = MARKS.get(one.mark, f"第{one.k}日")
    return {"day": _short(one.day), "mark": f"{mark}（{one.label}）" if one.label else mark}


def _short(day: date) -> str:
    return f"{day.month}月{day.day}日"
