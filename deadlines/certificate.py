"""The birth certificate of a deadline: the rule, the edition of the calendar, and every day or hour that was counted,
skipped or lost (PRODUCT.md §2). Pure, from the clock with its pauses and changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from deadlines import calendar
from deadlines.calendar import ONE_DAY, Calendar, day_of
from deadlines.models import Clock, ClockChange
from deadlines.states import LimitUnit

START, COUNTED, OFF, LOST, RESTART = "start", "counted", "off", "lost", "restart"


@dataclass(frozen=True)
class CertifiedDay:
    """``mark`` is start (day 0), counted (the ``k``-th), off, lost (paused, or awaiting a check that sent it back), or
    restart (day 0 once more, when day 0 itself was lost)."""

    day: date
    mark: str
    k: int | None = None
    label: str = ""
    source: str = ""
    due: bool = False


@dataclass(frozen=True)
class CertifiedSpan:
    """Working time that an hour limit counted."""

    begin: datetime
    end: datetime
    minutes: int


@dataclass(frozen=True)
class Certificate:
    clock: Clock
    calendar_number: int
    days: tuple[CertifiedDay, ...]
    spans: tuple[CertifiedSpan, ...]
    late_days: int

    @property
    def weeks(self) -> list[list[CertifiedDay]]:
        """The days, one list a week from Monday on."""
        weeks: list[list[CertifiedDay]] = []
        for one in self.days:
            if not weeks or one.day.weekday() == 0:
                weeks.append([])
            weeks[-1].append(one)
        return weeks

    def count(self, mark: str) -> int:
        return sum(1 for one in self.days if one.mark == mark)


def certificate(clock: Clock, now: datetime) -> Certificate:
    """The certificate of ``clock`` as it stands at ``now``. Reads ``clock.pauses`` and ``clock.changes``: a page with
    many clocks prefetches them."""
    table = calendar.of(clock.calendar_id)
    hours = clock.unit == LimitUnit.WORKING_HOURS
    lost = frozenset() if hours else _lost_days(clock, table, now)
    end = clock.met_at or clock.stopped_at or now
    return Certificate(
        clock=clock,
        calendar_number=table.number,
        days=() if hours else tuple(_days(clock, table, lost)),
        spans=tuple(_spans(clock, table, now)) if hours else (),
        late_days=max(table.working_days_between(day_of(clock.due_at), day_of(end)), 0) if end > clock.due_at else 0,
    )


def _counts(clock: Clock, table: Calendar, day: date) -> bool:
    return clock.unit == LimitUnit.CALENDAR_DAYS or table.is_working(day)


def _days(clock: Clock, table: Calendar, lost: frozenset[date]) -> Iterator[CertifiedDay]:
    first, last = day_of(clock.started_at), day_of(clock.due_at)
    # Day 0 was lost as well: the day on which it ran again is day 0 once more.
    restart = first in lost
    k = 0
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        row = table.row(day)
        mark = START
        if offset:
            mark = LOST if day in lost else COUNTED if _counts(clock, table, day) else OFF
        if mark == COUNTED and restart:
            mark, restart = RESTART, False
        k += mark == COUNTED
        yield CertifiedDay(day, mark, k if mark == COUNTED else None, row.label, row.source, due=day == last)


def _lost_days(clock: Clock, table: Calendar, now: datetime) -> frozenset[date]:
    """The days that were taken out of the count: paused, or waiting for a check that sent it back."""
    days: set[date] = set()
    short: list[tuple[date, int]] = []
    for begin, end, count in _stills(clock, now):
        closes = list(_closes(clock, table, begin, end))[:count]
        days.update(closes)
        if count is not None and len(closes) < count:
            short.append((day_of(end), count - len(closes)))
    for day, missing in short:
        # Sent back on a day off or in the evening: a day was given for which there was no close of business.
        while missing:
            day += ONE_DAY
            if _counts(clock, table, day) and day not in days:
                days.add(day)
                missing -= 1
    return frozenset(days)


def _stills(clock: Clock, now: datetime) -> Iterator[tuple[datetime, datetime, int | None]]:
    """(begin, end, days given back; None while it lasts) of each time in which the clock stood still before it was
    late: a late one keeps its due date, and nothing is given back."""
    for pause in clock.pauses.all():
        if pause.started_at <= clock.due_at:
            yield pause.started_at, pause.ended_at or now, pause.lost if pause.ended_at else None
    for change in clock.changes.all():
        if change.why == ClockChange.Why.SEND_BACK and change.since:
            yield change.since, change.at, change.days


def _closes(clock: Clock, table: Calendar, start: datetime, end: datetime) -> Iterator[date]:
    """The days that count and at whose close of business the clock stood still."""
    day = day_of(start)
    while day <= day_of(end):
        if start <= calendar.close_of_business(day) < end and _counts(clock, table, day):
            yield day
        day += ONE_DAY


def _spans(clock: Clock, table: Calendar, now: datetime) -> Iterator[CertifiedSpan]:
    stills = [(pause.started_at, pause.ended_at or now) for pause in clock.pauses.all()]
    day = day_of(clock.started_at)
    while day <= day_of(clock.due_at):
        for begin, end in table.spans(day):
            begin, end = max(begin, clock.started_at), min(end, clock.due_at)
            for piece_begin, piece_end in _without(begin, end, stills):
                minutes = (piece_end - piece_begin) // timedelta(minutes=1)
                yield CertifiedSpan(piece_begin.astimezone(UTC), piece_end.astimezone(UTC), minutes)
        day += ONE_DAY


def _without(
    begin: datetime, end: datetime, stills: list[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime]]:
    """[begin, end) without the spans in which it stood still; nothing when it is empty."""
    for still_begin, still_end in sorted(stills):
        if still_begin < end and still_end > begin:
            if begin < still_begin:
                yield begin, still_begin
            begin = max(begin, still_end)
    if begin < end:
        yield begin, end
