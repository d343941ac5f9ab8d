"""Geometry of the server-made SVG charts. Templates in ``templates/components/`` draw what these return.

Each chart stands beside a table with the same figures, so it needs no words of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from common import fmt

Number = Decimal | float | int


def _px(value: Number) -> str:
    return f"{float(value):.1f}"


# One bar in its own table row ----------------------------------------------------------------------------------------


def bar(value: Number, *, top: Number, plan: Number | None = None, late: bool = False) -> dict[str, Any]:
    """A bar of ``value`` on a track that ends at ``top``, with a tick where the plan is (components/bar.html)."""
    scale = 100 / float(top) if top else 0.0
    width = min(max(float(value) * scale, 0.0), 100.0)
    tick = None if plan is None else _px(min(max(float(plan) * scale, 0.0), 100.0))
    return {"width": _px(width), "tick": tick, "tone": "bar__l" if late else "bar__f"}


# Days in hand --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stay:
    """The case lay with one holder for ``days`` working days, the last ``late`` of them over the holder's limit."""

    key: object
    holder: str
    days: int
    late: int = 0
    note: str = ""


@dataclass
class _Row:
    tone: str
    holder: str
    days: int = 0
    late: int = 0
    notes: list[str] = field(default_factory=list)


_TONES = ("t0", "t1", "t2", "t3", "t4")
_LEDGER_WIDTH = 720.0
_TICKS_UP_TO = 120  # past that a day is under 6 px wide and its line would be all that is seen


def ledger(stays: Sequence[Stay]) -> dict[str, Any]:
    """The days of a case in true order, and per holder in the table below (components/ledger.html)."""
    total = sum(stay.days for stay in stays)
    rows: dict[object, _Row] = {}
    cells: list[dict[str, str]] = []
    day = _LEDGER_WIDTH / total if total else 0.0
    x = 0.0
    for stay in stays:
        row = rows.setdefault(stay.key, _Row(_TONES[len(rows) % len(_TONES)], stay.holder))
        row.days += stay.days
        row.late += stay.late
        if stay.note and stay.note not in row.notes:
            row.notes.append(stay.note)
        for tone, days, words in (
            (row.tone, stay.days - stay.late, _("%(holder)s: %(days)d working days")),
            ("tl", stay.late, _("%(holder)s: %(days)d working days over the limit")),
        ):
            if days > 0:
                title = words % {"holder": stay.holder, "days": days}
                cells.append({"x": _px(x), "width": _px(days * day), "tone": tone, "title": title})
                x += days * day
    ticks = "".join(f"M{_px(n * day)} 0V30" for n in range(1, total)) if total <= _TICKS_UP_TO else ""
    return {
        "cells": cells,
        "ticks": ticks,
        "rows": [
            {"tone": r.tone, "holder": r.holder, "note": _("; ").join(r.notes), "days": r.days, "late": r.late}
            for r in rows.values()
        ],
        "days": total,
        "late": sum(row.late for row in rows.values()),
    }


# Why this score ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Loss:
    """One row of the waterfall: the points an indicator or a deduction took from a hundred."""

    label: str
    points: Decimal  # what was lost, 0 or more
    note: str = ""
    weight: str = ""  # "30", or the word for a deduction
    cases: str = ""  # "9 ÷ 15", "2"
    url: str = ""
    deduction: bool = False


_FALL_WIDTH = 400.0
_STEP = 25  # the axis begins at nothing: a bar's length is its points


def waterfall(losses: Sequence[Loss], *, start: Decimal = Decimal(100)) -> dict[str, Any]:
    """From a hundred down to the score, one row per loss; the sum is exact (components/waterfall.html)."""
    score = start - sum((loss.points for loss in losses), Decimal(0))
    scale = _FALL_WIDTH / 100

    def x(value: Decimal) -> float:
        return max(0.0, float(value) * scale)

    rows: list[dict[str, Any]] = []
    level = start
    for loss in losses:
        after = level - loss.points
        rows.append(
            {
                "loss": loss,
                "points": fmt.signed(-loss.points),
                "x": _px(x(after)),
                "width": _px(max(x(level) - x(after), 1.0 if loss.points else 0.0)),
                # past a row that lost nothing the line runs on unbroken
                "link": f"M{_px(x(level))} 0V10M{_px(x(after))} 30V40" if loss.points else f"M{_px(x(level))} 0V40",
                "tone": "fall__d" if loss.deduction else "fall__b",
            }
        )
        level = after
    return {
        "rows": rows,
        "score": fmt.places(score),
        "score_width": _px(x(score)),
        "indicators": fmt.places(start - sum((loss.points for loss in losses if not loss.deduction), Decimal(0))),
        "deducted": fmt.places(sum((loss.points for loss in losses if loss.deduction), Decimal(0))),
        "axis": [_STEP * n for n in range(5)],
        "grid": "".join(f"M{_px(_FALL_WIDTH / 4 * n)} 0V40" for n in range(1, 4)),
    }
