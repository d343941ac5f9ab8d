"""Counting in working days and working hours, in Asia/Shanghai. Pure, on a table of days kept in the process.

The day of receipt is day 0, even if it works and whatever the hour; the first day counted is the next working day; a
limit ends at close of business of its last day. Hour limits count working hours only. Days beyond the table (and
before it) are counted by weekdays, so no date ever crashes; they are provisional.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise

from django.conf import settings

from common.clock import SHANGHAI, local
from deadlines.models import CalendarVersion, WorkingDay
from deadlines.statutory import SATURDAY

Span = tuple[time, time]
DEFAULT_HOURS = (("09:00", "12:00"), ("14:00", "18:00"))
ONE_DAY = timedelta(days=1)


def working_hours() -> tuple[Span, ...]:
    """The spans of a working day (setting WORKING_HOURS), in order."""
    return _spans(tuple(map(tuple, getattr(settings, "WORKING_HOURS", DEFAULT_HOURS))))


@lru_cache(maxsize=4)
def _spans(hours: tuple[tuple[str, str], ...]) -> tuple[Span, ...]:
    spans = tuple((time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in hours)
    edges = [edge for span in spans for edge in span]
    if not spans or any(a >= b for a, b in pairwise(edges)):
        raise ValueError(f"WORKING_HOURS must be ordered spans that do not touch: {hours}")
    return spans


def opening(day: date) -> datetime:
    """When business opens on ``day`` (09:00), whether it works or not."""
    return _instant(day, working_hours()[0][0])


def close_of_business(day: date) -> datetime:
    """When business closes on ``day`` (18:00), whether it works or not."""
    return _instant(day, working_hours()[-1][1])


def day_of(instant: datetime) -> date:
    """The date of an instant in Asia/Shanghai: from 00:00 to 08:00 it is not yet that date in UTC."""
    return local(instant).date()


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, SHANGHAI).astimezone(UTC)


@dataclass(frozen=True)
class Day:
    """One day of a calendar: does it work, who says so, and what it is called."""

    day: date
    works: bool
    source: str
    label: str = ""


class Calendar:
    """The table of one calendar version."""

    def __init__(self, days: Iterable[Day], *, version_id: int = 0, number: int = 0) -> None:
        self.version_id = version_id
        self.number = number
        self.days = tuple(days)
        self.first = self.days[0].day
        self.last = self.days[-1].day
        self._working: list[date] = []
        self._n: list[int] = []
        for row in self.days:
            if row.works:
                self._working.append(row.day)
            self._n.append(len(self._working))

    # Days ------------------------------------------------------------------------------------------------------------

    def row(self, day: date) -> Day:
        if self.first <= day <= self.last:
            return self.days[(day - self.first).days]
        return Day(day, day.weekday() < SATURDAY, "provisional")

    def is_working(self, day: date) -> bool:
        return self.row(day).works

    def is_provisional(self, until: date) -> bool:
        """Does a count that ends on ``until`` rest on a year that is not announced yet?"""
        return not self.first <= until <= self.last or until.year in self.provisional_years

    @cached_property
    def provisional_years(self) -> frozenset[int]:
        """A local override in such a year does not make it announced."""
        return frozenset(row.day.year for row in self.days if row.source == "provisional")

    def n(self, day: date) -> int:
        """Working days of the table up to and including ``day``."""
        if day < self.first:
            return -sum(1 for d in _each(day + ONE_DAY, self.first - ONE_DAY) if d.weekday() < SATURDAY)
        if day <= self.last:
            return self._n[(day - self.first).days]
        return self._n[-1] + sum(1 for d in _each(self.last + ONE_DAY, day) if d.weekday() < SATURDAY)

    def nth(self, n: int) -> date:
        """The working day whose ``n`` is ``n``."""
        if 1 <= n <= len(self._working):
            return self._working[n - 1]
        step, left, day = (ONE_DAY, n - len(self._working), self.last) if n > 0 else (-ONE_DAY, 1 - n, self.first)
        while left:
            day += step
            left -= day.weekday() < SATURDAY
        return day

    def add_working_days(self, day: date, n: int) -> date:
        """The ``n``-th working day after ``day``; for n = 0 the last working day up to ``day``; backwards for n < 0."""
        return self.nth(self.n(day) + n)

    def working_days_between(self, a: date, b: date) -> int:
        """Working days after ``a`` up to and including ``b``; 0 on the same day, negative when ``b`` is earlier."""
        return self.n(b) - self.n(a)

    def working_day_before(self, day: date) -> date:
        """The last working day before ``day``."""
        return self.nth(self.n(day - ONE_DAY))

    def closes_between(self, start: datetime, end: datetime, *, working: bool = True) -> int:
        """How many closes of business lie in [start, end): of working days, or of all days."""
        first, last = _first_close(start), _first_close(end) - ONE_DAY
        if last < first:
            return 0
        return self.n(last) - self.n(first - ONE_DAY) if working else (last - first).days + 1

    # Hours -----------------------------------------------------------------------------------------------------------

    def spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """The working hours of ``day`` as instants; none when it is off."""
        if not self.is_working(day):
            return []
        return [(_instant(day, begin), _instant(day, end)) for begin, end in working_hours()]

    def add_working_time(self, instant: datetime, amount: timedelta) -> datetime:
        """When ``amount`` of working time after ``instant`` has passed."""
        day = day_of(instant)
        while True:
            for begin, end in self.spans(day):
                begin = max(begin, instant)
                if begin < end:
                    if amount <= end - begin:
                        return begin + amount
                    amount -= end - begin
            day = self.add_working_days(day, 1)

    def add_working_minutes(self, instant: datetime, minutes: int) -> datetime:
        return self.add_working_time(instant, timedelta(minutes=minutes))

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        total = timedelta()
        day, last = day_of(start), day_of(end)
        while day <= last:
            for begin, finish in self.spans(day):
                total += max(min(finish, end) - max(begin, start), timedelta())
            day = self.add_working_days(day, 1)
        return total

    def working_minutes_between(self, start: datetime, end: datetime) -> int:
        """Whole minutes of working time in [start, end)."""
        return self.working_time_between(start, end) // timedelta(minutes=1)

    # Limits ----------------------------------------------------------------------------------------------------------

    def due(self, start: datetime, amount: int, unit: str) -> datetime:
        """The end of a limit that starts at ``start``: "wd" working days, "wh" working hours, "cd" calendar days."""
        if unit == "wh":
            return self.add_working_minutes(start, amount * 60)
        if unit == "wd":
            return close_of_business(self.add_working_days(day_of(start), amount))
        return close_of_business(day_of(start) + timedelta(days=amount))

    def shift(self, instant: datetime, amount: int, unit: str) -> datetime:
        """``instant`` moved on by ``amount`` working days ("wd"), working minutes ("min") or calendar days ("cd"); the
        time of day stays for days."""
        if amount == 0:
            return instant
        if unit == "min":
            return self.add_working_minutes(instant, amount)
        moment = local(instant)
        day = self.add_working_days(moment.date(), amount) if unit == "wd" else moment.date() + timedelta(days=amount)
        return _instant(day, moment.time())


def _each(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY


def _first_close(instant: datetime) -> date:
    """The first day whose close of business is not before ``instant``."""
    day = day_of(instant)
    return day if instant <= close_of_business(day) else day + ONE_DAY


# The tables of this process ------------------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def of(version_id: int) -> Calendar:
    """The table of a version; a version never changes once it is written."""
    number = CalendarVersion.objects.values_list("number", flat=True).get(pk=version_id)
    rows = WorkingDay.objects.filter(version=version_id).order_by("day").values_list("day", "works", "source", "label")
    return Calendar((Day(*row) for row in rows.iterator()), version_id=version_id, number=number)


def current() -> Calendar:
    """The table of the applied version with the highest number."""
    return of(CalendarVersion.objects.current_id())


def add_working_days(day: date, n: int) -> date:
    return current().add_working_days(day, n)


def working_days_between(a: date, b: date) -> int:
    return current().working_days_between(a, b)


def is_working(day: date) -> bool:
    return current().is_working(day)


def add_working_minutes(instant: datetime, minutes: int) -> datetime:
    return current().add_working_minutes(instant, minutes)


def working_minutes_between(start: datetime, end: datetime) -> int:
    return current().working_minutes_between(start, end)
