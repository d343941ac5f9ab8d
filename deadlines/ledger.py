"""The day ledger: how many working days each unit, leader and the enterprise itself held a case, and how many of them
lay behind its due date. Lateness belongs to whoever lost the days, not to the last holder (PRODUCT.md §2). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime

from deadlines.calendar import ONE_DAY, Calendar, close_of_business, day_of


@dataclass(frozen=True)
class Span:
    """``holder`` had the case from ``begin`` until ``end``; ``due_at`` is its deadline in that time, if it had one."""

    holder: Hashable
    begin: datetime
    end: datetime
    due_at: datetime | None = None


@dataclass(frozen=True)
class Held:
    holder: Hashable
    days: int
    late: int


def day_ledger(table: Calendar, spans: Sequence[Span]) -> list[Held]:
    """One row per span that held a day, in true order.

    Each working day after the first day belongs to whoever holds the case at its close of business, the last one to
    whoever ends it: so the days add up to the working days from the first day to the last. A day is late if it ended,
    or the case ended on it, after the holder's due date.
    """
    spans = sorted((span for span in spans if span.begin <= span.end), key=lambda span: (span.begin, span.end))
    if not spans:
        return []
    days: Counter[int] = Counter()
    late: Counter[int] = Counter()
    end = max(span.end for span in spans)
    day = day_of(spans[0].begin)
    while (day := day + ONE_DAY) <= day_of(end):
        instant = min(close_of_business(day), end)
        place = _holding(spans, instant) if table.is_working(day) else None
        if place is not None:
            days[place] += 1
            due = spans[place].due_at
            late[place] += due is not None and instant > due
    return [Held(span.holder, days[place], late[place]) for place, span in enumerate(spans) if days[place]]


def _holding(spans: Sequence[Span], instant: datetime) -> int | None:
    """The span in which ``instant`` lies; at a hand-over the one that begins, at the very end the last one."""
    holding = [place for place, span in enumerate(spans) if span.begin <= instant <= span.end]
    return holding[-1] if holding else None


def totals(rows: Sequence[Held]) -> dict[Hashable, tuple[int, int]]:
    """(days, late days) by holder."""
    summed: dict[Hashable, tuple[int, int]] = {}
    for row in rows:
        days, late = summed.get(row.holder, (0, 0))
        summed[row.holder] = (days + row.days, late + row.late)
    return summed
