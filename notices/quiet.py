"""Quiet hours: evenings and days off hold back all mail but the urgent (PRODUCT.md §2).

Which days work is known by ``deadlines``, which stands above: it plugs its calendar in. Until then only weekends are
days off.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from common import clock

Calendar = Callable[[date], bool]

OPENS = time(9)
# An hour after the close of business: what falls due at 18:00 is told that day.
CLOSES = time(19)
# The longest holiday is nine days; a calendar that answers "off" for ever must not hang a request.
LONGEST_HOLIDAY = 31


def weekdays(day: date) -> bool:
    return day.weekday() < 5


_works: Calendar = weekdays


def set_calendar(works: Calendar) -> None:
    """``works(day)`` answers whether ``day`` (a date in Asia/Shanghai) is a working day."""
    global _works
    _works = works


def not_before(at: datetime, *, urgent: bool = False) -> datetime:
    """The first instant from ``at`` on at which a message may leave: ``at`` itself in working hours or when urgent,
    else 09:00 of the next working day."""
    local = clock.local(at)
    if urgent or (OPENS <= local.time() < CLOSES and _works(local.date())):
        return at
    first = local.date() if local.time() < OPENS else local.date() + timedelta(days=1)
    days = (first + timedelta(days=n) for n in range(LONGEST_HOLIDAY))
    day = next((day for day in days if _works(day)), first)
    return datetime.combine(day, OPENS, clock.SHANGHAI).astimezone(UTC)
